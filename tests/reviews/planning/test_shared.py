"""What the partner reads and writes of the joint plan, and what the packet of a review shows of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from lifecycle.growth.models import Deal
from partners.models import Contact, Partner
from portal import passes
from prm import clock
from reviews.meetings import steps
from reviews.meetings.packet import shown
from reviews.models import CompanyObjective, Goal, Objective, Review
from reviews.planning import goals, objectives, packet
from reviews.planning.measures import MEASURES, Entry
from reviews.surveying import answering, surveys
from reviews.surveying.models import Answer, Invitation, Survey, SurveyQuestion
from reviews.surveying.surveys import Outline
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.reviews.planning.conftest import Aim, Sell, at
from tests.reviews.test_packet import figures, part

CANARY = "Their founder wants to sell"
OURS = "Leave the second tier behind"


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def token(nora: Contact, alice: User) -> str:
    return passes.token(passes.give(nora, 30, by=alice, at=MONDAY))


@pytest.fixture
def planned(grown: Partner, sell: Sell, aim: Aim, alice: User, erin: User) -> Objective:
    """A goal, an objective with what is ours alone, a mark, a target with a deal won and one open."""
    who = {"owner": erin, "created_by": erin, "created_at": MONDAY}
    serves = CompanyObjective.objects.create(text=OURS, year=2026, **who)
    goals.add(grown, "Ten engineers", by=alice, at=MONDAY, ours="Places in our course")
    wanted = objectives.Wanted(
        "Lead the region", date(2026, 4, 1), date(2026, 9, 1), serves=serves, note=CANARY
    )
    objective = objectives.add(grown, wanted, by=alice, at=MONDAY)
    objectives.add_mark(objective, date(2026, 5, 29), "Two desks", by=alice, at=MONDAY)
    sell("Roll-out", 3_000_000, at(5, 5))
    sell("Next one", 9_000_000, expected_close_on=date(2026, 8, 20))
    aim("won_sourced", 9_100_000)
    aim("won_sourced", 6_000_000, date(2026, 7, 1))
    return objective


def test_the_partner_reads_its_plan_and_nothing_that_is_ours_alone(
    client: Client, token: str, planned: Objective, contoso: Partner, alice: User
) -> None:
    goals.add(contoso, "Nothing for others", by=alice, at=MONDAY)
    page = client.get(reverse("portal:joint_plan", args=[token])).content.decode()
    for words in ("Ten engineers", "Places in our course", "Lead the region", "Two desks", "EUR 30,000 of"):
        assert words in page
    assert "EUR 62,000 would be its share by today" in page
    target = planned.partner.targets.earliest("pk")
    rows = client.get(reverse("portal:target", args=[token, target.pk])).content.decode()
    assert "Roll-out, Baker Foods" in rows
    for text in (page, rows):
        for ours in (CANARY, OURS, "Nothing for others", "/deals/", "joint-plan/objectives"):
            assert ours not in text


def test_the_partner_keeps_its_own_goals(
    client: Client, token: str, planned: Objective, contoso: Partner, alice: User
) -> None:
    add, goal = reverse("portal:add_goal", args=[token]), Goal.objects.get()
    assert client.post(add, {"text": " "}).status_code == 422
    assert client.post(add, {"text": "A second office"}).status_code == 303
    theirs = Goal.objects.latest("pk")
    assert (theirs.is_theirs, theirs.partner) == (True, planned.partner)
    assert Notice.objects.get(kind="goal_written").person == alice
    change = reverse("portal:change_goal", args=[token, goal.pk])
    assert client.post(change, {"text": "Twelve engineers"}).status_code == 303
    goal.refresh_from_db()
    assert (goal.text, goal.ours) == ("Twelve engineers", "Places in our course")
    refused = client.post(change, {"text": "x" * 301})
    assert refused.status_code == 422
    assert client.post(change, {"do": "reached"}).status_code == 303
    assert client.post(change, {"text": "Again"}).status_code == 422
    strange = goals.add(contoso, "Not yours", by=alice, at=MONDAY)
    for name, pk in (("change_goal", strange.pk), ("change_goal", 10**18)):
        assert client.post(reverse(f"portal:{name}", args=[token, pk]), {"text": "A"}).status_code == 404


def test_the_packet_shows_results_against_targets_and_the_next_quarter(
    review: Review, planned: Objective, alice: User
) -> None:
    against = part(review, "targets")
    assert figures(against) == {"Won, sourced by the partner, Q2 2026": "EUR 30,000 of EUR 91,000"}
    assert [(bar["share"], bar["should_share"], bar["pill"]) for bar in against.values["bars"]] == [
        (32, 68, "behind its line")
    ]
    assert [row["text"] for row in against.values["lines"]] == ["Two desks"]
    following = part(review, "next_quarter").values
    assert following["quarter"] == "Q3 2026"
    assert [(row["text"], row["note"]) for row in following["lines"]] == [
        (
            "Won, sourced by the partner: EUR 60,000 wanted",
            "EUR 90,000 open to close in it, 1.5 × the EUR 60,000 it lacks",
        ),
        ("Lead the region", "1 Sep 2026"),
    ]
    assert [row["text"] for row in part(review, "goals").values["lines"]] == ["Ten engineers"]
    everything = str([each.values for each in shown.parts(review, MONDAY)])
    assert CANARY not in everything
    assert OURS not in everything


def test_what_was_won_after_the_review_restates_nothing(
    review: Review, planned: Objective, sell: Sell, alice: User
) -> None:
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    review.refresh_from_db()
    sell("Later", 5_000_000, at(6, 20))
    assert part(review, "targets", at(6, 21)).restated == []
    Deal.objects.filter(name="Roll-out").update(amount=100)
    (restated,) = part(review, "targets", at(6, 21)).restated
    assert (restated.was, restated.now) == ("EUR 30,000 of EUR 91,000", "EUR 1 of EUR 91,000")


def test_before_a_review_its_page_says_what_the_plan_lacks(
    client: Client, review: Review, alice: User
) -> None:
    partner = review.partner
    assert packet.gaps(shown.asked(review, MONDAY)) == [
        "no goal of the partner’s own",
        "no target for Q3 2026",
    ]
    goals.add(partner, "Ten engineers", by=alice, at=MONDAY)
    assert packet.gaps(shown.asked(review, MONDAY))[0] == "a goal for which we do nothing yet"
    client.force_login(alice)
    assert "no target for Q3 2026" in client.get(review.get_absolute_url()).content.decode()


def test_satisfaction_is_read_from_answers_and_shows_nobody(
    client: Client,
    token: str,
    grown: Partner,
    aim: Aim,
    alice: User,
    erin: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Contact.objects.filter(partner=grown).update(email="")
    for n in range(6):
        Contact.objects.create(partner=grown, name=f"P{n} Reed", email=f"{n}@n.example", created_at=MONDAY)
    survey = surveys.make(Outline("Spring", Survey.Kind.NPS, "One question."), erin, MONDAY)
    surveys.draw(survey, erin, MONDAY)
    question = SurveyQuestion.objects.get(survey=survey, place=0)
    target = aim("nps", 30)
    address = reverse("portal:target", args=[token, target.pk])
    monkeypatch.setattr(clock, "now", lambda: at(6, 4))
    for invitation, mark in zip(Invitation.objects.asked(), (10, 10, 9, 3, 10, 0), strict=True):
        answering.answer(invitation, {question.pk: mark}, "", MONDAY)
        if Answer.objects.count() == 4:
            assert "30 wanted; fewer than 5 answers" in client.get(address).content.decode()
    page = client.get(address).content.decode()
    assert "+60 (-19 … +94, 5 answers) of 30" in page
    assert "Reed" not in page
    monkeypatch.setattr(clock, "now", lambda: at(6, 2))  # they can be changed still
    assert "fewer than 5 answers" in client.get(address).content.decode()
    monkeypatch.setattr(clock, "now", lambda: at(6, 4))
    client.force_login(alice)
    assert "P3 Reed" in client.get(target.get_absolute_url()).content.decode()


def test_a_score_of_five_counts_fours_and_fives() -> None:
    marks = [Entry(MONDAY.date(), mark, "", "five") for mark in (5, 4, 4, 3, 1)]
    score = MEASURES["csat"].score(marks)
    assert score is not None
    assert (score.words, score.n) == ("60 %", 5)
