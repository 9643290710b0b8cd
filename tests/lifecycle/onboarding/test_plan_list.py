"""The list of all plans: narrowed by state, template, owner and what is late; read along indexes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client

from lifecycle.models import Plan, PlanTemplate
from lifecycle.onboarding import plans, templates
from lifecycle.onboarding.listing import PlanListing
from partners import organisations
from partners.models import Partner
from prm import clock
from team.models import User
from tests.conftest import MONDAY

WEEK = timedelta(days=7)


def template(name: str, by: User) -> PlanTemplate:
    made = templates.add(name, None, by=by, at=MONDAY)
    for text, days in (("Call", 1), ("Train", 10)):
        facts = {"text": text, "side": "ours", "offset_days": days}
        templates.save(made, None, facts, by=by, at=MONDAY)
    templates.publish(made, by=by, at=MONDAY)
    return made


@pytest.fixture
def three(northwind: Partner, alice: User, bob: User) -> list[Plan]:
    """One that runs late, one that runs in time, one that was stopped."""
    begin, other = template("Begin", alice), template("Other", alice)
    contoso = organisations.add("Contoso", by=bob, at=MONDAY, owner=bob)
    late = plans.make(northwind, begin, MONDAY.date(), by=alice, at=MONDAY)
    in_time = plans.make(contoso, begin, MONDAY.date() + WEEK, by=bob, at=MONDAY)
    stopped = plans.make(northwind, other, MONDAY.date() - WEEK, by=alice, at=MONDAY)
    plans.stop(stopped, "They wait", by=alice, at=MONDAY)
    return [late, in_time, stopped]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 0, 2]),
        ("state=running", [1, 0]),
        ("state=stopped", [2]),
        ("state=finished", []),
        ("late=true", [0]),
        ("late=false", [1]),
        ("owner=me&sort=start", [2, 0]),
        ("q=cont", [1]),
        ("sort=partner", [1, 0, 2]),
    ],
)
def test_it_is_narrowed_and_ordered(
    client: Client, three: list[Plan], alice: User, query: str, expected: list[int]
) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY + WEEK):
        shown = client.get(f"/plans/?{query}")
    assert [row.url for row in shown.context["rows"]] == [three[n].get_absolute_url() for n in expected]
    assert shown.context["count"] == len(expected)


def test_it_says_how_far_each_is_and_opens_from_its_template(
    client: Client, three: list[Plan], alice: User, ravi: User
) -> None:
    client.force_login(ravi)
    with clock.fixed(MONDAY + WEEK):
        page = client.get(f"/plans/?state=running&template={three[0].template_id}").text
        assert "1 task late" in page
        assert "0 of 2 closed" in page
        assert "2 plans" in page
        assert (
            f"?state=running&amp;template={three[0].template_id}"
            in client.get("/settings/plan-templates/").text
        )


@pytest.mark.parametrize(
    "query", ["state=moon", "owner=x", "template=99999999999999999999", "late=%00", "q=%00"]
)
def test_what_cannot_be_read_is_said(client: Client, alice: User, query: str) -> None:
    client.force_login(alice)
    assert client.get(f"/plans/?{query}").status_code == 200


def test_what_is_late_is_found_along_the_open_tasks_of_a_plan(alice: User) -> None:

    listing = PlanListing(QueryDict("late=true"), alice)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            sql, params = listing.rows.order_by(*listing.order.by()).query.sql_with_params()
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = " ".join(str(row[3]) for row in cursor.fetchall())
        assert "open_tasks_of_a_plan" in plan
        assert "USE TEMP B-TREE" not in plan
