"""Unknown senders: filed, made a contact, blocked, put away; nothing is lost on the way."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conversations import incoming, senders
from conversations.mail import blocking
from conversations.models import BlockedSender, Conversation, Message, RawMail, Wait
from partners.models import Contact, Event, Partner
from prm import clock
from team.models import Company, User
from tests.conversations.letters import NOW, raw

LATER = NOW + timedelta(hours=5)
STRANGER = "Nora Berg <nora@private.example>"


def unknown(sender: str = STRANGER, id: str = "<p1@private.example>", **more: str) -> RawMail:
    assert incoming.accept(raw(sender, id=id, **more), NOW).message is None
    return RawMail.objects.get(external_id=id)


def test_filing_opens_the_wait_with_the_mails_own_time(northwind: Partner, bob: User) -> None:
    message = senders.file(unknown(), northwind, by=bob, at=LATER)
    assert (message.partner, message.occurred_at, message.recorded_at) == (northwind, NOW, LATER)
    wait = Wait.objects.get()
    assert (wait.opened_at, wait.due_at) == (NOW, NOW + timedelta(days=1))
    kept = RawMail.objects.get()
    assert (kept.state, kept.messages.get(), kept.handled_by) == ("filed", message, bob)
    assert Event.objects.filter(kind="mail_filed", by_user=bob, partner=northwind).exists()


def test_a_mail_without_a_date_counts_from_when_it_came(northwind: Partner, bob: User) -> None:
    incoming.accept(raw(STRANGER, at=None), NOW)
    message = senders.file(RawMail.objects.get(), northwind, by=bob, at=LATER)
    assert (message.occurred_at, message.clamped) == (NOW, True)


def test_it_is_filed_once(northwind: Partner, contoso: Partner, bob: User, alice: User) -> None:
    mail = unknown()
    senders.file(mail, northwind, by=bob, at=LATER)
    with pytest.raises(senders.FilingRefused, match="Bob has dealt with"):
        senders.file(mail, contoso, by=alice, at=LATER)
    assert Message.objects.count() == 1


def test_it_enters_no_thread_of_another_partner(nora: Contact, contoso: Partner, bob: User) -> None:
    thread = incoming.accept(raw(), NOW).message.conversation  # type: ignore[union-attr]
    with pytest.raises(senders.FilingRefused, match="no conversation with Contoso"):
        senders.file(unknown(), contoso, by=bob, at=LATER, conversation=thread)
    assert RawMail.objects.unknown().count() == 1


def test_a_contact_brings_its_other_mails(northwind: Partner, alice: User) -> None:
    first, second = unknown(), unknown(id="<p2@private.example>", subject="More")
    stranger = unknown("other@private.example", id="<p3@private.example>")
    message, filed = senders.make_contact(first, northwind, "Nora Berg", by=alice, at=LATER)
    assert filed == 1
    assert message.contact is not None
    assert message.contact.email == "nora@private.example"
    second.refresh_from_db()
    assert second.messages.get().contact == message.contact
    assert list(RawMail.objects.unknown()) == [stranger]
    again = incoming.accept(raw(STRANGER, id="<p4@private.example>"), LATER).message
    assert again is not None
    assert again.contact == message.contact


def test_a_blocked_sender_is_kept_and_tells_nobody(northwind: Partner, bob: User) -> None:
    mail = unknown()
    assert blocking.block(mail.sender, by=bob, at=LATER) == 1
    assert incoming.accept(raw(STRANGER, id="<p2@private.example>"), LATER).says == "is of a blocked sender"
    assert unknown("other@private.example", id="<p3@private.example>").state == "unknown"
    assert RawMail.objects.filter(state="blocked").count() == 2
    assert blocking.unblock(BlockedSender.objects.get()) == 2
    assert RawMail.objects.unknown().count() == 3


def test_a_whole_domain_is_blocked(company: Company, bob: User) -> None:
    mail = unknown("one@spam.example", id="<s1@spam.example>")
    unknown("two@spam.example", id="<s2@spam.example>")
    assert blocking.block(mail.sender, by=bob, at=LATER, whole_domain=True) == 2
    incoming.accept(raw("three@spam.example", id="<s3@spam.example>"), LATER)
    incoming.accept(raw("one@notspam.example", id="<s4@notspam.example>"), LATER)
    assert [kept.sender for kept in RawMail.objects.unknown()] == ["one@notspam.example"]


@pytest.mark.parametrize(
    ("address", "whole", "words"),
    [
        ("nora@northwind.co.uk", False, "belongs to Nora Berg of Northwind"),
        ("new@northwind.co.uk", True, "belongs to Northwind"),
        ("somebody@gmail.com", True, "Many share gmail.com"),
        ("partners@localhost", False, "is our own"),
        ("", False, "names no sender"),
    ],
)
def test_whom_nobody_may_block(nora: Contact, bob: User, address: str, whole: bool, words: str) -> None:
    with pytest.raises(blocking.BlockRefused, match=words):
        blocking.block(address, by=bob, at=NOW, whole_domain=whole)
    assert not BlockedSender.objects.exists()


def test_what_was_put_away_comes_back(company: Company, bob: User) -> None:
    mail = unknown()
    senders.put_away(mail, by=bob, at=LATER)
    assert not RawMail.objects.unknown().exists()
    senders.bring_back(mail)
    assert RawMail.objects.unknown().get() == mail


def test_who_reads_own_partners_only_does_not_see_whose_thread_a_mail_names(
    nora: Contact, alice: User, bob: User
) -> None:
    incoming.accept(raw(), NOW)
    claiming, plain = unknown(In_Reply_To="<one@northwind.co.uk>"), unknown(id="<p2@private.example>")
    Company.objects.update(reading="own")
    assert list(RawMail.objects.unknown().visible_to(User.objects.get(pk=bob.pk))) == [plain]
    assert set(RawMail.objects.unknown().visible_to(User.objects.get(pk=alice.pk))) == {claiming, plain}


# --- the pages ----------------------------------------------------------------------------------------


def post(client: Client, by: User, name: str, mail: RawMail, /, **typed: object):  # type: ignore[no-untyped-def]
    client.force_login(by)
    with clock.fixed(LATER):
        return client.post(reverse(f"conversations:{name}", args=[mail.pk]), typed)


def page(client: Client, by: User, address: str) -> str:
    client.force_login(by)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_people_apart_from_machines(client: Client, bob: User) -> None:
    unknown(subject="From a person")
    unknown(id="<auto@x>", subject="Out of office", Auto_Submitted="auto-replied")
    shown = page(client, bob, reverse("conversations:unknown_senders"))
    assert "From a person" in shown
    assert "Out of office" not in shown
    assert "Out of office" in page(client, bob, reverse("conversations:unknown_senders") + "?show=automatic")


def test_the_page_suggests_whose_thread_it_names_and_warns(
    client: Client, nora: Contact, omar: Contact, bob: User
) -> None:
    incoming.accept(raw(), NOW)
    mail = unknown(In_Reply_To="<one@northwind.co.uk>")
    shown = page(client, bob, mail.get_absolute_url())
    assert "is no contact there" in shown
    assert f'value="{nora.partner_id}" checked' in shown
    assert "Contoso" in page(client, bob, mail.get_absolute_url() + "?q=contoso")


def test_a_press_files_it_into_the_thread_it_names(client: Client, nora: Contact, bob: User) -> None:
    thread = incoming.accept(raw(), NOW).message.conversation  # type: ignore[union-attr]
    mail = unknown(In_Reply_To="<one@northwind.co.uk>")
    answer = post(client, bob, "file_mail", mail, partner=nora.partner_id)
    assert answer.status_code == 303
    assert answer["Location"] == thread.get_absolute_url()
    assert thread.messages.count() == 2


def test_a_press_makes_a_contact_for_who_may(
    client: Client, northwind: Partner, alice: User, bob: User
) -> None:
    mail = unknown()
    refused = post(client, bob, "file_mail", mail, partner=northwind.pk, name="Nora")
    assert refused.status_code == 422
    assert "whoever looks after Northwind" in refused.content.decode()
    assert not Contact.objects.exists()
    assert post(client, alice, "file_mail", mail, partner=northwind.pk, name="Nora Berg").status_code == 303
    assert Contact.objects.get().email == "nora@private.example"


def test_without_a_partner_it_is_refused_in_words(client: Client, northwind: Partner, bob: User) -> None:
    answer = post(client, bob, "file_mail", unknown())
    assert answer.status_code == 422
    assert "Choose the partner it belongs to." in answer.content.decode()


def test_blocking_from_the_page_and_back(client: Client, nora: Contact, bob: User) -> None:
    mail = unknown()
    assert post(client, bob, "block_sender", mail, what="domain").status_code == 303
    shown = page(client, bob, reverse("conversations:unknown_senders") + "?show=blocked")
    assert "@private.example" in shown
    client.post(reverse("conversations:unblock_sender", args=[BlockedSender.objects.get().pk]))
    assert RawMail.objects.unknown().get() == mail


def test_a_refused_block_says_why(client: Client, nora: Contact, bob: User) -> None:
    answer = post(client, bob, "block_sender", unknown("x@gmail.com", id="<g@x>"), what="domain")
    assert answer.status_code == 409
    assert "Many share gmail.com" in answer.content.decode()


def test_a_mail_that_was_filed_is_not_here_any_more(client: Client, northwind: Partner, bob: User) -> None:
    mail = unknown()
    senders.file(mail, northwind, by=bob, at=LATER)
    client.force_login(bob)
    assert client.get(mail.get_absolute_url()).status_code == 404
    assert Conversation.objects.count() == 1


def test_hostile_words_are_shown_as_words(client: Client, bob: User) -> None:
    mail = unknown('"<img src=x>" <x@evil.example>', subject="<script>alert(1)</script>", body="<b>bold</b>")
    shown = page(client, bob, mail.get_absolute_url())
    shown += page(client, bob, reverse("conversations:unknown_senders"))
    for words in ("<img src=x>", "<script>alert(1)", "<b>bold"):
        assert words not in shown


def test_what_a_colleague_wrote_is_filed_as_ours(nora: Contact, alice: User, bob: User) -> None:
    incoming.accept(raw(), NOW)
    id, later = "<reply@acme.example>", NOW + timedelta(hours=1)
    incoming.accept(raw("alice@acme.example", id=id, at=later, To=nora.email, Cc="partners@localhost"), later)
    unknown = RawMail.objects.unknown().get()
    with pytest.raises(senders.FilingRefused, match="one of us"):
        senders.make_contact(unknown, nora.partner, "Alice", by=bob, at=later)
    message = senders.file(unknown, nora.partner, by=bob, at=later)
    assert (message.direction, message.author) == ("out", alice)
    assert not RawMail.objects.unknown().exists()
