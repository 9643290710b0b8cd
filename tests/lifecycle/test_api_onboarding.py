"""Kick-offs, integrations and courses from other programs: the verbs of the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lifecycle.models import Evidence, KickOff, Lesson, Product
from lifecycle.onboarding import templates
from partners.models import Contact, Event, Partner
from prm import clock
from prm.models import OutboxItem
from team.models import User
from tests.programs import Program, program

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


def moment(hours: float) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


def day(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def planned(them: Program, northwind: Partner, nora: Contact, **more: Any) -> Any:
    sent = {"partner": northwind.pk, "contacts": [nora.pk], "starts_at": moment(48), "ends_at": moment(49)}
    return them.send(f"{API}/kick-offs/", sent | more)


def test_a_kick_off_is_planned_moved_and_called_off(
    alices: Program, alice: User, bob: User, northwind: Partner, nora: Contact
) -> None:
    past = planned(alices, northwind, nora, starts_at=moment(-2), ends_at=moment(-1))
    assert (past.status_code, "a time to come" in past.json()["detail"]) == (409, True)
    made = planned(alices, northwind, nora, colleagues=[bob.pk], place="Room 1")
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["organiser"], told["contacts"], told["colleagues"]) == (alice.pk, [nora.pk], [bob.pk])
    assert OutboxItem.objects.filter(kind="kick_off").count() >= 1
    assert planned(alices, northwind, nora).status_code == 409
    here = f"{API}/kick-offs/{told['id']}"
    later = {"starts_at": moment(72), "ends_at": moment(73), "colleagues": []}
    moved = alices.send(f"{here}/", later, "patch").json()
    assert (moved["place"], moved["contacts"], moved["colleagues"]) == ("Room 1", [nora.pk], [])
    assert moved["starts_at"] > told["starts_at"]
    assert alices.send(f"{here}/hold/", {"minutes": "We met."}).json()["reasons"] == ["It has not begun yet."]
    off = alices.send(f"{here}/call-off/", {"reason": "Strike"}).json()
    assert (off["state"], off["reason"]) == ("called_off", "Strike")


def test_a_kick_off_is_held_with_minutes_and_promises(
    alices: Program, alice: User, northwind: Partner, nora: Contact
) -> None:
    told = planned(alices, northwind, nora).json()
    begun = {"starts_at": clock.now() - timedelta(hours=2), "ends_at": clock.now() - timedelta(hours=1)}
    KickOff.objects.filter(pk=told["id"]).update(**begun)
    promise = {"text": "Send the slides", "promised_for": day(3)}
    held = alices.send(
        f"{API}/kick-offs/{told['id']}/hold/", {"minutes": "We agreed.", "promises": [promise]}
    ).json()
    assert (held["state"], held["minutes"]) == ("held", "We agreed.")
    message = alices.get(f"{API}/messages/{held['message']}/").json()
    assert (message["channel"], message["visible_to_partner"], message["minutes"]) == ("meeting", True, 60)
    (made,) = alices.get(f"{API}/commitments/?made_in={held['message']}").json()["results"]
    assert (made["text"], made["owner"]) == ("Send the slides", alice.pk)
    assert Evidence.objects.filter(partner=northwind, kind=Evidence.Kind.KICK_OFF_HELD).exists()


def test_an_integration_goes_live_once_nothing_is_in_the_way(
    alices: Program, alice: User, ravi: User, bob: User, northwind: Partner, nora: Contact
) -> None:
    product = Product.objects.create(name="Connect")
    checklist = templates.add("Connecting", None, by=ravi, at=clock.now(), product=product)
    step = {"text": "Build it", "side": "ours", "offset_days": 5, "waits_for": []}
    templates.save(checklist, None, step, by=ravi, at=clock.now())
    sent = {"partner": northwind.pk, "checklist": "Connecting", "starts_on": day(0)}
    assert list(alices.send(f"{API}/integrations/", sent).json()) == ["checklist"]
    templates.publish(checklist, by=ravi, at=clock.now())
    begun = alices.send(f"{API}/integrations/", {**sent, "our_contact": alice.pk})
    assert begun.status_code == 201, begun.content
    told = begun.json()
    assert (told["product"], told["state"], told["our_contact"]) == (product.pk, "running", alice.pk)
    here, of = f"{API}/integrations/{told['id']}", {"integration": told["id"]}
    assert alices.send(f"{here}/", {"their_contact": nora.pk}, "patch").status_code == 409
    Contact.objects.filter(pk=nora.pk).update(roles=["technical"])
    named = alices.send(f"{here}/", {"their_contact": nora.pk, "target_on": day(30)}, "patch").json()
    assert (named["their_contact"], named["our_contact"]) == (nora.pk, alice.pk)

    place = alices.send(f"{API}/environments/", {**of, "name": "Sandbox"}).json()
    ready = alices.send(f"{API}/environments/{place['id']}/", {"state": "ready"}, "patch").json()
    assert (ready["name"], ready["kind"], ready["state"]) == ("Sandbox", "sandbox", "ready")
    leak = {"address": "https://ops:hunter2@sandbox.example/"}
    assert alices.send(f"{API}/environments/{place['id']}/", leak, "patch").status_code == 409

    in_the_way = {**of, "text": "It answers with 503.", "is_blocking": True, "owner": bob.pk}
    raised = alices.send(f"{API}/obstacles/", in_the_way).json()
    assert (raised["owner"], raised["raised_by"]) == (bob.pk, alice.pk)
    not_yet = alices.send(f"{here}/live/", {"on": day(0)})
    assert (not_yet.status_code, len(not_yet.json()["reasons"])) == (409, 1)
    solved = f"{API}/obstacles/{raised['id']}"
    bobs = program(bob)
    assert bobs.send(f"{solved}/solve/", {"resolution": "Restarted."}).json()["closed_by"] == bob.pk
    assert alices.send(f"{solved}/open-again/").json()["closed_at"] is None
    assert alices.send(f"{solved}/", {"is_blocking": False}, "patch").json()["owner"] == bob.pk
    assert bobs.send(f"{here}/live/", {"on": day(0)}).status_code == 403
    assert alices.send(f"{here}/live/", {"on": day(0)}).json()["state"] == "live"
    assert alices.send(f"{here}/stop/", {"reason": "Replaced"}).json()["state"] == "ended"


def test_a_course_is_written_and_published(
    alices: Program, bob: User, django_capture_on_commit_callbacks: Any
) -> None:
    made = alices.send(f"{API}/courses/", {"title": "Selling", "pass_mark": 80})
    assert made.status_code == 201, made.content
    course = made.json()
    assert course["published_at"] is None
    assert alices.send(f"{API}/courses/", {"title": "Selling"}).status_code == 409
    here, of = f"{API}/courses/{course['id']}", {"course": course["id"]}
    assert "nothing to learn from" in alices.send(f"{here}/publish/").json()["detail"]
    sent = {"data": json.dumps({**of, "title": "Why", "body": "# Why"}), "file": pdf()}
    page = alices.post(f"{API}/course-pages/", sent).json()
    assert (page["file_name"], page["position"]) == ("why.pdf", 0)
    assert alices.get(f"{API}/course-pages/{page['id']}/file/").status_code == 200
    changed = alices.send(f"{API}/course-pages/{page['id']}/", {"body": "Words"}, "patch").json()
    assert (changed["title"], changed["body"], changed["file_name"]) == ("Why", "Words", "why.pdf")
    asked = {**of, "text": "Which?", "choices": ["A", "B"], "right": [1]}
    assert list(alices.send(f"{API}/course-questions/", {**asked, "choices": ["*A", "B"]}).json()) == [
        "choices"
    ]
    assert alices.send(f"{API}/course-questions/", {**asked, "right": [0, 1]}).status_code == 409
    question = alices.send(f"{API}/course-questions/", asked).json()
    path = f"{API}/course-questions/{question['id']}/"
    assert alices.send(path, {"right": [0]}, "patch").json()["right"] == [0]
    told = program(bob).get(path).json()
    assert (told["choices"], told["right"]) == (["A", "B"], None)
    assert program(bob).send(path, method="delete").status_code == 403
    assert alices.send(f"{here}/publish/").json()["published_at"] is not None
    assert alices.send(f"{here}/", {"about": "What we sell"}, "patch").json()["title"] == "Selling"
    assert alices.send(path, method="delete").status_code == 409
    assert alices.send(f"{here}/retire/").json()["retired_at"] is not None
    assert alices.send(path, method="delete").status_code == 204
    assert alices.get(path).status_code == 404
    kept = Lesson.objects.get(pk=page["id"]).file
    with django_capture_on_commit_callbacks(execute=True):
        assert alices.send(f"{API}/course-pages/{page['id']}/", method="delete").status_code == 204
    assert not kept.storage.exists(kept.name)
    assert Event.objects.filter(note="Selling: “Why” taken out", by_user__name="Alice").exists()


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("why.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
