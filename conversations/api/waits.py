"""The doors of other programs to what waits for us."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conversations import decisions, pauses, retiming, thanks, waits
from conversations.api import inputs, rows
from conversations.commitments import end_of
from conversations.models import Matter, Wait
from partners.api.inputs import Reason
from prm import clock
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Reads, Typed, step
from prm.paging import Order
from prm.refusals import Refused
from team.api.permits import permitted
from team.roles import permitted_or_403

WRITE = "write to partner"


class Waits(Reads):
    noun, words = "waits", "Clocks of requests: a partner waits for our answer, decision or solution."
    model, row = Wait, rows.WaitRow
    filterset_class = filters(
        Wait,
        keys={name: name for name in ("partner", "conversation", "policy", "answered_by", "responsible")}
        | {"owner": "partner__owner"},
        choices=["metric", "state"],
        moments=["opened_at", "due_at"],
    )
    sorts = USUAL_SORTS | {"due_at": Order("due_at", nullable=False)}

    def seen(self) -> QuerySet[Wait]:
        return Wait.objects.visible_to(self.user)

    @step(permitted(WRITE), Reason, related=("partner", "conversation"))
    def cancel(self, thing: Wait, typed: Typed) -> None:
        """No reply is needed, and why. It leaves the figures and is counted among the exclusions."""
        waits.cancel(thing, typed["reason"], by=self.user, at=clock.now())

    @step(permitted(WRITE), inputs.Pausing, related=("partner", "conversation"))
    def pause(self, thing: Wait, typed: Typed) -> None:
        """Let the clock stand still until the end of a day, for what the partner knows of."""
        until = end_of(typed["until"], self.user.zone)
        pauses.pause(thing, typed["ground"], until, self.user, clock.now(), typed["note"])

    @step(permitted(WRITE), related=("partner", "conversation"))
    def resume(self, thing: Wait, typed: Typed) -> None:
        """The clock runs on, before the time that was said."""
        pauses.resume(thing, self.user, clock.now())

    def _must_have_asked(self, wait: Wait) -> None:
        if matter := _asked_by(wait):
            decisions.may_withdraw_or_403(self.user, matter)
        else:
            permitted_or_403(self.user, "change partner", wait.partner)

    @step(_must_have_asked, name="withdraw-matter", related=("partner__owner", "conversation"))
    def withdraw_matter(self, thing: Wait, typed: Typed) -> None:
        """What waits for our yes or no is not asked any more: nobody decides on it."""
        matter = _asked_by(thing)
        if matter is None:
            raise Refused(_("This waits for no decision."))
        decisions.withdraw(matter, decisions.TAKEN_BACK, by=self.user, at=clock.now())

    @step(permitted(WRITE), name="clear-thanks", related=("partner", "conversation"))
    def clear_thanks(self, thing: Wait, typed: Typed) -> None:
        """Put away what only says thanks; it is counted apart."""
        thanks.clear([thing], by=self.user, at=clock.now())

    @step(permitted("change partner"), related=("partner__owner", "conversation"))
    def rebase(self, thing: Wait, typed: Typed) -> None:
        """Count the due time anew, by the promise and calendar of today, from when they asked."""
        retiming.rebase(thing, self.user, clock.now())


def _asked_by(wait: Wait) -> Matter | None:
    """What this wait asks to be decided."""
    return Matter.objects.filter(wait=wait).select_related("partner__owner").first()
