"""Targets: their actuals are the rows they open onto, and the pipeline stands beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lifecycle.models import Certificate, Course
from partners.models import Partner
from prm import quarters
from reviews.models import Target
from reviews.planning import standing, targets
from reviews.planning.goals import PlanRefused
from reviews.planning.standing import Standing
from reviews.surveying import results
from team.models import Company, User
from tests.conftest import MONDAY
from tests.reviews.planning.conftest import Aim, Sell, at

TODAY = MONDAY.date()  # 1 June 2026, day 62 of 91


def read(target: Target, today: date = TODAY) -> Standing:
    return standing.of_target(target, today)


def test_the_actual_is_what_was_won_in_its_quarter_its_part_and_its_currency(sell: Sell, aim: Aim) -> None:
    sell("In it", 3_000_000, at(5, 5))
    sell("Before", 9_000_000, at(4, 2))
    sell("Other part", 700, at(5, 5), role="influenced")
    sell("Other money", 800, at(5, 5), currency="USD")
    found = read(aim("won_sourced", 20_000_000))
    assert found.actual == 12_000_000 == sum(each.value or 0 for each in found.entries)
    assert found.words == "EUR 120,000 of EUR 200,000"
    assert read(aim("won_sourced", 5, currency="USD")).is_reached
    assert read(aim("won_influenced", 7000)).words == "EUR 7 of EUR 70"
    assert read(aim("brought", 5)).words == "3 of 5 deals"


def test_where_it_should_be_today_is_its_linear_share(sell: Sell, aim: Aim) -> None:
    target = aim("won_sourced", 9_100_000)
    assert read(target).should == 6_200_000
    assert read(target).should_words == "EUR 62,000 would be its share by today, day by day"
    assert (read(target).state, read(target).tone) == ("behind its line", "warn")
    sell("Enough for now", 6_200_000, at(5, 5))
    assert (read(target).state, read(target).tone) == ("on its line", "ok")
    assert read(target, date(2026, 7, 1)).state == "missed"
    assert read(target, date(2026, 3, 1)).state == "to come"
    assert read(target, date(2026, 3, 1)).should is None


def test_the_pipeline_stands_beside_what_is_lacking(sell: Sell, aim: Aim) -> None:
    sell("Won", 2_000_000, at(5, 5))
    sell("Open", 4_000_000, expected_close_on=date(2026, 6, 20))
    sell("Open, too", 5_000_000, expected_close_on=date(2026, 4, 3))
    sell("Next quarter", 9_000_000, expected_close_on=date(2026, 7, 1))
    sell("In dollars", 100_000, expected_close_on=date(2026, 6, 1), currency="USD")
    sell("Unknown", None, expected_close_on=date(2026, 6, 1))
    found = read(aim("won_sourced", 8_000_000))
    assert found.pipeline is not None
    assert found.pipeline.times == 1.5
    assert found.pipeline.words == "EUR 90,000 open to close in it, 1.5 × the EUR 60,000 it lacks"
    assert found.pipeline.uncounted == "not counted: USD 1,000, 1 without an amount"
    assert str(found.pipeline.total) == "1 amount in USD has no rate and is left out (USD 1,000)"
    assert len(standing.ahead_of(found)) == 4
    assert read(aim("brought", 1)).pipeline is None
    assert read(Target.objects.earliest("pk"), date(2026, 7, 2)).pipeline is None


def test_training_counts_by_the_day_of_issue(grown: Partner, aim: Aim) -> None:
    course = Course.objects.create(title="Selling", published_at=MONDAY, created_at=MONDAY)
    for n, on in enumerate((date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1))):
        Certificate.objects.create(number=f"{n}", course=course, partner=grown, name="Nora", issued_on=on)
    Certificate.objects.filter(number="2").update(withdrawn_at=MONDAY, withdrawn_reason="A mistake")
    assert read(aim("certified", 2)).words == "1 of 2 certificates"


@pytest.mark.parametrize(
    ("high", "low", "n", "running", "over"),
    [
        (5, 0, 5, ("running", "muted"), ("not certain", "muted")),
        (1, 4, 5, ("running", "muted"), ("not certain", "muted")),
        (28, 0, 29, ("running", "muted"), ("not certain", "muted")),
        (28, 0, 30, ("reached", "ok"), ("reached", "ok")),
        (15, 4, 30, ("running", "muted"), ("not certain", "muted")),
        (5, 20, 30, ("below it so far", "warn"), ("missed", "bad")),
    ],
)
def test_a_score_has_a_colour_only_where_thirty_answers_leave_no_doubt(
    high: int, low: int, n: int, running: tuple[str, str], over: tuple[str, str], aim: Aim
) -> None:
    found = replace(read(aim("nps", 30)), score=results.score("ten", high, low, n))
    found = replace(found, actual=round(found.score.value) if found.score else None)
    assert (found.state, found.tone) == running
    past = replace(found, when=standing.PAST)
    assert (past.state, past.tone) == over


def test_quarters_follow_the_fiscal_year(grown: Partner, alice: User, aim: Aim) -> None:
    old = aim("brought", 3)
    Company.objects.update(fiscal_month=2)
    offered = targets.offered(MONDAY, "Europe/Berlin")
    assert [each.name for each in offered[:3]] == ["Q1 2026/27", "Q2 2026/27", "Q3 2026/27"]
    assert offered[1] == quarters.of(TODAY, 2)
    assert str(read(old).quarter) == "1 Apr 2026 to 30 Jun 2026"
    with pytest.raises(PlanRefused, match="Quarter: choose one of the list"):
        aim("brought", 3, date(2026, 4, 1))


def test_what_cannot_be_is_refused_in_words(grown: Partner, contoso: Partner, aim: Aim, alice: User) -> None:
    aim("brought", 3)
    for given, words in (
        (("brought", 4), "a target of this measure already"),
        (("nonsense", 4), "Measure"),
        (("csat", 101), "100 at most"),
        (("certified", 0), "more than nothing"),
    ):
        with pytest.raises(PlanRefused, match=words):
            aim(*given)
    assert Target.objects.count() == 1
