"""A template's change, offered to plans that run."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from lifecycle import tasks
from lifecycle.models import Plan, PlanTemplate
from lifecycle.onboarding import offers, plans, templates
from lifecycle.onboarding.plans import PlanRefused
from partners.models import Event, Partner
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.onboarding.conftest import add, facts, named


@pytest.fixture
def plan(northwind: Partner, template: PlanTemplate, alice: User) -> Plan:
    return plans.make(northwind, template, date(2026, 6, 1), by=alice, at=MONDAY)


@pytest.fixture
def newer(plan: Plan, template: PlanTemplate, ravi: User) -> None:
    """Version 2: the kick-off is required no more, the plan is due later, the account goes, a call comes."""
    keys = {task.text: task.key for task in templates.latest(template).tasks.all()}
    kick_off, theirs = keys["Hold the kick-off"], keys["Write the joint plan"]
    templates.save(template, kick_off, facts("Meet in person", 2), by=ravi, at=MONDAY)
    more = {"side": "theirs", "needs_approval": True, "waits_for": [str(kick_off)]}
    templates.save(template, theirs, facts("Write the joint plan", 7, **more), by=ravi, at=MONDAY)
    templates.remove(template, keys["Agree the first account"], by=ravi, at=MONDAY)
    add(template, ravi, "Call them", 8, waits_for=[str(theirs)])
    templates.publish(template, by=ravi, at=MONDAY)


@pytest.mark.usefixtures("newer")
def test_what_is_done_stays_and_the_rest_follows(plan: Plan, alice: User) -> None:
    tasks.done(named("Hold the kick-off"), by=alice, at=MONDAY)
    tasks.change(named("Write the joint plan"), {"text": "Write our plan"}, by=alice, at=MONDAY)
    offer = offers.of_plan(Plan.objects.get(pk=plan.pk))
    assert offer is not None
    assert [step.text for step in offer.difference.added] == ["Call them"]
    assert [(task.text, words) for task, words in offer.changed] == [
        ("Write our plan", ["Working days: 5 → 7"])
    ]
    assert [task.text for task in offer.difference.removed] == ["Agree the first account"]
    offers.take(plan, 2, by=alice, at=MONDAY)
    assert list(plan.tasks.values_list("text", "due_on")) == [
        ("Hold the kick-off", date(2026, 6, 3)),
        ("Write our plan", date(2026, 6, 10)),
        ("Call them", date(2026, 6, 11)),
        ("Agree the first account", date(2026, 6, 15)),
    ]
    assert named("Agree the first account").state == "skipped"
    assert named("Call them").waits_for.get() == named("Write our plan")
    said = "Resellers to version 2: 1 added, 1 changed, 1 removed"
    assert Event.objects.get(kind="plan_changed").note == said
    with pytest.raises(PlanRefused, match="newest version already"):
        offers.take(plan, 2, by=alice, at=MONDAY)


@pytest.mark.usefixtures("newer")
def test_a_preview_of_an_older_version_is_not_taken(
    plan: Plan, template: PlanTemplate, alice: User, ravi: User
) -> None:
    add(template, ravi, "Send a mug", 9)
    templates.publish(template, by=ravi, at=MONDAY)
    with pytest.raises(PlanRefused, match="changed again"):
        offers.take(plan, 2, by=alice, at=MONDAY)


@pytest.mark.usefixtures("newer")
def test_those_that_are_ticked_follow(
    client: Client, plan: Plan, contoso: Partner, template: PlanTemplate, alice: User, ravi: User
) -> None:
    old = templates.latest(template)
    other = plans.make(contoso, template, date(2026, 6, 1), by=alice, at=MONDAY)
    Plan.objects.filter(pk=other.pk).update(version=old.template.versions.get(number=1))
    client.force_login(ravi)
    page = reverse("lifecycle:plan_offers", args=[template.pk])
    shown = client.get(page).content.decode()
    assert shown.count('name="plans"') == 2
    assert client.post(page, {"version": 2}).status_code == 409
    client.post(page, {"version": 2, "plans": [plan.pk]})
    assert [p.version.number for p in Plan.objects.order_by("pk")] == [2, 1]
    client.force_login(alice)
    mine = reverse("lifecycle:plan_offer", args=[other.pk])
    assert mine in client.get(other.get_absolute_url()).content.decode()
    assert client.post(mine, {"version": "x"}).status_code == 409
    client.post(mine, {"version": 2})
    assert [p.version.number for p in Plan.objects.order_by("pk")] == [2, 2]
