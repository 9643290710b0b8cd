"""A person is told once, and by exactly one mail."""

from datetime import datetime, timedelta

import pytest

from prm import outbox, sweeper
from prm.models import OutboxItem
from prm.references import Reference
from team import mailing, notices
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.sink import Sink

CAUSE = Reference("wait", 7)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "_kinds", dict(notices._kinds))
    notices.register("test warning", at_once=True, why="You look after this partner.")
    notices.register("test news", at_once=False, why="You read the news.")
    notices.register("test gone", at_once=True, why="", still_stands=lambda notice: False)


def tell(
    person: User, cause: int = 7, kind: str = "test warning", due: datetime = MONDAY, at: datetime = MONDAY
) -> bool:
    return notices.give(
        person, kind, Reference("wait", cause), due, at, text=f"Wait {cause} is due", url="/x/"
    )


def test_the_same_cause_is_told_once(alice: User) -> None:
    assert tell(alice)
    assert not tell(alice)
    assert Notice.objects.count() == 1


def test_a_moved_due_time_is_told_again(alice: User) -> None:
    tell(alice)
    assert tell(alice, due=MONDAY + HOUR)


def test_a_kind_nobody_registered_is_refused(alice: User) -> None:
    with pytest.raises(LookupError):
        tell(alice, kind="unheard of")


def test_seven_notices_travel_in_one_mail(alice: User, bob: User, sink: Sink) -> None:
    for cause in range(7):
        tell(alice, cause)
    tell(bob)
    sweeper.run(MONDAY)
    outbox.deliver(MONDAY)
    assert len(sink.mails) == 2
    body = next(body for body in sink.bodies if "Wait 6" in body)
    assert all(f"Wait {cause} is due" in body for cause in range(7))
    assert body.count("You look after this partner.") == 1


def test_a_second_sweep_and_a_second_delivery_send_nothing_more(alice: User, sink: Sink) -> None:
    tell(alice)
    for minute in range(3):
        sweeper.run(MONDAY + minute * HOUR)
        outbox.deliver(MONDAY + minute * HOUR)
    assert len(sink.mails) == 1


def test_what_comes_later_goes_in_a_mail_of_its_own(alice: User, sink: Sink) -> None:
    tell(alice, 1)
    mailing.bind_all(MONDAY)
    tell(alice, 2)
    mailing.bind_all(MONDAY)
    outbox.deliver(MONDAY)
    assert [("Wait 1" in body, "Wait 2" in body) for body in sink.bodies] == [(True, False), (False, True)]
    assert len(set(sink.message_ids)) == 2


def test_notice_and_mail_are_bound_together_or_not_at_all(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(alice)

    def dies(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the worker died")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "put", dies)
        with pytest.raises(RuntimeError):
            mailing.bind_all(MONDAY)
    assert Notice.objects.get().mail_key == ""
    assert mailing.bind_all(MONDAY) == 1
    assert OutboxItem.objects.get().key == Notice.objects.get().mail_key


def test_the_rest_waits_for_half_past_eight(alice: User) -> None:
    tell(alice, kind="test news")  # Monday 09:00 in Berlin
    assert mailing.bind_all(MONDAY + 23 * HOUR) == 0
    assert mailing.bind_all(MONDAY + 23.5 * HOUR) == 1


def test_a_notice_whose_cause_is_gone_is_not_mailed(alice: User, sink: Sink) -> None:
    tell(alice, kind="test gone")
    sweeper.run(MONDAY)
    outbox.deliver(MONDAY)
    assert sink.mails == []
    assert OutboxItem.objects.get().state == OutboxItem.State.DROPPED


def test_who_left_gets_no_mail(alice: User, sink: Sink) -> None:
    tell(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    sweeper.run(MONDAY)
    outbox.deliver(MONDAY)
    assert sink.mails == []


def warned(person: User, due: datetime = MONDAY + 6 * HOUR) -> Notice:
    notices.register("test due", at_once=True, why="You answer.", deadline=True)
    tell(person, kind="test due", due=due)
    return Notice.objects.get(person=person)


def test_hidden_for_two_hours_it_comes_back_as_new(alice: User, bob: User) -> None:
    notice = warned(alice)
    warned(bob)
    notices.mark_read([notice], by=alice, at=MONDAY)
    notices.snooze(notice, until=MONDAY + 2 * HOUR, by=alice, at=MONDAY)
    assert (notices.unread(alice), notices.unread(bob)) == (0, 1)
    sweeper.run(MONDAY + 1.9 * HOUR)
    assert notices.unread(alice) == 0
    sweeper.run(MONDAY + 2 * HOUR)
    assert notices.unread(alice) == 1


@pytest.mark.parametrize(
    ("hours", "words"), [(6.1, "It is due at 01.06.2026 15:00"), (0, "Choose a time to come")]
)
def test_nothing_is_hidden_past_its_due_time(alice: User, hours: float, words: str) -> None:  # N07
    notice = warned(alice)
    with pytest.raises(notices.NoticeRefused, match=words):
        notices.snooze(notice, until=MONDAY + hours * HOUR, by=alice, at=MONDAY)
    assert notices.unread(alice) == 1


def test_what_is_hidden_is_mailed_when_it_comes_back(alice: User, sink: Sink) -> None:
    notices.snooze(warned(alice), until=MONDAY + HOUR, by=alice, at=MONDAY)
    sweeper.run(MONDAY)
    outbox.deliver(MONDAY)
    assert sink.mails == []
    sweeper.run(MONDAY + HOUR)
    outbox.deliver(MONDAY + HOUR)
    assert len(sink.mails) == 1


def test_only_what_needs_a_person_rings(alice: User) -> None:
    tell(alice, 1, kind="test news")
    assert notices.unread(alice) == 0
    tell(alice, 2)
    assert notices.unread(alice) == 1


def test_the_mail_says_why_and_where_to_change_it(alice: User, sink: Sink) -> None:
    tell(alice)
    sweeper.run(MONDAY)
    outbox.deliver(MONDAY)
    assert "You look after this partner." in sink.bodies[0]
    assert "/settings/me/notices/" in sink.bodies[0]
