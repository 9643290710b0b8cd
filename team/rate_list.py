"""A list of rates as it is handed in: each row read, or said what is wrong with it, by row and column."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from prm import money, tables
from prm.refusals import Refused
from team.models.rates import DIGITS, PLACES
from team.rates import Wanted

NAMES = {
    "currency": ("currency", "code", "iso code"),
    "since_on": ("from", "since", "day", "date", "valid from"),
    "worth": ("rate", "worth", "value"),
    "source": ("source",),
    "into": ("into", "reporting currency"),
}
NEEDED = {"currency": "Currency", "since_on": "From", "worth": "Rate"}
MOST_SAID = 10
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)

_NUMBER = re.compile(r"[0-9]+([.,][0-9]+)?")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


class ListRefused(Refused):
    """Rows that cannot be read; nothing of the list was taken. `faults` name row and column."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        more = len(faults) - MOST_SAID
        said = [*faults[:MOST_SAID], *([_("{n} more rows are wrong.").format(n=more)] if more > 0 else [])]
        super().__init__(" ".join(said))
        self.said = said


def read(table: tables.Table, into: str, source: str = "") -> list[Wanted]:
    """The rates of a table, all of them into the currency `into`. Raises ListRefused."""
    places = _places(table.header)
    found: dict[tuple[str, date], int] = {}
    wanted, faults = [], []
    for row in table.rows:
        try:
            each = _row(row, places, into, source)
            first = found.setdefault((each.currency, each.since_on), row.number)
            if first != row.number:
                raise ValueError(_("the same currency and day as in row {n}.").format(n=first))
            wanted.append(each)
        except ValueError as error:
            faults.append(_("Row {n}: {what}").format(n=row.number, what=error))
    if faults:
        raise ListRefused(faults)
    return wanted


def _places(header: list[str]) -> dict[str, int]:
    """Where each column stands. Raises ListRefused where one is missing."""
    named = [name.strip().casefold() for name in header]
    places = {
        key: next(place for place, name in enumerate(named) if name in names)
        for key, names in NAMES.items()
        if set(names) & set(named)
    }
    missing = [title for key, title in NEEDED.items() if key not in places]
    if missing:
        said = _("No column is called {missing}. Name the columns in the first row: Currency, From, Rate.")
        raise ListRefused([said.format(missing=", ".join(missing))])
    return places


def _row(row: tables.Row, places: dict[str, int], into: str, source: str) -> Wanted:
    if row.trouble:
        raise ValueError(row.trouble)
    cells = {key: row.cells[place].strip() for key, place in places.items()}
    stated_into = cells.get("into", "").upper()
    if stated_into and stated_into != into:
        raise ValueError(
            _("Into: {other}, but the reporting currency is {into}.").format(other=stated_into, into=into)
        )
    return Wanted(
        _currency(cells["currency"], into),
        _day(cells["since_on"]),
        number(cells["worth"]),
        (cells.get("source") or source)[:200],
    )


def _currency(text: str, into: str) -> str:
    code = text.upper()
    if code not in money.currencies():
        raise ValueError(_("Currency: “{text}” is no code like USD.").format(text=text))
    if code == into:
        raise ValueError(_("Currency: {code} is the reporting currency itself.").format(code=code))
    return code


def _day(text: str) -> date:
    try:
        if found := _DOTTED.fullmatch(text):
            day, month, year = (int(part) for part in found.groups())
            on = date(year, month, day)
        else:
            on = date.fromisoformat(text)
    except ValueError:
        said = _("From: “{text}” is no day. Write it like 2026-11-01.")
        raise ValueError(said.format(text=text)) from None
    if not EARLIEST <= on < LATEST:
        raise ValueError(_("From: the year {year} cannot be right.").format(year=on.year))
    return on


def number(text: str) -> Decimal:
    """A rate as a person writes it: 1.0832 or 1,0832. Raises ValueError, in words."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(_("Rate: “{text}” is no number. Write it like 1.0832.").format(text=text))
    if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", text):
        said = _("Rate: “{text}” can be read in two ways. Write it with a point, or without the comma.")
        raise ValueError(said.format(text=text))
    try:
        worth = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError(_("Rate: this is no number.")) from None
    if worth <= 0:
        raise ValueError(_("Rate: it is more than 0."))
    if _is_beyond(worth):
        said = _("Rate: at most {whole} digits before and {places} after the point can be kept.")
        raise ValueError(said.format(whole=DIGITS - PLACES, places=PLACES))
    return worth


def _is_beyond(worth: Decimal) -> bool:
    exponent = worth.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return worth >= 10 ** (DIGITS - PLACES) or exponent < -PLACES
