"""A review that repairs makes a plan: steps of both sides, what good looks like, a day to look again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from conversations import commitments
from conversations.models import Commitment
from lifecycle import tasks
from lifecycle.models import Plan, Task
from partners import history
from partners.models import Contact, Event
from portal import passes
from prm import clock
from reviews.meetings import actions, sharing, steps, sweeping, writing
from reviews.meetings.packet import shown
from reviews.meetings.steps import Result
from reviews.models import Action, Review
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.reviews.conftest import DAY

Status = Commitment.Status
DUE = date(2026, 6, 12)
AGAIN = date(2026, 7, 1)
REPAIR = Result("repair", "Answers within a day, two engineers.", AGAIN)


def act(review: Review, text: str, who: User | Contact, by: User) -> Action:
    note = actions.note(review, text, by=by, at=MONDAY)
    side = {"side": "ours", "owner": who} if isinstance(who, User) else {"side": "theirs", "contact": who}
    return actions.write(note, actions.Wanted(text, due_on=DUE, **side), by=by, at=MONDAY)  # type: ignore[arg-type]


@pytest.fixture
def held(review: Review, nora: Contact, alice: User) -> Review:
    """Held, with a dated action of each side."""
    writing.write(review, "It does not go well.", [nora], [alice])
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    act(review, "Name a deputy", alice, alice)
    act(review, "Train two", nora, alice)
    return Review.objects.get(pk=review.pk)


@pytest.fixture
def plan(held: Review, alice: User) -> Plan:
    steps.decide(held, REPAIR, by=alice, at=MONDAY)
    return Plan.objects.get()


def promise(text: str) -> Commitment:
    return Commitment.objects.get(text=text)


def test_the_outcome_makes_the_plan(plan: Plan, held: Review, nora: Contact, alice: User) -> None:
    assert (plan.title, plan.aim, plan.look_again_on) == (
        "Repair after the review of 1 June 2026",
        "Answers within a day, two engineers.",
        AGAIN,
    )
    assert [(task.text, task.side, task.owner or task.contact, task.due_on) for task in plan.tasks.all()] == [
        ("Name a deputy", "ours", alice, DUE),
        ("Train two", "theirs", nora, DUE),
    ]
    assert Review.objects.get(pk=held.pk).repair_plan == plan
    assert Event.objects.filter(kind="plan_made").exists()
    assert not Notice.objects.filter(kind=tasks.GIVEN).exists()


def test_the_partner_sees_it_once_the_outcome_is_shared(
    client: Client, plan: Plan, held: Review, nora: Contact, alice: User
) -> None:
    page = f"/p/{passes.token(passes.give(nora, 30, by=alice, at=clock.now()))}/plan/"
    following = Review.objects.ahead().get()
    assert "Name a deputy" not in client.get(page).text
    assert "deputy" not in str([each.values for each in shown.parts(following, MONDAY) if each.key == "plan"])
    steps.share_outcome(held, by=alice, at=MONDAY)
    told = client.get(page).text
    assert "Name a deputy" in told
    assert "Answers within a day" in told
    theirs = Task.objects.get(text="Train two")
    client.post(f"{page}tasks/{theirs.pk}/", {})
    assert promise("Train two").done_at is not None


def test_a_step_and_its_promise_are_done_together_and_taken_up_together(plan: Plan, alice: User) -> None:
    ours = plan.tasks.get(text="Name a deputy")
    done = tasks.done(ours, by=alice, at=MONDAY + DAY)
    assert promise("Name a deputy").status == Status.KEPT
    tasks.take_back(done, alice, MONDAY + DAY)
    assert promise("Name a deputy").status == Status.OPEN
    assert Task.objects.get(pk=ours.pk).is_open
    kept = commitments.keep(promise("Name a deputy"), by=alice, at=MONDAY + DAY)
    assert kept is not None
    assert Task.objects.get(pk=ours.pk).done_at is not None
    history.undo(kept, by=alice, at=MONDAY + DAY)
    assert Task.objects.get(pk=ours.pk).is_open
    assert promise("Name a deputy").status == Status.OPEN


def test_a_moved_promise_moves_its_step_and_a_dropped_one_drops_it(plan: Plan, alice: User) -> None:
    later = DUE + timedelta(days=7)
    commitments.renegotiate(promise("Train two"), later, "stated", by=alice, at=MONDAY)
    assert plan.tasks.get(text="Train two").due_on == later
    commitments.withdraw(promise("Train two"), "Not needed", by=alice, at=MONDAY)
    assert plan.tasks.get(text="Train two").skipped_reason == "The promise is withdrawn."


def test_a_step_that_is_left_out_leaves_its_promise_to_be_spoken_of(plan: Plan, alice: User) -> None:
    tasks.skip(plan.tasks.get(text="Train two"), "Not needed", by=alice, at=MONDAY)
    assert promise("Train two").status == Status.OPEN


def test_later_actions_join_and_another_decision_is_told_to_the_same_plan(
    plan: Plan, held: Review, alice: User
) -> None:
    act(held, "Send the price list", alice, alice)
    assert plan.tasks.count() == 3
    steps.share_outcome(held, by=alice, at=MONDAY)
    steps.decide(held, Result("repair", "Answers within two days.", AGAIN + DAY), by=alice, at=MONDAY)
    plan.refresh_from_db()
    assert (plan.aim, plan.look_again_on, plan.is_shared) == (
        "Answers within two days.",
        AGAIN + DAY,
        False,
    )
    assert (Plan.objects.count(), plan.tasks.count()) == (1, 3)


def test_another_outcome_ends_the_plan_and_leaves_the_promises(plan: Plan, held: Review, alice: User) -> None:
    steps.decide(held, Result("keep"), by=alice, at=MONDAY)
    plan.refresh_from_db()
    assert (plan.is_running, plan.stopped_reason) == (False, "The outcome is another: Keep.")
    assert not plan.tasks.open().exists()
    assert promise("Train two").status == Status.OPEN
    commitments.keep(promise("Train two"), by=alice, at=MONDAY)
    steps.decide(held, REPAIR, by=alice, at=MONDAY)
    again = Plan.objects.running().get()
    assert [task.text for task in again.tasks.all()] == ["Name a deputy"]


def test_the_day_to_look_again_is_reminded_once(plan: Plan, held: Review, alice: User) -> None:
    sharing.send_minutes(held, by=alice, at=MONDAY)
    for _ in range(3):
        sweeping.sweep(MONDAY + 30 * DAY)
    told = Notice.objects.filter(person=alice, kind="repair_due")
    assert [each.text for each in told] == ["Look again at the repair with Northwind"]


def test_it_is_read_where_plans_are_read(client: Client, plan: Plan, held: Review, alice: User) -> None:
    client.force_login(alice)
    page = client.get(plan.get_absolute_url()).text
    assert "Answers within a day, two engineers." in page
    assert "the partner does not see this plan" in page
    assert plan.get_absolute_url() in client.get(held.get_absolute_url()).text
    assert "Repair after the review" in client.get("/plans/?state=running").text
    assert "Repair after the review" in client.get(held.partner.get_absolute_url()).text
    assert client.get(f"/plans/{plan.pk}/offer/").status_code == 404


def test_today_names_a_step_once(
    client: Client, plan: Plan, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY + 10 * DAY)
    client.force_login(alice)
    page = client.get("/")
    assert [task.text for task in page.context["tasks"]] == ["Name a deputy"]
    assert [each.text for each in page.context["promises"]] == ["Train two"]
