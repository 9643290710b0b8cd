"""Several promises in one press: each with its day and its owner."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from conversations import drafts, messages, unsending
from conversations.models import Commitment, Conversation, Draft, Message
from partners.models import Contact, Partner
from prm import clock
from team.models import User
from tests.conftest import MONDAY
from tests.dashboards.test_today import HOUR

NOW = MONDAY + HOUR
TWO = {
    "body": "By May.",
    "promise": "Send the plan",
    "promised_for": "2026-06-04",
    "promise_2": "Check the margins",
    "promised_for_2": "2026-06-05",
    "promise_owner_2": "bob",
}


@pytest.fixture
def thread(northwind: Partner, nora: Contact) -> Conversation:
    asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    return asked.conversation


def reply(client: Client, thread: Conversation, **typed: str) -> str:
    with clock.fixed(NOW):
        answer = client.post(reverse("conversations:reply", args=[thread.pk]), typed, follow=True)
    return answer.content.decode()


def made() -> list[tuple[str, str, str]]:
    found = Commitment.objects.select_related("owner").order_by("pk")
    return [(each.text, each.promised_for.isoformat(), str(each.owner or each.contact)) for each in found]


def test_each_promise_has_its_day_and_its_owner(
    client: Client, thread: Conversation, alice: User, bob: User
) -> None:
    client.force_login(alice)
    reply(client, thread, **TWO)
    assert made() == [("Send the plan", "2026-06-04", "Alice"), ("Check the margins", "2026-06-05", "Bob")]
    assert bob.notices.filter(kind="promise_given").count() == 1
    assert set(Commitment.objects.values_list("made_in", flat=True)) == {
        Message.objects.get(direction="out").pk
    }


def test_a_log_takes_several_of_both_sides(
    client: Client, northwind: Partner, nora: Contact, alice: User
) -> None:
    client.force_login(alice)
    typed = {
        "channel": "call",
        "visibility": "internal",
        "contact": nora.pk,
        "body": "We talked.",
        "promise": "Send the plan",
        "promised_for": "2026-06-04",
        "promise_3": "Sign it",
        "promised_for_3": "2026-06-08",
        "promise_side_3": "theirs",
    }
    with clock.fixed(NOW):
        client.post(f"/log/?partner={northwind.pk}", typed)
    assert made() == [("Send the plan", "2026-06-04", "Alice"), ("Sign it", "2026-06-08", "Nora Berg")]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"promise_2": "Call"}, "A promise needs a day: say by when."),
        ({"promised_for_4": "2026-06-05"}, "Say what is promised."),
        ({"promise_owner": "Bob"}, "Say what is promised."),
        ({"promise_2": "Call", "promised_for_2": "2026-06-05", "promise_owner_2": "Nobody"}, "No colleague"),
        (
            {
                "promise": "Call",
                "promised_for": "2026-06-05",
                "promise_owner": "Bob",
                "promise_side": "theirs",
            },
            "They keep their own promise",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(
    client: Client, thread: Conversation, alice: User, bob: User, typed: dict[str, str], words: str
) -> None:
    client.force_login(alice)
    page = reply(client, thread, body="By May.", **typed)
    assert words in page
    assert ">\nBy May.</textarea>" in page
    assert made() == []
    assert not Message.objects.filter(direction="out").exists()


def test_of_two_with_one_name_the_address_decides(
    client: Client, thread: Conversation, alice: User, bob: User
) -> None:
    User.objects.create_user("bob.two@acme.example", "a long enough phrase", name="Bob")
    client.force_login(alice)
    assert "Several colleagues are called" in reply(client, thread, **TWO)
    reply(client, thread, **{**TWO, "promise_owner_2": "BOB@acme.example"})
    assert Commitment.objects.get(text="Check the margins").owner == bob


def test_a_holding_reply_closes_the_wait_when_one_of_them_is_ours(
    client: Client, thread: Conversation, alice: User
) -> None:
    client.force_login(alice)
    theirs = {"promise": "Sign it", "promised_for": "2026-06-08", "promise_side": "theirs"}
    assert "still waits" in reply(client, thread, body="We see.", holding="on", **theirs)
    ours = {"promise_2": "Send the plan", "promised_for_2": "2026-06-04"}
    reply(client, thread, body="We see.", holding="on", **theirs, **ours)
    assert thread.waits.get().state == "met"


def test_all_of_them_are_kept_in_a_draft_and_come_back_with_an_undo(
    client: Client, thread: Conversation, alice: User, bob: User
) -> None:
    client.force_login(alice)
    place = drafts.reply_in(thread.pk)
    client.post(place.keeps_at, TWO, HTTP_HX_REQUEST="true")
    assert Draft.objects.get().initial == TWO
    reply(client, thread, **TWO)
    assert not Draft.objects.exists()
    unsending.unsend(Message.objects.get(direction="out"), by=alice, at=NOW)
    kept = Draft.objects.get().initial
    assert {name: kept[name] for name in TWO} == {**TWO, "promise_owner_2": bob.email}
    assert not bob.notices.exists()


def test_a_further_promise_is_there_without_a_script(
    client: Client, thread: Conversation, alice: User
) -> None:
    client.force_login(alice)
    page = client.get(thread.get_absolute_url()).content.decode()
    assert page.count("Another promise") == 3
    assert 'name="promise_4"' in page


def test_colleagues_are_fetched_when_one_is_named(client: Client, alice: User, bob: User) -> None:
    client.force_login(alice)
    assert (
        '<option value="bob@acme.example">Bob</option>'
        in client.get(reverse("team:colleagues")).content.decode()
    )
