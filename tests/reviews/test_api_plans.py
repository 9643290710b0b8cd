"""The joint plan from other programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partners.models import Partner
from prm import clock
from reviews.models import Target, YearMark
from reviews.planning import targets
from team.models import User
from tests.programs import Program, program

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


def test_a_goal_is_written_down_changed_and_reached(alices: Program, bob: User, northwind: Partner) -> None:
    sent = {"partner": northwind.pk, "text": "Two more engineers", "ours": "Places in our course."}
    assert program(bob).send(f"{API}/goals/", sent).status_code == 403
    made = alices.send(f"{API}/goals/", sent)
    assert made.status_code == 201, made.content
    here = f"{API}/goals/{made.json()['id']}"
    changed = alices.send(f"{here}/", {"text": "Three engineers"}, "patch").json()
    assert (changed["text"], changed["ours"]) == ("Three engineers", "Places in our course.")
    assert program(bob).send(f"{here}/", {"text": "None"}, "patch").status_code == 403
    assert alices.send(f"{here}/end/", {"state": "reached"}).json()["state"] == "reached"
    assert alices.send(f"{here}/end/", {"state": "dropped"}).status_code == 409


def test_an_objective_keeps_what_is_left_out_and_says_what_came_of_it(
    alices: Program, northwind: Partner
) -> None:
    sent = {"partner": northwind.pk, "text": "Lead the region", "from_on": "2026-06-01"}
    longer = alices.send(f"{API}/objectives/", {**sent, "until_on": "2036-06-01"})
    assert (longer.status_code, "three years" in longer.json()["detail"]) == (409, True)
    made = alices.send(f"{API}/objectives/", {**sent, "until_on": "2028-05-31", "note": "Ours."})
    assert made.status_code == 201, made.content
    here = f"{API}/objectives/{made.json()['id']}"
    changed = alices.send(f"{here}/", {"text": "Lead the north"}, "patch").json()
    assert (changed["text"], changed["note"], changed["until_on"]) == (
        "Lead the north",
        "Ours.",
        "2028-05-31",
    )
    ended = alices.send(f"{here}/end/", {"state": "partly", "result": "Second place."}).json()
    assert (ended["state"], ended["result"]) == ("partly", "Second place.")
    assert alices.send(f"{here}/", {"text": "Again"}, "patch").status_code == 409


def test_an_experiment_says_what_is_tried(alices: Program, northwind: Partner) -> None:
    sent = {"partner": northwind.pk, "text": "A desk", "from_on": "2026-06-01", "until_on": "2026-09-01"}
    unsaid = alices.send(f"{API}/objectives/", {**sent, "is_experiment": True})
    assert unsaid.status_code == 409
    said = {"is_experiment": True, "trying": "A desk.", "how_we_know": "Ten leads."}
    made = alices.send(f"{API}/objectives/", {**sent, **said}).json()
    copy = alices.send(f"{API}/objectives/", {**sent, **said, "copied_from": made["id"]}).json()
    assert copy["copied_from"] == made["id"]
    rows = alices.get(f"{API}/objectives/?is_experiment=true&q=desk leads").json()["results"]
    assert alices.get(f"{API}/objectives/?is_experiment=true&q=desk fair").json()["results"] == []
    assert {row["id"] for row in rows} == {made["id"], copy["id"]}


def test_a_yearly_mark_is_met_or_taken_out(alices: Program, bob: User, northwind: Partner) -> None:
    sent = {"partner": northwind.pk, "text": "Lead", "from_on": "2026-06-01", "until_on": "2028-05-31"}
    objective = alices.send(f"{API}/objectives/", sent).json()["id"]
    marks = [
        alices.send(f"{API}/year-marks/", {"objective": objective, "on": on, "text": "First"}).json()["id"]
        for on in ("2026-12-31", "2027-12-31")
    ]
    assert alices.send(f"{API}/year-marks/{marks[0]}/say/", {"is_met": True}).json()["is_met"] is True
    assert alices.delete(f"{API}/year-marks/{marks[0]}/").status_code == 409
    assert program(bob).delete(f"{API}/year-marks/{marks[1]}/").status_code == 403
    assert alices.delete(f"{API}/year-marks/{marks[1]}/").status_code == 204
    assert YearMark.objects.get().pk == marks[0]


def test_a_target_is_set_read_changed_and_taken_out(alices: Program, bob: User, northwind: Partner) -> None:
    quarter = targets.offered(clock.now(), "UTC")[1]
    sent = {"partner": northwind.pk, "measure": "won_sourced", "first_on": quarter.first.isoformat()}
    bare = alices.send(f"{API}/targets/", {**sent, "wanted": 50_000})
    assert (bare.status_code, list(bare.json())) == (400, ["currency"])
    made = alices.send(f"{API}/targets/", {**sent, "wanted": 50_000, "currency": "EUR"})
    assert made.status_code == 201, made.content
    assert (made.json()["wanted"], Target.objects.get().wanted) == ("50000.00", 5_000_000)
    here = f"{API}/targets/{made.json()['id']}"
    assert alices.send(f"{here}/", {"wanted": 60_000}, "patch").json()["wanted"] == "60000.00"
    told = alices.get(f"{here}/standing/").json()
    assert (told["actual"], told["first_on"]) == ("0.00", sent["first_on"])
    between = (quarter.first + timedelta(days=3)).isoformat()
    apart = {**sent, "wanted": 1, "currency": "EUR", "first_on": between}
    assert alices.send(f"{API}/targets/", apart).status_code == 409
    assert program(bob).delete(f"{here}/").status_code == 403
    assert alices.delete(f"{here}/").status_code == 204
    assert alices.get(f"{here}/").status_code == 404


def test_heads_set_what_the_company_wants(alices: Program, erin: User) -> None:
    sent = {"text": "Grow", "year": clock.now().year, "owner": erin.pk}
    assert alices.send(f"{API}/company-objectives/", sent).status_code == 403
    erins = program(erin)
    made = erins.send(f"{API}/company-objectives/", sent)
    assert made.status_code == 201, made.content
    here = f"{API}/company-objectives/{made.json()['id']}"
    assert erins.send(f"{here}/", {"text": "Grow more"}, "patch").json()["year"] == sent["year"]
    assert erins.send(f"{here}/drop/").json()["dropped_at"]
    assert alices.get(f"{here}/").status_code == 200
