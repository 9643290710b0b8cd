"""The weeks in which the clocks change, in three zones, lived through half an hour at a time.

A process whose system clock is set by libfaketime asks, sweeps and sends; here is counted what came of it.
What should have come of it is worked out another way: by walking from minute to minute.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db import connection

from bench.faults import counting, libfaketime
from bench.faults.outcome import Count, Outcome, tally
from bench.faults.place import Place

ZONES = {"berlin": "Europe/Berlin", "york": "America/New_York", "howe": "Australia/Lord_Howe"}
CHANGES = [date(2026, *day) for day in ((3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1))]
SMALL = [date(2026, 3, 29), date(2026, 10, 25)]
STEP, MINUTE = timedelta(minutes=30), timedelta(minutes=1)
DIGEST = "02:30"
SKIPPED = {
    ("Europe/Berlin", date(2026, 3, 29)): "01:00",
    ("America/New_York", date(2026, 3, 8)): "07:00",
}  # UTC
WAITS = """
    SELECT c.subject, u.zone, m.channel, w.opened_at, w.due_at FROM conversations_wait w
    JOIN conversations_conversation c ON c.id = w.conversation_id
    JOIN team_user u ON u.id = c.responsible_id JOIN conversations_message m ON m.id = w.opened_by_id"""


def run(here: Place) -> Outcome:
    before, after = (1, 1) if here.small else (3, 4)
    starts = [(day - timedelta(days=before), before + after) for day in (SMALL if here.small else CHANGES)]
    weeks = [(datetime(day.year, day.month, day.day, 12, 30, tzinfo=UTC), days) for day, days in starts]
    moments = [moment for start, days in weeks for moment in steps(start, days)]
    live_through(here, moments)
    waits = _waits()
    names = [name for name, *_ in waits]
    wanted = {f"{name} {due(zone, channel, opened):%m-%d %H:%M}" for name, zone, channel, opened, _ in waits}
    counts = [
        tally("due times", wanted, (f"{name} {due_at:%m-%d %H:%M}" for name, _, _, _, due_at in waits)),
        *counting.all_of(names, here.sink),
        digests(here, moments),
    ]
    return Outcome(counts, f"{len(weeks)} weeks in {len(ZONES)} zones, {len(moments)} steps of half an hour")


def steps(start: datetime, days: int) -> Iterator[datetime]:
    for n in range(days * timedelta(days=1) // STEP):
        yield start + n * STEP


def live_through(here: Place, moments: list[datetime]) -> None:
    """One process for all of it; it sets its own clock by the file."""
    stamp = here.folder / "clock"
    stamp.write_text(f"{moments[0]:%Y-%m-%d %H:%M:%S}")
    (here.folder / "moments").write_text("\n".join(moment.isoformat() for moment in moments))
    env = {
        **os.environ,
        "LD_PRELOAD": libfaketime.library(),
        "FAKETIME_TIMESTAMP_FILE": str(stamp),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }
    subprocess.run([sys.executable, "-m", "bench.faults.night", str(here.folder)], env=env, check=True)


def due(zone: str, channel: str, opened: datetime) -> datetime:
    """When it is due: a day later round the clock, or after eight hours that are counted by the minute."""
    if channel != "email":
        return opened + timedelta(days=1)
    there, at, left = ZoneInfo(zone), opened, 8 * 60
    while left:
        hour = at.astimezone(there).hour
        left -= hour < 6 or 9 <= hour < 17
        at += MINUTE
    return at


def digests(here: Place, moments: list[datetime]) -> Count:
    """Each reader's digest of each local day, by the clock of its mail."""
    leaps = set(_leaps(moments))
    wanted = {
        f"{name} {moment.astimezone(ZoneInfo(zone)).date()} {moment:%H:%M}"
        for name, zone in ZONES.items()
        for moment in moments
        if moment in leaps or moment == _digest_on(zone, moment.astimezone(ZoneInfo(zone)).date())
    }
    return tally("digests", wanted, _sent(here, until=moments[-1]))


def _leaps(moments: list[datetime]) -> list[datetime]:
    """The first moment of each week after the first: what was left of the one before is sent then."""
    return [later for moment, later in pairwise(moments) if later - moment > STEP]


def _sent(here: Place, until: datetime) -> Iterator[str]:
    for mail in here.sink.mails:
        name, at = (
            mail["To"].partition("@")[0].removeprefix("reader-"),
            parsedate_to_datetime(mail["Date"]).replace(tzinfo=UTC),
        )
        if name in ZONES and at <= until:
            yield f"{name} {at.astimezone(ZoneInfo(ZONES[name])).date()} {at.astimezone(UTC):%H:%M}"


def _digest_on(zone: str, day: date) -> datetime:
    if (zone, day) in SKIPPED:
        return datetime.fromisoformat(f"{day}T{SKIPPED[zone, day]}+00:00")
    return datetime.fromisoformat(f"{day}T{DIGEST}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _waits() -> list[tuple[str, str, str, datetime, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(WAITS)
        return [(*row[:3], *(moment.replace(tzinfo=UTC) for moment in row[3:])) for row in cursor.fetchall()]
