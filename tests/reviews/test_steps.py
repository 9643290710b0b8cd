"""From planned to closed: what each step does, what it refuses, and who is told when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lifecycle.models import Evidence
from partners.models import Contact, Event, Partner, Stage
from prm import sweeper
from reviews.meetings import moments, steps
from reviews.meetings.packet import arranging
from reviews.meetings.steps import Result, StepRefused
from reviews.models import Action, Review
from team.models import Notice, User
from tests.conftest import BERLIN, MONDAY
from tests.reviews.conftest import DAY

State = Review.State


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=BERLIN)


def swept(at: datetime) -> None:
    sweeper.run(at, only="reviews")


def told(person: User, kind: str) -> list[str]:
    return list(Notice.objects.filter(person=person, kind=kind).order_by("pk").values_list("text", flat=True))


def test_the_sweep_prepares_on_its_day_and_reminds_once_of_each_step(review: Review, alice: User) -> None:
    swept(noon(6, 15))
    review.refresh_from_db()
    assert review.state == State.PLANNED
    assert told(alice, moments.DUE) == []
    for _ in range(3):
        swept(noon(6, 16))
    review.refresh_from_db()
    assert (review.state, review.due_on) == (State.PREPARING, date(2026, 6, 23))
    assert Partner.objects.get(pk=review.partner_id).stage == Stage.EVALUATION
    for _ in range(3):
        swept(noon(6, 23))
        swept(noon(6, 24))
    assert told(alice, moments.DUE) == [
        "Review with Northwind: “Send the pre-read” is due on 23 June 2026",
    ]
    assert told(alice, moments.OVERDUE) == [
        "Review with Northwind: “Send the pre-read” was due on 23 June 2026"
    ]


def test_after_downtime_only_the_latest_word_is_said(review: Review, alice: User) -> None:
    swept(noon(7, 10))
    assert told(alice, moments.DUE) == []
    assert len(told(alice, moments.OVERDUE)) == 1


def test_held_it_is_evidence_and_the_next_one_is_there(review: Review, alice: User) -> None:
    steps.prepare(review, by=alice, at=MONDAY)
    with pytest.raises(StepRefused, match="still to come"):
        steps.hold(review, date(2026, 6, 30), by=alice, at=MONDAY)
    held = steps.hold(review, date(2026, 6, 30), by=alice, at=noon(6, 30))
    assert (held.minutes_by, held.sign_by) == (date(2026, 7, 2), date(2026, 7, 14))
    assert held.in_window is True
    assert held.due_on == held.minutes_by
    assert Evidence.objects.get(partner=review.partner, kind="review_held").on == date(2026, 6, 30)
    assert Review.objects.ahead().get().slot_on == date(2027, 6, 30)
    assert review.partner.conversations.get().messages.get().channel == "meeting"
    with pytest.raises(StepRefused, match="held by now"):
        steps.hold(review, date(2026, 6, 30), by=alice, at=noon(6, 30))


@pytest.mark.parametrize(
    ("outcome", "stage"), [("invest", "growth"), ("keep", "growth"), ("part", "evaluation")]
)
def test_the_outcome_leads_on(review: Review, alice: User, outcome: str, stage: str) -> None:
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    assert Partner.objects.get().stage == Stage.EVALUATION
    decided = steps.decide(review, Result(outcome), by=alice, at=MONDAY)
    assert Partner.objects.get().stage == stage
    assert not decided.outcome_is_shared
    assert steps.share_outcome(review, by=alice, at=MONDAY).outcome_is_shared
    again = steps.decide(review, Result("invest"), by=alice, at=MONDAY)
    assert not again.outcome_is_shared


def test_a_repair_says_what_good_looks_like_and_is_looked_at_again(
    review: Review, nora: Contact, alice: User
) -> None:
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    for side in Review.Side:
        Action.objects.create(
            review=review,
            text="Step",
            side=side,
            owner=alice,
            contact=nora,
            due_on=MONDAY.date(),
            created_by=alice,
            created_at=MONDAY,
        )
    for result in (Result("repair", "", date(2026, 7, 1)), Result("repair", "Two trained", None)):
        with pytest.raises(StepRefused):
            steps.decide(review, result, by=alice, at=MONDAY)
    steps.decide(review, Result("repair", "Two trained", date(2026, 6, 3)), by=alice, at=MONDAY)
    swept(noon(6, 3))
    assert told(alice, moments.AGAIN) == ["Look again at the repair with Northwind"]


def test_it_closes_once_the_minutes_are_sent_and_silence_has_lasted(review: Review, alice: User) -> None:
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    with pytest.raises(StepRefused, match="held by now"):
        steps.close(review, by=alice, at=MONDAY)
    steps.minutes_sent(review, by=alice, at=MONDAY)
    with pytest.raises(StepRefused) as refusal:
        steps.close(review, by=alice, at=MONDAY)
    assert len(refusal.value.reasons) == 2
    steps.decide(review, Result("keep"), by=alice, at=MONDAY)
    late = noon(6, 16)
    swept(late)
    assert "silence is not answered" in told(alice, moments.OVERDUE)[0]
    closed = steps.close(review, by=alice, at=late)
    assert (closed.state, closed.due_on, closed.next_check_at) == (State.CLOSED, None, None)


def test_our_second_move_is_told_to_the_lead_and_theirs_are_not(
    review: Review, alice: User, erin: User
) -> None:
    for n, side in enumerate(["ours", "theirs", "theirs"]):
        steps.move(review, date(2026, 7, 1 + n), side, "Holidays", by=alice, at=MONDAY)
    assert told(erin, steps.MOVED_TWICE) == []
    moved = steps.move(review, date(2026, 7, 6), "ours", "Ill", by=alice, at=MONDAY)
    assert (moved.our_moves, moved.their_moves, moved.slot_on) == (2, 2, date(2026, 6, 30))
    assert moved.prepare_on == date(2026, 6, 22) == moved.due_on
    assert told(erin, steps.MOVED_TWICE) == ["The review with Northwind was moved 2 times by us"]
    assert Event.objects.filter(kind="review_moved").count() == 4
    for day, why in ((date(2026, 5, 1), "x"), (date(2028, 1, 1), "x"), (date(2026, 7, 7), " ")):
        with pytest.raises(StepRefused):
            steps.move(review, day, "ours", why, by=alice, at=MONDAY)


def test_cancelled_it_says_why_and_the_next_one_follows(review: Review, alice: User) -> None:
    steps.prepare(review, by=alice, at=MONDAY)
    topic = arranging.add_topic(review, "Our margins", alice, MONDAY)
    with pytest.raises(StepRefused, match="Reason"):
        steps.cancel(review, "ours", " ", by=alice, at=MONDAY)
    cancelled = steps.cancel(review, "theirs", "They merge", by=alice, at=MONDAY)
    assert cancelled.state == State.CANCELLED
    assert cancelled.due_on is None
    assert Partner.objects.get().stage == Stage.GROWTH
    following = Review.objects.ahead().get()
    assert following.slot_on == date(2027, 6, 30)
    assert following.topics.get() == topic


def test_a_partner_that_is_still_onboarded_stays_there(review: Review, alice: User) -> None:
    Partner.objects.update(stage=Stage.ONBOARDING)
    steps.prepare(review, by=alice, at=MONDAY)
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY + timedelta(hours=1))
    assert Partner.objects.get().stage == Stage.ONBOARDING
    with pytest.raises(StepRefused, match="not planned yet"):
        steps.hold(Review.objects.ahead().get(), MONDAY.date() - DAY, by=alice, at=MONDAY)
