"""Issues from other programs, and what is told of reviews, surveys and health."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partners.models import Partner
from prm import clock
from reviews.issues.models import Cause
from reviews.meetings import steps
from reviews.meetings.packet import shown
from reviews.models import Packet, Review
from reviews.planning import goals
from team.models import User
from tests.conftest import MONDAY
from tests.programs import Program, program
from tests.scene import Scene

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


def test_an_issue_is_raised_solved_and_opened_again(alices: Program, northwind: Partner) -> None:
    Cause.objects.create(name="Fault in the server")
    raised = alices.send(f"{API}/issues/", {"partner": northwind.pk, "title": "Slow", "severity": "serious"})
    assert raised.status_code == 201, raised.content
    issue = raised.json()
    assert alices.get(f"{API}/waits/{issue['wait']}/").json()["metric"] == "issue"
    here = f"{API}/issues/{issue['id']}"
    unsaid = alices.send(f"{here}/solve/", {"words": "A new disk.", "cause": "Bad luck"})
    assert (unsaid.status_code, list(unsaid.json())) == (400, ["cause"])
    solved = alices.send(f"{here}/solve/", {"words": "A new disk.", "cause": "fault in the server"})
    assert solved.json()["state"] == "solved"
    assert alices.send(f"{here}/open-again/", {"why": "Still slow."}).json()["state"] == "open"


def test_an_issue_is_handed_over_graded_anew_and_escalated_once(
    alices: Program, alice: User, bob: User, erin: User, northwind: Partner
) -> None:
    raised = alices.send(f"{API}/issues/", {"partner": northwind.pk, "title": "Slow", "severity": "minor"})
    here = f"{API}/issues/{raised.json()['id']}"
    assert raised.json()["owner"] == alice.pk
    assert alices.send(f"{here}/hand-over/", {"to": bob.pk}).json()["owner"] == bob.pk
    graded = alices.send(f"{here}/regrade/", {"severity": "critical", "why": "It stands still."}).json()
    assert graded["severity"] == "critical"
    assert graded["due_at"] < raised.json()["due_at"]
    escalated = alices.send(f"{here}/escalate/", {"to": erin.pk, "why": "We need a server."}).json()
    (before,) = escalated["escalations"]
    assert (before["to"], before["why"], before["by"]) == (erin.pk, "We need a server.", alice.pk)
    twice = alices.send(f"{here}/escalate/", {"to": erin.pk, "why": "Again."})
    assert (twice.status_code, twice.json()["detail"]) == (409, "It stands before Erin already.")
    assert program(bob).send(f"{here}/hand-over/", {"to": alice.pk}).status_code == 200


def test_how_an_issue_was_solved_is_kept(alices: Program, northwind: Partner, contoso: Partner) -> None:
    Cause.objects.create(name="Fault in the server")
    said = alices.send(f"{API}/messages/", {"partner": contoso.pk, "channel": "call", "body": "Slow."}).json()
    sent = {"partner": northwind.pk, "title": "Slow", "severity": "minor"}
    apart = alices.send(f"{API}/issues/", {**sent, "conversation": said["conversation"]})
    assert (apart.status_code, list(apart.json())) == (400, ["conversation"])
    here = f"{API}/issues/{alices.send(f'{API}/issues/', sent).json()['id']}"
    (cause,) = alices.get(f"{API}/issue-causes/").json()["results"]
    alices.send(f"{here}/solve/", {"words": "A new disk.", "cause": cause["id"]})
    alices.send(f"{here}/open-again/", {"why": "Still slow."})
    (kept,) = alices.get(f"{here}/").json()["resolutions"]
    assert (kept["words"], kept["cause"]) == ("A new disk.", "Fault in the server")
    assert kept["reopened_why"] == "Still slow."


def test_the_packet_of_a_review_is_told_as_the_page_shows_it(
    alices: Program, review: Review, alice: User
) -> None:
    goals.add(review.partner, "Ten engineers", by=alice, at=MONDAY)
    here = f"{API}/reviews/{review.pk}/packet/"
    ahead = alices.get(here).json()
    assert (ahead["frozen_at"], ahead["fingerprint"]) == (None, "")
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    kept = alices.get(here).json()
    assert kept["fingerprint"] == Packet.objects.get().fingerprint
    parts = [each for each in shown.parts(review, MONDAY) if not each.is_hidden and not each.is_empty]
    assert parts
    assert [(each["key"], each["values"]) for each in kept["sections"]] == [
        (each.key, each.values) for each in parts
    ]


def test_health_is_told_in_points_with_its_lines(scene: Scene) -> None:
    told = program(scene.people["alice"]).get(f"{API}/health/{scene.of('health')}/").json()
    assert 0 <= told["score"] <= 100
    for line in told["lines"].values():
        assert 0 <= line["points"] <= line["most"] <= 100


def test_what_one_may_not_see_is_in_no_list(scene: Scene) -> None:
    rolf = program(scene.people["roleless"])
    for noun in (
        *("agreements", "applications", "assignments", "certificates", "commitments", "contacts"),
        *("conversations", "courses", "deals", "decisions", "fits", "health", "imports", "issues"),
        *("messages", "partners", "plans", "reviews", "surveys", "tasks", "tiers", "visits", "waits"),
    ):
        answer = rolf.get(f"{API}/{noun}/")
        assert (answer.status_code, answer.json()["results"]) == (200, []), noun


def test_a_review_is_prepared_moved_and_decided_on(
    alices: Program, alice: User, bob: User, review: Review
) -> None:
    here = f"{API}/reviews/{review.pk}"
    assert program(bob).send(f"{here}/prepare/").status_code == 403
    assert alices.send(f"{here}/prepare/").json()["state"] == "preparing"
    assert alices.send(f"{here}/prepare/").status_code == 409
    to = (clock.now() + timedelta(days=20)).date().isoformat()
    moved = alices.send(f"{here}/move/", {"to": to, "side": "theirs", "reason": "They travel."})
    assert moved.json()["on"] == to
    early = alices.send(f"{here}/outcome/", {"outcome": "keep"})
    assert (early.status_code, early.json()["detail"]) == (409, "This review is preparing by now.")
    steps.hold(review, clock.now().date(), by=alice, at=clock.now())
    assert alices.send(f"{here}/outcome/", {"outcome": "keep"}).json()["outcome"] == "keep"
    assert alices.send(f"{here}/share-outcome/").status_code == 200
    unsent = alices.send(f"{here}/close/")
    assert (unsent.status_code, unsent.json()["detail"]) == (409, "This review is held by now.")


def test_a_review_that_is_cancelled_leaves_the_next_one_planned(alices: Program, review: Review) -> None:
    sent = {"side": "ours", "reason": "Nothing to say."}
    assert alices.send(f"{API}/reviews/{review.pk}/cancel/", sent).json()["state"] == "cancelled"
    states = [each["state"] for each in alices.get(f"{API}/reviews/").json()["results"]]
    assert sorted(states) == ["cancelled", "planned"]


def test_a_round_is_sent_and_closed_by_who_runs_surveys(scene: Scene) -> None:
    here = f"{API}/surveys/{scene.of('survey')}"
    assert program(scene.people["bob"]).send(f"{here}/close/").status_code == 403
    alices = program(scene.people["alice"])
    assert alices.send(f"{here}/send/").status_code == 409
    assert alices.send(f"{here}/answer-all/", {"words": "Thank you."}).status_code == 200
    assert alices.send(f"{here}/close/").json()["closed_at"]
    assert alices.send(f"{here}/close/").status_code == 409
