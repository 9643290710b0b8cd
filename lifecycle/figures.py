"""The road in figures: who came into a stage, who went on, how long that took, and who stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from conversations import figures
from lifecycle import stalled
from partners.models import Partner, Stage, Visit
from prm.figures import Figure, Median, Total

ROAD = (Stage.RECRUITMENT, Stage.ONBOARDING, Stage.GROWTH, Stage.EVALUATION)
TARGETS = stalled.TARGETS  # days that a stay in a stage should last
WENT_ON = Exists(Visit.objects.filter(partner=OuterRef("partner"), entered_at=OuterRef("left_at")))


@dataclass(frozen=True)
class Asked(figures.Asked):
    """Which visits: as there, and in one stage or in all; `at` is now, for who stands still."""

    stage: str = ""
    at: datetime | None = None

    @property
    def here(self) -> dict[str, Any]:
        return {"stage": self.stage} if self.stage else {}


def on_the_road(asked: Asked) -> QuerySet[Partner]:
    """Prospects and live partners as they stand now."""
    rows = Partner.objects.on_the_road().filter(**asked.here)
    return rows if asked.among is None else rows.filter(pk__in=asked.among)


def came_in(asked: Asked) -> QuerySet[Visit]:
    """Visits that began in the time, where that is known."""
    began = {"entered_at__gte": asked.since, "entered_at__lt": asked.until, "entry_is_known": True}
    return Visit.objects.filter(**began, **asked.here, **asked.theirs())


def left(asked: Asked) -> QuerySet[Visit]:
    """Visits that ended in the time."""
    ended = {"left_at__gte": asked.since, "left_at__lt": asked.until}
    return Visit.objects.filter(**ended, **asked.here, **asked.theirs())


def left_after_known(asked: Asked) -> QuerySet[Visit]:
    return left(asked).filter(entry_is_known=True)


def standing_still(asked: Asked) -> QuerySet[Partner]:
    """Partners that stand still now."""
    at = asked.at or asked.until
    since = stalled.too_long_since(at, stalled.usual_days(at))
    still = stalled.standing_still(Partner.objects.all(), at, since).filter(**asked.here)
    return still if asked.among is None else still.filter(pk__in=asked.among)


ON_THE_ROAD: Total[Asked] = Total(
    "on_the_road",
    _("Partners by stage"),
    _("Prospects and live partners as they stand now, as the list of partners filters them."),
    on_the_road,
)
CAME_IN: Total[Asked] = Total(
    "came_in",
    _("Came in"),
    _("Partners that entered the stage in the time; one may come more than once."),
    came_in,
)
WENT_ON_SHARE: Figure[Asked] = Figure(
    "went_on",
    _("Went on"),
    _(
        "Of the stays that ended in the time, those after which another stage began. The others were "
        "declined, or the partnership ended."
    ),
    left,
    Q(WENT_ON),
)
STAYED_FOR: Median[Asked] = Median(
    "stayed_for",
    _("Median days"),
    _(
        "How long the stays that ended in the time had lasted, where it is known since when. Target: the "
        "days a stay should last."
    ),
    left_after_known,
    of=stalled.LASTED,
)
STALLED: Total[Asked] = Total(
    "stalled",
    _("Stalled"),
    _(
        "Now longer in the stage than one and a half times what is usual, with no open task, promise or "
        "meeting ahead. Usual: the median of stays that ended within 12 months; of under five, the target."
    ),
    standing_still,
)
ALL = (ON_THE_ROAD, CAME_IN, WENT_ON_SHARE, STAYED_FOR, STALLED)
