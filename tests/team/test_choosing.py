"""A colleague in a filter: in a list of up to fifty, called by name or e-mail in a larger company."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lifecycle.models import Integration, Plan, Product
from lifecycle.onboarding import plans, templates
from partners.models import Partner
from team import choosing
from team.models import User
from tests.conftest import MONDAY, person

PARTNERS, INSIGHTS, PLANS, INTEGRATIONS = "/partners/", "/insights/", "/plans/", "/integrations/"
LISTS = [(PARTNERS, "owner"), (INSIGHTS, "owner"), (PLANS, "owner"), (INTEGRATIONS, "person")]
OPTIONS = re.compile('<option value="([^"]*)">([^<]*)</option>')
FORMS = [("/partners/narrow/", "owner"), ("/insights/narrow/", "owner"), *LISTS[2:]]


def hire(number: int) -> list[User]:
    """So many more colleagues: "Ada Berg 007"."""
    first = User.objects.count()
    return User.objects.bulk_create(
        User(email=f"berg{n}@acme.example", name=f"Ada Berg {n:03}", password="!")
        for n in range(first, first + number)
    )


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def erika(company: object) -> User:
    return User.objects.create_user("erika@acme.example", name="Érika Nordmann")


def typed_in(page: str, name: str) -> bool:
    return f'id="{name}-called"' in page


def counted(desk: Client, url: str) -> tuple[int, int]:
    """How many queries the page takes, and how many of the hired it names."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = desk.get(url)
    assert page.status_code == 200
    return len(asked), page.text.count("Ada Berg")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("erika nordmann", ["Érika Nordmann"]),
        ("  NORD  RIK", ["Érika Nordmann", "Erika Nordmann-Lund (left)"]),
        ("mann-lund érika", ["Erika Nordmann-Lund (left)"]),
        ("lund@acme", ["Erika Nordmann-Lund (left)"]),
        ("erika@ACME.example", ["Érika Nordmann"]),
        ("Erik", ["Érika Nordmann", "Erika Nordmann-Lund (left)"]),
        ("erika nordmann-lund", ["Erika Nordmann-Lund (left)"]),
        ("erika x", []),
        (" \0 ", []),
    ],
)
def test_who_is_called_so(erika: User, text: str, expected: list[str]) -> None:
    User.objects.create(email="lund@acme.example", name="Erika Nordmann-Lund", is_active=False)
    found = choosing.called(text, User.objects.order_by("pk"))
    assert [str(each) for each in found] == expected


def make_technical(people: list[User], partner: Partner, by: User) -> None:
    """Each looks after an integration of another product."""
    checklist = templates.add(f"Checklist {len(people)}", None, by=by, at=MONDAY)
    templates.save(checklist, None, {"text": "Call", "side": "ours", "offset_days": 1}, by=by, at=MONDAY)
    templates.publish(checklist, by=by, at=MONDAY)
    plan = plans.make(partner, checklist, MONDAY.date(), by=by, at=MONDAY)
    facts = {f.attname: getattr(plan, f.attname) for f in Plan._meta.concrete_fields if not f.primary_key}
    copies = Plan.objects.bulk_create(Plan(**facts) for _each in people)
    products = Product.objects.bulk_create(Product(name=f"Product {each.pk}") for each in people)
    Integration.objects.bulk_create(
        Integration(
            partner=partner, product=product, plan=copy, our_contact=each, begun_by=by, begun_at=MONDAY
        )
        for each, product, copy in zip(people, products, copies, strict=True)
    )


@pytest.fixture
def company_of(alice: User, northwind: Partner) -> Callable[[int], list[User]]:
    """So many colleagues in all; Alice leads those hired for it, and all of them are technical contacts."""

    def hired(number: int) -> list[User]:
        people = hire(number - User.objects.count())
        User.objects.filter(pk__in=[each.pk for each in people]).update(lead=alice)
        make_technical([*User.objects.filter(pk=alice.pk), *people], northwind, alice)
        return people

    return hired


@pytest.mark.parametrize("number", [3, 30, 60])
@pytest.mark.parametrize(("url", "name"), FORMS)
def test_of_more_than_fifty_colleagues_none_is_in_the_form(
    desk: Client, company_of: Callable[[int], list[User]], url: str, name: str, number: int
) -> None:
    people = company_of(number)
    page = desk.get(f"{url}?state=stopped").text
    assert typed_in(page, name) == (number == 60)
    assert page.count("Ada Berg") == (0 if number == 60 else len(people))


@pytest.mark.parametrize(("url", "name"), FORMS)
def test_the_form_costs_the_same_however_many_colleagues_there_are(
    desk: Client,
    company_of: Callable[[int], list[User]],
    northwind: Partner,
    alice: User,
    url: str,
    name: str,
) -> None:
    chosen, *_others = company_of(30)
    query = f"{url}?state=stopped&{name}={chosen.pk}"
    desk.get(query)  # what is kept between requests is there from now on
    listed, _named = counted(desk, query)
    make_technical(hire(30), northwind, alice)
    few = counted(desk, query)
    assert few[0] == listed
    make_technical(hire(140), northwind, alice)
    assert counted(desk, query) == few


@pytest.mark.parametrize(("url", "name"), FORMS)
def test_who_is_chosen_stands_in_the_form_by_name(
    desk: Client, company_of: Callable[[int], list[User]], url: str, name: str
) -> None:
    chosen = company_of(60)[-1]
    page = desk.get(f"{url}?{name}={chosen.pk}").text
    chosen_of_many = (
        f'value="{chosen.pk}" selected>{chosen.name}<',
        f'value="{chosen.pk}" checked> {chosen.name}<',
    )
    assert any(markup in page for markup in chosen_of_many)


@pytest.mark.parametrize(("url", "name"), LISTS)
def test_what_is_typed_leads_to_the_address_with_the_id(
    desk: Client, company_of: Callable[[int], list[User]], erika: User, url: str, name: str
) -> None:
    company_of(60)
    typed = desk.get(url, {"q": "x", name: "nordmann"})
    assert (typed.status_code, typed.url) == (302, f"{url}?q=x&{name}={erika.pk}")
    assert desk.get(typed.url).status_code == 200


@pytest.mark.parametrize(("url", "name"), LISTS)
@pytest.mark.parametrize("number", [3, 60])
def test_where_several_are_called_so_they_are_offered(
    desk: Client, company_of: Callable[[int], list[User]], erika: User, url: str, name: str, number: int
) -> None:
    company_of(number)
    lund = User.objects.create(email="lund@acme.example", name="Erika Lund")
    page = desk.get(url, {name: "erika", "partner": "1"}).text
    label = "Technical contact" if name == "person" else "Owner"
    assert f"{label}: which colleague is “erika”?" in page
    assert f'href="?{name}={lund.pk}&amp;partner=1">Erika Lund · lund@acme.example</a>' in page
    assert f'href="?{name}={erika.pk}&amp;partner=1">Érika Nordmann · erika@acme.example</a>' in page


@pytest.mark.parametrize(("url", "name"), LISTS)
def test_what_nobody_is_called_is_said(
    desk: Client, company_of: Callable[[int], list[User]], url: str, name: str
) -> None:
    people = company_of(60)
    label = "Technical contact" if name == "person" else "Owner"
    page = desk.get(url, {name: "<zoe>"}).text
    assert f"{label}: no colleague is called “&lt;zoe&gt;”." in page
    assert f"{label}: {len(people)} colleagues are called like “ada”" in desk.get(url, {name: "ada"}).text
    if url in (PLANS, INTEGRATIONS):
        assert 'value="&lt;zoe&gt;"' in page


def test_of_several_owners_those_chosen_stay_and_of_one_the_typed_one_wins(
    desk: Client, alice: User, erika: User
) -> None:
    hire(60)
    address = f"owner=me&owner={alice.pk}&owner={erika.email}"
    assert desk.get(f"{PARTNERS}?{address}").url == f"{PARTNERS}?owner=me&owner={alice.pk}&owner={erika.pk}"
    assert desk.get(f"{PLANS}?owner={alice.pk}&owner=erika").url == f"{PLANS}?owner={erika.pk}"
    assert desk.get(f"{PLANS}?owner={alice.pk}&owner=").url == f"{PLANS}?owner={alice.pk}"
    assert desk.get(f"{PLANS}?owner=&owner=").status_code == 200


def test_the_list_that_htmx_fetches_ticks_who_was_typed(desk: Client, erika: User) -> None:
    hire(60)
    htmx = {"HX-Request": "true"}
    typed = desk.get(PARTNERS, {"owner": ["me", "erika"]}, headers=htmx)
    assert typed.url == f"{PARTNERS}?owner=me&owner={erika.pk}&owner="
    rows = desk.get(typed.url, headers=htmx).text
    assert f'name="owner" value="{erika.pk}" checked> Érika Nordmann' in rows
    assert '<fieldset id="owner-choice" hx-swap-oob="true">' in rows
    wrong = desk.get(PARTNERS, {"owner": "zoe"}, headers=htmx).text
    assert 'aria-invalid="true"' in wrong
    assert '<div id="faults" hx-swap-oob="true"><div class="note bad" role="alert">' in wrong
    assert "owner-choice" not in desk.get(f"{PARTNERS}?owner=me", headers=htmx).text


def test_colleagues_are_suggested_while_one_types(desk: Client, erika: User) -> None:
    hire(60)
    User.objects.create(email="lund@acme.example", name="Erika Lund", is_active=False)
    url = reverse("team:colleagues")
    assert desk.get(url, {"owner": "erik"}).text.strip() == (
        '<option value="erika@acme.example">Érika Nordmann</option>'
    )
    assert desk.get(url, {"promise_owner_2": "ada"}).text.count("<option") == 20
    assert desk.get(url).text.count("<option") == 20


def test_of_several_the_last_one_is_suggested_and_those_before_stay(desk: Client, erika: User) -> None:
    hire(60)
    url = reverse("team:colleagues") + "?several=1"

    def suggested(typed: str) -> list[tuple[str, str]]:
        options = desk.get(f"{url}&{urlencode({'people': typed})}").text
        return [(unescape(value), unescape(words)) for value, words in OPTIONS.findall(options)]

    assert suggested("erik") == [("erika@acme.example", "Érika Nordmann")]
    assert suggested("berg7@acme.example,erik") == [
        ("berg7@acme.example,erika@acme.example", "Érika Nordmann")
    ]
    # a browser compares the whole text of the field with the value and the words
    assert suggested("Ada Berg 007, nordmann") == [
        ("Ada Berg 007, erika@acme.example", "Ada Berg 007, nordmann → Érika Nordmann")
    ]
    assert suggested("erika@acme.example, nordm") == []
    first = suggested("alice@acme.example, ")
    assert (len(first), first[0]) == (20, ("alice@acme.example, berg3@acme.example", "Ada Berg 003"))
    assert "," not in desk.get(reverse("team:colleagues"), {"owner": "ada, berg 059"}).text


def test_who_has_no_role_finds_nobody_else(client: Client, erika: User) -> None:
    person("Zed")
    client.force_login(User.objects.get(name="Zed"))
    url = reverse("team:colleagues")
    assert client.get(url, {"owner": "erika"}).text.strip() == ""
    assert "zed@acme.example" in client.get(url, {"owner": "z"}).text
    assert "no colleague is called" in client.get(PARTNERS, {"owner": "erika"}).text


@pytest.mark.parametrize(
    "url",
    [
        *("/partners/narrow/", "/partners/list.csv", "/partners/owners/", "/partners/board/", "/deals.csv"),
        *("/insights/narrow/", "/insights/print/", "/insights/csv/", "/insights/definitions/"),
        *("/insights/behind/stalled/", "/insights/behind/stalled/csv/"),
    ],
)
def test_every_address_that_a_list_leads_to_reads_who_is_called(desk: Client, erika: User, url: str) -> None:
    assert desk.get(url, {"q": "x", "owner": "nordmann"}).url == f"{url}?q=x&owner={erika.pk}"


@pytest.mark.parametrize("url", ["/partners/board/", "/deals/board/"])
def test_boards_offer_who_may_be_meant(desk: Client, erika: User, url: str) -> None:
    lund = User.objects.create(email="lund@acme.example", name="Erika Lund")
    page = desk.get(url, {"owner": "erika"}).text
    assert "Owner: which colleague is “erika”?" in page
    assert f'href="?owner={lund.pk}">Erika Lund · lund@acme.example</a>' in page


@pytest.mark.parametrize("url", ["/deals/", "/deals/board/", "/reviews/", "/issues/"])
def test_lists_without_such_a_form_name_the_owner_they_are_narrowed_to(
    desk: Client, erika: User, url: str
) -> None:
    named = desk.get(url, {"owner": "nordmann"})
    assert named.url == f"{url}?owner={erika.pk}"
    assert "Without Owner: Érika Nordmann" in desk.get(named.url).text
    assert "Without Owner: Me" in desk.get(url, {"owner": "me"}).text
    lund = User.objects.create(email="lund@acme.example", name="Erika Lund")
    page = desk.get(url, {"owner": "erika"}).text
    assert f'href="?owner={lund.pk}">Erika Lund · lund@acme.example</a>' in page
