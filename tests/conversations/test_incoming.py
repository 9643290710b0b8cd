"""A partner's mail comes in: from known senders, into its thread, once."""

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from conversations import incoming, messages, senders
from conversations.mail import automatic, reading, reply_address
from conversations.messages import Happening
from conversations.models import Conversation, Message, RawMail, Wait
from partners.models import Contact, ContactAddress, Partner
from prm import clock, outbox, sweeper
from prm.models import BouncedAddress, OutboxItem
from team.models import User
from tests.conversations.letters import NOW, raw
from tests.sink import Sink


def test_a_known_sender_opens_a_conversation_and_a_wait(nora: Contact) -> None:
    accepted = incoming.accept(raw(subject="Re: Margins"), NOW)
    message = accepted.message
    assert message is not None
    assert (message.contact, message.partner, message.address) == (nora, nora.partner, "nora@northwind.co.uk")
    assert message.conversation.subject == "Margins"
    assert message.body == "What about the margins?"
    assert Wait.objects.get().due_at == NOW + timedelta(days=1)


def test_the_same_message_id_is_one_message(nora: Contact) -> None:  # R19
    first = incoming.accept(raw(), NOW)
    again = incoming.accept(raw(body="once more"), NOW + timedelta(minutes=1))
    assert (again.message, again.is_new) == (first.message, False)
    assert Message.objects.count() == Wait.objects.count() == 1


def test_a_further_address_is_known(nora: Contact) -> None:
    ContactAddress.objects.create(contact=nora, email="N.Berg@private.example")
    accepted = incoming.accept(raw("n.berg@PRIVATE.example"), NOW)
    assert accepted.message.contact == nora  # type: ignore[union-attr]


def test_a_colleague_at_the_partners_own_domain_is_filed_without_a_contact(northwind: Partner) -> None:
    message = incoming.accept(raw("Ove <ove@mail.northwind.co.uk>"), NOW).message
    assert message is not None
    assert (message.partner, message.contact, message.address) == (
        northwind,
        None,
        "ove@mail.northwind.co.uk",
    )


def test_a_free_mail_domain_is_nobodys(northwind: Partner) -> None:
    Partner.objects.filter(pk=northwind.pk).update(domain="gmail.com")
    incoming.accept(raw("stranger@gmail.com"), NOW)
    assert RawMail.objects.get().state == "unknown"


@pytest.mark.parametrize(
    "sender", ["stranger@nowhere.example", "", "not an address", "@", "nora@northwind.co"]
)
def test_mail_of_an_unknown_sender_is_kept_as_it_came_and_enters_no_conversation(
    nora: Contact, sender: str
) -> None:
    mail = b"From: " + sender.encode() + b"\r\nSubject: Hello\r\n\r\nHello\0"
    accepted = incoming.accept(mail, NOW)
    assert (accepted.message, accepted.says) == (None, "is kept under Unknown senders")
    kept = RawMail.objects.unknown().get()
    assert (kept.subject, kept.text, kept.written_at) == ("Hello", "Hello", NOW)
    assert senders.content(kept) == mail
    assert not Conversation.objects.exists()
    assert not incoming.accept(mail, NOW).is_new
    assert RawMail.objects.count() == 1


def test_an_answer_joins_its_thread(nora: Contact, alice: User, sink: Sink) -> None:
    question = incoming.accept(raw(), NOW).message
    assert question is not None
    answer = messages.reply(question.conversation, "They stay.", alice, NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    back = incoming.accept(
        raw(id="<two@x>", subject="Something else", at=later, In_Reply_To=answer.external_id), later
    )
    assert back.message.conversation == question.conversation  # type: ignore[union-attr]
    assert Wait.objects.filter(state="open").get().metric == "next"


def test_references_are_enough(nora: Contact) -> None:
    first = incoming.accept(raw(), NOW).message
    second = incoming.accept(
        raw(id="<two@x>", References="<gone@x> <one@northwind.co.uk> <also-gone@x>"), NOW + timedelta(hours=1)
    ).message
    assert second.conversation == first.conversation  # type: ignore[union-attr]


def test_a_forged_reference_does_not_reach_another_partner(nora: Contact, omar: Contact, alice: User) -> None:
    first = incoming.accept(raw(), NOW).message
    forged = raw("omar@contoso.com", id="<x@contoso.com>", In_Reply_To="<one@northwind.co.uk>")
    assert incoming.accept(forged, NOW).message is None
    kept = RawMail.objects.unknown().get()
    assert kept.claims == first.conversation  # type: ignore[union-attr]
    assert Message.objects.count() == 1
    notice = alice.notices.get(kind="unknown_sender")
    assert notice.url == kept.get_absolute_url()


def test_somebody_known_at_two_partners_is_filed_by_thread(nora: Contact, omar: Contact) -> None:
    both = Contact.objects.create(
        partner=omar.partner, name="Nora Berg", email="nora@northwind.co.uk", created_at=NOW
    )
    first = messages.receive(omar.partner, "email", "Hi", NOW, contact=both, external_id="<c@x>")
    answer = incoming.accept(raw(In_Reply_To="<c@x>"), NOW + timedelta(hours=1)).message
    assert answer is not None
    assert (answer.conversation, answer.contact) == (first.conversation, both)


@pytest.mark.parametrize("date", ["2099-01-01", "1970-01-01", None])
def test_an_absurd_date_is_taken_back_and_flagged(nora: Contact, date: str | None) -> None:
    at = datetime.fromisoformat(date).replace(tzinfo=UTC) if date else None
    message = incoming.accept(raw(at=at), NOW).message
    assert message is not None
    assert (message.occurred_at, message.clamped) == (NOW, True)


def test_it_counts_from_when_it_was_written(nora: Contact) -> None:
    message = incoming.accept(raw(at=NOW - timedelta(hours=3)), NOW).message
    assert message is not None
    assert (message.occurred_at, message.clamped) == (NOW - timedelta(hours=3), False)
    assert Wait.objects.get().opened_at == NOW - timedelta(hours=3)


def test_a_provider_ten_minutes_ahead_is_clamped(nora: Contact) -> None:  # E11
    message = incoming.accept(raw(at=NOW + timedelta(minutes=10)), NOW).message
    assert message is not None
    assert (message.occurred_at, message.clamped) == (NOW, True)


def test_an_out_of_office_reply_opens_nothing_but_is_kept(nora: Contact) -> None:  # R15
    message = incoming.accept(raw(Auto_Submitted="auto-replied"), NOW).message
    assert message is not None
    assert message.is_automatic
    assert not Wait.objects.exists()
    incoming.accept(raw(id="<two@x>", Auto_Submitted="no"), NOW)
    assert Wait.objects.count() == 1


def test_only_in_copy_opens_nothing(nora: Contact) -> None:
    message = incoming.accept(raw(To="omar@contoso.com", Cc="partners@localhost"), NOW).message
    assert message is not None
    assert message.is_copy
    assert not Wait.objects.exists()


def test_a_colleague_in_to_is_us_by_whichever_mailbox_it_came_in(nora: Contact, alice: User) -> None:
    incoming.accept(raw(To=f"Alice <{alice.email.title()}>", Cc="partners@localhost"), NOW)
    assert Wait.objects.get().is_open


def test_a_mail_that_crossed_with_our_reply_is_told(nora: Contact, alice: User) -> None:
    thread = incoming.accept(raw(at=NOW - timedelta(hours=2)), NOW - timedelta(hours=2)).message.conversation  # type: ignore[union-attr]
    messages.reply(thread, "They stay.", alice, NOW)
    incoming.accept(
        raw(id="<two@x>", at=NOW - timedelta(hours=1), In_Reply_To="<one@northwind.co.uk>"),
        NOW + timedelta(minutes=1),
    )
    assert not Wait.objects.open().exists()
    assert alice.notices.filter(kind="mail_crossed").count() == 1


def test_a_reply_goes_out_once_in_the_thread(nora: Contact, alice: User, sink: Sink) -> None:
    thread = incoming.accept(raw(), NOW).message.conversation  # type: ignore[union-attr]
    messages.reply(thread, "They stay.\n\nAlice", alice, NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=1, minutes=1)
    outbox.deliver(later)
    outbox.deliver(later)
    (sent,) = sink.mails
    assert sent["To"] == "Nora Berg <nora@northwind.co.uk>"
    assert sent["Subject"] == "Re: Margins"
    assert sent["In-Reply-To"] == sent["References"] == "<one@northwind.co.uk>"
    assert sent["Message-ID"] == Message.objects.get(direction="out").external_id
    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]
    assert sent["Reply-To"] == reply_address.of(thread.pk)
    assert not automatic.is_automatic(sent)
    assert "Alice" in sent["From"]
    assert Wait.objects.get().state == "met"


def test_a_reply_to_nobody_reachable_is_refused(northwind: Partner, alice: User, sink: Sink) -> None:
    thread = messages.log(northwind, Happening("call", "A talk"), alice, NOW).conversation
    with pytest.raises(messages.MessageRefused, match="no e-mail address"):
        messages.reply(thread, "Hello", alice, NOW)


def test_without_a_mail_server_a_reply_is_recorded(nora: Contact, alice: User) -> None:
    thread = incoming.accept(raw(), NOW).message.conversation  # type: ignore[union-attr]
    answer = messages.reply(thread, "They stay.", alice, NOW + timedelta(hours=1))
    assert (answer.outbox, answer.external_id) == (None, "")
    assert Wait.objects.get().state == "met"


def report_on(message_id: str) -> bytes:
    """A delivery report on a mail of ours; `%` puts in what became of it."""
    return (
        b"From: MAILER-DAEMON@mx.example\r\nMessage-ID: <report@mx>\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        b"--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        b"Action: %s\r\n\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        b"Message-ID: " + message_id.encode() + b"\r\n\r\n--x--"
    )


def test_a_report_on_a_notice_counts_against_the_address(nora: Contact, alice: User, sink: Sink) -> None:
    wait = incoming.accept(raw(), NOW).message.conversation.waits.get()  # type: ignore[union-attr]
    sweeper.run(wait.due_at)
    outbox.deliver(wait.due_at)
    notice = OutboxItem.objects.get(kind="notices")
    assert incoming.accept(report_on(notice.message_id) % b"failed", wait.due_at).message is None
    notice.refresh_from_db()
    assert notice.state == OutboxItem.State.BOUNCED
    assert BouncedAddress.objects.get().email == alice.email


def test_a_reply_that_is_given_up_lets_them_wait_again_and_tells_who_wrote_it(
    nora: Contact, alice: User, sink: Sink, settings: Any
) -> None:
    thread = incoming.accept(raw(), NOW).message.conversation  # type: ignore[union-attr]
    messages.reply(thread, "They stay.", alice, NOW + timedelta(hours=1))
    settings.EMAIL_PORT = 1  # nobody listens there
    for tries in range(outbox.MOST_ATTEMPTS):
        assert Wait.objects.get().state == "met"
        outbox.deliver(NOW + timedelta(hours=2 + 7 * tries))
    assert Wait.objects.get().state == "open"
    assert alice.notices.get(kind="reply_bounced").text.startswith("Your reply to Northwind did not arrive")


def test_a_delivery_report_reopens_the_wait(nora: Contact, alice: User, sink: Sink) -> None:
    thread = incoming.accept(raw(), NOW).message.conversation  # type: ignore[union-attr]
    answer = messages.reply(thread, "They stay.", alice, NOW + timedelta(hours=1))
    report = report_on(answer.external_id)
    delayed = report.replace(b"report@mx", b"delayed@mx")
    incoming.accept(delayed % b"delayed", NOW + timedelta(hours=2))
    assert Wait.objects.get().state == "met"
    assert incoming.accept(report % b"failed", NOW + timedelta(hours=2)).message is None
    assert RawMail.objects.filter(state="report").count() == 1
    wait = Wait.objects.get()
    assert (wait.state, wait.due_at) == ("open", NOW + timedelta(days=1))


# --- the command --------------------------------------------------------------------------------------


def run(*args: str) -> str:
    out = StringIO()
    with clock.fixed(NOW):
        call_command("receive_mail", *args, stdout=out)
    return out.getvalue()


def test_the_command_reads_a_file(nora: Contact, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(raw())
    assert "of Northwind, in “Margins”" in run(str(path))
    assert "was here already" in run(str(path))


def test_the_command_reads_standard_input(nora: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(raw())))
    assert "Margins" in run()


@pytest.mark.parametrize("content", [b"", b"   \n", b"\xff\xfe\x00garbage"])
def test_the_command_refuses_in_words(nora: Contact, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        run(str(path))
    assert not Message.objects.exists()
    assert not RawMail.objects.exists()


def test_the_command_keeps_mail_of_a_stranger(nora: Contact, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(raw("stranger@nowhere.example"))
    assert "is kept under Unknown senders" in run(str(path))


def test_the_command_says_that_a_file_is_missing(company: object) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("/nowhere/at/all.eml")


@pytest.mark.real_data
def test_real_automatic_mail_of_a_contact_is_kept_and_opens_nothing(nora: Contact) -> None:
    kept = 0
    for path in sorted(Path(os.environ["REAL_DATA"], "mail").glob("rfc3834-*.eml")):
        sender = reading.read(path.read_bytes()).sender
        Contact.objects.create(partner=nora.partner, name=path.stem, email=sender, created_at=NOW)
        kept += incoming.accept(path.read_bytes(), NOW).is_new
    assert kept == Message.objects.filter(is_automatic=True).count() == 6
    assert not Wait.objects.exists()
