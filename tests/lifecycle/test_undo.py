"""Undo is the verb's inverse: all is as it was, both events stay."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from conversations.models import Decision
from lifecycle import evidence, parking, tasks, transitions
from lifecycle.models import Evidence
from partners import history
from partners.history import UndoRefused
from partners.models import EndReason, Event, Partner, Stage, Status, Step
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import SIGNED, onboarded

LATER = MONDAY + timedelta(days=20)
SOON = LATER + timedelta(minutes=3)


def test_a_mistaken_move_counts_in_no_duration(alice: User) -> None:
    partner = onboarded("Contoso", alice)
    before = list(partner.visits.values_list("stage", "entered_at", "left_at"))
    since = partner.stage_since
    event = transitions.end(partner, EndReason.objects.create(name="Insolvent"), "", by=alice, at=LATER)
    undone = history.undo(event, by=alice, at=SOON)
    partner.refresh_from_db()
    assert (partner.status, partner.stage, partner.stage_since) == (Status.LIVE, Stage.ONBOARDING, since)
    assert partner.end_reason is None
    assert list(partner.visits.values_list("stage", "entered_at", "left_at")) == before
    assert undone.undoes == event
    assert history.sentence(undone) == "took back: ended the partnership: Insolvent"


def test_a_move_to_the_next_stage_is_taken_back(northwind: Partner, erin: User) -> None:
    event = transitions.advance(northwind, to=Stage.ONBOARDING, by=erin, at=LATER, reason="Trust me")
    history.undo(event, by=erin, at=SOON)
    northwind.refresh_from_db()
    assert (northwind.stage, northwind.step, northwind.stage_since) == ("recruitment", "negotiating", MONDAY)
    visit = northwind.visits.get()
    assert (visit.stage, visit.left_at) == (Stage.RECRUITMENT, None)
    assert Event.objects.filter(kind__in=["moved", "taken_back"]).count() == 2


def test_it_is_refused_once_the_partner_has_moved_on(northwind: Partner, alice: User) -> None:
    first = transitions.advance(northwind, to=Step.CONTACTED, by=alice, at=LATER)
    second = transitions.advance(northwind, to=Step.QUALIFIED, by=alice, at=LATER)
    with pytest.raises(UndoRefused, match="Northwind has moved on since"):
        history.undo(first, by=alice, at=SOON)
    history.undo(second, by=alice, at=SOON)
    history.undo(Event.objects.get(pk=first.pk), by=alice, at=SOON)
    northwind.refresh_from_db()
    assert (northwind.step, northwind.step_since) == (Step.NEGOTIATING, MONDAY)


def test_it_is_refused_once_the_partner_was_parked(northwind: Partner, alice: User) -> None:
    event = transitions.advance(northwind, to=Step.CONTACTED, by=alice, at=LATER)
    transitions.park(northwind, until=date(2026, 12, 1), by=alice, at=LATER)
    with pytest.raises(UndoRefused):
        history.undo(event, by=alice, at=SOON)


def test_twice_is_once(northwind: Partner, alice: User) -> None:
    event = transitions.advance(northwind, to=Step.CONTACTED, by=alice, at=LATER)
    history.undo(event, by=alice, at=SOON)
    with pytest.raises(UndoRefused, match="already"):
        history.undo(Event.objects.get(pk=event.pk), by=alice, at=SOON)


def test_a_colleague_without_the_right_takes_nothing_back(northwind: Partner, alice: User, bob: User) -> None:
    event = transitions.advance(northwind, to=Step.CONTACTED, by=alice, at=LATER)
    with pytest.raises(PermissionDenied):
        history.undo(event, by=bob, at=SOON)


def test_parking_and_declining_are_taken_back(northwind: Partner, alice: User, strategy: EndReason) -> None:
    transitions.park(northwind, until=date(2026, 12, 1), by=alice, at=LATER)
    transitions.decline(northwind, "us", strategy, "No time.", by=alice, at=LATER)
    history.undo(Event.objects.get(kind="declined"), by=alice, at=SOON)
    northwind.refresh_from_db()
    assert (northwind.status, northwind.parked_until) == (Status.PARKED, date(2026, 12, 1))
    assert northwind.visits.get().left_at is None
    assert Decision.objects.get().withdrawn_at == SOON
    history.undo(Event.objects.get(kind="parked"), by=alice, at=SOON)
    northwind.refresh_from_db()
    assert (northwind.status, northwind.parked_until) == (Status.PROSPECT, None)


def test_what_the_calendar_did_has_no_undo(northwind: Partner, alice: User) -> None:
    transitions.park(northwind, until=date(2026, 6, 10), by=alice, at=MONDAY)
    parking.wake(LATER)
    with pytest.raises(UndoRefused):
        history.undo(Event.objects.get(kind="unparked"), by=alice, at=SOON)


def test_evidence_recorded_by_mistake_is_withdrawn(northwind: Partner, alice: User) -> None:
    evidence.record(northwind, SIGNED, on=date(2026, 6, 20), by=alice, at=LATER)
    event = Event.objects.get(kind="evidence_recorded")
    undone = history.undo(event, by=alice, at=SOON)
    assert undone.undoes == event
    assert Evidence.objects.get().withdrawn_at == SOON
    northwind.refresh_from_db()
    assert (northwind.signed_on, northwind.step) == (None, Step.NEGOTIATING)


def test_a_task_is_open_again(northwind: Partner, alice: User) -> None:
    task = tasks.add(northwind, "Call them", by=alice, at=LATER)
    event = tasks.done(task, by=alice, at=LATER)
    history.undo(event, by=alice, at=SOON)
    task.refresh_from_db()
    assert task.is_open
