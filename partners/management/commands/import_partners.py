"""Import a list of partners from a CSV or XLSX file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from partners.importing import saying
from partners.importing.columns import BY_NAME
from partners.importing.lists import places_on_the_road
from prm import clock, importing, tables
from prm.models import Import, ImportRow
from team.models import User

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import partners from a CSV or XLSX file: what is new or changed goes in whole or not at all. "
        "Nothing goes in when a row is rejected, unless --skip-rejected. "
        "The exit status is 0 only if all asked for went in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--skip-rejected", action="store_true", help="leave rejected rows out")
        parser.add_argument("--by", metavar="EMAIL", help="whose import it is; it may what that person may")
        parser.add_argument(
            "--mine", action="store_true", help="that person owns what comes in without an owner"
        )
        parser.add_argument(
            "--stage", help="where rows stand that name no stage, such as identified or growth"
        )
        parser.add_argument(
            "--column",
            metavar="HEADER=MEANING",
            action="append",
            default=[],
            help="what a column is, such as --column 'Firma=name' or 'Mail=contact_email'; "
            f"'Notes=-' leaves it out; may be given again. A column can be {', '.join(BY_NAME)}",
        )
        parser.add_argument(
            "--map",
            metavar="LIST:VALUE=ENTRY",
            action="append",
            default=[],
            help="what a value of the file is in our lists, such as --map 'Type:VAR=Reseller'; "
            "'Tier:none=-' leaves the value out, 'Region:Nordics=+' adds it; may be given again",
        )
        parser.add_argument(
            "--add-unknown", action="store_true", help="add types, programmes, tiers … that no list knows"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        imported = self._received(file, options)
        try:
            self._check(imported, options)
            self._say_rejected(imported)
            self._go(imported, options)
        finally:
            if imported.state != Import.State.DONE:
                importing.discard(imported)

    def _check(self, imported: Import, options: dict[str, Any]) -> None:
        """Check the rows, by what earlier files and the command say of columns and values."""
        table = importing.read(imported)
        if table is None:
            raise CommandError(imported.says)
        if imported.read_as:
            self.stdout.write(f"Columns and values are read as in {imported.read_as.file_name}.")
        try:
            for line in options["column"]:
                saying.column(imported, line)
            for line in options["map"]:
                saying.value(imported, line)
        except saying.NotUnderstood as refusal:
            raise CommandError(str(refusal))
        importing.check_rows(imported, table, self._progress)

    def _received(self, path: Path, options: dict[str, Any]) -> Import:
        """The import of the file, refused by its size before it is opened."""
        by = self._person(options["by"])
        if options["mine"] and by is None:
            raise CommandError("--mine needs --by EMAIL.")
        stage = self._stage(options["stage"])
        try:
            tables.check_size(path.stat().st_size)
            with path.open("rb") as file:
                imported = importing.receive("partners", File(file, path.name), path.name, by, clock.now())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.")
        except tables.Unreadable as refusal:
            raise CommandError(str(refusal))
        imported.mapping = {"owner": "mine"} if options["mine"] else {}
        if options["add_unknown"]:
            imported.mapping["add_unknown"] = True
        if stage:
            imported.mapping["stage"] = stage
        return imported

    def _person(self, email: str | None) -> User | None:
        if not email:
            return None
        person = User.objects.current().filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {email}.")
        return person

    def _stage(self, text: str | None) -> str:
        places = places_on_the_road()
        if text and text not in places:
            raise CommandError(f"“{text}” is no stage a partner can come in at: {', '.join(places)}.")
        return text or ""

    def _go(self, imported: Import, options: dict[str, Any]) -> None:
        """Let it in, or say why not; the last line sums up."""
        if options["dry_run"]:
            self.stdout.write(f"Dry run: {importing.summary(imported)} Nothing was changed.")
            if imported.has_rejected and not options["skip_rejected"]:
                raise SystemExit(1)
            return
        if imported.has_rejected and not options["skip_rejected"]:
            counts = imported.counts
            self.stdout.write(f"Nothing went in: {counts['rejected']} of {counts['rows']} rows rejected.")
            raise SystemExit(1)
        if imported.has_something:
            importing.begin(imported, options["skip_rejected"])
            importing.run(imported, clock.now(), self._progress)
            if imported.state != Import.State.DONE:
                self.stdout.write(imported.says)
                raise SystemExit(1)
        self.stdout.write(importing.summary(imported))

    def _say_rejected(self, imported: Import) -> None:
        rejected = imported.rows.filter(outcome=ImportRow.Outcome.REJECTED)
        for row in rejected[:SHOWN]:
            self.stdout.write(f"Row {row.number}: {row.reason}")
        if (more := imported.counts.get("rejected", 0) - SHOWN) > 0:
            self.stdout.write(f"… and {more} more rejected rows.")

    def _progress(self, done: int, total: int) -> None:
        """A command shows its result only."""
