"""The count: SQL over the rows, and the mails that arrived. It uses nothing of what it counts.

Each wait of a trial carries its number in the subject of its conversation: "[00007]".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import connection

from bench.faults.outcome import Count, tally
from tests.sink import Sink

TOLD = re.compile(r"has waited too long: (\[\d{5}\])")
SUBJECT_OF_WAIT = "JOIN conversations_conversation c ON c.id = w.conversation_id"
LATE = f"SELECT c.subject FROM conversations_wait w {SUBJECT_OF_WAIT} WHERE w.state = 'late'"
BREACHES = f"""
    SELECT c.subject FROM partners_event e
    JOIN conversations_wait w ON e.about_kind = 'wait' AND w.id = e.about_id {SUBJECT_OF_WAIT}
    WHERE e.kind = 'wait_breached'"""
NOTICES = f"""
    SELECT c.subject FROM team_notice n
    JOIN conversations_wait w ON n.cause_kind = 'wait' AND w.id = n.cause_id {SUBJECT_OF_WAIT}
    WHERE n.kind = 'wait_breached'"""


def subjects(waits: int) -> list[str]:
    return [f"[{n:05}]" for n in range(waits)]


def names(sql: str) -> list[str]:
    """The first column of what a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [str(row[0]) for row in cursor.fetchall()]


def rows(waits: Iterable[str]) -> list[Count]:
    """What stands of these waits in the database."""
    wanted = list(waits)
    return [
        tally("waits that are late", wanted, names(LATE)),
        tally("breaches recorded", wanted, names(BREACHES)),
        tally("notices given", wanted, names(NOTICES)),
    ]


def mails(waits: Iterable[str], sink: Sink) -> Count:
    """What arrived of their breaches; a mail that came again under its own Message-ID is one mail."""
    told = {(name, mail["Message-ID"]) for mail, body in zip(sink.mails, sink.bodies, strict=True)
            for name in TOLD.findall(body)}  # fmt: skip
    return tally("notices delivered", waits, (name for name, _ in told))


def all_of(waits: Iterable[str], sink: Sink) -> list[Count]:
    wanted = list(waits)
    return [*rows(wanted), mails(wanted, sink)]
