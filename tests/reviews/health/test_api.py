"""The formula of health, kept by other programs as on its page."""

from __future__ import annotations

from typing import Any

import pytest

from partners.models import Partner
from prm import clock
from reviews.health import formulas, reckoning
from reviews.health.models import HealthFormula, Snapshot
from team.models import User
from tests.conftest import MONDAY
from tests.programs import Program, program
from tests.reviews.health.conftest import read

HERE = "/api/v1/health-formulas/"
ONLY_THEIRS = dict.fromkeys(reckoning.MEASURES, 0) | {"theirs": 5}


@pytest.fixture
def ravis(ravi: User) -> Program:
    return program(ravi)


def test_a_draft_is_written_tried_out_and_published(ravis: Program, known: Partner) -> None:
    read(MONDAY)
    made = ravis.send(HERE, {"weights": ONLY_THEIRS})
    assert made.status_code == 201, made.content
    assert (made.json()["state"], made.json()["weights"]["ours"], made.json()["watch_from"]) == (
        "draft",
        0,
        50,
    )
    assert ravis.send(HERE).status_code == 409  # there is one already
    here = f"{HERE}{made.json()['id']}/"
    changed = ravis.send(here, {"watch_from": 55}, "patch").json()
    assert (changed["watch_from"], changed["weights"]["theirs"]) == (55, 5)

    with clock.fixed(MONDAY):
        effect = ravis.get(f"{here}effect/").json()
    assert (effect["measured"], effect["moved"]) == (1, 1)
    assert effect["ways"] == [{"now": "Healthy", "then": "At risk", "partners": 1}]
    (mover,) = effect["movers"]
    assert (mover["partner"], mover["now"], mover["then"]) == (
        known.pk,
        {"score": 72.6, "colour": "healthy"},
        {"score": 50.3, "colour": "risk"},
    )
    assert mover["because"][0]["measure"] == "theirs"

    unsaid = ravis.send(f"{here}publish/")
    assert (unsaid.status_code, set(unsaid.json())) == (400, {"why"})
    assert ravis.send(f"{here}publish/", {"why": "Theirs count."}).json()["state"] == "published"
    assert formulas.current(MONDAY).weights["theirs"] == 5
    assert Snapshot.objects.get().score == 726  # what was read stays
    for again in (ravis.send(here, {"watch_from": 40}, "patch"), ravis.get(f"{here}effect/")):
        assert (again.status_code, "never changes" in again.json()["detail"]) == (409, True)
    assert ravis.send(f"{here}publish/", {"why": "Again."}).status_code == 409
    assert ravis.delete(here).status_code == 409


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"weights": {"charm": 3}}, "weights"),
        ({"weights": {"ours": 1001}}, "weights"),
        ({"half_life_days": 3}, "half_life_days"),
        ({"healthy_from": "high"}, "healthy_from"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(ravis: Program, other: dict[str, Any], field: str) -> None:
    answer = ravis.send(HERE, other)
    assert (answer.status_code, set(answer.json())) == (400, {field})
    assert formulas.draft() is None


def test_watch_begins_below_healthy(ravis: Program) -> None:
    refused = ravis.send(HERE, {"watch_from": 80})
    assert (refused.status_code, "Watch from" in refused.json()["detail"]) == (409, True)
    assert formulas.draft() is None


def test_a_draft_is_thrown_away_and_read_by_nobody_else(ravis: Program, alice: User) -> None:
    draft = ravis.send(HERE, {"healthy_from": 75}).json()["id"]
    alices = program(alice)
    assert [each["state"] for each in alices.get(HERE).json()["results"]] == ["published"]
    assert alices.get(f"{HERE}{draft}/").status_code == 404
    assert alices.send(HERE, {"healthy_from": 80}).status_code == 403
    assert ravis.delete(f"{HERE}{draft}/").status_code == 204
    assert not HealthFormula.objects.filter(state="draft").exists()
