"""`manage.py sweep [--at ISO] [--dry-run]`: run every sweep once, then send the outbox, in this process."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from prm import clock, outbox, sweeper


class Command(BaseCommand):
    help = "Run every sweep once, then send the outbox. The last line sums up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", help="as if it were this moment, ISO 8601 with zone: 2026-06-04T08:15:00Z"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done; change nothing")

    def handle(self, *args: Any, at: str | None, dry_run: bool, **options: Any) -> None:
        now = clock.now()
        moment = _moment(at) if at else now
        if moment > now and not (dry_run or settings.DEBUG):
            raise CommandError("This moment lies ahead. Add --dry-run to see what will be done then.")
        with clock.fixed(moment):
            handled = _rehearse(moment) if dry_run else _run(moment)
        parts = ", ".join(f"{name} {count}" for name, count in handled.items())
        self.stdout.write(f"{'would have ' if dry_run else ''}swept {sum(handled.values())}: {parts}")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is no moment. Write it like 2026-06-04T08:15:00Z.")
    if moment.tzinfo is None:
        raise CommandError("The moment needs a zone. Write it like 2026-06-04T08:15:00Z.")
    return moment


def _run(at: datetime) -> dict[str, int]:
    return {**sweeper.run(at=at), "mails": outbox.deliver(at=at)}


def _rehearse(at: datetime) -> dict[str, int]:
    with transaction.atomic():
        handled = sweeper.run(at=at)
        transaction.set_rollback(True)
    return handled
