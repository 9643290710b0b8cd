"""Intervals for small numbers, against published values."""

import pytest

from prm.figures import Share
from prm.stats import wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(3, 3, 0.4385, 1.0), (18, 20, 0.6990, 0.9721), (0, 3, 0.0, 0.5615)],
)
def test_wilson(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (4, 3), (-1, 3)])
def test_what_is_no_share_is_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError):
        wilson(k, n)


def test_under_five_there_is_no_share() -> None:
    assert (Share(2, 4).percent, Share(2, 4).interval) == (None, None)
    assert (Share(18, 20).percent, Share(18, 20).interval) == (90, (70, 97))
