"""Passes: the address opens the page until its day, until it is ended, while its contact is there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from partners import contacts, merging
from partners.models import Contact, Event, Partner
from portal import passes
from portal.models import Pass
from prm import clock, outbox
from team.models import User
from tests.conftest import MONDAY
from tests.sink import Sink

DAY = timedelta(days=1)


@pytest.fixture
def given(nora: Contact, alice: User) -> Pass:
    return passes.give(nora, 30, by=alice, at=MONDAY)


def opened(client: Client, given: Pass, at: object = MONDAY) -> int:
    with clock.fixed(at):  # type: ignore[arg-type]
        return client.get(reverse("portal:home", args=[passes.token(given)])).status_code


def test_it_opens_until_its_day_and_not_at_it(client: Client, given: Pass) -> None:
    assert opened(client, given, MONDAY + 30 * DAY - timedelta(seconds=1)) == 200
    assert opened(client, given, MONDAY + 30 * DAY) == 410


def test_an_ended_one_opens_nothing(client: Client, given: Pass, alice: User) -> None:
    passes.end(given, by=alice, at=MONDAY)
    assert opened(client, given) == 410
    with pytest.raises(passes.PassRefused, match="ended already"):
        passes.end(given, by=alice, at=MONDAY)
    assert Event.objects.filter(kind="pass_ended").count() == 1


def test_it_ends_when_its_contact_leaves(client: Client, given: Pass, nora: Contact, alice: User) -> None:
    contacts.leave(nora, on=MONDAY.date(), by=alice, at=MONDAY)
    assert opened(client, given) == 410


def test_it_goes_with_its_contact_when_contacts_are_merged(
    client: Client, given: Pass, nora: Contact, northwind: Partner, alice: User
) -> None:
    other = contacts.add(northwind, "N. Berg", by=alice, at=MONDAY, email="n@northwind.co.uk")
    merging.merge_contacts(other, nora, {}, by=alice, at=MONDAY)
    assert opened(client, given) == 200


@pytest.mark.parametrize("token", ["x", "0" * 32 + ":forged", "%00", "a:b:c"])
def test_a_made_up_address_leads_nowhere(client: Client, company: object, token: str) -> None:
    assert client.get(f"/p/{token}/").status_code == 404


def test_a_key_without_its_signature_leads_nowhere(client: Client, given: Pass) -> None:
    assert client.get(f"/p/{given.key.hex}/").status_code == 404
    assert client.get(f"/p/{passes.token(given)[:-1]}x/").status_code == 404


def test_it_is_kept_from_caches_and_search_engines(client: Client, given: Pass) -> None:
    with clock.fixed(MONDAY):
        answer = client.get(reverse("portal:home", args=[passes.token(given)]))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"


def test_when_it_was_used_last_is_kept_to_some_minutes(client: Client, given: Pass) -> None:
    for minutes in (0, 5, 20):
        opened(client, given, MONDAY + timedelta(minutes=minutes))
        given.refresh_from_db()
        assert given.last_used_at == MONDAY + timedelta(minutes=minutes if minutes != 5 else 0)


def test_nobody_who_left_is_given_one(nora: Contact, alice: User) -> None:
    contacts.leave(nora, on=MONDAY.date(), by=alice, at=MONDAY)
    nora.refresh_from_db()
    with pytest.raises(passes.PassRefused, match="not there any more"):
        passes.give(nora, 30, by=alice, at=MONDAY)


def test_the_address_is_mailed_when_asked_and_not_once_ended(nora: Contact, alice: User, sink: Sink) -> None:
    given = passes.give(nora, 30, by=alice, at=MONDAY, mailed=True)
    ended = passes.give(nora, 30, by=alice, at=MONDAY, mailed=True)
    passes.end(ended, by=alice, at=MONDAY)
    outbox.deliver(at=MONDAY)
    (mail,) = sink.mails
    assert passes.address(given) in mail.get_payload(decode=True).decode()
    assert mail["To"] == nora.email
    assert mail["Auto-Submitted"] == "auto-generated"


def test_it_is_given_and_ended_on_a_page(client: Client, alice: User, nora: Contact) -> None:
    client.force_login(alice)
    page = reverse("portal:passes", args=[nora.pk])
    assert "No pass yet" in client.get(page).content.decode()
    assert client.post(page, {"days": "7", "mailed": ""}).status_code == 303
    given = Pass.objects.get()
    assert passes.address(given) in client.get(page).content.decode()
    assert client.post(reverse("portal:end_pass", args=[given.pk])).status_code == 303
    assert passes.address(given) not in client.get(page).content.decode()


def test_a_length_that_is_not_offered_is_refused_by_name(client: Client, alice: User, nora: Contact) -> None:
    client.force_login(alice)
    answer = client.post(reverse("portal:passes", args=[nora.pk]), {"days": "9000"})
    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()
    assert not Pass.objects.exists()


def test_a_mail_to_nobody_is_refused(client: Client, alice: User, northwind: Partner) -> None:
    silent = contacts.add(northwind, "Silent", by=alice, at=MONDAY)
    client.force_login(alice)
    answer = client.post(reverse("portal:passes", args=[silent.pk]), {"days": "7", "mailed": "on"})
    assert answer.status_code == 422
    assert "has no e-mail address" in answer.content.decode()
    assert not Pass.objects.exists()
