"""Pages by keyset: forward and back, every row once, rows without a value last."""

import base64
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from partners import organisations
from partners.models import Partner
from prm.paging import Order, page
from team.models import User
from tests.conftest import MONDAY


def mark(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


OUTSIDE = [
    mark('["0001-01-01T00:00:00+14:00",1]'),
    mark('["9999-12-31T23:59:59-14:00",1]'),
    mark("[1e999,1]"),
]


def walk(order: Order, most: int) -> list[list[int]]:
    """Every page from the first to the last, by id."""
    pages, after = [], ""
    while True:
        shown = page(Partner.objects.select_related("owner"), order, after=after, most=most)
        pages.append([row.pk for row in shown.rows])
        if not shown.next:
            return pages
        after = shown.next


class Pages(TestCase):
    @settings(deadline=None, max_examples=40)
    @given(
        scores=st.lists(st.none() | st.integers(0, 3), max_size=9),
        descending=st.booleans(),
        most=st.integers(1, 4),
    )
    def test_every_row_comes_once_and_the_way_back_is_the_same(
        self, scores: list[int | None], descending: bool, most: int
    ) -> None:
        Partner.objects.all().delete()
        for score in scores:
            organisations.add("P", by="test", at=MONDAY, score=score and Decimal(score))
        order = Order("score", descending)
        pages = walk(order, most)
        flat = [pk for rows in pages for pk in rows]
        values = [p.score for p in (Partner.objects.get(pk=pk) for pk in flat)]
        known = [value for value in values if value is not None]
        assert sorted(flat) == sorted(Partner.objects.values_list("pk", flat=True))
        assert known == sorted(known, reverse=descending)
        assert values[len(known) :] == [None] * (len(values) - len(known))
        self.go_back(order, pages, most)

    def go_back(self, order: Order, pages: list[list[int]], most: int) -> None:
        shown = page(Partner.objects.all(), order, most=most)
        for _ in pages[1:]:
            shown = page(Partner.objects.all(), order, after=shown.next, most=most)
        for rows in reversed(pages[:-1]):
            shown = page(Partner.objects.all(), order, before=shown.previous, most=most)
            assert [row.pk for row in shown.rows] == rows
        assert shown.previous == ""

    @settings(deadline=None, max_examples=60)
    @given(
        owners=st.lists(st.none() | st.integers(0, 4), max_size=12),
        descending=st.booleans(),
        most=st.integers(1, 4),
        leading=st.integers(1, 6),
    )
    def test_the_few_that_come_first_in_another_table_change_nothing_of_the_order(
        self, owners: list[int | None], descending: bool, most: int, leading: int
    ) -> None:
        Partner.objects.all().delete()
        User.objects.all().delete()
        names = ("Ann", "Bea", "Bea", "Cid", "Dan")
        people = [User.objects.create(name=name, email=f"{n}@a.example") for n, name in enumerate(names)]
        for owner in owners:
            organisations.add("P", by="test", at=MONDAY, owner=None if owner is None else people[owner])
        order = Order("owner__name", descending)
        with patch("prm.paging.LEADING", leading):
            pages = walk(order, most)
            self.go_back(order, pages, most)
        whole = Partner.objects.order_by(*order.by()).values_list("pk", flat=True)
        assert [pk for rows in pages for pk in rows] == list(whole)


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["sort_name", "owner__name", "stage_since", "last_touch_at"])
def test_columns_of_any_kind(column: str) -> None:
    for number in range(5):
        organisations.add(f"Ö {number}", by="test", at=MONDAY + timedelta(days=number))
    pages = walk(Order(column, descending=True), most=2)
    assert [len(rows) for rows in pages] == [2, 2, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["sort_name", "owner__name"])
def test_named_values_are_paged_as_rows_are(column: str) -> None:
    for number in range(3):
        organisations.add(f"Ö {number}", by="test", at=MONDAY)
    rows = Partner.objects.values_list("pk", column, named=True)
    first = page(rows, Order(column), most=2)
    rest = page(rows, Order(column), after=first.next, most=2)
    whole = page(Partner.objects.select_related("owner"), Order(column), most=2)
    assert (first.next, [row.pk for row in first.rows]) == (whole.next, [row.pk for row in whole.rows])
    assert [len(first.rows), len(rest.rows)] == [2, 1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "mark",
    [*OUTSIDE, "x", "====", "W10", "WyJcdTAwMDAiLDFd", "WzEsInR3byJd", "é", "W251bGwsMWUzMDld", "eyJhIjoxfQ"],
)
def test_an_unreadable_mark_is_the_first_page(mark: str) -> None:
    organisations.add("Northwind", by="test", at=MONDAY)
    for column in ("sort_name", "stage_since", "score"):
        assert len(page(Partner.objects.all(), Order(column), after=mark).rows) == 1
        assert len(page(Partner.objects.all(), Order(column), before=mark).rows) == 1
