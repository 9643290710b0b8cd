"""Tasks, plans and deals from other programs: the verbs of the pages, and no terms of agreements."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lifecycle.growth import phases
from lifecycle.models import Deal, Phase, Task
from partners import lists
from partners.models import Event, Partner
from prm import clock
from team.models import User
from tests.programs import Program, program
from tests.scene import Scene, agreed_with

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


def test_a_task_is_added_changed_done_and_taken_up_again(alices: Program, northwind: Partner) -> None:
    sent = {"partner": northwind.pk, "text": "Train two", "due_on": "2027-03-31"}
    made = alices.send(f"{API}/tasks/", sent)
    assert made.status_code == 201, made.content
    here = f"{API}/tasks/{made.json()['id']}"
    changed = alices.send(f"{here}/", {"due_on": "2027-04-01"}, "patch").json()
    assert (changed["text"], changed["due_on"]) == ("Train two", "2027-04-01")
    assert alices.send(f"{here}/done/", {"note": "Both"}).json()["done_at"].endswith("Z")
    twice = alices.send(f"{here}/done/")
    assert (twice.status_code, twice.json()["reasons"]) == (409, ["This task was done or skipped already."])
    assert alices.send(f"{here}/undone/").json()["done_at"] is None
    assert Task.objects.get().is_open


def test_a_deal_is_opened_changed_and_won(alices: Program, alice: User, northwind: Partner) -> None:
    phases.seed()
    sent = {"partner": northwind.pk, "name": "Roll-out", "customer": "Tailspin", "website": "tailspin.com"}
    made = alices.send(f"{API}/deals/", {**sent, "amount": 12500.5, "currency": "EUR", "outside_id": "006x"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["amount"], told["currency"], told["state"]) == ("12500.50", "EUR", "open")
    assert (told["customer_domain"], told["owner"]) == ("tailspin.com", alice.pk)
    assert told["credits"][0]["role"] == "sourced"
    here = f"{API}/deals/{told['id']}"
    assert alices.send(f"{here}/", {"probability": 60}, "patch").json()["customer_name"] == "Tailspin"
    won = Phase.objects.get(ends=Phase.Ends.WON)
    assert alices.send(f"{here}/move/", {"to": won.pk}).json()["state"] == "won"
    assert alices.send(f"{API}/deals/", {**sent, "outside_id": "006x"}).json() == {
        "outside_id": ["Another deal has this id."]
    }
    assert alices.get(f"{API}/deals/?outside_id=006x").json()["results"][0]["id"] == told["id"]
    assert Deal.objects.get().amount == 1_250_050


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"amount": 5}, "currency"),
        ({"amount": 0.001, "currency": "EUR"}, "amount"),
        ({"amount": 10**18, "currency": "EUR"}, "amount"),
        ({"amount": -1, "currency": "EUR"}, "amount"),
        ({"customer": ""}, "customer"),
        ({"phase": "Nowhere"}, "phase"),
        ({"next_step_on": "2027-01-01"}, "next_step"),
    ],
)
def test_what_of_a_deal_cannot_be_read_is_named(
    alices: Program, northwind: Partner, sent: dict[str, Any], field: str
) -> None:
    phases.seed()
    whole = {"partner": northwind.pk, "name": "Roll-out", "customer": "Tailspin"} | sent
    answer = alices.send(f"{API}/deals/", whole)
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_who_does_not_look_after_it_changes_nothing(scene: Scene, bob: User) -> None:
    bobs, partner = program(bob), scene.of("partner")
    for noun, sent in (
        ("tasks", {"text": "Theirs"}),
        ("plans", {"template": scene.of("plan template"), "starts_on": "2027-01-04"}),
        ("deals", {"name": "Theirs", "customer": "Tailspin"}),
    ):
        assert bobs.send(f"{API}/{noun}/", {"partner": partner, **sent}).status_code == 403, noun


def test_agreements_are_told_without_their_terms(
    alices: Program, alice: User, northwind: Partner, nora: Any
) -> None:
    agreed_with(northwind, nora, alice, clock.now())
    (told,) = alices.get(f"{API}/agreements/").json()["results"]
    assert set(told) == {
        *("id", "partner", "state", "kind", "signed_on", "starts_on", "ends_on"),
        *("notice_on", "ended_on", "renews", "created_at"),
    }


def test_a_prospect_is_parked_taken_up_declined_and_reopened(alices: Program, northwind: Partner) -> None:
    lists.seed()
    here = f"{API}/partners/{northwind.pk}"
    past = alices.send(f"{here}/park/", {"until": "2020-01-01"})
    assert (past.status_code, past.json()["detail"]) == (409, "Park it until a day that is still to come.")
    parked = alices.send(f"{here}/park/", {"until": "2050-01-01", "reason": "Next year"}).json()
    assert (parked["status"], parked["parked_until"]) == ("parked", "2050-01-01")
    assert alices.send(f"{here}/unpark/").json()["status"] == "prospect"
    unnamed = alices.send(f"{here}/decline/", {"side": "us", "end_reason": "Bad mood"})
    assert (unnamed.status_code, list(unnamed.json())) == (400, ["end_reason"])
    asked = {"side": "us", "end_reason": "no answer", "note": "Since June."}
    assert alices.send(f"{here}/decline/", asked).json()["status"] == "declined"
    (decision,) = alices.get(f"{API}/decisions/").json()["results"]
    assert (decision["reason"], decision["answer"]) == ("No answer. Since June.", "no")
    assert alices.send(f"{here}/reopen/", {"reason": "They wrote."}).json()["status"] == "prospect"


def test_evidence_signs_a_partner_on_and_is_withdrawn(alices: Program, northwind: Partner) -> None:
    sent = {"partner": northwind.pk, "kind": "agreement_signed", "on": "2026-06-01"}
    ahead = alices.send(f"{API}/evidence/", {**sent, "on": "2050-01-01"})
    assert ahead.status_code == 409
    made = alices.send(f"{API}/evidence/", sent)
    assert made.status_code == 201, made.content
    told = alices.get(f"{API}/partners/{northwind.pk}/").json()
    assert (told["signed_on"], told["step"]) == ("2026-06-01", "signed")
    here = f"{API}/evidence/{made.json()['id']}"
    assert alices.send(f"{here}/withdraw/", {"reason": "Not theirs."}).json()["withdrawn_at"]
    assert alices.get(f"{API}/partners/{northwind.pk}/").json()["signed_on"] is None


def test_the_file_of_an_agreement_is_read_by_few_and_that_is_kept(
    alices: Program, bob: User, northwind: Partner
) -> None:
    sent = {"partner": northwind.pk, "kind": "agreement_signed", "on": "2026-06-01"}
    file = SimpleUploadedFile("signed.pdf", b"%PDF-1.4\n%%EOF\n")
    made = alices.post(f"{API}/evidence/", {"data": json.dumps(sent), "file": file})
    assert made.status_code == 201, made.content
    assert made.json()["file_name"] == "signed.pdf"
    here = f"{API}/evidence/{made.json()['id']}/file/"
    assert program(bob).get(here).status_code == 403
    assert not Event.objects.filter(kind="evidence_read").exists()
    read = alices.get(here)
    assert (read.status_code, read.headers["Content-Type"]) == (200, "application/pdf")
    assert Event.objects.get(kind="evidence_read").note == "signed.pdf"
