"""Which conversation a mail continues, and who may enter it."""

from datetime import timedelta
from typing import Any

import pytest

from conversations import incoming, messages
from conversations.mail import reply_address
from conversations.models import Conversation, Message, RawMail, Wait
from partners import contacts
from partners.models import Contact, Partner
from team.models import User
from tests.conversations.letters import NOW, raw
from tests.sink import Sink

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def thread(nora: Contact) -> Conversation:
    message = incoming.accept(raw(), NOW).message
    assert message is not None
    return message.conversation


def taken(mail: bytes) -> Message | None:
    return incoming.accept(mail, LATER).message


def test_the_key_in_the_address_names_the_thread(thread: Conversation) -> None:
    mail = raw(id="<two@x>", subject="Quite another", To=f"Acme <{reply_address.of(thread.pk)}>")
    assert taken(mail).conversation == thread  # type: ignore[union-attr]


@pytest.mark.parametrize("header", ["Cc", "Delivered-To", "X-Original-To"])
def test_the_key_is_found_where_mail_servers_put_it(thread: Conversation, header: str) -> None:
    mail = raw(id="<two@x>", **{header: reply_address.of(thread.pk).upper()})
    assert taken(mail).conversation == thread  # type: ignore[union-attr]


def test_the_key_goes_before_what_it_answers(thread: Conversation, nora: Contact) -> None:
    other = messages.receive(nora.partner, "email", "Hi", NOW, contact=nora, external_id="<other@x>")
    mail = raw(id="<two@x>", In_Reply_To="<other@x>", To=reply_address.of(thread.pk))
    assert other.conversation != thread
    assert taken(mail).conversation == thread  # type: ignore[union-attr]


def test_a_made_up_key_names_nothing(thread: Conversation, settings: Any) -> None:
    key = reply_address.of(thread.pk)
    for forged in (key.replace("+", "+1"), key[: key.index("@") - 1] + "0" + key[key.index("@") - 1 :]):
        assert reply_address.named_in([forged]) is None
    last = key[key.index("@") - 1]
    assert reply_address.named_in([key.replace(f"{last}@", f"{'0' if last != '0' else '1'}@")]) is None
    assert reply_address.named_in([key]) == thread.pk
    settings.SECRET_KEY = "another secret"
    assert reply_address.named_in([key]) is None
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests-and-long-enough-to-be-quiet-0123456789"]
    assert reply_address.named_in([key]) == thread.pk


@pytest.mark.parametrize("pattern", ["{key}@replies.acme.example", "Answers+{key}@acme.example"])
def test_the_address_can_be_another(thread: Conversation, settings: Any, pattern: str) -> None:
    settings.REPLY_ADDRESS = pattern
    address = reply_address.of(thread.pk)
    assert address.endswith(pattern.partition("{key}")[2])
    assert reply_address.named_in(["x@y.example", address.lower()]) == thread.pk
    assert reply_address.is_intake(address.lower())


def test_an_address_without_a_place_for_the_key_is_used_as_it_is(thread: Conversation, settings: Any) -> None:
    settings.REPLY_ADDRESS = "answers@acme.example"
    assert reply_address.of(thread.pk) == "answers@acme.example"
    assert reply_address.named_in(["answers@acme.example"]) is None
    assert reply_address.is_intake("answers@acme.example")


def test_the_subject_alone_never_threads(thread: Conversation) -> None:
    assert taken(raw(id="<two@x>", subject="Re: Margins")).conversation != thread  # type: ignore[union-attr]


def test_a_stranger_with_a_key_stays_outside(thread: Conversation, alice: User) -> None:
    assert taken(raw("mallory@evil.example", id="<two@x>", To=reply_address.of(thread.pk))) is None
    assert RawMail.objects.unknown().get().claims == thread
    assert thread.messages.count() == 1
    assert alice.notices.filter(kind="unknown_sender").exists()


def test_a_colleague_at_the_partners_domain_may_enter(thread: Conversation) -> None:
    mail = raw("Ove <ove@sales.northwind.co.uk>", id="<two@x>", To=reply_address.of(thread.pk))
    assert taken(mail).conversation == thread  # type: ignore[union-attr]


def test_a_sender_name_that_poses_as_an_address_is_only_a_name(thread: Conversation) -> None:
    for sender in (
        '"nora@northwind.co.uk" <mallory@evil.example>',
        "=?utf-8?q?nora=40northwind=2Eco=2Euk?= <mallory@evil.example>",
        "mallory@evil.example (nora@northwind.co.uk)",
    ):
        mail = f"From: {sender}\r\nSubject: x\r\nIn-Reply-To: <one@northwind.co.uk>\r\n\r\n{sender}".encode()
        assert taken(mail) is None
    assert set(RawMail.objects.unknown().values_list("sender", flat=True)) == {"mallory@evil.example"}


def test_a_thread_merged_away_leads_to_the_one_that_stands(thread: Conversation, nora: Contact) -> None:
    other = messages.receive(nora.partner, "email", "Hi", NOW, contact=nora).conversation
    Conversation.objects.filter(pk=thread.pk).update(merged_into=other)
    mail = raw(id="<two@x>", To=reply_address.of(thread.pk))
    assert taken(mail).conversation == other  # type: ignore[union-attr]


def test_somebody_of_two_partners_enters_either_thread(
    thread: Conversation, contoso: Partner, alice: User
) -> None:
    both = contacts.add(contoso, "Nora Berg", by=alice, at=NOW, email="nora@northwind.co.uk")
    theirs = messages.receive(contoso, "email", "Hi", NOW, contact=both).conversation
    mail = raw(id="<two@x>", To=reply_address.of(theirs.pk))
    assert taken(mail).contact == both  # type: ignore[union-attr]
    mail = raw(id="<three@x>", To=reply_address.of(thread.pk))
    assert taken(mail).conversation == thread  # type: ignore[union-attr]


def test_an_address_with_our_plus_key_is_us(nora: Contact, thread: Conversation) -> None:
    key = reply_address.of(thread.pk)
    copied = taken(raw(id="<two@x>", To="omar@contoso.com", Cc=key))
    assert copied is not None
    assert copied.is_copy
    asked = taken(raw(id="<three@x>", To=key, Cc="omar@contoso.com"))
    assert asked is not None
    assert not asked.is_copy


def test_our_own_mails_that_come_back_are_known(thread: Conversation, alice: User, sink: Sink) -> None:
    answer = messages.reply(thread, "They stay.", alice, LATER)
    back = incoming.accept(raw("partners@localhost", id=answer.external_id), LATER)
    assert (back.message, back.is_new) == (answer, False)
    assert Wait.objects.get().state == "met"
