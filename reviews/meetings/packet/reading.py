"""Who of us reads what in a packet: the partner reads all of its own, of us not everybody reads amounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from lifecycle.growth.investing import investments
from partners.models import Partner
from reviews.meetings.packet.sections import Values
from reviews.meetings.packet.shown import Part, Restated
from team.models import User
from team.roles import may

LISTS = {"figures": "value", "got": "value", "lines": "pill"}  # where a row says what may be confidential


def by_us(parts: list[Part], partner: Partner, person: User, at: datetime) -> list[Part]:
    """The sections as this person may read them. What is confidential is withheld and said to be, or its
    reading stands in the audit."""
    if not any(_is_confidential(part) for part in parts):
        return parts
    if may(person, "read confidential", partner):
        investments.amounts_read_again(partner, person, at)
        return parts
    return [_without(part) if _is_confidential(part) else part for part in parts]


def _is_confidential(part: Part) -> bool:
    rows = (row for name in LISTS for row in part.values.get(name, []))
    return any(row.get("is_confidential") for row in rows) or any(e.is_confidential for e in part.restated)


def _without(part: Part) -> Part:
    values = {name: _rows(name, rows) if name in LISTS else rows for name, rows in part.values.items()}
    return replace(part, values=values, restated=[_restated(each) for each in part.restated])


def _rows(name: str, rows: list[Values]) -> list[Values]:
    said = {LISTS[name]: _("withheld")}
    return [row | said if row.get("is_confidential") else row for row in rows]


def _restated(each: Restated) -> Restated:
    said = _("withheld")
    return replace(each, was=said, now=said) if each.is_confidential else each
