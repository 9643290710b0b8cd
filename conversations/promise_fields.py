"""Promises made in the same press as a reply or a log: up to four, each with its day and its owner."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from conversations.commitments import Promise, Side
from partners.models import Contact
from team import choosing
from team.models import User

SLOTS = range(1, 5)
FIELDS = ("promise_side", "promise", "promised_for", "promise_owner")


def name_of(field: str, slot: int) -> str:
    """The first promise has the bare names."""
    return field if slot == 1 else f"{field}_{slot}"


NAMES = [name_of(field, slot) for slot in SLOTS for field in FIELDS]


def typed(promises: list[Promise]) -> dict[str, list[str]]:
    """What stands in the fields of these promises."""
    found: dict[str, list[str]] = {}
    for slot, promise in zip(SLOTS, promises, strict=False):
        found[name_of("promise", slot)] = [promise.text]
        found[name_of("promised_for", slot)] = [promise.promised_for.isoformat()]
        found[name_of("promise_side", slot)] = [promise.side]
        if promise.owner is not None:
            found[name_of("promise_owner", slot)] = [promise.owner.email]
    return found


@dataclass(frozen=True)
class Slot:
    """The fields of one promise, as a template draws them."""

    number: int
    side: forms.BoundField
    text: forms.BoundField
    day: forms.BoundField
    owner: forms.BoundField

    @property
    def errors(self) -> list[str]:
        return [str(error) for field in (self.text, self.day, self.owner) for error in field.errors]

    @property
    def is_filled(self) -> bool:
        return bool(self.text.value() or self.day.value() or self.owner.value() or self.errors)


class PromiseFields(forms.Form):
    """Each promise has words and a day, or neither."""

    promises_heading = "Something was promised"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.holds_promises:
            self._add_slots()

    @property
    def holds_promises(self) -> bool:
        """Whether something may be typed in them already; else they are as empty as anybody's."""
        return self.is_bound or any(self.initial.get(name) for name in NAMES)

    @property
    def promise_slots(self) -> SafeString:
        """The fields as markup; the empty ones are drawn once for everybody."""
        return _drawn(self) if self.holds_promises else _drawn_empty(self.promises_heading, get_language())

    def _add_slots(self) -> None:
        for slot in SLOTS:
            self.fields |= _fields(slot)

    def slots(self) -> list[Slot]:
        return [Slot(slot, *(self[name_of(field, slot)] for field in FIELDS)) for slot in SLOTS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for slot in SLOTS:
            self._clean_slot(slot, cleaned)
        return cleaned

    def _clean_slot(self, slot: int, cleaned: dict[str, Any]) -> None:
        side, text, day, owner = (name_of(field, slot) for field in FIELDS)
        if cleaned.get(text) and not cleaned.get(day) and day not in self.errors:
            self.add_error(day, "A promise needs a day: say by when.")
        if (cleaned.get(day) or cleaned.get(owner)) and not cleaned.get(text) and text not in self.errors:
            self.add_error(text, "Say what is promised.")
        if cleaned.get(owner):
            self._clean_owner(owner, cleaned[owner], theirs=cleaned.get(side) == Side.THEIRS)

    def _clean_owner(self, field: str, named: str, theirs: bool) -> None:
        """Find the colleague by name or e-mail address."""
        called = Q(name__iexact=named) | Q(email__iexact=named)
        found = list(User.objects.current().filter(called)[:2])
        if theirs:
            self.add_error(field, "They keep their own promise: leave the colleague empty.")
        elif not found:
            self.add_error(field, f"No colleague is called “{named}”. Choose one of the list.")
        elif len(found) > 1:
            self.add_error(field, f"Several colleagues are called “{named}”. Write the e-mail address.")
        else:
            self.cleaned_data[field] = found[0]

    def promises(self, contact: Contact | None = None) -> list[Promise]:
        """The promises of the valid form; theirs are made by `contact`, where one is named."""
        return [self._promise(slot, contact) for slot in SLOTS if self.cleaned_data[name_of("promise", slot)]]

    def _promise(self, slot: int, contact: Contact | None) -> Promise:
        side, text, day, owner = (self.cleaned_data[name_of(field, slot)] for field in FIELDS)
        side = side or Side.OURS
        return Promise(text, day, side, owner or None, contact=contact if side == Side.THEIRS else None)


def _drawn(form: PromiseFields) -> SafeString:
    return render_to_string("conversations/promise_fields.html", {"form": form})


@functools.cache
def _drawn_empty(heading: str, language: str | None) -> SafeString:
    form = PromiseFields()
    form.promises_heading = heading
    form._add_slots()
    return _drawn(form)


def _fields(slot: int) -> dict[str, forms.Field]:
    number = "" if slot == 1 else f" {slot}"
    sides = [(Side.OURS, "We promise"), (Side.THEIRS, "They promise")]
    day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    colleague = forms.TextInput(attrs={"placeholder": "me", **choosing.suggested("colleagues")})
    return {
        name_of("promise_side", slot): forms.ChoiceField(
            choices=sides, initial=Side.OURS, required=False, label=f"Who promises{number}"
        ),
        name_of("promise", slot): forms.CharField(
            max_length=500, required=False, label=f"Promise{number}", strip=True
        ),
        name_of("promised_for", slot): forms.DateField(required=False, label="By", widget=day),
        name_of("promise_owner", slot): forms.CharField(
            max_length=254, required=False, label="Who of us", strip=True, widget=colleague
        ),
    }
