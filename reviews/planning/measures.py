"""What targets can want, and what the record holds of it.

A measure names entries: each has its day and what it adds, so that a figure and the rows it opens onto are
the same entries. Parts in deals are kept apart, a target counts deals in its own
currency; what is said of several in one names its rates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from lifecycle.growth.models import Credit, Deal
from lifecycle.models import Certificate
from partners.models import Event, Partner
from partners.organisations import local_day
from prm.money import Money, digits
from prm.questions import Asked, Question, day, key, moment
from prm.rates import Amount, Rates, Total
from prm.together import together
from reviews.meetings.moments import start_of
from reviews.surveying import results
from reviews.surveying.disclosure import in_fives
from reviews.surveying.models import Mark, SurveyQuestion
from reviews.surveying.results import Score
from team import rates
from team.companies import zone_of

DAY = timedelta(days=1)
Scale = SurveyQuestion.Scale
Words = Any  # a text, or one that is translated when it is shown


@dataclass(frozen=True)
class Entry:
    """One thing that counts: its day, what it adds (an amount in minor units, 1, or a mark), and where it is
    seen by us. `part` is the part in a deal or the scale of a mark; without `value` its worth is unknown."""

    on: date
    value: int | None
    words: str
    part: str = ""
    currency: str = ""
    url: str = ""
    recorded_at: datetime | None = None

    def for_partner(self) -> Entry:
        """As the partner reads it."""
        return replace(self, url="")

    def is_after(self, at: datetime | None) -> bool:
        """Whether it was recorded after a moment; not where one of them is not known."""
        return at is not None and self.recorded_at is not None and self.recorded_at > at

    @property
    def worth(self) -> str:
        if self.currency:
            return "–" if self.value is None else str(Money(self.value, self.currency))
        return str(self.value)


@dataclass(frozen=True)
class Span:
    """Which days of which partner, in the company's zone."""

    partner: Partner
    first: date
    last: date

    @cached_property
    def zone(self) -> str:
        return zone_of()

    @property
    def days(self) -> dict[str, Any]:
        return {"partner": self.partner.pk, "first": self.first, "last": self.last}

    @property
    def moments(self) -> dict[str, Any]:
        """From the first moment of its first day up to the end of the last."""
        begin, end = start_of(self.first, self.zone), start_of(self.last + DAY, self.zone)
        return {"partner": self.partner.pk, "begin": begin, "end": end}


@dataclass(frozen=True)
class Source:
    """Where entries come from: what is asked about a span, and how a row reads."""

    asked: Callable[[Span], Asked[Any]]
    entry: Callable[[Any, Span], Entry]

    def entries(self, span: Span) -> list[Entry]:
        """All of a span."""
        return [self.entry(row, span) for row in self.asked(span).ask()]


@dataclass(frozen=True)
class Measure:
    """Something a quarter should bring. `words` define it; what is hoped for stands in `ahead`."""

    key: str
    name: Words
    unit: Words
    words: Words
    source: Source
    part: str = ""
    is_money: bool = False
    is_score: bool = False
    is_private: bool = False  # single entries are for us alone
    ahead: Source | None = None

    def said(self, value: int, currency: str = "") -> str:
        """A number of it in words."""
        return str(Money(value, currency)) if self.is_money else f"{value:,} {self.unit}".strip()

    def rounded(self, value: float, currency: str = "") -> int:
        """A number of it without a fraction: cents of a share say nothing."""
        step = 10 ** digits(currency) if self.is_money else 1
        return round(value / step) * step

    def settled(self, today: date) -> date:
        """The last day whose entries change no more: an answer can be changed for a day."""
        return today - 2 * DAY if self.is_score else today

    def counted(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """The entries that count: of marks whole fives, for the partner reads the score."""
        return in_fives(entries) if self.is_score else entries

    def score(self, entries: Iterable[Entry]) -> Score | None:
        """The score of marks, with its interval; None without marks."""
        marks = [each.value for each in entries if each.value is not None]
        if self.part == Scale.TEN:
            high, low = sum(mark >= 9 for mark in marks), sum(mark <= 6 for mark in marks)
        else:
            high, low = sum(mark >= 4 for mark in marks), 0
        return results.score(self.part, high, low, len(marks))


# --- deals ------------------------------------------------------------------------------------------------


def _credits(**more: Any) -> QuerySet[Credit]:
    mine = Credit.objects.current().filter(partner=key("partner"), **more)
    return mine.select_related("deal__customer").order_by("deal", "pk")


WON = Question(
    lambda: _credits(
        deal__state=Deal.State.WON, deal__closed_on__gte=day("first"), deal__closed_on__lte=day("last")
    )
)
EXPECTED = Question(
    lambda: _credits(
        deal__state=Deal.State.OPEN,
        deal__expected_close_on__gte=day("first"),
        deal__expected_close_on__lte=day("last"),
    )
)
BROUGHT = Question(
    lambda: _credits(
        role=Credit.Role.SOURCED, deal__created_at__gte=moment("begin"), deal__created_at__lt=moment("end")
    )
)


def _deal(credit: Credit, on: date) -> Entry:
    deal = credit.deal
    words = f"{deal}, {deal.customer}"
    url, since = deal.get_absolute_url(), deal.phase_since
    return Entry(on, deal.amount, words, credit.role, deal.currency, url, since)


def _brought(credit: Credit, span: Span) -> Entry:
    deal = credit.deal
    on = local_day(deal.created_at, span.zone)
    url, at = deal.get_absolute_url(), deal.created_at
    return Entry(on, 1, f"{deal}, {deal.customer}", url=url, recorded_at=at)


# Deals won in these days, and open ones expected to close in them, by the partner's part in each.
won = Source(lambda span: WON.of(**span.days), lambda row, _span: _deal(row, row.deal.closed_on))
expected = Source(
    lambda span: EXPECTED.of(**span.days), lambda row, _span: _deal(row, row.deal.expected_close_on)
)
# Deals the partner sourced that were opened in these days.
brought = Source(lambda span: BROUGHT.of(**span.moments), _brought)


# --- training and satisfaction ----------------------------------------------------------------------------


ISSUED = Event.objects.filter(
    kind="certificate_issued", about_kind="certificate", about_id=OuterRef("pk")
).order_by("at")
CERTIFIED = Question(
    lambda: (
        Certificate.objects.filter(
            partner=key("partner"),
            issued_on__gte=day("first"),
            issued_on__lte=day("last"),
            withdrawn_at=None,
        )
        .annotate(recorded_at=Subquery(ISSUED.values("at")[:1]))
        .select_related("course")
        .order_by("issued_on", "pk")
    )
)
MARKED = Question(
    lambda: (
        Mark.objects.filter(
            answer__at__gte=moment("begin"),
            answer__at__lt=moment("end"),
            answer__invitation__partner=key("partner"),
            answer__invitation__survey__is_confidential=False,
            question__place=0,
            value__isnull=False,
        )
        .select_related("question", "answer__invitation__survey", "answer__invitation__contact")
        .order_by("answer__at", "pk")
    )
)


def _certified(row: Any, _span: Span) -> Entry:
    url = row.get_absolute_url()
    return Entry(row.issued_on, 1, str(row), url=url, recorded_at=row.recorded_at)


def _marked(row: Mark, span: Span) -> Entry:
    invitation = row.answer.invitation
    return Entry(
        local_day(row.answer.at, span.zone),
        row.value,
        f"{invitation.survey}, {invitation.contact or '–'}",
        row.question.scale,
        url=f"{invitation.survey.get_absolute_url()}answers/",
    )


# Certificates issued in these days to the partner's people, and not withdrawn.
certified = Source(lambda span: CERTIFIED.of(**span.days), _certified)
# The marks the partner's people gave in these days to the first question of attributed surveys.
marked = Source(lambda span: MARKED.of(**span.moments), _marked)


# --- those there are --------------------------------------------------------------------------------------

_PARTS = {
    Credit.Role.SOURCED: (_("Won, sourced by the partner"), _("Deals won in the quarter that it sourced.")),
    Credit.Role.INFLUENCED: (_("Won, influenced"), _("Deals won in the quarter that it influenced.")),
    Credit.Role.RESOLD: (_("Won, resold"), _("Deals won in the quarter that it resold.")),
    Credit.Role.FULFILLED: (_("Won, fulfilled"), _("Deals won in the quarter that it fulfilled.")),
    Credit.Role.DELIVERED: (_("Won, delivered"), _("Deals won in the quarter that it delivered.")),
}
_ALL = [
    *(
        Measure(f"won_{part}", name, "", words, won, part, is_money=True, ahead=expected)
        for part, (name, words) in _PARTS.items()
    ),
    Measure(
        "brought",
        _("Deals brought"),
        _("deals"),
        _("Deals the partner sourced that were opened in the quarter."),
        brought,
    ),
    Measure(
        "certified",
        _("Certificates"),
        _("certificates"),
        _("Certificates issued in the quarter to the partner’s people, and not withdrawn."),
        certified,
    ),
    Measure(
        "csat",
        _("Satisfaction"),
        "%",
        _("Of answers, told for every five: 4 or 5 of 5 among those given in the quarter, under a name."),
        marked,
        Scale.FIVE,
        is_score=True,
        is_private=True,
    ),
    Measure(
        "nps",
        _("Recommendation (NPS)"),
        "",
        _("Per cent of 9 and 10 less per cent of 0 to 6, of answers given in the quarter under a name."),
        marked,
        Scale.TEN,
        is_score=True,
        is_private=True,
    ),
]
MEASURES = {each.key: each for each in _ALL}


class Record:
    """What the record holds of one partner in a span of days. The sources of these measures are asked in one
    query, others when they are read; each once, however many targets read it, and so are rates."""

    def __init__(self, partner: Partner, first: date, last: date, measures: Iterable[Measure] = ()) -> None:
        self.span = Span(partner, first, last)
        self._rates: dict[date, Rates] = {}
        sources = {each for measure in measures for each in (measure.source, measure.ahead) if each}
        with together(source.asked(self.span) for source in sources):
            self._read = {source: source.entries(self.span) for source in sources}

    def of(self, measure: Measure, source: Source, first: date, last: date) -> list[Entry]:
        """The entries of a measure in some of these days, of all currencies."""
        if source not in self._read:
            self._read[source] = source.entries(self.span)
        return [
            each
            for each in self._read[source]
            if first <= each.on <= last and (not measure.part or each.part == measure.part)
        ]

    def in_one(self, amounts: Iterable[tuple[str, int]], on: date) -> Total | None:
        """The sum of amounts of several currencies in the one we report in, at the rates of a day; None
        where they are of one."""
        given = [Amount(value, currency, on) for currency, value in amounts]
        if len({each.currency for each in given}) < 2:
            return None
        if on not in self._rates:
            self._rates[on] = rates.ours(on)
        return self._rates[on].total(given)
