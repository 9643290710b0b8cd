"""The lists under Settings, kept by other programs as on the pages."""

from __future__ import annotations

import pytest

from partners.models import PartnerType, Programme
from prm.api.resources import every
from team.api.lists import Kept
from team.models import Region, Renaming, User
from tests.programs import program

API = "/api/v1"
KEPT = ["end-reasons", "issue-causes", "partner-types", "products", "programmes"]
KEPT += ["regions", "sources", "tier-measures", "verticals"]
WITH_MORE = ["deal-phases", "sequences"]  # than a name: kept by verbs of their own, tested where they live


@pytest.mark.parametrize("noun", KEPT)
def test_an_admin_adds_renames_moves_and_retires(noun: str, ravi: User, erin: User) -> None:
    told, here = program(ravi), f"{API}/{noun}/"
    more = {"kind": PartnerType.objects.create(name="Reseller").pk} if noun == "programmes" else {}
    first = told.send(here, {"name": "Alpha", **more})
    assert first.status_code == 201, first.content
    second = told.send(here, {"name": "Beta", **more}).json()
    assert told.send(here, {"name": "Beta", **more}).status_code == 409
    row = f"{here}{second['id']}/"
    moved = told.send(row, {"position": 0, "name": "Gamma"}, "patch").json()
    assert (moved["name"], moved["position"]) == ("Gamma", 0)
    assert Renaming.objects.filter(former="Beta", name="Gamma").exists()
    retired = told.send(row, {"is_retired": True}, "patch").json()
    assert retired["retired_at"] is not None
    assert told.send(row, {"is_retired": True}, "patch").json() == retired
    assert told.send(row, {"is_retired": False}, "patch").json()["retired_at"] is None
    assert program(erin).send(here, {"no such field": 1}).status_code == 403


def test_no_list_is_left_out() -> None:
    there = {each.noun for each in every() if issubclass(each.resource, Kept)}
    assert there == {*KEPT, *WITH_MORE}


def test_a_place_beyond_the_end_is_the_end_and_a_name_is_needed(ravi: User) -> None:
    told = program(ravi)
    ids = [told.send(f"{API}/regions/", {"name": name}).json()["id"] for name in ("North", "South", "West")]
    told.send(f"{API}/regions/{ids[0]}/", {"position": 99}, "patch")
    assert list(Region.objects.order_by("position").values_list("name", flat=True)) == [
        "South",
        "West",
        "North",
    ]
    unnamed = told.send(f"{API}/regions/", {"name": " "})
    assert (unnamed.status_code, list(unnamed.json())) == (400, ["name"])
    assert told.send(f"{API}/regions/{ids[0]}/", {"name": "x" * 81}, "patch").status_code == 400


def test_tiers_are_added_changed_and_moved_within_their_programme(ravi: User, programme: Programme) -> None:
    told = program(ravi)
    made = told.send(f"{API}/tiers/", {"programme": programme.pk, "name": "Bronze", "weight": "0.5"})
    assert made.status_code == 201, made.content
    assert made.json()["rank"] == 3
    here = f"{API}/tiers/{made.json()['id']}/"
    changed = told.send(here, {"name": "Top", "rank": 1}, "patch").json()
    assert (changed["name"], changed["rank"]) == ("Top", 1)
    assert [tier.name for tier in programme.tiers.order_by("rank")] == ["Top", "Gold", "Silver"]
    assert told.send(here, {"weight": 21}, "patch").status_code == 400
    assert told.send(here, {"is_retired": True}, "patch").json()["retired_at"] is not None
