"""Load: how much a person looks after, in steady growth partners, against the band of 10–30."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle import figures
from partners.models import Partner, Stage, Status
from prm.figures import Total
from prm.questions import Asked, Question, key
from team.models import User

BAND = (10, 30)
CAPACITY = 20  # steady growth partners at which a generalist is at capacity

STAGE_WEIGHTS = {
    Stage.RECRUITMENT: Decimal("0.5"),
    Stage.ONBOARDING: Decimal("1.5"),
    Stage.GROWTH: Decimal("1"),
    Stage.EVALUATION: Decimal("1.25"),
}


@dataclass(frozen=True)
class Load:
    """`count` partners owned, weighing `weight` (1 = a steady growth partner)."""

    count: int
    weight: Decimal

    @property
    def words(self) -> str:
        low, high = BAND
        if self.count < low:
            return _("below the range")
        return _("above the range") if self.count > high else _("inside the range")

    @property
    def marker(self) -> int:
        """Where the marker stands on a bar of 0 to 40 partners, in percent."""
        return min(100, round(100 * self.count / 40))

    @property
    def percent(self) -> int:
        """Load ÷ capacity, in percent."""
        return round(100 * self.weight / CAPACITY)


@dataclass(frozen=True)
class Weighed(Total[figures.Asked]):
    """Partners by what they weigh together."""

    unit: str = "weight"

    def value(self, rows: QuerySet[Any]) -> Load:  # type: ignore[override]
        """One query."""
        weighed: Any = rows.order_by().values_list("stage", "tier__weight").annotate(n=Count("pk"))
        return weigh(list(weighed))


def _with_owner(asked: figures.Asked) -> QuerySet[Partner]:
    return figures.ON_THE_ROAD.rows(asked).filter(owner__isnull=False)


LOAD = Weighed(
    "load",
    gettext_lazy("Load"),
    gettext_lazy(
        "Partners on the road that a person owns, each weighed by its stage and tier: 1 is a steady partner "
        "in growth. Beside it stands how many they are, against the range of 10 to 30, which is the "
        "generalist's and owner's. Capacity is the load ÷ 20."
    ),
    _with_owner,
)


def weigh(rows: list[tuple[str, Decimal | None, int]]) -> Load:
    """The load of partners given as (stage, weight of their tier, how many)."""
    weight = sum(
        (STAGE_WEIGHTS.get(Stage(stage), Decimal(0)) * (tier or Decimal(1)) * n for stage, tier, n in rows),
        Decimal(0),
    )
    return Load(sum(n for _, _, n in rows), weight.quantize(Decimal("0.1")))


def _owned() -> QuerySet[Partner, tuple[str, Decimal | None, int]]:
    on_the_road = [Status.PROSPECT, Status.LIVE]
    owned = Partner.objects.filter(owner=key("user"), status__in=on_the_road, merged_into=None)
    return owned.values_list("stage", "tier__weight").annotate(n=Count("*")).order_by()


OWNED = Question(_owned)


def asked(user: User) -> list[Asked[tuple[str, Decimal | None, int]]]:
    """What `of` asks."""
    return [OWNED.of(user=user.pk)]


def of(user: User) -> Load:
    """The load of one person's owned partners that are on the road; one query."""
    return weigh(OWNED.ask(user=user.pk))
