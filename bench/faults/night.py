"""Lives through given moments, the system clock set to each: questions come, sweeps run, mail goes out."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import django

django.setup()

from bench.faults.nights import DIGEST, ZONES  # noqa: E402
from conversations import messages  # noqa: E402
from conversations.models import Policy  # noqa: E402
from partners import organisations  # noqa: E402
from partners.models import Partner  # noqa: E402
from prm import clock, outbox, sweeper  # noqa: E402
from prm.references import Reference  # noqa: E402
from team import notices, preferences  # noqa: E402
from team.models import Calendar, Company, Grant, Role, User  # noqa: E402

NEWS = "news"
EIGHT = 8 * 3600
HOURS = {str(day): [["00:00", "06:00"], ["09:00", "17:00"]] for day in range(7)}
LATER = timedelta(days=10)


def main(folder: Path) -> None:
    moments = [datetime.fromisoformat(line) for line in (folder / "moments").read_text().split()]
    notices.register(NEWS, at_once=False, why="")
    asked = 0
    for n, moment in enumerate([*moments, moments[-1] + LATER]):
        set_to(moment, folder)
        if n == 0:
            found()
        if n < len(moments):
            tell(n)
            asked = ask(asked) if n % 11 == 0 else asked
        sweeper.run(at=clock.now())
        outbox.deliver(at=clock.now())


def set_to(moment: datetime, folder: Path) -> None:
    """Set the system clock of this process."""
    (folder / "clock").write_text(f"{moment:%Y-%m-%d %H:%M:%S}")
    if abs(datetime.now(UTC) - moment) > timedelta(seconds=5):
        raise SystemExit(f"libfaketime does not set the clock: it is {datetime.now(UTC)}, not {moment}")


def found() -> None:
    """In each zone a manager with a partner, and a reader who only gets digests."""
    at = clock.now()
    office = Calendar.objects.create(name="Office", zone="UTC", weekly=HOURS)
    Company.objects.create(name="Acme", calendar=office, set_up_at=at)
    Policy.objects.create(created_at=at, head_after_days=None)
    Policy.objects.create(
        created_at=at, family="mail", name="Mail", channel="email", priority=1, head_after_days=None,
        mode=Policy.Mode.BUSINESS_HOURS, first_seconds=EIGHT, next_seconds=EIGHT,
    )  # fmt: skip
    for name, zone in ZONES.items():
        manager = User.objects.create_user(f"manager-{name}@acme.example", name=name, zone=zone)
        Grant.objects.create(user=manager, role=Role.FULL_LIFECYCLE)
        manager.calendar = Calendar.objects.create(name=name, zone=zone, weekly=HOURS)
        manager.save()
        organisations.add(name, by="bench", at=at, owner=manager)
        reader = User.objects.create_user(f"reader-{name}@acme.example", name=f"Reader {name}", zone=zone)
        times = {"digest_at": time.fromisoformat(DIGEST), "quiet_from": time(0), "quiet_until": time(0)}
        preferences.change_times(reader, at, quiet_weekends=False, **times)


def ask(number: int) -> int:
    """Each partner asks by mail and by the portal, each time in a conversation of its own."""
    for partner in Partner.objects.order_by("pk"):
        for channel in ("email", "portal"):
            messages.receive(partner, channel, "?", clock.now(), subject=f"[{number:05}]")
            number += 1
    return number


def tell(number: int) -> None:
    """Something for the digest of each reader."""
    at = clock.now()
    for reader in User.objects.filter(email__startswith="reader-"):
        notices.give(reader, NEWS, Reference("partner", number + 1), at, at, f"News {number}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
