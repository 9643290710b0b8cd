"""Working time, kept by other programs as under Settings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from team.models import Calendar, CalendarDay, HolidaySource, User
from tests.programs import Program, program

API = "/api/v1"
DAYS = f"{API}/calendar-days/"
HOLIDAYS = f"{API}/holidays/"


@pytest.fixture
def ravis(ravi: User) -> Program:
    return program(ravi)


@pytest.fixture
def here(ravis: Program) -> str:
    """A calendar of its own."""
    made = ravis.send(f"{API}/calendars/", {"name": "Lisbon", "zone": "Europe/Lisbon"})
    assert made.status_code == 201, made.content
    return f"{API}/calendars/{made.json()['id']}/"


def test_a_calendar_begins_like_the_companys_and_is_changed(ravis: Program, ravi: User, here: str) -> None:
    told = ravis.get(here).json()
    assert (told["weekly"], told["version"]) == (ravi.company.calendar.weekly, 1)
    assert (told["is_ours"], told["people"]) == (False, [])
    weekly = {"0": [["09:00", "12:00"], ["13:00", "17:00"]], "5": []}
    changed = ravis.send(here, {"name": "Porto", "weekly": weekly}, "patch").json()
    assert (changed["name"], changed["zone"], changed["version"]) == ("Porto", "Europe/Lisbon", 2)
    assert changed["weekly"] == {"0": [["09:00", "12:00"], ["13:00", "17:00"]]}
    twice = ravis.send(f"{API}/calendars/", {"name": "porto", "zone": "Europe/Lisbon"})
    assert (twice.status_code, Calendar.objects.filter(name="porto").exists()) == (409, False)


@pytest.mark.parametrize(
    ("weekly", "words"),
    [
        ({"0": [["9", "17:00"]]}, "no time span"),
        ({"0": ["09:00–17:00"]}, "two times"),
        ({"0": [["17:00", "09:00"]]}, "the end must lie after the start"),
        ({"0": [["09:00", "25:00"]]}, "25:00 is no time of day"),
        ({"7": [["09:00", "17:00"]]}, "There is no weekday 7"),
        ([], "dictionary"),
    ],
)
def test_hours_that_cannot_be_read_are_named(ravis: Program, here: str, weekly: Any, words: str) -> None:
    answer = ravis.send(here, {"weekly": weekly}, "patch")
    assert (answer.status_code, list(answer.json())) == (400, ["weekly"])
    assert words in str(answer.json()["weekly"])
    assert ravis.get(here).json()["version"] == 1


def test_a_calendar_without_working_time_is_refused(ravis: Program, here: str) -> None:
    answer = ravis.send(here, {"weekly": {}, "name": "Never"}, "patch")
    assert answer.status_code == 409
    assert "no working time at all" in answer.json()["detail"]
    assert ravis.get(here).json()["name"] == "Lisbon"


def test_days_differ_and_follow_their_weekday_again(ravis: Program, here: str) -> None:
    calendar = ravis.get(here).json()["id"]
    sent = {
        "calendar": calendar,
        "on": "2027-12-24",
        "label": "Christmas Eve",
        "windows": [["9:00", "12:00"]],
    }
    made = ravis.send(DAYS, sent)
    assert made.status_code == 201, made.content
    assert made.json()["windows"] == [["09:00", "12:00"]]
    assert ravis.send(DAYS, sent).status_code == 409
    closed = ravis.send(f"{here}close/", {"first": "2027-12-24", "last": "2027-12-31", "label": "Closed"})
    assert closed.status_code == 200, closed.content
    days = ravis.get(f"{DAYS}?calendar={calendar}&on_from=2027-12-24&sort=on").json()["results"]
    assert [(each["label"], each["windows"]) for each in days] == [("Closed", [])] * 8
    assert ravis.delete(f"{DAYS}{days[0]['id']}/").status_code == 204
    assert not CalendarDay.objects.filter(calendar=calendar, on=date(2027, 12, 24)).exists()


def test_public_holidays_are_taken_and_follow_until_they_are_stopped(ravis: Program, here: str) -> None:
    calendar = ravis.get(here).json()["id"]
    sent = {"calendar": calendar, "country": "PT", "year": 2027, "years": 1}
    made = ravis.send(HOLIDAYS, sent)
    assert made.status_code == 201, made.content
    assert (made.json()["country"], made.json()["through"]) == ("PT", 2027)
    assert CalendarDay.objects.filter(calendar=calendar, on=date(2027, 4, 25)).exists()
    assert ravis.send(HOLIDAYS, {**sent, "subdivision": "nowhere"}).status_code == 409
    assert list(ravis.send(HOLIDAYS, {**sent, "country": "XX"}).json()) == ["country"]
    assert ravis.delete(f"{HOLIDAYS}{made.json()['id']}/").status_code == 204
    assert not HolidaySource.objects.filter(calendar=calendar).exists()
    assert CalendarDay.objects.filter(calendar=calendar, on=date(2027, 4, 25)).exists()


def test_people_work_by_it(ravis: Program, here: str, alice: User, bob: User) -> None:
    assert ravis.send(f"{here}give/", {"people": [alice.pk, bob.pk]}).json()["people"] == [alice.pk, bob.pk]
    assert ravis.send(f"{here}give/", {"people": [bob.pk]}).json()["people"] == [bob.pk]
    alice.refresh_from_db()
    assert alice.calendar is None


def test_only_admins_read_and_keep_calendars(ravis: Program, erin: User, here: str) -> None:
    heads = program(erin)
    assert heads.get(f"{API}/calendars/").json()["results"] == []
    assert heads.send(here, {"name": "Porto"}, "patch").status_code == 404
    assert heads.send(f"{API}/calendars/", {"name": "Porto", "zone": "Europe/Lisbon"}).status_code == 403
