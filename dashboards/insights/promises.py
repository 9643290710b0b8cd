"""What we promised: kept by the first date, by one moved beforehand, late or broken; and how many we made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from conversations.figures import PROMISES, come_due, promises_due, promises_made
from conversations.models import Commitment
from dashboards.insights.asking import Asking
from dashboards.insights.hiding import Told
from dashboards.insights.periods import Period
from prm.figures import Figure, Share


@dataclass(frozen=True)
class Promises:
    """A share by the name of each figure, all of the same `n`; under five only the list says something."""

    n: int
    counts: dict[str, int]
    made: int
    is_withheld: bool = False  # of so few owners that it would tell of one

    def share(self, name: str) -> Share:
        return Share(self.counts[name], self.n)

    @property
    def is_too_few(self) -> bool:
        return Share(0, self.n).is_too_few

    @property
    def heading(self) -> str:
        if self.is_withheld:
            return _("What we promised")
        kept = self.share("promises_kept")
        if not self.n:
            return _("No promise came due")
        if kept.percent is None:
            return _("{kept} of {n} promises kept").format(kept=kept.k, n=kept.n)
        return _("{percent} % of promises kept by the first date").format(percent=kept.percent)


def read(asking: Asking, told: Told, told_before: Told | None) -> tuple[Promises, Promises | None]:
    """Those of the period and of the one before, where they may be shown; one query."""
    if not told.tells():
        return Promises(0, dict.fromkeys((figure.name for figure in PROMISES), 0), 0, is_withheld=True), None
    has_before = told_before is not None and told_before.tells()
    rows = promises_due(asking.asked(asking.around)) | promises_made(asking.asked(asking.around))
    parts: dict[str, Any] = _parts(asking, "now", asking.period)
    if asking.before:
        parts |= _parts(asking, "then", asking.before)
    found = rows.order_by().aggregate(**parts)
    return _of(found, "now"), _of(found, "then") if has_before else None


def _parts(asking: Asking, when: str, period: Period) -> dict[str, Any]:
    due = come_due(period.from_at, asking.passed(period))
    made = Q(created_at__gte=period.from_at, created_at__lt=period.until_at)
    counts = {figure.name: Count("pk", filter=due & figure.counts) for figure in PROMISES}
    counts |= {"n": Count("pk", filter=due), "made": Count("pk", filter=made)}
    return {f"{when}_{name}": count for name, count in counts.items()}


def _of(found: dict[str, int], when: str) -> Promises:
    counts = {figure.name: found[f"{when}_{figure.name}"] for figure in PROMISES}
    return Promises(found[f"{when}_n"], counts, found[f"{when}_made"])


def first(asking: Asking) -> list[Commitment]:
    """The few that came due, where they are too few for a share; one query."""
    rows = promises_due(asking.asked()).visible_to(asking.user).select_related("partner")
    return list(rows.order_by("promised_for", "pk")[: Share(0, 0).least])


def shares(now: Promises, then: Promises | None) -> list[tuple[Figure[Any], Share, Share | None]]:
    """The three figures side by side, each with what it was before."""
    return [
        (figure, now.share(figure.name), then.share(figure.name) if then else None) for figure in PROMISES
    ]
