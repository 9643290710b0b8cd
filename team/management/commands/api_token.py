"""Make an API token for somebody and print it alone, for scripts to take."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prm import clock
from prm.refusals import Refused
from team import tokens
from team.models import ApiToken, User


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day. Write it like 2027-12-31.") from None


class Command(BaseCommand):
    help = "Make a new API token of a person and print it, the token alone. It is shown nowhere again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="whose token it is: it may do what this person may")
        parser.add_argument("--name", default="made on the command line", help="what it is for")
        parser.add_argument("--read-only", action="store_true", help="it may only read")
        parser.add_argument("--until", type=_day, help="its last day, such as 2027-12-31")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.current().filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {options['email']}.")
        scope = ApiToken.Scope.READ if options["read_only"] else ApiToken.Scope.WRITE
        try:
            _token, text = tokens.make(person, options["name"][:80], clock.now(), scope, options["until"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(text)
