"""Where a target stands: what the record holds, where it should be today, and the pipeline beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from partners.models import Partner
from prm import stats
from prm.money import Money, in_each
from prm.quarters import Quarter
from prm.rates import Total
from prm.stats import FEW
from reviews.planning.measures import MEASURES, Entry, Measure, Record
from reviews.planning.models import Target
from reviews.surveying.results import Score
from team import companies

PAST, RUNNING, AHEAD = "past", "running", "ahead"


@dataclass(frozen=True)
class Pipeline:
    """What is open beside what a target lacks, in its currency; the rest is said and never counted in."""

    open: int
    n: int
    lacks: int
    currency: str
    others: Sequence[Money]
    unknown: int  # open deals that nobody has put an amount to
    total: Total | None = None  # of all currencies, in the one we report in, at the rates of the day

    @property
    def times(self) -> float | None:
        """Open amount ÷ what the target lacks; None where it lacks nothing."""
        return self.open / self.lacks if self.lacks > 0 else None

    @property
    def words(self) -> str:
        if not self.n:
            return _("nothing open to close in it")
        said = _("{open} open to close in it").format(open=Money(self.open, self.currency))
        if self.times is None:
            return said
        return _("{said}, {times} × the {lacks} it lacks").format(
            said=said, times=f"{self.times:.1f}", lacks=Money(self.lacks, self.currency)
        )

    @property
    def uncounted(self) -> str:
        """What is open and not in the figure: other currencies, and deals without an amount; "" where there
        is nothing."""
        found = [str(each) for each in self.others]
        if self.unknown:
            found.append(_("{n} without an amount").format(n=self.unknown))
        return _("not counted: {what}").format(what=", ".join(found)) if found else ""


@dataclass(frozen=True)
class Standing:
    """One target, read at a day. Shares are of 100."""

    target: Target
    measure: Measure
    quarter: Quarter
    when: str
    entries: Sequence[Entry]
    actual: int | None  # None: the record does not say
    score: Score | None
    should: int | None  # None: it has not begun, or is no sum
    gone: float  # which part of the quarter is over
    pipeline: Pipeline | None

    @property
    def wanted(self) -> int:
        return self.target.wanted

    @property
    def lacks(self) -> int:
        return max(0, self.wanted - (self.actual or 0))

    @property
    def share(self) -> int:
        """How much of it there is."""
        return _of_100(self.actual or 0, self.wanted)

    @property
    def should_share(self) -> int | None:
        return None if self.should is None else round(100 * self.gone)

    @property
    def is_reached(self) -> bool:
        """Whether there is as much as was wanted; of a score, whether that is certain."""
        if self.measure.is_score:
            return self._certainly == "ok"
        return self.actual is not None and self.actual >= self.wanted

    @property
    def _certainly(self) -> str:
        """Whether a score is above ("ok") or below ("bad") what was wanted; "" while that is not certain."""
        return "" if self.score is None else stats.tone(self.score.interval, self.score.n, self.wanted)

    @property
    def tone(self) -> str:
        """Its colour; a score has one only where it certainly is above or below what was wanted."""
        if self.is_reached:
            return "ok"
        if self.when == AHEAD or self.actual is None or (self.measure.is_score and not self._certainly):
            return "muted"
        if self.when == PAST:
            return "bad"
        return "ok" if self.should is not None and self.actual >= self.should else "warn"

    @property
    def state(self) -> str:
        """Its colour in a word."""
        if self.is_reached:
            return _("reached")
        if self.when == AHEAD:
            return _("to come")
        if self.actual is None:
            return _("not known")
        if self.measure.is_score and not self._certainly:
            return _("not certain") if self.when == PAST else _("running")
        if self.when == PAST:
            return _("missed")
        if self.should is None:
            return _("below it so far")
        return _("on its line") if self.actual >= self.should else _("behind its line")

    @property
    def words(self) -> str:
        """Like "EUR 30,000 of EUR 100,000"."""
        wanted = self.measure.said(self.wanted, self.target.currency)
        if self.when == AHEAD:
            return _("{wanted} wanted").format(wanted=wanted)
        if self.actual is None:
            return _("{wanted} wanted; fewer than {n} answers").format(wanted=wanted, n=FEW)
        had = self._had
        return _("{had} of {wanted}").format(had=had, wanted=wanted)

    @property
    def _had(self) -> str:
        if self.measure.is_money:
            return str(Money(self.actual or 0, self.target.currency))
        if self.score is None:
            return f"{self.actual:,}"
        return _("{score} ({between}, {n} answers)").format(
            score=self.score.words, between=self.score.between, n=self.score.n
        )

    @property
    def should_words(self) -> str:
        """Where it should be today, and how that is reckoned; "" where it is not."""
        if self.should is None or self.when != RUNNING:
            return ""
        said = str(Money(self.should, self.target.currency)) if self.measure.is_money else f"{self.should:,}"
        return _("{should} would be its share by today, day by day").format(should=said)


def _of_100(part: int, whole: int) -> int:
    return max(0, min(100, 100 * part // whole))


def of_target(target: Target, today: date) -> Standing:
    """Where one target stands."""
    return of_targets(target.partner, [target], today, companies.fiscal_month())[0]


def of_targets(
    partner: Partner, targets: Iterable[Target], today: date, begins: int, cut_at: datetime | None = None
) -> list[Standing]:
    """Where the targets of one partner stand, in quarters of a year that begins in the month `begins`; each
    source of the record is asked once. Of the day itself what was recorded after `cut_at` is left out."""
    found = list(targets)
    if not found:
        return []
    first = min(each.first_on for each in found)
    last = max(Quarter(each.first_on, begins).last for each in found)
    record = Record(partner, first, last, {MEASURES[each.measure] for each in found})
    return [_standing(each, Quarter(each.first_on, begins), record, today, cut_at) for each in found]


def _standing(
    target: Target, quarter: Quarter, record: Record, today: date, cut_at: datetime | None
) -> Standing:
    measure = MEASURES[target.measure]
    when = RUNNING if quarter.holds(today) else PAST if quarter.last < today else AHEAD
    found = record.of(measure, measure.source, quarter.first, min(quarter.last, measure.settled(today)))
    known = [each for each in found if not (each.on == today and each.is_after(cut_at))]
    ours = [each for each in known if not measure.is_money or each.currency == target.currency]
    entries = measure.counted(ours)
    score = measure.score(entries) if measure.is_score else None
    actual = _actual(measure, entries, score)
    gone, should = quarter.gone(today), None
    if when != AHEAD and not measure.is_score:
        should = measure.rounded(target.wanted * gone, target.currency)
    return Standing(
        target,
        measure,
        quarter,
        when,
        entries,
        actual,
        score,
        should,
        gone,
        _pipeline(target, measure, quarter, record, actual or 0, today) if when != PAST else None,
    )


def _actual(measure: Measure, entries: Sequence[Entry], score: Score | None) -> int | None:
    """The sum; of a score its value, where there are answers enough."""
    if measure.is_score:
        return None if score is None or score.is_too_few else round(score.value)
    return sum(each.value or 0 for each in entries)


def _pipeline(
    target: Target, measure: Measure, quarter: Quarter, record: Record, actual: int, today: date
) -> Pipeline | None:
    """Open deals that are expected to close in the quarter."""
    if measure.ahead is None:
        return None
    ahead = record.of(measure, measure.ahead, quarter.first, quarter.last)
    known = [(each.currency, each.value) for each in ahead if each.value is not None]
    ours = [value for currency, value in known if currency == target.currency]
    others = in_each((currency, value) for currency, value in known if currency != target.currency)
    lacks = max(0, target.wanted - actual)
    total = record.in_one(known, today) if others else None
    return Pipeline(sum(ours), len(ours), lacks, target.currency, others, len(ahead) - len(known), total)


def ahead_of(standing: Standing) -> list[Entry]:
    """The open deals behind its pipeline, those not counted among them."""
    measure, quarter = standing.measure, standing.quarter
    if measure.ahead is None or standing.when == PAST:
        return []
    record = Record(standing.target.partner, quarter.first, quarter.last)
    return record.of(measure, measure.ahead, quarter.first, quarter.last)
