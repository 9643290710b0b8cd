"""Tasks of a template fall to whoever has their role with the partner when the plan is made."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lifecycle.models import Plan, PlanTemplate, Task
from lifecycle.onboarding import offers, plans, templates
from lifecycle.onboarding.templates import TemplateRefused
from partners import assignments, contacts
from partners.models import Contact, Partner
from portal import digests
from prm import clock
from team.models import Notice, Role, User
from tests.conftest import MONDAY, person
from tests.lifecycle.onboarding.conftest import add, facts, named

START = date(2026, 6, 1)


@pytest.fixture
def cast(template: PlanTemplate, ravi: User) -> PlanTemplate:
    """The template with a task for our enablement, one for marketing there, and one for nobody we have."""
    add(template, ravi, "Set up the sandbox", 3, role="enablement")
    add(template, ravi, "Approve the press text", 4, side="theirs", role="marketing")
    add(template, ravi, "Write the press text", 4, role="marketing")
    templates.publish(template, by=ravi, at=MONDAY)
    return template


@pytest.fixture
def enno(northwind: Partner, ravi: User) -> User:
    enno = person("Enno", Role.ENABLEMENT)
    assignments.assign(northwind, enno, Role.ENABLEMENT, by=ravi, at=MONDAY)
    return enno


def owner_of(text: str) -> tuple[User | None, Contact | None]:
    task = Task.objects.select_related("owner", "contact").get(text=text)
    return task.owner, task.contact


def test_each_falls_to_its_role_else_to_the_owner(
    cast: PlanTemplate, northwind: Partner, nora: Contact, alice: User, enno: User
) -> None:
    contacts.change(nora, {"roles": ["marketing"]}, by=alice, at=MONDAY)
    plans.make(northwind, cast, START, by=alice, at=MONDAY)
    assert owner_of("Set up the sandbox") == (enno, None)
    assert owner_of("Approve the press text") == (None, nora)
    assert owner_of("Write the press text") == (alice, None)
    assert owner_of("Write the joint plan") == (None, None)
    assert [each.person for each in Notice.objects.filter(kind="task_given")] == [enno]


def test_the_page_says_who_before_the_plan_is_made(
    client: Client, cast: PlanTemplate, northwind: Partner, alice: User, enno: User
) -> None:
    client.force_login(alice)
    page = reverse("lifecycle:plan_make", args=[northwind.pk])
    with clock.fixed(MONDAY):
        shown = client.get(page)
        said = {str(step): (day, name) for step, day, name in shown.context["preview"]}
        assert said["Set up the sandbox"] == (date(2026, 6, 4), "Enno")
        assert "nobody has this role yet" in shown.content.decode()
        typed = {"template": cast.pk, "starts_on": "2026-06-08", "do": "preview"}
        again = client.post(page, {**typed, "once": shown.context["form"]["once"].value()})
        assert date(2026, 6, 11) in [day for _step, day, _name in again.context["preview"]]
        assert not Plan.objects.exists()
        assert client.post(page, {**typed, "starts_on": "soon"}).status_code == 422


def test_a_role_is_one_of_the_side_that_does_it(client: Client, template: PlanTemplate, ravi: User) -> None:
    with pytest.raises(TemplateRefused, match="of the side"):
        templates.save(template, None, facts("Call", 1, role="technical"), by=ravi, at=MONDAY)
    client.force_login(ravi)
    page = reverse("lifecycle:plan_template_task_add", args=[template.pk])
    typed = {"text": "Call", "side": "ours", "offset_days": 1}
    for role in ("theirs:marketing", "ours:moon", "marketing"):
        assert client.post(page, {**typed, "role": role}).status_code == 422
    client.post(page, {**typed, "role": "ours:marketing"})
    task = templates.latest(template).tasks.get(text="Call")
    assert (task.role, task.role_label) == ("marketing", "Marketing")
    shown = client.get(reverse("lifecycle:plan_template_task", args=[template.pk, task.key]))
    assert shown.context["form"]["role"].value() == "ours:marketing"


def test_a_role_that_the_template_changed_moves_the_task(
    template: PlanTemplate, northwind: Partner, alice: User, ravi: User, enno: User
) -> None:
    plan = plans.make(northwind, template, START, by=alice, at=MONDAY)
    step = templates.latest(template).tasks.get(text="Agree the first account")
    templates.save(template, step.key, {"role": "enablement"}, by=ravi, at=MONDAY)
    templates.publish(template, by=ravi, at=MONDAY)
    offer = offers.of_plan(Plan.objects.get(pk=plan.pk))
    assert offer is not None
    assert offer.changed[0][1] == ["Who does it: nobody in particular → Enablement"]
    offers.take(plan, 2, by=alice, at=MONDAY)
    assert owner_of("Agree the first account") == (enno, None)


def test_a_task_of_one_of_theirs_stands_in_no_other_digest(
    cast: PlanTemplate, northwind: Partner, nora: Contact, alice: User
) -> None:
    contacts.change(nora, {"roles": ["marketing"]}, by=alice, at=MONDAY)
    other = contacts.add(northwind, "Otto Ek", by=alice, at=MONDAY, email="otto@northwind.example")
    plans.make(northwind, cast, START, by=alice, at=MONDAY)
    at, mine = MONDAY + timedelta(days=4), f"task:{named('Approve the press text').pk}"
    told = [
        any(line.key.startswith(mine) for lines in digests.said_to(who, at).values() for line in lines)
        for who in (nora, other)
    ]
    assert told == [True, False]
