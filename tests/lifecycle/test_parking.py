"""Parked until a day, declined with a reason, reopened."""

from datetime import date, timedelta

import pytest

from conversations.models import Decision
from lifecycle import transitions
from lifecycle.transitions import TransitionRefused
from partners.models import EndReason, Event, Partner, Status, Step
from prm import sweeper
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import onboarded

JULY = date(2026, 7, 1)


def test_a_parked_prospect_comes_back_on_its_day(northwind: Partner, alice: User) -> None:
    transitions.park(northwind, until=JULY, by=alice, at=MONDAY, reason="Budget round")
    assert northwind.visits.filter(left_at=None).exists()
    on_the_eve = MONDAY.replace(month=6, day=30, hour=21, minute=59)  # 23:59 in Berlin
    assert sweeper.run(on_the_eve, only="parked prospects") == {"parked prospects": 0}
    assert sweeper.run(on_the_eve + timedelta(minutes=1), only="parked prospects") == {"parked prospects": 1}
    assert sweeper.run(on_the_eve + timedelta(minutes=1), only="parked prospects") == {"parked prospects": 0}
    northwind.refresh_from_db()
    assert (northwind.status, northwind.step, northwind.parked_until) == ("prospect", "negotiating", None)
    assert Event.objects.get(kind="unparked").actor == "the calendar"
    assert Notice.objects.get(person=alice).text == "Northwind is back from parking, at Negotiating."


def test_it_is_parked_until_a_day_to_come(northwind: Partner, alice: User) -> None:
    with pytest.raises(TransitionRefused, match="still to come"):
        transitions.park(northwind, until=MONDAY.date(), by=alice, at=MONDAY)


def test_a_parked_one_moves_nowhere_until_taken_up(northwind: Partner, alice: User) -> None:
    transitions.park(northwind, until=JULY, by=alice, at=MONDAY)
    with pytest.raises(TransitionRefused) as refusal:
        transitions.advance(northwind, to=Step.CONTACTED, by=alice, at=MONDAY)
    assert refusal.value.reasons == ["It is parked: take it up again first"]
    transitions.unpark(northwind, by=alice, at=MONDAY)
    transitions.advance(northwind, to=Step.CONTACTED, by=alice, at=MONDAY)


def test_a_live_partner_is_neither_parked_nor_declined(alice: User, strategy: EndReason) -> None:
    partner = onboarded("Contoso", alice)
    with pytest.raises(TransitionRefused, match="Contoso is live"):
        transitions.park(partner, until=JULY, by=alice, at=MONDAY)
    with pytest.raises(TransitionRefused, match="Contoso is live"):
        transitions.decline(partner, "us", strategy, "", by=alice, at=MONDAY)
    assert not Decision.objects.exists()


def test_declining_is_a_decision_with_its_reason(
    northwind: Partner, alice: User, strategy: EndReason
) -> None:
    transitions.decline(northwind, "us", strategy, "We stop in this region.", by=alice, at=MONDAY)
    decision = Decision.objects.get(partner=northwind)
    assert (decision.kind, decision.answer) == ("prospect declined", "no")
    assert decision.reason == "Strategy changed. We stop in this region."
    northwind.refresh_from_db()
    assert (northwind.status, northwind.end_reason) == (Status.DECLINED, strategy)
    assert not northwind.visits.filter(left_at=None).exists()


def test_a_no_of_theirs_is_told_apart(northwind: Partner, alice: User, strategy: EndReason) -> None:
    transitions.park(northwind, until=JULY, by=alice, at=MONDAY)
    transitions.decline(northwind, "them", strategy, "", by=alice, at=MONDAY)
    assert Decision.objects.get(partner=northwind).kind == "declined by prospect"
    assert northwind.parked_until is None


def test_reopened_it_begins_a_new_visit(northwind: Partner, alice: User, strategy: EndReason) -> None:
    transitions.decline(northwind, "us", strategy, "", by=alice, at=MONDAY)
    autumn = MONDAY + timedelta(days=120)
    transitions.reopen(northwind, by=alice, at=autumn, reason="New management")
    northwind.refresh_from_db()
    assert (northwind.status, northwind.step, northwind.end_reason) == ("prospect", "negotiating", None)
    assert [(visit.entered_at, visit.left_at) for visit in northwind.visits.all()] == [
        (MONDAY, MONDAY),
        (autumn, None),
    ]
    with pytest.raises(TransitionRefused, match="not declined"):
        transitions.reopen(northwind, by=alice, at=autumn)
