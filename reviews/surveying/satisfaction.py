"""The section of the packet about satisfaction: what the partner's own people said, so that whoever reads it
there cannot make out anybody's mark."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.questions import Asked as Unasked
from prm.questions import Question, key, moment
from prm.stats import FEW
from reviews.meetings.packet.drawn import figure
from reviews.meetings.packet.sections import Asked, Section, Values
from reviews.surveying.answering import CHANGEABLE
from reviews.surveying.disclosure import in_fives
from reviews.surveying.models import Invitation, Mark, Survey, SurveyQuestion
from reviews.surveying.results import score

KINDS = {Survey.Kind.NPS: (SurveyQuestion.Scale.TEN, 9), Survey.Kind.CSAT: (SurveyQuestion.Scale.FIVE, 4)}
LOW = 6  # of ten, and below


def _invited(partner: Any) -> QuerySet[Invitation]:
    whose = {"survey__is_confidential": False, "survey__kind__in": [kind.value for kind in KINDS]}
    return Invitation.objects.asked().filter(partner=partner, **whose)


def _marks() -> QuerySet[Any, Any]:
    times = {"answer__at__gte": moment("begin"), "answer__at__lt": moment("settled")}
    answered = _invited(key("partner")).filter(**times)
    marks = Mark.objects.filter(answer__invitation__in=answered, question__place=0, value__isnull=False)
    return marks.order_by("answer__at", "answer").values_list("question__survey__kind", "value")


def _number() -> QuerySet[Any, Any]:
    drawn = {"drawn_at__gte": moment("begin"), "drawn_at__lt": moment("end")}
    rows = _invited(key("partner")).filter(**drawn).order_by().values("survey__kind")
    return rows.annotate(n=Count("pk"))


MARKS, INVITED = Question(_marks), Question(_number)


def marks(asked: Asked) -> Unasked[Any]:
    """The marks of the time that change no more, by kind of survey."""
    since, until = asked.moments
    return MARKS.of(partner=asked.partner.pk, begin=since, settled=min(until, asked.at - CHANGEABLE))


def invited(asked: Asked) -> Unasked[Any]:
    """How many people were asked in the time, by kind of survey."""
    since, until = asked.moments
    return INVITED.of(partner=asked.partner.pk, begin=since, end=until)


def satisfaction(asked: Asked) -> Values:
    """Attributed answers of the time that change no more, told in fives: a figure moves by five answers or
    not at all."""
    by_kind: dict[str, list[int]] = {}
    for kind, value in asked.rows(marks):
        by_kind.setdefault(kind, []).append(value or 0)
    if not by_kind:
        return {}
    figures = []
    people = {row["survey__kind"]: row["n"] for row in asked.rows(invited)}
    for kind, values in sorted(by_kind.items()):
        figures.append(_told(Survey.Kind(kind), values))
        name = _("{kind}: people of yours asked").format(kind=Survey.Kind(kind).label)
        figures.append(figure(f"asked_{kind}", name, people.get(kind, 0)))
    return {"figures": figures}


def _told(kind: Survey.Kind, values: list[int]) -> Values:
    """The score of as many of the first answers as make whole fives, with its interval and number."""
    counted = in_fives(values)
    scale, good = KINDS[kind]
    high, low = sum(value >= good for value in counted), sum(value <= LOW for value in counted)
    found = score(scale, high, low, len(counted))
    if found is None:
        return figure(kind.value, str(kind.label), _("fewer than {n} answers").format(n=FEW))
    words = _("{score} ({between}), {n} answers")
    said = words.format(score=found.words, between=found.between, n=found.n)
    return figure(kind.value, str(kind.label), said)


SECTION = Section(
    "satisfaction",
    gettext_lazy("How satisfied you are"),
    gettext_lazy(
        "What your people answered in the time where they knew that we read it: NPS is the share of 9 and 10 "
        "less that of 0 to 6, satisfaction the share of 4 and 5 of five; under each how many were asked. "
        "Told for every five answers, so that nobody’s own can be made out. Nothing depends on answering."
    ),
    satisfaction,
    version=2,
    reads=(marks, invited),
)
