"""Outreach, planned ends and phases of deals from other programs: the verbs of the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lifecycle.growth import phases
from lifecycle.models import Phase, Task
from partners import lists
from partners.models import Contact, Partner
from prm import clock
from team.models import User
from tests.programs import Program, program
from tests.scene import deal_of

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


@pytest.fixture
def ravis(ravi: User) -> Program:
    return program(ravi)


def day(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def first_contact(ravis: Program) -> int:
    """A sequence of a mail and a call, written by the admin's program."""
    sequence: int = ravis.send(f"{API}/sequences/", {"name": "First contact"}).json()["id"]
    mail = {"sequence": sequence, "kind": "mail", "after_days": 0, "text": "Hello {contact first name}."}
    bare = ravis.send(f"{API}/sequence-steps/", mail)
    assert (bare.status_code, "needs a subject" in bare.json()["detail"]) == (409, True)
    assert ravis.send(f"{API}/sequence-steps/", {**mail, "subject": "Partners"}).status_code == 201
    call = {"sequence": sequence, "kind": "call", "text": "Call {contact}."}
    assert ravis.send(f"{API}/sequence-steps/", call).json()["after_days"] == 3
    return sequence


def test_a_sequence_is_written_and_switched_by_admins(ravis: Program, alices: Program) -> None:
    sequence = first_contact(ravis)
    steps = f"{API}/sequence-steps/?sequence={sequence}"
    rows = ravis.get(steps).json()["results"]
    (call,) = [row for row in rows if row["kind"] == "call"]
    path = f"{API}/sequence-steps/{call['id']}/"
    assert alices.get(steps).json()["results"] == []
    assert alices.send(path, {"after_days": 5}, "patch").status_code == 404
    changed = ravis.send(path, {"after_days": 5}, "patch").json()
    assert (changed["after_days"], changed["text"]) == (5, "Call {contact}.")
    assert ravis.send(f"{API}/sequences/{sequence}/switch/", {"on": True}).json()["sends_by_itself"]
    assert ravis.send(f"{API}/sequences/{sequence}/switch/", {"on": True}).status_code == 409
    assert ravis.send(path, method="delete").status_code == 204


def test_who_begins_outreach_sees_the_sequences_that_are_offered(ravis: Program, alices: Program) -> None:
    first = first_contact(ravis)
    empty = ravis.send(f"{API}/sequences/", {"name": "No touch yet"}).json()["id"]
    seen = f"{API}/sequences/"
    assert {row["id"] for row in ravis.get(seen).json()["results"]} == {first, empty}
    assert {row["id"] for row in alices.get(seen).json()["results"]} == {first}
    assert alices.get(f"{seen}{empty}/").status_code == 404
    ravis.send(f"{seen}{first}/", {"is_retired": True}, "patch")
    assert alices.get(seen).json()["results"] == []


def test_outreach_is_begun_approved_done_and_stopped(
    ravis: Program, alices: Program, northwind: Partner, nora: Contact
) -> None:
    sent = {"partner": northwind.pk, "sequence": first_contact(ravis), "contact": nora.pk}
    begun = alices.send(f"{API}/outreach/", sent)
    assert begun.status_code == 201, begun.content
    here = f"{API}/outreach/{begun.json()['id']}"
    assert alices.send(f"{API}/outreach/", sent).status_code == 409
    of = f"{API}/touches/?outreach={begun.json()['id']}"
    mail, call = sorted(alices.get(of).json()["results"], key=lambda row: row["position"])
    assert (mail["text"], mail["state"]) == ("Hello Nora.", "planned")
    edited = alices.send(f"{API}/touches/{mail['id']}/", {"text": "Hello Nora!"}, "patch").json()
    assert (edited["subject"], edited["text"]) == ("Partners", "Hello Nora!")
    assert alices.send(f"{here}/approve/").json()["approved_at"] is not None
    done = alices.send(f"{API}/touches/{mail['id']}/send/").json()
    assert done["state"] == "done"
    assert alices.get(f"{API}/messages/{done['message']}/").json()["body"] == "Hello Nora!"
    assert alices.send(f"{API}/touches/{mail['id']}/done/").status_code == 409
    skipped = alices.send(f"{API}/touches/{call['id']}/skip/", {"reason": "Away"}).json()
    assert (skipped["state"], skipped["note"]) == ("skipped", "Away")
    assert alices.get(f"{here}/").json()["state"] == "done"
    again = alices.send(f"{API}/outreach/", sent).json()
    stopped = alices.send(f"{API}/outreach/{again['id']}/stop/", {"reason": "They rang"}).json()
    assert (stopped["state"], stopped["ended_why"]) == ("stopped", "They rang")


def test_an_end_is_planned_settled_and_called_off(alices: Program, alice: User, northwind: Partner) -> None:
    lists.seed()
    phases.seed()
    sent = {"partner": northwind.pk, "kind": "mutual", "end_reason": "Goals missed", "last_on": day(30)}
    prospect = alices.send(f"{API}/endings/", sent)
    assert (prospect.status_code, "Only a live partnership" in prospect.json()["detail"]) == (409, True)
    Partner.objects.filter(pk=northwind.pk).update(status="live", stage="growth", step="")
    deal_of(northwind, alice, clock.now())
    planned = alices.send(f"{API}/endings/", sent)
    assert planned.status_code == 201, planned.content
    told = planned.json()
    assert (told["settle_by"], told["state"]) == (day(30), "planned")
    here = f"{API}/endings/{told['id']}"
    (loose,) = alices.get(f"{API}/loose-ends/?ending={told['id']}&part=deals").json()["results"]
    said = alices.send(f"{API}/loose-ends/{loose['id']}/", {"outcome": "Bob takes it"}, "patch").json()
    assert (said["outcome"], said["about_kind"]) == ("Bob takes it", "deal")
    assert "Bob takes it" in Task.objects.get(pk=loose["task"]).text
    assert alices.send(f"{here}/look-again/").status_code == 200
    assert alices.send(f"{here}/call-off/", {"reason": "They stay"}).json()["state"] == "called_off"
    assert not Task.objects.get(pk=loose["task"]).is_open
    assert alices.send(f"{here}/call-off/").status_code == 409


def test_phases_of_deals_are_kept_by_admins(ravis: Program, alices: Program) -> None:
    phases.seed()
    assert alices.send(f"{API}/deal-phases/", {"name": "Legal", "probability": 90}).status_code == 403
    made = ravis.send(f"{API}/deal-phases/", {"name": "Legal", "probability": 90}).json()
    assert (made["ends"], made["position"]) == ("open", 4)
    here = f"{API}/deal-phases/{made['id']}/"
    assert ravis.send(here, {"position": 0}, "patch").json()["position"] == 0
    changed = ravis.send(here, {"probability": 5, "is_retired": True}, "patch").json()
    assert (changed["name"], changed["probability"], changed["retired_at"] is None) == ("Legal", 5, False)
    assert ravis.send(here, {"is_retired": False}, "patch").json()["retired_at"] is None
    won = Phase.objects.get(ends=Phase.Ends.WON)
    refused = ravis.send(f"{API}/deal-phases/{won.pk}/", {"is_retired": True}, "patch")
    assert (refused.status_code, "Won and lost stay" in refused.json()["detail"]) == (409, True)
    assert [phase.name for phase in Phase.objects.all()][-2:] == ["Won", "Lost"]
