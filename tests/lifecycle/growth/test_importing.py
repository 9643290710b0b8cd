"""Deals come in from a file by their id elsewhere: the same file twice changes nothing."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lifecycle.growth.models import Deal, DealVersion, Product
from partners.models import Event, Partner
from prm import importing, jobs
from prm.models import Import
from team.models import User
from tests.conftest import MONDAY

HEADER = "Deal id,Deal,Partner,Customer,Customer website,Amount,Currency,Stage,Close date,Products,Owner\n"
GOOD = (
    HEADER
    + 'A1,Roll-out,Northwind,Baker Foods,baker.example,"12,500.50",EUR,Proposal,2026-09-30,Platform,\n'
    + "A2,Pilot,www.northwind.co.uk,Linden Bank,,1200,JPY,Closed Won,2026-05-01,,alice@acme.example\n"
)
WON = {"columns": {"8": "closed_on"}}


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


@pytest.fixture(autouse=True)
def _known(pipeline: None, northwind: Partner, alice: User) -> None:
    Product.objects.create(name="Platform")
    northwind.domains.create(domain="northwind.co.uk")


def checked(text: str, by: User | None = None, **mapping: Any) -> Import:
    imported = importing.receive("deals", File(io.BytesIO(text.encode()), "d.csv"), "d.csv", by, MONDAY)
    imported.mapping = mapping
    importing.check(imported, quiet)
    return imported


def let_in(imported: Import) -> Import:
    assert not imported.has_rejected, reasons(imported)
    importing.begin(imported)
    importing.run(imported, MONDAY, quiet)
    return imported


def reasons(imported: Import) -> list[str]:
    return list(imported.rows.filter(outcome="rejected").order_by("number").values_list("reason", flat=True))


def test_deals_come_in_with_money_days_and_phases(northwind: Partner, alice: User) -> None:
    let_in(checked(GOOD, alice))
    roll_out, pilot = Deal.objects.order_by("outside_id")
    assert (roll_out.partner, roll_out.customer.domain) == (northwind, "baker.example")
    assert (roll_out.amount, roll_out.currency) == (1_250_050, "EUR")
    assert (roll_out.phase.name, roll_out.expected_close_on) == ("Proposal", date(2026, 9, 30))
    assert [product.name for product in roll_out.products.all()] == ["Platform"]
    assert (pilot.partner, pilot.state, pilot.amount, pilot.currency) == (northwind, "won", 1200, "JPY")
    assert pilot.owner == alice
    assert Event.objects.get(kind="deals_imported").note == "d.csv: 2 added, 0 changed"


def test_the_same_file_twice_changes_nothing_and_another_changes_what_differs(alice: User) -> None:
    let_in(checked(GOOD, alice))
    versions, events = DealVersion.objects.count(), Event.objects.count()
    again = checked(GOOD, alice)
    assert [row.outcome for row in again.rows.all()] == ["same", "same"]
    assert (DealVersion.objects.count(), Event.objects.count()) == (versions, events)
    changed = checked(GOOD.replace("12,500.50", "13,000").replace("Proposal", "Won"), alice)
    assert [row.outcome for row in changed.rows.all()] == ["changed", "same"]
    let_in(changed)
    deal = Deal.objects.get(outside_id="A1")
    assert (deal.amount, deal.state) == (1_300_000, "won")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",Roll-out,Northwind,Baker,,,,,,,", "Id in the other system is missing"),
        ("A1,Roll-out,,Baker,,,,,,,", "Partner is missing"),
        ("A1,Roll-out,Nobody Ltd,Baker,,,,,,,", "“Nobody Ltd” is no partner here"),
        ("A1,Roll-out,Northwind,,,,,,,,", "Customer is missing"),
        ("A1,Roll-out,Northwind,Baker,,much,EUR,,,,", "Amount: “much” cannot be read"),
        ("A1,Roll-out,Northwind,Baker,,12.500,EUR,,,,", "can be read in two ways"),
        ("A1,Roll-out,Northwind,Baker,,10.55,JPY,,,,", "JPY has no fraction"),
        ("A1,Roll-out,Northwind,Baker,,,QQQ,,,,", "write its code like EUR"),
        ("A1,Roll-out,Northwind,Baker,,,,Dreaming,,,", "choose one of the phases"),
        ("A1,Roll-out,Northwind,Baker,,,,Won,,,", "A won deal says what it is worth"),
        ("A1,Roll-out,Northwind,Baker,,,,Lost,,,", "A lost deal says why"),
        ("A1,Roll-out,Northwind,Baker,,,,,31.31.2026,,", "is no day"),
        ("A1,Roll-out,Northwind,Baker,,,,,,Rockets,", "choose one of the products"),
        ("A1,Roll-out,Northwind,Baker,,,,,,,who@acme.example", "e-mail address of one of us"),
    ],
)
def test_a_row_that_cannot_come_in_says_why(row: str, says: str, alice: User) -> None:
    (reason,) = reasons(checked(f"{HEADER}{row}\n", alice))
    assert says in reason


def test_an_id_twice_a_name_of_several_and_another_s_partner_are_rejected(
    northwind: Partner, alice: User, bob: User
) -> None:
    line = "A1,Roll-out,Northwind,Baker,,,,,,,\n"
    assert reasons(checked(HEADER + line + line, alice)) == ["Row 2 has this id already."]
    assert "You may not change the deals of Northwind" in reasons(checked(HEADER + line, bob))[0]
    twin = Partner.objects.create(name="Northwind", stage_since=MONDAY, step_since=MONDAY, created_at=MONDAY)
    twin.names.create(name="Northwind", key="northwind")
    assert "It could be Northwind, Northwind" in reasons(checked(HEADER + line, alice))[0]


def test_what_moved_since_the_preview_is_looked_at_again(alice: User) -> None:
    imported = checked(GOOD, alice)
    let_in(checked(GOOD, alice))
    importing.begin(imported)
    importing.run(imported, MONDAY, quiet)
    assert imported.says == "Something changed since the preview, so nothing went in. Look again."
    assert Deal.objects.count() == 2


def test_a_file_goes_in_by_the_pages(client: Client, alice: User, bob: User) -> None:
    client.force_login(alice)
    text = GOOD.replace("Proposal", "Offered").replace(",EUR,", ",,")
    sent = client.post("/deals/import/", {"file": SimpleUploadedFile("d.csv", text.encode())})
    page = sent["Location"]
    jobs.run_due(at=MONDAY)
    shown = client.get(page).text
    assert "1 row is rejected" in shown
    assert "“Offered” is in no list" in shown
    form = client.get(f"{page}columns/").context["form"]
    (line,) = form.value_lines()
    typed = {name: form[name].value() or "" for name in form.fields}
    client.post(f"{page}columns/", {**typed, line.field.html_name: "=Proposal", "currency": "GBP"})
    jobs.run_due(at=MONDAY)
    assert "<b>2</b> new" in client.get(page).text
    client.post(f"{page}run/")
    jobs.run_due(at=MONDAY)
    deal = Deal.objects.get(outside_id="A1")
    assert (deal.phase.name, deal.currency) == ("Proposal", "GBP")
    assert deal.get_absolute_url() in client.get(page).text
    client.force_login(bob)
    assert client.get(page).status_code == 404
