"""Amounts of several currencies in one, by rates that were stated, each from a day on. Pure.

An amount is worth what the last rate on or before its day says. Where there is none, nothing is guessed:
the amount is left out and named. A total carries the rates it was made with, so that a page can state them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.money import Money, digits

LONGEST = 60  # digits: sums of products of the longest amounts and rates are exact
SMALL = 100  # units of the currency
NAMED = 2  # rates of one currency that a sentence names one by one


def shown_day(on: date) -> str:
    return date_format(on, "j M Y")


@dataclass(frozen=True)
class Rate:
    """From the day `since` on, one unit of `currency` is worth so many units of the reporting currency."""

    currency: str
    since: date
    worth: Decimal

    @property
    def number(self) -> str:
        """Like 1.0832, without noughts at its end."""
        return f"{self.worth.normalize():f}"


@dataclass(frozen=True)
class Amount:
    """Minor units of a currency on a day; `n` things add up to it."""

    minor: int
    currency: str
    on: date
    n: int = 1


@dataclass(frozen=True)
class LeftOut:
    """What has no rate on its day: the first day with one (None: there is none at all)."""

    worth: Money
    n: int
    rated_from: date | None

    def __str__(self) -> str:
        told = {"n": self.n, "currency": self.worth.currency, "worth": self.worth}
        if self.rated_from is None:
            said = ngettext(
                "{n} amount in {currency} has no rate and is left out ({worth})",
                "{n} amounts in {currency} have no rate and are left out ({worth})",
                self.n,
            )
            return said.format(**told)
        said = ngettext(
            "{n} amount in {currency} has no rate before {day} and is left out ({worth})",
            "{n} amounts in {currency} have no rate before {day} and are left out ({worth})",
            self.n,
        )
        return said.format(**told, day=shown_day(self.rated_from))


@dataclass(frozen=True)
class Total:
    """A sum in the reporting currency, with the rates it was made with and what it leaves out."""

    money: Money
    used: tuple[Rate, ...]
    left_out: tuple[LeftOut, ...]

    def __str__(self) -> str:
        """Like "≈ USD 1,083,200 at 1 EUR = 1.0832 USD of 1 Nov 2026"; what is left out is named behind it."""
        about = _("≈ {money} at {rates}").format(money=self._about, rates=self.rates)
        return "; ".join([*([about] if self.used else []), *(str(each) for each in self.left_out)])

    @property
    def _about(self) -> Money:
        """Without a fraction, which says nothing of a large sum."""
        whole = 10 ** digits(self.money.currency)
        if self.money.minor < SMALL * whole:
            return self.money
        return Money(round(Fraction(self.money.minor, whole)) * whole, self.money.currency)

    @property
    def rates(self) -> str:
        """The rates in words, a currency after the other; many of one currency by their span."""
        by_currency: dict[str, list[Rate]] = defaultdict(list)
        for rate in self.used:
            by_currency[rate.currency].append(rate)
        return ", ".join(self._of_currency(rates) for rates in by_currency.values())

    def _of_currency(self, rates: list[Rate]) -> str:
        if len(rates) <= NAMED:
            return ", ".join(self._named(rate) for rate in rates)
        low, high = min(rates, key=lambda it: it.worth), max(rates, key=lambda it: it.worth)
        return _("1 {currency} = {low} to {high} {reporting} ({n} rates of {first} to {last})").format(
            currency=low.currency,
            low=low.number,
            high=high.number,
            reporting=self.money.currency,
            n=len(rates),
            first=shown_day(rates[0].since),
            last=shown_day(rates[-1].since),
        )

    def _named(self, rate: Rate) -> str:
        return _("1 {currency} = {number} {reporting} of {day}").format(
            currency=rate.currency,
            number=rate.number,
            reporting=self.money.currency,
            day=shown_day(rate.since),
        )


class Rates:
    """Rates into one reporting currency."""

    def __init__(self, reporting: str, rates: Iterable[Rate]) -> None:
        self.reporting = reporting
        self._by_currency: dict[str, list[Rate]] = defaultdict(list)
        for rate in sorted(rates, key=lambda it: it.since):
            self._by_currency[rate.currency].append(rate)

    @property
    def currencies(self) -> list[str]:
        """Those that have a rate."""
        return sorted(self._by_currency)

    def at(self, currency: str, on: date) -> Rate | None:
        """The last rate on or before a day; None where there is none."""
        rates = self._by_currency.get(currency, [])
        place = bisect_right(rates, on, key=lambda it: it.since)
        return rates[place - 1] if place else None

    def total(self, amounts: Iterable[Amount]) -> Total:
        """Their sum: exact, and rounded once, half to even, to whole minor units."""
        exact, used, missing = Decimal(0), set(), defaultdict[str, list[Amount]](list)
        with localcontext(prec=LONGEST):
            for each in amounts:
                amount = Money(each.minor, each.currency).amount
                if each.currency == self.reporting:
                    exact += amount
                elif rate := self.at(each.currency, each.on):
                    exact += amount * rate.worth
                    used.add(rate)
                else:
                    missing[each.currency].append(each)
        return Total(
            Money(_minor(exact, self.reporting), self.reporting),
            tuple(sorted(used, key=lambda it: (it.currency, it.since))),
            tuple(self._left_out(currency, missing[currency]) for currency in sorted(missing)),
        )

    def _left_out(self, currency: str, amounts: list[Amount]) -> LeftOut:
        rates = self._by_currency.get(currency, [])
        worth = Money(sum(each.minor for each in amounts), currency)
        return LeftOut(worth, sum(each.n for each in amounts), rates[0].since if rates else None)


def _minor(amount: Decimal, currency: str) -> int:
    with localcontext(prec=LONGEST):
        return int(amount.scaleb(digits(currency)).to_integral_value(ROUND_HALF_EVEN))
