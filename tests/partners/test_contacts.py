"""Contacts join, change, leave, are followed and withdrawn."""

from datetime import date, timedelta

import pytest

from partners import contacts, history
from partners.models import Contact, Event, Partner
from team.models import User
from tests.conftest import MONDAY

TODAY = date(2026, 6, 1)


@pytest.fixture
def nils(northwind: Partner, nora: Contact, alice: User) -> Contact:
    return contacts.add(northwind, "Nils", by=alice, at=MONDAY, email="nils@northwind.co.uk")


def test_the_first_contact_is_primary(nora: Contact, nils: Contact) -> None:
    assert (nora.is_primary, nils.is_primary) == (True, False)


def test_a_contact_is_found_with_its_partner(nora: Contact, northwind: Partner) -> None:
    assert Partner.objects.filter(search_key__contains="nora berg").get() == northwind


def test_a_former_address_is_kept_so_that_mail_from_it_finds_them(nora: Contact, alice: User) -> None:
    contacts.change(nora, {"email": "nora.berg@northwind.co.uk"}, by=alice, at=MONDAY)
    assert [a.email for a in nora.addresses.all()] == ["nora@northwind.co.uk"]


def test_a_wrong_address_is_forgotten(nora: Contact, alice: User) -> None:
    event = contacts.change(nora, {"email": "n@northwind.co.uk"}, by=alice, at=MONDAY, keep_former=False)
    assert not nora.addresses.exists()
    assert event is not None
    history.undo(event, by=alice, at=MONDAY)
    nora.refresh_from_db()
    assert nora.email == "Nora@northwind.co.uk"


def test_a_successor_follows_the_primary_contact(nora: Contact, nils: Contact, alice: User) -> None:
    event = contacts.leave(nora, on=TODAY, successor=nils, by=alice, at=MONDAY)
    nils.refresh_from_db()
    assert nils.is_primary
    assert (nora.left_on, nora.successor, nora.is_primary) == (TODAY, nils, False)
    assert not event.changes["asks_for_successor"]


def test_the_primary_contacts_leaving_asks_for_a_successor(nora: Contact, alice: User) -> None:
    event = contacts.leave(nora, on=TODAY, by=alice, at=MONDAY)
    assert event.changes["asks_for_successor"]
    history.undo(event, by=alice, at=MONDAY)
    nora.refresh_from_db()
    assert (nora.left_on, nora.is_primary) == (None, True)


def test_leaving_is_refused_on_impossible_days(nora: Contact, alice: User) -> None:
    nora.joined_on = TODAY
    nora.save()
    with pytest.raises(contacts.ContactRefused, match="joined on 1 June 2026"):
        contacts.leave(nora, on=TODAY - timedelta(days=1), by=alice, at=MONDAY)
    with pytest.raises(contacts.ContactRefused, match="ahead"):
        contacts.leave(nora, on=TODAY + timedelta(days=9), by=alice, at=MONDAY)


def test_nobody_leaves_twice(nora: Contact, alice: User) -> None:
    contacts.leave(nora, on=TODAY, by=alice, at=MONDAY)
    with pytest.raises(contacts.ContactRefused, match="left already"):
        contacts.leave(nora, on=TODAY, by=alice, at=MONDAY)


def test_a_stranger_cannot_follow(nora: Contact, omar: Contact, alice: User) -> None:
    with pytest.raises(contacts.ContactRefused, match="same partner"):
        contacts.leave(nora, on=TODAY, successor=omar, by=alice, at=MONDAY)


def test_a_wrong_contact_is_withdrawn_with_a_trace(nora: Contact, northwind: Partner, alice: User) -> None:
    event = contacts.withdraw(nora, "Works at Contoso", by=alice, at=MONDAY)
    assert nora.withdrawn_reason == "Works at Contoso"
    assert nora not in Contact.objects.current()
    assert not Partner.objects.filter(search_key__contains="nora").exists()
    assert Event.objects.get(kind="contact_withdrawn").note == "Nora Berg: Works at Contoso"
    history.undo(event, by=alice, at=MONDAY)
    nora.refresh_from_db()
    assert nora.is_primary


def test_withdrawing_needs_a_reason(nora: Contact, alice: User) -> None:
    with pytest.raises(contacts.ContactRefused, match="Say why"):
        contacts.withdraw(nora, "  ", by=alice, at=MONDAY)


def test_the_primary_contact_can_change_and_change_back(nora: Contact, nils: Contact, alice: User) -> None:
    event = contacts.make_primary(nils, by=alice, at=MONDAY)
    assert event is not None
    nora.refresh_from_db()
    assert not nora.is_primary
    history.undo(event, by=alice, at=MONDAY)
    nora.refresh_from_db()
    assert nora.is_primary
    assert contacts.make_primary(nora, by=alice, at=MONDAY) is None


def test_who_left_cannot_be_primary(nora: Contact, nils: Contact, alice: User) -> None:
    contacts.leave(nils, on=TODAY, by=alice, at=MONDAY)
    with pytest.raises(contacts.ContactRefused, match="not there any more"):
        contacts.make_primary(nils, by=alice, at=MONDAY)
