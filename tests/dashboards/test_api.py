"""Figures and coverage for other programs: what the pages show, of the same partners, withheld alike."""

from __future__ import annotations

from typing import Any

import pytest

from partners.models import Partner, Segment
from prm import clock
from prm.api.schema import document
from team.models import Company, Region, User
from tests.dashboards.insights.conftest import NOW
from tests.dashboards.insights.conftest import regions as regions
from tests.dashboards.insights.conftest import world as world
from tests.programs import program

JUNE = "since=2026-06-01&until=2026-06-29"


def read(person: User, query: str = "", what: str = "figures") -> Any:
    with clock.fixed(NOW):
        return program(person).get(f"/api/v1/{what}/?{query}")


def figure(told: Any, name: str, **where: Any) -> dict[str, Any]:
    """The one record of a figure; of all where no stage, week or owner is named."""
    wanted = {"stage": "", "step": "", "week": None, "owner": None, **where}
    (found,) = [
        each
        for each in told.json()["results"]
        if each["figure"] == name and all(each[key] == value for key, value in wanted.items())
    ]
    return dict(found)


def test_figures_are_told_as_the_page_shows_them(erin: User, alice: User, world: dict[str, Partner]) -> None:
    told = read(erin, JUNE)
    assert told.json()["time"] == {"since": "2026-06-01", "until": "2026-06-29"}
    assert told.json()["compared"] == {"since": "2026-05-03", "until": "2026-05-31"}
    assert told.json()["zone"] == "Europe/Berlin"
    assert told.json()["as_of"] == "2026-06-29T10:00:00Z"
    answered = figure(told, "in_time")
    assert (answered["value"], answered["unit"], answered["n"], answered["k"]) == (67, "%", 9, 6)
    assert (answered["interval"], answered["before"], answered["n_before"]) == ([35, 88], None, 0)
    assert figure(told, "in_time", week="2026-06-08")["n"] == 2
    assert figure(told, "late_outside", week="2026-06-08")["n"] == 0
    assert figure(told, "stayed_for", stage="recruitment")["target"] == 60
    assert figure(told, "on_the_road", stage="recruitment", step="identified")["value"] == 2
    went = figure(told, "went_on", stage="recruitment")
    assert (went["value"], went["k"], went["n"]) == (None, 2, 2)
    assert figure(told, "promises_made")["value"] == 6
    assert (figure(told, "load", owner=alice.pk)["value"], figure(told, "load", owner=alice.pk)["n"]) == (
        3,
        2,
    )
    schemas = document()["components"]["schemas"]
    assert told.json().keys() == schemas["FiguresRow"]["properties"].keys()
    assert answered.keys() == schemas["FigureRow"]["properties"].keys()


def test_figures_of_few_are_withheld_as_on_the_page(
    alice: User, bob: User, world: dict[str, Partner]
) -> None:
    told = read(alice, JUNE)
    for name in ("in_time", "promises_kept", "promises_made"):
        one = figure(told, name)
        assert (one["is_withheld"], one["value"], one["n"], one["k"]) == (True, None, None, None)
    assert figure(told, "came_in", stage="growth")["is_withheld"]
    assert figure(read(alice, f"{JUNE}&owner=me"), "in_time")["n"] == 7
    refused = read(alice, f"{JUNE}&owner={bob.pk}")
    assert refused.status_code == 403
    assert "figures of one person are seen by" in refused.json()["detail"]


def test_figures_are_of_the_partners_asked_for(
    erin: User, world: dict[str, Partner], regions: tuple[Region, Region]
) -> None:
    north, south = (figure(read(erin, f"{JUNE}&region={each.pk}"), "in_time")["n"] for each in regions)
    assert (north, south) == (7, 2)
    both = "&".join(f"region={each.pk}" for each in regions)
    assert figure(read(erin, f"{JUNE}&{both}"), "in_time")["n"] == 9


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=soon", "since"),
        ("period=century", "period"),
        ("until=2026-06-01", "since"),
        ("region=999999", "region"),
        ("owner=x", "owner"),
        ("stage=growth", "stage"),
        ("colour=red", "colour"),
    ],
)
def test_what_cannot_be_read_is_named(query: str, field: str, erin: User, world: dict[str, Partner]) -> None:
    told = read(erin, query)
    assert (told.status_code, [*told.json()]) == (400, [field])


def test_coverage_is_told_beside_what_is_wanted(erin: User, bob: User, world: dict[str, Partner]) -> None:
    north = Region.objects.get(name="North")
    Segment.objects.create(partners=9, people=0)
    Segment.objects.create(partners=3, people=0, region=north)
    told = read(erin, what="coverage").json()
    assert told["is_judged"]
    one, other = told["results"]
    assert (other["kind"], other["region"], other["vertical"], other["partners_wanted"]) == (
        None,
        north.pk,
        None,
        3,
    )
    assert (one["kind"], one["partners"], one["partners_wanted"], one["is_gap"]) == (None, 2, 9, True)
    assert one["prospects"] == 2
    Company.objects.update(reading="own")
    told = read(bob, what="coverage").json()
    assert (told["is_judged"], told["results"][0]["is_gap"]) == (False, False)
