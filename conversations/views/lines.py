"""What a line of the log means: its partner among those one may see, and the form filled in from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from conversations import clocks, one_line
from conversations.models import Message
from conversations.one_line import Line
from partners import searching
from partners.models import Contact, Partner
from prm import search
from team.models import User
from team.requests import PersonRequest

LOOKED_AT = 40  # partners that a line may name
OFFERED = 5
COLUMNS = ("name", "status", "stage", "step", "search_key")


@dataclass(frozen=True)
class Meant:
    """The partner a line means, None where that is open; others it may mean; and what fills the form."""

    line: str
    partner: Partner | None
    others: list[Partner]
    initial: dict[str, Any]


def typed(request: PersonRequest) -> str:
    """The line that was asked about; a form that is sent has none."""
    line = request.GET.get("line", "") if request.method != "POST" else ""
    return " ".join(line.replace("\0", " ").split())


def understand(text: str, user: User, at: datetime, partner: Partner | None = None) -> Meant:
    """Read a line as `user` means it; with `partner`, it was with that one. A longer text is no line: all of
    it is what happened."""
    if len(text) > one_line.LONGEST:
        return Meant(text, partner, [], {"channel": Message.Channel.CALL, "body": text})
    now = at.astimezone(ZoneInfo(user.zone))
    line = one_line.read(text, now, clocks.hours_of(user))
    if partner is not None:
        named = one_line.match(line.naming, partner.name, partner.search_key)
        return Meant(text, partner, [], _initial(line, partner, named.taken if named else ()))
    found = _named(line, user)
    others = [other for _, other in found]
    best = [match for match, _ in found if match.rank == found[0][0].rank]
    if len(best) != 1:
        return Meant(text, None, others[:OFFERED], {})
    return Meant(text, others[0], others[1:OFFERED], _initial(line, others[0], best[0].taken))


def _named(line: Line, user: User) -> list[tuple[one_line.Match, Partner]]:
    """The partners the line names, the best first."""
    words = [
        word for word in search.words(" ".join(line.naming)) if len(word) > 1 and word not in one_line.WITH
    ]
    seen = Partner.objects.visible_to(user).only(*COLUMNS)
    found = []
    for partner in searching.named_by(words, seen)[:LOOKED_AT]:
        if match := one_line.match(line.naming, partner.name, partner.search_key):
            found.append((match, partner))
    return sorted(found, key=lambda one: (one[0].rank, one[1].name, one[1].pk))


def _initial(line: Line, partner: Partner, taken: Sequence[int]) -> dict[str, Any]:
    contact, words = _contact(line, partner, taken)
    return {
        "channel": line.kind or Message.Channel.CALL,
        "minutes": line.minutes,
        "contact": contact,
        "body": line.note({*taken, *words}),
        "promise": line.promise,
        "promised_for": line.promised_for,
        "promise_side": line.side,
    }


def _contact(line: Line, partner: Partner, taken: Sequence[int]) -> tuple[int | None, tuple[int, ...]]:
    """Who over there is named, when it is one person, and by which words beside the partner's name."""
    people = Contact.objects.current().filter(partner=partner).values_list("pk", "name")
    heard = [*line.naming, *line.rest.split()]
    found = [(match, pk) for pk, name in people if (match := one_line.match(heard, name))]
    if not found:
        return None, ()
    best = min(match.rank for match, _ in found)
    named = [(match, pk) for match, pk in found if match.rank == best]
    if len(named) > 1:
        return None, ()
    match, pk = named[0]
    beside = {0, *(n + step for n in taken for step in (-1, 1, 2))}
    return pk, match.taken if match.taken[0] in beside and match.taken[-1] < len(line.naming) else ()
