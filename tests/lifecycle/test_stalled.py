"""Stalled: longer than 1.5 × usual for the stage, with nothing ahead."""

from datetime import date, datetime, timedelta
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from conversations.models import Commitment, Meeting
from lifecycle import stalled, tasks, transitions
from partners.models import Partner, Stage, Visit
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import prospect

AGO = MONDAY - timedelta(days=91)
ALL = Partner.objects.all


def names(at: datetime = MONDAY) -> list[str]:
    return [row.name for row in stalled.stalled(ALL(), at)]


def closed_visits(*days: int, stage: str = Stage.RECRUITMENT, until: datetime = MONDAY) -> None:
    elsewhere = Partner.objects.create(
        name="Elsewhere", status="declined", stage_since=until, step_since=until, created_at=until
    )
    for lasted in days:
        Visit.objects.create(
            partner=elsewhere, stage=stage, entered_at=until - timedelta(days=lasted), left_at=until
        )


@pytest.mark.parametrize(
    ("days", "usual", "ahead", "verdict"),
    [(36.1, 24, False, True), (36, 24, False, False), (36.1, 24, True, False), (0, 0, False, False)],
)
def test_the_rule(days: float, usual: float, ahead: bool, verdict: bool) -> None:
    assert stalled.is_stalled(days, usual, ahead) is verdict


@given(st.floats(0, 5000), st.floats(1, 500))
def test_longer_is_never_less_stalled(days: float, usual: float) -> None:
    if stalled.is_stalled(days, usual, False):
        assert stalled.is_stalled(days + 1, usual, False)
    assert not stalled.is_stalled(days, usual, True)


def test_with_few_closed_visits_the_target_is_usual(alice: User) -> None:
    prospect("Kestrel", alice, at=AGO)
    prospect("Pelican", alice, at=MONDAY - timedelta(days=90))
    closed_visits(1, 1, 1, 1)
    assert names() == ["Kestrel"]


def test_the_reason_is_said_in_words(alice: User) -> None:
    prospect("Kestrel", alice, at=MONDAY - timedelta(days=41))
    closed_visits(10, 20, 24, 30, 90)
    (row,) = stalled.stalled(ALL(), MONDAY)
    assert row.reason == "Recruitment · 41 days, usual 24. No open task, promise or meeting."


@pytest.mark.django_db
@pytest.mark.parametrize("days", [(10, 20, 24, 30, 90), (1, 2, 3, 10, 20, 21), (5,) * 7])
def test_usual_is_the_median(days: tuple[int, ...]) -> None:
    closed_visits(*days, stage=Stage.GROWTH)
    closed_visits(3, 3, 3, 3, 3, stage=Stage.ONBOARDING, until=MONDAY - timedelta(days=400))
    usual = stalled.usual_days(MONDAY)
    assert usual[Stage.GROWTH] == median(days)
    assert usual[Stage.ONBOARDING] == stalled.TARGETS[Stage.ONBOARDING]


def test_something_ahead_keeps_it_moving(alice: User) -> None:
    with_task, with_promise, with_meeting, met = (
        prospect(name, alice, at=AGO) for name in ("Task", "Promise", "Meeting", "Met")
    )
    task = tasks.add(with_task, "Send terms", by=alice, at=MONDAY)
    Commitment.objects.create(
        partner=with_promise,
        side="theirs",
        text="Send the list",
        promised_for=date(2026, 6, 3),
        original_promised_for=date(2026, 6, 3),
        ends_at=MONDAY,
        created_by=alice,
        created_at=MONDAY,
    )
    for partner, days in ((with_meeting, 2), (met, -2)):
        Meeting.objects.create(
            person=alice,
            partner=partner,
            title="Review",
            starts_at=MONDAY + timedelta(days=days),
            ends_at=MONDAY + timedelta(days=days, hours=1),
            uid=partner.name,
            created_at=MONDAY,
        )
    assert names() == ["Met"]
    tasks.done(task, by=alice, at=MONDAY)
    assert names() == ["Task", "Met"]


def test_a_parked_one_is_not_stalled(alice: User) -> None:
    partner = prospect("Kestrel", alice, at=AGO)
    transitions.park(partner, until=date(2026, 9, 1), by=alice, at=MONDAY)
    assert names() == []


@pytest.mark.django_db
def test_what_is_usual_is_measured_by_the_sweep_each_hour() -> None:
    closed_visits(10, 10, 10, 10, 10, stage=Stage.GROWTH)
    stalled.keep_measured(MONDAY)
    closed_visits(40, 40, 40, 40, 40, 40, stage=Stage.GROWTH)
    soon, later, too_late = (MONDAY + timedelta(minutes=minutes) for minutes in (59, 60, 60 * 4))
    stalled.keep_measured(soon)
    assert stalled.usual_days(soon)[Stage.GROWTH] == 10
    assert stalled.usual_days(too_late)[Stage.GROWTH] == 40  # where no sweep came by
    stalled.keep_measured(later)
    assert stalled.usual_days(later)[Stage.GROWTH] == 40


def test_it_asks_twice_however_many_there_are(alice: User) -> None:
    stalled.keep_measured(MONDAY)
    counts = []
    for more in (3, 27):
        for number in range(more):
            prospect(f"Kestrel {number}", alice, at=AGO)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            stalled.stalled(ALL(), MONDAY)
        counts.append(len(queries))
    assert counts == [2, 2]
