"""Three times back, and no automatic mail goes there for sixty days; a person's own mail is tried."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from prm import bounces, outbox
from prm.models import BouncedAddress, OutboxItem
from prm.outbox import Mail
from tests.conftest import MONDAY
from tests.sink import Door, Sink

DAY = timedelta(days=1)
NORA = "nora@northwind.example"
State = OutboxItem.State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    followed: list[int] = []

    def compose(item: OutboxItem) -> Mail:
        headers = {"Auto-Submitted": "auto-generated"} if item.about["automatic"] else {}
        return Mail(to=[f"Nora <{NORA}>"], subject="Hello", body="We promised.", headers=headers)

    monkeypatch.setitem(outbox._kinds, "test", (lambda item: True, compose, None))
    monkeypatch.setitem(outbox._failed, "test", lambda item, at: followed.append(item.pk))
    return followed


def send(key: str, at: datetime, automatic: bool = True) -> OutboxItem:
    item = outbox.put("test", key, at, {"automatic": automatic})
    outbox.deliver(at)
    item.refresh_from_db()
    return item


def bounce(times: int, at: datetime = MONDAY) -> None:
    for number in range(times):
        item = send(f"{at} {number}", at)
        assert bounces.reported([item.message_id], at) == 1


def test_after_the_third_time_automatic_mail_is_held_back(sink: Sink) -> None:
    bounce(2)
    assert send("third", MONDAY).state == State.SENT
    bounce(1, MONDAY + DAY)
    assert send("fourth", MONDAY + DAY).state == State.HELD
    assert len(sink.mails) == 4


def test_it_is_lifted_after_sixty_days(sink: Sink) -> None:
    bounce(3)
    assert send("before", MONDAY + 60 * DAY - timedelta(seconds=1)).state == State.HELD
    assert send("after", MONDAY + 60 * DAY).state == State.SENT
    bounce(1, MONDAY + 61 * DAY)
    assert send("once more is no third time", MONDAY + 61 * DAY).state == State.SENT


def test_what_came_back_long_ago_is_forgotten(sink: Sink) -> None:
    bounce(2)
    bounce(1, MONDAY + 61 * DAY)
    assert not BouncedAddress.objects.get().is_dead(MONDAY + 61 * DAY)


def test_what_a_person_wrote_is_tried_all_the_same(sink: Sink) -> None:
    bounce(3)
    assert send("reply", MONDAY, automatic=False).state == State.SENT


def test_the_same_report_twice_counts_once(sink: Sink) -> None:
    item = send("one", MONDAY)
    assert [bounces.reported([item.message_id], MONDAY) for _ in range(3)] == [1, 0, 0]
    item.refresh_from_db()
    assert (item.state, BouncedAddress.objects.get().bounces) == (State.BOUNCED, 1)
    assert bounces.reported(["<nobody@else.example>"], MONDAY) == 0


class Refusing(Door):
    """A server that answers each receiver with these words."""

    answer = "550 5.1.1 No such user here"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        return self.answer


@pytest.fixture
def refusing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Refusing]]:
    from tests import sink as module

    monkeypatch.setattr(module, "Door", Refusing)
    with module.running() as sink:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{sink.port}"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield Refusing


def test_a_receiver_refused_for_good_is_not_tried_again(refusing: Refusing, kinds: list[int]) -> None:
    item = send("one", MONDAY)
    assert (item.state, item.attempts, item.to) == (State.BOUNCED, 1, f"Nora <{NORA}>")
    assert "No such user here" in item.last_error
    assert kinds == [item.pk]
    assert BouncedAddress.objects.get().email == NORA


@pytest.mark.parametrize(
    "answer", ["450 4.2.1 Try later", "554 5.7.1 Relay access denied", "550 no relaying"]
)
def test_a_server_that_takes_nothing_now_condemns_no_address(
    refusing: Refusing, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(Refusing, "answer", answer)
    assert send("one", MONDAY).state == State.WAITING
    assert not BouncedAddress.objects.exists()


def test_what_follows_a_failure_may_fail_and_it_is_given_up_all_the_same(
    refusing: Refusing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(item: OutboxItem, at: datetime) -> None:
        raise ValueError("no such message")

    monkeypatch.setitem(outbox._failed, "test", breaks)
    assert send("one", MONDAY).state == State.BOUNCED
