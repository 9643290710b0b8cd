"""Medians, worked out where the rows lie: their one or two middle values come back, not all."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from statistics import fmean
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

DAY = timedelta(days=1)


def by(rows: QuerySet[Any], of: Any, *groups: str) -> dict[tuple[Any, ...], tuple[float, int]]:
    """The median of `of` over each group of `rows`, and of how many values; rows without one are left out,
    and so are groups without any. A span is told in days. One query."""
    found: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    counts: dict[tuple[Any, ...], int] = {}
    for *group, value, n in _middle_rows(rows, of, groups):
        found[tuple(group)].append(value / DAY if isinstance(value, timedelta) else float(value))
        counts[tuple(group)] = n
    return {group: (fmean(values), counts[group]) for group, values in found.items()}


def _middle_rows(rows: QuerySet[Any], of: Any, groups: tuple[str, ...]) -> QuerySet[Any, Any]:
    parts = [F(name) for name in groups] or None
    half = F("values_of_it") / 2.0
    return (
        rows.order_by()
        .annotate(value_of_it=of)
        .exclude(value_of_it=None)
        .annotate(
            place_of_it=Window(RowNumber(), partition_by=parts, order_by=["value_of_it", "pk"]),
            values_of_it=Window(Count("pk"), partition_by=parts),
        )
        .filter(Q(place_of_it__gte=half, place_of_it__lte=half + 1))
        .values_list(*groups, "value_of_it", "values_of_it")
    )
