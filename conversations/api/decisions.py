"""The doors of other programs to our yes and no."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from conversations import appeals, deciders, decisions, records
from conversations.api import inputs, rows
from conversations.models import Decision, hidden_from
from partners.models import seen_by
from prm import clock
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Makes, Reads, Typed, step
from prm.paging import Order
from team.api.permits import permitted
from team.roles import STEERING

WRITE = "write to partner"


class Decisions(Reads, Makes):
    noun, words = "decisions", "Our yes or no, with its reason, to what a partner or a colleague asked."
    model, row, new = Decision, rows.DecisionRow, inputs.NewDecision
    filterset_class = filters(
        Decision,
        keys=["partner", "wait", "by"],
        choices=["answer"],
        texts=["kind"],
        booleans=["visible_to_partner"],
        moments=["at"],
    )
    sorts = USUAL_SORTS | {"at": Order("at", nullable=False)}

    def seen(self) -> QuerySet[Decision]:
        """Those that partners read; what colleagues asked for, for both of them and for who steers."""
        found = Decision.objects.filter(seen_by(self.user), ~hidden_from(self.user, "wait__conversation"))
        if self.user.roles & STEERING:
            return found
        asked = Decision.objects.filter(matter__asked_by=self.user.pk).values("pk")
        return found.filter(Q(visible_to_partner=True) | Q(by=self.user.pk) | Q(pk__in=asked))

    def _must_decide(self, thing: None) -> None:
        wait, at = self.named("wait"), clock.now()
        if wait is not None and not deciders.may(self.user, wait.matter, at):
            raise PermissionDenied(decisions.why_not(self.user, wait.matter, at))

    may_make = _must_decide

    def make(self, typed: Typed) -> Any:
        return decisions.decide(
            typed["wait"].matter,
            typed["answer"],
            typed["reason"],
            by=self.user,
            at=clock.now(),
            seen=typed.get("seen"),
            sort=typed["sort"],
        )

    @step(permitted(WRITE), inputs.Contesting, related=("partner__owner",))
    def contest(self, thing: Decision, typed: Typed) -> None:
        """They told us that they contest it; a second person decides anew."""
        contact = typed.get("contact")
        records.must_be_of(contact, thing.partner)
        appeals.contest(thing, typed["words"], self.user, clock.now(), contact=contact)
