"""Whom some waits concern, and what they are told: of a reply who answers, of a decision who decides, of an
issue who sees to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from conversations import deciders, privacy, responsibility
from conversations.models import Matter, Wait
from conversations.roster import Roster
from prm import addresses
from team.models import User
from team.notices import Private

DECIDING = {
    "wait_warned": "You decide on this.",
    "wait_breached": "You decide on this.",
    "wait_raised": "You lead who decides on this.",
}

SOLVING = {
    "wait_warned": "You see to this issue.",
    "wait_breached": "You see to this issue, or cover for who does.",
    "wait_raised": "You lead who sees to this issue.",
}


@dataclass(frozen=True)
class Words:
    """What is said of a wait, and where the press that ends it is."""

    waits: str
    is_late: str
    still_waits: str
    url: str
    reasons: dict[str, str] = field(default_factory=dict)
    private: Private | None = None

    def why(self, kind: str) -> str:
        """Why somebody is told; "" leaves it to the kind of the notice."""
        return self.reasons.get(kind, "")


def of_reply(wait: Wait) -> Words:
    thread, partner = wait.conversation, wait.partner
    person = thread.responsible or "nobody"
    return Words(
        f"{partner} waits for a reply: {thread}",
        f"{partner} has waited too long: {thread}",
        f"{partner} still waits for a reply, with {person}: {thread}",
        thread.get_absolute_url(),
        private=privacy.for_notices(thread),
    )


def of_issue(wait: Wait) -> Words:
    thread, partner = wait.conversation, wait.partner
    person = thread.responsible or "nobody"
    return Words(
        f"An issue with {partner} is due to be solved: {thread}",
        f"An issue with {partner} is not solved in time: {thread}",
        f"An issue with {partner} is still not solved, with {person}: {thread}",
        addresses.of("reviews:issue_in", thread.pk),
        SOLVING,
        privacy.for_notices(thread),
    )


def of_thread(wait: Wait) -> Words:
    """Of a wait that whoever has its conversation sees to."""
    return of_issue(wait) if wait.metric == Wait.Metric.ISSUE else of_reply(wait)


def of_decision(matter: Matter) -> Words:
    return Words(
        f"A decision is due soon: {matter}",
        f"A decision is late: {matter}",
        f"A decision is late still: {matter}",
        matter.get_absolute_url(),
        DECIDING,
    )


class Concerned:
    """Whom these waits concern at a moment: looked up once for all of them."""

    def __init__(self, waits: Iterable[Wait], at: datetime) -> None:
        held = list(waits)
        self.at = at
        self.roster = Roster([wait.conversation for wait in held], at)
        deciding = [wait.pk for wait in held if wait.metric == Wait.Metric.DECISION]
        rows = Matter.objects.filter(wait__in=deciding) if deciding else Matter.objects.none()
        self.matters = {matter.wait_id: matter for matter in rows.select_related(*deciders.RELATED)}

    @cached_property
    def heads(self) -> list[User]:
        return self.roster.heads

    def words(self, wait: Wait) -> Words:
        matter = self.matters.get(wait.pk)
        return of_thread(wait) if matter is None else of_decision(matter)

    def first(self, wait: Wait) -> list[User]:
        """Who is told first."""
        matter = self.matters.get(wait.pk)
        return self.roster.answerers(wait.conversation) if matter is None else list(self._deciders(matter))

    def cover(self, wait: Wait) -> list[User]:
        """Who could do it instead: a head may decide anyway, and hears of it in its turn."""
        return self.roster.cover(wait.conversation) if wait.pk not in self.matters else []

    def leads(self, wait: Wait) -> list[User]:
        """Whom a late one is raised to; of a decision never who must not decide on it."""
        matter = self.matters.get(wait.pk)
        if matter is None:
            return self.roster.leads(wait.conversation)
        out = deciders.barred(matter)
        above = [lead for person in self._deciders(matter) for lead in responsibility.leads_of(person)]
        return [lead for lead in dict.fromkeys(above) if lead.pk not in out]

    def _deciders(self, matter: Matter) -> dict[User, str]:
        return deciders.of(matter, self.at)
