"""The list of partners: search, filters, sort, pages, counts, files, and who may see what."""

import csv
import io
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners import contacts, memberships, organisations
from partners.models import Contact, Partner, Programme, Verdict
from prm import clock
from team.models import Company, Region, User
from tests.conftest import MONDAY

LIST = "/partners/"
NARROW = "/partners/narrow/"


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def names(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    return [row.name for row in response.context["rows"]]


def test_it_needs_signing_in(client: Client, northwind: Partner) -> None:
    assert client.get(LIST).status_code == 302
    assert client.get(reverse("partners:csv")).status_code == 302


def test_a_first_use_says_how_to_begin(desk: Client) -> None:
    assert "No partners yet" in desk.get(LIST).text


def test_no_match_offers_to_clear(desk: Client, northwind: Partner) -> None:
    text = desk.get(f"{LIST}?q=zzz").text
    assert "No partner matches" in text
    assert "Clear the filters" in text


@pytest.mark.parametrize("q", ["NORTH", "northwind.co.uk", "berg nora", "nora@northwind", "Nórthwind"])
def test_search_finds_names_domains_and_people(desk: Client, nora: Contact, contoso: Partner, q: str) -> None:
    assert names(desk, f"q={q}") == ["Northwind"]


@pytest.mark.parametrize("few", [0, 1, 3000])
def test_many_are_found_as_few_are(
    desk: Client, alice: User, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("prm.paging.FEW", few)
    for number in (3, 1, 2):
        organisations.add(f"Meridian {number}", by=alice, at=MONDAY)
    organisations.add("Other", by=alice, at=MONDAY)
    assert names(desk, "q=meridian") == ["Meridian 1", "Meridian 2", "Meridian 3"]
    assert names(desk, "q=meridian+2&sort=-name") == ["Meridian 2"]
    assert names(desk, "q=nobody") == []
    assert "3 partners" in desk.get(f"{LIST}?q=meridian").text


def test_of_very_many_it_says_more_than_and_gives_away_what_it_counted(
    desk: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        organisations.add(f"P{number}", by=alice, at=MONDAY)
    whole = desk.get(LIST).text
    assert "3 partners" in whole
    assert "All 3 of this list" in whole
    monkeypatch.setattr("prm.listing.MOST_COUNTED", 2)
    many = desk.get(f"{LIST}?status=prospect")
    assert "More than 2 partners" in many.text
    whom = f"{reverse('partners:give')}?status=prospect"
    assert f'href="{whom}">All of this list<' in many.text
    assert "Give 3 partners to another owner" in desk.get(whom).text


@pytest.mark.parametrize("unread", ["owner=zzz", "stage=nope", "kind=x"])
def test_of_a_list_that_was_not_asked_for_nothing_is_given_or_written(
    desk: Client, alice: User, northwind: Partner, unread: str
) -> None:
    whole = desk.get(f"{LIST}?{unread}").text
    assert "of this list" not in whole
    assert reverse("partners:csv") not in whole
    assert desk.get(f"{reverse('partners:csv')}?{unread}").status_code == 422
    give = f"{reverse('partners:give')}?{unread}"
    for said in (
        desk.get(give, follow=True),
        desk.post(give, {"which": "all", "count": 1, "to": "none"}, follow=True),
    ):
        assert "nothing was given away" in said.text
    northwind.refresh_from_db()
    assert northwind.owner == alice


def test_search_finds_a_former_name(desk: Client, northwind: Partner, alice: User) -> None:
    organisations.change(northwind, {"name": "Westwind"}, by=alice, at=MONDAY)
    assert names(desk, "q=northwind") == ["Westwind"]


@pytest.fixture
def facts(northwind: Partner, contoso: Partner, programme: Programme, alice: User) -> Region:
    nordics = Region.objects.create(name="Nordics")
    organisations.change(northwind, {"region": nordics}, by=alice, at=MONDAY)
    memberships.join(northwind, programme, by=alice, at=MONDAY, tier=programme.tiers.get(name="Gold"))
    Partner.objects.filter(pk=northwind.pk).update(
        score=82, coverage=50, verdict=Verdict.STRONG, health=640, health_colour="watch"
    )
    Partner.objects.filter(pk=contoso.pk).update(step="contacted")
    organisations.add("Fabrikam", by=alice, at=MONDAY)
    return nordics


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("owner=me", ["Northwind"]),
        ("owner=none", ["Contoso", "Fabrikam"]),
        ("owner=me&owner=none", ["Contoso", "Fabrikam", "Northwind"]),
        ("status=prospect", ["Contoso", "Fabrikam", "Northwind"]),
        ("status=live", []),
        ("stage=recruitment", ["Contoso", "Fabrikam", "Northwind"]),
        ("stage=recruitment&step=contacted", ["Contoso"]),
        ("stage=growth&step=contacted", ["Contoso"]),
        ("stage=growth", []),
        ("verdict=strong", ["Northwind"]),
        ("verdict=none", ["Contoso", "Fabrikam"]),
        ("health=watch", ["Northwind"]),
        ("health=watch&health=none", ["Contoso", "Fabrikam", "Northwind"]),
        ("health=risk", []),
        ("health=green", ["Contoso", "Fabrikam", "Northwind"]),  # cannot be read, and is said
        ("sort=health", ["Northwind", "Contoso", "Fabrikam"]),
        ("sort=-name", ["Northwind", "Fabrikam", "Contoso"]),
        ("sort=-fit", ["Northwind", "Fabrikam", "Contoso"]),  # without a score: last either way
        ("sort=owner", ["Northwind", "Contoso", "Fabrikam"]),
        ("sort=nonsense", ["Contoso", "Fabrikam", "Northwind"]),
    ],
)
def test_filters_and_sorts_stand_in_the_address(
    desk: Client, facts: Region, query: str, found: list[str]
) -> None:
    assert names(desk, query) == found


def test_type_tier_and_region_filter_by_id(desk: Client, facts: Region, programme: Programme) -> None:
    gold = programme.tiers.get(name="Gold")
    assert names(desk, f"kind={programme.kind_id}&tier={gold.pk}&region={facts.pk}") == ["Northwind"]


def test_a_chip_leads_out_of_its_filter(desk: Client, northwind: Partner) -> None:
    chips = desk.get(f"{LIST}?owner=me&q=north&after=x").context["chips"]
    assert [(chip.name, chip.value, chip.without) for chip in chips] == [
        ("Name, domain, contact or e-mail", "north", "?owner=me"),
        ("Owner", "Me", "?q=north"),
    ]


@pytest.mark.parametrize("query", ["owner=999", "stage=mars", "kind=x", "region=%00"])
def test_a_filter_that_cannot_be_read_is_said(desk: Client, northwind: Partner, query: str) -> None:
    response = desk.get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert "Select a valid choice" in response.text


@pytest.mark.parametrize("query", ["owner=999", "stage=mars"])
def test_the_filters_say_it_too(desk: Client, northwind: Partner, query: str) -> None:
    assert "Select a valid choice" in desk.get(f"{NARROW}?{query}").text


def ticked(client: Client, query: str) -> dict[str, list[str]]:
    groups = client.get(f"{NARROW}?{query}").context["groups"]
    return {
        group.name: [option.label for option in group.options if option.chosen]
        for group in groups
        if any(option.chosen for option in group.options)
    }


def test_the_filters_are_a_page_with_what_is_chosen_ticked(
    desk: Client, facts: Region, alice: User, bob: User
) -> None:
    query = f"q=north&sort=-fit&owner=me&owner={bob.pk}&region={facts.pk}&verdict=none"
    assert ticked(desk, query) == {
        "owner": ["Me", "Bob"],
        "region": ["Nordics"],
        "verdict": ["No score yet"],
    }
    page = desk.get(f"{NARROW}?{query}").text
    assert 'name="sort" value="-fit"' in page
    assert 'value="north"' in page


def test_of_many_people_the_chosen_ones_stand_first(desk: Client, alice: User) -> None:
    people = [User.objects.create_user(f"p{n}@acme.example", None, name=f"Person {n:02}") for n in range(15)]
    (owners,) = [
        group
        for group in desk.get(f"{NARROW}?owner={people[9].pk}").context["groups"]
        if group.name == "owner"
    ]
    assert [option.label for option in owners.options][:4] == ["Person 09", "Me", "Unassigned", "Alice"]


def test_the_list_holds_no_choices_but_keeps_what_is_chosen(desk: Client, facts: Region, bob: User) -> None:
    page = desk.get(f"{LIST}?owner=me&region={facts.pk}").text
    assert f'<input type="hidden" name="region" value="{facts.pk}">' in page
    assert "Bob" not in page
    assert "Region: Nordics" in page


def test_who_left_is_still_filtered_by(desk: Client, northwind: Partner, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    (chip,) = desk.get(f"{LIST}?owner={bob.pk}").context["chips"]
    assert chip.value == "Bob (left)"


def test_pages_go_forward_and_back(desk: Client, alice: User) -> None:
    for number in range(60):
        organisations.add(f"Partner {number:02}", by=alice, at=MONDAY)
    first = desk.get(f"{LIST}?q=partner")
    second = desk.get(LIST + first.context["next_url"])
    third = desk.get(LIST + second.context["next_url"])
    assert first.context["count"] == 60
    assert third.context["rows"][0].name == "Partner 50"
    assert third.context["next_url"] == ""
    back = desk.get(LIST + third.context["previous_url"])
    assert back.context["rows"][0].name == "Partner 25"
    assert "q=partner" in back.context["previous_url"]


def test_htmx_gets_the_rows_alone_but_going_back_gets_the_page(desk: Client, northwind: Partner) -> None:
    fragment = desk.get(LIST, headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert "Northwind" in fragment.text
    assert 'id="list-views"' in fragment.text
    restored = desk.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.text


def test_days_are_those_in_the_present_place(desk: Client, northwind: Partner) -> None:
    with clock.fixed(MONDAY + timedelta(days=12, hours=1)):
        assert "12 d" in desk.get(LIST).text


def test_a_narrowed_company_shows_own_partners_only(
    desk: Client, northwind: Partner, contoso: Partner, erin: User
) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    assert names(desk) == ["Northwind"]
    assert "Contoso" not in desk.get(reverse("partners:csv")).getvalue().decode()
    desk.force_login(erin)
    assert names(desk) == ["Contoso", "Northwind"]


def test_queries_do_not_grow_with_rows(desk: Client, alice: User, programme: Programme) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            partner = organisations.add("P", by=alice, at=MONDAY, owner=alice)
            memberships.join(partner, programme, by=alice, at=MONDAY)

    counts = []
    for number in (3, 27):
        add(number)
        desk.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 8  # two of them are the shell's: the company and the unread notices


def csv_rows(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"{reverse('partners:csv')}?{query}")
    text = response.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_the_file_is_the_list_as_filtered(desk: Client, facts: Region) -> None:
    rows = csv_rows(desk, "owner=me&sort=-name")
    assert [row["Name"] for row in rows] == ["Northwind"]
    assert (rows[0]["Type"], rows[0]["Tier"], rows[0]["Fit"], rows[0]["Verdict"]) == (
        "Reseller",
        "Gold",
        "82.0",
        "Strong fit",
    )
    assert rows[0]["There since"] == "2026-06-01T09:00+02:00"


def test_the_file_claims_no_day_that_nobody_knows(desk: Client, northwind: Partner) -> None:
    northwind.visits.update(entry_is_known=False)
    assert csv_rows(desk)[0]["There since"] == ""


def test_the_file_runs_nothing_in_a_spreadsheet(desk: Client, alice: User) -> None:
    organisations.add('=HYPERLINK("http://x")', by=alice, at=MONDAY, city="@cmd", about="-1")
    row = csv_rows(desk)[0]
    assert row["Name"] == '\'=HYPERLINK("http://x")'
    assert row["City"] == "'@cmd"


@pytest.mark.real_data
def test_any_name_is_listed_found_and_exported(desk: Client, alice: User) -> None:
    strings = json.loads((Path(os.environ["REAL_DATA"]) / "naughty_strings.json").read_text())
    texts = [text for text in strings if text.strip() and "\0" not in text and len(text) <= 200][::2]
    for text in texts:
        partner = organisations.add(text, by=alice, at=MONDAY, owner=alice)
        contacts.add(partner, text[:120], by=alice, at=MONDAY)
    seen, url = 0, f"{LIST}?"
    while url:
        response = desk.get(url)
        seen += len(response.context["rows"])
        url = response.context["next_url"] and LIST + response.context["next_url"]
        assert "<script>alert" not in response.text
    assert seen == len(texts)
    for text in texts[::8]:
        assert desk.get(LIST, {"q": text}).status_code == 200
    assert len(csv_rows(desk)) == len(texts)
