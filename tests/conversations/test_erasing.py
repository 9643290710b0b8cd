"""An admin deletes a message: its words are gone, its trace stays, and the waits follow."""

from datetime import datetime

import pytest
from django.test import Client

from conversations import corrections, messages
from conversations.messages import Happening
from conversations.models import Message
from conversations.records import MessageRefused
from partners.models import Contact, Event, Partner
from prm import clock, outbox
from prm.models import OutboxItem
from team.models import User
from tests.conftest import BERLIN
from tests.conversations.agreement import assert_agreement


def moment(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=BERLIN)


def asks(nora: Contact) -> Message:
    return messages.receive(
        nora.partner, "email", "My secret", moment(3), contact=nora, subject="Secret", external_id="<a@b>"
    )


def test_its_words_are_gone_and_its_trace_stays(nora: Contact, ravi: User) -> None:
    asked = asks(nora)
    corrections.erase(asked, "Asked for by law", ravi, moment(4))
    asked.refresh_from_db()
    assert (asked.body, asked.subject, asked.address, asked.contact) == ("", "", "", None)
    assert (asked.erased_at, asked.withdrawn_by, asked.withdrawn_reason) == (
        moment(4),
        ravi,
        "Asked for by law",
    )
    assert asked.external_id == "<a@b>"  # so that the mail is not taken in again
    assert asked.conversation.waits.get().state == "cancelled"
    assert Event.objects.get(kind="message_erased").by_user == ravi
    assert_agreement(asked.conversation)


def test_a_deleted_answer_lets_them_wait_again(nora: Contact, alice: User, ravi: User) -> None:
    thread = asks(nora).conversation
    reply = messages.reply(thread, "A secret of ours", alice, moment(3, 11))
    corrections.erase(reply, "Sent to the wrong person", ravi, moment(3, 12))
    assert thread.waits.get().state == "open"


def test_what_it_corrects_and_the_record_of_it_are_emptied_too(
    northwind: Partner, alice: User, ravi: User
) -> None:
    first = messages.log(northwind, Happening("call", "secret one"), alice, moment(3))
    second = corrections.correct(first, alice, moment(3, 11), body="secret two")
    third = corrections.correct(second, alice, moment(3, 12), body="secret three")
    corrections.erase(second, "Private", ravi, moment(4))
    assert {*Message.objects.values_list("body", flat=True)} == {""}
    assert Message.objects.filter(erased_at=None).count() == 0
    assert not Event.objects.filter(changes__icontains="secret").exists()
    third.refresh_from_db()
    assert third.body == ""


def test_the_mail_that_went_out_is_emptied_in_sent_mail(
    settings: object, nora: Contact, alice: User, ravi: User, sink: object
) -> None:
    thread = asks(nora).conversation
    reply = messages.reply(thread, "A secret of ours", alice, moment(3, 11))
    with pytest.raises(MessageRefused, match="being sent"):
        corrections.erase(reply, "Private", ravi, moment(3, 11))
    outbox.deliver(clock.now())
    corrections.erase(reply, "Private", ravi, moment(3, 12))
    item = OutboxItem.objects.get()
    assert (item.state, item.to, item.subject, item.body) == ("sent", "", "", "")


def test_it_is_said_why_and_done_once_and_cannot_be_brought_back(nora: Contact, ravi: User) -> None:
    asked = asks(nora)
    with pytest.raises(MessageRefused, match="Say why"):
        corrections.erase(asked, "", ravi, moment(4))
    corrections.erase(asked, "Private", ravi, moment(4))
    with pytest.raises(MessageRefused, match="already"):
        corrections.erase(asked, "Private", ravi, moment(4))
    with pytest.raises(MessageRefused, match="brought back"):
        corrections.restore(asked, ravi, moment(4))


def test_only_an_admin_deletes_on_the_page(nora: Contact, erin: User, ravi: User, client: Client) -> None:
    asked = asks(nora)
    page = f"/messages/{asked.pk}/delete/"
    client.force_login(erin)
    assert client.post(page, {"reason": "Private"}).status_code == 403
    client.force_login(ravi)
    assert client.post(page, {"reason": ""}).status_code == 422
    words = client.post(page, {"reason": "Private"}, follow=True).content.decode()
    assert "deleted by Ravi: Private" in words
    assert "My secret" not in words
