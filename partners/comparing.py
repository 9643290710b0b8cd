"""Candidates side by side: a row for each criterion, a column for each candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partners import fit_panel, fits
from partners.fit_panel import FitPanel, PanelLine
from partners.models import Fit, FitLine, Partner, Profile, Rating

MOST = 5


@dataclass(frozen=True)
class Candidate:
    """One column: the partner and its fit; without one it is measured by no profile."""

    partner: Partner
    panel: FitPanel

    @property
    def fit(self) -> Fit | None:
        return self.panel.fit


@dataclass(frozen=True)
class Cell:
    """What one candidate earned by one criterion; no `line` where its profile does not ask it."""

    line: PanelLine | None
    rating: Rating | None


@dataclass(frozen=True)
class Row:
    """One criterion over all candidates."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class Comparison:
    """All of it. Where they are measured by several versions, points compare only within one."""

    candidates: list[Candidate]
    rows: list[Row]

    @property
    def profiles(self) -> list[Profile]:
        """The versions they are measured by, each once."""
        measured = [one.fit.profile for one in self.candidates if one.fit]
        return list({profile.pk: profile for profile in measured}.values())


def of(partners: Sequence[Partner]) -> Comparison:
    """These partners in this order; three queries."""
    current = Fit.objects.filter(partner__in=partners, is_current=True).select_related("profile")
    by_partner = {fit.partner_id: fit for fit in current}
    lines: dict[int, dict[str, FitLine]] = {}
    for line in FitLine.objects.filter(fit__in=list(by_partner.values())).select_related("criterion"):
        lines.setdefault(line.fit_id, {})[line.criterion.key] = line
    ratings = fits.newest_ratings(partner.pk for partner in partners)
    return Comparison(
        [_candidate(partner, by_partner.get(partner.pk), lines) for partner in partners],
        _rows(partners, by_partner, lines, ratings),
    )


def _candidate(partner: Partner, fit: Fit | None, lines: dict[int, dict[str, FitLine]]) -> Candidate:
    own = lines.get(fit.pk, {}) if fit else {}
    return Candidate(partner, FitPanel(fit, None, tuple(fit_panel.line(row) for row in own.values())))


def _rows(
    partners: Sequence[Partner],
    by_partner: dict[int, Fit],
    lines: dict[int, dict[str, FitLine]],
    ratings: dict[int, dict[str, Rating]],
) -> list[Row]:
    """The criteria in the order of the first profile that asks them."""
    own = [
        lines.get(by_partner[partner.pk].pk, {}) if partner.pk in by_partner else {} for partner in partners
    ]
    names = {key: line.criterion.name for asked in reversed(own) for key, line in asked.items()}
    keys = dict.fromkeys(key for asked in own for key in asked)
    return [
        Row(
            names[key],
            [
                _cell(asked.get(key), ratings.get(partner.pk, {}).get(key))
                for partner, asked in zip(partners, own, strict=True)
            ],
        )
        for key in keys
    ]


def _cell(line: FitLine | None, rating: Rating | None) -> Cell:
    if line is None:
        return Cell(None, None)
    return Cell(fit_panel.line(line), None if line.criterion.source else rating)
