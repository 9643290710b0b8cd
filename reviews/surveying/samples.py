"""Surveys of the sample company: a round on recommendation with its answers, and a confidential one that
runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from conversations import messages
from conversations.messages import Happening
from prm.samples import Sample
from reviews.surveying import answering, surveys
from reviews.surveying.models import Answer, Invitation, Survey, SurveyQuestion
from reviews.surveying.surveys import Outline
from team.models import User

MARKS = [10, 9, 9, 8, 8, 10, 7, 6, 9, 4, 10, 8, 9, 3, 7]
COMMENTS = {
    3: "Two of our quotes came back after the tender had closed. A word on the way would have helped.",
    6: "Good people. The portal could tell us sooner which deals are registered.",
    10: "The training in spring paid for itself within a month.",
}


def make(sample: Sample) -> None:
    ingrid = sample.made["users"]["ingrid"]
    chance = sample.random("surveys")
    asked = _recommendation(ingrid, sample.at - timedelta(days=24), chance)
    if asked is not None:
        _how_we_work(ingrid, sample.at - timedelta(days=3))


def _recommendation(by: User, at: datetime, chance: Random) -> Survey | None:
    outline = Outline("Would you recommend us? Autumn", Survey.Kind.NPS, "One question, a minute.", size=60)
    survey = surveys.make(outline, by, at)
    try:
        surveys.draw(survey, by, at)
    except surveys.SurveyRefused:
        surveys.remove(survey, by, at)
        return None
    question = SurveyQuestion.objects.get(survey=survey)
    invited = list(Invitation.objects.asked().filter(survey=survey))
    for place, invitation in enumerate(invited):
        when = at + timedelta(hours=chance.randrange(2, 18 * 24))
        if chance.random() < 0.6:
            mark = MARKS[place % len(MARKS)]
            comment = COMMENTS.pop(mark, "")
            given = answering.answer(invitation, {question.pk: mark}, comment, when)
            _reply(invitation, given.pk, by, when + timedelta(hours=3))
        Invitation.objects.filter(pk=invitation.pk).update(sent_at=at, reminded_at=at, next_check_at=None)
    return survey


def _reply(invitation: Invitation, answer: int, by: User, at: datetime) -> None:
    """A call back to whoever added something."""
    conversation = Answer.objects.get(pk=answer).conversation
    if conversation is not None:
        said = "Called back: what went wrong, and what we change."
        happened = Happening("call", said, contact=invitation.contact, conversation=conversation)
        messages.log(invitation.partner, happened, by, at, answers=list(conversation.waits.open()))


def _how_we_work(by: User, at: datetime) -> None:
    outline = Outline(
        "How we work with you",
        Survey.Kind.HOW,
        "Three sentences about us. Nobody here reads who answered what.",
        is_confidential=True,
        cut=Survey.Cut.REGION,
        behaviours=["performance", "responsiveness", "openness"],
    )
    survey = surveys.make(outline, by, at)
    surveys.draw(survey, by, at)
    asked = list(survey.questions.all())
    for place, invitation in enumerate(Invitation.objects.asked().filter(survey=survey)[:9]):
        marks: dict[int, int | str | None] = {each.pk: 3 + (place + each.place) % 3 for each in asked}
        answering.answer(invitation, marks, "", at + timedelta(hours=5))
    Invitation.objects.filter(survey=survey).update(sent_at=at, next_check_at=None)
