"""The packet as it is shown: drawn anew while a review is ahead, as it was frozen once it was held."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from partners.organisations import local_day
from prm import once
from prm.questions import Asked as Unasked
from prm.questions import Question, key
from prm.together import together
from reviews.meetings.packet import definitions
from reviews.meetings.packet.sections import Asked, Section, Values, all_sections, named
from reviews.models import Arranged, Packet, Review
from team import companies

KEPT = ("key", "title", "words", "version", "comment", "values")


@dataclass(frozen=True)
class Restated:
    """A figure that was corrected since the packet was frozen."""

    name: str
    was: str
    now: str
    is_confidential: bool = False


@dataclass(frozen=True)
class Part:
    """A section as it is shown."""

    key: str
    title: str
    words: str
    version: int
    comment: str
    values: Values
    is_hidden: bool = False
    restated: list[Restated] = field(default_factory=list)

    @property
    def template(self) -> str:
        return f"reviews/packet/{self.key}.html"

    @property
    def is_empty(self) -> bool:
        return not (self.values or self.comment or self.restated)


def parts(review: Review, at: datetime) -> list[Part]:
    """The sections of a review in its order, hidden ones among them; frozen ones with what was corrected."""
    return read(asked(review, at), Packet.objects.filter(review=review).first())


def read(what: Asked, packet: Packet | None) -> list[Part]:
    """The sections of what is asked: as they are now, or as they were frozen."""
    what = _as_of(what, packet)
    with together(reads(what, packet)):
        if packet is None:
            return [_drawn(section, row, what) for section, row in arranged(what.review)]
        parts = _kept_parts(packet)
        for part in parts:
            if section := _restating(part):
                now = section.anew(part.values, what) if section.anew else section.draw(what)
                part.restated.extend(_corrected(part.values, now))
        return parts


def _as_of(what: Asked, packet: Packet | None) -> Asked:
    return what if packet is None else replace(what, frozen_at=packet.frozen_at)


def reads(what: Asked, packet: Packet | None) -> list[Unasked[Any]]:
    """What `read` asks of the record."""
    what = _as_of(what, packet)
    if packet is None:
        return [ARRANGED.of(review=what.review.pk), *what.reads(all_sections())]
    again = [section for part in _kept_parts(packet) if (section := _restating(part))]
    return what.reads(section for section in again if not section.anew)


def asked(review: Review, at: datetime) -> Asked:
    """What sections are asked about: up to the day it was held, today before that."""
    zone, begins = companies.zone_and_fiscal_month()
    until = review.held_on or max(review.since_on, local_day(at, zone))
    begun_at = review.since_at
    return Asked(review.partner, review.since_on, until, at, review, zone, begins, begun_at=begun_at)


ARRANGED = Question(lambda: Arranged.objects.filter(review=key("review")))


def arranged(review: Review) -> list[tuple[Section, Arranged]]:
    """Each section with where it stands; what was not arranged stands in its own place, last."""
    rows = {row.key: row for row in ARRANGED.ask(review=review.pk)}
    sections = all_sections()
    new = {
        section.key: Arranged(review=review, key=section.key, position=len(sections) + n)
        for n, section in enumerate(sections)
    }
    known = [(section, rows.get(section.key) or new[section.key]) for section in sections]
    return sorted(known, key=lambda each: each[1].position)


def _drawn(section: Section, row: Arranged, what: Asked) -> Part:
    values = section.draw(what)
    title, words = str(section.title), str(section.words)
    return Part(section.key, title, words, section.version, row.comment, values, row.is_hidden)


def _kept_parts(packet: Packet) -> list[Part]:
    return [Part(**{name: kept[name] for name in KEPT}) for kept in packet.values["sections"]]


def _restating(part: Part) -> Section | None:
    """The section that tells today what this part told when it was frozen; None where none does."""
    section = named(part.key)
    is_alike = section is not None and section.restates and section.version == part.version
    return section if is_alike else None


def _corrected(was: Values, now: Values) -> list[Restated]:
    """The figures whose value is another by now."""
    before, after = _by_key(was), _by_key(now)
    rows = {**after, **before}
    found = [
        Restated(row["name"], _value(before, key), _value(after, key), row.get("is_confidential", False))
        for key, row in rows.items()
    ]
    return [each for each in found if each.was != each.now]


def _by_key(values: Values) -> dict[str, Values]:
    return {row["key"]: row for row in [*values.get("figures", []), *values.get("got", [])]}


def _value(figures: dict[str, Values], key: str) -> str:
    return str(figures[key]["value"]) if key in figures else "–"


def freeze(review: Review, at: datetime) -> Packet:
    """Keep what is shown now with a stamp, once for a review. Hidden sections are left out; of empty ones
    those are kept that would say so if something of their time came to be known later."""
    what = replace(asked(review, at), frozen_at=at)
    drawn = [part for part in read(what, None) if not part.is_hidden]
    shown = [part for part in drawn if not part.is_empty]
    values = {
        "partner": str(review.partner),
        "since": what.since.isoformat(),
        "until": what.until.isoformat(),
        "drawn_at": timezone.localtime(at).isoformat(timespec="seconds"),
        "confirmed": definitions.kept(definitions.standing(review, shown)),
        "sections": [_kept(part) for part in drawn if not part.is_empty or _restating(part)],
    }
    once.add(Packet(review=review, values=values, fingerprint=fingerprint(values), frozen_at=at), ("review",))
    return Packet.objects.get(review=review)


def _kept(part: Part) -> dict[str, Any]:
    return {name: getattr(part, name) for name in KEPT}


def fingerprint(values: Any) -> str:
    """SHA-256 over values, however their keys were ordered."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
