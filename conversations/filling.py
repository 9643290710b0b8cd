"""The fields of a reply template, filled; and the marks that wait for who writes.

A field, {partner}, is filled by us. A mark, ⟦what the partner can do⟧, is filled by the writer: a field
nothing is known for becomes one, and nothing is sent while one stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from conversations.records import MessageRefused
from partners.models import Contact, Partner
from team.models import Company, User

FIELDS = ("contact", "contact first name", "partner", "me", "company", "subject", "due")
FIELD = re.compile(r"\{([^{}]{1,80})\}")
MARK = re.compile(r"⟦([^⟦⟧]{1,300})⟧")
TYPED_MARK = re.compile(r"\[\[([^\[\]]{1,300})\]\]")  # as a keyboard has it
GERMAN_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
SHOWN = 3  # marks named in a refusal


class FieldRefused(MessageRefused):
    """The text of a template names a field that does not exist."""


class Unfilled(MessageRefused):
    """A mark still stands in what is to be sent."""


def checked(text: str) -> str:
    """The text of a template as it is kept. A field we do not know is refused, with those we know."""
    text = TYPED_MARK.sub(r"⟦\1⟧", text)
    known = "Known are " + ", ".join(f"{{{name}}}" for name in FIELDS) + "."
    unknown = [name for name in FIELD.findall(text) if _key(name) not in FIELDS]
    if unknown:
        raise FieldRefused(f"There is no field {{{unknown[0]}}}. {known}")
    if any(brace in FIELD.sub("", text) for brace in "{}"):
        raise FieldRefused(f"A {{ or }} stands alone. A field stands between both: {{partner}}. {known}")
    return text


@dataclass(frozen=True)
class About:
    """What a letter is about: who writes it to whom, on what, and by when an answer is owed."""

    partner: Partner
    me: User
    contact: Contact | None = None
    subject: str = ""
    due_at: datetime | None = None

    @property
    def language(self) -> str:
        """The language of whom it goes to, in two letters; "" where it is not known."""
        return self.contact.language[:2].lower() if self.contact else ""

    def values(self, language: str) -> dict[str, str]:
        """What each field says; "" where nothing is known."""
        name = self.contact.name if self.contact else ""
        company = Company.objects.first()
        return {
            "contact": name,
            "contact first name": name.split()[0] if name.strip() else "",
            "partner": self.partner.name,
            "me": str(self.me),
            "company": company.name if company else "",
            "subject": self.subject,
            "due": self._due(language),
        }

    def _due(self, language: str) -> str:
        """The day, where the reader is, in the language of the letter."""
        if self.due_at is None:
            return ""
        zone = ZoneInfo((self.contact.zone if self.contact else "") or self.me.zone)
        day = self.due_at.astimezone(zone)
        if language == "de":
            return f"{day.day}. {GERMAN_MONTHS[day.month - 1]} {day.year}"
        return f"{day:%-d %B %Y}"


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled; what is not known stays as a mark."""
    return FIELD.sub(lambda field: values.get(_key(field[1])) or f"⟦{field[1].strip()}⟧", text)


def added(typed: str, text: str) -> str:
    """What was typed stays; the text comes after it."""
    return f"{typed.rstrip()}\n\n{text}" if typed.strip() else text


def must_be_filled(body: str) -> None:
    """Refuse what still has marks in it, naming them."""
    marks = list(dict.fromkeys(MARK.findall(body)))
    if not marks:
        return
    named = ", ".join(f"⟦{mark}⟧" for mark in marks[:SHOWN])
    more = f" and {len(marks) - SHOWN} more" if len(marks) > SHOWN else ""
    raise Unfilled(f"Still to be filled in: {named}{more}. Write it, or take the mark out.")


def _key(name: str) -> str:
    return " ".join(name.lower().split())
