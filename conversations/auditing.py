"""The nightly audit: what was said in the last 35 days is replayed by the rules, and every stored wait
that differs is reported. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from conversations import clocks, waiting, waits
from conversations.models import Audit, Conversation, Finding, Policy, Wait
from prm import clock, jobs
from prm.jobs import Progress
from prm.models import Job
from prm.references import Reference
from team import notices
from team.models import Company, Role, User

JOB = "audit_waits"
BACK = timedelta(days=35)
NIGHT = time(3)  # in the company's zone
BATCH = 200
RELATED = ("partner__owner", "responsible", "membership__programme")


@dataclass(frozen=True)
class Difference:
    """What is stored otherwise than it should be; `wait` is None where one is missing."""

    wait: Wait | None
    what: str


# --- one conversation ---------------------------------------------------------------------------------


def differences(conversation: Conversation) -> list[Difference]:
    """Where the stored waits for a reply differ from what the rules make of what was said."""
    stored = conversation.waits.filter(metric__in=waits.REPLY, opened_by__isnull=False)
    rows = {row.opened_by_id: row for row in stored.select_related("policy", "conversation")}
    owed = waiting.replay([*waits.said_in(conversation), *waits.dismissals_in(rows.values())])
    found = [Difference(row, what) for row in rows.values() for what in _wrong(row, owed)]
    if missing := _missing(conversation, owed, rows.keys()):
        found.append(Difference(None, missing))
    return found


def _wrong(row: Wait, owed: Iterable[waiting.Owed]) -> Iterator[str]:
    should = next((each for each in owed if each.opener == row.opened_by_id), None)
    if should is None:
        if row.state != Wait.State.CANCELLED:
            yield f"No message opens this wait, and it is stored as “{row.get_state_display()}”."
        return
    dismissed_at = should.dismissed.at if should.dismissed else None
    for name, is_so, should_be in (
        ("person responsible", row.responsible_id, row.conversation.responsible_id),
        ("metric", row.metric, should.metric),
        ("opening", row.opened_at, should.opened_at),
        ("answer", row.answer_id, should.answer),
        ("time of the answer", row.answered_at, should.answered_at),
        ("time it was put away", row.cancelled_at, dismissed_at),
        ("state", "open" if row.is_open else "ended", "open" if should.is_open else "ended"),
        ("due time", row.due_at, _due(row)),
    ):
        if is_so != should_be:
            yield f"The {name} is stored as {is_so} and should be {should_be}."


def _due(row: Wait) -> datetime:
    """The due time by what the wait itself keeps."""
    reading = clocks.kept_by(row)
    times = reading.times(row.opened_at, row.target_seconds, clocks.known_pauses_of(row))
    due_at: datetime = times["due_at"]
    return due_at


def _missing(conversation: Conversation, owed: Iterable[waiting.Owed], stored: Iterable[int | None]) -> str:
    """What is said of an open wait that is not there; "" where nothing was promised."""
    lost = [each for each in owed if each.is_open and each.opener not in set(stored)]
    if not lost:
        return ""
    promised = clocks.clock_of(conversation)
    if promised is None:
        return ""
    first = Policy.objects.filter(family=promised.policy.family).earliest("created_at")
    if first.created_at > lost[0].opened_at:
        return ""
    return f"They wait since {lost[0].opened_at:%Y-%m-%d %H:%M} UTC, and no wait is stored."


# --- every night --------------------------------------------------------------------------------------


def nightly(at: datetime) -> int:
    """The sweep: once a local day of the company, after three in the morning, ask for an audit. It looks
    at no row itself, so that it counts none."""
    company = Company.objects.first()
    local = at.astimezone(ZoneInfo(company.zone)) if company else at
    if company is None or local.time() < NIGHT or Audit.objects.filter(on=local.date()).exists():
        return 0
    with transaction.atomic():
        audit, is_new = Audit.objects.get_or_create(on=local.date(), defaults={"started_at": at})
        if is_new:
            jobs.put(JOB, at, None, {"audit": audit.pk})
    return 0


def run(job: Job, progress: Progress) -> str:
    """The job: replay each conversation of the last 35 days; begun again, it starts over."""
    audit = Audit.objects.get(pk=job.about["audit"])
    audit.findings.all().delete()
    ids = list(spoken_in(audit.started_at - BACK).values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        batch = Conversation.objects.filter(pk__in=ids[start : start + BATCH]).order_by("pk")
        for conversation in batch.select_related(*RELATED):
            _look(audit, conversation)
        progress(min(len(ids), start + BATCH), len(ids))
    return _end(audit, len(ids), clock.now())


def spoken_in(since: datetime) -> QuerySet[Conversation]:
    """The conversations in which something was said since then, or somebody waits still."""
    waiting_still = Wait.objects.open().filter(conversation=OuterRef("pk"))
    spoken = Q(last_message_at__gte=since) | Exists(waiting_still)
    return Conversation.objects.filter(spoken, merged_into=None).order_by("pk")


def _look(audit: Audit, conversation: Conversation) -> None:
    """Look at one conversation; where something differs, again while nobody can write to it."""
    if not differences(conversation):
        return
    with transaction.atomic():
        (held,) = waits.locked(conversation)
        Finding.objects.bulk_create(
            Finding(audit=audit, conversation=held, wait=each.wait, what=each.what[:300])
            for each in differences(held)
        )


@transaction.atomic
def _end(audit: Audit, conversations: int, at: datetime) -> str:
    Audit.objects.filter(pk=audit.pk).update(ended_at=at, conversations=conversations)
    found = audit.findings.count()
    if found:
        text = f"The audit of {audit.on:%d %B} found {found} differences in stored waits"
        cause, url = Reference("audit", audit.pk), reverse("conversations:audits")
        for admin in User.objects.current().filter(grants__role=Role.ADMIN).distinct():
            notices.give(admin, "audit_differs", cause, audit.started_at, at, text, url)
    return f"{conversations} conversations replayed, {found} differences"
