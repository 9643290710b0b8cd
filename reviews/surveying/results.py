"""What a survey's answers come to: score, interval, number and response rate, as a whole and broken down.

Page, file and packet ask here. Of a confidential survey it answers what `disclosure` lets through, of an
attributed one the answers of partners that one reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from partners.models import Partner, seen_by
from prm import stats
from prm.figures import Share
from prm.stats import Interval, Shows
from reviews.surveying import disclosure
from reviews.surveying.models import Answer, Invitation, Mark, Survey, SurveyQuestion
from team.models import User

Scale = SurveyQuestion.Scale
LEAST = {Scale.TEN: 0.0, Scale.FIVE: 70.0}  # what a score should reach, for its colour
WHOLE, NONE = "", "none"
YEAR = timedelta(days=365)
CUTS = {
    "region": ("partner__region", "partner__region__name"),
    "kind": ("partner__kind", "partner__kind__name"),
    "tier": ("partner__tier", "partner__tier__name"),
    "partner": ("partner", "partner__name"),
}


@dataclass(frozen=True)
class Score:
    """A score of `n` marks and between what it lies; `unit` is "%" for a share and "" for an NPS."""

    n: int
    value: float
    interval: Interval
    unit: str
    tone: str

    @property
    def is_too_few(self) -> bool:
        return stats.shows(self.n) is Shows.TOO_FEW

    @property
    def words(self) -> str:
        """Like “+24” or “81 %”."""
        return f"{round(self.value)} %" if self.unit else f"{round(self.value):+d}"

    @property
    def between(self) -> str:
        low, high = map(round, self.interval)
        return f"{low} … {high} %" if self.unit else f"{low:+d} … {high:+d}"


def score(scale: str, high: int, low: int, n: int) -> Score | None:
    """The NPS of marks up to ten, of which `high` are 9 or 10 and `low` 0 to 6, or the share of marks up to
    five that are 4 or 5; None without marks, or for words."""
    if n == 0 or scale == Scale.WORDS:
        return None
    if scale == Scale.TEN:
        read = stats.nps(high, low, n)
        return Score(n, read.raw, read.interval, "", stats.tone(read.interval, n, LEAST[Scale.TEN]))
    bottom, top = stats.wilson(high, n)
    interval = 100 * bottom, 100 * top
    return Score(n, 100 * high / n, interval, "%", stats.tone(interval, n, LEAST[Scale.FIVE]))


@dataclass(frozen=True)
class Line:
    """A question's score in one cell, "" being the whole; without a score `why` says why."""

    question: SurveyQuestion
    cell: str
    name: str
    n: int
    good: float
    score: Score | None
    response: Share
    why: str = ""

    @property
    def tells(self) -> bool:
        """Whether its score may be read."""
        return self.score is not None and not self.score.is_too_few

    @property
    def remark(self) -> str:
        return self.why or ("" if self.tells else _("too few answers"))


def may_show(survey: Survey) -> bool:
    """Whether any answer of it may be shown: an attributed one always, a confidential one when it has closed
    with five answers."""
    if not survey.is_confidential:
        return True
    return survey.closed_at is not None and disclosure.is_enough(response([survey])[survey.pk].k)


def why_not(survey: Survey) -> str:
    """Why nothing of it may be shown, for its page; "" where something may."""
    if may_show(survey):
        return ""
    if survey.closed_at is None:
        return _("Confidential: results are shown when it has closed, so that no figure moves by one answer.")
    return _("Confidential: fewer than five answered, so nothing is shown.")


def response(surveys: Iterable[Survey]) -> dict[int, Share]:
    """How many of those asked have answered, by survey; one query."""
    wanted = [survey.pk for survey in surveys]
    asked = Invitation.objects.asked().filter(survey__in=wanted)
    rows = asked.values_list("survey").annotate(n=Count("pk"), k=Count("answer")).order_by()
    return {pk: Share(0, 0) for pk in wanted} | {pk: Share(k, n) for pk, n, k in rows}


def lines(survey: Survey, user: User, by: str = "", most: int | None = None) -> list[Line]:
    """The scores of each question of a survey, as a whole and then by cell, `most` cells at most. A
    confidential one is broken down as was settled before the draw, whatever is asked for."""
    cut = survey.cut if survey.is_confidential else by if by in CUTS else ""
    if survey.is_confidential and not may_show(survey):
        return []
    questions = [each for each in survey.questions.all() if each.scale != Scale.WORDS]
    asked = _asked(survey, user, cut)
    found = _counted(survey, user, cut)
    told = (_of_question(survey, each, found.get(each.pk, {}), asked) for each in questions)
    ordered = _lowest_first if cut == "partner" else _by_name
    return [line for whole, cells in told for line in [whole, *ordered(whole, cells)[:most]]]


Counted = dict[str, tuple[str, int, int, int]]


def _of_question(
    survey: Survey, question: SurveyQuestion, cells: Counted, asked: dict[str, Share]
) -> tuple[Line, list[Line]]:
    """The line of the whole, and one for each cell."""
    high, low = sum(row[1] for row in cells.values()), sum(row[2] for row in cells.values())
    n = sum(row[3] for row in cells.values())
    shown = disclosure.shown({cell: row[3] for cell, row in cells.items()})
    whole = _line(survey, question, WHOLE, ("", high, low, n), asked, True)
    parts = [
        _line(survey, question, cell, row, asked, cell in shown)
        for cell, row in cells.items()
        if cell != WHOLE
    ]
    return whole, parts


def _by_name(_whole: Line, cells: list[Line]) -> list[Line]:
    return sorted(cells, key=lambda line: (line.name, line.cell))


def _lowest_first(whole: Line, cells: list[Line]) -> list[Line]:
    """By the share of good marks, each drawn to that of all, so that one bad mark ranks nobody last."""
    rate = whole.good / whole.n if whole.n else 0.0
    return sorted(cells, key=lambda line: (stats.shrunk(line.good, line.n, rate), line.name, line.cell))


def _line(
    survey: Survey,
    question: SurveyQuestion,
    cell: str,
    row: tuple[str, int, int, int],
    asked: dict[str, Share],
    is_shown: bool,
) -> Line:
    name, high, low, n = row
    response = asked.get(cell, Share(0, 0))
    if survey.is_confidential and not (is_shown and disclosure.is_enough(n)):
        why = _("held back, so that no group under five can be made out")
        return Line(question, cell, name, 0, 0, None, Share(0, 0), why)
    good = (n + high - low) / 2 if question.scale == Scale.TEN else high
    return Line(question, cell, name, n, good, score(question.scale, high, low, n), response)


def _counted(survey: Survey, user: User, cut: str) -> dict[int, Counted]:
    """By question and cell: the cell's name, the high, the low, and all marks; one query."""
    marks = Mark.objects.filter(seen(user, "answer__invitation__"), question__survey=survey)
    told: Any = marks.exclude(value=None).annotate(**_cell(survey, cut, "answer__invitation__"))
    rows = told.values_list("question", "cell_is", "cell_name").annotate(**COUNTS).order_by()
    found: dict[int, Counted] = {}
    for question, cell, name, high, low, n in rows:
        found.setdefault(question, {})[_key(cell, cut)] = (name if cell is not None else "–", high, low, n)
    return found


COUNTS = {
    "high": Count(
        "pk",
        filter=Q(question__scale=Scale.TEN, value__gte=9) | Q(question__scale=Scale.FIVE, value__gte=4),
    ),
    "low": Count("pk", filter=Q(question__scale=Scale.TEN, value__lte=6)),
    "n": Count("pk"),
}


def _asked(survey: Survey, user: User, cut: str) -> dict[str, Share]:
    """The response by cell, and as a whole; one query."""
    asked = Invitation.objects.asked().filter(seen(user, ""), survey=survey)
    told: Any = asked.annotate(**_cell(survey, cut, ""))
    counted = told.values_list("cell_is").annotate(n=Count("pk"), k=Count("answer")).order_by()
    found = {_key(cell, cut): Share(k, n) for cell, n, k in counted}
    whole = Share(sum(each.k for each in found.values()), sum(each.n for each in found.values()))
    return found | {WHOLE: whole}


def _cell(survey: Survey, cut: str, path: str) -> dict[str, Any]:
    """The columns a breakdown groups by; `path` leads to the invitation."""
    if not cut:
        return {"cell_is": Value(""), "cell_name": Value("")}
    if survey.is_confidential:
        return {"cell_is": F(f"{path}cell"), "cell_name": F(f"{path}cell")}
    pk, name = CUTS[cut]
    called: Any = F(f"{path}{name}")
    if cut == "tier":  # there is one of a name in each programme
        called = Concat(F(f"{path}partner__tier__programme__name"), Value(": "), called)
    return {"cell_is": F(f"{path}{pk}"), "cell_name": called}


def _key(cell: Any, cut: str) -> str:
    return WHOLE if not cut else NONE if cell is None else str(cell)


def seen(user: User, path: str) -> Q:
    """What a person may read of answers; `path` leads to the invitation. The answers of a confidential survey
    are counted all or not at all, whoever asks."""
    return Q(**{f"{path}survey__is_confidential": True}) | seen_by(user, f"{path}partner")


# --- the rows behind ------------------------------------------------------------------------------------


def rows(survey: Survey, user: User, by: str = "", cell: str = "") -> QuerySet[Answer]:
    """The answers behind the scores of an attributed survey, or those of one cell; of a confidential one
    none, ever."""
    found = Answer.objects.filter(invitation__survey=survey, invitation__survey__is_confidential=False)
    found = found.filter(seen_by(user, "invitation__partner"))
    if by in CUTS and cell:
        known = cell.isascii() and cell.isdigit() and len(cell) < 19
        found = found.filter(**{f"invitation__{CUTS[by][0]}": int(cell) if known else None})
        found = found if known or cell == NONE else found.none()
    related = ("invitation__partner", "invitation__contact", "conversation")
    return found.select_related(*related).prefetch_related("marks__question")


# --- many at once ---------------------------------------------------------------------------------------


def headlines(surveys: Sequence[Survey], user: User) -> dict[int, tuple[Score | None, Share]]:
    """The score of the first question of each survey, and its response; three queries. None where nothing
    may be shown."""
    answered = response(surveys)
    open_ones = [
        survey.pk
        for survey in surveys
        if not survey.is_confidential
        or (survey.closed_at is not None and disclosure.is_enough(answered[survey.pk].k))
    ]
    first = Mark.objects.filter(seen(user, "answer__invitation__"), question__survey__in=open_ones)
    first = first.filter(question__place=0).exclude(value=None)
    marks = first.values_list("question__survey", "question__scale").annotate(**COUNTS).order_by()
    scores = {pk: score(scale, high, low, n) for pk, scale, high, low, n in marks}
    for survey in surveys:
        told = scores.get(survey.pk)
        if survey.is_confidential and told is not None and told.is_too_few:
            scores[survey.pk] = None
    return {survey.pk: (scores.get(survey.pk), answered[survey.pk]) for survey in surveys}


def of_partner(partner: Partner, user: User, at: datetime) -> list[tuple[str, Score, Share]]:
    """What a partner's people said in a year, by kind of survey, and how many of those asked in it answered:
    attributed surveys only."""
    marks = Mark.objects.filter(
        seen_by(user, "answer__invitation__partner"),
        answer__invitation__partner=partner,
        answer__invitation__survey__is_confidential=False,
        answer__at__gt=at - YEAR,
        question__place=0,
    ).exclude(value=None)
    found = marks.values_list("question__survey__kind", "question__scale").annotate(**COUNTS)
    read = [
        (kind, score(scale, high, low, n))
        for kind, scale, high, low, n in found.order_by("question__survey__kind")
    ]
    asked = Invitation.objects.asked().filter(
        seen_by(user), partner=partner, survey__is_confidential=False, drawn_at__gt=at - YEAR
    )
    rows = asked.order_by().values_list("survey__kind").annotate(k=Count("answer"), n=Count("pk"))
    share = {kind: Share(k, n) for kind, k, n in rows}
    return [
        (str(Survey.Kind(kind).label), each, share.get(kind, Share(0, 0)))
        for kind, each in read
        if each is not None
    ]
