"""What is shown of a confidential survey isolates no group under five, whatever is subtracted from what."""

from __future__ import annotations

from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviews.surveying import disclosure

cells = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 12), max_size=6)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells)
def test_no_difference_of_what_is_shown_is_one_to_four(counts: dict[str, int]) -> None:
    """The whole and every sum of shown cells are known; so is each difference of two of them."""
    shown = disclosure.shown(counts)
    whole = sum(counts.values())
    assert all(counts[cell] >= 5 for cell in shown)
    if not shown:
        return
    for size in range(len(shown) + 1):
        for some in combinations(sorted(shown), size):
            assert not 0 < whole - sum(counts[cell] for cell in some) < 5


def test_a_group_of_four_takes_another_with_it() -> None:
    assert disclosure.shown({"north": 4, "south": 9, "west": 6}) == {"south"}
    assert disclosure.shown({"north": 4, "south": 9}) == frozenset()
    assert disclosure.shown({"north": 3, "south": 2, "west": 9}) == {"west"}
    assert disclosure.shown({"north": 5, "south": 5}) == {"north", "south"}
    assert disclosure.shown({"north": 4}) == frozenset()
