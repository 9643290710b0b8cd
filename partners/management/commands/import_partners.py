"""Import a list of partners from a CSV or XLSX file."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from partners.importing import PartnerImporter, saying
from partners.importing.lists import places_on_the_road
from partners.management.importing import ImportCommand
from team.models import User


class Command(ImportCommand):
    help = (
        "Import partners from a CSV or XLSX file: what is new or changed goes in whole or not at all. "
        "Nothing goes in when a row is rejected, unless --skip-rejected. "
        "The exit status is 0 only if all asked for went in. "
        "A value can also be added to our lists, by --map 'Region:Nordics=+'."
    )
    noun, action, words = PartnerImporter.noun, PartnerImporter.action, saying.PARTNERS

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--mine", action="store_true", help="that person owns what comes in without an owner"
        )
        parser.add_argument(
            "--stage", help="where rows stand that name no stage, such as identified or growth"
        )
        parser.add_argument(
            "--add-unknown", action="store_true", help="add types, programmes, tiers … that no list knows"
        )

    def given(self, by: User | None, options: dict[str, Any]) -> dict[str, Any]:
        """Whose the rows without an owner are, where those without a stage stand, and what is added."""
        if options["mine"] and by is None:
            raise CommandError("--mine needs --by EMAIL.")
        given: dict[str, Any] = {"owner": "mine"} if options["mine"] else {}
        if options["add_unknown"]:
            given["add_unknown"] = True
        if stage := self._stage(options["stage"]):
            given["stage"] = stage
        return given

    def _stage(self, text: str | None) -> str:
        places = places_on_the_road()
        if text and text not in places:
            raise CommandError(f"“{text}” is no stage a partner can come in at: {', '.join(places)}.")
        return text or ""
