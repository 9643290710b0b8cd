"""How a person writes a rule, and what is said when it cannot be read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners import rules
from partners.models import Criterion
from partners.scoring import Choice, Curve, Overlap, Stars, YesNo

Kind = Criterion.Kind


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        (Kind.NUMBER, "0=0, 50=0.5, 200=1", {"curve": [[0, 0], [50, 0.5], [200, 1]]}),
        (Kind.NUMBER, "200=100 %, 0 = 0%", {"curve": [[0, 0], [200, 1]]}),
        (Kind.CHOICE, "Gold=1, Silver=50%", {"options": [["Gold", 1], ["Silver", 0.5]]}),
        (Kind.CHOICE, "A=B=1, Other=0.2", {"options": [["A=B", 1]], "other": 0.2}),
        (Kind.CHOICE, "Food, drink=1\nHealth=0.5", {"options": [["Food, drink", 1], ["Health", 0.5]]}),
        (Kind.YES_NO, "", {"wanted": True}),
        (Kind.YES_NO, "No", {"wanted": False}),
        (Kind.OVERLAP, "Health,  Retail", {"wanted": ["Health", "Retail"]}),
        (Kind.OVERLAP, "Food, drink\n", {"wanted": ["Food", "drink"]}),
        (Kind.RATING, " ", {}),
    ],
)
def test_a_rule_is_read(kind: str, text: str, kept: dict[str, Any]) -> None:
    assert rules.read(kind, text) == kept
    assert rules.read(kind, rules.written(kind, kept)) == kept


@pytest.mark.parametrize(
    ("kind", "text", "part"),
    [
        (Kind.NUMBER, "", "two points or more"),
        (Kind.NUMBER, "50", "“50” needs an equals sign"),
        (Kind.NUMBER, "many=1, 0=0", "“many” in “many=1” is no number"),
        (Kind.NUMBER, "0=0, 50=1.5", "“1.5” must be between 0 and 1"),
        (Kind.NUMBER, "0=0, 0=1", "at the same number"),
        (Kind.NUMBER, "0=1, 5=1", "level"),
        (Kind.NUMBER, "0=0, nan=1", "too large"),
        (Kind.CHOICE, "", "at least one option"),
        (Kind.CHOICE, "other=1", "at least one option"),
        (Kind.CHOICE, "Gold=1, gold=0", "“gold” stands there twice"),
        (Kind.CHOICE, "Gold=high", "“high” in “Gold=high” is no number"),
        (Kind.YES_NO, "perhaps", "“perhaps” is neither"),
        (Kind.OVERLAP, " , ", "Name what is wanted"),
        (Kind.RATING, "5=1", "needs no rule"),
    ],
)
def test_what_cannot_be_read_is_named(kind: str, text: str, part: str) -> None:
    with pytest.raises(rules.RuleUnreadable, match=part):
        rules.read(kind, text)


@pytest.mark.parametrize(("text", "share"), [("", None), ("60 %", 0.6), ("0.25", 0.25), ("1", 1)])
def test_a_must_have_is_met_from_a_share(text: str, share: float | None) -> None:
    assert rules.passing_share(text) == share


@pytest.mark.parametrize("text", ["0", "2", "-1", "all"])
def test_a_share_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(rules.RuleUnreadable):
        rules.passing_share(text)


@pytest.mark.parametrize(
    ("kind", "kept", "rule"),
    [
        (Kind.NUMBER, {"curve": [[0, 0], [9, 1]]}, Curve(((0, 0), (9, 1)))),
        (Kind.CHOICE, {"options": [["Gold", 1]], "other": 0.5}, Choice((("Gold", 1),), 0.5)),
        (Kind.YES_NO, {"wanted": False}, YesNo(wanted=False)),
        (Kind.OVERLAP, {"wanted": ["Health"]}, Overlap(("Health",))),
        (Kind.RATING, {}, Stars()),
    ],
)
def test_what_is_kept_is_a_rule(kind: str, kept: dict[str, Any], rule: object) -> None:
    assert rules.rule(kind, kept) == rule


@given(st.sampled_from(Kind.values), st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(kind: str, text: str) -> None:
    try:
        kept = rules.read(kind, text)
    except rules.RuleUnreadable:
        return
    rules.rule(kind, kept)
