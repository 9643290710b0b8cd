"""The rows of the partner list: the columns it shows, said in words once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from partners import scoring
from partners.models import HealthColour, Status, Verdict, Visit, initials, place_label
from prm import addresses
from team.models import User

COLUMNS = (
    "pk",
    "name",
    "city",
    "country",
    "domain",
    "kind__name",
    "tier__name",
    "status",
    "stage",
    "step",
    "step_since",
    "score",
    "coverage",
    "verdict",
    "health_colour",
    "owner",
    "owner__name",
    "region__name",
    "last_touch_at",
)
TONES = {Verdict.STRONG: "ok", Verdict.POSSIBLE: "info", Verdict.WEAK: "warn", Verdict.NOT_A_FIT: "bad"}
HEALTH_TONES: dict[str, str] = {
    HealthColour.HEALTHY: "ok",
    HealthColour.WATCH: "warn",
    HealthColour.RISK: "bad",
}
ASIDE = {Status.PARKED, Status.DECLINED}
NOTHING = "–"


@dataclass(frozen=True)
class Row:
    """One partner of the list. Words that are missing are "–", those that need not be there ""."""

    key: str
    url: str
    name: str
    initials: str
    colour: int
    based: str
    kind: str
    tier: str
    place: str
    is_aside: bool
    days: int | None  # since it stands where it stands; None where nobody knows
    fit: str
    verdict: str
    tone: str
    provisional: str  # why the fit is
    health: str
    health_tone: str
    owner: User | None
    region: str
    touched_at: datetime | None

    @property
    def tick_words(self) -> str:
        return _("Tick {name}").format(name=self.name)

    @property
    def days_words(self) -> str:
        return "" if self.days is None else _("· {days} d").format(days=self.days)


def said(partners: Sequence[Any], at: datetime) -> list[Row]:
    """The rows of these partners, each with the COLUMNS as its attributes; one query."""
    unknown = Visit.objects.since_nobody_knows([partner.pk for partner in partners])
    return [_row(partner, at, unknown.get(partner.pk)) for partner in partners]


def _row(partner: Any, at: datetime, came_in_at: datetime | None) -> Row:
    """`came_in_at`: when it came in at its stage without a day."""
    since, is_aside = partner.step_since, partner.status in ASIDE
    return Row(
        key=str(partner.pk),
        url=addresses.of("dashboards:partner", partner.pk),
        name=partner.name,
        initials=initials(partner.name),
        colour=partner.pk % 8,
        based=", ".join(filter(None, [partner.city, partner.country])) or partner.domain,
        kind=partner.kind__name or NOTHING,
        tier=partner.tier__name or "",
        place=str(Status(partner.status).label) if is_aside else place_label(partner.stage, partner.step),
        is_aside=is_aside,
        days=None if since == came_in_at else max(0, (at - since).days),
        fit="" if partner.score is None else f"{partner.score:.0f}",
        verdict=str(Verdict(partner.verdict).label) if partner.verdict else NOTHING,
        tone=TONES.get(partner.verdict, ""),
        provisional=_provisional(partner.coverage),
        health=str(HealthColour(partner.health_colour).label) if partner.health_colour else "",
        health_tone=HEALTH_TONES.get(partner.health_colour, ""),
        owner=User(pk=partner.owner, name=partner.owner__name) if partner.owner else None,
        region=partner.region__name or NOTHING,
        touched_at=partner.last_touch_at,
    )


def _provisional(coverage: int | None) -> str:
    if coverage is None or coverage >= scoring.PROVISIONAL_UNDER:
        return ""
    return _("{share} % of the profile is answered").format(share=coverage)
