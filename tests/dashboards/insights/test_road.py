"""The road as Insights draws it: what a colour says stands beside it."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from dashboards.insights.road import Line, Moves
from lifecycle.stalled import TARGETS
from partners.models import Stage
from prm.figures import Middle, Share


@pytest.mark.parametrize(
    ("times", "words"),
    [(1.0, "within the target"), (1.2, "over the target"), (2.0, "far over the target")],
)
def test_median_days_say_in_words_what_their_colour_says(times: float, words: str) -> None:
    days = times * TARGETS[Stage.GROWTH]
    moves = Moves(came_in=9, went_on=Share(8, 9), median=Middle(days, 9))
    line = Line(Stage.GROWTH, n=9, share=100, moves=moves, before=None, stalled=0)
    drawn = render_to_string(
        "dashboards/insights/moves.html", {"line": line, "asked": {"query": "period=90"}}
    )
    assert f'<span class="visually-hidden">, {words}</span>' in drawn
    assert "<svg" in drawn.split("t-", 1)[1]


def test_too_few_for_a_median_are_judged_by_nothing() -> None:
    moves = Moves(came_in=1, went_on=Share(1, 1), median=Middle(None, 1))
    line = Line(Stage.GROWTH, n=1, share=100, moves=moves, before=None, stalled=0)
    drawn = render_to_string(
        "dashboards/insights/moves.html", {"line": line, "asked": {"query": "period=90"}}
    )
    assert "too few, 1" in drawn
    assert "visually-hidden" not in drawn
