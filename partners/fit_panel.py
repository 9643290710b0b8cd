"""The fit of one partner as its page shows it: score, verdict, and a line for each criterion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from partners import rules
from partners.models import Fit, FitLine, Partner
from prm.questions import Asked, Question, key


@dataclass(frozen=True)
class PanelLine:
    """One criterion: what it earned of its weight, and the answer in words."""

    name: str
    weight: int
    points: float | None
    answer: str
    is_rated: bool
    has_failed: bool
    must_have: bool

    @property
    def percent(self) -> int:
        return round(100 * (self.points or 0))

    @property
    def earned(self) -> str:
        return "–" if self.points is None else f"{round(self.weight * self.points, 1):g}"

    @property
    def words(self) -> str:
        """ "12.5 of 20", or "open, 20" where there is no answer."""
        if self.points is None:
            return _("open, {weight}").format(weight=self.weight)
        return _("{earned} of {weight}").format(earned=self.earned, weight=self.weight)

    @property
    def tone(self) -> str:
        return "bad" if self.has_failed else "s3" if self.percent < 40 else "s1"


@dataclass(frozen=True)
class FitPanel:
    """The current fit with its lines, and the score before it."""

    fit: Fit | None
    former: Fit | None
    lines: tuple[PanelLine, ...]

    @property
    def failed(self) -> list[str]:
        return [line.name for line in self.lines if line.has_failed]

    @property
    def open(self) -> list[str]:
        return [line.name for line in self.lines if line.must_have and line.points is None]

    @property
    def former_words(self) -> str:
        """ "was 85 in v3", or with its day where the version is the same; "" where nothing differs."""
        if self.fit is None or self.former is None or self.former.score is None:
            return ""
        if self.former.score == self.fit.score:
            return ""
        was = f"was {float(self.former.score):g}"
        if self.former.profile.family != self.fit.profile.family:
            return f"{was} in {self.former.profile}"
        if self.former.profile_id != self.fit.profile_id:
            return f"{was} in v{self.former.profile.number}"
        return f"{was} before"


NEWEST = Question(
    lambda: (
        Fit.objects.filter(partner=key("partner"))
        .select_related("profile")
        .order_by("-is_current", "-scored_at", "-pk")[:2]
    )
)
LINES = Question(
    lambda: FitLine.objects.filter(fit__partner=key("partner"), fit__is_current=True).select_related(
        "criterion"
    )
)


def asked(partner: Partner) -> list[Asked[Any]]:
    """What `of` asks."""
    return [NEWEST.of(partner=partner.pk), LINES.of(partner=partner.pk)]


def of(partner: Partner) -> FitPanel:
    """The panel of one partner; two queries."""
    newest = NEWEST.ask(partner=partner.pk)
    if not newest or not newest[0].is_current:
        return FitPanel(None, newest[0] if newest else None, ())
    lines = tuple(line(row) for row in LINES.ask(partner=partner.pk))
    return FitPanel(newest[0], newest[1] if len(newest) > 1 else None, lines)


def line(row: FitLine) -> PanelLine:
    """What one line of a fit says, for a page."""
    criterion = row.criterion
    failed = row.points is not None and criterion.must_have and not rules.of(criterion).passes(row.points)
    return PanelLine(
        criterion.name,
        criterion.weight,
        row.points,
        in_words(row.answer),
        not criterion.source,
        failed,
        criterion.must_have,
    )


def in_words(answer: Any) -> str:
    """An answer as a person reads it; "" where there is none."""
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, list):
        return ", ".join(map(str, answer)) or "none of them"
    return f"{answer:g}" if isinstance(answer, float) else str(answer)
