"""Forms of an import: the file, and what its columns and values mean."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.importing import columns
from partners.importing.lists import (
    ADD,
    ADDABLE,
    LEAVE_OUT,
    LISTED,
    TO,
    Lists,
    places_on_the_road,
    unknown_values,
)
from prm.forms import choose_from
from prm.importing import Field
from prm.models import Import
from prm.search import fold
from team.colleague_field import ColleagueField, some
from team.models import User
from team.roles import may

CHOOSE, LEFT_OUT = ("", gettext_lazy("Choose …")), (LEAVE_OUT, gettext_lazy("Leave the value out"))


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx) with a header row. 20 MB, 100,000 rows, 200 columns at most."),
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Choose one with a header and rows."),
        },
    )


@dataclass(frozen=True)
class ColumnLine:
    """A column of the file on the form."""

    name: str
    samples: list[str]
    field: BoundField


@dataclass(frozen=True)
class ValueLine:
    """A value that no list knows, on the form."""

    column: str
    text: str
    count: int
    field: BoundField


class OwnerMeant(ColleagueField):
    """Whom a value of a column of owners means, as the mapping keeps it."""

    def __init__(self, some: list[User], **more: Any) -> None:
        super().__init__(first=[LEFT_OUT], required=False, empty_label=CHOOSE[1], **more)
        self.some = some

    @property
    def asks(self) -> str:
        return _("Name or e-mail")

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value.removeprefix(TO) if isinstance(value, str) else value)

    def clean(self, value: Any) -> str:
        meant = super().clean(value)
        return f"{TO}{meant.pk}" if isinstance(meant, User) else meant or ""


class ColumnsForm(forms.Form):
    """What each column and each unknown value means. A noun says what its columns can be (`FIELDS`), which
    have lists (`LISTED`), what it cannot do without (`NEEDED`), and what holds for all rows (`REST`)."""

    FIELDS: ClassVar[Sequence[Field]]
    LISTED: ClassVar[Sequence[str]]
    ADDABLE: ClassVar[Collection[str]] = ()
    NEEDED: ClassVar[Mapping[str, Any]]
    REST: ClassVar[Sequence[str]]
    LISTS: ClassVar[type[Lists]] = Lists

    dates = forms.ChoiceField(
        label=_("03/04/2026 is"),
        choices=[(columns.DAY_FIRST, _("3 April")), (columns.MONTH_FIRST, _("4 March"))],
    )

    def __init__(self, imported: Import, user: User, data: Any = None) -> None:
        self.imported, self.user = imported, user
        super().__init__(data, initial={name: imported.mapping.get(name, "") for name in self.REST})
        self.by_name = {field.name: field for field in self.FIELDS}
        self.fill()
        self._columns()
        self._unknown = list(self._unknown_values())
        for name, text, _count in self._unknown:
            self.fields[_key(name, text)] = self._value_field(name, text)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def fill(self) -> None:
        """Choices of what holds for the whole file."""

    def rest(self) -> list[BoundField]:
        return [self[name] for name in self.REST]

    def _columns(self) -> None:
        choices = [("", _("Leave it out")), *((field.name, field.label) for field in self.FIELDS)]
        for place, column in enumerate(self.imported.columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column["name"],
                choices=choices,
                required=False,
                initial=self.imported.mapping.get("columns", {}).get(str(place), ""),
            )

    def _unknown_values(self) -> Iterator[tuple[str, str, int]]:
        """Field, text and rows of every value no list knows, of the columns as they are mapped now."""
        self._lists = self.LISTS({})
        places = columns.places(self.imported.mapping, self.by_name)
        for name in self.LISTED:
            for place in places.get(name, []):
                values = self.imported.columns[place]["values"] or {}
                for text, count in unknown_values(self._lists, name, values):
                    yield name, text, count

    def _value_field(self, name: str, text: str) -> forms.Field:
        chosen = self.imported.mapping.get("values", {}).get(name, {}).get(fold(text), "")
        if name == "owner":
            return OwnerMeant(self._some, label=text, initial=chosen)
        choices: list[tuple[str, Any]] = [CHOOSE, LEFT_OUT]
        if name in self.ADDABLE and may(self.user, "edit settings"):
            choices.append((ADD, _("Add it to our list")))
        choices += [(TO + value, words) for value, words in self._lists.choices(name)]
        return forms.ChoiceField(label=text, choices=choices, required=False, initial=chosen)

    @cached_property
    def _some(self) -> list[User]:
        return some(User.objects.current())

    def column_lines(self) -> list[ColumnLine]:
        return [
            ColumnLine(column["name"], column["samples"], self[f"column_{place}"])
            for place, column in enumerate(self.imported.columns)
        ]

    def value_lines(self) -> list[ValueLine]:
        return [
            ValueLine(self.by_name[name].label, text, count, self[_key(name, text)])
            for name, text, count in self._unknown
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        meant: dict[str, list[str]] = {}
        for place, column in enumerate(self.imported.columns):
            if name := cleaned.get(f"column_{place}"):
                meant.setdefault(name, []).append(column["name"])
        for name, words in self.NEEDED.items():
            if name not in meant:
                self.add_error(None, words)
        for name, chosen in meant.items():
            if len(chosen) > 1 and not self.by_name[name].many:
                words = _("%(columns)s cannot all be “%(field)s”. Keep one of them.")
                self.add_error(
                    None, words % {"columns": _(" and ").join(chosen), "field": self.by_name[name].label}
                )
        return cleaned

    def mapping(self) -> dict[str, Any]:
        """What was chosen, as the import keeps it."""
        cleaned = self.cleaned_data
        values: dict[str, dict[str, str]] = {
            name: dict(kept) for name, kept in self.imported.mapping.get("values", {}).items()
        }
        for name, text, _count in self._unknown:
            values.setdefault(name, {})[fold(text)] = cleaned[_key(name, text)]
        chosen = {
            str(place): cleaned[f"column_{place}"]
            for place in range(len(self.imported.columns))
            if cleaned[f"column_{place}"]
        }
        return {
            "columns": chosen,
            "values": {
                name: {text: choice for text, choice in kept.items() if choice}
                for name, kept in values.items()
            },
            **{name: cleaned[name] for name in self.REST},
        }


class MappingForm(ColumnsForm):
    """What the columns of a list of partners mean."""

    FIELDS, LISTED, ADDABLE = columns.FIELDS, LISTED, ADDABLE
    NEEDED = {"name": _("Say which column holds the partner's name.")}
    REST = ("owner", "stage", "dates")

    owner = ColleagueField(
        label=_("Rows without an owner go to"), required=False, empty_label=gettext_lazy("nobody")
    )
    stage = forms.ChoiceField(label=_("Rows without a stage come in at"))

    def fill(self) -> None:
        """Rows without an owner can go to nobody, to whoever imports, or to one of us."""
        choose_from(self, "stage", places_on_the_road().items())
        owner = self.fields["owner"]
        if self.imported.by and isinstance(owner, ColleagueField):
            owner.queryset = User.objects.current().exclude(pk=self.imported.by.pk)
            owner.first = [("mine", _("me"))]

    def clean_owner(self) -> str:
        to: User | str | None = self.cleaned_data["owner"]
        return str(to.pk) if isinstance(to, User) else to or ""


def _key(name: str, text: str) -> str:
    return f"value_{name}_{hashlib.sha256(fold(text).encode()).hexdigest()[:12]}"
