"""What a program does for the person of its token: days away, and what it was told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from prm import clock
from prm.references import Reference
from team import notices
from team.models import Leave, Notice, User
from tests.programs import Program, program

LEAVES = "/api/v1/leaves/"
NOTICES = "/api/v1/notices/"


@pytest.fixture
def bobs(bob: User) -> Program:
    return program(bob)


def test_leave_is_noted_told_and_taken_out(bobs: Program, bob: User, alice: User) -> None:
    first = clock.now().date() + timedelta(days=3)
    days = {"starts_on": str(first), "ends_on": str(first + timedelta(days=6))}
    made = bobs.send(LEAVES, {**days, "delegate": alice.pk, "told": True})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["starts_on"], told["delegate"]) == (str(first), alice.pk)
    assert Leave.objects.get(user=bob).told_at is not None
    again = bobs.send(LEAVES, days)
    assert again.status_code == 409
    assert "leave already" in again.json()["detail"]
    assert program(alice).get(LEAVES).json()["results"] == []
    assert program(alice).delete(f"{LEAVES}{told['id']}/").status_code == 404
    assert bobs.delete(f"{LEAVES}{told['id']}/").status_code == 204
    assert not Leave.objects.exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"ends_on": "2026-12-24"}, "starts_on"),
        ({"starts_on": "2026-12-24", "ends_on": "9999-01-01"}, "ends_on"),
        ({"starts_on": "2026-12-24", "ends_on": "2026-12-24", "delegate": 999_999}, "delegate"),
    ],
)
def test_leave_that_cannot_be_read_names_its_field(bobs: Program, sent: dict[str, str], field: str) -> None:
    answer = bobs.send(LEAVES, sent)
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_nobody_stands_in_for_themselves(bobs: Program, bob: User) -> None:
    sent = {"starts_on": "2026-12-24", "ends_on": "2026-12-24", "delegate": bob.pk}
    assert list(bobs.send(LEAVES, sent).json()) == ["delegate"]


def told(person: User, n: int) -> Notice:
    at = clock.now()
    cause = Reference("wait", n)
    notices.give(person, "wait_warned", cause, at + timedelta(hours=4), at, f"Northwind waits ({n}).")
    return Notice.objects.get(person=person, cause_id=n)


def test_notices_are_read_hidden_and_shown_again(bobs: Program, bob: User, alice: User) -> None:
    first, second = told(bob, 1), told(bob, 2)
    other = told(alice, 1)
    here = f"{NOTICES}{first.pk}/"
    assert {each["id"] for each in bobs.get(NOTICES).json()["results"]} == {first.pk, second.pk}
    assert bobs.send(f"{NOTICES}{other.pk}/read/").status_code == 404
    assert bobs.send(f"{here}read/").json()["read_at"] is not None
    (left,) = bobs.get(f"{NOTICES}?is_read=false").json()["results"]
    assert left["id"] == second.pk
    later = (clock.now() + timedelta(hours=1)).isoformat()
    assert bobs.send(f"{here}snooze/", {"until": later}).json()["read_at"] is None
    assert [each["id"] for each in bobs.get(f"{NOTICES}?is_snoozed=true").json()["results"]] == [first.pk]
    assert bobs.send(f"{here}snooze/", {"until": "2020-01-01T09:00Z"}).status_code == 409
    assert bobs.send(f"{here}wake/").json()["snoozed_until"] is None
    assert bobs.send(f"{here}snooze/", {}).json() == {"until": ["This field is required."]}


def test_all_notices_are_read_at_once_and_once_under_a_key(bobs: Program, bob: User, alice: User) -> None:
    told(bob, 1)
    told(bob, 2)
    told(alice, 3)
    for _try in range(2):
        answer = bobs.send(f"{NOTICES}read-all/", headers={"Idempotency-Key": "a"})
        assert answer.json() == {"read": 2}
    assert notices.unread(alice) == 1
