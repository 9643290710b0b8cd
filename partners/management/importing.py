"""The command by which a list of things comes in, whatever they are: each app makes that of its noun."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from partners.importing import saying
from prm import clock, importing, tables
from prm.models import Import, ImportRow
from team.models import User
from team.roles import may, refusal_words

SHOWN = 20


class ImportCommand(BaseCommand):
    """Lets a file of `noun` in as the pages do; `action` is what whoever it is `--by` has to be allowed."""

    noun: ClassVar[str]
    action: ClassVar[str]
    words: ClassVar[saying.Words]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--skip-rejected", action="store_true", help="leave rejected rows out")
        parser.add_argument("--by", metavar="EMAIL", help="whose import it is; it may what that person may")
        parser.add_argument(
            "--column",
            metavar="HEADER=MEANING",
            action="append",
            default=[],
            help="what a column is, such as --column 'Firma=partner'; 'Notes=-' leaves it out; may be "
            f"given again. A column can be {', '.join(self.words.by_name)}",
        )
        parser.add_argument(
            "--map",
            metavar="LIST:VALUE=ENTRY",
            action="append",
            default=[],
            help="what a value of the file is in our lists, such as --map 'Status:Signed=Won'; "
            "'Status:none=-' leaves the value out; may be given again. A list is "
            f"{', '.join(self.words.listed)}",
        )

    def given(self, by: User | None, options: dict[str, Any]) -> dict[str, Any]:
        """What the command says of the whole file, before it is opened."""
        return {}

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
                self.words.column(imported, line)
            for line in options["map"]:
                self.words.value(imported, line)
        except saying.NotUnderstood as refusal:
            raise CommandError(str(refusal))
        importing.check_rows(imported, table, self._progress)

    def _received(self, path: Path, options: dict[str, Any]) -> Import:
        """The import of the file, refused by its size before it is opened."""
        by = self._person(options["by"])
        given = self.given(by, options)
        try:
            tables.check_size(path.stat().st_size)
            with path.open("rb") as file:
                imported = importing.receive(self.noun, File(file, path.name), path.name, by, clock.now())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.")
        except tables.Unreadable as refusal:
            raise CommandError(str(refusal))
        imported.mapping = given
        return imported

    def _person(self, email: str | None) -> User | None:
        if not email:
            return None
        person = User.objects.current().filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {email}.")
        if not may(person, self.action):
            raise CommandError(f"{person}: {refusal_words(self.action)}")
        return person

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
