"""A review held by another program: agenda, minutes, actions, signatures; and rounds of surveys."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations.models import Commitment
from partners.models import Contact, Programme
from prm import clock
from reviews import scheduling
from reviews.meetings import dates, signing
from reviews.meetings.packet import paper, sections
from reviews.models import Packet, Review, Rhythm, Survey
from reviews.planning import goals
from team.models import User
from tests.programs import Program, program

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


def test_a_review_is_held_written_down_sent_and_signed_by_us(
    alices: Program, alice: User, review: Review, nora: Contact
) -> None:
    here, today = f"{API}/reviews/{review.pk}", clock.now().date()
    topic = alices.send(f"{API}/review-topics/", {"review": review.pk, "text": "Prices"}).json()
    assert alices.delete(f"{API}/review-topics/{topic['id']}/").status_code == 204
    noted = alices.send(f"{API}/review-actions/", {"review": review.pk, "text": "Train two"})
    assert noted.status_code == 201, noted.content
    action = f"{API}/review-actions/{noted.json()['id']}/"
    written = alices.send(
        f"{here}/write/", {"words": "We talked.", "came": [nora.pk], "came_of_us": [alice.pk]}
    )
    assert written.status_code == 200, written.content
    assert alices.send(f"{here}/sign/", {"name": "Alice A"}).status_code == 409
    assert alices.send(f"{here}/hold/", {"on": today.isoformat()}).json()["state"] == "held"
    assert Packet.objects.filter(review=review).exists()
    due = (today + timedelta(days=20)).isoformat()
    promised = alices.send(action, {"owner": alice.pk, "due_on": due}, "patch").json()
    promise = Commitment.objects.get(pk=promised["commitment"])
    assert (promise.text, promise.owner) == ("Train two", alice)
    assert alices.send(action, {"text": "Train three"}, "patch").status_code == 409
    assert alices.delete(action).status_code == 409
    assert alices.send(f"{here}/send-minutes/").json()["state"] == "minutes"
    assert alices.send(f"{here}/send-minutes/").status_code == 409, "nothing differs"
    assert alices.send(f"{here}/sign/", {"name": "Alice A"}).json()["state"] == "minutes"
    told = alices.get(f"{here}/minutes/").json()
    assert (told["words"], told["came"], told["came_of_us"]) == ("We talked.", [nora.pk], [alice.pk])
    (version,) = told["versions"]
    assert [(each["side"], each["name"]) for each in version["signatures"]] == [("ours", "Alice A")]
    kept = signing.current(review)
    assert kept is not None
    assert version["fingerprint"] == kept.fingerprint


def test_minutes_that_are_being_written_are_for_those_who_run_it(
    alices: Program, bob: User, review: Review
) -> None:
    here = f"{API}/reviews/{review.pk}"
    alices.send(f"{here}/write/", {"words": "Not yet for others."})
    assert program(bob).get(f"{here}/minutes/").json()["words"] is None
    assert program(bob).send(f"{here}/write/", {"words": "Mine."}).status_code == 403


def test_people_of_another_partner_did_not_come(alices: Program, review: Review, omar: Contact) -> None:
    here = f"{API}/reviews/{review.pk}"
    for step, field in (("write", "came"), ("pre-read", "to")):
        answer = alices.send(f"{here}/{step}/", {field: [omar.pk]})
        assert (answer.status_code, list(answer.json())) == (400, [field])
    made = alices.send(
        f"{API}/review-actions/", {"review": review.pk, "text": "Call", "side": "theirs", "contact": omar.pk}
    )
    assert (made.status_code, list(made.json())) == (400, ["contact"])
    assert not review.actions.exists()


def test_definitions_are_confirmed_and_the_pre_read_is_sent(
    alices: Program, review: Review, nora: Contact
) -> None:
    here = f"{API}/reviews/{review.pk}"
    assert alices.send(f"{here}/confirm/").status_code == 409
    alices.send(f"{here}/prepare/")
    assert alices.send(f"{here}/confirm/").status_code == 200
    assert alices.get(f"{here}/packet/").json()["unconfirmed"] == []
    assert alices.send(f"{here}/pre-read/", {"to": [nora.pk]}).json()["state"] == "pre_read"


def test_an_issue_is_raised_in_a_review(alices: Program, review: Review) -> None:
    sent = {"partner": review.partner_id, "title": "Slow", "severity": "serious", "review": review.pk}
    assert alices.send(f"{API}/issues/", sent).json()["review"] == review.pk


def test_a_round_is_made_as_its_page_makes_it_and_thrown_away(alices: Program, bob: User) -> None:
    sent = {"title": "How we work", "kind": "how", "behaviours": ["fairness"], "is_confidential": True}
    made = alices.send(f"{API}/surveys/", {**sent, "cut": "tier"})
    assert made.status_code == 201, made.content
    kept = Survey.objects.get()
    assert (kept.is_confidential, kept.cut, kept.questions.get().behaviour) == (True, "tier", "fairness")
    for wrong, field in (
        ({"behaviours": []}, "behaviours"),
        ({"kind": "own"}, "own"),
        ({"is_confidential": False, "cut": "tier"}, "cut"),
    ):
        answer = alices.send(f"{API}/surveys/", {**sent, **wrong})
        assert (answer.status_code, list(answer.json())) == (400, [field])
    assert program(bob).send(f"{API}/surveys/", sent).status_code == 403
    assert alices.delete(f"{API}/surveys/{kept.pk}/").status_code == 204
    assert not Survey.objects.exists()


def test_people_are_asked_to_a_review_and_told_what_differs(
    alices: Program, alice: User, bob: User, review: Review, nora: Contact, omar: Contact
) -> None:
    here = f"{API}/reviews/{review.pk}/invite/"
    begins = datetime.combine(clock.now().date() + timedelta(days=7), time(10), ZoneInfo(alice.zone))
    Review.objects.filter(pk=review.pk).update(on=begins.date())
    sent = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=1)).isoformat()}
    strangers = alices.send(here, {**sent, "contacts": [omar.pk]})
    assert strangers.json() == {"contacts": ["Choose people of the partner."]}
    asked = alices.send(here, {**sent, "contacts": [nora.pk], "colleagues": [bob.pk], "place": "Room 1"})
    assert asked.status_code == 200, asked.content
    told = asked.json()
    assert (told["review"], told["organiser"]) == (review.pk, alice.pk)
    assert (told["contacts"], told["colleagues"], told["place"]) == ([nora.pk], [bob.pk], "Room 1")
    again = alices.send(here, {**sent, "contacts": [nora.pk], "place": "Room 2"}).json()
    assert (again["id"], again["colleagues"], again["place"]) == (told["id"], [], "Room 2")
    another_day = (begins + timedelta(days=1)).isoformat()
    refused = alices.send(here, {**sent, "contacts": [nora.pk], "starts_at": another_day})
    assert (refused.status_code, "Move it first" in refused.json()["detail"]) == (409, True)


def test_the_packet_is_arranged(alices: Program, review: Review, alice: User) -> None:
    for text in ("Ten engineers", "A joint desk"):
        goals.add(review.partner, text, by=alice, at=clock.now())
    here = f"{API}/reviews/{review.pk}"
    keys = [each["key"] for each in alices.get(f"{here}/packet/").json()["sections"]]
    for _section in sections.all_sections():  # those that are empty now are passed, too
        assert alices.send(f"{here}/arrange/", {"key": keys[1], "do": "up"}).status_code == 200
    alices.send(f"{here}/arrange/", {"key": keys[1], "do": "comment", "comment": "Well done."})
    packet = alices.get(f"{here}/packet/").json()
    assert packet["sections"][0]["key"] == keys[1]
    assert [each["comment"] for each in packet["sections"] if each["key"] == keys[1]] == ["Well done."]
    alices.send(f"{here}/arrange/", {"key": keys[0], "do": "hide"})
    packet = alices.get(f"{here}/packet/").json()
    assert keys[0] in packet["hidden"]
    assert keys[0] not in [each["key"] for each in packet["sections"]]
    assert alices.send(f"{here}/arrange/", {"key": "nothing", "do": "up"}).status_code == 409


def test_reviews_of_a_partner_are_counted_anew(alices: Program, review: Review) -> None:
    path = f"{API}/partners/{review.partner_id}/review-rhythm/"
    assert alices.send(path, {"anchor_on": "2026-01-31", "months": 5}).json().keys() == {"months"}
    assert alices.send(path, {"anchor_on": "2026-01-31", "months": 6}).status_code == 200
    rhythm = Rhythm.objects.get(partner=review.partner)
    assert (rhythm.anchor_on.isoformat(), rhythm.months) == ("2026-01-31", 6)


def test_admins_say_how_often_partners_of_a_tier_are_reviewed(
    alices: Program, ravi: User, programme: Programme
) -> None:
    tier, ravis = programme.tiers.order_by("rank")[0], program(ravi)
    path = f"{API}/review-cadences/{tier.pk}/"
    assert alices.get(path).status_code == 404
    assert ravis.get(path).json()["months"] == dates.months_for(tier.rank)
    assert ravis.send(path, {"months": 5}, "patch").json().keys() == {"months"}
    assert ravis.send(path, {"months": 12}, "patch").json()["months"] == 12
    assert scheduling.by_tier() == {tier.pk: 12}


@pytest.mark.skipif(not paper.is_there(), reason="WeasyPrint or its Pango is missing")
def test_the_packet_comes_as_a_file(alices: Program, review: Review) -> None:
    answer = alices.get(f"{API}/reviews/{review.pk}/pdf/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_where_no_file_can_be_made_it_says_so(
    alices: Program, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "_writer", lambda: None)
    answer = alices.get(f"{API}/reviews/{review.pk}/pdf/")
    assert (answer.status_code, "not set up on this machine" in answer.json()["detail"]) == (409, True)
