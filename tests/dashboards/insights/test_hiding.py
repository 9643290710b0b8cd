"""Five or more hide each other: in a figure, and in what it differs by from others that one may read."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.insights import hiding
from dashboards.insights.hiding import Owners, Selection

KINDS, REGIONS = ("a", "b", "c"), ("n", "s")
Row = tuple[int, str, str, str]  # an owner, the kind and region of its partner, a week
ROWS = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from(KINDS), st.sampled_from(REGIONS), st.sampled_from("123")),
    max_size=40,
)


def some_of(values: tuple[str, ...]) -> list[frozenset[str] | None]:
    """Any values of a filter, or none: it is left out."""
    sizes = range(1, len(values) + 1)
    return [None, *(frozenset(some) for n in sizes for some in combinations(values, n))]


SELECTIONS: list[Selection] = [
    {name: values for name, values in (("kind", kinds), ("region", regions)) if values}
    for kinds, regions in product(some_of(KINDS), some_of(REGIONS))
]


def within(rows: list[Row], chosen: Selection) -> set[int]:
    """Which of the rows a selection has."""
    return {
        n
        for n, (_owner, kind, region, _week) in enumerate(rows)
        if kind in chosen.get("kind", KINDS) and region in chosen.get("region", REGIONS)
    }


def owners(rows: list[Row], chosen: Selection) -> Owners:
    """The rows as the rule takes them: whose, by which of the chosen values they match."""
    found: dict[frozenset[tuple[str, str]], set[int]] = {}
    for owner, kind, region, _week in rows:
        said = {("kind", kind), ("region", region)}
        matched = frozenset(each for each in said if each[1] in chosen.get(each[0], ()))
        found.setdefault(matched, set()).add(owner)
    return found


def narrows(one: Selection, other: Selection) -> bool:
    """Whether one is the other with more filters, or fewer values of them."""
    return all(name in one and one[name] <= values for name, values in other.items())


@settings(max_examples=500)
@given(ROWS)
def test_what_two_figures_differ_by_tells_of_nobody(rows: list[Row]) -> None:
    shown = [each for each in SELECTIONS if hiding.hides(owners(rows, each), each)]
    for one, other in product(shown, shown):
        if narrows(one, other):
            between = within(rows, other) - within(rows, one)
            assert len({rows[n][0] for n in between}) not in range(1, 5), (one, other)


@given(ROWS)
def test_weeks_that_are_withheld_are_not_told_by_those_that_are_shown(rows: list[Row]) -> None:
    weeks = {week: owners([row for row in rows if row[3] == week], {}) for *_row, week in rows}
    told = hiding.told([weeks], {})
    rest = {owner for owner, *_where, week in rows if not told.tells(week)}
    if told.whole:
        assert len(rest) not in range(1, 5)
    for week in weeks:
        if told.tells(week):
            assert len({row[0] for row in rows if row[3] == week}) >= 5


def test_no_more_weeks_are_withheld_than_it_takes() -> None:
    few, six, seven = (
        {frozenset[tuple[str, str]](): {1}},
        {frozenset(): {*range(6)}},
        {frozenset(): {*range(7)}},
    )
    told = hiding.told([{"1": few, "2": seven, "3": six}], {})
    assert (told.whole, told.but) == (True, {"1", "3"})


def test_of_too_many_values_nothing_is_told() -> None:
    many = {"kind": frozenset(str(n) for n in range(20))}
    assert not hiding.hides({frozenset([("kind", "1")]): {*range(9)}}, many)
