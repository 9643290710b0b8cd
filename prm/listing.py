"""A long list as its address asks for it: narrowed by filters, sorted, a page of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import BigIntegerField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import BooleanFilter, FilterSet, ModelMultipleChoiceFilter, NumberFilter
from django_filters.fields import ModelMultipleChoiceField
from django_filters.widgets import BooleanWidget

from prm import paging
from prm.forms import LONGEST_KEY, ManyField
from prm.forms import faults as forms_faults
from prm.paging import Order, Page
from prm.refusals import Refused

MARKS = ("after", "before")
OF_TOOLS = ("utm_", "gclid", "fbclid", "msclkid")  # begins what mail and advertising add to links
MOST_COUNTED = 10_000  # rows: to count more takes longer than all else on a page


class KeyFilter(NumberFilter):
    """The id of a row; a number beyond all ids is said to be none."""

    def get_max_validator(self) -> MaxValueValidator:
        return MaxValueValidator(BigIntegerField.MAX_BIGINT)


class _YesNoWidget(BooleanWidget):
    """It hands on what is neither, instead of passing over it."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        read = super().value_from_datadict(data, files, name)
        return data.get(name) if read is None else read


class _YesNo(forms.NullBooleanField):
    widget = _YesNoWidget

    def clean(self, value: Any) -> Any:
        if value and not isinstance(value, bool):
            raise forms.ValidationError(_("“{said}” is neither true nor false.").format(said=value))
        return super().clean(value)


class YesNoFilter(BooleanFilter):
    """True or false; what is neither is said."""

    field_class = _YesNo


class _Many(ManyField, ModelMultipleChoiceField):
    pass


class AmongFilter(ModelMultipleChoiceFilter):
    """Whether the row's own one is among several."""

    field_class = _Many

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"distinct": False, **kwargs})


def key_in(text: str) -> int:
    """The id that a text of an address says; 0, which no row has, where it says none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else 0


@dataclass(frozen=True)
class Chip:
    """One value that is filtered by, or that could not be read; and the address without it."""

    name: str
    value: str
    without: str
    is_read: bool

    def __str__(self) -> str:
        said = f"{self.name}: {self.value}"
        return said if self.is_read else _("%(filter)s (not read)") % {"filter": said}


@dataclass(frozen=True)
class Head:
    """The head of a column: pressing it sorts by it, pressing again the other way."""

    key: str
    name: str
    url: str
    sorted: str  # "ascending", "descending" or ""
    is_number: bool


class NotRead(Refused):
    """A filter of the address cannot be read, so that its rows are not the ones that were asked for."""


class Listing:
    """One address of a list. A list of its own names its SORTS and the HEADS of its columns."""

    SORTS: ClassVar[Mapping[str, Order]]
    HEADS: ClassVar[Mapping[str, Any]]
    FIRST: ClassVar[str]  # the sort where the address names none
    HIGH_FIRST: ClassVar[Collection[str]] = ()
    NUMBERS: ClassVar[Collection[str]] = ()

    def __init__(self, address: QueryDict, filter: FilterSet) -> None:
        self.address, self.filter = address, filter
        asked = address.get("sort", "")
        self.sort = asked if asked.removeprefix("-") in self.SORTS else self.FIRST

    @property
    def most_counted(self) -> int:
        """How many rows are counted at most."""
        return MOST_COUNTED

    @property
    def rows(self) -> Any:
        """All the rows that match, unsorted."""
        return self.filter.qs

    @property
    def asked_for(self) -> Any:
        """The same rows, to be written to a file, given away or changed. Raises `NotRead` where a filter
        cannot be read."""
        if unread := self.faults:
            raise NotRead(" ".join(unread), unread)
        return self.rows

    def counted(self, page: Page[Any] | None = None) -> dict[str, int | None]:
        """How many rows match, for the template; `more_than` where they are too many to count each time."""
        most = self.most_counted
        n = page.count if page is not None else None
        if n is None:
            n = self.rows.order_by().values("pk")[: most + 1].count()
        return {"count": n, "more_than": most if n > most else None}

    @property
    def order(self) -> Order:
        order = self.SORTS[self.sort.removeprefix("-")]
        return replace(order, descending=self.sort.startswith("-"))

    @property
    def faults(self) -> list[str]:
        """What of the address cannot be read, each with the name of its filter."""
        return faults(self.filter)

    @property
    def chips(self) -> list[Chip]:
        return chips(self.filter, self.address)

    def shown(self, rows: Any) -> Page[Any]:
        """The page of these rows that the address asks for."""
        after, before = (self.address.get(mark, "") for mark in MARKS)
        return paging.page(rows, self.order, after=after, before=before)

    def around(self, page: Page[Any]) -> dict[str, Any]:
        """What stands around a page's rows, for the template."""
        return {
            "previous_url": self.url(before=page.previous) if page.previous else "",
            "next_url": self.url(after=page.next) if page.next else "",
            "heads": self.heads(),
            "chips": self.chips,
        }

    def heads(self) -> list[Head]:
        return [
            Head(key, str(name), self.url(sort=self._turned(key)), self._direction(key), key in self.NUMBERS)
            for key, name in self.HEADS.items()
        ]

    def url(self, **other: str) -> str:
        """This address with other values; it begins at the first page unless a mark is among them."""
        address = self.address.copy()
        for mark in MARKS:
            address.pop(mark, None)
        for name in [name for name in address if not any(address.getlist(name))]:
            address.pop(name)
        for name, value in other.items():
            address[name] = value
        return f"?{address.urlencode()}"

    def _direction(self, key: str) -> str:
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")

    def _turned(self, key: str) -> str:
        first, second = (f"-{key}", key) if key in self.HIGH_FIRST else (key, f"-{key}")
        return second if self.sort == first else first


def faults(filters: FilterSet) -> list[str]:
    """What cannot be read, each with the name of its filter."""
    return forms_faults(filters.form)


def chips(filters: FilterSet, address: QueryDict) -> list[Chip]:
    """What the list is narrowed to, each once and with the way out. Where one value of a filter cannot be
    read, none of that filter's narrows."""
    found = []
    for name, field in filters.form.fields.items():
        if asked := dict.fromkeys(value for value in address.getlist(name) if value):
            is_read = name not in filters.form.errors
            labels = {str(value): label for value, label in getattr(field, "choices", ())}
            for value in asked:
                shown = str(labels.get(value, value))
                found.append(Chip(str(field.label), shown, _without(address, name, value), is_read))
    return found


def unknown(address: QueryDict, known: Collection[str]) -> list[Chip]:
    """What the address says that its page does not know, each with the way out; what tools add to links is
    passed over."""
    return [
        Chip(name, value, _without(address, name, value), is_read=False)
        for name in address
        if name not in known and not name.startswith(OF_TOOLS)
        for value in dict.fromkeys(address.getlist(name))
        if value
    ]


def unknown_faults(found: Iterable[Chip]) -> list[str]:
    """That a page does not know these, in words."""
    words = _("This page does not know “{name}”: take it out of the address.")
    return [words.format(name=name) for name in dict.fromkeys(chip.name for chip in found)]


def _without(address: QueryDict, name: str, value: str) -> str:
    """The address of the first page without one value of one filter."""
    rest = address.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    for mark in MARKS:
        rest.pop(mark, None)
    return f"?{rest.urlencode()}"
