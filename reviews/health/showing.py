"""The health of one partner in words: its parts, what each adds, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from partners.models import HealthColour, Partner
from partners.rows import HEALTH_TONES
from prm import addresses
from prm.questions import Asked, Question, key
from prm.stats import FEW
from reviews.health import reckoning, telling
from reviews.health.measures import PARTS, Measure
from reviews.health.models import Snapshot

ICONS = {
    HealthColour.HEALTHY: "circle-check",
    HealthColour.WATCH: "trending-down",
    HealthColour.RISK: "alert-triangle",
}
DAYS = 180  # of the trend
LATEST = Question(
    lambda: Snapshot.objects.filter(partner=key("partner")).select_related("formula").order_by("-day")[:1]
)


@dataclass(frozen=True)
class Line:
    """What one measure adds; `points` is None where nothing is known of it."""

    measure: Measure
    url: str
    points: int | None = None
    most: int = 0
    n: int = 0
    newest: date | None = None

    @property
    def name(self) -> str:
        return self.measure.name

    @property
    def words(self) -> str:
        if self.points is None:
            return _("not known")
        return _("{points} of {most}").format(
            points=telling.points(self.points), most=telling.points(self.most)
        )

    @property
    def share(self) -> int:
        """Of 100."""
        return 100 * (self.points or 0) // self.most if self.most else 0

    @property
    def lacks(self) -> int:
        """What it could still add, in tenths."""
        return self.most - (self.points or 0)

    @property
    def lacks_words(self) -> str:
        return telling.points(self.lacks)

    @property
    def is_few(self) -> bool:
        return self.points is not None and 0 < self.n < FEW


@dataclass(frozen=True)
class Part:
    """Measures that stand together, and what they add together."""

    name: str
    lines: list[Line]

    @property
    def words(self) -> str:
        known = [line for line in self.lines if line.points is not None]
        if not known:
            return _("not known")
        points, most = sum(line.points or 0 for line in known), sum(line.most for line in known)
        return _("{points} of {most}").format(points=telling.points(points), most=telling.points(most))


@dataclass(frozen=True)
class Health:
    """A reading as it is shown."""

    snapshot: Snapshot
    parts: list[Part]

    @property
    def points(self) -> str:
        return telling.points(self.snapshot.score)

    @property
    def word(self) -> str:
        return telling.colour_words(self.snapshot.stands)

    @property
    def tone(self) -> str:
        return HEALTH_TONES.get(self.snapshot.stands, "")

    @property
    def icon(self) -> str:
        return ICONS.get(HealthColour(self.snapshot.stands), "help") if self.snapshot.stands else "help"

    @property
    def is_held(self) -> bool:
        """Whether the colour that stands is another than the one the thresholds say today."""
        return self.snapshot.colour != self.snapshot.stands

    @property
    def lacking(self) -> list[Line]:
        """What takes most away, for where there is little room."""
        lines = [line for part in self.parts for line in part.lines if line.lacks > 0]
        return sorted(lines, key=lambda line: -line.lacks)[:3]


def of(snapshot: Snapshot) -> Health:
    """A reading in its parts; `formula` is to be there. What weighs nothing in its version is left out."""
    parts = []
    for part, name in PARTS.items():
        lines = [_line(each, snapshot) for each in reckoning.MEASURES.values() if each.part == part]
        if shown := [line for line in lines if snapshot.formula.weights.get(line.measure.key)]:
            parts.append(Part(name, shown))
    return Health(snapshot, parts)


def _line(measure: Measure, snapshot: Snapshot) -> Line:
    url = addresses.of("reviews:health_rows", snapshot.partner_id, measure.key)
    kept = snapshot.line(measure.key)
    if kept is None:
        return Line(measure, url)
    points, most, n, newest = kept
    return Line(measure, url, points, most, n, date.fromisoformat(str(newest)) if newest else None)


def asked(partner: Partner) -> list[Asked[Snapshot]]:
    """What `latest` asks."""
    return [LATEST.of(partner=partner.pk)]


def latest(partner: Partner) -> Health | None:
    """The newest reading of a partner; one query."""
    found = LATEST.ask(partner=partner.pk)
    return of(found[0]) if found else None


def history(partner: Partner, until: date) -> list[Snapshot]:
    """The readings of half a year, oldest first; one query."""
    rows = Snapshot.objects.filter(partner=partner, day__lte=until).select_related("formula")
    return list(rows.order_by("-day")[:DAYS])[::-1]
