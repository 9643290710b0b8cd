"""All that both sides read of a review, its packet and its minutes: on a page, on paper, as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.text import slugify

from reviews.meetings import listing, signing
from reviews.meetings.packet import definitions, paper, reading, shown
from reviews.models import Packet, Review
from team.models import Company, User

PRINT = "reviews/print.html"


def of(review: Review, at: datetime) -> dict[str, Any]:
    """What both sides read: no section that is hidden, no outcome that is not shared."""
    what = shown.asked(review, at)
    packet = Packet.objects.filter(review=review).first() if review.is_held else None
    parts = [each for each in shown.read(what, packet) if not each.is_hidden and not each.is_empty]
    versions = signing.versions(review) if review.is_held else []
    version = versions[0].minutes if versions else None
    return {
        "review": review,
        "partner": review.partner,
        "parts": parts,
        "asked": what,
        "confirmed": definitions.of(review, parts, packet),
        "packet": packet,
        "version": version,
        "versions": versions,
        "standing": signing.standing(review, version, listing.today()) if version else [],
        "outcome_is_shared": review.outcome_is_shared and bool(review.outcome),
    }


def by_us(review: Review, person: User, at: datetime) -> dict[str, Any]:
    """The same for one of us, who may not be one to read amounts."""
    told = of(review, at)
    return told | {"parts": reading.by_us(told["parts"], review.partner, person, at)}


def as_pdf(told: dict[str, Any]) -> tuple[bytes, str]:
    """What was read as a file, and its name."""
    review: Review = told["review"]
    context = {**told, "company": Company.objects.first(), "paper": True}
    name = f"{slugify(str(review.partner)) or 'review'}-{review.held_on or review.on}.pdf"
    return paper.made(render_to_string(PRINT, context)), name
