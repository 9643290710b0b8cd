"""The terms of an agreement: compared in words, stamped, and where two of them collide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.recruitment import terms
from lifecycle.recruitment.models import KINDS
from lifecycle.recruitment.terms import Difference, Overlap, Renewal, Terms
from prm.days import plus_months

RESELLER = Terms(
    kind="reseller",
    territory=("DE", "AT"),
    products=("Platform",),
    margin=Decimal("20.00"),
    term_months=12,
    renewal=Renewal.AUTOMATIC,
    notice_days=90,
    words="One.\nTwo.\nThree.\nFour.",
)


def test_what_differs_is_said_in_words() -> None:
    other = replace(RESELLER, margin=Decimal("22.5"), term_months=24, territory=())
    assert terms.differences(RESELLER, other, KINDS) == [
        Difference("Territory", "Germany, Austria", "everywhere"),
        Difference("Margin", "20 %", "22.5 %"),
        Difference("Term", "1 year", "2 years"),
    ]


def test_of_a_long_text_the_lines_that_differ_are_said() -> None:
    (words,) = terms.differences(RESELLER, replace(RESELLER, words="One.\nTwo.\n3.\nFour."), KINDS)
    assert words.lines == ((" ", "Two."), ("-", "Three."), ("+", "3."), (" ", "Four."))


def test_nothing_differs_from_itself() -> None:
    assert terms.differences(RESELLER, RESELLER, KINDS) == []


def test_the_stamp_is_of_the_terms_and_the_file() -> None:
    stamp = terms.fingerprint(RESELLER, b"file")
    assert stamp == terms.fingerprint(replace(RESELLER, margin=Decimal("20")), b"file")
    others = [
        terms.fingerprint(RESELLER),
        terms.fingerprint(RESELLER, b"File"),
        terms.fingerprint(replace(RESELLER, notice_days=91), b"file"),
    ]
    assert len({stamp, *others}) == 4


@pytest.mark.parametrize(
    ("one", "other", "where"),
    [
        ({"is_exclusive": True}, {}, Overlap("Austria, Germany", "Platform")),
        ({}, {"is_exclusive": True}, Overlap("Austria, Germany", "Platform")),
        ({}, {}, None),
        ({"is_exclusive": True, "territory": ()}, {}, Overlap("Austria, Germany", "Platform")),
        ({"is_exclusive": True, "territory": ("FR",)}, {}, None),
        ({"is_exclusive": True, "products": ("Connect",)}, {}, None),
        ({"is_exclusive": True, "territory": ("FR", "AT")}, {}, Overlap("Austria", "Platform")),
        (
            {"is_exclusive": True, "territory": (), "products": ()},
            {"territory": (), "products": ()},
            Overlap("everywhere", "all products"),
        ),
    ],
)
def test_where_exclusive_agreements_collide(
    one: dict[str, object], other: dict[str, object], where: Overlap | None
) -> None:
    first, second = replace(RESELLER, **one), replace(RESELLER, **other)  # type: ignore[arg-type]
    assert terms.overlap(first, second) == terms.overlap(second, first) == where


@pytest.mark.parametrize(
    ("starts_on", "months", "last"),
    [
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 6, 1), None, None),
    ],
)
def test_the_last_day_of_a_term(starts_on: date, months: int | None, last: date | None) -> None:
    assert terms.last_day(starts_on, months) == last


def test_notice_is_asked_only_of_what_renews_by_itself() -> None:
    end = date(2026, 12, 31)
    assert terms.notice_by(RESELLER, end) == date(2026, 10, 2)
    assert terms.notice_by(replace(RESELLER, renewal=Renewal.AGREED), end) is None
    assert terms.notice_by(RESELLER, None) is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 600))
def test_months_are_counted_from_the_anchor(day: date, months: int) -> None:
    later = plus_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or plus_months(later, 1).day >= later.day
    assert later.day <= day.day
