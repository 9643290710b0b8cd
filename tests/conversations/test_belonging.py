"""A conversation about one of several memberships of a partner: chosen there, and who answers follows."""

import pytest
from django.test import Client
from django.urls import reverse

from conversations import belonging, messages
from conversations.belonging import BelongingRefused
from conversations.models import Conversation, Message
from partners import assignments, history, memberships
from partners.models import Contact, Event, Membership, Partner, Programme
from prm import clock
from team.models import Role, User
from tests.conftest import MONDAY


@pytest.fixture
def oem(northwind: Partner, programme: Programme, alice: User, bob: User) -> Membership:
    """Northwind's second membership, which Bob looks after."""
    memberships.join(northwind, programme, by=alice, at=MONDAY)
    second = Programme.objects.create(name="OEM", kind=programme.kind)
    made = memberships.join(northwind, second, by=alice, at=MONDAY)
    assignments.assign(northwind, bob, Role.GROWTH, by=alice, at=MONDAY, membership=made)
    return made


def test_whose_it_is_follows_and_no_due_time_moves(
    oem: Membership, nora: Contact, alice: User, bob: User
) -> None:
    thread = messages.receive(nora.partner, "email", "Terms?", MONDAY, contact=nora).conversation
    due_at = thread.waits.get().due_at
    assert thread.responsible == alice
    event = belonging.belong(thread, oem, by=alice, at=MONDAY)
    assert (thread.responsible, thread.waits.get().due_at) == (bob, due_at)
    with pytest.raises(BelongingRefused, match="already"):
        belonging.belong(thread, oem, by=alice, at=MONDAY)
    assert event is not None
    history.undo(event, by=alice, at=MONDAY)
    thread.refresh_from_db()
    assert (thread.membership, thread.responsible) == (None, alice)


def test_one_of_another_partner_is_refused(oem: Membership, contoso: Partner, alice: User) -> None:
    thread = messages.receive(contoso, "email", "Hi", MONDAY).conversation
    with pytest.raises(BelongingRefused, match="no programme of Contoso"):
        belonging.belong(thread, oem, by=alice, at=MONDAY)


def test_it_is_chosen_where_a_conversation_begins(
    oem: Membership, nora: Contact, alice: User, bob: User, client: Client
) -> None:
    client.force_login(alice)
    log = f"{reverse('conversations:log')}?partner={oem.partner_id}"
    start = reverse("conversations:start", args=[oem.partner_id])
    for page in (log, start):
        assert 'name="membership"' in client.get(page).content.decode()
    typed = {"channel": "call", "body": "About OEM", "visibility": "internal", "membership": oem.pk}
    assert client.post(log, typed).status_code in {302, 303}
    mail = {"subject": "OEM", "body": "Hello", "contact": nora.pk, "membership": oem.pk}
    assert client.post(start, mail).status_code in {302, 303}
    threads = Conversation.objects.filter(partner=oem.partner_id)
    assert [(each.membership, each.responsible) for each in threads] == [(oem, bob)] * 2
    assert Message.objects.count() == 2


def test_with_one_membership_nothing_is_asked(
    northwind: Partner, programme: Programme, nora: Contact, alice: User, client: Client
) -> None:
    memberships.join(northwind, programme, by=alice, at=MONDAY)
    thread = messages.receive(northwind, "email", "Hi", clock.now(), contact=nora).conversation
    client.force_login(alice)
    log = f"{reverse('conversations:log')}?partner={northwind.pk}"
    for page in (log, reverse("conversations:start", args=[northwind.pk])):
        assert 'name="membership"' not in client.get(page).content.decode()
    belong = reverse("conversations:belong", args=[thread.pk])
    assert belong not in client.get(thread.get_absolute_url()).content.decode()


def test_it_stands_in_the_head_of_the_thread_and_is_changed_there(
    oem: Membership, nora: Contact, alice: User, client: Client
) -> None:
    thread = messages.receive(nora.partner, "email", "Terms?", clock.now(), contact=nora).conversation
    client.force_login(alice)
    belong = reverse("conversations:belong", args=[thread.pk])
    assert belong in client.get(thread.get_absolute_url()).content.decode()
    assert client.post(belong, {"membership": oem.pk}).status_code in {302, 303}
    page = client.get(thread.get_absolute_url()).content.decode()
    assert '<span class="pill">OEM</span>' in page
    assert client.post(belong, {"membership": oem.pk}).status_code == 422
    assert Event.objects.filter(kind="conversation_belongs").count() == 1
