"""Every live partner has one next review, by its cadence, from its anchor."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from partners import merging, organisations
from partners.models import Partner, Stage, Status, Tier
from prm import sweeper
from reviews import scheduling
from reviews.meetings import figures, steps
from reviews.models import Review, Rhythm
from team.models import User
from tests.conftest import MONDAY
from tests.reviews.conftest import DAY, living

GROWTH = Stage.GROWTH


def test_every_live_partner_has_its_next_review_once(
    grown: Partner, contoso: Partner, alice: User, programme: object
) -> None:
    silver = Tier.objects.get(name="Silver")
    Partner.objects.filter(pk=grown.pk).update(tier=silver)
    assert scheduling.ensure_upcoming(MONDAY) == 1  # Contoso is a prospect
    assert scheduling.ensure_upcoming(MONDAY) == 0
    review = Review.objects.get()
    assert (review.partner, review.slot_on, review.on) == (grown, date(2026, 6, 30), date(2026, 6, 30))
    assert (review.prepare_on, review.pre_read_on) == (date(2026, 6, 16), date(2026, 6, 23))
    assert review.due_on == review.prepare_on
    assert review.since_on == date(2025, 12, 30)
    assert grown.rhythm.anchor_on == date(2025, 6, 30)


def test_nobody_is_reviewed_on_the_day_it_signs(northwind: Partner) -> None:
    living(northwind, signed_on=MONDAY.date() + DAY)  # where its manager sits it is the next day already
    scheduling.ensure_upcoming(MONDAY)
    assert Review.objects.get().slot_on == date(2027, 6, 2)


def test_a_day_off_is_held_on_the_working_day_before(northwind: Partner) -> None:
    living(northwind, signed_on=date(2025, 8, 30))  # a Sunday in 2026
    scheduling.ensure_upcoming(MONDAY)
    review = Review.objects.get()
    assert (review.slot_on, review.on) == (date(2026, 8, 30), date(2026, 8, 28))


def test_held_18_days_late_it_is_out_of_window_and_the_next_one_keeps_to_the_anchor(
    review: Review, alice: User
) -> None:
    scheduling.set_rhythm(review.partner, date(2025, 6, 30), 3, by=alice, at=MONDAY)
    held_on = date(2026, 7, 18)
    at = MONDAY + (held_on - MONDAY.date()).days * DAY
    held = steps.hold(review, held_on, by=alice, at=at)
    assert held.in_window is False
    following = Review.objects.ahead().get()
    assert following.slot_on == date(2026, 9, 30)
    assert following.since_on == held_on + DAY


def test_a_cadence_of_its_own_moves_what_is_planned_and_leaves_what_is_prepared(
    review: Review, alice: User
) -> None:
    scheduling.set_rhythm(review.partner, date(2026, 1, 31), 3, by=alice, at=MONDAY)
    review.refresh_from_db()
    assert review.slot_on == date(2026, 7, 31)
    steps.prepare(review, by=alice, at=MONDAY)
    scheduling.set_rhythm(review.partner, date(2026, 1, 15), None, by=alice, at=MONDAY)
    review.refresh_from_db()
    assert review.slot_on == date(2026, 7, 31)
    with pytest.raises(scheduling.CadenceRefused, match="a year ahead"):
        scheduling.set_rhythm(review.partner, date(2030, 1, 1), None, by=alice, at=MONDAY)


def test_the_cadence_of_a_tier_is_chosen(programme: object, grown: Partner, ravi: User) -> None:
    gold = Tier.objects.get(name="Gold")
    Partner.objects.filter(pk=grown.pk).update(tier=gold)
    assert scheduling.choose({gold.pk: 12}, by=ravi, at=MONDAY) == 1
    assert scheduling.choose({gold.pk: 12}, by=ravi, at=MONDAY) == 0
    Rhythm.objects.create(partner=grown, anchor_on=date(2026, 3, 31))
    scheduling.ensure_upcoming(MONDAY)
    assert Review.objects.get().slot_on == date(2027, 3, 31)


def test_a_thousand_partners_cost_a_few_questions(alice: User, django_assert_max_num_queries: object) -> None:
    partners = [
        Partner(name=f"P{n}", status=Status.LIVE, stage=GROWTH, step="", stage_since=MONDAY)
        for n in range(1000)
    ]
    for partner in partners:
        partner.step_since = partner.created_at = MONDAY
    Partner.objects.bulk_create(partners)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert scheduling.ensure_upcoming(MONDAY) == 1000


def test_what_ended_has_no_review_ahead(review: Review, alice: User) -> None:
    Partner.objects.filter(pk=review.partner_id).update(status=Status.ENDED, stage=Stage.ENDED)
    sweeper.run(MONDAY, only="reviews")
    review.refresh_from_db()
    assert review.state == Review.State.CANCELLED
    assert not Review.objects.ahead().exists()


def test_one_that_cannot_fall_away_stops_no_other(
    review: Review, contoso: Partner, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    living(contoso)
    scheduling.ensure_upcoming(MONDAY)
    other = Review.objects.get(partner=contoso)
    Partner.objects.update(status=Status.ENDED, stage=Stage.ENDED)
    cancel = steps.cancel

    def cancels(found: Review, *more: Any) -> Review:
        if found == review:
            raise RuntimeError("nothing to be done")
        return cancel(found, *more)

    with monkeypatch.context() as patched:
        patched.setattr(steps, "cancel", cancels)
        assert not sweeper.run(MONDAY, only="reviews").failed
    review.refresh_from_db()
    other.refresh_from_db()
    assert (review.state, other.state) == ("planned", "cancelled")
    year = figures.Asked(MONDAY.date(), MONDAY.date() + 365 * DAY, alice)
    Review.objects.filter(pk=review.pk).update(slot_on=MONDAY.date() + DAY)
    Review.objects.filter(pk=other.pk).update(slot_on=MONDAY.date() + DAY)
    sweeper.run(MONDAY + DAY, only="reviews")
    review.refresh_from_db()
    assert review.state == "cancelled"
    assert not figures.IN_WINDOW.rows(year).exists()  # nobody of us cancelled them


def test_merged_partners_have_one_review_ahead(review: Review, alice: User, erin: User) -> None:
    other = living(organisations.add("Northwind Ltd", by=alice, at=MONDAY, owner=alice))
    scheduling.ensure_upcoming(MONDAY)
    merging.merge_partners(review.partner, other, {}, by=erin, at=MONDAY + timedelta(hours=1))
    assert Review.objects.ahead().get() == review
