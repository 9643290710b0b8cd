"""Health of all partners at a glance: how many stand in each colour, and what changed lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import HealthColour, Partner
from partners.rows import HEALTH_TONES
from reviews.health import telling
from reviews.health.models import HealthRun, Snapshot
from team.models import User

LATELY = timedelta(days=14)
MOST = 50


@dataclass(frozen=True)
class Standing:
    """How many live partners stand in a colour, with the list of them."""

    name: str
    tone: str
    n: int
    of: int
    url: str

    @property
    def share(self) -> int:
        """Of 100."""
        return round(100 * self.n / self.of) if self.of else 0


def colours(user: User) -> list[Standing]:
    """The colours of the live partners a person reads; one query."""
    rows = Partner.objects.visible_to(user).live().order_by().values_list("health_colour")
    found = dict(rows.annotate(n=Count("pk")))
    of = sum(found.values())
    told = [(each.value, str(each.label), HEALTH_TONES[each.value]) for each in HealthColour]
    told.append(("", _("Not known"), "muted"))
    return [
        Standing(name, tone, found.get(colour, 0), of, _list(colour or "none")) for colour, name, tone in told
    ]


def _list(colour: str) -> str:
    return reverse("partners:list") + "?" + urlencode({"status": "live", "health": colour, "sort": "health"})


def last_run() -> HealthRun | None:
    """The newest reading, with its formula."""
    return HealthRun.objects.select_related("formula").first()


@dataclass(frozen=True)
class Change:
    """A partner whose colour is another than it was."""

    snapshot: Snapshot
    was: str

    @property
    def words(self) -> str:
        """Like “Healthy 72.5 → Watch 64.3”."""
        return f"{self.was} → {telling.stood(self.snapshot.stands, self.snapshot.score)}"

    @property
    def tone(self) -> str:
        return HEALTH_TONES.get(self.snapshot.stands, "muted")


def changes(user: User, run: HealthRun) -> tuple[date | None, list[Change]]:
    """The day two weeks before a reading, and whose colour is another since, the lowest first."""
    days = HealthRun.objects.filter(day__lte=run.day - LATELY).order_by("-day")
    first = days.values_list("day", flat=True).first()
    if first is None:
        return None, []
    then = Snapshot.objects.filter(partner=OuterRef("partner"), day=first)
    rows = Snapshot.objects.visible_to(user).filter(day=run.day).select_related("partner")
    found = rows.annotate(was=Subquery(then.values("stands")), before=Subquery(then.values("score")))
    moved = found.exclude(was=F("stands")).filter(was__isnull=False).order_by("score", "partner")[:MOST]
    return first, [Change(row, telling.stood(row.was, row.before)) for row in moved]
