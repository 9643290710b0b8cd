"""What a program does for the person of its token: days away, and what it was told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from prm import clock
from prm.references import Reference
from team import notices, preferences
from team.models import Leave, Notice, User
from tests.programs import Program, program

LEAVES = "/api/v1/leaves/"
NOTICES = "/api/v1/notices/"
TOLD = "/api/v1/notice-settings/"


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


def test_when_one_is_told_is_read_and_changed(bobs: Program, bob: User, alice: User) -> None:
    before = bobs.get(TOLD).json()
    usual = {"quiet_from": "20:00", "quiet_until": "08:00", "quiet_weekends": True, "digest_at": "08:30"}
    assert {name: before[name] for name in usual} == usual
    assert before["zone"] == bob.zone
    waiting = told(bob, 1).pk
    Notice.objects.filter(pk=waiting).update(next_check_at=clock.now() + timedelta(hours=9))
    changed = bobs.send(f"{TOLD}times/", {"quiet_from": "18:30", "quiet_weekends": False}, "patch")
    assert changed.json() == before | {"quiet_from": "18:30", "quiet_weekends": False}
    assert bobs.get(TOLD).json() == changed.json()
    assert preferences.hours_of(bob).quiet_days == frozenset()
    assert Notice.objects.get(pk=waiting).next_check_at <= clock.now()
    wrong = bobs.send(f"{TOLD}times/", {"digest_at": "25:00", "quiet_from": "17:00"}, "patch")
    assert (wrong.status_code, wrong.json()) == (400, {"digest_at": ["Write a time of day like 08:30."]})
    assert bobs.get(TOLD).json() == changed.json()
    assert program(alice).get(TOLD).json()["quiet_from"] == "20:00"
    assert program(bob, "read").send(f"{TOLD}times/", {}, "patch").status_code == 403


def test_how_one_is_told_of_each_kind_is_read_and_chosen(bobs: Program, bob: User, ravi: User) -> None:
    def ways(program: Program) -> dict[str, str]:
        return {each["kind"]: each["way"] for each in program.get(TOLD).json()["ways"]}

    before = ways(bobs)
    assert before == preferences.ways_of(bob)
    kinds = notices.kinds()
    stays = next(kind for kind in before if not kinds[kind].may_be_off)
    other = next(kind for kind in before if kinds[kind].may_be_off and before[kind] != "digest")
    chosen = bobs.send(f"{TOLD}ways/", {"ways": [{"kind": other, "way": "digest"}]}, "patch")
    assert chosen.status_code == 200, chosen.content
    assert ways(bobs) == before | {other: "digest"} == preferences.ways_of(bob)

    both = [{"kind": other, "way": "app"}, {"kind": stays, "way": "off"}]
    refused = bobs.send(f"{TOLD}ways/", {"ways": both}, "patch")
    assert (refused.status_code, "cannot be switched off" in refused.json()["detail"]) == (409, True)
    of_admins = next(kind for kind in kinds if kinds[kind].for_admins)
    for wrong in ([{"kind": of_admins, "way": "app"}], [{"kind": other}], [both[0], both[0]], []):
        answer = bobs.send(f"{TOLD}ways/", {"ways": wrong}, "patch")
        assert (answer.status_code, list(answer.json())) == (400, ["ways"]), wrong
    assert ways(bobs) == before | {other: "digest"}
    assert of_admins in ways(program(ravi))
