"""Replies reported long afterwards: somebody else confirms them, or not. Until then the breach stands.

Several reports of one person are one matter: who decides is told once, and decides on all of them in one
place. What is confirmed, declined or withdrawn one by one brings the matter in line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from conversations import clocks, deciders, decisions, policies, records
from conversations.decision_kinds import DAY, Kind, Look, Starter
from conversations.models import Conversation, Decision, Matter, Message
from conversations.records import MessageRefused, reference
from partners.models import Event
from prm.calendars import NoWorkingTime
from prm.references import Reference
from team import notices, roles
from team.models import User

KIND = "late report"
LATE_REPORT = 72 * 3600  # seconds on the clock of the wait; older reports need somebody's yes
SHOWN = 200


def needs_approval(conversation: Conversation, occurred_at: datetime, at: datetime, by: User) -> bool:
    """Whether a reply is reported too long afterwards for this person to correct the figure alone."""
    if roles.may(by, "approve late log"):
        return False
    clock = clocks.clock_of(conversation)
    if clock is None:
        return False
    try:
        gone = policies.rule_for(clock.policy.mode, clock.hours).elapsed(occurred_at, at)
    except NoWorkingTime:
        gone = (at - occurred_at).total_seconds()
    return gone > LATE_REPORT


def undecided() -> QuerySet[Message]:
    """The reports nobody has decided on, the oldest first."""
    return Message.objects.filter(unconfirmed=True, declined_at=None, withdrawn_at=None).order_by(
        "recorded_at", "pk"
    )


# --- the matter of one person ---------------------------------------------------------------------------


def ask(message: Message, at: datetime) -> None:
    """Ask for a yes to a report; while others of the same person are undecided, it joins them."""
    author = message.author
    assert author is not None  # one of us logged it
    matter = decisions.open_about(KIND, _person(author))
    if matter is None:
        about, thread = _person(author), message.conversation
        decisions.ask(KIND, message.partner, author, at, about=about, conversation=thread)
    else:
        decisions.renew(matter)


def left(author: User, by: User, at: datetime) -> None:
    """A report was taken out: where no other is left, nothing is asked any more."""
    matter = decisions.open_about(KIND, _person(author))
    if matter is None:
        return
    if undecided().filter(author=author).exists():
        decisions.renew(matter)
    else:
        decisions.withdraw(matter, "Nothing is left to confirm.", by, at)


def catch_up(at: datetime) -> int:
    """The sweep: whoever has reports that nobody was asked about is asked for; how many people."""
    asked = Matter.objects.open().filter(kind__key=KIND).values("about_id")
    forgotten = undecided().exclude(author__in=asked).select_related("author", "partner", "conversation")
    first = {message.author_id: message for message in forgotten[:SHOWN].iterator()}
    for message in first.values():
        with transaction.atomic():
            ask(message, at)
    return len(first)


def _person(author: User) -> Reference:
    return Reference("person", author.pk)


def look(matters: Sequence[Matter]) -> Mapping[int, Look]:
    """Whose reports wait, and which they are."""
    authors = [matter.about_id for matter in matters]
    reports = undecided().filter(author__in=authors).select_related("partner", "conversation", "author")
    theirs: dict[int | None, list[Message]] = {}
    for report in reports[:SHOWN]:
        theirs.setdefault(report.author_id, []).append(report)
    return {matter.pk: _look(matter, theirs.get(matter.about_id, [])) for matter in matters}


def _look(matter: Matter, reports: list[Message]) -> Look:
    count = f"{len(reports)} replies" if len(reports) != 1 else "a reply"
    return Look(f"{matter.asked_by} reports {count} long afterwards", more=reports)


def holds(matter: Matter) -> QuerySet[Conversation]:
    """The conversations that the reports count in."""
    reports = undecided().filter(author=matter.about_id).values("pk")
    own = Conversation.objects.filter(messages__in=reports)
    return own.union(Conversation.objects.filter(answered_elsewhere__in=reports))


def decided(matter: Matter, decision: Decision, at: datetime) -> None:
    """The answer holds for every report of the person."""
    for report in undecided().filter(author=matter.about_id).order_by("pk"):
        if decision.is_yes:
            approve(report, decision.by, at)
        else:
            decline(report, decision.reason, decision.by, at)


STARTER = Starter(
    name="Replies reported late",
    seconds=3 * DAY,
    yes=["Confirmed: it counts as the answer."],
    no=["Nobody there remembers it.", "It answered something else.", "Log it with its right time."],
)

DECIDES = Kind(
    KIND,
    STARTER,
    look,
    decided,
    of_partner=False,
    template="conversations/late_logs.html",
    holds=holds,
)


# --- one by one -----------------------------------------------------------------------------------------


def may_confirm(user: User, author: User, at: datetime) -> bool:
    """Whether this person may say yes or no to what another reported late."""
    if user == author:
        return False
    matter = decisions.open_about(KIND, _person(author))
    return roles.may(user, "approve late log") or (matter is not None and deciders.may(user, matter, at))


@transaction.atomic
def approve(message: Message, by: User, at: datetime) -> Event | None:
    """Confirm a late report: from now on it counts, and corrects the figure."""
    held, conversations = records.hold(message)
    if not held.unconfirmed or held.withdrawn_at is not None:
        raise MessageRefused("There is nothing to confirm here.")
    _not_own(held, by)
    records.change(held, unconfirmed=False, declined_at=None)
    records.settle(conversations, by, at)
    _settled(held, Decision.Answer.YES, "", by, at)
    return Event.record("late_log_approved", at, by, held.partner, reference(held))


@transaction.atomic
def decline(message: Message, reason: str, by: User, at: datetime) -> Event | None:
    """Do not confirm a late report: it stays in the conversation, and answers nothing."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise MessageRefused("Say why it is not confirmed.")
    held, conversations = records.hold(message)
    if not held.unconfirmed or held.declined_at is not None or held.withdrawn_at is not None:
        raise MessageRefused("There is nothing to confirm here.")
    _not_own(held, by)
    records.change(held, declined_at=at)
    records.settle(conversations, by, at)
    if _settled(held, Decision.Answer.NO, reason, by, at) and held.author is not None:
        text = f"Your late report of a reply to {held.partner} was not confirmed: {reason}"
        url = held.conversation.get_absolute_url()
        notices.give(held.author, "late_log_declined", reference(held), at, at, text, url)
    return Event.record("late_log_declined", at, by, held.partner, reference(held), note=reason)


def _not_own(held: Message, by: User) -> None:
    if held.author_id == by.pk:
        raise MessageRefused("Nobody confirms what they reported themselves.")


def _settled(held: Message, answer: str, reason: str, by: User, at: datetime) -> bool:
    """One report is decided on: the last one decides the matter, too. Whether others are left."""
    author = held.author
    matter = decisions.open_about(KIND, _person(author)) if author is not None else None
    if matter is None:
        return False
    if undecided().filter(author=author).exists():
        decisions.renew(matter)
        return True
    decisions.conclude(matter, answer, reason, by, at)
    return False
