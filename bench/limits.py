"""What is to be reached: how many times the bare view or the empty page a page may take; how many queries."""

from __future__ import annotations

from dataclasses import dataclass

EMPTY, PAGES, API, GROWTH = 10.0, 4.0, 12.0, 1.2
SLOW_TO_GROW = {"Insights"}  # may take longer among more partners, until it is rolled up


@dataclass(frozen=True)
class Limit:
    """At most so many times the bare view and the empty page, so many queries; `aim`: of the bare view."""

    by_bare: float | None = None
    by_empty: float | None = None
    aim: float | None = None
    queries: int | None = None


LIMITS = {
    "empty page": Limit(by_bare=EMPTY),
    "list": Limit(by_bare=22, by_empty=PAGES, aim=14, queries=8),
    "list, filtered": Limit(by_empty=PAGES, queries=8),
    "list, searched": Limit(by_empty=PAGES, queries=8),
    "partner, 200 messages": Limit(by_empty=PAGES, queries=12),
    "Today": Limit(by_empty=PAGES, queries=12),
    "Today, the team": Limit(by_empty=PAGES, queries=12),
    "Insights": Limit(queries=12),
    "API, list of 50": Limit(by_bare=API, aim=8),
    "API, detail": Limit(by_bare=8, aim=6),
    "API, create": Limit(),
}


def of(name: str, is_api: bool) -> Limit:
    """The limit of a line of the table."""
    return LIMITS.get(name) or (Limit(by_bare=API) if is_api else Limit(by_empty=PAGES))


def missed(name: str, is_api: bool, by_bare: float, by_empty: float, queries: int | None) -> list[str]:
    """What this line does not reach, in words."""
    limit = of(name, is_api)
    found = []
    if limit.by_bare is not None and by_bare > limit.by_bare:
        found.append(f"{by_bare:.1f}× the bare view, at most {limit.by_bare:g}×")
    if limit.by_empty is not None and by_empty > limit.by_empty:
        found.append(f"{by_empty:.1f}× the empty page, at most {limit.by_empty:g}×")
    if limit.queries is not None and queries is not None and queries > limit.queries:
        found.append(f"{queries} queries, at most {limit.queries}")
    return found
