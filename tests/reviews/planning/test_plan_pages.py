"""The joint plan on its pages: goals first, objectives with marks, experiments that others copy."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import Event, Partner
from prm import clock, sweeper
from reviews.models import CompanyObjective, Goal, Objective, Target
from reviews.planning import goals, objectives
from reviews.planning.goals import PlanRefused
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.reviews.planning.conftest import Aim, Sell, at

NOTE = "They would follow us anywhere"


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def objective(grown: Partner, alice: User) -> Objective:
    wanted = objectives.Wanted("Lead the region", date(2026, 4, 1), date(2028, 3, 31), note=NOTE)
    return objectives.add(grown, wanted, by=alice, at=MONDAY)


def post(client: Client, name: str, pk: int, **given: Any) -> Any:
    return client.post(reverse(f"reviews:{name}", args=[pk]), given)


def page(client: Client, partner: Partner) -> str:
    return client.get(reverse("reviews:joint_plan", args=[partner.pk])).content.decode()


def sent_to(form: str) -> str:
    """Where a page sends what was typed."""
    found = re.search(r'<form class="cb" method="post" action="([^"]+)"', form)
    assert found is not None
    return html.unescape(found.group(1))


def test_the_partners_goals_come_first_with_what_we_do(client: Client, grown: Partner, alice: User) -> None:
    client.force_login(alice)
    assert "Its goals come first" in page(client, grown)
    again = post(client, "goal_add", grown.pk, text=" ", ours="Places in our course")
    assert again.status_code == 422
    assert b"Places in our course" in again.content
    assert post(client, "goal_add", grown.pk, text="Ten engineers", ours="").status_code == 303
    assert "What we do for it is not said yet." in page(client, grown)
    goal = Goal.objects.get()
    post(client, "goal_change", goal.pk, text="Ten engineers", ours="Places in our course")
    shown = page(client, grown)
    assert shown.index("Ten engineers") < shown.index("No target is set")
    assert "Places in our course" in shown
    assert post(client, "goal_end", goal.pk, do="reached").status_code == 303
    assert post(client, "goal_end", goal.pk, do="dropped").status_code == 409
    noted = Event.objects.filter(kind=goals.CHANGED).values_list("note", flat=True)
    assert "a goal is reached: Ten engineers" in noted


def test_an_objective_has_marks_and_says_where_it_should_be(
    client: Client, grown: Partner, objective: Objective, alice: User
) -> None:
    client.force_login(alice)
    form = client.get(reverse("reviews:mark_add", args=[objective.pk])).content.decode()
    assert 'value="2026-12-31"' in form
    assert post(client, "mark_add", objective.pk, on="2026-05-29", text="Two desks").status_code == 303
    assert post(client, "mark_add", objective.pk, on="2027-12-31", text="Six desks").status_code == 303
    assert post(client, "mark_add", objective.pk, on="2029-12-31", text="Later").status_code == 422
    assert "0 of 2 marks met; by today it should be 1" in page(client, grown)
    early = objective.marks.get(text="Six desks")
    assert post(client, "mark_say", early.pk, do="missed").status_code == 409
    assert post(client, "mark_say", objective.marks.earliest("on").pk, do="met").status_code == 303
    assert "1 of 2 marks met; by today it should be 1" in page(client, grown)
    assert post(client, "mark_say", early.pk, do="drop").status_code == 303
    ended = {"state": "reached", "result": ""}
    assert post(client, "objective_end", objective.pk, **ended).status_code == 422
    assert post(client, "objective_end", objective.pk, **ended | {"result": "First."}).status_code == 303
    assert post(client, "objective_end", objective.pk, **ended | {"result": "Twice."}).status_code == 422


def test_an_objective_beyond_three_years_is_refused(grown: Partner, contoso: Partner, alice: User) -> None:
    day = date(2026, 6, 1)
    strange = goals.add(contoso, "Theirs", by=alice, at=MONDAY)
    for wanted, words in (
        (objectives.Wanted("Far", day, date(2029, 6, 2)), "three years at most"),
        (objectives.Wanted("Back", day, day), "a day after"),
        (
            objectives.Wanted("Try", day, date(2026, 9, 1), is_experiment=True, trying="It"),
            "how we will know",
        ),
        (objectives.Wanted("Other", day, date(2027, 6, 1), goal=strange), "one of this partner"),
    ):
        with pytest.raises(PlanRefused, match=words):
            objectives.add(grown, wanted, by=alice, at=MONDAY)


def test_an_experiment_is_copied_with_its_result_beside(
    client: Client, grown: Partner, contoso: Partner, alice: User
) -> None:
    wanted = objectives.Wanted(
        *("A joint desk", date(2026, 3, 1), date(2026, 5, 29), None, None),
        *(True, "One desk at the fair.", "Ten leads.", NOTE),
    )
    first = objectives.add(contoso, wanted, by=alice, at=at(3, 1))
    objectives.end(first, "partly", "Six leads, two of them good.", by=alice, at=MONDAY)
    client.force_login(alice)
    address = reverse("reviews:experiments")
    listed = client.get(address, {"for": grown.pk, "state": "partly", "q": "leads"}).content.decode()
    assert "Six leads, two of them good." in listed
    assert NOTE not in listed
    assert client.get(address, {"for": "9" * 30, "partner": "9" * 20, "state": "x"}).context["faults"]
    form = client.get(reverse("reviews:objective_add", args=[grown.pk]), {"like": first.pk}).content.decode()
    assert "One desk at the fair." in form
    typed = {
        "text": "A joint desk",
        "trying": "A desk at ours.",
        "how_we_know": "Ten leads.",
        "from_on": "2026-06-01",
        "until_on": "2026-09-01",
    }
    copied = client.post(sent_to(form), typed)
    assert copied.status_code == 303
    copy = grown.objectives.get()
    assert (copy.copied_from, copy.is_experiment, copy.note) == (first, True, "")


def test_an_experiment_is_added_by_the_form_that_asks_for_it(
    client: Client, grown: Partner, alice: User
) -> None:
    client.force_login(alice)
    address = re.search(r'href="([^"]+objectives/add/[^"]+)"', page(client, grown))
    assert address is not None
    form = client.get(address.group(1)).content.decode()
    days = {"from_on": "2026-06-01", "until_on": "2026-09-01"}
    typed = {"text": "A joint desk", "trying": "One desk.", "how_we_know": "Ten leads.", **days}
    assert client.post(sent_to(form), typed).status_code == 303
    made = grown.objectives.get()
    assert (made.is_experiment, made.trying, made.how_we_know) == (True, "One desk.", "Ten leads.")
    assert "We will know by:" in page(client, grown)


def test_its_days_are_reminded_of_once_and_not_after_a_word(objective: Objective, alice: User) -> None:
    objectives.add_mark(objective, date(2026, 12, 31), "Two desks", by=alice, at=MONDAY)
    assert sweeper.run(at(12, 30), "objectives")["objectives"] == 0
    for _twice in range(2):
        sweeper.run(at(12, 31), "objectives")
    told = Notice.objects.get()
    assert (told.person, told.kind) == (alice, "mark_due")
    assert told.text == "Northwind: was the mark “Two desks” met?"
    objective.refresh_from_db()
    assert objective.next_check_at == at(3, 31, 2028).replace(hour=0)
    from reviews.planning import sweeping

    assert sweeping.still_stands(told)
    objectives.say(objective.marks.get(), True, by=alice, at=at(12, 31))
    assert not sweeping.still_stands(told)
    objectives.end(objective, "missed", "No.", by=alice, at=at(12, 31))
    assert sweeper.run(at(12, 31, 2030), "objectives")["objectives"] == 0


def test_a_target_is_set_and_opens_onto_its_rows(
    client: Client, grown: Partner, sell: Sell, aim: Aim, alice: User
) -> None:
    sell("Roll-out", 1_250_000, at(5, 5))
    sell("Next one", 900, expected_close_on=date(2026, 6, 20))
    client.force_login(alice)
    add = reverse("reviews:target_add", args=[grown.pk])
    typed = {"quarter": "2026-04-01", "measure": "won_sourced", "wanted": "25.000,50", "currency": "EUR"}
    refused = client.post(add, typed | {"wanted": "25.000"})
    assert refused.status_code == 422
    assert "can be read in two ways" in refused.content.decode()
    assert client.post(add, typed).status_code == 303
    assert client.post(add, typed).status_code == 422
    assert client.post(add, typed | {"measure": "certified", "wanted": "9" * 25}).status_code == 422
    target = Target.objects.get()
    assert (target.wanted, target.currency) == (2_500_050, "EUR")
    rows = client.get(target.get_absolute_url()).content.decode()
    assert "Roll-out, Baker Foods" in rows
    assert "Next one, Baker Foods" in rows
    assert "EUR 12,500 of EUR 25,000.50" in page(client, grown)
    change = reverse("reviews:target_change", args=[target.pk])
    assert b'value="25000.50"' in client.get(change).content
    assert client.post(change, {"wanted": "12500"}).status_code == 303
    assert "reached" in page(client, grown)
    assert client.post(reverse("reviews:target_drop", args=[target.pk])).status_code == 303
    assert client.get(reverse("reviews:target", args=[target.pk])).status_code == 404


def test_the_head_sets_what_the_company_wants(
    client: Client, objective: Objective, alice: User, erin: User
) -> None:
    address = reverse("reviews:company_objectives")
    typed = {"text": "A third of revenue with partners", "year": 2026, "owner": erin.pk}
    client.force_login(alice)
    assert client.post(address, typed).status_code == 403
    client.force_login(erin)
    assert client.post(address, typed | {"year": 1999}).status_code == 422
    assert client.post(address, typed).status_code == 303
    theirs = CompanyObjective.objects.get()
    Objective.objects.update(serves=theirs)
    client.force_login(alice)
    assert "1 objective with partners" in client.get(address).content.decode()
    assert "Lead the region" in client.get(theirs.get_absolute_url()).content.decode()
    assert "A third of revenue with partners" in page(client, objective.partner)
    alice.company.__class__.objects.update(reading="own")
    client.force_login(erin)
    client.post(reverse("reviews:company_objective_drop", args=[theirs.pk]))
    assert "None is set" in client.get(address).content.decode()
