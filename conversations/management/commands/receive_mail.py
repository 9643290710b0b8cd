"""`manage.py receive_mail [FILE]`: take one raw mail in, from a file or from standard input."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conversations import incoming
from prm import clock
from prm.refusals import Refused


class Command(BaseCommand):
    help = (
        "Take in one raw mail of a partner (as a mail server hands it over), from FILE or standard input. "
        "Exit status 0: it is kept, in a conversation or under Unknown senders, or was already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", default="-", metavar="FILE", help="“-” or nothing: standard input"
        )

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            accepted = incoming.accept(self._raw(file), at=clock.now())
        except Refused as refusal:
            raise CommandError(str(refusal))
        self.stdout.write(f"The mail {accepted.says}.")

    def _raw(self, file: str) -> bytes:
        if file == "-":
            return sys.stdin.buffer.read(incoming.LARGEST + 1)
        try:
            with Path(file).open("rb") as mail:
                return mail.read(incoming.LARGEST + 1)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}")
