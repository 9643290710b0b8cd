"""Plans: made from a template, moved, finished, stopped; what reminds of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from lifecycle import tasks
from lifecycle.models import Evidence, Plan, PlanTemplate, Task
from lifecycle.onboarding import plans, reminders
from lifecycle.onboarding.plans import PlanRefused
from partners import history
from partners.models import Event, Partner
from prm import clock, sweeper
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.lifecycle.onboarding.conftest import named

DAY = timedelta(days=1)
START = date(2026, 6, 1)  # a Monday
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def plan(northwind: Partner, template: PlanTemplate, alice: User) -> Plan:
    return plans.make(northwind, template, START, by=alice, at=MONDAY)


def due(plan: Plan) -> list[tuple[str, date | None]]:
    return list(plan.tasks.values_list("text", "due_on"))


def test_a_plan_is_a_copy_with_days_of_its_own(plan: Plan, alice: User) -> None:
    assert due(plan) == [
        ("Hold the kick-off", date(2026, 6, 3)),
        ("Write the joint plan", date(2026, 6, 8)),
        ("Agree the first account", date(2026, 6, 15)),
    ]
    assert [named("Hold the kick-off").owner, named("Write the joint plan").owner] == [alice, None]
    assert named("Agree the first account").waits_for.get() == named("Write the joint plan")


def test_a_partner_has_one_of_a_kind_at_a_time(
    plan: Plan, northwind: Partner, template: PlanTemplate, alice: User
) -> None:
    with pytest.raises(PlanRefused, match="has this plan already"):
        plans.make(northwind, template, START, by=alice, at=MONDAY)
    plans.stop(plan, "They start over", by=alice, at=MONDAY)
    assert plans.make(northwind, template, START, by=alice, at=MONDAY).tasks.count() == 3


def test_moving_the_start_moves_what_is_open(plan: Plan, alice: User) -> None:
    tasks.done(named("Hold the kick-off"), by=alice, at=MONDAY)
    tasks.change(named("Agree the first account"), {"due_on": date(2026, 6, 17)}, by=alice, at=MONDAY)
    assert plans.move(plan, date(2026, 6, 8), by=alice, at=MONDAY) == 2
    assert due(plan) == [
        ("Hold the kick-off", date(2026, 6, 3)),
        ("Write the joint plan", date(2026, 6, 15)),
        ("Agree the first account", date(2026, 6, 24)),
    ]


def test_done_records_the_evidence_it_stands_for(plan: Plan, northwind: Partner, alice: User) -> None:
    task = named("Hold the kick-off")
    tasks.done(task, by=alice, at=MONDAY)
    fact = Evidence.objects.get(partner=northwind, kind="kick_off_held")
    assert (fact.on, fact.by, fact.note) == (MONDAY.date(), alice, "Hold the kick-off")
    tasks.undone(named("Hold the kick-off"), by=alice, at=MONDAY)
    fact.refresh_from_db()
    assert fact.is_withdrawn
    tasks.done(named("Hold the kick-off"), by=alice, at=MONDAY)
    tasks.undone(named("Hold the kick-off"), by=alice, at=MONDAY)
    assert not Evidence.objects.standing().filter(partner=northwind, kind="kick_off_held").exists()


def test_with_its_last_task_it_is_finished_and_counts_as_usual(
    plan: Plan, template: PlanTemplate, alice: User
) -> None:
    end = MONDAY + 20 * DAY
    tasks.done(named("Hold the kick-off"), by=alice, at=MONDAY)
    tasks.skip(named("Write the joint plan"), "They have one", by=alice, at=MONDAY)
    tasks.done(named("Agree the first account"), by=alice, at=end)
    plan.refresh_from_db()
    assert plan.finished_at == end
    assert plans.usual(template) == plans.Usual(20, 1)
    tasks.undone(named("Agree the first account"), by=alice, at=end)
    plan.refresh_from_db()
    assert plan.is_running
    plans.stop(plan, "They left", by=alice, at=end)
    assert plans.usual(template).n == 0


def test_a_change_of_a_task_is_undone(plan: Plan, alice: User, bob: User) -> None:
    change = {"text": "Meet them", "owner": bob, "due_on": date(2026, 6, 9)}
    event = tasks.change(named("Hold the kick-off"), change, by=alice, at=MONDAY)
    assert event is not None
    assert Notice.objects.get(kind="task_given", person=bob).text.endswith("Meet them")
    history.undo(event, by=alice, at=MONDAY)
    task = named("Hold the kick-off")
    assert (task.owner, task.due_on, task.offset_days) == (alice, date(2026, 6, 3), 2)


def told(alice: User) -> list[tuple[str, str]]:
    kinds = [reminders.SOON, reminders.OVERDUE]
    return list(
        Notice.objects.filter(person=alice, kind__in=kinds).order_by("pk").values_list("kind", "text")
    )


def test_its_owner_is_reminded_once_and_not_of_what_waits(plan: Plan, alice: User) -> None:
    day = datetime(2026, 6, 1, 0, 30, tzinfo=BERLIN)
    for at in (day, day, day + DAY):
        sweeper.run(at, only="tasks")
    soon = ("task_due_soon", "“Hold the kick-off” with Northwind is due on 3 June 2026")
    assert told(alice) == [soon]
    over = datetime(2026, 6, 16, 0, 1, tzinfo=BERLIN)
    sweeper.run(over, only="tasks")
    assert [kind for kind, _ in told(alice)] == ["task_due_soon", "task_overdue"]
    tasks.done(named("Hold the kick-off"), by=alice, at=over)
    sweeper.run(over, only="tasks")
    assert len(told(alice)) == 2  # the last one still waits for theirs
    tasks.skip(named("Write the joint plan"), "They have one", by=alice, at=over)
    sweeper.run(over, only="tasks")
    assert told(alice)[-1][1] == "“Agree the first account” with Northwind was due on 15 June 2026"


def test_a_reminder_ends_with_its_cause(plan: Plan, alice: User) -> None:
    sweeper.run(datetime(2026, 6, 4, 1, tzinfo=BERLIN), only="tasks")
    notice = Notice.objects.get(kind=reminders.OVERDUE)
    assert reminders.still_stands(notice)
    tasks.done(named("Hold the kick-off"), by=alice, at=MONDAY)
    assert not reminders.still_stands(notice)


def test_the_page_says_where_it_should_be(
    client: Client, plan: Plan, northwind: Partner, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY + 9 * DAY)
    client.force_login(alice)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "0 of 2 tasks due by today are done" in page
    assert "Today is day 10" in page
    assert page.count('class="tb-i"') == 3
    partner = client.get(northwind.get_absolute_url()).content.decode()
    assert plan.get_absolute_url() in partner
    assert "0 of 3" in partner
    moved = client.post(
        reverse("lifecycle:plan_move", args=[plan.pk]), {"starts_on": "2026-06-08"}, follow=True
    )
    assert "3 open tasks moved with it" in moved.content.decode()
    again = client.post(reverse("lifecycle:plan_move", args=[plan.pk]), {"starts_on": "2026-06-08"})
    assert (again.status_code, "already" in again.content.decode()) == (422, True)
    client.force_login(bob)
    assert client.get(plan.get_absolute_url()).status_code == 200
    assert client.post(reverse("lifecycle:plan_stop", args=[plan.pk]), {"reason": "No"}).status_code == 403


def test_it_is_offered_and_made_from_the_partners_page(
    client: Client, northwind: Partner, template: PlanTemplate, alice: User
) -> None:
    client.force_login(alice)
    make = reverse("lifecycle:plan_make", args=[northwind.pk])
    assert make in client.get(northwind.get_absolute_url()).content.decode()
    assert client.post(make, {"template": template.pk, "starts_on": "1026-06-01"}).status_code == 422
    client.post(make, {"template": template.pk, "starts_on": "2026-06-01"})
    plan = Plan.objects.get()
    assert Event.objects.get(kind="plan_made").note == "Resellers, 3 tasks from 1 June 2026"
    add = reverse("lifecycle:task_add", args=[northwind.pk])
    client.post(add, {"text": "Send a mug", "side": "ours", "stage": "onboarding", "plan": plan.pk})
    assert Task.objects.get(text="Send a mug").plan == plan
