"""How far the definitions of a packet are confirmed: as it stands, and as it was frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from partners.organisations import local_day
from reviews.models import Packet, Review


@dataclass(frozen=True)
class Confirmed:
    """Who confirmed the definitions and when ("" and None: nobody), and the sections they do not hold for."""

    by: str
    on: date | None
    missing: list[str]

    @property
    def is_whole(self) -> bool:
        return self.on is not None and not self.missing


def standing(review: Review, parts: Iterable[Any]) -> Confirmed:
    """How far the definitions of these parts, or sections, are confirmed."""
    known = review.definitions
    missing = [str(part.title) for part in parts if known.get(part.key) != part.version]
    if review.definitions_at is None or review.definitions_by is None:
        return Confirmed("", None, missing)
    on = local_day(review.definitions_at, review.definitions_by.zone)
    return Confirmed(str(review.definitions_by), on, missing)


def kept(confirmed: Confirmed) -> dict[str, Any]:
    """As a frozen packet keeps it."""
    on = confirmed.on.isoformat() if confirmed.on else ""
    return {"by": confirmed.by, "on": on, "missing": confirmed.missing}


def of(review: Review, parts: Iterable[Any], packet: Packet | None) -> Confirmed | None:
    """What the packet says of it: as it was frozen, else as it stands; None for one that was frozen before
    definitions were confirmed."""
    if packet is None:
        return standing(review, parts)
    told = packet.values.get("confirmed")
    if told is None:
        return None
    on = date.fromisoformat(told["on"]) if told["on"] else None
    return Confirmed(told["by"], on, told["missing"])
