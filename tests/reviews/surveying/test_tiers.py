"""Satisfaction as something tiers can want: known of five answers and more, and never hung on answering."""

from __future__ import annotations

from datetime import timedelta

from lifecycle.growth.tiering import criteria, rules
from lifecycle.growth.tiering.criteria import Asked
from lifecycle.growth.tiering.rules import Need, Step, Verdict
from partners.models import Partner
from reviews.surveying.models import Survey
from team.models import User
from tests.conftest import MONDAY
from tests.reviews.surveying.test_depends import asked as answered

DAY = timedelta(days=1)
TODAY = (MONDAY + 10 * DAY).date()


def shares(*partners: Partner) -> dict[int, int]:
    known = criteria.known()["satisfaction"]
    return dict(known.measure(Asked([each.pk for each in partners], TODAY, 12, key="satisfaction")))


def test_it_is_the_share_of_fours_and_fives_by_whole_fives(
    northwind: Partner, contoso: Partner, erin: User
) -> None:
    answered(northwind, Survey.Kind.CSAT, [5, 4, 4, 2, None, 5, 1, 1], erin)  # the last two wait for a third
    answered(contoso, Survey.Kind.CSAT, [5, 5, 5, 5], erin)
    answered(northwind, Survey.Kind.CSAT, [1] * 5, erin, is_confidential=True)
    answered(northwind, Survey.Kind.NPS, [1] * 5, erin)
    assert shares(northwind, contoso) == {northwind.pk: 80}


def test_only_we_read_who_marked_what(northwind: Partner, erin: User) -> None:
    answered(northwind, Survey.Kind.CSAT, [5, 4, 4, 2, 3], erin)
    known = criteria.known()["satisfaction"]
    rows = known.rows(Asked([northwind.pk], TODAY, 12, key="satisfaction"))
    assert [row.ours for row in rows][:2] == ["5 of 5, P0", "4 of 5, P1"]
    assert {(row.ours, row.url, row.words) for row in (each.for_partner() for each in rows)} == {
        ("", "", "Spring")
    }


def test_a_tier_does_not_hang_on_answering() -> None:
    known = criteria.known(["satisfaction"])["satisfaction"]
    assert (known.skips, known.absent) == (True, None)
    wants = Step(1, (Need(1, 10), Need(2, 90, known.skips)))
    assert rules.verdict(wants, {1: 10, 2: None}) == rules.verdict(wants, {1: 10, 2: 90}) == Verdict.MET
    assert rules.verdict(wants, {1: 10, 2: 80}) == Verdict.MISSED
