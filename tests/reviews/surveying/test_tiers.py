"""Satisfaction as something tiers tell: known of five answers and more, and nothing hangs on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lifecycle.growth.tiering import criteria, editing, evaluating, showing
from lifecycle.growth.tiering.criteria import Asked
from partners.models import Membership, Partner, Tier
from reviews.surveying.models import Survey
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.growth.tiering.conftest import rules as rules
from tests.lifecycle.growth.tiering.conftest import silver as silver
from tests.lifecycle.growth.tiering.conftest import tier, won
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


@pytest.mark.parametrize("marks", [[], [1] * 4, [1] * 5, [5] * 5, [1] * 11])
@pytest.mark.parametrize(("earned", "stands"), [(0, "Silver"), (5_000_000, "Gold")])
def test_no_tier_is_earned_kept_or_lost_by_what_is_answered_or_not(
    marks: list[int], earned: int, stands: str, silver: Membership, alice: User, erin: User, ravi: User
) -> None:
    for name in ("Gold", "Silver"):
        editing.want(silver.programme, tier(name), "satisfaction", 90, by=ravi, at=MONDAY, months=12)
    editing.drop(silver.programme, tier("Gold"), "certified", by=ravi, at=MONDAY)
    version = editing.publish(silver.programme, "Satisfaction is told.", by=ravi, at=MONDAY)
    if earned:
        won(silver.partner, alice, earned)
    answered(silver.partner, Survey.Kind.CSAT, list(marks), erin)
    (found,) = evaluating.outcomes(version, TODAY)
    assert Tier.objects.get(pk=found.outcome.to).name == stands
    evaluating.keep(version, TODAY, MONDAY + 10 * DAY)
    (shown,) = showing.of(silver.partner)
    (said,) = [line for line in shown.lines if "satisf" in line.words]
    assert said.words.endswith(": it neither lifts nor lowers")
    assert not shown.misses
