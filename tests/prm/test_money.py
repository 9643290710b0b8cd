"""Money: read as people write it, said with its code, never summed across currencies."""

import pytest
from babel.numbers import parse_pattern
from hypothesis import given
from hypothesis import strategies as st

from prm import money
from prm.money import Money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12500", "EUR", 1250000),
        ("12,500", "EUR", 1250000),
        ("12 500.50", "EUR", 1250050),
        ("12.500,5", "EUR", 1250050),
        ("1,234,567", "USD", 123456700),
        ("1.234.567", "USD", 123456700),
        ("1'234'567.05", "CHF", 123456705),
        ("0.5", "EUR", 50),
        ("0,50", "EUR", 50),
        ("0", "EUR", 0),
        ("1200", "JPY", 1200),
        ("1,5", "EUR", 150),
        ("0.125", "BHD", 125),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, minor: int) -> None:
    assert money.read(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "words"),
    [
        ("12.500", "EUR", "two ways"),
        ("many", "EUR", "Write a number"),
        ("-5", "EUR", "Write a number"),
        ("", "EUR", "Write a number"),
        ("1,23,456", "EUR", "Write a number"),
        ("1.2.3,4,5", "EUR", "Write a number"),
        ("12.505,123", "EUR", "2 digits"),
        ("1.5", "JPY", "no fraction"),
        ("9" * 20, "EUR", "more than can be kept"),
        ("١٢", "EUR", "Write a number"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, currency: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        money.read(text, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (1250000, "EUR", "EUR 12,500"),
        (1250050, "EUR", "EUR 12,500.50"),
        (1200, "JPY", "JPY 1,200"),
        (125, "BHD", "BHD 0.125"),
        (0, "USD", "USD 0"),
    ],
)
def test_an_amount_says_its_currency(minor: int, currency: str, words: str) -> None:
    assert str(Money(minor, currency)).replace("\u00a0", " ") == words


@given(st.integers(0, money.MOST), st.sampled_from(["EUR", "JPY", "BHD"]))
def test_what_is_said_is_read_again(minor: int, currency: str) -> None:
    said = str(Money(minor, currency)).replace("\u00a0", " ").split(" ", 1)[1]
    assert money.read(said, currency) == minor


def test_sums_stand_by_currency() -> None:
    assert money.in_each([("EUR", 5), ("USD", 90), ("EUR", 7)]) == [Money(90, "USD"), Money(12, "EUR")]


def test_currencies_no_longer_used_are_not_offered() -> None:
    offered = money.currencies()
    assert {"EUR", "PLN"} <= set(offered)
    assert "DEM" not in offered


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "BHD"]))
def test_an_amount_reads_as_the_locale_data_have_it(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    places = money.digits(currency)
    shown = places if minor % 10**places else 0
    pattern = parse_pattern(f"¤¤ #,##0.{'0' * shown}" if shown else "¤¤ #,##0")
    assert str(amount) == pattern.apply(amount.amount, "en", currency=currency, currency_digits=False)
