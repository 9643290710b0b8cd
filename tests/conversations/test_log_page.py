"""Log from anywhere: partner and text are enough."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from conversations import messages
from conversations.models import Commitment, Message, Wait
from partners.models import Contact, Partner
from prm import clock
from team.models import User
from tests.conftest import MONDAY
from tests.dashboards.test_today import HOUR

LOG = "/log/"


def test_partner_and_text_are_enough(client: Client, alice: User, northwind: Partner) -> None:
    client.force_login(alice)
    answer = client.post(
        f"{LOG}?partner={northwind.pk}", {"channel": "call", "body": "Talked.", "visibility": "internal"}
    )
    assert answer.status_code == 303
    message = Message.objects.get()
    assert (message.body, message.visible_to_partner) == ("Talked.", False)


def test_the_one_open_wait_is_ticked_and_closed(
    client: Client, alice: User, northwind: Partner, nora: Contact
) -> None:
    messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    client.force_login(alice)
    with clock.fixed(MONDAY + HOUR):
        form = client.get(LOG, {"partner": northwind.pk}).context["form"]
        assert form["answers"].value() == [Wait.objects.get().pk]
        client.post(
            f"{LOG}?partner={northwind.pk}",
            {
                "channel": "call",
                "body": "Told her.",
                "visibility": "internal",
                "answers": [Wait.objects.get().pk],
            },
        )
    assert Wait.objects.get().state == Wait.State.MET


def test_a_note_is_never_shared_and_answers_nothing(
    client: Client, alice: User, northwind: Partner, nora: Contact
) -> None:
    messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora)
    client.force_login(alice)
    typed = {"channel": "note", "body": "Hm.", "visibility": "shared", "answers": [Wait.objects.get().pk]}
    client.post(f"{LOG}?partner={northwind.pk}", typed)
    assert Message.objects.get(channel="note").visible_to_partner is False
    assert Wait.objects.get().is_open


@pytest.mark.parametrize("kind", ["note", "call", "meeting"])
def test_each_form_of_a_partners_page_is_saved_as_it_is_drawn(
    client: Client, alice: User, northwind: Partner, kind: str
) -> None:
    messages.receive(northwind, "email", "When?", at=clock.now(), subject="Dates")
    client.force_login(alice)
    page = client.get(f"{northwind.get_absolute_url()}?write={kind}").content.decode()
    form = page[page.index('class="log-form"') :].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    chosen = re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)"[^>]* checked', form)
    sent = dict([*hidden, *chosen])
    assert sent["channel"] == kind
    answer = client.post(f"/log/?partner={northwind.pk}", {**sent, "body": "We talked."})
    assert answer.status_code == 303
    assert Message.objects.get(channel=kind).body == "We talked."


def test_a_promise_is_made_in_the_same_press(client: Client, alice: User, northwind: Partner) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY):
        client.post(
            f"{LOG}?partner={northwind.pk}",
            {
                "channel": "meeting",
                "body": "Went well.",
                "visibility": "shared",
                "promise": "Send the pack",
                "promised_for": "2026-06-05",
            },
        )
    promise = Commitment.objects.get()
    assert (promise.text, promise.visible_to_partner) == ("Send the pack", True)


def test_a_time_ahead_is_refused_in_words(client: Client, alice: User, northwind: Partner) -> None:
    client.force_login(alice)
    typed = {"channel": "call", "body": "Later.", "visibility": "internal", "occurred_at": "2026-06-01T18:00"}
    with clock.fixed(MONDAY):
        answer = client.post(f"{LOG}?partner={northwind.pk}", typed)
    assert answer.status_code == 422
    assert b"Later." in answer.content
    assert not Message.objects.exists()


@pytest.mark.parametrize("which", ["0", "999999", "x", "9" * 40])
def test_an_unknown_partner_is_not_found(client: Client, alice: User, which: str) -> None:
    client.force_login(alice)
    assert client.get(LOG, {"partner": which}).status_code == 404


def test_without_a_partner_it_asks_for_one(client: Client, alice: User, northwind: Partner) -> None:
    client.force_login(alice)
    assert b"Northwind" in client.get(LOG, {"q": "north"}).content


def test_a_keep_can_be_undone(client: Client, alice: User, northwind: Partner) -> None:
    from conversations import commitments
    from conversations.commitments import Promise

    made = commitments.make(northwind, Promise("Send it", MONDAY.date()), by=alice, at=MONDAY)
    client.force_login(alice)
    with clock.fixed(MONDAY + HOUR):
        client.post(reverse("conversations:keep", args=[made.pk]))
        made.refresh_from_db()
        assert made.status == Commitment.Status.KEPT
        event = northwind.events.get(kind="promise_kept")
        client.post(reverse("partners:undo", args=[event.pk]))
    made.refresh_from_db()
    assert made.is_open


def test_anothers_promise_needs_an_assignment(
    client: Client, alice: User, bob: User, northwind: Partner
) -> None:
    from conversations import commitments
    from conversations.commitments import Promise

    made = commitments.make(northwind, Promise("Send it", MONDAY.date()), by=alice, at=MONDAY)
    client.force_login(bob)
    assert client.post(reverse("conversations:keep", args=[made.pk])).status_code == 403


QUICK = {"quick": "1", "channel": "call", "body": "Talked.", "visibility": "internal"}


def test_the_partner_is_chosen_in_the_same_press(client: Client, alice: User, northwind: Partner) -> None:
    client.force_login(alice)
    answer = client.post(LOG, QUICK | {"partner": northwind.pk})
    assert answer.status_code == 303
    assert Message.objects.get().body == "Talked."


def test_without_a_partner_what_was_typed_stays(client: Client, alice: User, northwind: Partner) -> None:
    client.force_login(alice)
    answer = client.post(LOG, QUICK)
    assert answer.status_code == 422
    assert "Choose the partner it was with." in answer.content.decode()
    assert "Talked.</textarea>" in answer.content.decode()


def test_where_somebody_waits_it_is_asked_what_the_call_answers(
    client: Client, alice: User, northwind: Partner, nora: Contact
) -> None:
    messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    client.force_login(alice)
    answer = client.post(LOG, QUICK | {"partner": northwind.pk})
    assert answer.status_code == 200
    form = answer.context["form"]
    assert (form["body"].value(), form["answers"].value()) == ("Talked.", [Wait.objects.get().pk])
    assert not Message.objects.filter(channel="call").exists()


def test_more_opens_the_whole_form_with_what_was_typed(
    client: Client, alice: User, northwind: Partner
) -> None:
    client.force_login(alice)
    answer = client.post(LOG, QUICK | {"partner": northwind.pk, "channel": "meeting", "more": "1"})
    assert answer.context["form"]["channel"].value() == "meeting"
    assert not Message.objects.exists()


def test_a_note_written_from_a_thread_stays_in_it(
    client: Client, alice: User, northwind: Partner, nora: Contact
) -> None:
    asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora)
    client.force_login(alice)
    with clock.fixed(MONDAY + HOUR):
        shown = client.get(
            LOG, {"partner": northwind.pk, "conversation": asked.conversation_id, "channel": "note"}
        )
        assert shown.context["form"]["conversation"].value() == str(asked.conversation_id)
        typed = {
            "channel": "note",
            "body": "Hm.",
            "visibility": "internal",
            "conversation": asked.conversation_id,
        }
        client.post(f"{LOG}?partner={northwind.pk}", typed)
    assert Message.objects.get(channel="note").conversation == asked.conversation


def test_another_partners_thread_is_refused(
    client: Client, alice: User, northwind: Partner, contoso: Partner
) -> None:
    theirs = messages.receive(contoso, "email", "When?", at=MONDAY).conversation
    client.force_login(alice)
    typed = {"channel": "note", "body": "Hm.", "visibility": "internal", "conversation": theirs.pk}
    assert client.post(f"{LOG}?partner={northwind.pk}", typed).status_code == 422
    assert not Message.objects.filter(channel="note").exists()
