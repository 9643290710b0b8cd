"""Weights and thresholds over stored points: one grouped query for any number of fits.

The same arithmetic as `partners.scoring.result`, in whole numbers, so that both give the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast

from partners.models import Fit, Verdict
from partners.scoring import STEPS, Criterion, Sums, Thresholds

WHOLE = BigIntegerField()
KNOWN = Q(lines__points__isnull=False)


class Nearest(Func):
    """The nearest whole number of a float. PostgreSQL rounds where it casts; to round first, by way of
    exact decimals, takes as long as all the rest."""

    template = "CAST(ROUND(%(expressions)s) AS INTEGER)"

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::bigint", **more)


@dataclass(frozen=True)
class Outcome:
    """What one fit comes to under some weights and thresholds."""

    fit: int
    score: Decimal | None
    coverage: int
    verdict: str


def outcomes(fits: QuerySet[Fit], criteria: Sequence[Criterion], thresholds: Thresholds) -> list[Outcome]:
    """What the stored points of `fits` come to under `criteria` (told apart by key; one that a fit
    has no line for is unanswered), in the order of the fits' ids. One query."""
    musts = [criterion for criterion in criteria if criterion.must_have]
    rows = (
        fits.order_by("pk")
        .annotate(**_sums(criteria), **_counts(musts))
        .annotate(reached=_reached())
        .annotate(judged=_verdict(thresholds, len(musts)))
        .values_list("pk", "reached", "answered", "judged")
    )
    weight = sum(criterion.weight for criterion in criteria)
    return [_outcome(*row, weight) for row in rows]


def sums(fits: QuerySet[Fit], criteria: Sequence[Criterion]) -> dict[int, Sums]:
    """What the stored points of `fits` come to under some of the criteria, by the fits' ids. One query."""
    musts = [criterion for criterion in criteria if criterion.must_have]
    rows: QuerySet[Any] = fits.order_by().annotate(**_sums(criteria), **_counts(musts))
    found = rows.values_list("pk", "answered", "earned", "answered_musts", "failed_musts")
    return {pk: Sums(*(int(each or 0) for each in values)) for pk, *values in found}


def _outcome(pk: int, reached: int | None, answered: int | None, judged: str, weight: int) -> Outcome:
    score = None if reached is None else Decimal(reached) / 10
    return Outcome(pk, score, 100 * (answered or 0) // weight if weight else 0, judged)


def _sums(criteria: Sequence[Criterion]) -> dict[str, Any]:
    weights = [When(lines__criterion__key=each.key, then=Value(each.weight)) for each in criteria]
    weight = Case(*weights, default=Value(0), output_field=WHOLE)
    units = Nearest(F("lines__points") * float(STEPS), output_field=WHOLE)
    earned = ExpressionWrapper(units * weight, output_field=WHOLE)
    return {
        "answered": Cast(Sum(weight, filter=KNOWN, output_field=WHOLE), WHOLE),
        "earned": Cast(Sum(earned, filter=KNOWN, output_field=WHOLE), WHOLE),
    }


def _counts(musts: Sequence[Criterion]) -> dict[str, Any]:
    """How many must-haves are answered, and how many of these are not met."""
    if not musts:
        return {"failed_musts": Value(0), "answered_musts": Value(0)}
    asked = Q(lines__criterion__key__in=[criterion.key for criterion in musts])
    return {
        "failed_musts": Count("lines", filter=_failed(musts)),
        "answered_musts": Count("lines", filter=asked & KNOWN),
    }


def _failed(musts: Sequence[Criterion]) -> Q:
    failed = Q()
    for each in musts:
        bound = {"lines__points__lte": 0} if each.passes_at is None else {"lines__points__lt": each.passes_at}
        failed |= Q(lines__criterion__key=each.key, **bound)
    return failed


def _reached() -> Case:
    """Tenths of a point, halves up; NULL where nothing is answered."""
    tenths = (F("earned") + 5 * F("answered")) / (10 * F("answered"))
    return Case(When(answered__gt=0, then=ExpressionWrapper(tenths, output_field=WHOLE)), output_field=WHOLE)


def _verdict(thresholds: Thresholds, musts: int) -> Case:
    return Case(
        When(reached=None, then=Value("")),
        When(Q(failed_musts__gt=0) | Q(reached__lt=10 * thresholds.weak), then=Value(Verdict.NOT_A_FIT)),
        When(reached__lt=10 * thresholds.possible, then=Value(Verdict.WEAK)),
        When(
            Q(reached__lt=10 * thresholds.strong) | Q(answered_musts__lt=musts), then=Value(Verdict.POSSIBLE)
        ),
        default=Value(Verdict.STRONG),
    )
