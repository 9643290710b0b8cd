"""Memberships, links and lists from other programs: the verbs of the pages, and their refusals."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners import assignments, links, lists
from partners.models import Link, Membership, Partner, Programme, Tier
from prm import clock, jobs
from prm.api.schema import document
from team.models import Company, Region, User
from tests.programs import Program, program
from tests.scene import Scene

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


def test_a_partner_joins_a_programme_rises_and_leaves_it(
    alices: Program, northwind: Partner, programme: Programme
) -> None:
    Region.objects.create(name="Nordics")
    silver = Tier.objects.get(programme=programme, name="Silver")
    sent = {"partner": northwind.pk, "programme": programme.name, "regions": ["nordics"]}
    made = alices.send(f"{API}/memberships/", {**sent, "starts_on": "2026-01-01"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["is_main"], told["tier"], told["regions"]) == (True, None, ["Nordics"])
    here = f"{API}/memberships/{told['id']}"
    changed = alices.send(f"{here}/", {"tier": silver.pk}, "patch").json()
    assert (changed["tier_name"], changed["starts_on"]) == ("Silver", "2026-01-01")
    assert changed["regions"] == ["Nordics"]
    northwind.refresh_from_db()
    assert northwind.tier == silver
    again = alices.send(f"{API}/memberships/", sent)
    assert (again.status_code, again.json()["detail"]) == (
        409,
        f"Northwind is in {programme.name} already.",
    )
    assert alices.send(f"{here}/end/", {"on": "2026-06-01"}).json()["ends_on"] == "2026-06-01"
    assert alices.send(f"{here}/main/").status_code == 409


def test_a_tier_of_another_programme_is_refused(
    alices: Program, northwind: Partner, programme: Programme
) -> None:
    other = Programme.objects.create(name="Another", kind=programme.kind)
    top = Tier.objects.create(programme=other, name="Top")
    sent = {"partner": northwind.pk, "programme": programme.pk, "tier": top.pk}
    refused = alices.send(f"{API}/memberships/", sent)
    assert (refused.status_code, Membership.objects.count()) == (409, 0)
    assert "is no tier of" in refused.json()["detail"]


def test_partners_are_linked_without_circles_and_unlinked(
    alices: Program, northwind: Partner, contoso: Partner
) -> None:
    sent = {"of": northwind.pk, "kind": "distributes_to", "other": contoso.pk}
    made = alices.send(f"{API}/links/", sent)
    assert made.status_code == 201, made.content
    circle = alices.send(f"{API}/links/", {**sent, "of": contoso.pk, "other": northwind.pk})
    assert (circle.status_code, "circle" in circle.json()["detail"]) == (409, True)
    ended = alices.send(f"{API}/links/{made.json()['id']}/end/", {"on": "2027-03-31"})
    assert ended.json()["ends_on"] == "2027-03-31"
    assert alices.get(f"{API}/links/?other={contoso.pk}").json()["results"] == [ended.json()]


def test_a_link_to_a_partner_one_may_not_see_is_not_told(
    alice: User, alices: Program, northwind: Partner, contoso: Partner
) -> None:
    made = links.link(northwind, contoso, Link.Kind.OWNED_BY, by=alice, at=clock.now())
    Company.objects.update(reading=Company.Reading.OWN)
    assert not Partner.objects.visible_to(User.objects.get(pk=alice.pk)).filter(pk=contoso.pk).exists()
    assert alices.get(f"{API}/links/").json()["results"] == []
    assert alices.get(f"{API}/links/{made.pk}/").status_code == 404


def test_lists_name_what_fields_take(scene: Scene) -> None:
    told = program(scene.people["bob"])
    for noun, name in (
        *(("regions", "Somewhere"), ("verticals", "Something"), ("programmes", "Resellers")),
        *(("partner-types", "Reseller"), ("end-reasons", "No answer"), ("sources", "Referral")),
    ):
        rows = told.get(f"{API}/{noun}/").json()["results"]
        assert {"id", "name", "position", "retired_at"} <= set(rows[0]), noun
        if name in {row["name"] for row in rows}:
            (found,) = told.get(f"{API}/{noun}/?name={name}").json()["results"]
            assert found["name"] == name


def handed_in(them: Program, text: str, noun: str = "partners") -> Any:
    file = SimpleUploadedFile("list.csv", text.encode())
    return them.post(f"{API}/imports/", {"data": json.dumps({"noun": noun}), "file": file})


def test_a_file_is_handed_in_read_and_goes_in(alices: Program, alice: User) -> None:
    lists.seed()
    unknown = handed_in(alices, "Name\nLitware\n", "planets")
    assert (unknown.status_code, list(unknown.json())) == (400, ["noun"])
    made = handed_in(alices, "Name,Website\nLitware,https://litware.example\n,\nX,not a site\n")
    assert made.status_code == 201, made.content
    here = f"{API}/imports/{made.json()['id']}"
    assert made.json()["state"] == "checking"
    early = alices.send(f"{here}/let-in/")
    assert early.status_code == 409
    jobs.run_due(at=clock.now())
    told = alices.get(f"{here}/").json()
    assert told["state"] == "ready"
    rows = alices.get(f"{API}/import-rows/?of={told['id']}&outcome=new").json()["results"]
    assert [row["title"] for row in rows] == ["Litware"]
    whole = alices.send(f"{here}/let-in/")
    assert (whole.status_code, "rejected" in whole.json()["detail"]) == (409, True)
    assert alices.send(f"{here}/let-in/", {"skip_rejected": True}).json()["state"] == "running"
    jobs.run_due(at=clock.now())
    assert alices.get(f"{here}/").json()["state"] == "done"
    assert Partner.objects.get().name == "Litware"


def test_a_file_that_did_not_go_in_is_dropped_by_whose_it_is(alices: Program, bob: User) -> None:
    lists.seed()
    here = f"{API}/imports/{handed_in(alices, 'Name,Website').json()['id']}"
    jobs.run_due(at=clock.now())
    assert program(bob).delete(f"{here}/").status_code == 404
    assert alices.delete(f"{here}/").status_code == 204
    assert alices.get(f"{here}/").status_code == 404


def test_a_profile_is_drafted_changed_weighed_and_published(
    alices: Program, ravi: User, northwind: Partner
) -> None:
    assert alices.send(f"{API}/profiles/", {}).status_code == 403
    ravis = program(ravi)
    made = ravis.send(f"{API}/profiles/", {"starter": "general"})
    assert made.status_code == 201, made.content
    here = f"{API}/profiles/{made.json()['id']}"
    assert ravis.send(f"{API}/profiles/", {}).status_code == 409
    country = {"name": "Country", "weight": 30, "kind": "choice", "source": "country", "written": "DE=1"}
    wrong = ravis.send(f"{here}/", {"criteria": [{**country, "kind": "number"}]}, "patch")
    assert wrong.status_code == 400
    assert "kind" in json.dumps(wrong.json())
    rated = {"name": "People", "weight": 70, "kind": "rating", "must_have": True}
    changed = ravis.send(f"{here}/", {"criteria": [rated], "why": "Fewer."}, "patch").json()
    assert [(each["key"], each["weight"]) for each in changed["criteria"]] == [("people", 70)]
    assert (changed["why"], changed["strong_at"]) == ("Fewer.", made.json()["strong_at"])
    steps = ravis.send(f"{here}/", {"strong_at": 10}, "patch")
    assert (steps.status_code, "descend" in steps.json()["detail"]) == (409, True)
    assert set(ravis.get(f"{here}/effect/").json()) == {"mark", "up", "down", "stay", "bands", "movers"}
    assert alices.get(f"{here}/effect/").status_code == 403
    assert ravis.send(f"{here}/publish/").json()["state"] == "published"
    assert ravis.send(f"{here}/", {"why": "Other."}, "patch").status_code == 409
    assert ravis.get(f"{here}/effect/").status_code == 409
    assert ravis.delete(f"{here}/").status_code == 409


def test_a_program_overwrites_no_draft_and_publishes_none_that_it_did_not_see(ravi: User) -> None:
    ravis = program(ravi)
    made = ravis.send(f"{API}/profiles/", {"starter": "general"}).json()
    here = f"{API}/profiles/{made['id']}"
    seen = {"seen": made["mark"]}
    changed = ravis.send(f"{here}/", {"strong_at": 80} | seen, "patch").json()
    assert ravis.get(f"{here}/").json()["mark"] == changed["mark"] != made["mark"]
    stale = ravis.send(f"{here}/", {"strong_at": 90} | seen, "patch")
    assert stale.status_code == 409
    assert "Ravi changed General v1 meanwhile" in stale.json()["detail"]
    (reason,) = stale.json()["reasons"]
    assert reason.endswith("changed the draft General v1: Strong fit from 75 → 80")
    assert ravis.send(f"{here}/publish/", seen).status_code == 409
    assert ravis.send(f"{here}/", {"strong_at": 80} | seen, "patch").status_code == 200  # it stands so
    assert ravis.send(f"{here}/", {"weak_at": 30}, "patch").status_code == 200  # unasked
    mark = ravis.get(f"{here}/effect/").json()["mark"]
    now = ravis.send(f"{here}/publish/", {"seen": mark}).json()
    assert (now["state"], now["strong_at"], now["weak_at"]) == ("published", 80, 30)


def test_a_program_discards_no_draft_that_it_did_not_see(alices: Program, ravi: User) -> None:
    ravis = program(ravi)
    made = ravis.send(f"{API}/profiles/", {"starter": "general"}).json()
    here = f"{API}/profiles/{made['id']}/"
    now = ravis.send(here, {"strong_at": 80}, "patch").json()
    stale = ravis.delete(f"{here}?seen={made['mark']}")
    assert stale.status_code == 409
    assert "Ravi changed General v1 meanwhile" in stale.json()["detail"]
    assert stale.json()["reasons"][0].endswith("Strong fit from 75 → 80")
    assert alices.delete(f"{here}?seen=soon").status_code == 403
    for unread in ("?seen=soon", "?seen=", f"?sen={now['mark']}"):
        assert ravis.delete(here + unread).status_code == 400, unread
    beside = ravis.generic("DELETE", here, json.dumps({"seen": now["mark"]}), "application/json")
    assert (beside.status_code, beside.json()) == (400, {"seen": ["Say it in the address, as ?seen=…"]})
    assert ravis.get(here).json() == now
    assert ravis.delete(f"{here}?seen={now['mark']}").status_code == 204
    assert ravis.delete(f"{here}?seen={now['mark']}").status_code == 404
    (said,) = [
        each
        for each in document()["paths"][f"{API}/profiles/{{id}}/"]["delete"]["parameters"]
        if each["in"] == "query"
    ]
    assert (said["name"], said["schema"]["type"]) == ("seen", "integer")
    unasked = ravis.send(f"{API}/profiles/", {"starter": "general"}).json()
    assert ravis.delete(f"{API}/profiles/{unasked['id']}/").status_code == 204


def test_a_partner_is_looked_up_by_its_whole_name_and_the_day_it_signed(
    alices: Program, northwind: Partner, contoso: Partner
) -> None:
    Partner.objects.filter(pk=northwind.pk).update(signed_on="2026-03-31")
    Partner.objects.filter(pk=contoso.pk).update(signed_on="2026-04-01")

    def found(query: str) -> list[str]:
        return [each["name"] for each in alices.get(f"{API}/partners/?{query}").json()["results"]]

    assert found("name=NORTHWIND") == ["Northwind"]
    assert found("name=north") == []
    assert found("signed_before=2026-04-01") == ["Northwind"]
    assert found("signed_from=2026-04-01") == ["Contoso"]
    assert list(alices.get(f"{API}/partners/?signed_from=soon").json()) == ["signed_from"]


def test_assignments_stand_in_the_order_they_began(
    alices: Program, alice: User, bob: User, northwind: Partner
) -> None:
    assignments.assign(northwind, bob, "growth", by=alice, at=clock.now(), starts_on=date(2025, 1, 1))
    told = alices.get(f"{API}/assignments/?sort=starts_on").json()["results"]
    assert [each["user"] for each in told] == [bob.pk, alice.pk]
