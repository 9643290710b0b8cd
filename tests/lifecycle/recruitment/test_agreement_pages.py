"""The pages of agreements: withheld from most, drafted, sent, signed under an address without an account."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lifecycle.models import Product
from lifecycle.recruitment import agreements
from lifecycle.recruitment.models import Agreement
from partners import contacts, organisations
from partners.models import Contact, Event, Partner
from prm import clock
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import prospect
from tests.lifecycle.recruitment.conftest import signed, terms_of

PDF = b"%PDF-1.4\n%%EOF\n"
DAY = timedelta(days=1)


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def typed(**other: Any) -> dict[str, Any]:
    first = {
        "kind": "reseller",
        "territory": "Germany, at",
        "products": [Product.objects.get().pk],
        "margin": "20",
        "term_months": "12",
        "renewal": "automatic",
        "notice_days": "90",
        "words": "One.\r\nTwo.",
    }
    return {**first, **other}


def at(page: str, agreement: Agreement) -> str:
    return reverse(f"lifecycle:agreement_{page}", args=[agreement.pk])


# --- drafting -------------------------------------------------------------------------------------------


def test_it_is_drafted_with_a_file_and_read(alices: Client, northwind: Partner) -> None:
    file = SimpleUploadedFile("contract.pdf", PDF)
    page = alices.post(reverse("lifecycle:agreement_draft", args=[northwind.pk]), typed(file=file))
    agreement = Agreement.objects.get()
    assert (page.status_code, page["Location"]) == (303, agreement.get_absolute_url())
    terms = agreement.current.terms
    assert (terms.territory, terms.words) == (("DE", "AT"), "One.\nTwo.")
    shown = alices.get(agreement.get_absolute_url()).content.decode()
    for words in ("Germany, Austria", "20 %", "1 year", "by itself, unless notice is given", "contract.pdf"):
        assert words in shown
    download = alices.get(reverse("lifecycle:agreement_file", args=[agreement.current.pk]))
    assert b"".join(download.streaming_content) == PDF  # type: ignore[attr-defined]
    assert download["Content-Disposition"] == 'attachment; filename="contract.pdf"'


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"territory": "Germany, Narnia"}, "territory", "“Narnia”: is no country we know"),
        ({"margin": "120"}, "margin", "less than or equal to 100"),
        ({"term_months": "0"}, "term_months", "greater than or equal to 1"),
        ({"starts_on": "31.31.2026"}, "starts_on", "valid date"),
        ({"words": "x" * 20_001}, "words", "at most 20000"),
    ],
)
def test_wrong_input_names_its_field_and_what_was_typed_stays(
    alices: Client, northwind: Partner, wrong: dict[str, str], field: str, words: str
) -> None:
    page = alices.post(reverse("lifecycle:agreement_draft", args=[northwind.pk]), typed(**wrong))
    assert page.status_code == 422
    assert words in page.context["form"].errors[field][0]
    assert page.context["form"]["notice_days"].value() == "90"
    assert not Agreement.objects.exists()


def test_a_refused_rule_is_said_on_the_form(alices: Client, northwind: Partner) -> None:
    page = alices.post(reverse("lifecycle:agreement_draft", args=[northwind.pk]), typed(term_months=""))
    assert page.status_code == 422
    assert page.context["form"].non_field_errors()[0].startswith("Renewal: what has no term")


def test_the_form_of_a_revision_sent_back_as_it_was_changes_nothing(
    alices: Client, agreement: Agreement
) -> None:
    address = at("revise", agreement)
    form = alices.get(address).context["form"]
    kept = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    page = alices.post(address, kept)
    assert page.context["form"].errors == {"__all__": ["Nothing differs from version 1."]}
    assert page.context["form"].non_field_errors() == ["Nothing differs from version 1."]


def test_versions_stand_beside_each_other_with_their_difference(
    alices: Client, agreement: Agreement, nora: Contact, alice: User
) -> None:
    agreements.send(agreement, nora, by=alice, at=MONDAY)
    agreements.revise(agreement, terms_of(notice_days=30, words="We answer within an hour."), alice, MONDAY)
    page = alices.get(agreement.get_absolute_url())
    assert [change.name for change in page.context["changed"]] == ["Notice", "Further terms"]
    assert [one["version"].number for one in page.context["former"]] == [1]


# --- who reads ------------------------------------------------------------------------------------------


def test_who_may_not_read_the_terms_is_told_that_they_are_withheld(
    client: Client, agreement: Agreement, nora: Contact, alice: User, bob: User, erin: User
) -> None:
    signed(agreement, nora, alice)
    agreements.was_read(agreement, alice, MONDAY)
    for person, reads in ((bob, False), (erin, True), (alice, True)):
        client.force_login(person)
        shown = client.get(agreement.get_absolute_url()).content.decode()
        assert ("We answer within a day." in shown, "20 %" in shown, "192.0.2.7" in shown) == (reads,) * 3
        assert ("The terms are withheld" in shown) is not reads
    readers = Event.objects.filter(kind="agreement_read").values_list("by_user__name", flat=True)
    assert set(readers) == {"Erin", "Alice"}


def test_reading_is_kept_once_a_day(alices: Client, agreement: Agreement) -> None:
    for moment in (MONDAY, MONDAY, MONDAY + DAY):
        with clock.fixed(moment):
            alices.get(agreement.get_absolute_url())
    assert Event.objects.filter(kind="agreement_read").count() == 2


def test_a_file_is_as_withheld_as_the_terms(
    client: Client, northwind: Partner, alice: User, bob: User
) -> None:
    file = SimpleUploadedFile("contract.pdf", PDF)
    agreement = agreements.draft(northwind, terms_of(), by=alice, at=MONDAY, file=file)
    client.force_login(bob)
    assert client.get(reverse("lifecycle:agreement_file", args=[agreement.current.pk])).status_code == 403
    assert client.get(at("signed_file", agreement)).status_code == 403


# --- sending and signing --------------------------------------------------------------------------------


def test_a_collision_is_sent_only_with_a_tick(
    alices: Client, agreement: Agreement, nora: Contact, alice: User
) -> None:
    contoso = prospect("Contoso", alice)
    omar = contacts.add(contoso, "Omar Aziz", by=alice, at=MONDAY, email="omar@contoso.com")
    signed(agreements.draft(contoso, terms_of(is_exclusive=True), by=alice, at=MONDAY), omar, alice)
    assert (
        "collides with what is agreed exclusively"
        in alices.get(agreement.get_absolute_url()).content.decode()
    )
    page = alices.post(at("send", agreement), {"to": nora.pk})
    assert "Contoso: Germany, Platform" in page.context["form"].non_field_errors()[0]
    alices.post(at("send", agreement), {"to": nora.pk, "anyway": "on"})
    agreement.refresh_from_db()
    assert agreement.state == Agreement.State.SENT


def test_the_partner_signs_without_an_account(
    client: Client, agreement: Agreement, nora: Contact, alice: User
) -> None:
    version = agreements.send(agreement, nora, by=alice, at=clock.now())
    address = reverse("lifecycle:sign", args=[agreements.token(version)])
    shown = client.get(address).content.decode()
    assert "Germany" in shown
    assert version.fingerprint in shown
    assert not version.signatures.exists()  # looking records nothing
    unread = client.post(address, {"name": "Nora Berg"})
    assert (unread.status_code, "authorised" in unread.context["form"].errors) == (422, True)
    client.post(address, {"name": "Nora Berg", "authorised": "on"}, REMOTE_ADDR="192.0.2.7")
    signature = version.signatures.get()
    assert (signature.name, signature.contact, signature.address) == ("Nora Berg", nora, "192.0.2.7")
    assert "Our signature follows" in client.get(address).content.decode()
    again = client.post(address, {"name": "Somebody", "authorised": "on"})
    assert (again.status_code, version.signatures.count()) == (422, 1)
    client.force_login(alice)
    client.post(at("sign", agreement), {"name": "Alice Adams", "authorised": "on"})
    agreement.refresh_from_db()
    assert agreement.state == Agreement.State.SIGNED
    assert "Both sides have signed" in client.get(address).content.decode()


def test_an_address_that_is_not_ours_is_not_found(client: Client, agreement: Agreement) -> None:
    token = agreements.token(agreement.current)
    for address in ("nothing", token[:-1] + ("a" if token[-1] != "a" else "b"), token.split(":")[0]):
        assert client.get(f"/s/{address}/").status_code == 404


def test_whose_terms_one_may_not_read_stays_unnamed_where_they_collide(
    alices: Client, agreement: Agreement, alice: User, erin: User
) -> None:
    contoso = organisations.add("Contoso", by=erin, at=MONDAY, owner=erin)
    omar = contacts.add(contoso, "Omar Aziz", by=erin, at=MONDAY, email="omar@contoso.com")
    signed(agreements.draft(contoso, terms_of(is_exclusive=True, kind="reseller"), erin, MONDAY), omar, erin)
    shown = alices.get(agreement.get_absolute_url()).content.decode()
    assert "another partner: Germany, Platform" in shown
    assert "Contoso" not in shown


def test_the_address_is_closed_once_its_contact_has_left(
    client: Client, agreement: Agreement, nora: Contact, alice: User
) -> None:
    version = signed(agreement, nora, alice).current
    address = reverse("lifecycle:sign", args=[agreements.token(version)])
    assert client.get(address).status_code == 200
    contacts.leave(nora, on=MONDAY.date(), by=alice, at=MONDAY)
    closed = client.get(address)
    assert (closed.status_code, "20 %" in closed.content.decode()) == (410, False)


def test_an_address_of_former_terms_signs_nothing(
    client: Client, agreement: Agreement, nora: Contact, alice: User
) -> None:
    version = agreements.send(agreement, nora, by=alice, at=MONDAY)
    agreements.revise(agreement, terms_of(notice_days=30), by=alice, at=MONDAY)
    page = client.post(
        reverse("lifecycle:sign", args=[agreements.token(version)]), {"name": "Nora", "authorised": "on"}
    )
    assert page.status_code == 410
    assert "no longer offered" in page.content.decode()
    assert "We answer within a day." not in page.content.decode()


# --- the list --------------------------------------------------------------------------------------------


def test_the_list_shows_what_ends_soon_and_no_terms(
    alices: Client, agreement: Agreement, nora: Contact, alice: User
) -> None:
    signed(agreement, nora, alice)
    other = agreements.draft(prospect("Contoso", alice), terms_of(), by=alice, at=MONDAY)
    for day, query, found in [
        (date(2026, 6, 2), "", {"Northwind", "Contoso"}),
        (date(2026, 6, 2), "state=signed&ends=90", set()),
        (date(2026, 12, 10), "state=signed&ends=90", {"Northwind"}),  # the last day for notice
        (date(2026, 6, 2), f"partner={other.partner_id}", {"Contoso"}),
        (date(2026, 6, 2), "owner=me&kind=reseller&q=north", {"Northwind"}),
    ]:
        with clock.fixed(MONDAY + (day - MONDAY.date())):
            page = alices.get(f"/agreements/?{query}")
        assert ({row.partner for row in page.context["rows"]}, page.context["count"]) == (found, len(found))
        assert "20 %" not in page.content.decode()


@pytest.mark.parametrize("query", ["ends=-1", "ends=x", "partner=x", "state=no", "sort=--ends", "after=%00"])
def test_a_broken_address_is_no_crash(alices: Client, agreement: Agreement, query: str) -> None:
    assert alices.get(f"/agreements/?{query}").status_code == 200
