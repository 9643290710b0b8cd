"""`manage.py sweep`: one turn of the schedule, here and now."""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from prm import clock, outbox, sweeper
from prm.sweeper import Swept

ALL = 1_000_000


class Command(BaseCommand):
    help = "Run every sweep, then send the outbox, in this process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="the moment to sweep up to, as ISO 8601; without a zone it is UTC")
        parser.add_argument("--dry-run", action="store_true", help="change nothing and send nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        at = moment(options["at"]) if options["at"] else None
        if at and at > clock.now() and not (options["dry_run"] or settings.DEBUG):
            raise CommandError(
                f"{options['at']} is later than now: add --dry-run, for mail cannot be called back."
            )
        with clock.fixed(at) if at else nullcontext():
            swept, mails = rehearse(clock.now()) if options["dry_run"] else perform(clock.now(), bool(at))
        for name, error in swept.failed.items():
            self.stderr.write(f"{name} failed: {error}")
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed, no mail was sent.")
        counts = {**swept, "mails": mails}
        parts = ", ".join(f"{name} {count}" for name, count in counts.items())
        self.stdout.write(f"swept {sum(counts.values())}: {parts}")
        if swept.failed:
            raise SystemExit(1)


def moment(text: str) -> datetime:
    """An ISO 8601 moment; without a zone it is read as UTC."""
    try:
        read = datetime.fromisoformat(text)
        read = read if read.tzinfo else read.replace(tzinfo=UTC)
        read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CommandError(f"{text} is no moment: write it like 2026-06-01T09:00Z.")
    if not 2000 <= read.year <= 2200:
        raise CommandError(f"{text} is too far from today. Check the year.")
    return read


def perform(at: datetime, at_another_moment: bool) -> tuple[Swept, int]:
    """Sweep and send; the heartbeat speaks of the present only."""
    swept = sweeper.run(at) if at_another_moment else sweeper.turn(at)
    return swept, outbox.deliver(at, most=ALL)


def rehearse(at: datetime) -> tuple[Swept, int]:
    """What a sweep would do and how many mails would be due, all taken back."""
    with transaction.atomic():
        swept = sweeper.run(at)
        mails = outbox.due(at).count()
        transaction.set_rollback(True)
    return swept, mails
