"""Amounts of several currencies in one: by stated rates, never by a guess."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prm.money import Money
from prm.rates import Amount, Rate, Rates

NOV, DEC = date(2026, 11, 1), date(2026, 12, 1)
USD = Rates(
    "USD",
    [
        Rate("EUR", DEC, Decimal("1.1")),
        Rate("EUR", NOV, Decimal("1.0832")),
        Rate("JPY", NOV, Decimal("0.0065")),
    ],
)


def test_the_last_rate_on_or_before_the_day_holds() -> None:
    held = {day: USD.at("EUR", date(2026, *day)) for day in ((10, 31), (11, 1), (11, 30), (12, 1), (12, 31))}
    assert {day: rate and str(rate.worth) for day, rate in held.items()} == {
        (10, 31): None,
        (11, 1): "1.0832",
        (11, 30): "1.0832",
        (12, 1): "1.1",
        (12, 31): "1.1",
    }


def test_a_total_states_its_rates_and_their_days() -> None:
    total = USD.total([Amount(100_000_00, "EUR", NOV), Amount(50_000_00, "USD", NOV)])
    assert total.money == Money(158_320_00, "USD")
    assert str(total) == "≈ USD 158,320 at 1 EUR = 1.0832 USD of 1 Nov 2026"


def test_a_large_sum_is_said_without_its_fraction() -> None:
    assert str(USD.total([Amount(1_000_01, "EUR", NOV)])).startswith("≈ USD 1,083 at")
    assert str(USD.total([Amount(10_01, "EUR", NOV)])).startswith("≈ USD 10.84 at")


def test_a_currency_without_minor_units_is_turned_in_its_own_digits() -> None:
    assert USD.total([Amount(1_000_000, "JPY", NOV)]).money == Money(6_500_00, "USD")
    yen = Rates("JPY", [Rate("EUR", NOV, Decimal("162.355"))])
    assert yen.total([Amount(100_00, "EUR", NOV)]).money == Money(16_236, "JPY")  # 16235.5, half to even


def test_what_has_no_rate_is_named_and_left_out() -> None:
    total = USD.total(
        [
            Amount(100_00, "USD", NOV),
            Amount(40_000_00, "EUR", date(2026, 10, 1), n=2),
            Amount(1_000_00, "EUR", date(2026, 10, 20)),
            Amount(5_00, "CHF", NOV),
        ]
    )
    assert total.money == Money(100_00, "USD")
    assert [str(each) for each in total.left_out] == [
        "1 amount in CHF has no rate and is left out (CHF 5)",
        "3 amounts in EUR have no rate before 1 Nov 2026 and are left out (EUR 41,000)",
    ]
    assert str(total).startswith("1 amount in CHF")  # no rate was used, so none is claimed


def test_many_rates_of_a_currency_are_told_by_their_span() -> None:
    months = [date(2026, month, 1) for month in range(1, 5)]
    rates = Rates("USD", [Rate("EUR", on, Decimal(1) + Decimal(n) / 100) for n, on in enumerate(months)])
    total = rates.total([Amount(100, "EUR", on) for on in months])
    assert total.rates == "1 EUR = 1 to 1.03 USD (4 rates of 1 Jan 2026 to 1 Apr 2026)"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=6))
def test_it_is_rounded_once_however_the_amounts_are_grouped(minors: list[int]) -> None:
    one_by_one = USD.total([Amount(minor, "EUR", NOV) for minor in minors])
    at_once = USD.total([Amount(sum(minors), "EUR", NOV, len(minors))])
    assert one_by_one == at_once
