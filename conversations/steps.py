"""The steps of a wait: warned, late, told to the lead, told to the heads — each once for a due time.

A step is an event unique on (step, wait, due time). It is taken for many waits at once: one statement
writes the events, and of those it wrote, and only of those, people are told in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from conversations import privacy, waits
from conversations.models import Wait
from conversations.roster import Roster
from partners.models import Event
from team import notices
from team.models import Notice, User
from team.notices import News

BY = "sweep"
HIGHEST = 1  # the rank of a tier


def warn(due: Iterable[Wait], roster: Roster, at: datetime) -> None:
    """Warn who answers. A warning that its due time has overtaken is recorded, not sent."""

    def warning(wait: Wait) -> Event:
        note = "Overtaken by its due time." if at >= wait.due_at else ""
        return _event("wait_warned", "warn", wait, at, note)

    fresh = [wait for wait in _record(due, warning) if at < wait.due_at]
    _tell(fresh, at, lambda wait: warnings(roster.answerers(wait.conversation), wait))


def warnings(people: Iterable[User], wait: Wait) -> list[News]:
    """The warning of a wait, for each of these people."""
    return _news(people, wait, "wait_warned", f"{wait.partner} waits for a reply: {wait.conversation}")


def breach(due: Iterable[Wait], roster: Roster, at: datetime) -> None:
    """Tell who answers, and who covers, that the due time has passed."""

    def told(wait: Wait) -> list[News]:
        people = [*roster.answerers(wait.conversation), *roster.cover(wait.conversation)]
        text = f"{wait.partner} has waited too long: {wait.conversation}"
        return _news(people, wait, "wait_breached", text)

    _tell(_record(due, lambda wait: waits.breach_of(wait, BY, at)), at, told)


def tell_leads(due: Iterable[Wait], roster: Roster, at: datetime) -> None:
    """The lead hears of it once."""
    fresh = _record(due, lambda wait: _event("wait_raised", "lead", wait, at))
    _raise(fresh, at, "wait_raised", lambda wait: roster.leads(wait.conversation))


def tell_heads(due: Iterable[Wait], roster: Roster, at: datetime) -> None:
    """The heads hear of it in their digest; of a partner in the highest tier at once."""
    fresh = _record(due, lambda wait: _event("wait_raised_higher", "head", wait, at))
    _raise(fresh, at, "wait_raised_higher", lambda wait: roster.heads, strategic_at_once=True)


def _raise(
    fresh: list[Wait],
    at: datetime,
    kind: str,
    people: Callable[[Wait], list[User]],
    strategic_at_once: bool = False,
) -> None:
    """Tell people further up; who was told that it is late is not told again."""
    known = _told_late(fresh)

    def told(wait: Wait) -> list[News]:
        others = [person for person in people(wait) if (wait.pk, wait.due_at, person.pk) not in known]
        person = wait.conversation.responsible or "nobody"
        text = f"{wait.partner} still waits for a reply, with {person}: {wait.conversation}"
        at_once = _is_strategic(wait) if strategic_at_once else None
        return _news(others, wait, kind, text, at_once)

    _tell(fresh, at, told)


def _told_late(fresh: list[Wait]) -> set[tuple[int, datetime, int]]:
    """Who was told of which wait and due time that it is late."""
    told = Notice.objects.filter(
        kind__in=waits.LATE, cause_kind="wait", cause_id__in=[wait.pk for wait in fresh]
    )
    return set(told.values_list("cause_id", "due_at", "person"))


def _is_strategic(wait: Wait) -> bool:
    return wait.partner.tier is not None and wait.partner.tier.rank == HIGHEST


def _record(due: Iterable[Wait], event: Callable[[Wait], Event]) -> list[Wait]:
    """Record a step of these waits; those whose step was not recorded before."""
    found = list(due)
    fresh = {each.about_id for each in Event.record_all([event(wait) for wait in found])}
    return [wait for wait in found if wait.pk in fresh]


def _event(kind: str, step: str, wait: Wait, at: datetime, note: str = "") -> Event:
    about, key = waits.reference(wait), waits.key(step, wait)
    return Event.drafted(kind, at, BY, wait.partner, about, note=note, key=key)


def _tell(fresh: Iterable[Wait], at: datetime, news: Callable[[Wait], list[News]]) -> None:
    notices.give_all([each for wait in fresh for each in news(wait)], at)


def _news(
    people: Iterable[User], wait: Wait, kind: str, text: str, at_once: bool | None = None
) -> list[News]:
    about, url = waits.reference(wait), wait.conversation.get_absolute_url()
    private = privacy.for_notices(wait.conversation)
    return [
        News(person, kind, about, wait.due_at, text, url, at_once=at_once, private=private)
        for person in dict.fromkeys(people)
    ]
