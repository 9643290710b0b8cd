"""The sorts of the list: in order over pages and back, and on PostgreSQL never from the whole table."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners import lists, organisations
from partners.listing import SORTS, PartnerListing
from partners.models import Partner, PartnerType, Tier
from team.models import Region, User
from tests.conftest import MONDAY

LIST = "/partners/"


@pytest.fixture
def many(alice: User, bob: User) -> None:
    """Sixty partners, every sixth without a value to sort by."""
    lists.seed()
    kinds, tiers = list(PartnerType.objects.all()), list(Tier.objects.all())
    regions = [Region.objects.create(name=name) for name in ("Nordics", "Benelux")]
    for number in range(60):
        partner = organisations.add(f"P{number:02}", by=alice, at=MONDAY + timedelta(hours=number % 7))
        if number % 6:
            Partner.objects.filter(pk=partner.pk).update(
                kind=kinds[number % 4],
                tier=tiers[number % 5],
                region=regions[number % 2],
                owner=[alice, bob][number % 2],
                score=Decimal(number % 9),
                last_touch_at=MONDAY + timedelta(days=number % 3),
            )


def expected(sort: str) -> list[int]:
    """The partners in Python's order, without a value last."""
    column, down = SORTS[sort.lstrip("-")].column, sort.startswith("-")
    pairs = list(Partner.objects.values_list(column, "pk"))
    known = sorted((pair for pair in pairs if pair[0] is not None), reverse=down)
    none = sorted((pair for pair in pairs if pair[0] is None), key=lambda pair: pair[1], reverse=down)
    return [pk for _value, pk in [*known, *none]]


def walk(client: Client, query: str, way: str) -> tuple[list[list[int]], str]:
    """The ids of each page from this address on, by `next_url` or `previous_url`, and the last address."""
    pages, last = [], query
    while query:
        context = client.get(LIST + query).context
        pages.append([int(row.key) for row in context["rows"]])
        last, query = query, context[way]
    return pages, last


def test_each_sort_is_in_order_over_pages_and_back(client: Client, many: None, alice: User) -> None:
    client.force_login(alice)
    for sort in [*SORTS, *(f"-{sort}" for sort in SORTS)]:
        forth, last = walk(client, f"?sort={sort}", "next_url")
        assert [pk for page in forth for pk in page] == expected(sort), sort
        assert walk(client, last, "previous_url")[0] == forth[::-1], sort


def plan(sort: str, user: User) -> str:
    listing = PartnerListing(QueryDict(f"sort={sort}"), user)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE partners_partner")
        cursor.execute("SET LOCAL enable_seqscan = off")  # sixty rows are read whole otherwise
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "SET LOCAL enable_sort = off"
        )  # sixty rows are as soon sorted, where the table was larger
    return listing.rows.order_by(*listing.order.by()).values_list("pk")[:26].explain()


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("name", "partners_by_name"),
        ("fit", "partners_by_fit_last"),
        ("-fit", "partners_by_fit_first"),
        ("health", "partners_by_health"),
        ("added", "partners_by_age"),
        ("-added", "partners_by_age"),
        ("-touch", "partners_by_touch_first"),
    ],
)
def test_a_sort_by_a_column_of_its_own_walks_an_index(many: None, alice: User, sort: str, index: str) -> None:
    said = plan(sort, alice)
    assert f"using {index}" in said
    assert "Sort" not in said


def test_a_sort_by_a_name_elsewhere_needs_a_narrow_index_alone() -> None:
    (narrow,) = (index for index in Partner._meta.indexes if index.name == "what_lists_ask_of_all_partners")
    elsewhere = {order.column.split("__")[0] for order in SORTS.values() if order.is_of_another_table}
    assert elsewhere <= set(narrow.include)


def test_a_sort_by_a_name_elsewhere_reads_whole_rows_of_one_page_only(
    client: Client, many: None, alice: User
) -> None:
    client.force_login(alice)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{LIST}?sort=owner")
    whole = [query["sql"] for query in asked if '"partners_partner"."city"' in query["sql"]]
    assert len(whole) == 1
    assert '"partners_partner"."id" IN (' in whole[0]
