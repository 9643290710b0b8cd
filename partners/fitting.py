"""Weights over stored points: one grouped query for any number of fits.

The same arithmetic as `partners.scoring.sums`, in whole numbers, so that both give the same.
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

from partners.models import Fit
from partners.scoring import STEPS, Criterion, Sums

WHOLE = BigIntegerField()
KNOWN = Q(lines__points__isnull=False)
SUMS = ("answered", "earned", "answered_musts", "failed_musts")


class Nearest(Func):
    """The nearest whole number of a float. PostgreSQL rounds where it casts; to round first, by way of
    exact decimals, takes as long as all the rest."""

    template = "CAST(ROUND(%(expressions)s) AS INTEGER)"

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::bigint", **more)


@dataclass(frozen=True)
class Summed:
    """A fit as it stands, and what its stored points come to under some weights; it and its version by id."""

    fit: int
    version: int
    score: Decimal | None
    verdict: str
    sums: Sums


def summed(fits: QuerySet[Fit], criteria: Sequence[Criterion]) -> list[Summed]:
    """What the stored points of `fits` come to under `criteria` (told apart by key; one that a fit has no
    line for is unanswered). One query."""
    musts = [criterion for criterion in criteria if criterion.must_have]
    rows: QuerySet[Any] = fits.order_by().annotate(**_sums(criteria), **_counts(musts))
    found = rows.values_list("pk", "profile", "score", "verdict", *SUMS)
    return [
        Summed(pk, version, score, verdict, Sums(*(each or 0 for each in sums)))
        for pk, version, score, verdict, *sums in found
    ]


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
