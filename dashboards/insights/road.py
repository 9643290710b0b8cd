"""The road: how many stand in each stage, who came in and went on, how long it took, who stands still."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from dashboards.insights.asking import Asking
from dashboards.insights.periods import Period
from dashboards.insights.withholding import Parts, Withheld
from lifecycle.figures import ON_THE_ROAD, ROAD, STALLED, STAYED_FOR, TARGETS, WENT_ON_SHARE
from partners.models import Stage, Step, Visit
from prm import middles
from prm.figures import Middle, Share
from prm.stats import FEW
from team.models import User

NONE = Share(0, 0)
LISTED = "status=prospect&status=live"
FILTER = "&".join([*(f"stage={stage.value}" for stage in ROAD), LISTED])  # of all that stand on the road


@dataclass(frozen=True)
class Part:
    """One step of recruitment: how many stand there, and the filter of the list that has them."""

    name: str
    n: int
    filter: str


@dataclass(frozen=True)
class Line:
    """One stage; `share` of 100 is the length of its bar, the longest being 100."""

    stage: Stage
    n: int
    share: int
    came_in: int
    went_on: Share
    went_on_before: Share | None
    median: Middle
    stalled: int
    parts: list[Part] = field(default_factory=list)
    is_withheld: bool = False  # who came in and went on, and how long it took: of so few that it tells of one

    @property
    def name(self) -> str:
        return str(self.stage.label)

    @property
    def target(self) -> int:
        return TARGETS[self.stage]

    @property
    def tone(self) -> str:
        """Of the median against the target, where there are enough for one."""
        if self.median.value is None:
            return ""
        return (
            "ok"
            if self.median.value <= self.target
            else "warn"
            if self.median.value <= 1.5 * self.target
            else "bad"
        )

    @property
    def filter(self) -> str:
        """How the list of partners narrows to it."""
        return f"stage={self.stage.value}&{LISTED}"


@dataclass(frozen=True)
class Owned:
    """Partners on the road of one owner in a stage and tier."""

    owner: User | None
    stage: str
    weight: Decimal | None
    n: int


def standing(asking: Asking) -> tuple[Counter[str], Counter[str], list[Owned]]:
    """How many partners stand on the road: by stage, by step, and by owner with what weighs. Two queries."""
    rows: Any = ON_THE_ROAD.rows(asking.asked()).order_by()
    grouped = list(rows.values_list("stage", "step", "tier__weight", "owner").annotate(n=Count("pk")))
    people = User.objects.filter(pk__in={owner for *_rest, owner, _n in grouped if owner})
    owners = people.only("name", "email", "lead").in_bulk()
    stages: Counter[str] = Counter()
    steps: Counter[str] = Counter()
    owned = []
    for stage, step, weight, owner, n in grouped:
        stages[stage] += n
        steps[step] += n
        owned.append(Owned(owners.get(owner), stage, weight, n))
    return stages, steps, owned


def lines(asking: Asking, withheld: Parts, stages: Counter[str], steps: Counter[str]) -> list[Line]:
    """A line for each stage; three queries, and one where what is usual is not measured lately."""
    is_told = Withheld.MOVES not in withheld
    came, went, before = _moved(asking) if is_told else (Counter(), dict.fromkeys(ROAD, NONE), {})
    has_before = is_told and asking.before and Withheld.MOVES_BEFORE not in withheld
    stalled = _stalled(asking)
    middle = middles.by(STAYED_FOR.rows(asking.asked()), STAYED_FOR.of, "stage") if is_told else {}
    longest = max(stages.values(), default=0) or 1
    return [
        Line(
            stage,
            stages[stage],
            round(100 * stages[stage] / longest),
            came[stage],
            went[stage],
            before[stage] if has_before else None,
            _middle(*middle.get((stage.value,), (None, 0))),
            stalled[stage],
            _parts(steps) if stage == Stage.RECRUITMENT else [],
            is_withheld=not is_told,
        )
        for stage in ROAD
    ]


def _middle(value: float | None, n: int) -> Middle:
    return Middle(None if n < FEW else value, n)


def _parts(steps: Counter[str]) -> list[Part]:
    return [Part(str(step.label), steps[step], f"step={step.value}&{LISTED}") for step in Step]


def _stalled(asking: Asking) -> Counter[str]:
    rows: Any = STALLED.rows(asking.asked()).order_by().values_list("stage")
    return Counter(dict(rows.annotate(n=Count("pk"))))


def _moved(asking: Asking) -> tuple[Counter[str], dict[str, Share], dict[str, Share]]:
    """By stage: how many came in, and of the stays that ended in the period and in the one before it, how
    many went on. One query."""
    now, then = _left_in(asking.period), _left_in(asking.before)
    came = Q(entry_is_known=True, **_within("entered_at", asking.period))
    rows: Any = Visit.objects.filter(came | now | then, **asking.asked().theirs()).order_by()
    counted = rows.values_list("stage").annotate(
        came=Count("pk", filter=came),
        n=Count("pk", filter=now),
        k=Count("pk", filter=now & WENT_ON_SHARE.counts),
        n_then=Count("pk", filter=then),
        k_then=Count("pk", filter=then & WENT_ON_SHARE.counts),
    )
    came_in: Counter[str] = Counter()
    here: dict[str, Share] = defaultdict(lambda: Share(0, 0))
    there: dict[str, Share] = defaultdict(lambda: Share(0, 0))
    for stage, came_n, n, k, n_then, k_then in counted:
        came_in[stage], here[stage], there[stage] = came_n, Share(k, n), Share(k_then, n_then)
    return came_in, here, there


def _left_in(period: Period | None) -> Q:
    return Q(**_within("left_at", period)) if period else Q(pk=None)


def _within(column: str, period: Period) -> dict[str, Any]:
    return {f"{column}__gte": period.from_at, f"{column}__lt": period.until_at}


def heading(lines: list[Line]) -> str:
    """What stands out: the stage whose stays last longest against their target, where that is too long."""
    slow = [line for line in lines if line.tone in {"warn", "bad"} and line.median.value]
    if not slow:
        return _("The road")
    worst = max(slow, key=lambda line: (line.median.value or 0) / line.target)
    return _("{stage} takes {days} days, {target} meant").format(
        stage=worst.name, days=round(worst.median.value or 0), target=worst.target
    )
