"""The doors of other programs to promises, ours and theirs."""

from __future__ import annotations

from django.db.models import QuerySet

from conversations import commitments
from conversations.api import inputs, rows
from conversations.commitments import Promise
from conversations.models import Commitment
from partners.api.inputs import Reason
from prm import clock
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Makes, Reads, Typed, step
from prm.paging import Order
from team.api.permits import permitted_towards
from team.roles import permitted_or_403

WRITE = "write to partner"


class Commitments(Reads, Makes, Changes):
    noun, words = "commitments", "Who promised what to whom by when, on either side."
    model, row = Commitment, rows.CommitmentRow
    new, changed = inputs.NewCommitment, inputs.CommitmentChange
    may_make = permitted_towards(WRITE, "partner")
    filterset_class = filters(
        Commitment,
        keys=["partner", "owner", "contact", "made_in"],
        choices=["side", "status"],
        days=["promised_for"],
    )
    sorts = USUAL_SORTS | {"promised_for": Order("promised_for", nullable=False)}

    def seen(self) -> QuerySet[Commitment]:
        return Commitment.objects.visible_to(self.user).select_related("partner", "owner", "contact")

    def _must_be_theirs(self, promise: Commitment) -> None:
        """Whose promise it is changes it, and who may change promises of the partner."""
        if promise.owner_id != self.user.pk:
            permitted_or_403(self.user, "change promise", promise.partner)

    def make(self, typed: Typed) -> Commitment:
        partner, visible = typed.pop("partner"), typed.pop("visible_to_partner")
        return commitments.make(
            partner, Promise(**typed), by=self.user, at=clock.now(), visible_to_partner=visible
        )

    may_change = _must_be_theirs

    def change(self, thing: Commitment, typed: Typed) -> None:
        if typed:
            commitments.correct(thing, by=self.user, at=clock.now(), **typed)

    @step(_must_be_theirs, inputs.Keeping)
    def keep(self, thing: Commitment, typed: Typed) -> None:
        """It is done, today or on an earlier day."""
        commitments.keep(thing, by=self.user, at=clock.now(), on=typed.get("on"))

    @step(_must_be_theirs, inputs.Moving)
    def move(self, thing: Commitment, typed: Typed) -> None:
        """Move the date; only before it has passed and with consent does the new one count."""
        to, consent = typed["to"], typed["consent"]
        commitments.renegotiate(thing, to, consent, self.user, clock.now(), reason=typed["reason"])

    @step(_must_be_theirs, Reason, name="break")
    def break_(self, thing: Commitment, typed: Typed) -> None:
        """Say that it will not be kept, and why."""
        commitments.break_(thing, typed["reason"], by=self.user, at=clock.now())

    @step(_must_be_theirs, Reason)
    def withdraw(self, thing: Commitment, typed: Typed) -> None:
        """It was written down by mistake, or does not matter any more. A partner that reads the promise reads
        the reason in the next review."""
        commitments.withdraw(thing, typed["reason"], by=self.user, at=clock.now())
