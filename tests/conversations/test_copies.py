"""A mail of ours to people of two partners: a message with each, answering each, seen by each alone."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from conversations import copies, corrections, incoming, moving, private_threads, sent, taking_back
from conversations.models import Attachment, Conversation, Mailbox, Message, RawMail, Wait
from conversations.moving import MoveRefused
from conversations.private_threads import PrivacyRefused
from partners import contacts, history, merging
from partners.models import Contact, Event, Partner
from portal import seen
from prm import clock
from team.models import User
from tests.conversations.letters import NOW, raw

LATER = NOW + timedelta(hours=1)
BOTH = "<both@acme.example>"
ASKED = {"northwind": "<one@northwind.co.uk>", "contoso": "<one@contoso.com>"}


def mailbox(of: User) -> Mailbox:
    return Mailbox.objects.create(
        name="Own", address=of.email, person=of, host="imap.example", username=of.name,
        next_check_at=NOW, created_at=NOW,
    )  # fmt: skip


def letter(**more: Any) -> bytes:
    """What Alice sends to Nora and Omar at once, in answer to both."""
    told = {
        "To": "Nora <nora@northwind.co.uk>, partners@localhost",
        "Cc": "omar@contoso.com",
        "id": BOTH,
        "at": LATER,
        "subject": "The new terms",
        "body": "They hold from May.",
        "In_Reply_To": " ".join(ASKED.values()),
        **more,
    }
    return raw("Alice <alice@acme.example>", **told)


def asked() -> list[Conversation]:
    """What Nora and Omar asked before."""
    for sender, id in (("nora@northwind.co.uk", "northwind"), ("omar@contoso.com", "contoso")):
        incoming.accept(raw(sender, id=ASKED[id], body="Which terms?"), NOW)
    return list(Conversation.objects.order_by("partner__name"))


@pytest.fixture
def both(nora: Contact, omar: Contact, alice: User) -> tuple[Message, Message]:
    """The copy with Northwind, and the one with Contoso."""
    asked()
    first, second = sent.accept(letter(files={"terms.pdf": b"%PDF-1.4"}), mailbox(alice), LATER)
    return first, second


def test_it_answers_each_in_its_own_conversation(
    both: tuple[Message, Message], nora: Contact, omar: Contact, alice: User
) -> None:
    told = [(each.partner, each.contact, each.address, each.author) for each in both]
    assert told == [
        (nora.partner, nora, "nora@northwind.co.uk", alice),
        (omar.partner, omar, "omar@contoso.com", alice),
    ]
    waits = Wait.objects.order_by("pk")
    assert [(wait.state, wait.answer, wait.answered_at) for wait in waits] == [
        ("met", message, LATER) for message in both
    ]
    assert set(RawMail.objects.get(external_id=BOTH).messages.all()) == set(both)
    assert Attachment.objects.count() == 2


def test_who_was_asked_by_nobody_has_a_conversation_of_its_own(
    nora: Contact, omar: Contact, alice: User
) -> None:
    incoming.accept(raw(), NOW)
    first, second = sent.accept(letter(), mailbox(alice), LATER)
    assert (first.conversation.subject, second.conversation.subject) == ("Margins", "The new terms")
    assert second.conversation.state == "done"
    assert Wait.objects.get().answer == first


def test_an_address_of_people_of_both_counts_for_one(nora: Contact, omar: Contact, alice: User) -> None:
    contacts.add(omar.partner, "Nora too", by=alice, at=NOW, email=nora.email)
    assert [each.partner for each in sent.accept(letter(Cc=""), mailbox(alice), LATER)] == [nora.partner]


def test_the_sent_folders_of_two_colleagues_bring_it_once(
    nora: Contact, omar: Contact, alice: User, bob: User
) -> None:
    assert len(sent.accept(letter(), mailbox(alice), LATER)) == 2
    assert not sent.accept(letter(), mailbox(bob), LATER)
    assert not incoming.accept(letter(), LATER).is_new
    assert (Message.objects.count(), RawMail.objects.count()) == (2, 1)


def test_a_shared_mailbox_that_saw_it_first_keeps_no_answer_from_counting(nora: Contact, alice: User) -> None:
    asked()
    box = mailbox(alice)
    assert incoming.accept(letter(), LATER).message is None  # our mail server says nothing of its sender
    assert RawMail.objects.unknown().filter(external_id=BOTH).exists()
    (message,) = sent.accept(letter(Cc=""), box, LATER)
    assert (message.author, message.conversation.waits.get().answer) == (alice, message)
    assert not RawMail.objects.unknown().filter(external_id=BOTH).exists()
    assert not sent.accept(letter(), box, LATER)
    assert not incoming.accept(letter(), LATER).is_new


def test_where_the_mail_server_vouches_for_a_colleague_no_sent_folder_is_needed(
    nora: Contact, alice: User, settings: Any
) -> None:
    settings.AUTHSERV_ID = "mx.acme.example"
    asked()
    vouched = letter(Authentication_Results="mx.acme.example; dmarc=pass")
    message = incoming.accept(vouched, LATER).message
    assert message is not None
    assert (message.author, message.conversation.waits.get().answer) == (alice, message)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_and_at_once(nora: Contact, omar: Contact, alice: User, bob: User) -> None:
    threads, taken = asked(), []
    together = Barrier(4)

    def read(box: Mailbox, mail: bytes) -> None:
        together.wait()
        try:
            taken.append(len(sent.accept(mail, box, LATER)))
        finally:
            connection.close()

    turned = letter(To="omar@contoso.com", Cc="nora@northwind.co.uk", id="<turned@acme.example>")
    pairs = [(box, mail) for box in (mailbox(alice), mailbox(bob)) for mail in (letter(), turned)]
    readers = [Thread(target=read, args=pair) for pair in pairs]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    assert sorted(taken) == [0, 0, 2, 2]
    assert [thread.messages.filter(direction="out").count() for thread in threads] == [2, 2]


def test_a_reply_to_it_enters_the_thread_of_whose_person_wrote_it(both: tuple[Message, Message]) -> None:
    for sender, message in (("omar@contoso.com", both[1]), ("nora@northwind.co.uk", both[0])):
        answer = incoming.accept(raw(sender, id=f"<re-{sender}>", In_Reply_To=BOTH, at=LATER), LATER).message
        assert answer is not None
        assert (answer.conversation, answer.partner) == (message.conversation, message.partner)
    incoming.accept(raw("eve@evil.example", id="<eve@x>", In_Reply_To=BOTH), LATER)
    assert RawMail.objects.unknown().get().claims == both[0].conversation


def test_mail_that_comes_in_is_its_senders(nora: Contact, omar: Contact) -> None:
    incoming.accept(raw(Cc="omar@contoso.com"), NOW)
    assert Message.objects.get().partner == nora.partner


def test_each_side_sees_nothing_of_the_other(
    both: tuple[Message, Message], nora: Contact, omar: Contact, alice: User, client: Client
) -> None:
    for who, own in ((nora, both[0]), (omar, both[1])):
        assert own in seen.messages(who)
        assert {each.partner for each in seen.messages(who)} == {who.partner}
        assert seen.attachments(who).get().message == own
    client.force_login(alice)
    page = client.get(both[0].conversation.get_absolute_url()).content.decode()
    assert f'href="{both[1].conversation.get_absolute_url()}"' in page
    assert "also to Contoso" in page


def test_who_may_not_read_the_other_hears_nothing_of_it(
    both: tuple[Message, Message], alice: User, client: Client
) -> None:
    private_threads.make_private(both[1].conversation, alice, LATER)
    Conversation.objects.filter(pk=both[0].conversation_id).update(private_since=None)  # had it been shared
    erin = User.objects.get(name="Erin")
    client.force_login(erin)
    page = client.get(both[0].conversation.get_absolute_url()).content.decode()
    assert ("They hold from May." in page, "Contoso" in page) == (True, False)


def test_the_original_names_nobody_in_bcc(nora: Contact, omar: Contact, alice: User, client: Client) -> None:
    mail = letter(Cc="").replace(b"Date:", b"Bcc: omar@contoso.com,\n x@fabrikam.example\nDate:")
    (message,) = sent.accept(mail, mailbox(alice), LATER)
    client.force_login(alice)
    answer = client.get(reverse("conversations:original", args=[message.pk]))
    original = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert (b"They hold from May." in original, b"omar@" in original, b"fabrikam" in original) == (
        True, False, False,
    )  # fmt: skip


# --- what came back ------------------------------------------------------------------------------------


def report(*receivers: str) -> bytes:
    named = [f"Final-Recipient: rfc822; {each}\r\n" for each in receivers] or [""]
    blocks = "".join(f"{each}Action: failed\r\nStatus: 5.1.1\r\n\r\n" for each in named)
    return (
        "From: MAILER-DAEMON@mx\r\nMessage-ID: <report@mx>\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"{blocks}--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {BOTH}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("receivers", "open_ones"),
    [
        (["OMAR@contoso.com"], ["Contoso"]),
        (["somebody@northwind.co.uk"], ["Northwind"]),
        ([], ["Contoso", "Northwind"]),
    ],
)
def test_a_report_is_about_the_partner_whose_address_it_names(
    both: tuple[Message, Message], receivers: list[str], open_ones: list[str]
) -> None:
    Partner.objects.filter(name="Northwind").update(domain="northwind.co.uk")
    incoming.accept(report(*receivers), LATER)
    waiting = Wait.objects.filter(state="open").order_by("partner__name")
    assert list(waiting.values_list("partner__name", flat=True)) == open_ones


# --- private, taken back, deleted ----------------------------------------------------------------------


def test_its_conversations_are_private_together_and_shared_together(
    both: tuple[Message, Message], alice: User, bob: User
) -> None:
    threads = Conversation.objects.order_by("partner__name")
    private_threads.make_private(both[0].conversation, alice, LATER)
    assert all(each.is_private for each in threads.all())
    assert not Conversation.objects.visible_to(bob).exists()
    Conversation.objects.filter(pk=both[0].conversation_id).update(responsible=bob)
    with pytest.raises(PrivacyRefused, match="people of another partner"):
        private_threads.share(both[0].conversation, bob, LATER)
    private_threads.share(both[1].conversation, alice, LATER)
    assert not any(each.is_private for each in threads.all())
    assert Event.objects.filter(kind="conversation_shared").values("partner").distinct().count() == 2


def test_a_mail_into_a_private_conversation_is_private_with_everybody(
    nora: Contact, omar: Contact, alice: User, bob: User
) -> None:
    theirs, ours = asked()
    private_threads.make_private(ours, _in(ours, alice), LATER)
    assert not theirs.is_private
    sent.accept(letter(), mailbox(alice), LATER)
    theirs.refresh_from_db()
    assert theirs.is_private
    assert not Message.objects.filter(conversation__in=Conversation.objects.visible_to(bob)).exists()


def _in(conversation: Conversation, user: User) -> User:
    conversation.people.add(user)
    return user


def test_who_takes_it_back_takes_it_back_everywhere(both: tuple[Message, Message], alice: User) -> None:
    taking_back.take_back(both[0].conversation, "Omar must not know of Nora", by=alice, at=LATER)
    for message in both:
        message.refresh_from_db()
        assert (message.body, message.erased_at) == ("", LATER)
    assert RawMail.objects.get(external_id=BOTH).file.name == ""
    told = Event.objects.get(kind="conversation_taken_back", partner=both[1].partner)
    assert (told.note, both[1].withdrawn_reason) == ("", "Taken back by Alice")
    assert set(Wait.objects.values_list("state", flat=True)) == {"open"}


def test_the_mail_is_kept_until_its_last_copy_is_deleted(
    both: tuple[Message, Message], ravi: User, django_capture_on_commit_callbacks: Any
) -> None:
    file = RawMail.objects.get(external_id=BOTH).file
    for message, is_kept in zip(both, (True, False), strict=True):
        with django_capture_on_commit_callbacks(execute=True):
            corrections.erase(message, "Asked to", ravi, LATER)
        assert file.storage.exists(str(file.name)) is is_kept
    assert not incoming.accept(letter(), LATER).is_new


# --- two of them with one partner ----------------------------------------------------------------------


def test_merged_partners_keep_both_and_replies_find_one(
    both: tuple[Message, Message], nora: Contact, ravi: User
) -> None:
    kept, gone = both[0].partner, both[1].partner
    merging.merge_partners(kept, gone, {}, by=ravi, at=clock.now())
    assert set(Message.objects.filter(raw__external_id=BOTH, partner=kept)) == set(both)
    assert set(Wait.objects.values_list("state", flat=True)) == {"met"}
    answer = incoming.accept(raw(id="<re@x>", In_Reply_To=BOTH, at=LATER), LATER).message
    assert answer is not None
    assert answer.conversation == both[0].conversation
    merging.undo(Event.objects.get(kind="partners_merged"), ravi, clock.now())
    both[1].refresh_from_db()
    assert (both[1].partner, both[1].external_id) == (gone, BOTH)


def test_of_two_in_one_conversation_one_is_set_aside(both: tuple[Message, Message], ravi: User) -> None:
    merging.merge_partners(both[0].partner, both[1].partner, {}, by=ravi, at=clock.now())
    second, first = (Conversation.objects.get(pk=each.conversation_id) for each in reversed(both))
    with pytest.raises(MoveRefused, match=copies.SAME):
        moving.move(Message.objects.get(pk=both[1].pk), first, ravi, LATER)
    event = moving.merge(second, first, ravi, LATER)
    assert event is not None
    stands = Message.objects.filter(raw__external_id=BOTH, withdrawn_at=None)
    assert stands.get() == both[0]
    moving.unmerge(event, ravi, LATER)
    assert set(stands.all()) == set(both)


def test_a_conversation_given_to_the_other_partner_and_back_keeps_its_mail(
    both: tuple[Message, Message], ravi: User
) -> None:
    event = moving.give(both[1].conversation, both[0].partner, ravi, LATER)
    assert event is not None
    both[1].refresh_from_db()
    assert (both[1].partner, both[1].external_id) == (both[0].partner, "")
    history.undo(event, by=ravi, at=LATER)
    both[1].refresh_from_db()
    assert (both[1].partner.name, both[1].external_id) == ("Contoso", BOTH)
