"""The outgoing hook: signed, once for each cause, tried again, switched off where it does not get there."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from prm import outbox
from prm.models import OutboxItem
from prm.references import Reference
from team import hooks, notices
from team.models import Hook, Notice, User
from tests.conftest import MONDAY
from tests.prm.test_outside import Other
from tests.prm.test_outside import other as other

State = OutboxItem.State


def tell(person: User, kind: str = "wait_breached", cause: int = 7, at: datetime = MONDAY) -> bool:
    return notices.give(person, kind, Reference("wait", cause), MONDAY, at, "Northwind waited", "/x/")


@pytest.fixture
def hook(other: str, db: None) -> Hook:
    return hooks.set_up(f"{other}/200", ["wait_breached"], MONDAY)


def answering(hook: Hook, status: int) -> None:
    Hook.objects.update(url=hook.url.replace("/200", f"/{status}"))


def calls() -> list[OutboxItem]:
    return list(OutboxItem.objects.filter(kind="hook").order_by("pk"))


def test_the_signature_is_that_of_the_specification() -> None:
    """The key, message and signature that receivers' libraries are tested with, too."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, MONDAY.tzinfo)
    body = b'{"test": 2432232314}'
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert hooks.signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body) == expected


def test_a_breach_arrives_signed(hook: Hook, alice: User, bob: User) -> None:
    tell(alice)
    tell(bob)
    outbox.deliver(MONDAY)
    ((_, headers, body),) = Other.asked
    said = json.loads(body)
    assert (said["type"], said["timestamp"]) == ("notice.wait_breached", "2026-06-01T07:00:00.000Z")
    assert said["data"]["people"] == ["Alice", "Bob"]
    assert said["text"] == "Northwind waited (Alice, Bob) http://127.0.0.1:8000/x/"
    key = base64.b64decode(hooks.secret_of(hook).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert len(key) >= 24
    assert "." not in headers["webhook-id"]
    assert [item.state for item in calls()] == [State.SENT]


def test_nothing_twice_and_nothing_of_other_kinds(hook: Hook, alice: User) -> None:
    tell(alice)
    tell(alice)
    tell(alice, kind="wait_warned")
    for hours in range(3):
        outbox.deliver(MONDAY + timedelta(hours=hours))
    assert len(Other.asked) == 1


def test_without_a_hook_nothing_is_put_by(alice: User) -> None:
    tell(alice)
    assert calls() == []


def test_each_try_has_its_time_and_the_same_id(hook: Hook, alice: User) -> None:
    answering(hook, 500)
    tell(alice)
    for hours in range(3):
        outbox.deliver(MONDAY + timedelta(hours=hours))
    ids = {headers["webhook-id"] for _, headers, _ in Other.asked}
    times = {headers["webhook-timestamp"] for _, headers, _ in Other.asked}
    assert (len(ids), len(times)) == (1, 3)
    (item,) = calls()
    assert (item.state, item.last_error) == (State.WAITING, "NotReached: It answered 500.")


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_never_gets_there_switches_it_off_and_the_admins_are_told_once(
    hook: Hook, alice: User, ravi: User, status: int
) -> None:
    answering(hook, status)
    tell(alice, cause=1)
    tell(alice, cause=2)
    for tries in range(outbox.MOST_ATTEMPTS):
        assert Hook.objects.get().is_on
        outbox.deliver(MONDAY + timedelta(hours=7 * tries))
    off = Hook.objects.get()
    assert (off.is_on, off.off_because) == (False, f"It answered {status}.")
    (told,) = Notice.objects.filter(person=ravi)
    assert (told.kind, told.url) == ("hook_off", "/settings/hook/")
    assert off.url not in told.text
    tell(alice, cause=3)
    assert len(calls()) == 2


def test_gone_is_taken_at_its_word(hook: Hook, alice: User, ravi: User) -> None:
    answering(hook, 410)
    tell(alice)
    outbox.deliver(MONDAY)
    assert (calls()[0].state, calls()[0].attempts) == (State.FAILED, 1)
    assert not Hook.objects.get().is_on


def test_what_was_settled_meanwhile_is_not_sent(hook: Hook, alice: User, monkeypatch: Any) -> None:
    tell(alice)
    monkeypatch.setattr(notices, "stands", lambda notice: False)
    outbox.deliver(MONDAY)
    assert (Other.asked, calls()[0].state) == ([], State.DROPPED)


def test_an_address_that_turns_inside_gets_nothing(hook: Hook, alice: User, settings: Any) -> None:
    tell(alice)
    settings.HOOKS_MAY_REACH = []
    outbox.deliver(MONDAY)
    assert Other.asked == []
    assert "an address inside" in calls()[0].last_error


# --- the page ------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client: Client, ravi: User) -> Client:
    client.force_login(ravi)
    return client


def set_up(desk: Client, url: str) -> Any:
    return desk.post("/settings/hook/", {"url": url, "kinds": ["wait_breached"]})


def test_the_secret_is_shown_once(desk: Client, other: str) -> None:
    assert set_up(desk, f"{other}/200").status_code == 303
    secret = hooks.secret_of(Hook.objects.get())
    assert secret in desk.get("/settings/hook/").text
    assert secret not in desk.get("/settings/hook/").text


def test_saving_again_keeps_the_secret_and_another_address_gets_its_own(desk: Client, other: str) -> None:
    set_up(desk, f"{other}/200")
    first = hooks.secret_of(Hook.objects.get())
    set_up(desk, f"{other}/200")
    assert hooks.secret_of(Hook.objects.get()) == first
    set_up(desk, f"{other}/201")
    second = hooks.secret_of(Hook.objects.get())
    desk.post("/settings/hook/secret/")
    assert len({first, second, hooks.secret_of(Hook.objects.get())}) == 3


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://localhost/", "an address inside"),
        ("http://93.184.215.14/", "Use https://"),
        ("nonsense", "Write an address like"),
        ("", "This field is required"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(desk: Client, url: str, words: str) -> None:
    answer = set_up(desk, url)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Hook.objects.exists()


def test_a_trial_says_how_it_went(desk: Client, hook: Hook) -> None:
    assert desk.post("/settings/hook/try/").status_code == 303
    assert json.loads(Other.asked[0][2])["type"] == "notice.trial"
    answering(hook, 503)
    answer = desk.post("/settings/hook/try/")
    assert answer.status_code == 422
    assert "It answered 503." in answer.text


def test_switched_off_and_on_again(desk: Client, hook: Hook, alice: User) -> None:
    desk.post("/settings/hook/off/")
    assert "Ravi switched it off." in desk.get("/settings/hook/").text
    tell(alice)
    assert calls() == []
    set_up(desk, hook.url)
    tell(alice, cause=8)
    assert len(calls()) == 1


@pytest.mark.parametrize("path", ["", "try/", "secret/", "off/"])
def test_admins_only(client: Client, hook: Hook, alice: User, path: str) -> None:
    client.force_login(alice)
    assert client.post(f"/settings/hook/{path}").status_code == 403
