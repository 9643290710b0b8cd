"""Templates of plans: versions, what comes first, and the days they count."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.models import PlanTemplate, Product
from lifecycle.onboarding import offsets, order, templates
from lifecycle.onboarding.templates import TemplateRefused
from partners.models import Partner, PartnerType
from prm.calendars import WorkCalendar
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.onboarding.conftest import facts

OFFICE = WorkCalendar(
    "Europe/Berlin", {day: [("09:00", "17:00")] for day in range(5)}, {date(2026, 6, 4): []}
)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 6, 1), 0, date(2026, 6, 1)),
        (date(2026, 6, 1), 3, date(2026, 6, 5)),  # Thursday is a holiday
        (date(2026, 6, 1), 4, date(2026, 6, 8)),
        (date(2026, 6, 6), 0, date(2026, 6, 8)),  # begun on a Saturday
    ],
)
def test_days_are_working_days(start: date, days: int, due: date) -> None:
    assert offsets.day_after(OFFICE, start, days) == due


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 60))
def test_counting_back_gives_the_days(start: date, days: int) -> None:
    assert offsets.between(OFFICE, start, offsets.day_after(OFFICE, start, days)) == days


@given(st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=3), max_size=9))
def test_a_circle_is_found_where_there_is_one(waits_for: dict[int, list[int]]) -> None:
    found = order.circle(waits_for)
    if found:
        assert all(nxt in waits_for[task] for task, nxt in zip(found, [*found[1:], found[0]], strict=True))
        return
    done: set[int] = set()  # without a circle all can be done one after the other
    left = set(waits_for)
    while left:
        ready = {task for task in left if not (set(waits_for[task]) & left) - done}
        assert ready
        done |= ready
        left -= ready


def test_tasks_do_not_wait_in_a_circle(template: PlanTemplate, ravi: User) -> None:
    rows = {task.text: task for task in templates.latest(template).tasks.all()}
    first, last = rows["Hold the kick-off"], rows["Agree the first account"]
    circle = facts(first.text, 2, waits_for=[str(last.key)])
    with pytest.raises(TemplateRefused, match="“Hold the kick-off” would wait for “Agree"):
        templates.save(template, first.key, circle, by=ravi, at=MONDAY)
    assert templates.latest(template).published_at  # nothing of it was kept, not even a draft


def test_a_published_version_never_changes(template: PlanTemplate, ravi: User) -> None:
    before = templates.published(template)
    assert before is not None
    key = before.tasks.get(text="Hold the kick-off").key
    templates.save(template, key, facts("Meet in person", 3), by=ravi, at=MONDAY)
    templates.remove(template, before.tasks.get(text="Write the joint plan").key, by=ravi, at=MONDAY)
    assert templates.published(template) == before
    assert [task.text for task in before.tasks.all()][:2] == ["Hold the kick-off", "Write the joint plan"]
    after = templates.publish(template, by=ravi, at=MONDAY)
    assert [task.text for task in after.tasks.all()] == ["Meet in person", "Agree the first account"]
    assert after.tasks.get(text="Agree the first account").waits_for == []
    assert after.tasks.get(text="Meet in person").key == key


def test_an_empty_draft_is_not_published(ravi: User) -> None:
    with pytest.raises(TemplateRefused, match="no task"):
        templates.publish(templates.add("Empty", None, by=ravi, at=MONDAY), by=ravi, at=MONDAY)


def test_those_of_the_type_are_offered_first(
    template: PlanTemplate, northwind: Partner, reseller: PartnerType, ravi: User
) -> None:
    other = PartnerType.objects.create(name="Agency")
    for name, kind in (("Special", reseller), ("Agencies", other)):
        made = templates.add(name, kind, by=ravi, at=MONDAY)
        templates.save(made, None, facts("Call", 1), by=ravi, at=MONDAY)
        templates.publish(made, by=ravi, at=MONDAY)
    Partner.objects.filter(pk=northwind.pk).update(kind=reseller)
    northwind.refresh_from_db()
    assert [each.name for each in templates.offered(northwind)] == ["Special", "Resellers"]
    templates.retire(template, by=ravi, at=MONDAY)
    assert [each.name for each in templates.offered(northwind)] == ["Special"]


def test_the_checklist_of_a_product_is_for_its_integrations(
    template: PlanTemplate, northwind: Partner, ravi: User
) -> None:
    connect, other = (Product.objects.create(name=name) for name in ("Connect", "Platform"))
    made = templates.add("Connect", None, by=ravi, at=MONDAY, product=connect)
    templates.save(made, None, facts("Go live", 1, evidence="integration_live"), by=ravi, at=MONDAY)
    with pytest.raises(TemplateRefused, match="“Go live” records “Integration live”"):
        templates.publish(made, by=ravi, at=MONDAY)
    task = templates.latest(made).tasks.get()
    templates.save(made, task.key, {"evidence": "", "is_required": True}, by=ravi, at=MONDAY)
    templates.publish(made, by=ravi, at=MONDAY)
    assert templates.offered(northwind) == [template]
    assert templates.checklists(northwind) == [made]
    with pytest.raises(TemplateRefused, match="Product: it stays"):
        templates.describe(made, "Connect", None, by=ravi, at=MONDAY, product=other)


def test_an_admin_keeps_them(client: Client, ravi: User) -> None:
    client.force_login(ravi)
    home = reverse("lifecycle:plan_templates")
    made = client.post(home, {"name": "Agencies"}, follow=True)
    template = PlanTemplate.objects.get(name="Agencies")
    assert "Add its tasks" in made.content.decode()
    assert client.post(home, {"name": "Agencies"}).status_code == 422
    page = template.get_absolute_url()
    refused = client.post(page, {"do": "publish"})
    assert (refused.status_code, "The draft has no task" in refused.content.decode()) == (409, True)
    add = reverse("lifecycle:plan_template_task_add", args=[template.pk])
    wrong = client.post(add, {"text": "Sign", "side": "ours", "offset_days": 3, "needs_approval": "on"})
    assert (wrong.status_code, "only what they do" in wrong.content.decode()) == (422, True)
    assert client.post(add, {"text": "Sign", "side": "theirs", "offset_days": 300}).status_code == 422
    client.post(add, {"text": "Sign", "side": "theirs", "offset_days": 3, "needs_approval": "on"})
    task = templates.latest(template).tasks.get()
    edit = reverse("lifecycle:plan_template_task", args=[template.pk, task.key])
    assert b"Sign" in client.get(edit).content
    client.post(page, {"do": "publish"})
    client.post(edit, {"do": "remove"})
    shown = client.get(page).content.decode()
    assert "draft of version 2" in shown
    client.post(page, {"do": "discard"})
    assert "version 1" in client.get(page).content.decode()
    assert client.get(edit).status_code == 200
