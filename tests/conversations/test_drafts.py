"""What is typed is kept until it is sent: one draft of each person and place, seen by its writer only."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from conversations import drafts, messages, moving
from conversations.models import Conversation, Draft, Message
from partners.models import Contact, Partner
from prm import clock
from prm.models import OnceKey
from team.models import User
from tests.conftest import MONDAY
from tests.dashboards.test_today import HOUR

QUIET = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def thread(northwind: Partner, nora: Contact) -> Conversation:
    asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    return asked.conversation


def type_in(client: Client, place: drafts.Place, body: str, **more: object) -> int:
    return client.post(place.keeps_at, {"body": body, **more}, **QUIET).status_code


def shown(client: Client, place: drafts.Place) -> str:
    return client.get(place.address).content.decode()


@pytest.mark.parametrize("kind", ["reply", "mail", "log", "nobody"])
def test_what_was_typed_stands_in_the_form_again(
    client: Client, alice: User, bob: User, northwind: Partner, thread: Conversation, kind: str
) -> None:
    place = {
        "reply": drafts.reply_in(thread.pk),
        "mail": drafts.mail_to(northwind.pk),
        "log": drafts.log_of(northwind.pk),
        "nobody": drafts.log_of(None),
    }[kind]
    client.force_login(alice)
    with clock.fixed(MONDAY + HOUR):
        assert type_in(client, place, "We can do") == 200
        assert type_in(client, place, "We can do it by May.") == 200
        page = shown(client, place)
        assert "We can do it by May." in page
        assert "Draft of" in page
        assert "Throw away" in page
        client.force_login(bob)
        assert "We can do it" not in shown(client, place)
    assert Draft.objects.get().writer == alice


def test_every_field_comes_back(
    client: Client, alice: User, northwind: Partner, nora: Contact, thread: Conversation
) -> None:
    client.force_login(alice)
    wait = thread.waits.get()
    typed = {
        "channel": "meeting",
        "minutes": "40",
        "contact": nora.pk,
        "visibility": "shared",
        "answers": [wait.pk],
        "promise": "Send the pack",
        "promised_for": "2026-06-05",
    }
    type_in(client, drafts.log_of(northwind.pk), "We met.", **typed)
    form = client.get("/log/", {"partner": northwind.pk}).context["form"]
    assert {name: form[name].value() for name in typed if name != "answers"} == {
        **{name: str(value) for name, value in typed.items() if name != "answers"},
    }
    assert form["answers"].value() == [str(wait.pk)]


def test_today_opens_the_reply_with_its_draft(client: Client, alice: User, thread: Conversation) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY + HOUR):
        type_in(client, drafts.reply_in(thread.pk), "By May.")
        page = client.get("/", {"reply": thread.waits.get().pk}).content.decode()
    assert "By May." in page
    assert "Draft of" in page


def test_a_page_that_another_person_left_open_keeps_nothing(
    client: Client, alice: User, bob: User, thread: Conversation
) -> None:
    place = drafts.reply_in(thread.pk)
    client.force_login(bob)
    left_open = {**QUIET, "HTTP_X_WRITER": str(alice.pk)}
    assert client.post(place.keeps_at, {"body": "By May."}, **left_open).status_code == 409
    assert not Draft.objects.exists()
    own = {**QUIET, "HTTP_X_WRITER": str(bob.pk)}
    assert client.post(place.keeps_at, {"body": "By May."}, **own).status_code == 200


def test_sending_leaves_no_draft(client: Client, alice: User, thread: Conversation) -> None:
    place = drafts.reply_in(thread.pk)
    client.force_login(alice)
    type_in(client, place, "By May.")
    client.post(reverse("conversations:reply", args=[thread.pk]), {"body": "By May."})
    assert not Draft.objects.exists()
    assert "Draft of" not in shown(client, place)


def test_logging_leaves_no_draft_of_that_log(
    client: Client, alice: User, northwind: Partner, contoso: Partner
) -> None:
    client.force_login(alice)
    for place in (drafts.log_of(northwind.pk), drafts.log_of(contoso.pk), drafts.log_of(None)):
        type_in(client, place, "We talked.")
    said = {"channel": "call", "body": "We talked.", "visibility": "internal"}
    client.post(f"/log/?partner={northwind.pk}", said)
    assert set(Draft.objects.values_list("partner", flat=True)) == {contoso.pk, None}
    client.post("/log/", {"partner": northwind.pk, "quick": "1", **said})
    assert set(Draft.objects.values_list("partner", flat=True)) == {contoso.pk}


def test_what_is_kept_after_its_form_was_sent_is_no_draft(
    client: Client, alice: User, thread: Conversation
) -> None:
    place, key = drafts.reply_in(thread.pk), uuid.uuid4()
    client.force_login(alice)
    client.post(reverse("conversations:reply", args=[thread.pk]), {"body": "By May.", "once": key})
    assert type_in(client, place, "By May.", once=key) == 204
    assert not Draft.objects.exists()


def test_a_draft_that_was_on_its_way_while_its_form_was_sent_is_not_shown(
    client: Client, alice: User, thread: Conversation
) -> None:
    place, key = drafts.reply_in(thread.pk), uuid.uuid4()
    drafts.keep(place, {"body": ["By May."]}, by=alice, at=MONDAY, once=key)
    OnceKey.objects.create(key=key, spent_at=MONDAY)
    client.force_login(alice)
    assert "By May." not in shown(client, place)
    assert drafts.tidy(MONDAY) == 1


def test_what_is_thrown_away_can_be_brought_back(client: Client, alice: User, thread: Conversation) -> None:
    place = drafts.reply_in(thread.pk)
    client.force_login(alice)
    type_in(client, place, "By May.")
    draft = Draft.objects.get()
    answer = client.post(reverse("conversations:throw_draft", args=[draft.pk]), follow=True)
    assert "Draft thrown away." in answer.content.decode()
    assert "By May." not in answer.content.decode()
    answer = client.post(reverse("conversations:bring_draft_back", args=[draft.pk]), follow=True)
    assert "By May." in answer.content.decode()


def test_what_is_thrown_away_does_not_push_out_what_is_written_now(
    client: Client, alice: User, thread: Conversation
) -> None:
    place = drafts.reply_in(thread.pk)
    client.force_login(alice)
    type_in(client, place, "By May.")
    thrown = Draft.objects.get()
    client.post(reverse("conversations:throw_draft", args=[thrown.pk]))
    type_in(client, place, "By June.")
    answer = client.post(reverse("conversations:bring_draft_back", args=[thrown.pk]), follow=True)
    assert "You are writing something else there" in answer.content.decode()
    assert "By June." in answer.content.decode()
    assert drafts.tidy(clock.now() + timedelta(days=2)) == 1


def test_an_emptied_form_leaves_no_draft(client: Client, alice: User, thread: Conversation) -> None:
    client.force_login(alice)
    type_in(client, drafts.reply_in(thread.pk), "By May.")
    type_in(client, drafts.reply_in(thread.pk), " ", holding="on")
    assert not Draft.objects.exists()


def test_without_a_script_a_press_keeps_it(client: Client, alice: User, northwind: Partner) -> None:
    client.force_login(alice)
    place = drafts.mail_to(northwind.pk)
    answer = client.post(place.keeps_at, {"subject": "Plan", "body": "Hello"}, follow=True)
    page = answer.content.decode()
    assert "Kept as a draft" in page
    assert 'value="Plan"' in page
    assert ">\nHello</textarea>" in page


def test_too_long_a_text_is_refused_in_words(client: Client, alice: User, thread: Conversation) -> None:
    client.force_login(alice)
    place = drafts.reply_in(thread.pk)
    answer = client.post(place.keeps_at, {"body": "x" * 200_001}, **QUIET)
    assert (answer.status_code, "too long" in answer.content.decode()) == (422, True)


def test_what_is_sent_after_the_session_ended_stands_there_after_signing_in(
    client: Client, alice: User, thread: Conversation
) -> None:
    client.force_login(alice)
    page = client.get(thread.get_absolute_url())
    Session.objects.all().delete()
    sent = {"body": "By May.", "holding": "on", "typed_by": page.context["writing"].typed_by}
    answer = client.post(reverse("conversations:reply", args=[thread.pk]), sent)
    assert answer.status_code == 302
    signing_in = {"login": alice.email, "password": "a long enough phrase", "next": thread.get_absolute_url()}
    answer = client.post(answer["Location"], signing_in, follow=True)
    assert "By May." in answer.content.decode()
    assert answer.context["form"]["holding"].value() == "on"
    assert not Message.objects.filter(direction="out").exists()


def test_what_another_person_typed_is_not_shown_to_who_signs_in(
    client: Client, alice: User, bob: User, thread: Conversation
) -> None:
    client.force_login(alice)
    typed_by = client.get(thread.get_absolute_url()).context["writing"].typed_by
    client.logout()
    client.post(reverse("conversations:reply", args=[thread.pk]), {"body": "By May.", "typed_by": typed_by})
    signing_in = {"login": bob.email, "password": "a long enough phrase"}
    client.post(reverse("account_login"), signing_in)
    assert "By May." not in shown(client, drafts.reply_in(thread.pk))
    assert not Draft.objects.exists()


def test_nothing_is_laid_aside_for_who_sends_no_form_of_ours(client: Client, thread: Conversation) -> None:
    client.post(reverse("conversations:reply", args=[thread.pk]), {"body": "By May.", "typed_by": "1:forged"})
    assert not Session.objects.exists()


def test_a_line_filled_in_leaves_the_draft_that_stands_there(
    client: Client, alice: User, northwind: Partner
) -> None:
    client.force_login(alice)
    type_in(client, drafts.log_of(northwind.pk), "Older words.")
    page = client.get("/log/", {"partner": northwind.pk, "line": "call 20m budget"})
    assert "is kept beside" in page.content.decode()
    assert "Older words." not in page.content.decode()
    said = {"channel": "call", "body": "budget", "visibility": "internal", "beside": "1"}
    client.post(f"/log/?partner={northwind.pk}", said)
    assert Draft.objects.get().initial["body"] == "Older words."


def test_choosing_the_partner_takes_the_words_along(
    client: Client, alice: User, northwind: Partner, nora: Contact, thread: Conversation
) -> None:
    client.force_login(alice)
    type_in(client, drafts.log_of(None), "We talked.")
    client.post("/log/", {"partner": northwind.pk, "quick": "1", "channel": "call", "body": "We talked."})
    assert Draft.objects.get().partner == northwind
    assert "We talked." in shown(client, drafts.log_of(northwind.pk))


def test_a_draft_follows_its_conversation_into_another(
    northwind: Partner, nora: Contact, alice: User, thread: Conversation
) -> None:
    other = messages.receive(northwind, "email", "Hm?", at=MONDAY, contact=nora, subject="More").conversation
    drafts.keep(drafts.reply_in(other.pk), {"body": ["By May."]}, by=alice, at=MONDAY)
    moving.merge(other, thread, alice, MONDAY + HOUR)
    found = drafts.find(drafts.reply_in(thread.pk), alice)
    assert found is not None
    assert found.initial["body"] == "By May."
