"""Search over messages: what was said, by whom, to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from conversations import index, phrases
from conversations.index import Mark, Query, Wanted
from conversations.models import Message
from conversations.phrases import Term
from partners.models import Partner
from prm.questions import Question, keys, spread
from team.models import User
from team.readers import Reader, reader

PAGE = 25
STEPS = (32, 320, 3200)  # messages asked of the index at a time, more where few of them may be seen
NAMED = 500  # partners that the index is asked about by name
OPENING = 10_000  # letters of a message that the excerpt is taken from
SHOWN = (
    *("direction", "channel", "occurred_at", "subject", "visible_to_partner", "partner_id"),
    *("conversation__subject", "partner__name", "contact__name", "contact__email"),
    *("author__name", "author__email"),
)


@dataclass(frozen=True)
class Results:
    """A page of messages, newest first, each with its `opening`; `older` is the mark to go on from, or "".

    Without `terms` too little was typed to look for anything.
    """

    terms: list[Term]
    messages: list[Any]
    older: str = ""


def search(user: User, typed: str, before: str = "", partner: Partner | None = None) -> Results:
    """The messages this person may see that hold every term of `typed`, 25 of them from behind the mark;
    only those with `partner`, where one is named."""
    terms = phrases.read(typed)
    if not terms:
        return Results(terms, [])
    query = Query(_wanted(terms), (partner.pk,) if partner else _reach(user))
    marks, seen = _first_seen(query, user, Mark.read(before))
    older = str(marks[PAGE - 1]) if len(marks) > PAGE else ""
    return Results(terms, [seen[mark.pk] for mark in marks[:PAGE]], older)


def _first_seen(query: Query, user: User, mark: Mark | None) -> tuple[list[Mark], dict[int, Any]]:
    """The first 26 messages behind the mark that this person may see, in order."""
    marks: list[Mark] = []
    seen: dict[int, Any] = {}
    steps = iter(STEPS)
    step = next(steps)
    while len(marks) <= PAGE:
        found = index.found(query, mark, step)
        ids = spread("message", step, (each.pk for each in found))
        seen |= {message.pk: message for message in VISIBLE.ask(reader(user), step, reader=user.pk, **ids)}
        marks += [each for each in found if each.pk in seen]
        if len(found) < step:
            break
        mark, step = found[-1], next(steps, step)
    return marks, seen


def _visible(who: Reader, ids: Collection[Any]) -> QuerySet[Message]:
    """Those of these messages that stand in conversations this person may see."""
    messages = Message.objects.visible_to(who).filter(pk__in=ids, withdrawn_at=None)
    related = messages.select_related("conversation", "partner", "contact", "author").only(*SHOWN)
    return related.annotate(opening=Left("body", OPENING))


VISIBLE = Question(lambda who, most: _visible(who, keys("message", most)))


def _wanted(terms: Sequence[Term]) -> tuple[Wanted, ...]:
    """Each term is a word of the message, or part of the name of the colleague who wrote it."""
    spelt = [spelling for term in terms for spelling in term.spellings]
    alike = reduce(or_, (Q(*(Q(search_key__contains=word) for word in each.words)) for each in spelt))
    named = User.objects.filter(alike).values_list("pk", "name", "email")
    people = [(pk, f"{name} {email}") for pk, name, email in named]
    return tuple(
        Wanted(term.spellings, tuple(pk for pk, who in people if phrases.says(who, term))) for term in terms
    )


def _reach(user: User) -> tuple[int, ...] | None:
    """The partners somebody sees who sees few; None for who sees all, or too many to name."""
    if user.is_active and user.roles and not user.reads_own_only:
        return None
    few = tuple(Partner.objects.visible_to(user).values_list("pk", flat=True)[: NAMED + 1])
    return few if len(few) <= NAMED else None
