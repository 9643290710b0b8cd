"""What answers lead to: a section of the packet in which nobody's mark is made out, and no gate and no tier.
Words that an admin deletes are gone here, too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations import corrections
from lifecycle import facts, gates
from lifecycle.growth.tiering import evaluating
from lifecycle.models import TierRules
from partners.models import Contact, Membership, Partner, Stage
from reviews.meetings.packet import shown
from reviews.models import Review
from reviews.surveying import answering, drawing, surveys
from reviews.surveying.models import Answer, Survey
from reviews.surveying.surveys import Outline
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.growth.tiering.conftest import rules as rules
from tests.lifecycle.growth.tiering.conftest import silver as silver
from tests.reviews.conftest import DAY

Scores = dict[str, str]


def asked(partner: Partner, kind: str, marks: list[int | None], by: User, **outline: bool) -> Survey:
    """A round that asks so many people of a partner; None leaves it unanswered."""
    survey = surveys.make(Outline("Spring", kind, **outline), by, MONDAY)  # type: ignore[arg-type]
    Survey.objects.filter(pk=survey.pk).update(drawn_at=MONDAY, closes_at=MONDAY + 30 * DAY)
    for n, mark in enumerate(marks):
        who = Contact.objects.create(partner=partner, name=f"P{n}", email=f"{n}@x.example", created_at=MONDAY)
        invitation = drawing.invitation(survey, who, "", MONDAY)
        invitation.save()
        if mark is not None:
            answering.answer(
                invitation, {survey.questions.get().pk: mark}, "", MONDAY + n * timedelta(hours=1)
            )
    return survey


def told(review: Review, days: int) -> Scores:
    part = next(e for e in shown.parts(review, MONDAY + days * DAY) if e.key == "satisfaction")
    return {row["key"]: str(row["value"]) for row in part.values.get("figures", [])}


def test_the_packet_tells_in_fives_and_nothing_confidential(review: Review, erin: User) -> None:
    asked(review.partner, Survey.Kind.NPS, [0] * 6, erin, is_confidential=True)
    assert told(review, 3) == {}
    asked(review.partner, Survey.Kind.NPS, [10, 10, 10, 9, 2, 0, None], erin)
    asked(review.partner, Survey.Kind.CSAT, [1, 1], erin)
    assert told(review, 0) == {}  # they can be changed still
    found = told(review, 3)
    assert found["nps"].startswith("+60 (")  # of the first five: the sixth moves nothing
    assert found["nps"].endswith("5 answers")
    assert (found["csat"], found["asked_csat"]) == ("fewer than 5 answers", "2")


@pytest.mark.django_db
def test_no_gate_and_no_tier_asks_a_survey(silver: Membership, rules: TierRules, erin: User) -> None:
    """Neither reads one row of the app that keeps surveys, and an answer moves neither."""
    partner = silver.partner

    def stands() -> object:
        conditions = [gates.conditions(facts.of(partner), gates.place(stage)) for stage in Stage.values[1:]]
        return conditions, evaluating.outcomes(rules, MONDAY.date())

    with CaptureQueriesContext(connection) as queries:
        before = stands()
    assert queries.captured_queries
    assert not [each["sql"] for each in queries if "reviews_" in each["sql"]]
    asked(partner, Survey.Kind.NPS, [0, 0, 0, 0, 0, None], erin)
    answering.stop(partner.contacts.latest("pk"), MONDAY)
    assert stands() == before


def test_words_of_a_comment_that_an_admin_deletes_are_gone(nora: Contact, erin: User, ravi: User) -> None:
    survey = asked(nora.partner, Survey.Kind.NPS, [], erin)
    other = drawing.invitation(survey, nora, "", MONDAY)
    other.save()
    pk = survey.questions.get().pk
    answering.answer(other, {pk: 3}, "My secret", MONDAY)
    answer = Answer.objects.get()
    assert answer.conversation is not None
    said = answer.conversation.messages.get()
    corrections.erase(said, "Asked for by law", ravi, MONDAY + DAY)
    answer.refresh_from_db()
    assert answer.comment == ""
    assert answer.marks.get().value == 3


def test_words_in_answer_to_a_question_are_gone_with_their_message(
    nora: Contact, erin: User, ravi: User
) -> None:
    own = [("What else…", "words"), ("How was it?", "five")]
    survey = surveys.make(Outline("Own", Survey.Kind.OWN, own=own), erin, MONDAY)
    Survey.objects.filter(pk=survey.pk).update(drawn_at=MONDAY, closes_at=MONDAY + 30 * DAY)
    invitation = drawing.invitation(survey, nora, "", MONDAY)
    invitation.save()
    words, five = survey.questions.all()
    answering.answer(invitation, {words.pk: "My secret", five.pk: 3}, "", MONDAY)
    answer = Answer.objects.get()
    assert answer.conversation is not None
    corrections.erase(answer.conversation.messages.get(), "Asked for by law", ravi, MONDAY + DAY)
    assert [str(mark) for mark in answer.marks.all()] == ["3"]
