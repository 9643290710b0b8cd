"""Who answers what comes in by a shared mailbox, where nobody looks after the partner."""

from __future__ import annotations

import pytest
from django.test import Client

from conversations import incoming, senders
from conversations.models import Conversation, Mailbox, RawMail, Wait
from conversations.whose import Post, Topic, responsible
from partners import assignments, organisations
from partners.models import Contact, Partner, Stage
from prm import clock
from team.models import Grant, Region, Role, User
from tests.conftest import MONDAY
from tests.conversations.letters import raw


@pytest.fixture
def mailbox(omar: Contact) -> Mailbox:
    return Mailbox.objects.create(
        name="Nordics",
        address="nordics@acme.example",
        host="imap.acme.example",
        username="nordics",
        next_check_at=MONDAY,
        created_at=MONDAY,
    )


@pytest.fixture
def nordics(bob: User) -> Region:
    """A region that Bob's role is narrowed to."""
    region = Region.objects.create(name="Nordics")
    Grant.objects.get(user=bob).regions.add(region)
    return region


def mailed(
    mailbox: Mailbox | None, id: str = "<1@x>", sender: str = "omar@contoso.com", **more: str
) -> Conversation:
    message = incoming.accept(raw(sender, id=id, at=clock.now(), **more), clock.now(), mailbox).message
    assert message is not None
    return Conversation.objects.get(pk=message.conversation_id)


def test_the_rule_asks_the_mailbox_last() -> None:
    matter, post = Topic(Stage.GROWTH), Post(3, Role.GROWTH)
    assert responsible(None, matter, [], None, mailbox=9) == 9
    assert responsible(None, matter, [], 5, mailbox=9) == 5
    assert responsible(None, matter, [post], None, mailbox=9) == 3
    assert responsible(1, matter, [post], 5, mailbox=9) == 1
    assert responsible(None, matter, [], None) is None


def test_who_leads_the_mailboxs_team_answers(
    mailbox: Mailbox, bob: User, nordics: Region, alice: User
) -> None:
    mailbox.lead, mailbox.region = alice, nordics
    mailbox.save()
    assert mailed(mailbox).responsible == alice


def test_without_a_lead_the_regions_person_answers(mailbox: Mailbox, bob: User, nordics: Region) -> None:
    mailbox.region = nordics
    mailbox.save()
    thread = mailed(mailbox)
    assert thread.responsible == bob
    assert list(Wait.objects.filter(conversation__responsible=bob)) == [thread.waits.get()]


def test_an_owner_goes_before_the_mailbox(mailbox: Mailbox, bob: User, nora: Contact, alice: User) -> None:
    mailbox.lead = bob
    mailbox.save()
    assert mailed(mailbox, sender="nora@northwind.co.uk").responsible == alice


def test_when_the_partner_gets_an_owner_it_falls_to_that_one(
    mailbox: Mailbox, bob: User, alice: User, contoso: Partner
) -> None:
    mailbox.lead = bob
    mailbox.save()
    thread = mailed(mailbox)
    assignments.set_owner(contoso, alice, by=alice, at=clock.now())
    thread.refresh_from_db()
    assert thread.responsible == alice


def test_a_conversation_that_was_nobodys_is_answered_too(mailbox: Mailbox, bob: User, omar: Contact) -> None:
    before = mailed(None, id="<1@x>")
    assert before.responsible is None
    mailbox.lead = bob
    mailbox.save()
    after = mailed(mailbox, id="<2@x>", In_Reply_To="<1@x>")
    assert (after.pk, after.responsible) == (before.pk, bob)


def test_a_mailbox_that_gets_another_lead_hands_its_conversations_on(
    client: Client, mailbox: Mailbox, bob: User, alice: User, ravi: User
) -> None:
    mailbox.lead, mailbox.secret = bob, "secret"
    mailbox.save()
    thread = mailed(mailbox)
    client.force_login(ravi)
    typed = {
        "name": "Nordics", "address": "nordics@acme.example", "lead": alice.pk, "host": mailbox.host,
        "port": 993, "security": "tls", "sign_in": "password", "username": "nordics", "inbox": "INBOX",
        "sent": "Sent", "is_active": "on",
    }  # fmt: skip
    assert client.post(f"/settings/mailboxes/{mailbox.pk}/", typed).status_code == 303
    thread.refresh_from_db()
    assert thread.responsible == alice


def test_a_mail_filed_by_hand_counts_as_come_by_its_mailbox(mailbox: Mailbox, bob: User, alice: User) -> None:
    mailbox.lead = bob
    mailbox.save()
    fabrikam = organisations.add("Fabrikam", by=alice, at=MONDAY)
    incoming.accept(raw("new@elsewhere.example", id="<n@x>", at=clock.now()), clock.now(), mailbox)
    message = senders.file(RawMail.objects.get(), fabrikam, by=alice, at=clock.now())
    assert Conversation.objects.get(pk=message.conversation_id).responsible == bob
