"""What somebody will do: noted by one press while the review is held, a promise once it has owner and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import commitments
from conversations.commitments import Promise
from conversations.models import Commitment
from partners.models import Contact
from reviews.meetings import repairing, steps
from reviews.models import Action, Review
from reviews.models.reviews import OVER
from team.models import User

MOST = 100
OPEN = [state for state in Review.State if state not in OVER]


@dataclass(frozen=True)
class Wanted:
    """What an action says by now."""

    text: str
    side: str = Commitment.Side.OURS
    owner: User | None = None
    contact: Contact | None = None
    due_on: date | None = None


@transaction.atomic
def note(review: Review, text: str, by: User, at: datetime) -> Action:
    """Write down that something is to be done; who and by when may follow."""
    held = steps.locked(review, *OPEN)
    text = " ".join(text.replace("\0", "").split())[:300]
    if not text:
        raise steps.StepRefused(_("Say what is to be done."))
    if held.actions.count() >= MOST:
        raise steps.StepRefused(_("{n} actions are noted already.").format(n=MOST))
    return Action.objects.create(review=held, text=text, created_by=by, created_at=at)


@transaction.atomic
def write(action: Action, wanted: Wanted, by: User, at: datetime) -> Action:
    """Say who does what by when. Once the review is held and nothing is missing, it is a promise."""
    review = steps.locked(action.review, *OPEN)
    if action.commitment_id is not None:
        raise steps.StepRefused(_("This is a promise already: change it there."))
    if not wanted.text.strip():
        raise steps.StepRefused(_("Say what is to be done."))
    is_ours = wanted.side == Commitment.Side.OURS
    action.text, action.side, action.due_on = wanted.text.strip()[:300], wanted.side, wanted.due_on
    action.owner, action.contact = (wanted.owner, None) if is_ours else (None, wanted.contact)
    action.save()
    if review.is_held:
        _promise(action, review, by, at)
    return action


@transaction.atomic
def settle(review: Review, by: User, at: datetime) -> None:
    """Make promises of all actions that have owner and day."""
    for action in review.actions.filter(commitment=None).select_related("owner", "contact"):
        _promise(action, review, by, at)


def _promise(action: Action, review: Review, by: User, at: datetime) -> None:
    if action.missing or action.due_on is None:
        return
    promise = Promise(action.text, action.due_on, action.side, action.owner, action.contact)
    told = review.state != Review.State.HELD  # the partner reads it with the minutes
    made = commitments.make(review.partner, promise, by, at, visible_to_partner=told)
    action.commitment = made
    action.save(update_fields=["commitment"])
    repairing.add_step(action, review, by, at)


@transaction.atomic
def drop(action: Action) -> None:
    """It was noted by mistake; a promise is withdrawn where it stands."""
    steps.locked(action.review, *OPEN)
    if action.commitment_id is not None:
        raise steps.StepRefused(_("This is a promise already: change it there."))
    action.delete()


def share(review: Review) -> None:
    """Let the partner read the promises that were made here."""
    Commitment.objects.filter(review_action__review=review).update(visible_to_partner=True)
