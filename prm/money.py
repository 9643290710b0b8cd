"""Money: whole minor units (cents) beside an ISO 4217 code. It is never summed across currencies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_name, get_currency_precision
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST = 10**15  # minor units; thousands of such amounts still sum up within 64 bits
FIRST = ("EUR", "USD", "GBP", "CHF")

_NUMBER = re.compile(r"[0-9]+([.,' \u00a0\u202f\u2019][0-9]+)*")
_SPACES = re.compile(r"[' \u00a0\u202f\u2019]")


@cache
def currencies() -> dict[str, str]:
    """Codes in use somewhere today, with their English names; the most usual ones first."""
    places = get_global("territory_currencies").values()
    in_use = {code for uses in places for code, _since, until, tender in uses if tender and until is None}
    return {
        code: get_currency_name(code, locale="en") for code in [*FIRST, *sorted(in_use.difference(FIRST))]
    }


def digits(currency: str) -> int:
    """How many digits the minor unit has: 2 for EUR, 0 for JPY, 3 for BHD (ISO 4217)."""
    return int(get_currency_precision(currency))


@dataclass(frozen=True)
class Money:
    """An amount in minor units of a currency."""

    minor: int
    currency: str

    def __str__(self) -> str:
        """Like EUR 12,500 or JPY 1,200: the code before the number; a fraction only where there is one."""
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{self.currency} {abs(self.amount):,.{self._fraction}f}"

    @property
    def amount(self) -> Decimal:
        """In major units: Decimal("12500.00")."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    @property
    def _fraction(self) -> int:
        """How many digits are shown after the point."""
        places = digits(self.currency)
        return 0 if not places or self.minor % 10**places == 0 else places


def in_each(amounts: Iterable[tuple[str, int]]) -> list[Money]:
    """Sums by currency, the largest number first."""
    sums: dict[str, int] = {}
    for currency, minor in amounts:
        sums[currency] = sums.get(currency, 0) + minor
    return [
        Money(minor, currency) for currency, minor in sorted(sums.items(), key=lambda it: (-it[1], it[0]))
    ]


def read(text: str, currency: str) -> int:
    """The minor units that a person wrote: "12,500", "12 500.50", "12.500,50".

    Raises ValueError, in words, where it is no number, has more digits than the currency, or could
    be read in two ways ("12.500").
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(_("Write a number, such as 12500 or 12500.50."))
    places = digits(currency)
    whole, fraction = _parts(_SPACES.sub("", text), places)
    if len(fraction) > places:
        raise ValueError(_more_than(places, currency))
    minor = int(whole + fraction.ljust(places, "0"))
    if minor > MOST:
        raise ValueError(_("This is more than can be kept. Check it."))
    return minor


def _more_than(places: int, currency: str) -> str:
    if not places:
        return _("{currency} has no fraction.").format(currency=currency)
    return _("{currency} has {places} digits after the point.").format(currency=currency, places=places)


def _parts(text: str, places: int) -> tuple[str, str]:
    """The digits before and after the decimal mark: the last mark, where it is not a mark of thousands."""
    marks = [mark for mark in text if mark in ".,"]
    if not marks:
        return text, ""
    if len(marks) > 1 and len(set(marks)) == 1:
        return _without_thousands(text, marks[0]), ""
    whole, fraction = text.rsplit(marks[-1], 1)
    if len(marks) > 1:
        if marks[-1] in whole:
            raise ValueError(_("Write a number, such as 12500 or 12500.50."))
        return _without_thousands(whole, marks[0]), fraction
    if len(fraction) == 3 and whole != "0":
        if marks[-1] == ",":
            return whole + fraction, ""
        if places < 3:
            raise ValueError(_("“{text}” can be read in two ways. Leave the point out.").format(text=text))
    return whole, fraction


def _without_thousands(text: str, mark: str) -> str:
    first, *groups = text.split(mark)
    if len(first) > 3 or any(len(group) != 3 for group in groups):
        raise ValueError(_("Write a number, such as 12500 or 12500.50."))
    return first + "".join(groups)


class CurrencyField(forms.ChoiceField):
    def __init__(self, **more: object) -> None:
        choices = [(code, f"{code} · {name}") for code, name in currencies().items()]
        super().__init__(**{"choices": choices, "label": gettext_lazy("Currency"), **more})  # type: ignore[arg-type]


class AmountField(forms.CharField):
    """An amount as a person writes it. It is read once the currency is known: `read_into`."""

    def __init__(self, **more: object) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"max_length": 24, "widget": widget, **more})  # type: ignore[arg-type]


def read_into(form: forms.BaseForm, amount: str, currency: str) -> int | None:
    """The minor units of a cleaned form's amount in its currency; None where it is empty or refused,
    which the field then says."""
    text, code = form.cleaned_data.get(amount), form.cleaned_data.get(currency)
    if not text or not code:
        return None
    try:
        return read(text, code)
    except ValueError as error:
        form.add_error(amount, str(error))
        return None
