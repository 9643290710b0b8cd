"""A mail is a row before it is a mail: put once, sent once in effect, kept where no server is set."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from prm import outbox
from prm.models import OutboxItem
from prm.outbox import Mail
from tests.conftest import MONDAY
from tests.sink import Sink

MINUTE = timedelta(minutes=1)
State = OutboxItem.State

pytestmark = pytest.mark.django_db


class Kind:
    """A kind of mail for these tests, whose parts can be told to fail."""

    def __init__(self) -> None:
        self.stands = True
        self.breaks: Exception | None = None
        self.breaks_after: Exception | None = None
        self.followed: list[int] = []

    def still_stands(self, item: OutboxItem) -> bool:
        return self.stands

    def compose(self, item: OutboxItem) -> Mail:
        if self.breaks:
            raise self.breaks
        return Mail(to=["Nora <nora@northwind.example>"], subject="Hello\nNora", body="We promised.")

    def sent(self, item: OutboxItem, at: object) -> None:
        if self.breaks_after:
            raise self.breaks_after
        self.followed.append(item.pk)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Kind:
    kind = Kind()
    monkeypatch.setitem(outbox._kinds, "test", (kind.still_stands, kind.compose, kind.sent))
    return kind


def put(key: str = "one") -> OutboxItem:
    return outbox.put("test", key, MONDAY, {})


def test_the_same_key_makes_one_mail(kind: Kind) -> None:
    assert put() == put()
    assert OutboxItem.objects.count() == 1


def test_a_mail_of_an_unknown_kind_is_refused(db: None) -> None:
    with pytest.raises(LookupError, match="no app registered mails of kind 'nothing'"):
        outbox.put("nothing", "key", MONDAY, {})


def test_a_mail_goes_with_its_cause(kind: Kind) -> None:
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert not OutboxItem.objects.exists()


def test_a_mail_is_really_sent_once(kind: Kind, sink: Sink) -> None:
    item = put()
    assert outbox.deliver(MONDAY) == 1
    assert outbox.deliver(MONDAY + timedelta(days=1)) == 0
    item.refresh_from_db()
    (mail,) = sink.mails
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == (
        "Nora <nora@northwind.example>",
        "Hello Nora",
        item.message_id,
    )
    assert (item.state, item.attempts, item.lease, item.next_check_at) == (State.SENT, 1, None, None)
    assert kind.followed == [item.pk]


def test_without_a_server_a_mail_is_kept_to_be_read(kind: Kind, settings: Any) -> None:
    settings.EMAIL_URL = ""
    item = put()
    outbox.deliver(MONDAY)
    item.refresh_from_db()
    assert (item.state, item.body, item.to) == (
        State.KEPT,
        "We promised.",
        "Nora <nora@northwind.example>",
    )


def test_a_mail_whose_cause_is_gone_is_dropped(kind: Kind, sink: Sink) -> None:
    item = put()
    kind.stands = False
    outbox.deliver(MONDAY)
    item.refresh_from_db()
    assert item.state == State.DROPPED
    assert sink.mails == []


def test_a_mail_waits_for_its_moment(kind: Kind, sink: Sink) -> None:
    put()
    assert outbox.deliver(MONDAY - MINUTE) == 0
    assert sink.mails == []


def test_a_refused_mail_is_tried_again_later_and_later(kind: Kind, sink: Sink) -> None:
    item = put()
    kind.breaks = OSError("the mail server is away")
    at = MONDAY
    for seconds in (30, 60, 120):
        assert outbox.deliver(at) == 1
        item.refresh_from_db()
        assert item.last_error == "OSError: the mail server is away"
        assert item.next_check_at is not None
        assert (item.next_check_at - at).total_seconds() == pytest.approx(seconds, abs=5)
        assert outbox.deliver(at + timedelta(seconds=seconds - 6)) == 0
        at = item.next_check_at
    kind.breaks = None
    outbox.deliver(at)
    item.refresh_from_db()
    assert (item.state, item.last_error) == (State.SENT, "")


def test_after_twelve_tries_it_is_given_up_and_said(kind: Kind, sink: Sink) -> None:
    item = put()
    kind.breaks = OSError("away")
    at = MONDAY
    for _ in range(outbox.MOST_ATTEMPTS):
        outbox.deliver(at)
        at += timedelta(hours=7)
    item.refresh_from_db()
    assert (item.state, item.attempts, item.next_check_at) == (State.FAILED, 12, None)
    assert outbox.deliver(at + timedelta(days=30)) == 0


def test_no_try_is_put_off_by_more_than_six_hours() -> None:
    assert [outbox.backoff(n).total_seconds() for n in (1, 2, 3, 11, 12)] == [30, 60, 120, 21600, 21600]


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


def test_a_sender_that_died_repeats_under_the_same_message_id(kind: Kind, sink: Sink) -> None:  # E09
    item = put()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "_mark", die)
        with pytest.raises(Killed):
            outbox.deliver(MONDAY)
    assert outbox.deliver(MONDAY + MINUTE) == 0  # the lease runs: perhaps it is only slow
    assert outbox.deliver(MONDAY + 3 * MINUTE) == 1
    item.refresh_from_db()
    assert sink.message_ids == [item.message_id, item.message_id]
    assert (item.state, item.attempts) == (State.SENT, 2)


def die(*args: object, **kwargs: object) -> None:
    raise Killed


def test_a_sender_whose_lease_ran_out_marks_nothing(kind: Kind, sink: Sink) -> None:
    put()
    slow = outbox._claim(MONDAY)
    assert slow is not None
    assert outbox.deliver(MONDAY + 3 * MINUTE) == 1
    kind.breaks = OSError("too late")
    outbox._settle(slow, MONDAY + 4 * MINUTE)
    slow.refresh_from_db()
    assert (slow.state, slow.last_error) == (State.SENT, "")


def test_a_failure_after_sending_sends_no_second_mail(kind: Kind, sink: Sink) -> None:
    item = put()
    kind.breaks_after = ValueError("no such message")
    outbox.deliver(MONDAY)
    outbox.deliver(MONDAY + timedelta(days=1))
    item.refresh_from_db()
    assert len(sink.mails) == 1
    assert (item.state, item.last_error) == (State.SENT, "After sending: no such message")


def test_a_kind_that_is_gone_stops_no_other_mail(kind: Kind, sink: Sink) -> None:
    old = put("old")
    OutboxItem.objects.filter(pk=old.pk).update(kind="removed in an upgrade")
    put("new")
    outbox.deliver(MONDAY)
    assert len(sink.mails) == 1
    old.refresh_from_db()
    assert old.state == State.WAITING


def test_the_lease_counts_from_the_claim_not_from_the_start(
    kind: Kind, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow mail server must not let another worker take a mail that is being sent."""
    settings.EMAIL_URL = "smtp://slow.example"
    put("one")
    put("two")
    passed = iter([0.0, 0.0, 150.0, 150.0])
    monkeypatch.setattr(outbox, "time", SimpleNamespace(monotonic=lambda: next(passed)))
    leases = []

    def note(item: OutboxItem, mail: Mail) -> None:
        leases.append(OutboxItem.objects.get(pk=item.pk).next_check_at)

    monkeypatch.setattr(outbox, "_send", note)
    outbox.deliver(MONDAY)
    assert leases == [MONDAY + outbox.LEASE, MONDAY + timedelta(seconds=150) + outbox.LEASE]
