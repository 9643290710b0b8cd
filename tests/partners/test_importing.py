"""What becomes of the rows of a partner list: new, changed, the same, or rejected with the reason."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.models import Wait
from partners import organisations
from partners.importing import values, writing
from partners.models import (
    Assignment,
    Event,
    Membership,
    Partner,
    PartnerType,
    Programme,
    Stage,
    Status,
    Step,
    Tier,
    Visit,
)
from prm import importing, jobs
from prm.models import Import, ImportRow
from team.models import Company, Region, User
from tests.conftest import MONDAY

REAL = Path(os.environ.get("REAL_DATA", "/nowhere"))
needs_real_data = pytest.mark.skipif(not REAL.is_dir(), reason="REAL_DATA names no folder")


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


def checked(text: str | bytes, by: User | None = None, **mapping: Any) -> Import:
    """An import of this text, checked by the guessed mapping and what is said otherwise."""
    raw = text.encode() if isinstance(text, str) else text
    imported = importing.receive("partners", File(io.BytesIO(raw), "list.csv"), "list.csv", by, MONDAY)
    imported.mapping = mapping
    importing.check(imported, quiet)
    return imported


def let_in(imported: Import, skip_rejected: bool = False) -> Import:
    importing.begin(imported, skip_rejected)
    importing.run(imported, MONDAY, quiet)
    return imported


def brought(text: str, by: User | None = None, **mapping: Any) -> Import:
    imported = checked(text, by, **mapping)
    assert not imported.has_rejected, [row.reason for row in imported.rows.all()]
    return let_in(imported)


def reasons(imported: Import) -> list[str]:
    return [row.reason for row in imported.rows.filter(outcome="rejected")]


def outcomes(imported: Import) -> list[str]:
    return [row.outcome for row in imported.rows.all()]


@pytest.fixture
def region(db: None) -> Region:
    return Region.objects.get_or_create(name="DACH")[0]


# --- what comes in ---------------------------------------------------------------------------------


def test_a_prospect_comes_in_with_its_contact_owner_and_event(alice: User, region: Region) -> None:
    imported = brought(
        "Company;Website;Country;Region;Employees;First name;Last name;E-mail;Phone;Owner\n"
        "Northwind;northwind.com;Germany;dach;1,200;Nora;Nilsson;Nora@Northwind.com;+49 1;"
        "alice@acme.example\n",
        by=alice,
    )
    partner = Partner.objects.get()
    assert (partner.name, partner.domain, partner.country) == ("Northwind", "northwind.com", "DE")
    assert (partner.region, partner.employees, partner.owner) == (region, 1200, alice)
    assert (partner.status, partner.stage, partner.step) == (
        Status.PROSPECT,
        Stage.RECRUITMENT,
        Step.IDENTIFIED,
    )
    contact = partner.contacts.get()
    assert (contact.name, contact.email, contact.is_primary) == (
        "Nora Nilsson",
        "nora@northwind.com",
        True,
    )
    assert Assignment.objects.current().get(partner=partner, is_owner=True).user == alice
    assert Event.objects.get(kind="partner_added").by_user == alice
    assert Event.objects.get(kind="partners_imported").about_id == imported.pk
    assert imported.says == "1 partner added, 0 changed, 0 rows the same, 0 rejected."


def test_the_same_file_twice_changes_nothing(alice: User) -> None:
    text = "Name,Website,Contact,E-mail\nNorthwind,northwind.com,Nora,nora@northwind.com\nContoso,,Omar,\n"
    brought(text, by=alice)
    before = Event.objects.count()
    assert outcomes(checked(text, by=alice)) == ["same", "same"]
    assert Event.objects.count() == before


def test_rows_of_one_firm_are_one_partner_and_the_others_are_kept_as_also(db: None) -> None:
    imported = brought(
        "Name,Website,Country\n"
        "Northwind GmbH,https://www.northwind.com,DE\n"
        "Northwind Cloud,https://cloud.northwind.com/x,AT\n"
        "Northwind,https://northwind.net,DE\n"
    )
    partner = Partner.objects.get()
    assert (partner.name, partner.country) == ("Northwind GmbH", "DE")
    assert set(partner.names.values_list("name", flat=True)) == {
        "Northwind GmbH",
        "Northwind Cloud",
        "Northwind",
    }
    assert set(partner.domains.values_list("domain", flat=True)) == {"northwind.com", "northwind.net"}
    first = imported.rows.get(number=2)
    assert "Country: also AT" in first.note


def test_a_shared_host_or_mailbox_makes_nobody_one_firm(db: None) -> None:
    brought(
        "Name,Website,E-mail\n"
        "Northwind,https://github.com/northwind,nora@gmail.com\n"
        "Contoso,https://github.com/contoso,omar@gmail.com\n"
        "Fabrikam,,info@fabrikam.com\n"
    )
    assert list(Partner.objects.order_by("name").values_list("name", "domain")) == [
        ("Contoso", ""),
        ("Fabrikam", "fabrikam.com"),
        ("Northwind", ""),
    ]


def test_two_firms_of_one_name_and_unknown_country_stay_two(db: None) -> None:
    text = "Name,Website\nApex,apex.com\nApex,apex.net\n"
    brought(text)
    assert Partner.objects.count() == 2
    assert outcomes(checked(text)) == ["same", "same"]


@pytest.mark.parametrize(
    "row",
    ["Other name,,,,X-7", "Other name,northwind.com,,,", "NORTHWIND gmbh,,DE,,"],
    ids=["outside id", "domain", "name and country"],
)
def test_a_partner_that_stands_is_found(company: Any, row: str) -> None:
    brought("Name,Website,Country,City,CRM id\nNorthwind,northwind.com,DE,,X-7\n")
    again = checked(f"Name,Website,Country,City,CRM id\n{row}\n")
    assert again.rows.get().target == Partner.objects.get().pk


def test_a_firm_that_could_be_two_partners_is_rejected(alice: User) -> None:
    organisations.add("Liquid", by=alice, at=MONDAY, website="https://reply.com")
    organisations.add("Storm", by=alice, at=MONDAY, website="https://reply.com")
    assert "It could be Liquid and Storm" in reasons(checked("Name,Website\nNew name,reply.com\n"))[0]
    assert outcomes(checked("Name,Website\nStorm,reply.com\n")) == ["same"]


def test_what_the_file_says_otherwise_changes_the_partner(alice: User, bob: User) -> None:
    partner = organisations.add(
        "Northwind", by=alice, at=MONDAY, owner=alice, website="https://northwind.com"
    )
    imported = brought(
        "Name,Website,Country,Employees,Owner,Contact,E-mail\n"
        "Northwind AG,northwind.com,CH,40,Bob,Nora,nora@northwind.com\n",
        by=alice,
    )
    partner.refresh_from_db()
    assert (partner.name, partner.country, partner.employees, partner.owner) == ("Northwind", "CH", 40, bob)
    assert "northwind ag" in partner.search_key
    assert partner.contacts.get().is_primary
    event = Event.objects.get(kind="partner_imported")
    assert event.partner == partner
    assert event.changes["country"] == ["", "CH"]
    assert imported.counts["things_changed"] == 1


def test_a_partner_somebody_else_looks_after_is_left_alone(alice: User, bob: User, erin: User) -> None:
    organisations.add("Northwind", by=alice, at=MONDAY, owner=alice, website="https://northwind.com")
    text = "Name,Website,City\nNorthwind,northwind.com,Bonn\n"
    assert "you do not look after it" in reasons(checked(text, by=bob))[0]
    assert outcomes(checked(text, by=erin)) == ["changed"]
    assert outcomes(checked("Name,Website\nNorthwind,northwind.com\n", by=bob)) == ["same"]


def test_what_somebody_may_not_see_is_not_told(alice: User, bob: User, company: Company) -> None:
    organisations.add("Secret name", by=alice, at=MONDAY, owner=alice, website="https://northwind.com")
    Company.objects.update(reading=Company.Reading.OWN)
    imported = checked("Name,Website\nNorthwind,northwind.com\nSecret name,secret.com\n", by=bob)
    row, namesake = imported.rows.all()
    assert "where you may not look" in row.reason
    assert (row.title, row.target, row.changes) == ("Northwind", None, {})
    assert namesake.note == ""


def test_a_namesake_is_pointed_out(alice: User) -> None:
    organisations.add("Northwind GmbH", by=alice, at=MONDAY, website="https://northwind.com", country="DE")
    imported = checked("Name,Website,Country\nNorthwind,northwind.fr,FR\n")
    assert outcomes(imported) == ["new"]
    assert imported.rows.get().note == "Another is called so: Northwind GmbH"


def test_all_mine_gives_me_what_nobody_owns(alice: User, bob: User) -> None:
    organisations.add("Contoso", by=bob, at=MONDAY, owner=bob, website="https://contoso.com")
    brought("Name,Website\nNorthwind,northwind.com\nContoso,contoso.com\n", by=alice, owner="mine")
    assert dict(Partner.objects.values_list("name", "owner__name")) == {
        "Northwind": "Alice",
        "Contoso": "Bob",
    }


# --- partners already live -------------------------------------------------------------------------


def test_living_partners_come_in_at_their_stage_and_nothing_is_asked_of_them(
    alice: User, programme: Programme
) -> None:
    stages = ["Onboarding", "Growth", "Evaluation", "Live"]
    rows = [
        f"Partner {n},p{n}.com,{stages[n % 4]},2023-0{n % 9 + 1}-15,2027-12-31,Reseller programme,Gold,A{n}"
        for n in range(140)
    ]
    header = "Name,Website,Stage,Signed on,Agreement ends,Programme,Tier,CRM id"
    brought("\n".join([header, *rows]), by=alice, owner="mine")
    assert Partner.objects.live().count() == 140
    assert not Wait.objects.exists()
    assert set(Visit.objects.values_list("left_at", "entry_is_known")) == {(None, False)}
    assert Visit.objects.count() == 140
    one = Partner.objects.get(name="Partner 1")
    assert (one.stage, one.step, one.signed_on) == (Stage.GROWTH, "", date(2023, 2, 15))
    assert (one.agreement_ends_on, one.tier.name, one.kind.name) == (date(2027, 12, 31), "Gold", "Reseller")
    assert one.outside_ids.get().value == "A1"
    assert one.memberships.get().is_main
    assert Assignment.objects.current().filter(user=alice, is_owner=True).count() == 140


def test_since_when_it_stands_there_is_kept_where_the_file_says_it(company: Any) -> None:
    brought("Name,Stage,Stage since,Signed on\nNorthwind,Growth,2025-03-01,2024-01-01\n")
    visit = Visit.objects.get()
    assert visit.entry_is_known
    assert visit.entered_at == datetime(2025, 2, 28, 23, tzinfo=UTC)
    assert Partner.objects.get().stage_since == visit.entered_at


def test_nothing_claims_to_know_since_when_it_stands_there(alice: User, client: Client) -> None:
    brought("Name,Stage\nNorthwind,Growth\n", by=alice)
    brought("Name,Stage,Stage since\nContoso,Growth,2020-01-01\n", by=alice)
    client.force_login(alice)
    rows = client.get("/partners/").context["rows"]
    assert {row.name: row.days is None for row in rows} == {"Northwind": True, "Contoso": False}


def test_a_file_moves_nobody_along_the_road(alice: User) -> None:
    organisations.add("Northwind", by=alice, at=MONDAY, website="https://northwind.com")
    imported = checked("Name,Website,Stage,Signed on\nNorthwind,northwind.com,Growth,2024-01-01\n")
    assert outcomes(imported) == ["same"]
    assert "It stays at Identified" in imported.rows.get().note


# --- what is rejected ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell", "words"),
    [
        ("Website", "not a site", "Website: “not a site” is no web address"),
        ("Website", "http://127.0.0.1/", "no address others could reach"),
        ("E-mail", "nora@", "E-mail: “nora@” is no e-mail address"),
        ("Country", "Atlantis", "Country: “Atlantis” is in no list; write the name or two letters like DE"),
        ("Type", "Reseler", "Type: “Reseler” is in no list"),
        ("Stage", "Ended", "only prospects and live partners come in"),
        ("Stage", "Somewhere", "is in no list"),
        ("Signed on", "2024-02-30", "Signed on: “2024-02-30” is no day; write it like 2026-01-31"),
        ("Signed on", "31/02/2024", "is no day"),
        ("Signed on", "2031-01-01", "lies ahead"),
        ("Signed on", "2024-01-01", "is a signing date, but the row stands at Identified"),
        ("Employees", "about ten", "is no whole number"),
        ("City", "x" * 121, "has 121 characters; 120 at most"),
        ("City", "#REF!", "is an error of the spreadsheet"),
        ("Owner", "nobody@acme.example", "write the e-mail address of one of us"),
        ("Phone", "+49 1", "The contact has a title or phone, but no name"),
    ],
)
def test_a_wrong_cell_names_its_column_and_the_way_out(
    company: Any, header: str, cell: str, words: str
) -> None:
    imported = checked(f"Name,{header}\nNorthwind,{cell}\n")
    assert words in reasons(imported)[0]


@pytest.mark.parametrize("name", ["", "\u200b", "x" * 201])
def test_a_name_must_be_there_seen_and_fit(company: Any, name: str) -> None:
    assert "ame" in reasons(checked(f"Name,City\n{name},Bonn\n"))[0]


def test_all_that_is_wrong_in_a_row_is_said_at_once(company: Any) -> None:
    (words,) = reasons(checked("Name,Website,E-mail\nNorthwind,not a site,nora\n"))
    assert "Website:" in words
    assert "E-mail:" in words


def test_a_tier_belongs_to_a_programme(programme: Programme) -> None:
    other = Programme.objects.create(name="Other programme", kind=programme.kind)
    Tier.objects.create(programme=other, name="Bronze")
    text = "Name,Programme,Tier\nNorthwind,Reseller programme,Bronze\n"
    assert "is no tier of Reseller programme" in reasons(checked(text))[0]
    assert "needs a programme" in reasons(checked("Name,Tier\nNorthwind,Gold\n"))[0]


def test_nothing_goes_in_while_a_row_is_rejected_unless_it_is_left_out(company: Any) -> None:
    text = "Name,Country\nNorthwind,DE\nContoso,Atlantis\n"
    imported = checked(text)
    with pytest.raises(importing.ImportRefused, match="1 row rejected"):
        importing.begin(imported)
    let_in(imported, skip_rejected=True)
    assert Partner.objects.get().name == "Northwind"


# --- what a value means ----------------------------------------------------------------------------


def test_an_unknown_value_can_be_mapped_added_or_left_out(reseller: PartnerType) -> None:
    text = "Name,Type\nNorthwind,Training\n"
    assert reasons(checked(text))
    brought(text, values={"kind": {"training": "-"}})
    assert Partner.objects.get().kind is None
    brought(text, values={"kind": {"training": "=Reseller"}})
    assert Partner.objects.get().kind == reseller
    brought("Name,Type\nContoso,Training\n", values={"kind": {"training": "+"}})
    assert Partner.objects.get(name="Contoso").kind.name == "Training"


@pytest.mark.parametrize(
    ("text", "day_first", "day"),
    [
        ("2026-01-31", True, date(2026, 1, 31)),
        ("2026-01-31 10:00", True, date(2026, 1, 31)),
        ("31.1.2026", False, date(2026, 1, 31)),
        ("03/04/2026", True, date(2026, 4, 3)),
        ("03/04/2026", False, date(2026, 3, 4)),
        ("31 Jan 2026", True, date(2026, 1, 31)),
        ("January 31, 2026", True, date(2026, 1, 31)),
    ],
)
def test_days_as_people_write_them(text: str, day_first: bool, day: date) -> None:
    assert values.day(text, day_first) == day


@pytest.mark.parametrize("text", ["03/04/26", "45000", "31/31/2026", "1066-10-14", "soon", "٣/٤/٢٠٢٦x"])
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    with pytest.raises(values.Wrong):
        values.day(text, True)


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_wrong(text: str) -> None:
    try:
        assert isinstance(values.day(text, True), date)
    except values.Wrong:
        pass


def test_the_order_of_dates_is_guessed_from_those_that_tell(company: Any) -> None:
    text = "Name,Stage,Signed on\nA,Growth,03/04/2024\nB,Growth,01/31/2024\n"
    assert checked(text).mapping["dates"] == "month"
    assert checked("Name,Signed on\nA,03/04/2024\n").mapping["dates"] == "day"


# --- whole or not at all ---------------------------------------------------------------------------


def test_a_failure_in_the_middle_leaves_nothing(company: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    imported = checked("Name,Contact\nNorthwind,Nora\nContoso,Omar\n")
    importing.begin(imported)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "put", fail)  # the last thing, after all rows are written
        with pytest.raises(RuntimeError):
            importing.run(imported, MONDAY, quiet)
    assert not Partner.objects.exists()
    assert not Event.objects.exists()
    importing.run(Import.objects.get(pk=imported.pk), MONDAY, quiet)
    assert Partner.objects.count() == 2


def test_a_second_worker_finds_it_done(company: Any) -> None:
    imported = brought("Name\nNorthwind\n")
    importing.run(Import.objects.get(pk=imported.pk), MONDAY, quiet)
    assert Partner.objects.count() == 1


def test_what_moved_since_the_preview_is_shown_again(alice: User) -> None:
    imported = checked("Name,Website\nNorthwind,northwind.com\n", by=alice)
    organisations.add("Northwind", by=alice, at=MONDAY, website="https://northwind.com")
    let_in(imported)
    assert imported.state == Import.State.READY
    assert imported.says.startswith("Something changed since the preview")
    assert outcomes(imported) == ["same"]
    assert Partner.objects.count() == 1


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> list[bool]:
    """Let `do` happen once, after the rows are made ready and before the lock is taken; how often they
    were made ready is the length of what is returned."""
    made: list[bool] = []
    real = writing.make_ready

    def make_ready(*args: Any) -> writing.Ready:
        ready = real(*args)
        made.append(True)
        if len(made) == 1:
            do()
        return ready

    monkeypatch.setattr(writing, "make_ready", make_ready)
    return made


FIRMS = "Name,Website,Country\nNorthwind,northwind.com,DE\nContoso,contoso.com,AT\n"


def test_what_came_while_it_was_made_ready_is_seen(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    imported = checked(FIRMS, by=alice)
    meanwhile(
        monkeypatch, lambda: organisations.add("NW", by=alice, at=MONDAY, website="https://northwind.com")
    )
    let_in(imported)
    assert imported.says.startswith("Something changed since the preview")
    assert Partner.objects.get().name == "NW"


def test_what_concerns_none_of_its_firms_does_not_hold_it_up(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = checked(FIRMS, by=alice)
    made = meanwhile(monkeypatch, lambda: organisations.add("Fabrikam", by=alice, at=MONDAY))
    assert let_in(imported).state == Import.State.DONE
    assert len(made) == 1
    assert Partner.objects.count() == 3


def test_a_partner_changed_while_it_was_made_ready_is_planned_again(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = organisations.add("Northwind", by=alice, at=MONDAY, owner=alice, country="DE")
    imported = checked("Name,Country,City\nNorthwind,DE,Kiel\n", by=alice)
    made = meanwhile(
        monkeypatch, lambda: organisations.change(partner, {"about": "New"}, by=alice, at=MONDAY)
    )
    assert let_in(imported).state == Import.State.DONE
    assert len(made) == 2, "the second time under the lock"
    partner.refresh_from_db()
    assert (partner.city, partner.about) == ("Kiel", "New")


def test_an_entry_somebody_adds_meanwhile_is_not_added_twice(
    company: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = checked("Name,Type\nNorthwind,Training\n", add_unknown=True)
    meanwhile(monkeypatch, lambda: PartnerType.objects.create(name="Training"))
    assert let_in(imported).state == Import.State.DONE
    assert Partner.objects.get().kind == PartnerType.objects.get(name="Training")


def test_a_dry_look_changes_nothing(company: Any) -> None:
    checked("Name,Type\nNorthwind,Training\n", add_unknown=True)
    assert not Partner.objects.exists()
    assert not PartnerType.objects.filter(name="Training").exists()


def test_the_statements_do_not_grow_with_the_file(company: Any, django_assert_max_num_queries: Any) -> None:
    def text(size: int) -> str:
        return "Name,Website,Contact\n" + "".join(f"Firm {n},f{n}.com,Nora {n}\n" for n in range(size))

    for size in (3, 300):
        with django_assert_max_num_queries(60):
            brought(text(size))
        Partner.objects.all().delete()


def test_files_and_rows_are_forgotten_after_thirty_days(company: Any) -> None:
    imported = brought("Name\nNorthwind\n")
    assert importing.tidy(MONDAY) == 0
    assert importing.tidy(MONDAY + importing.KEPT_FOR * 2) == 1
    assert not ImportRow.objects.filter(of=imported).exists()
    assert importing.tidy(MONDAY + importing.KEPT_FOR * 2) == 0


# --- odd input -------------------------------------------------------------------------------------


def test_a_formula_is_text(company: Any) -> None:
    brought("Name,City\n=HYPERLINK(1),Bonn\n'=2+3,Ulm\n")
    assert set(Partner.objects.values_list("name", flat=True)) == {"=HYPERLINK(1)", "=2+3"}


@pytest.mark.real_data
@needs_real_data
def test_names_that_break_software_come_in_or_are_rejected_in_words(company: Any) -> None:
    naughty = json.loads((REAL / "naughty_strings.json").read_text())
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Name", "City"])
    writer.writerows([text.replace("\0", ""), "Bonn"] for text in naughty)
    imported = checked(out.getvalue().encode("utf-8", "replace"))
    assert all(row.reason.endswith(".") for row in imported.rows.filter(outcome="rejected"))
    let_in(imported, skip_rejected=True)
    again = checked(out.getvalue().encode("utf-8", "replace"))
    assert not again.counts["new"]
    assert not again.counts["changed"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
@pytest.mark.django_db
def test_any_cell_is_read_or_rejected_in_words(cells: list[str]) -> None:
    table = "Name,Country,Signed on,E-mail,Website\n"
    row = ",".join(f'"{cell}"'.replace('""', '"') for cell in cells)
    imported = checked((table + row + "\n").encode("utf-8", "replace"))
    assert imported.state in {Import.State.READY, Import.State.BROKEN}
    assert all(reason.endswith(".") for reason in reasons(imported))


# --- a real list -----------------------------------------------------------------------------------


@pytest.mark.real_data
@needs_real_data
def test_a_real_list_and_what_becomes_of_its_oddities(company: Any, ravi: User) -> None:
    text = (REAL / "service_providers.csv").read_text()
    PartnerType.objects.create(name="System integrator")
    PartnerType.objects.create(name="Technology")

    imported = checked(text, by=ravi)
    # "Level" is a tier, "Joined" the day a membership began, "Crunchbase" an id in another system
    assert [imported.mapping["columns"][str(n)] for n in range(7)] == [
        "name",
        "website",
        "kind",
        "programme",
        "tier",
        "member_since",
        "outside_id",
    ]
    # the kind "Training", the programmes and the levels are in no list: nothing comes in unasked
    assert imported.counts["rejected"] == 473

    added = dict.fromkeys(("kcsp", "ktp", "member", "training", "platinum", "gold", "silver"), "+")
    imported = brought(text, by=ravi, values={"kind": added, "programme": added, "tier": added})
    # 473 rows are 356 partners: one for each registrable domain, and firms of two domains under one id
    assert Partner.objects.count() == imported.counts["things_new"] == 356
    assert Membership.objects.count() == 473 - 2  # two rows repeat a programme their firm is in already

    # one firm in three programmes; the first row's is the main one and gives the type
    firm = Partner.objects.get(domain="control-plane.io")
    assert firm.name == "ControlPlane"  # "(KCSP)", "(KCNTP)" and "(member)" only name the programme
    assert [m.programme.name for m in firm.memberships.all()] == ["KCSP", "KTP", "Member"]
    assert firm.kind.name == "System integrator"
    assert firm.memberships.get(programme__name="Member").tier.name == "Silver"
    assert firm.memberships.get(programme__name="KTP").programme.kind.name == "Training"

    # two houses under one domain are one partner, the second name an alias
    reply = Partner.objects.get(domain="reply.com")
    assert set(reply.names.values_list("name", flat=True)) == {"Liquid Reply", "Storm Reply"}
    # two domains under one Crunchbase address are one partner, the second domain an alias
    swisscom = Partner.objects.get(outside_ids__value="https://www.crunchbase.com/organization/swisscom")
    assert set(swisscom.domains.values_list("domain", flat=True)) == {"swisscom.ch", "swisscom.com"}
    # a page at github.com is nobody's domain; the id joins that row to its firm
    assert not Partner.objects.filter(domains__domain="github.com").exists()
    # INSPUR and Inspur differ in case: an alias of one partner
    assert Partner.objects.get(domain="inspur.com").names.count() == 2
    # a website that ends in a hard space is read without it
    assert Partner.objects.get(domain="truefullstaq.com").website.endswith("managed-kubernetes")
    # nobody knows where they stand: all are prospects, unowned, with an open visit and no clock
    assert set(Partner.objects.values_list("step", "owner")) == {(Step.IDENTIFIED, None)}
    assert Visit.objects.filter(left_at=None).count() == 356
    assert not Wait.objects.exists()

    again = checked(text, by=ravi)
    assert (again.counts["same"], again.counts["rejected"]) == (473, 0)
