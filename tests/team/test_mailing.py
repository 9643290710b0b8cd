"""When a person's mails leave: quiet hours, one digest a local day, caps, and what each chose."""

import random
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from prm import outbox
from prm.references import Reference
from team import mailing, notices, people, preferences
from team.models import Calendar, Notice, User
from tests.conftest import BERLIN, MONDAY
from tests.sink import Sink

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "_kinds", dict(notices._kinds))
    notices.register("test due", at_once=True, why="You answer.", deadline=True, may_be_off=False)
    notices.register("test given", at_once=True, why="It is yours.")
    notices.register("test news", at_once=False, why="You read the news.")


def berlin(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def tell(person: User, at: datetime, kind: str = "test news", cause: int = 1, due: datetime = MONDAY) -> bool:
    return notices.give(person, kind, Reference("wait", cause), due, at, text=f"[{cause}] happened")


def swept(at: datetime) -> None:
    mailing.bind_all(at)
    outbox.deliver(at)


def listed(sink: Sink) -> list[int]:
    """Which causes arrived, in order, as often as they did."""
    words = " ".join(body.split("--")[0] for body in sink.bodies)
    return [int(word.strip("[]")) for word in words.split() if word.startswith("[")]


def test_a_warning_of_the_night_is_mailed_at_eight_and_its_deadline_stays(alice: User, sink: Sink) -> None:
    raw, due = berlin(4, 4, 15), berlin(4, 10, 15)
    tell(alice, raw, "test due", due=due)
    for at in (raw, berlin(4, 7, 59)):
        swept(at)
        assert sink.mails == []
    swept(berlin(4, 8))
    assert listed(sink) == [1]
    assert Notice.objects.get().due_at == due


def test_what_has_under_two_hours_left_in_the_morning_is_mailed_in_the_night(alice: User, sink: Sink) -> None:
    tell(alice, berlin(4, 1), "test due", due=berlin(4, 7))
    swept(berlin(4, 1))
    assert listed(sink) == [1]


def test_what_has_no_deadline_waits_over_the_weekend(alice: User, sink: Sink) -> None:
    tell(alice, berlin(5, 21), "test given")
    for hours in range(58):
        swept(berlin(5, 21) + hours * HOUR)
    assert sink.mails == []
    swept(berlin(8, 8))
    assert listed(sink) == [1]


def test_the_weekend_is_that_of_the_persons_calendar(alice: User, sink: Sink) -> None:
    alice.calendar = Calendar.objects.create(
        name="Riyadh", zone="Asia/Riyadh", weekly={str(day): [["09:00", "17:00"]] for day in (6, 0, 1, 2, 3)}
    )
    alice.save()
    tell(alice, berlin(7, 12), "test given")  # a Sunday
    swept(berlin(7, 12))
    assert listed(sink) == [1]


def change(person: User, at: datetime, digest: time = time(8, 30), quiet: tuple[int, int] = (20, 8)) -> None:
    preferences.change_times(
        person,
        at,
        digest_at=digest,
        quiet_from=time(quiet[0]),
        quiet_until=time(quiet[1]),
        quiet_weekends=False,
    )


def test_changed_quiet_hours_hold_for_what_waits_already(alice: User, sink: Sink) -> None:
    tell(alice, berlin(4, 21), "test given")
    swept(berlin(4, 21))
    change(alice, berlin(4, 21, 5), quiet=(23, 8))
    swept(berlin(4, 21, 6))
    assert listed(sink) == [1]


def test_one_digest_each_local_day_however_the_job_jitters(alice: User, sink: Sink) -> None:  # N05
    chance = random.Random(5)
    for day in range(1, 15):
        tell(alice, berlin(day, 12), cause=day)
        for _ in range(3):
            swept(berlin(day + 1, 8, 30) + timedelta(minutes=chance.randint(0, 20)))
        swept(berlin(day + 1, 8, 10) + DAY - timedelta(minutes=20))
    assert listed(sink) == list(range(1, 15))
    assert len(sink.mails) == 14


def test_one_committed_late_goes_into_the_next_days_digest(alice: User, sink: Sink) -> None:
    tell(alice, berlin(2, 8, 29), cause=1)
    swept(berlin(2, 8, 31))
    tell(alice, berlin(2, 8, 29), cause=2)  # its transaction took long
    swept(berlin(2, 8, 32))
    assert listed(sink) == [1]
    swept(berlin(3, 8, 31))
    assert listed(sink) == [1, 2]


def test_a_digest_missed_while_all_stood_still_is_sent_when_it_runs_again(alice: User, sink: Sink) -> None:
    tell(alice, berlin(1, 12))
    swept(berlin(4, 15))
    assert listed(sink) == [1]


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
def test_a_digest_of_half_past_two_is_sent_once_when_the_time_changes(
    alice: User, sink: Sink, month: int, day: int
) -> None:  # D09
    change(alice, berlin(day - 1, 9, month=month), digest=time(2, 30))
    tell(alice, berlin(day - 1, 20, month=month), cause=1)
    at = berlin(day, 0, month=month).astimezone(ZoneInfo("UTC"))
    for minutes in range(0, 300, 5):
        tell(alice, at + timedelta(minutes=minutes), cause=minutes + 2)
        swept(at + timedelta(minutes=minutes))
    assert len(sink.mails) == 1
    assert listed(sink)[0] == 1
    assert "Your digest: " in sink.mails[0]["Subject"]


def test_beyond_the_cap_all_goes_into_the_digest_and_none_is_lost(alice: User, sink: Sink) -> None:  # N09
    for minute in range(20):
        at = MONDAY + timedelta(minutes=minute)
        tell(alice, at, "test given", cause=minute)
        swept(at)
    assert listed(sink) == list(range(mailing.MOST_MAILS))
    assert notices.unread(alice) == 20
    swept(berlin(2, 8, 30))
    assert sorted(listed(sink)) == list(range(20))
    assert len(sink.mails) == mailing.MOST_MAILS + 1


def test_after_an_hour_mails_leave_at_once_again(alice: User, sink: Sink) -> None:
    for minute in range(mailing.MOST_MAILS):
        tell(alice, MONDAY, "test given", cause=minute)
        swept(MONDAY)
    tell(alice, MONDAY + HOUR, "test given", cause=99)
    swept(MONDAY + HOUR)
    assert listed(sink)[-1] == 99


def test_what_was_read_here_is_not_mailed(alice: User, sink: Sink) -> None:
    tell(alice, MONDAY, cause=1)
    tell(alice, MONDAY, cause=2)
    notices.mark_read([Notice.objects.get(cause_id=1)], by=alice, at=MONDAY + HOUR)
    swept(berlin(2, 8, 30))
    assert listed(sink) == [2]


def test_each_chooses_the_way_of_a_kind(alice: User, bob: User, sink: Sink) -> None:
    preferences.choose(alice, {"test given": "digest", "test news": "at_once", "test due": "app"})
    for kind in ("test given", "test news", "test due"):
        tell(alice, MONDAY, kind)
    swept(MONDAY)
    assert list(Notice.objects.exclude(mail_key="").values_list("kind", flat=True)) == ["test news"]
    swept(berlin(2, 8, 30))
    assert list(Notice.objects.filter(mail_key="").values_list("kind", flat=True)) == ["test due"]
    assert preferences.ways_of(bob)["test given"] == "at_once"


def test_what_is_switched_off_is_not_given(alice: User) -> None:
    preferences.choose(alice, {"test news": "off"})
    assert not tell(alice, MONDAY)
    assert not Notice.objects.exists()


def test_what_must_not_be_missed_cannot_be_switched_off(alice: User) -> None:
    with pytest.raises(preferences.PreferenceRefused, match="“Test due” cannot be switched off"):
        preferences.choose(alice, {"test due": "off"})


def test_choosing_what_the_kind_says_follows_the_kind_again(alice: User) -> None:
    preferences.choose(alice, {"test news": "at_once"})
    preferences.choose(alice, {"test news": "digest"})
    assert not alice.notice_choices.exists()


@pytest.mark.parametrize("kind", ["wait_breached", "wait_raised"])
def test_late_replies_stay_in_the_app_for_everybody(kind: str) -> None:
    assert not notices.kinds()[kind].may_be_off


def test_who_stands_in_is_told_while_the_leave_runs(alice: User, bob: User) -> None:
    people.go_on_leave(alice, berlin(1, 0).date(), berlin(3, 0).date(), bob)
    tell(alice, berlin(3, 23), "test given", cause=1)
    tell(alice, berlin(4, 1), "test given", cause=2)
    given = Notice.objects.order_by("pk").values_list("person__name", "cause_id", "why")
    assert list(given) == [
        ("Alice", 1, "It is yours."),
        ("Bob", 1, "You stand in for Alice."),
        ("Alice", 2, "It is yours."),
    ]


def test_what_waits_for_its_moment_costs_a_sweep_one_query(
    alice: User, bob: User, django_assert_num_queries: Any
) -> None:
    for person in (alice, bob):
        for cause in range(20):
            tell(person, berlin(5, 21), "test given", cause=cause)
            tell(person, berlin(5, 21), cause=cause)
    mailing.bind_all(berlin(5, 21))
    with django_assert_num_queries(1):
        mailing.bind_all(berlin(6, 7))
