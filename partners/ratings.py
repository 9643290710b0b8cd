"""What people answer to the criteria that no field of the record answers. The newest counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import JSONField, Value

from partners import fits
from partners.history import UndoRefused
from partners.models import Criterion, Event, Fit, Partner, Rating
from prm.refusals import Refused
from team.models import User


class RatingRefused(Refused):
    """The answer does not suit the criterion, or nobody is asked for it."""


@dataclass(frozen=True)
class Answer:
    """An answer with its note; a value of None takes the answer back."""

    value: Any
    note: str = ""


def rate(partner: Partner, key: str, value: Any, note: str, by: User, at: datetime) -> Fit | None:
    """Answer one criterion; the partner is scored anew at once. Its current fit."""
    return assess(partner, {key: Answer(value, note)}, by, at)


@transaction.atomic
def assess(partner: Partner, given: Mapping[str, Answer], by: User, at: datetime) -> Fit | None:
    """Answer several criteria in one step, score anew, and return the current fit.

    What is as it was is not written again. Raises RatingRefused for a criterion that the record
    answers, or an answer of another kind.
    """
    Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    standard = fits.standard_for(partner)
    if standard is None:
        raise RatingRefused("No profile is published for this partner, so there is nothing to rate.")
    open_to_people = {each.key: each for each in standard.criteria if not each.source}
    rules = {each.key: each.rule for each in standard.asked}
    for key, answer in given.items():
        if key not in open_to_people:
            raise RatingRefused(f"“{key}” is not rated by people in {standard.profile}.")
        if answer.value is not None and rules[key].points(answer.value) is None:
            raise RatingRefused(_unsuitable(open_to_people[key], answer.value))
    if changes := _write(partner, given, by, at):
        Event.record("partner_rated", at, by, partner, changes=changes)
    return fits.refresh(partner, at)


def _unsuitable(criterion: Criterion, value: Any) -> str:
    kind = criterion.get_kind_display().lower()
    return f"“{value}” is no answer to {criterion.name}: it asks for a {kind}."


def _write(partner: Partner, given: Mapping[str, Answer], by: User, at: datetime) -> dict[str, list[Any]]:
    """Write what differs from what stands; the changes by key, [before, after]."""
    stood = fits.newest_ratings([partner.pk]).get(partner.pk, {})
    changed = {key: answer for key, answer in given.items() if _differs(stood.get(key), answer)}
    Rating.objects.bulk_create(
        Rating(partner=partner, key=key, value=_kept(answer.value), note=answer.note, by=by, at=at)
        for key, answer in changed.items()
    )
    return {key: [stood[key].value if key in stood else None, changed[key].value] for key in changed}


def _kept(value: Any) -> Any:
    """JSON's null, not the database's, for an answer that was taken back."""
    return Value(None, JSONField()) if value is None else value


def _differs(rating: Rating | None, answer: Answer) -> bool:
    if rating is None:
        return answer.value is not None or bool(answer.note)
    return (rating.value, rating.note) != (answer.value, answer.note)


@transaction.atomic
def undo(event: Event, by: User, at: datetime) -> Event:
    """Put back what stood before a `partner_rated` event. Refused when somebody rated again since."""
    partner = Partner.objects.select_for_update(of=("self",)).get(events=event)
    stands = fits.newest_ratings([partner.pk]).get(partner.pk, {})
    before = fits.newest_ratings([partner.pk], before=event.at).get(partner.pk, {})
    if any(stands[key].at > event.at for key in event.changes if key in stands):
        raise UndoRefused("It was rated again since; change the answer on the assessment page.")
    former = {
        key: Answer(before[key].value, before[key].note) if key in before else Answer(None)
        for key in event.changes
    }
    undone = Event.objects.create(
        kind="rating_undone",
        at=at,
        by_user=by,
        partner=partner,
        changes=_write(partner, former, by, at),
        undoes=event,
    )
    fits.refresh(partner, at)
    return undone


def words(event: Event) -> str:
    """What a rating says, after the person."""
    count = len(event.changes)
    return "rated one criterion" if count == 1 else f"rated {count} criteria"
