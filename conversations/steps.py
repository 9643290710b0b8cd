"""The steps of a wait: warned, late, told to the lead, told to the heads — each once for a due time.

A step is an event unique on (step, wait, due time). It is taken for many waits at once: one statement
writes the events, and of those it wrote, and only of those, people are told in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from conversations import waits
from conversations.concerned import Concerned, Words
from conversations.models import Wait
from partners.models import Event
from team import notices
from team.models import Notice, User
from team.notices import News

BY = "sweep"
HIGHEST = 1  # the rank of a tier


def warn(due: Iterable[Wait], concerned: Concerned, at: datetime) -> None:
    """Warn who answers or decides. A warning that its due time has overtaken is recorded, not sent."""

    def warning(wait: Wait) -> Event:
        note = "Overtaken by its due time." if at >= wait.due_at else ""
        return _event("wait_warned", "warn", wait, at, note)

    fresh = [wait for wait in _record(due, warning) if at < wait.due_at]
    _tell(fresh, at, lambda wait: warnings(concerned.first(wait), wait, concerned.words(wait)))


def warnings(people: Iterable[User], wait: Wait, words: Words) -> list[News]:
    """The warning of a wait, for each of these people."""
    return _news(people, wait, "wait_warned", words.waits, words)


def breach(due: Iterable[Wait], concerned: Concerned, at: datetime) -> None:
    """Tell who answers or decides, and who covers, that the due time has passed."""

    def told(wait: Wait) -> list[News]:
        people, words = [*concerned.first(wait), *concerned.cover(wait)], concerned.words(wait)
        return _news(people, wait, "wait_breached", words.is_late, words)

    _tell(_record(due, lambda wait: waits.breach_of(wait, BY, at)), at, told)


def tell_leads(due: Iterable[Wait], concerned: Concerned, at: datetime) -> None:
    """The lead hears of it once."""
    fresh = _record(due, lambda wait: _event("wait_raised", "lead", wait, at))
    _raise(fresh, concerned, at, "wait_raised", concerned.leads)


def tell_heads(due: Iterable[Wait], concerned: Concerned, at: datetime) -> None:
    """The heads hear of it in their digest; of a partner in the highest tier at once."""
    fresh = _record(due, lambda wait: _event("wait_raised_higher", "head", wait, at))
    _raise(fresh, concerned, at, "wait_raised_higher", lambda wait: concerned.heads, strategic_at_once=True)


def _raise(
    fresh: list[Wait],
    concerned: Concerned,
    at: datetime,
    kind: str,
    people: Callable[[Wait], list[User]],
    strategic_at_once: bool = False,
) -> None:
    """Tell people further up; who was told that it is late is not told again."""
    known = _told_late(fresh)

    def told(wait: Wait) -> list[News]:
        others = [person for person in people(wait) if (wait.pk, wait.due_at, person.pk) not in known]
        words, at_once = concerned.words(wait), _is_strategic(wait) if strategic_at_once else None
        return _news(others, wait, kind, words.still_waits, words, at_once)

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
    people: Iterable[User], wait: Wait, kind: str, text: str, words: Words, at_once: bool | None = None
) -> list[News]:
    about, why = waits.reference(wait), words.why(kind)
    return [
        News(person, kind, about, wait.due_at, text, words.url, why, at_once, words.private)
        for person in dict.fromkeys(people)
    ]
