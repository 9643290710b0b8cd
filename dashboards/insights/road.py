"""The road: how many stand in each stage, who came in and went on, how long it took, who stands still."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.insights.asking import Asking
from dashboards.insights.hiding import Told
from dashboards.insights.periods import Period
from lifecycle.figures import (
    CAME_IN,
    ON_THE_ROAD,
    ROAD,
    STALLED,
    STAYED_FOR,
    TARGETS,
    WENT_ON_SHARE,
    Asked,
)
from partners.models import Stage, Step
from prm import middles
from prm.figures import Figure, Middle, Share
from prm.stats import FEW
from team import persons
from team.models import User

NONE = Share(0, 0)
LISTED = "status=prospect&status=live"
FILTER = "&".join([*(f"stage={stage.value}" for stage in ROAD), LISTED])  # of all that stand on the road


@dataclass(frozen=True)
class Part:
    """One step of recruitment: how many stand there, and the filter of the list that has them."""

    step: str
    name: str
    n: int
    filter: str


@dataclass(frozen=True)
class Moves:
    """What moved in a stage in some time: how many came in, of the stays that ended how many went on, and
    how long they had lasted."""

    came_in: int
    went_on: Share
    median: Middle


JUDGED = {
    "ok": ("check", gettext_lazy("within the target")),
    "warn": ("clock", gettext_lazy("over the target")),
    "bad": ("alert-triangle", gettext_lazy("far over the target")),
}


@dataclass(frozen=True)
class Line:
    """One stage; `share` of 100 is the length of its bar, the longest being 100. What moved in the time, and
    in the one it is compared with: None where that is not asked for, or of so few owners that it would tell
    of one."""

    stage: Stage
    n: int
    share: int
    moves: Moves | None
    before: Moves | None
    stalled: int
    parts: list[Part] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.stage.label)

    @property
    def target(self) -> int:
        return TARGETS[self.stage]

    @property
    def tone(self) -> str:
        """Of the median against the target, where there are enough for one."""
        days = self.days
        if days is None:
            return ""
        return "ok" if days <= self.target else "warn" if days <= 1.5 * self.target else "bad"

    @property
    def judged(self) -> tuple[str, Any] | None:
        """The icon and the words of its tone, which never says anything alone."""
        return JUDGED.get(self.tone)

    @property
    def days(self) -> float | None:
        """The median of the stays that ended in the time; None where they are too few or not shown."""
        return self.moves.median.value if self.moves else None

    @property
    def filter(self) -> str:
        """How the list of partners narrows to it."""
        return f"stage={self.stage.value}&{LISTED}"


@dataclass(frozen=True)
class Owned:
    """Partners on the road of one owner in a stage and tier; whether its own figures may be shown."""

    owner: User | None
    is_shown: bool
    stage: str
    weight: Decimal | None
    n: int


def standing(asking: Asking) -> tuple[Counter[str], Counter[str], list[Owned]]:
    """How many partners stand on the road: by stage, by step, and by owner with what weighs. Two queries."""
    rows: Any = ON_THE_ROAD.rows(asking.asked()).order_by()
    grouped = list(rows.values_list("stage", "step", "tier__weight", "owner").annotate(n=Count("pk")))
    people = User.objects.filter(pk__in={owner for *_rest, owner, _n in grouped if owner})
    shown = Case(When(persons.shown_to(asking.user), then=True), default=False)
    owners: Any = people.annotate(is_shown=shown).only("name", "email").in_bulk()
    stages: Counter[str] = Counter()
    steps: Counter[str] = Counter()
    owned = []
    for stage, step, weight, owner, n in grouped:
        stages[stage] += n
        steps[step] += n
        person = owners.get(owner)
        owned.append(Owned(person, person is not None and person.is_shown, stage, weight, n))
    return stages, steps, owned


def lines(
    asking: Asking, told: Told, told_before: Told | None, stages: Counter[str], steps: Counter[str]
) -> list[Line]:
    """A line for each stage; three queries, and one where what is usual is not measured lately."""
    times = {"now": asking.period} if told.tells() else {}
    if asking.before and told_before and told_before.tells():
        times["before"] = asking.before
    counted, middle = _counted(asking, times), _medians(asking, times)
    longest = max(stages.values(), default=0) or 1

    def moves(when: str, stage: Stage) -> Moves | None:
        if when not in times or not told.tells(stage):
            return None
        came, went = (counted[f"{figure.name} {when}", stage] for figure in (CAME_IN, WENT_ON_SHARE))
        return Moves(came.n, went, middle[when, stage])

    return [
        Line(
            stage,
            stages[stage],
            round(100 * stages[stage] / longest),
            moves("now", stage),
            moves("before", stage) if told_before and told_before.tells(stage) else None,
            counted[STALLED.name, stage].n,
            _parts(steps) if stage == Stage.RECRUITMENT else [],
        )
        for stage in ROAD
    ]


def _counted(asking: Asking, times: Mapping[str, Period]) -> Mapping[tuple[str, str], Share]:
    """By figure and stage: those that stand still, and by figure, time and stage those that came in, and of
    the stays that ended those that went on. One query."""
    still = _by_stage(STALLED.name, STALLED, asking.asked())
    moved = [
        _by_stage(f"{figure.name} {when}", figure, asking.asked(period))
        for when, period in times.items()
        for figure in (CAME_IN, WENT_ON_SHARE)
    ]
    found = {(name, stage): Share(k, n) for name, stage, n, k in still.union(*moved)}
    return defaultdict(lambda: NONE, found)


def _by_stage(name: str, figure: Figure[Asked], asked: Asked) -> Any:
    rows: Any = figure.rows(asked).order_by().values_list(Value(name), "stage")
    return rows.annotate(n=Count("pk"), k=Count("pk", filter=figure.counts))


def _ended_in(period: Period) -> Q:
    return Q(left_at__gte=period.from_at, left_at__lt=period.until_at)


def _medians(asking: Asking, times: Mapping[str, Period]) -> Mapping[tuple[str, str], Middle]:
    """By time and stage how long the stays that ended in it had lasted; one query, none for no time."""
    found: dict[tuple[str, str], Middle] = defaultdict(lambda: _middle(None, 0))
    if times:
        ended = {when: _ended_in(period) for when, period in times.items()}
        stays = STAYED_FOR.rows(asking.asked(asking.around)).filter(reduce(or_, ended.values()))
        whens = [When(each, then=Value(when)) for when, each in ended.items()]
        middle = middles.by(stays.annotate(ended_in=Case(*whens)), STAYED_FOR.of, "ended_in", "stage")
        found |= {(when, stage): _middle(*each) for (when, stage), each in middle.items()}
    return found


def _middle(value: float | None, n: int) -> Middle:
    return Middle(None if n < FEW else value, n)


def _parts(steps: Counter[str]) -> list[Part]:
    return [Part(step.value, str(step.label), steps[step], f"step={step.value}&{LISTED}") for step in Step]


def heading(lines: list[Line]) -> str:
    """What stands out: the stage whose stays last longest against their target, where that is too long."""
    slow = [line for line in lines if line.tone in {"warn", "bad"} and line.days]
    if not slow:
        return _("The road")
    worst = max(slow, key=lambda line: (line.days or 0) / line.target)
    return _("{stage} takes {days} days, {target} meant").format(
        stage=worst.name, days=round(worst.days or 0), target=worst.target
    )
