"""Mail to a person's own address: what they wrote, in Bcc, and what they forward as a file. Once each."""

from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations import handed_in, incoming, sent
from conversations.mail import person_address, reply_address
from conversations.models import Mailbox, Message, RawMail, Wait
from partners.models import Contact
from team.models import Notice, User
from tests.conversations.letters import NOW, raw

LATER = NOW + timedelta(hours=1)


def address(of: User) -> str:
    return person_address.of(of, person_address.MAIL)


def copy(of: User, sender: str = "Alice <ALICE@acme.example>", **more: Any) -> bytes:
    """A mail to Nora with `of`'s address in Bcc: only the mail server's own header names it."""
    told = {
        "To": "nora@northwind.co.uk",
        "id": "<sent@acme.example>",
        "body": "They stay.",
        "at": LATER,
        **more,
    }
    return raw(sender, Delivered_To=address(of), **told)


def forward(of: User, *mails: bytes, sender: str = "alice@acme.example") -> bytes:
    """These mails, forwarded as files to `of`'s address."""
    around = EmailMessage()
    around["From"], around["To"], around["Subject"] = sender, address(of), "Fwd: Margins"
    around["Message-ID"] = "<around@acme.example>"
    around.set_content("See below.")
    for mail in mails:
        around.add_attachment(BytesParser(policy=default).parsebytes(mail))
    return around.as_bytes()


def mailbox(of: User, address: str) -> Mailbox:
    return Mailbox.objects.create(
        name="Own", address=address, person=of, host="imap.example", username="a",
        next_check_at=NOW, created_at=NOW,
    )  # fmt: skip


# --- written by them ----------------------------------------------------------------------------------


def test_a_mail_with_it_in_bcc_is_their_answer(nora: Contact, alice: User) -> None:
    question = incoming.accept(raw(), NOW).message
    assert question is not None
    answer = incoming.accept(copy(alice, In_Reply_To=question.external_id), LATER).message
    assert answer is not None
    assert (answer.direction, answer.author, answer.contact) == ("out", alice, nora)
    assert (answer.conversation, answer.occurred_at) == (question.conversation, LATER)
    wait = Wait.objects.get()
    assert (wait.state, wait.answered_at, wait.answered_by) == ("met", LATER, alice)


def test_the_same_mail_in_the_sent_folder_is_no_second_message(nora: Contact, alice: User) -> None:
    box = mailbox(alice, alice.email)
    incoming.accept(copy(alice), LATER)
    assert not sent.accept(copy(alice), box, LATER)
    assert not incoming.accept(copy(alice), LATER).is_new
    assert Message.objects.count() == RawMail.objects.count() == 1


def test_the_copy_of_what_the_sent_folder_brought_is_no_second_message(nora: Contact, alice: User) -> None:
    sent.accept(copy(alice), mailbox(alice, alice.email), LATER)
    assert not incoming.accept(copy(alice), LATER).is_new
    assert Message.objects.count() == 1


def test_the_address_of_their_mailbox_is_theirs_too(nora: Contact, alice: User) -> None:
    mailbox(alice, "A.Smith@mail.example")
    incoming.accept(copy(alice, sender="a.smith@mail.example"), LATER)
    assert Message.objects.get().author == alice


def test_what_goes_to_no_partner_is_not_kept_and_its_writer_is_told(nora: Contact, alice: User) -> None:
    for _ in range(2):
        incoming.accept(copy(alice, To="mum@home.example", subject="Sunday"), LATER)
    assert not RawMail.objects.exists()
    told = Notice.objects.get(person=alice, kind=handed_in.NOWHERE)
    assert ("“Sunday”" in told.text, told.for_others) == (True, "A mail of Alice was not filed")


def test_an_automatic_answer_from_their_address_answers_nobody(nora: Contact, alice: User) -> None:
    incoming.accept(raw(), NOW)
    incoming.accept(copy(alice, Auto_Submitted="auto-replied"), LATER)
    assert Wait.objects.get().state == "open"


# --- forwarded by them --------------------------------------------------------------------------------


def test_a_mail_forwarded_as_a_file_is_filed_as_it_was_written(nora: Contact, alice: User) -> None:
    accepted = incoming.accept(forward(alice, raw()), LATER)
    message = Message.objects.get()
    assert accepted.message == message
    assert (message.direction, message.contact, message.occurred_at) == ("in", nora, NOW)
    assert (message.external_id, message.body) == ("<one@northwind.co.uk>", "What about the margins?")
    assert Wait.objects.get().opened_at == NOW


def test_each_forwarded_mail_is_filed_once(nora: Contact, alice: User) -> None:
    incoming.accept(raw(), NOW)
    theirs = raw("alice@acme.example", id="<mine@x>", To="nora@northwind.co.uk", at=LATER)
    both = forward(alice, raw(), theirs)
    says = [incoming.accept(both, LATER).says for _ in range(2)]
    assert says == ["brought 2 forwarded mails, 1 of them new", "brought 2 forwarded mails, 0 of them new"]
    assert list(Message.objects.values_list("external_id", "direction").order_by("pk")) == [
        ("<one@northwind.co.uk>", "in"),
        ("<mine@x>", "out"),
    ]


def test_a_forwarded_mail_of_an_unknown_sender_waits_for_somebody(nora: Contact, alice: User) -> None:
    incoming.accept(forward(alice, raw("stranger@nowhere.example")), LATER)
    assert RawMail.objects.unknown().get().sender == "stranger@nowhere.example"


# --- by others ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sender", ["bob@acme.example", "nora@northwind.co.uk", "x@nowhere.example", ""])
def test_it_lets_nobody_else_speak_for_them(nora: Contact, alice: User, bob: User, sender: str) -> None:
    incoming.accept(copy(alice, sender=sender), LATER)
    assert RawMail.objects.get().state == "unknown"
    incoming.accept(forward(alice, raw(), sender=sender), LATER)
    assert RawMail.objects.unknown().count() == 2
    assert not Message.objects.exists()


def test_a_mail_in_their_name_that_fails_dmarc_is_kept_aside(
    nora: Contact, alice: User, settings: Any
) -> None:
    settings.AUTHSERV_ID = "mx.acme.example"
    failed = "mx.acme.example; dmarc=fail header.from=acme.example"
    incoming.accept(copy(alice, Authentication_Results=failed), LATER)
    assert RawMail.objects.get().doubt == incoming.FORGED
    assert not Message.objects.exists()


def test_a_made_up_address_is_nobodys(nora: Contact, alice: User, bob: User) -> None:
    own = address(alice)
    assert person_address.named_in([own], person_address.MAIL) == alice
    for made_up in (
        own.replace(f"-{alice.pk}-", f"-{bob.pk}-"),
        reply_address.of(alice.pk),
        person_address.of(alice, person_address.CALENDAR),
    ):
        assert person_address.named_in([made_up], person_address.MAIL) is None
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert person_address.named_in([own], person_address.MAIL) is None


# --- the page -----------------------------------------------------------------------------------------


def test_your_mailbox_shows_your_address_and_nobody_elses(alice: User, bob: User, client: Client) -> None:
    client.force_login(alice)
    page = client.get(reverse("conversations:own_mailbox")).content.decode()
    assert address(alice) in page
    assert address(bob) not in page
    assert 'data-copy="mail-address"' in page


def test_without_a_place_for_a_key_the_page_says_that_there_is_none(
    alice: User, client: Client, settings: Any
) -> None:
    settings.REPLY_ADDRESS = "partners@acme.example"
    client.force_login(alice)
    page = client.get(reverse("conversations:own_mailbox")).content.decode()
    assert "has no place for a key" in page
    assert "data-copy" not in page
