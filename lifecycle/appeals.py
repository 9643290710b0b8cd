"""A declined prospect contests that we said no: a second person decides, and a yes brings it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format

from conversations.decision_kinds import DAY, Fact, Kind, Look, Starter
from conversations.decisions import DecisionRefused
from conversations.models import Decision, Matter
from lifecycle import transitions
from partners.models import Status

STARTER = Starter(
    name="Declined prospects",
    seconds=10 * DAY,
    yes=["We talk again: what you say changes our view."],
    no=[
        "The reasons given still hold.",
        "Nothing has changed since the decision.",
        "Come back to us when what was missing is there.",
    ],
    appeal_days=30,
)


def look(matters: Sequence[Matter]) -> Mapping[int, Look]:
    return {matter.pk: _look(matter) for matter in matters}


def _look(matter: Matter) -> Look:
    first, partner = matter.appeals, matter.partner
    facts = [Fact("Left at", partner.place_label)]
    if first is not None:
        on = date_format(first.at, "j F Y")
        facts = [Fact("Declined", f"{first.reason}"), Fact("By", f"{first.by}, {on}"), *facts]
    if partner.verdict:
        facts.append(Fact("Fit", partner.verdict_label, reverse("partners:fit", args=[partner.pk])))
    return Look(f"{partner} contests that it was declined", facts)


def decided(matter: Matter, decision: Decision, at: datetime) -> None:
    """A yes takes it up where it was left; what came back meanwhile stays as it is."""
    if decision.is_yes and matter.partner.status == Status.DECLINED:
        transitions.reopen(matter.partner, decision.by, at, reason=decision.reason)


def contested(decision: Decision) -> None:
    if decision.partner.status != Status.DECLINED:
        raise DecisionRefused(f"{decision.partner} is talked with again already.")


DECIDES = Kind(transitions.DECLINED, STARTER, look, decided, contested=contested)
