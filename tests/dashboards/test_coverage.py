"""Coverage: every number opens exactly what it counts, and a gap those who would fill it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboards.coverage.counting import counts
from dashboards.coverage.standing import headline
from lifecycle.models import Certificate, Course
from partners import memberships, organisations
from partners.coverage import wanting
from partners.coverage.wanting import Numbers
from partners.models import Contact, Partner, PartnerType, Programme, Visit
from team.models import Company, Region, User, Vertical
from tests.conftest import MONDAY

PAGE = "/insights/coverage/"
NOW_LIVE = {"status": "live", "stage": "growth", "step": ""}
Make = Callable[..., Partner]


@pytest.fixture
def erins(client: Client, erin: User) -> Client:
    client.force_login(erin)
    return client


@pytest.fixture
def places(db: None) -> dict[str, Any]:
    named = {name: Region.objects.create(name=name) for name in ("DACH", "Nordics")}
    return named | {name: Vertical.objects.create(name=name) for name in ("Retail", "Energy")}


@pytest.fixture
def make(alice: User, programme: Programme, places: dict[str, Any]) -> Make:
    """A partner of the reseller programme: live or not, in a region, further regions, verticals, with so many
    certified people."""

    def made(
        name: str, region: str = "", live: bool = True, also: Any = (), serves: Any = (), people: int = 0
    ) -> Partner:
        partner = organisations.add(name, by=alice, at=MONDAY)
        more = [places[each] for each in also]
        memberships.join(partner, programme, by=alice, at=MONDAY, is_main=True, regions=more)
        changes = {"region": places[region]} if region else {}
        Partner.objects.filter(pk=partner.pk).update(**changes, **(NOW_LIVE if live else {}))
        Visit.objects.filter(partner=partner).update(stage="growth" if live else "recruitment")
        partner.verticals.set([places[each] for each in serves])
        for n in range(people):
            certify(partner, f"{name} {n}")
        return Partner.objects.get(pk=partner.pk)

    return made


def certify(partner: Partner, name: str, **facts: Any) -> Certificate:
    course = Course.objects.get_or_create(title="Selling", created_at=MONDAY)[0]
    contact = Contact.objects.create(partner=partner, name=name, created_at=MONDAY)
    number = f"N{Certificate.objects.count()}"
    given = {"issued_on": date(2026, 1, 1), "name": name, "contact": contact} | facts
    return Certificate.objects.create(number=number, course=course, partner=partner, **given)


def want(by: User, *segments: Any) -> None:
    """Each: type, region, vertical, live partners, certified people."""
    keys = {tuple(each and each.pk for each in place): Numbers(*n) for *place, n in segments}
    wanting.want(keys, "The plan.", by=by, at=MONDAY)  # type: ignore[arg-type]


def shown(page: str) -> list[tuple[int, str]]:
    """Every number of the page that opens rows, with its address."""
    found = re.findall(r'href="([^"]*(?:status=|/people/)[^"]*)">(?:<svg.*?</svg>[^,<]*,\s*)?(\d+)', page)
    return [(int(number), address.replace("&amp;", "&")) for address, number in found]


def opened(client: Client, address: str) -> int:
    return int(client.get(address).context["count"])


# --- numbers and their rows ---


@pytest.fixture
def fleet(make: Make, alice: User, erin: User, reseller: PartnerType, places: dict[str, Any]) -> None:
    """Live ones and prospects, some in several regions and verticals; what is wanted of them."""
    make("One", "DACH", serves=("Retail", "Energy"), people=2)
    make("Two", "DACH", also=("DACH", "Nordics"), serves=("Retail",), people=1)
    make("Three", "Nordics", also=("DACH",))
    make("Four", also=("Nordics",), serves=("Energy",), people=1)
    make("Nowhere", serves=("Retail",))
    make("Soon", "DACH", live=False, serves=("Retail",))
    make("Later", live=False, also=("DACH", "Nordics"))
    dach, nordics = places["DACH"], places["Nordics"]
    retail, energy = places["Retail"], places["Energy"]
    want(
        erin,
        (reseller, dach, retail, (3, 2)),
        (reseller, dach, None, (3, 3)),
        (reseller, nordics, energy, (1, 1)),
        (None, None, retail, (9, 9)),
        (None, dach, energy, (1, 0)),
    )


def test_every_number_opens_exactly_its_rows(erins: Client, fleet: None) -> None:
    page = erins.get(PAGE).content.decode()
    numbers = shown(page)
    assert len(numbers) > 30
    wrong = [(n, address) for n, address in numbers if opened(erins, address) != n]
    assert wrong == []
    assert len({n for n, _address in numbers}) > 3


def test_a_partner_counts_in_each_of_its_places_and_once_in_all(
    fleet: None, erin: User, reseller: PartnerType, places: dict[str, Any]
) -> None:
    found = counts(erin, MONDAY.date())
    dach, nordics = places["DACH"].pk, places["Nordics"].pk
    live = {(region, vertical): each.live for (kind, region, vertical), each in found.items() if kind}
    retail = places["Retail"].pk
    assert (live[dach, None], live[nordics, None], live[None, None]) == (3, 3, 5)
    assert (live[dach, retail], live[None, retail]) == (2, 3)
    assert found[reseller.pk, dach, None].people == 3
    assert found[reseller.pk, dach, None].certified == 2
    assert found[None, nordics, None].prospects == 1


def test_the_heading_says_the_finding(erins: Client, fleet: None) -> None:
    page = erins.get(PAGE)
    assert "<h1>5 of 5 wanted segments have a live partner</h1>" in page.content.decode()
    assert [str(each) for each in page.context["gaps"]] == [
        "Any type · any region · Retail",
        "Reseller · DACH · Retail",
    ]
    assert page.context["found"].filled == 3


def test_a_gap_opens_the_prospects_that_would_fill_it_best_fit_first(erins: Client, fleet: None) -> None:
    gap = erins.get(PAGE).context["gaps"][1]
    assert gap.short == "1 partner"
    found = erins.get(gap.prospects_url)
    assert [row.name for row in found.context["rows"]] == ["Soon"]
    assert "sort=-fit" in gap.prospects_url


def test_who_holds_no_valid_certificate_does_not_count(
    erin: User, make: Make, alice: User, reseller: PartnerType
) -> None:
    partner = make("One", "DACH", people=1)
    on = MONDAY.date()
    certify(partner, "Expired", valid_until=on - timedelta(days=1))
    certify(partner, "Withdrawn", withdrawn_at=MONDAY, withdrawn_reason="A slip.")
    certify(partner, "Tomorrow", issued_on=on + timedelta(days=1))
    certify(partner, "Nobody", contact=None)
    Contact.objects.filter(pk=certify(partner, "Gone").contact_id).update(left_on=on)
    last_day = certify(partner, "Last day", valid_until=on)
    certify(partner, "Twice", contact=last_day.contact)
    assert counts(erin, on)[reseller.pk, None, None].people == 2


def test_filters_narrow_and_stand_in_the_address(
    erins: Client, fleet: None, reseller: PartnerType, places: dict[str, Any]
) -> None:
    page = erins.get(f"{PAGE}?type={reseller.pk}&region={places['DACH'].pk}")
    assert [str(each) for each in page.context["found"].segments] == [
        "Reseller · DACH · any vertical",
        "Reseller · DACH · Retail",
    ]
    assert f'<option value="{reseller.pk}" selected>' in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ("type=999999", "Type: “999999” is none that there is."),
        ("region=x", "Region: “x” is none that there is."),
        ("vertical=-1", "Vertical: “-1” is none that there is."),
        ("type=banana", "Type: “banana” is none that there is."),
        ("kind=1", "This page does not know “kind”: take it out of the address."),
        ("after=x", "This page does not know “after”: take it out of the address."),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_and_nothing_is_shown(
    asked: str, fault: str, erins: Client, fleet: None
) -> None:
    for page in ("", "print/"):
        told = erins.get(f"{PAGE}{page}?{asked}")
        assert fault in told.content.decode()
        assert not told.context["found"].segments
    file = erins.get(f"{PAGE}coverage.csv?{asked}")
    assert (file.status_code, fault in file.content.decode()) == (422, True)


def test_a_filter_under_another_name_leads_to_the_address_without_it(erins: Client, fleet: None) -> None:
    for page, known in (("", "region="), ("people/", "after=&kind=")):
        told = erins.get(f"{PAGE}{page}?colour=red&{known}&utm_source=mail").content.decode()
        assert 'href="?region=&amp;utm_source=mail"' in told or 'href="?kind=&amp;utm_source=mail"' in told
        assert told.count("does not know") == 1
    assert "Narrow it" in erins.get(f"{PAGE}?kind=1").content.decode()


def test_of_the_people_of_a_segment_that_is_none_only_the_fault_is_said(erins: Client, fleet: None) -> None:
    told = erins.get(f"{PAGE}people/?covers=banana")
    assert "Region: “banana” is none that there is." in told.content.decode()
    assert "certified people" not in told.content.decode()
    assert "Nobody here is certified" not in told.content.decode()


def test_without_numbers_it_says_what_to_do(erins: Client, client: Client, bob: User) -> None:
    page = erins.get(PAGE).content.decode()
    assert "No numbers are wanted yet" in page
    assert "Set the numbers" in page
    client.force_login(bob)
    assert "Set the numbers" not in client.get(PAGE).content.decode()


def test_where_no_prospect_is_it_offers_to_add_one(
    erins: Client, erin: User, make: Make, reseller: PartnerType, places: dict[str, Any]
) -> None:
    want(erin, (reseller, places["Nordics"], None, (1, 0)))
    page = erins.get(PAGE).content.decode()
    assert "0 of 1 wanted segment has a live partner" in page
    assert "No prospect." in page
    assert "/partners/add/" in page


def test_it_counts_what_its_reader_may_see(client: Client, bob: User, fleet: None) -> None:
    Company.objects.update(reading="own")
    client.force_login(bob)
    told = client.get(PAGE)
    page = told.content.decode()
    assert "These are your own partners. What all of us lack is seen by those who read all partners." in page
    assert (told.context["gaps"], told.context["found"].words) == ([], "")
    assert not any(
        words in page for words in ("nobody live", "short of", "covered<", "have all the partners")
    )
    card = client.get(reverse("dashboards:coverage_card")).content.decode()
    assert "your own partners, now" in card
    assert "Lacking" not in card
    assert "Lacking" not in client.get(f"{PAGE}print/").content.decode()


# --- file, paper, card ---


def test_the_file_is_safe_and_holds_each_segment(erins: Client, fleet: None) -> None:
    Region.objects.filter(name="Nordics").update(name="=Nordics")
    answer = erins.get(f"{PAGE}coverage.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert len(lines) == 6
    assert "Reseller,DACH,Retail,2,3,3,2,1" in lines
    assert any("'=Nordics" in line for line in lines)


def test_it_prints(erins: Client, fleet: None) -> None:
    page = erins.get(f"{PAGE}print/").content.decode()
    assert "Reseller · DACH · Retail" in page
    assert "2 of 3" in page
    assert "Data as of" in page


def test_the_headline_is_two_queries_and_names_the_largest_gaps(
    erin: User, fleet: None, django_assert_num_queries: Any
) -> None:
    assert erin.roles
    with django_assert_num_queries(2):
        found = headline(erin, MONDAY, zone="Europe/Berlin")
    assert found.words == "5 of 5 wanted segments have a live partner"
    assert (found.wanted, found.with_live, found.with_certified, found.filled) == (5, 5, 5, 3)
    assert str(found.gaps[0]) == "Any type · any region · Retail"


def test_its_queries_do_not_grow(erins: Client, erin: User, make: Make, reseller: PartnerType) -> None:
    erins.get(PAGE)
    asked = []
    for n in (3, 30):
        for each in range(n):
            region = Region.objects.create(name=f"Region {each} of {n}")
            want(erin, (reseller, region, None, (2, 1)))
        with CaptureQueriesContext(connection) as queries:
            assert erins.get(PAGE).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 10
