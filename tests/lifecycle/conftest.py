"""Northwind is a prospect of Alice's in negotiation, with a good fit and nothing signed."""

from datetime import date, datetime, timedelta

import pytest

from lifecycle import evidence, transitions
from lifecycle.models import Evidence
from partners import organisations
from partners.models import EndReason, Fit, Partner, Profile, Stage, Step
from team.models import User
from tests.conftest import MONDAY

SIGNED, KICK_OFF = Evidence.Kind.AGREEMENT_SIGNED, Evidence.Kind.KICK_OFF_HELD


def give_fit(partner: Partner, coverage: int = 80, verdict: str = "strong") -> Fit:
    profile, _ = Profile.objects.get_or_create(
        family="General",
        number=1,
        defaults={"state": Profile.State.PUBLISHED, "created_at": MONDAY, "written_at": MONDAY},
    )
    Fit.objects.filter(partner=partner, is_current=True).update(is_current=False)
    Partner.objects.filter(pk=partner.pk).update(score=82, coverage=coverage, verdict=verdict)
    return Fit.objects.create(
        partner=partner, profile=profile, score=82, coverage=coverage, verdict=verdict, scored_at=MONDAY
    )


def prospect(name: str, by: User, at: datetime = MONDAY, step: str = Step.NEGOTIATING) -> Partner:
    return organisations.add(name, by=by, at=at, owner=by, step=step)


def onboarded(name: str, by: User, at: datetime = MONDAY) -> Partner:
    """A partner of `by` that has just entered onboarding."""
    partner = prospect(name, by, at)
    give_fit(partner)
    evidence.record(partner, SIGNED, on=date(2026, 5, 29), by=by, at=at)
    partner.refresh_from_db()
    transitions.advance(partner, to=Stage.ONBOARDING, by=by, at=at + timedelta(days=1))
    return partner


@pytest.fixture
def northwind(alice: User) -> Partner:
    partner = prospect("Northwind", alice)
    give_fit(partner)
    return partner


@pytest.fixture
def strategy(db: None) -> EndReason:
    return EndReason.objects.get_or_create(name="Strategy changed")[0]
