"""The promise of set-up: what falls due when, and that a change leaves open waits alone."""

from datetime import date, datetime

import pytest

from conversations import policies
from conversations.models import Policy
from prm.calendars import NoWorkingTime
from team.models import Company, User
from tests.conftest import BERLIN, MONDAY

FRIDAY_AT_THREE = datetime(2026, 6, 5, 15, 0, tzinfo=BERLIN)
OFFICE = {str(day): [["09:00", "17:00"]] for day in range(5)}


@pytest.mark.parametrize(
    ("mode", "days", "due"),
    [
        ("elapsed", [], datetime(2026, 6, 6, 15, 0, tzinfo=BERLIN)),
        ("working_days", [], datetime(2026, 6, 8, 15, 0, tzinfo=BERLIN)),
        ("working_days", [date(2026, 6, 8)], datetime(2026, 6, 9, 15, 0, tzinfo=BERLIN)),
        ("business_hours", [], datetime(2026, 6, 10, 15, 0, tzinfo=BERLIN)),
    ],
)
def test_set_up_shows_when_a_message_of_friday_afternoon_falls_due(
    mode: str, days: list[date], due: datetime
) -> None:
    assert policies.preview(mode, "Europe/Berlin", OFFICE, days, FRIDAY_AT_THREE) == due


def test_a_half_day_is_a_working_day() -> None:
    half = {date(2026, 6, 8): [["09:00", "12:00"]]}
    due = policies.preview("working_days", "Europe/Berlin", OFFICE, half, FRIDAY_AT_THREE)
    assert due == datetime(2026, 6, 8, 15, 0, tzinfo=BERLIN)


def test_hours_without_any_working_day_are_refused() -> None:
    with pytest.raises(NoWorkingTime):
        policies.preview("working_days", "Europe/Berlin", {"0": []}, [], FRIDAY_AT_THREE)


def test_the_promise_is_made_once(db: None) -> None:
    made = policies.found("working_days", at=MONDAY)
    assert policies.current() == made
    assert (made.mode, made.first_seconds) == (Policy.Mode.WORKING_DAYS, 24 * 3600)
    with pytest.raises(policies.PolicyRefused):
        policies.found("elapsed", at=MONDAY)


def test_an_unknown_mode_is_refused(db: None) -> None:
    with pytest.raises(policies.PolicyRefused):
        policies.found("sometimes", at=MONDAY)


def test_a_change_is_a_new_version(company: Company, alice: User) -> None:
    changed = policies.change("working_days", by=alice, at=MONDAY)
    assert changed.version == 2
    assert policies.current() == changed
    assert policies.change("working_days", by=alice, at=MONDAY) == changed
