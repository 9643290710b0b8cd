"""Quarters of a fiscal year."""

from __future__ import annotations

from datetime import date

import pytest

from prm import quarters
from prm.quarters import Quarter


@pytest.mark.parametrize(
    ("day", "begins", "first", "name"),
    [
        (date(2026, 6, 1), 1, date(2026, 4, 1), "Q2 2026"),
        (date(2026, 1, 1), 1, date(2026, 1, 1), "Q1 2026"),
        (date(2026, 12, 31), 1, date(2026, 10, 1), "Q4 2026"),
        (date(2026, 6, 1), 7, date(2026, 4, 1), "Q4 2025/26"),
        (date(2026, 7, 1), 7, date(2026, 7, 1), "Q1 2026/27"),
        (date(2026, 1, 31), 2, date(2025, 11, 1), "Q4 2025/26"),
        (date(2026, 2, 1), 2, date(2026, 2, 1), "Q1 2026/27"),
        (date(2099, 12, 1), 12, date(2099, 12, 1), "Q1 2099/00"),
    ],
)
def test_a_day_lies_in_a_quarter(day: date, begins: int, first: date, name: str) -> None:
    found = quarters.of(day, begins)
    assert (found.first, found.name) == (first, name)
    assert found.holds(day)
    assert not found.after().holds(day)


def test_one_laid_when_the_year_began_otherwise_is_named_by_its_days() -> None:
    assert Quarter(date(2026, 2, 1), 1).name == "1 Feb 2026 to 30 Apr 2026"


def test_how_much_of_it_is_over() -> None:
    quarter = Quarter(date(2026, 4, 1))
    assert quarter.gone(date(2026, 3, 31)) == 0
    assert quarter.gone(date(2026, 4, 1)) == 1 / 91
    assert quarter.gone(date(2026, 6, 30)) == quarter.gone(date(2027, 1, 1)) == 1


def test_a_year_ends_before_the_next_begins() -> None:
    assert quarters.end_of_year(2026) == date(2026, 12, 31)
    assert quarters.end_of_year(2026, 3) == date(2027, 2, 28)
