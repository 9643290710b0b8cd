"""Pages about contacts, memberships, links and assignments: each works, refuses in words, keeps out."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from partners import assignments, contacts, links, memberships, organisations, panels
from partners.models import Assignment, Contact, Event, Link, Membership, Partner, Programme
from prm import clock
from team.models import Company, Role, User
from tests.conftest import MONDAY

TODAY = date(2026, 6, 1)
NOON = MONDAY + timedelta(hours=3)


@pytest.fixture(autouse=True)
def _on_monday() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def url(name: str, thing: Any) -> str:
    return reverse(f"partners:{name}", args=[thing.pk])


def undo_last(client: Client, kind: str) -> None:
    event = Event.objects.filter(kind=kind).latest("pk")
    assert client.post(url("undo", event)).status_code == 303


def test_a_contact_is_added_and_taken_back(desk: Client, northwind: Partner) -> None:
    sent = {
        "name": "Nora Berg",
        "email": "nora@northwind.co.uk",
        "addresses": "nb@northwind.co.uk",
        "phones": "+47 1234",
        "roles": ["sales"],
        "zone": "Europe/Oslo",
        "joined_on": "2026-01-05",
    }
    response = desk.post(url("contact_add", northwind), sent)
    assert (response.status_code, response["Location"]) == (303, northwind.get_absolute_url())
    nora = Contact.objects.get()
    assert (nora.is_primary, nora.phones, nora.roles) == (True, ["+47 1234"], ["sales"])
    assert nora.addresses.get().email == "nb@northwind.co.uk"
    undo_last(desk, "contact_added")
    nora.refresh_from_db()
    assert nora.withdrawn_reason == "Added by mistake"


def test_a_contact_is_added_once_by_a_double_press(desk: Client, northwind: Partner) -> None:
    once = desk.get(url("contact_add", northwind)).context["form"]["once"].value()
    for _ in range(2):
        desk.post(url("contact_add", northwind), {"name": "Nora", "once": once})
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "required"),
        ("email", "nobody", "valid email"),
        ("addresses", "a@b.co, nobody", "“nobody”"),
        ("zone", "Mars", "is no time zone"),
        ("joined_on", "31.02.2026", "valid date"),
        ("roles", "king", "valid choice"),
    ],
)
def test_bad_input_of_a_contact_is_said(
    desk: Client, nora: Contact, northwind: Partner, field: str, value: str, says: str
) -> None:
    response = desk.post(url("contact_add", northwind), {"name": "Nils", "title": "Typed", field: value})
    assert response.status_code == 422
    assert says in " ".join(response.context["form"].errors[field])
    assert "Typed" in response.text


def test_a_known_address_is_pointed_out_before_it_is_added_anyway(
    desk: Client, nora: Contact, omar: Contact, northwind: Partner
) -> None:
    contacts.change(omar, {"addresses": ["aziz@contoso.com"]}, by="test", at=MONDAY)
    sent = {
        "name": "Nils",
        "email": "NORA@northwind.co.uk",
        "addresses": "Aziz@contoso.com",
        "title": "Typed",
    }
    response = desk.post(url("contact_add", northwind), sent)
    assert response.status_code == 422
    for known in (nora, omar):
        assert url("contact", known) in response.text
    assert "Typed" in response.text
    assert Contact.objects.count() == 2
    assert desk.post(url("contact_add", northwind), sent | {"anyway": "on"}).status_code == 303
    assert Contact.objects.filter(name="Nils").exists()


def test_a_known_address_is_pointed_out_on_editing_when_it_is_new_there(
    desk: Client, nora: Contact, omar: Contact
) -> None:
    sent = {"name": "Nora Berg", "email": "omar@contoso.com"}
    response = desk.post(url("contact_edit", nora), sent)
    assert response.status_code == 422
    assert "Somebody has this address already." in response.text
    assert url("contact", omar) in response.text
    assert desk.post(url("contact_edit", nora), sent | {"anyway": "on"}).status_code == 303
    again = desk.post(
        url("contact_edit", nora), sent | {"title": "Buyer", "addresses": "nora@northwind.co.uk"}
    )
    assert again.status_code == 303, "it was said once; now it is hers"


def test_who_left_or_has_no_address_is_no_duplicate(desk: Client, nora: Contact, northwind: Partner) -> None:
    contacts.add(northwind, "Nils", by="test", at=MONDAY)
    contacts.leave(nora, on=TODAY, by="test", at=NOON)
    for name, email in (("Nora again", "nora@northwind.co.uk"), ("Nobody's", "")):
        sent = {"name": name, "email": email}
        assert desk.post(url("contact_add", northwind), sent).status_code == 303
    assert "Somebody has" not in desk.get(url("contact_add", northwind)).text


def test_a_hidden_person_with_the_address_is_counted_not_named(
    desk: Client, omar: Contact, northwind: Partner
) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    response = desk.post(url("contact_add", northwind), {"name": "Nils", "email": "omar@contoso.com"})
    assert "1 person with this address is at a partner that a colleague looks after" in response.text
    assert "Omar" not in response.text


def test_a_contact_is_edited_and_a_wrong_address_forgotten(desk: Client, nora: Contact) -> None:
    desk.post(url("contact_edit", nora), {"name": "Nora Berg", "email": "n@northwind.co.uk", "wrong": "on"})
    nora.refresh_from_db()
    assert nora.email == "n@northwind.co.uk"
    assert not nora.addresses.exists()
    page = desk.get(url("contact", nora))
    assert "n@northwind.co.uk" in page.text
    assert "changed Nora Berg" in page.text


def test_the_primary_contacts_leaving_asks_who_follows(desk: Client, nora: Contact) -> None:
    page = desk.get(url("contact_leave", nora))
    assert page.context["form"]["on"].value() == TODAY
    desk.post(url("contact_leave", nora), {"on": "2026-06-01"})
    nora.refresh_from_db()
    assert nora.left_on == TODAY
    assert "Who is the primary contact now?" in desk.get("/partners/").text


def test_a_leaving_ahead_is_refused_in_words(desk: Client, nora: Contact) -> None:
    response = desk.post(url("contact_leave", nora), {"on": "2026-07-01"})
    assert response.status_code == 422
    assert "This day is ahead" in response.text


def test_a_successor_becomes_primary(desk: Client, nora: Contact, northwind: Partner, alice: User) -> None:
    nils = contacts.add(northwind, "Nils", by=alice, at=MONDAY)
    desk.post(url("contact_leave", nora), {"on": "2026-06-01", "successor": nils.pk})
    nils.refresh_from_db()
    assert nils.is_primary


def test_a_wrong_contact_is_withdrawn_with_its_reason(desk: Client, nora: Contact) -> None:
    assert desk.post(url("contact_withdraw", nora), {"reason": " "}).status_code == 422
    desk.post(url("contact_withdraw", nora), {"reason": "Works at Contoso"})
    assert "Works at Contoso" in desk.get(url("contact", nora)).text
    assert desk.get(url("contact_edit", nora)).status_code == 404


def test_another_contact_is_made_primary(desk: Client, nora: Contact, northwind: Partner) -> None:
    nils = contacts.add(northwind, "Nils", by="test", at=MONDAY)
    assert desk.get(url("contact_primary", nils)).status_code == 405
    desk.post(url("contact_primary", nils))
    nils.refresh_from_db()
    assert nils.is_primary
    undo_last(desk, "contact_made_primary")
    nora.refresh_from_db()
    assert nora.is_primary


def test_a_programme_is_joined_changed_and_ended(
    desk: Client, northwind: Partner, programme: Programme
) -> None:
    gold, silver = programme.tiers.order_by("rank")
    place = f"{programme.pk}-{silver.pk}"
    desk.post(url("membership_add", northwind), {"place": place, "starts_on": "2026-05-01"})
    membership = Membership.objects.get()
    assert (membership.tier, membership.is_main) == (silver, True)
    assert programme.name not in desk.get(url("membership_add", northwind)).text
    desk.post(url("membership", membership), {"tier": gold.pk, "starts_on": "2026-05-01"})
    northwind.refresh_from_db()
    assert northwind.tier == gold
    refused = desk.post(url("membership_end", membership), {"on": "2026-04-01"})
    assert "cannot end before that" in refused.text
    desk.post(url("membership_end", membership), {"on": "2026-06-01"})
    undo_last(desk, "membership_ended")
    membership.refresh_from_db()
    assert membership.ends_on is None


def test_another_programme_becomes_main(desk: Client, northwind: Partner, programme: Programme) -> None:
    other = Programme.objects.create(name="Technology", kind=programme.kind)
    memberships.join(northwind, programme, by="test", at=MONDAY)
    second = memberships.join(northwind, other, by="test", at=MONDAY)
    desk.post(url("membership_main", second))
    second.refresh_from_db()
    assert second.is_main


def test_a_partner_is_found_linked_and_unlinked(desk: Client, northwind: Partner, contoso: Partner) -> None:
    assert "No partner matches" in desk.get(f"{url('link_add', northwind)}?q=zzz").text
    page = desk.get(f"{url('link_add', northwind)}?q=cont")
    assert "Contoso" in page.text
    sent = {"q": "cont", "to": contoso.pk, "how": "distributes_to<"}
    desk.post(url("link_add", northwind), sent)
    link = Link.objects.get()
    assert (link.of, link.to, link.kind) == (contoso, northwind, "distributes_to")
    circle = desk.post(url("link_add", northwind), sent | {"how": "distributes_to>"})
    assert circle.status_code == 422
    assert "close a circle" in circle.text
    desk.post(f"{url('link_end', link)}?from={northwind.pk}", {"on": "2026-06-01"})
    link.refresh_from_db()
    assert link.ends_on == TODAY


def test_a_link_needs_a_partner_one_sees(desk: Client, northwind: Partner, contoso: Partner) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    sent = {"q": "cont", "to": contoso.pk, "how": "owned_by>"}
    assert desk.post(url("link_add", northwind), sent).status_code == 422
    assert not Link.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "1026-06-01", "9999-12-31", "2026-02-30"])
def test_a_day_with_a_mistyped_year_is_refused(desk: Client, northwind: Partner, bob: User, day: str) -> None:
    sent = {"user": bob.pk, "role": Role.GROWTH, "starts_on": day}
    answer = desk.post(url("assignment_add", northwind), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["starts_on"]
    assert not Assignment.objects.filter(user=bob).exists()


def test_the_owner_is_changed_and_another_assigned(desk: Client, northwind: Partner, bob: User) -> None:
    desk.post(url("assignment_add", northwind), {"user": bob.pk, "role": Role.MARKETING})
    again = desk.post(url("assignment_add", northwind), {"user": bob.pk, "role": Role.MARKETING})
    assert "already" in again.text
    assignment = Assignment.objects.get(user=bob)
    desk.post(url("assignment_end", assignment), {"on": "2026-06-01"})
    desk.post(url("owner", northwind), {"owner": bob.pk})
    northwind.refresh_from_db()
    assert northwind.owner == bob


def things(alice: User, northwind: Partner, nora: Contact, programme: Programme) -> dict[str, Any]:
    other = organisations.add("Fabrikam", by=alice, at=MONDAY, owner=alice)
    membership = memberships.join(northwind, programme, by=alice, at=MONDAY)
    link = links.link(northwind, other, Link.Kind.OWNED_BY, by=alice, at=MONDAY)
    by_partner = dict.fromkeys(
        ["contact_add", "membership_add", "link_add", "assignment_add", "owner"], northwind
    )
    by_contact = dict.fromkeys(["contact_edit", "contact_leave", "contact_withdraw"], nora)
    return {
        **by_partner,
        **by_contact,
        "membership": membership,
        "membership_end": membership,
        "link_end": link,
        "assignment_end": Assignment.objects.get(partner=northwind),
    }


def test_readers_may_not_and_strangers_do_not_find(
    client: Client, alice: User, bob: User, northwind: Partner, nora: Contact, programme: Programme
) -> None:
    every = things(alice, northwind, nora, programme)
    client.force_login(bob)
    assert client.get(url("contact", nora)).status_code == 200
    for name, thing in every.items():
        assert client.get(url(name, thing)).status_code == 403, name
        assert client.post(url(name, thing)).status_code == 403, name
    assert client.post(url("contact_primary", nora)).status_code == 403
    Company.objects.update(reading=Company.Reading.OWN)
    for name, thing in (every | {"contact": nora}).items():
        assert client.get(url(name, thing)).status_code == 404, name


def test_forms_open_and_refuse_other_methods(
    desk: Client, alice: User, northwind: Partner, nora: Contact, programme: Programme
) -> None:
    for name, thing in things(alice, northwind, nora, programme).items():
        assert desk.get(url(name, thing)).status_code == 200, name
        assert desk.put(url(name, thing)).status_code == 405, name


def test_the_panels_take_as_many_queries_for_three_as_for_thirty(
    northwind: Partner,
    programme: Programme,
    alice: User,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for number in range(30):
        contacts.add(northwind, f"Nora {number}", by=alice, at=MONDAY)
        other = organisations.add(f"Other {number}", by=alice, at=MONDAY)
        links.link(northwind, other, Link.Kind.OWNED_BY, by=alice, at=MONDAY)
        if number in {2, 29}:
            with django_assert_max_num_queries(5):
                context = panels.people(northwind, alice, NOON) | panels.about(northwind, alice)
                for name in ("people", "memberships", "links", "assignments"):
                    html = render_to_string(f"partners/panels/{name}.html", context | {"partner": northwind})
                    assert html.count("<section") == 1
    assert (len(context["people"]), context["people_more"]) == (12, 18)


def test_a_panel_hides_links_to_partners_one_does_not_see(
    northwind: Partner, contoso: Partner, alice: User
) -> None:
    links.link(northwind, contoso, Link.Kind.OWNED_BY, by=alice, at=MONDAY)
    assert [row.other for row in panels.about(northwind, alice)["links"]] == [contoso]
    Company.objects.update(reading=Company.Reading.OWN)
    alice = User.objects.get(pk=alice.pk)  # who reads only own partners is asked once a request
    assert panels.about(northwind, alice)["links"] == []


def test_a_panel_asks_for_a_primary_contact(
    northwind: Partner, nora: Contact, alice: User, bob: User
) -> None:
    contacts.add(northwind, "Nils", by=alice, at=MONDAY)
    contacts.leave(nora, on=TODAY, by=alice, at=MONDAY)
    context = panels.people(northwind, alice, NOON)
    assert context["asks_for_primary"]
    assert [person.contact.name for person in context["people"]] == ["Nils"]
    assert not panels.people(northwind, bob, NOON)["may_change"]
    assignments.assign(northwind, bob, Role.GROWTH, by=alice, at=MONDAY)
    assert panels.people(northwind, bob, NOON)["may_change"]
