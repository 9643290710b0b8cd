"""Signing in tells a stranger nothing, and stops whoever tries too often."""

import re

import pytest
import time_machine
from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.test import Client

from prm import clock, outbox
from prm.models import OutboxItem
from prm.references import Reference
from team import notices
from team.models import User
from tests.conftest import MONDAY
from tests.sink import Sink

PASSWORD = "a long enough phrase"
NEW = "quite another phrase"


@pytest.fixture(autouse=True)
def no_earlier_attempts(db: None) -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str) -> tuple[int, str]:
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    return answer.status_code, answer.content.decode()


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_signs_in_whatever_the_case_of_the_address(client: Client, alice: User) -> None:
    status, _ = sign_in(client, "Alice@ACME.example", PASSWORD)
    assert (status, is_in(client)) == (302, True)


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: Client, alice: User) -> None:
    _, wrong = sign_in(client, alice.email, "wrong")
    _, unknown = sign_in(client, "zoe@acme.example", "wrong")
    assert "do not go together" in wrong
    assert "do not go together" in unknown


def test_after_five_failures_the_right_password_waits(client: Client, alice: User) -> None:
    for _ in range(5):
        sign_in(client, alice.email, "wrong")
    _, page = sign_in(client, alice.email, PASSWORD)
    assert "Too many failed attempts. Wait five minutes" in page
    assert not is_in(client)


def test_the_count_holds_over_processes(client: Client, alice: User) -> None:
    assert isinstance(caches["default"], DatabaseCache | RedisCache), "every process reads the same counts"
    for _ in range(5):
        sign_in(Client(), alice.email, "wrong")
    sign_in(client, alice.email, PASSWORD)
    assert not is_in(client)


def test_after_the_window_the_right_password_works_again(client: Client, alice: User) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        for _ in range(5):
            sign_in(client, alice.email, "wrong")
        now.shift(5 * 60 + 1)
        sign_in(client, alice.email, PASSWORD)
        assert is_in(client)


def test_a_reset_for_an_unknown_address_reveals_nothing(client: Client, alice: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": alice.email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "zoe@acme.example"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert OutboxItem.objects.count() == 1


def reset_link(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+)", text)
    assert found, text
    return found[1]


def test_the_link_of_a_reset_chooses_a_new_password(client: Client, alice: User, sink: Sink) -> None:
    for _ in range(5):
        sign_in(client, alice.email, "wrong")
    client.post("/accounts/password/reset/", {"email": alice.email})
    outbox.deliver(clock.now())
    page = client.get(reset_link(sink.bodies[0]), follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    sign_in(client, alice.email, NEW)
    assert is_in(client), "and the failed attempts are forgotten"


def test_a_mail_that_went_out_leaves_no_link_behind(client: Client, alice: User, sink: Sink) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email})
    outbox.deliver(clock.now())
    item = OutboxItem.objects.get()
    assert item.state == OutboxItem.State.SENT
    assert "/accounts/password/reset/" not in f"{item.body}{item.about}"


def test_without_a_mail_server_the_link_is_kept_to_be_passed_on(client: Client, alice: User) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email})
    outbox.deliver(clock.now())
    item = OutboxItem.objects.get()
    assert item.state == OutboxItem.State.KEPT
    assert reset_link(item.body)
    assert item.about == {}


def test_the_link_names_our_own_address_whatever_host_was_asked(client: Client, alice: User) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email}, headers={"host": "localhost"})
    outbox.deliver(clock.now())
    assert reset_link(OutboxItem.objects.get().body)


def test_nobody_signs_up_unasked(client: Client, alice: User) -> None:
    answer = client.post(
        "/accounts/signup/", {"email": "zoe@acme.example", "password1": NEW, "password2": NEW}
    )
    assert answer.status_code in {200, 404}
    assert not User.objects.filter(email="zoe@acme.example").exists()


def test_a_session_ends_when_its_person_is_switched_off(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/notices/").status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get("/notices/").status_code == 302
    assert not is_in(client)
    User.objects.filter(pk=alice.pk).update(is_active=True)
    assert client.get("/notices/").status_code == 302, "the old session does not come back"


def test_who_is_switched_off_cannot_sign_in(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    sign_in(client, alice.email, PASSWORD)
    assert not is_in(client)


def test_pages_speak_in_the_readers_zone(client: Client, alice: User) -> None:
    notices.register("test zone", at_once=True, why="")
    notices.give(alice, "test zone", Reference("wait", 1), MONDAY, MONDAY, "Told")
    alice.zone = "Asia/Tokyo"
    alice.save()
    client.force_login(alice)
    with clock.fixed(MONDAY):
        page = client.get("/notices/").content.decode()
    assert "16:00" in page or "4 p.m." in page
