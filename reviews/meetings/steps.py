"""The steps of a review, from planned to closed. Each holds it, checks, and writes in one transaction.

Preparing it moves a partner in growth to evaluation, its outcome moves it back. Who moved its day is kept;
only our moves count, and the second one is told to the lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations import messages, responsibility
from conversations.messages import Happening
from lifecycle import evidence, transitions
from lifecycle.models import Evidence
from partners.models import Contact, Event, Partner, Stage, Status
from partners.organisations import local_day
from prm import references
from prm.refusals import Refused
from reviews import scheduling
from reviews.meetings import calls, dates, figures, moments, repairing, sent
from reviews.meetings.packet import shown
from reviews.models import Action, Review, ReviewState
from reviews.models.reviews import WINDOW
from team import notices
from team.companies import working_days, zone_of
from team.models import User

MOVED_TWICE = "review_moved_twice"
FARTHEST = timedelta(days=366)
State = Review.State
Outcome = Review.Outcome


class StepRefused(Refused):
    """The review stays as it is."""


@dataclass(frozen=True)
class Result:
    """What came of a review; a repair is looked at again on a day."""

    outcome: str
    note: str = ""
    look_again_on: date | None = None


# --- before ---------------------------------------------------------------------------------------------


@transaction.atomic
def prepare(review: Review, by: User | str, at: datetime) -> Review:
    """Begin to prepare it: the partner is evaluated from now on."""
    held = locked(review, State.PLANNED)
    _evaluate(held.partner, by, at)
    return _enter(held, State.PREPARING, "review_preparing", by, at)


@transaction.atomic
def pre_read_sent(review: Review, by: User, at: datetime) -> Review:
    """The partner has the pre-read."""
    held = locked(review, State.PREPARING)
    return _enter(held, State.PRE_READ, "review_pre_read", by, at)


@transaction.atomic
def move(review: Review, to: date, side: str, reason: str, by: User, at: datetime) -> Review:
    """Hold it on another day. `side` is who wanted that: only our moves count."""
    held = locked(review, State.PLANNED, State.PREPARING, State.PRE_READ)
    today = local_day(at, by.zone)
    if not reason.strip():
        raise StepRefused(_("Reason: say why it is moved."))
    if to == held.on:
        raise StepRefused(_("Day: that is the day it has already."))
    if not today <= to <= today + FARTHEST:
        raise StepRefused(_("Day: choose one from today on, within a year."))
    former = held.on
    scheduling.lay(held, to, working_days())
    if side == Review.Side.THEIRS:
        held.their_moves += 1
    else:
        held.our_moves += 1
    days = {"from": former.isoformat(), "to": to.isoformat(), "side": side}
    _save(held, "review_moved", by, at, note=reason.strip(), changes=days)
    calls.moved(held, at)
    if held.our_moves > 1 and side == Review.Side.OURS:
        _tell_lead(held, at)
    return held


@transaction.atomic
def cancel(review: Review, side: str, reason: str, by: User | str, at: datetime) -> Review:
    """It does not take place; the next one is planned, and what was to be talked about goes there."""
    held = locked(review, State.PLANNED, State.PREPARING, State.PRE_READ)
    if not reason.strip():
        raise StepRefused(_("Reason: say why it does not take place."))
    held.cancelled_by, held.cancelled_reason = side, reason.strip()[:300]
    _grow(held.partner, by, at)
    _enter(held, State.CANCELLED, figures.CANCELLED, by, at, note=held.cancelled_reason)
    calls.called_off(held, at)
    scheduling.ensure_upcoming(at, [held.partner_id])
    if following := Review.objects.ahead().filter(partner=held.partner_id).first():
        held.topics.update(review=following)
    return held


# --- held, and after ------------------------------------------------------------------------------------


@transaction.atomic
def hold(review: Review, on: date, by: User, at: datetime) -> Review:
    """It was held: the packet is frozen, it is evidence of that day, and the next review is there at once."""
    held = locked(review, State.PLANNED, State.PREPARING, State.PRE_READ)
    if on > local_day(at, by.zone):
        raise StepRefused(_("Day: it is still to come."))
    if on < local_day(held.created_at, by.zone):
        raise StepRefused(_("Day: this review was not planned yet."))
    _evaluate(held.partner, by, at)
    calendar = working_days()
    held.held_on, held.in_window = on, abs(on - held.slot_on) <= WINDOW
    held.minutes_by = dates.after(calendar, on, dates.MINUTES)
    held.sign_by = dates.after(calendar, on, dates.SIGN)
    shown.freeze(held, at)
    _enter(held, State.HELD, "review_held", by, at)
    evidence.record(held.partner, Evidence.Kind.REVIEW_HELD, on=on, by=by, at=at, note=str(held))
    message = messages.log(held.partner, _happening(held, on, at), by, at)
    calls.held(held, message, at)
    scheduling.ensure_upcoming(at, [held.partner_id])
    return held


def _happening(review: Review, on: date, at: datetime) -> Happening:
    """The meeting in the history of the partner, for its last touch; the words are in the minutes."""
    noon = moments.start_of(on, zone_of(review.partner.owner)) + timedelta(hours=12)
    words, title = _("The business review was held."), _("Business review")
    contact = review.came.order_by("pk").first()
    return Happening("meeting", words, min(noon, at), contact=contact, subject=title, shared=True)


@transaction.atomic
def minutes_sent(review: Review, by: User, at: datetime) -> Review:
    """Both sides have the minutes, or changed ones, to be signed."""
    held = locked(review, State.HELD, State.MINUTES, State.SIGNED)
    held.sign_by = dates.sign_by(working_days(), held.held_on, local_day(at, by.zone))
    return _enter(held, State.MINUTES, "review_minutes", by, at)


@transaction.atomic
def signed(review: Review, by: User | Contact, at: datetime) -> Review:
    """Both sides have signed."""
    held = locked(review, State.MINUTES)
    return _enter(held, State.SIGNED, "review_signed", by, at)


@transaction.atomic
def decide(review: Review, result: Result, by: User, at: datetime) -> Review:
    """Say what came of it: internal until it is shared. Invest and keep lead back to growth, and so does a
    repair, with a plan and a day to look again; parting ways is planned on the page of the end."""
    held = locked(review, State.HELD, State.MINUTES, State.SIGNED)
    if result.outcome not in Outcome.values:
        raise StepRefused(_("Outcome: choose one of the list."))
    if result.outcome == Outcome.REPAIR:
        _check_repair(held, result, local_day(at, by.zone))
    held.outcome, held.outcome_note = result.outcome, result.note.strip()
    held.look_again_on = result.look_again_on if result.outcome == Outcome.REPAIR else None
    held.outcome_is_shared = False
    if result.outcome == Outcome.REPAIR:
        repairing.plan(held, by, at)
    else:
        repairing.call_off(held, by, at)
    if result.outcome == Outcome.PART:
        _evaluate(held.partner, by, at)
    else:
        _grow(held.partner, by, at)
    _save(held, "review_decided", by, at)
    return held


def _check_repair(review: Review, result: Result, today: date) -> None:
    if not result.note.strip():
        raise StepRefused(_("Words: say what good looks like."))
    if result.look_again_on is None or not today < result.look_again_on <= today + FARTHEST:
        raise StepRefused(_("Look again on: choose a day to come, within a year."))
    if len({each.side for each in review.actions.all() if not each.missing}) < len(Review.Side.choices):
        raise StepRefused(
            _("A repair needs a dated step of each side. Note them in the minutes first, with owner and day.")
        )


@transaction.atomic
def share_outcome(review: Review, by: User, at: datetime) -> Review:
    """Let the partner read the outcome, and its words."""
    held = locked(review, State.HELD, State.MINUTES, State.SIGNED, State.CLOSED)
    if not held.outcome:
        raise StepRefused(_("There is no outcome yet."))
    if held.outcome_is_shared:
        raise StepRefused(_("The partner reads the outcome already."))
    held.outcome_is_shared = True
    repairing.share(held)
    _save(held, "review_shared", by, at)
    return held


@transaction.atomic
def close(review: Review, by: User, at: datetime) -> Review:
    """Nothing is left to do: signed by both, or the days for it are over and a side stayed silent."""
    held = locked(review, State.MINUTES, State.SIGNED)
    missing = blockers(held, local_day(at, by.zone))
    if missing:
        raise StepRefused(_("It cannot be closed yet: {why}.").format(why="; ".join(missing)), missing)
    return _enter(held, State.CLOSED, "review_closed", by, at)


def blockers(review: Review, today: date) -> list[str]:
    """What stands before closing, in words; the page and the verb ask here."""
    found = []
    if review.state not in {State.MINUTES, State.SIGNED}:
        found.append(_("the minutes are not sent"))
    elif review.state == State.MINUTES and review.sign_by is not None and today <= review.sign_by:
        day = date_format(review.sign_by, "j F Y")
        found.append(_("not both have signed; silence counts as not answered after {day}").format(day=day))
    if not review.outcome:
        found.append(_("it has no outcome"))
    if sent.is_behind(review, review.versions.last()):
        found.append(
            _("minutes or promises were changed and not sent: open the minutes and send what is changed")
        )
    return found + [_unfinished(each) for each in review.actions.filter(commitment=None)]


def _unfinished(action: Action) -> str:
    lacks = _(" and ").join(action.missing) or _("a look by you: save it once more")
    return _("“{action}” lacks {what}").format(action=action, what=lacks)


# --- shared by all --------------------------------------------------------------------------------------


def locked(review: Review, *expected: str) -> Review:
    """The review as it stands, held until this transaction ends, in one of the states a step starts from."""
    rows = Review.objects.select_for_update(of=("self",)).select_related("partner__owner", "definitions_by")
    held = rows.get(pk=review.pk)
    if held.state not in expected:
        word = str(held.get_state_display()).lower()
        raise StepRefused(_("This review is {word} by now.").format(word=word))
    return held


def _enter(
    held: Review, state: ReviewState, kind: str, by: User | Contact | str, at: datetime, note: str = ""
) -> Review:
    held.state = state
    held.due_on = moments.due_day(held)
    return _save(held, kind, by, at, note=note)


def _save(
    held: Review,
    kind: str,
    by: User | Contact | str,
    at: datetime,
    note: str = "",
    changes: dict[str, Any] | None = None,
) -> Review:
    """Write it, when it is looked at next, and the event."""
    held.next_check_at = moments.next_look(held, zone_of(held.partner.owner), at)
    held.save()
    Event.record(kind, at, by, held.partner, references.to(held), changes=changes, note=note or str(held))
    return held


def _evaluate(partner: Partner, by: User | str, at: datetime) -> None:
    if (partner.status, partner.stage) == (Status.LIVE, Stage.GROWTH):
        transitions.advance(partner, to=Stage.EVALUATION, by=by, at=at)


def _grow(partner: Partner, by: User | str, at: datetime) -> None:
    if (partner.status, partner.stage) == (Status.LIVE, Stage.EVALUATION):
        transitions.advance(partner, to=Stage.GROWTH, by=by, at=at)


def _tell_lead(review: Review, at: datetime) -> None:
    """Moving it twice is told to the owner's lead."""
    said = _("The review with {partner} was moved {n} times by us").format(
        partner=review.partner, n=review.our_moves
    )
    due_at = moments.start_of(review.on, zone_of(review.partner.owner))
    for person in responsibility.leads_of(review.partner.owner):
        notices.give(person, MOVED_TWICE, references.to(review), due_at, at, said, review.get_absolute_url())
