"""What each kind of survey asks."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.refusals import Refused
from reviews.surveying.models import Behaviour, Survey, SurveyQuestion

Kind, Scale = Survey.Kind, SurveyQuestion.Scale
MOST_BEHAVIOURS, MOST_OWN = 3, 5
BEHAVIOURS = {
    Behaviour.PERFORMANCE: gettext_lazy("We do what we say we will do, by the day we said."),
    Behaviour.OPENNESS: gettext_lazy("We tell you early and plainly when something will not work out."),
    Behaviour.RESPONSIVENESS: gettext_lazy("You get an answer from us in time for your work."),
    Behaviour.COMMITMENT: gettext_lazy("We put time and money of our own into what we do together."),
    Behaviour.FAIRNESS: gettext_lazy("We treat you as we treat other partners like you."),
    Behaviour.SHARING: gettext_lazy("You hear from us what you need to know, when you need it."),
}


class QuestionsRefused(Refused):
    """A survey cannot ask these."""


def questions(
    kind: str, company: str, behaviours: Sequence[str] = (), own: Sequence[tuple[str, str]] = ()
) -> list[SurveyQuestion]:
    """The questions of a new survey, not written yet. `behaviours` are asked by one on how we work, at most
    three of the six; `own` are (words, scale)."""
    asked = {
        Kind.NPS: [_question(Scale.TEN, _recommend(company))],
        Kind.CSAT: [_question(Scale.FIVE, _("How satisfied are you with how it went?"))],
        Kind.HOW: _of_behaviours(behaviours) if kind == Kind.HOW else [],
        Kind.OWN: _own(own) if kind == Kind.OWN else [],
    }[Kind(kind)]
    for place, question in enumerate(asked):
        question.place = place
    return asked


def _recommend(company: str) -> str:
    words = _("How likely are you to recommend working with {company} to a firm like yours?")
    return words.format(company=company)


def _of_behaviours(behaviours: Sequence[str]) -> list[SurveyQuestion]:
    chosen = list(dict.fromkeys(behaviours))
    if not 1 <= len(chosen) <= MOST_BEHAVIOURS:
        raise QuestionsRefused(_("Ask about one to three behaviours; a partner answers no more than three."))
    return [_question(Scale.FIVE, str(BEHAVIOURS[Behaviour(each)]), each) for each in chosen]


def _own(own: Sequence[tuple[str, str]]) -> list[SurveyQuestion]:
    asked = [(" ".join(words.split()), scale) for words, scale in own if words.strip()]
    if not 1 <= len(asked) <= MOST_OWN:
        raise QuestionsRefused(_("Write one to {n} questions of your own.").format(n=MOST_OWN))
    return [_question(scale, words[:300]) for words, scale in asked]


def _question(scale: str, words: str, behaviour: str = "") -> SurveyQuestion:
    return SurveyQuestion(scale=scale, words=words, behaviour=behaviour)
