"""The rows of a pasted chat before it is saved: each can be changed in who, when and words, or left out.

A row that is open has fields of its own, named by the line it begins in, and keeps them from look to look; it
is read anew from the text where that line reads differently now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.http import QueryDict

from conversations.chats import Line
from partners.models import Contact

PARTS = ("at", "from", "text", "drop")
AT = "%Y-%m-%dT%H:%M:%S"


@dataclass(frozen=True)
class Row:
    """A message as it will be kept. `who` is "us", "them", "out", or "" where that is to be said first; `at`
    is in the zone of whoever pasted it. An open one has `fields`."""

    line: Line
    at: datetime
    who: str
    contact: Contact | None
    text: str
    fields: tuple[forms.BoundField, ...] = ()
    is_dropped: bool = False

    @property
    def mark(self) -> str:
        """By which it is known that the line still reads as it did."""
        return mark(self.line)


def mark(line: Line) -> str:
    return sha256(f"{line.at}|{line.author}|{line.text}".encode("utf-8", "replace")).hexdigest()[:12]


def prepare(typed: QueryDict, line: Line, who: str) -> None:
    """Open the row or leave it out where that was pressed, and forget what was typed for another line."""
    n = line.number
    if typed.get(f"was_{n}") != mark(line):
        for part in PARTS:
            typed.pop(f"{part}_{n}", None)
    if typed.get("edit") == str(n):
        typed.pop(f"drop_{n}", None)
        typed.setdefault(f"at_{n}", line.at.strftime(AT))
        typed.setdefault(f"from_{n}", who)
        typed.setdefault(f"text_{n}", line.text)
    if typed.get("drop") == str(n):
        for part in PARTS:
            typed.pop(f"{part}_{n}", None)
        typed[f"drop_{n}"] = "1"


def fields_of(line: Line, choices: list[Any]) -> dict[str, forms.Field]:
    """The fields of an open row."""
    named = f"of line {line.number}"
    when = forms.DateTimeInput(
        {"type": "datetime-local", "step": "1", "class": "form-control", "aria-label": f"When, {named}"}, AT
    )
    who = forms.Select({"class": "form-select", "aria-label": f"Who, {named}"})
    words = forms.Textarea({"class": "form-control", "rows": 2, "aria-label": f"Words, {named}"})
    n = line.number
    return {
        f"at_{n}": forms.DateTimeField(widget=when, input_formats=[AT, AT[:-3]]),
        f"from_{n}": forms.ChoiceField(choices=choices, widget=who),
        f"text_{n}": forms.CharField(
            widget=words, strip=False, error_messages={"required": "Write the words, or leave it out."}
        ),
    }
