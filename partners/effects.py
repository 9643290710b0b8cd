"""What a version of the profile would change, shown before it is published: who moves, and why.

Points are kept with each fit, so that weights and thresholds are one grouped query. A criterion whose rule is
another is read anew from the answers that are kept, and only a new one from the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from partners import facts, fits, fitting, profiles, rules, scoring
from partners.models import Criterion, Fit, FitLine, Partner, Profile, Rating, Step, Verdict
from partners.scoring import Line, Thresholds

SHOWN = 50  # partners that move farthest
BANDS = 10
NAMED = 2  # reasons of each
RANK = {"": 0, Verdict.NOT_A_FIT: 1, Verdict.WEAK: 2, Verdict.POSSIBLE: 3, Verdict.STRONG: 4}
LEAST = 0.05  # points; what moves less is not named


@dataclass(frozen=True)
class Proposal:
    """Criteria and thresholds as they would be published for a type of partner."""

    profile: Profile
    criteria: tuple[Criterion, ...]
    bounds: Thresholds

    @classmethod
    def of(cls, draft: Profile) -> Proposal:
        """A draft as it is saved."""
        return cls(draft, tuple(profiles.criteria(draft)), profiles.thresholds(draft))

    @classmethod
    def written(cls, draft: Profile, entries: Iterable[profiles.Entry], bounds: Thresholds) -> Proposal:
        """A draft as somebody is writing it; nothing of it is saved."""
        return cls(draft, tuple(Criterion(profile=draft, **vars(entry)) for entry in entries), bounds)

    @property
    def asked(self) -> tuple[scoring.Criterion, ...]:
        return tuple(rules.of(criterion) for criterion in self.criteria)


@dataclass(frozen=True)
class Moved:
    """A partner that would get another verdict."""

    partner: Partner
    now: Verdict | str
    then: Verdict | str
    score_now: Decimal | None
    score_then: Decimal | None
    reasons: list[str]

    @property
    def is_up(self) -> bool:
        return RANK[self.then] > RANK[self.now]

    @property
    def is_in_contract_talks(self) -> bool:
        return self.partner.step == Step.NEGOTIATING

    @property
    def words(self) -> str:
        """Like “Possible fit → Strong fit”."""
        return " → ".join(
            str(Verdict(each).label) if each else str(_("no verdict")) for each in (self.now, self.then)
        )


@dataclass(frozen=True)
class Band:
    """How many partners score within ten points, now and then."""

    words: str
    now: int
    then: int
    x: int  # of a picture that is 640 wide
    now_height: int  # of 100
    then_height: int

    @property
    def now_y(self) -> int:
        return 100 - self.now_height

    @property
    def then_y(self) -> int:
        return 100 - self.then_height


@dataclass(frozen=True)
class Effect:
    """How many partners would move up, down and stay, how scores are spread, and who moves farthest."""

    up: int
    down: int
    stay: int
    bands: list[Band]
    movers: list[Moved]

    @property
    def measured(self) -> int:
        return self.up + self.down + self.stay

    @property
    def moved(self) -> int:
        return self.up + self.down

    @property
    def is_cut(self) -> bool:
        return self.moved > len(self.movers)


@dataclass(frozen=True)
class Pair:
    """One fit as it stands and as it would be."""

    fit: int
    now: tuple[Decimal | None, str]
    then: tuple[Decimal | None, str]

    @property
    def way(self) -> int:
        return RANK[self.then[1]] - RANK[self.now[1]]

    @property
    def far(self) -> tuple[int, Decimal]:
        return abs(self.way), abs((self.then[0] or Decimal(0)) - (self.now[0] or Decimal(0)))


def of(proposal: Proposal, most: int | None = SHOWN) -> Effect:
    """The effect on every partner with a fit that the version would be for; so many movers, None for all."""
    held = Fit.objects.filter(is_current=True, partner__in=fits.measured_by(proposal.profile).values("pk"))
    summed = fitting.summed(held, proposal.asked)
    versions = _versions(each.version for each in summed)
    if changed := _changed(proposal, versions):
        summed = _reckoned(held, proposal, changed, versions)
    scale = scoring.Scale.of(proposal.asked, proposal.bounds)
    pairs = [_pair(each, scale) for each in summed]
    ways = [pair.way for pair in pairs]
    movers = [pair for pair, way in zip(pairs, ways, strict=True) if way]
    farthest = sorted(movers, key=lambda pair: pair.far, reverse=True)[:most]
    up, down = sum(way > 0 for way in ways), sum(way < 0 for way in ways)
    shown = _movers(farthest, proposal, versions)
    return Effect(up, down, len(ways) - up - down, _bands(pairs), shown)


def _pair(one: fitting.Summed, scale: scoring.Scale) -> Pair:
    score, _coverage, verdict = scale.judged(one.sums)
    return Pair(one.fit, (one.score, one.verdict), (score, verdict))


def _reckoned(
    held: QuerySet[Fit], proposal: Proposal, changed: set[str], versions: Sequence[Profile]
) -> list[fitting.Summed]:
    """What each comes to: what stays is summed by the database, only what is changed is read."""
    asked = proposal.asked
    same, other = ([each for each in asked if (each.key in changed) is new] for new in (False, True))
    answers = _answers(held, proposal, changed, versions)
    return [
        replace(each, sums=each.sums + scoring.sums(_lines(other, answers.get(each.fit, {}))))
        for each in fitting.summed(held, same)
    ]


def _lines(asked: Iterable[scoring.Criterion], told: Mapping[str, Any]) -> tuple[Line, ...]:
    return tuple(Line(each, told.get(each.key), each.rule.points(told.get(each.key))) for each in asked)


def _changed(proposal: Proposal, versions: Sequence[Profile]) -> set[str]:
    """The keys of criteria by which fits of these versions were not scored as they would be: new ones, and
    those with another rule."""
    return {
        each.key
        for version in versions
        for each in proposal.criteria
        if not any(_is_same(each, former) for former in version.criteria.all())
    }


def _versions(keys: Iterable[int]) -> list[Profile]:
    """The versions with these ids, the older first, with their criteria; two queries."""
    return list(Profile.objects.filter(pk__in=set(keys)).order_by("pk").prefetch_related("criteria"))


def _is_same(one: Criterion, other: Criterion) -> bool:
    """Whether an answer earns the same points by both."""
    return _answer_of(one) == _answer_of(other) and rules.of(one).rule == rules.of(other).rule


def _answer_of(criterion: Criterion) -> tuple[str, ...]:
    """What is answered: of which key, by whom, in which kind."""
    return criterion.key, criterion.kind, criterion.source


def _answers(
    held: QuerySet[Fit], proposal: Proposal, wanted: set[str], versions: Sequence[Profile]
) -> dict[int, dict[str, Any]]:
    """The answers to the wanted criteria, as they are kept where these are to the same question."""
    asked = [each for each in proposal.criteria if each.key in wanted]
    fresh = _unasked(asked, versions)
    answers = _kept(held, {each.key for each in asked} - {each.key for each in fresh})
    for pk, given in _fresh(held, fresh).items():
        answers.setdefault(pk, {}).update(given)
    return answers


def _unasked(criteria: Iterable[Criterion], versions: Sequence[Profile]) -> list[Criterion]:
    """Those of the criteria that no fit has kept an answer to."""
    known = {_answer_of(each) for version in versions for each in version.criteria.all()}
    return [each for each in criteria if _answer_of(each) not in known]


def _kept(held: QuerySet[Fit], keys: set[str]) -> dict[int, dict[str, Any]]:
    """The answers of these fits by key; one query."""
    found: dict[int, dict[str, Any]] = {}
    if not keys:
        return found
    rows = FitLine.objects.filter(fit__in=held, criterion__key__in=keys).order_by()
    for fit, key, answer in rows.values_list("fit", "criterion__key", "answer"):
        found.setdefault(fit, {})[key] = answer
    return found


def _fresh(held: QuerySet[Fit], criteria: Sequence[Criterion]) -> dict[int, dict[str, Any]]:
    """What the record and the newest ratings answer to questions no fit has kept an answer to."""
    if not criteria:
        return {}
    fit_of = dict(held.values_list("partner", "pk"))
    found: dict[int, dict[str, Any]] = {pk: {each.key: None for each in criteria} for pk in fit_of.values()}
    rated = [each.key for each in criteria if not each.source]
    newest = Rating.objects.filter(key__in=rated, partner__in=held.values("partner")).order_by("at", "pk")
    for partner, key, value in newest.values_list("partner", "key", "value"):
        found[fit_of[partner]][key] = value
    if sources := {each.key: each.source for each in criteria if each.source}:
        read = facts.of_many(Partner.objects.filter(pk__in=held.values("partner")), sources.values())
        for pk, told in read.items():
            found[fit_of[pk]] |= {key: told.get(source) for key, source in sources.items()}
    return found


def _bands(pairs: Sequence[Pair]) -> list[Band]:
    """Scores in ten bands of ten points; a hundred belongs to the last."""
    counts = [[0, 0] for _band in range(BANDS)]
    for pair in pairs:
        for place, (score, _verdict) in enumerate((pair.now, pair.then)):
            if score is not None:
                counts[min(int(score) // BANDS, BANDS - 1)][place] += 1
    ends = [*(10 * n + 9 for n in range(BANDS - 1)), 100]
    highest = max(map(max, counts)) or 1
    return [
        Band(f"{10 * n}–{end}", now, then, 64 * n, round(100 * now / highest), round(100 * then / highest))
        for n, (end, (now, then)) in enumerate(zip(ends, counts, strict=True))
    ]


# --- why --------------------------------------------------------------------------------------------------


def _movers(pairs: Sequence[Pair], proposal: Proposal, versions: Sequence[Profile]) -> list[Moved]:
    held = Fit.objects.filter(pk__in=[pair.fit for pair in pairs])
    rows = held.select_related("partner__owner").prefetch_related("lines").in_bulk()
    criteria = [each for version in versions for each in version.criteria.all()]
    former = {each.pk: rules.of(each) for each in criteria}
    names = {each.key: each.name for each in (*criteria, *proposal.criteria)}
    asked, fresh = proposal.asked, _fresh(held, _unasked(proposal.criteria, versions)) if pairs else {}
    bounds = {version.pk: profiles.thresholds(version) for version in versions}
    moved = []
    for pair in pairs:
        fit = rows[pair.fit]
        before = tuple(Line(former[line.criterion_id], line.answer, line.points) for line in fit.lines.all())
        told = {line.criterion.key: line.answer for line in before} | fresh.get(pair.fit, {})
        now, then = Reading(before, bounds[fit.profile_id]), Reading(_lines(asked, told), proposal.bounds)
        why = reasons(now, then, names, pair.way)
        moved.append(Moved(fit.partner, pair.now[1], pair.then[1], pair.now[0], pair.then[0], why))
    return moved


@dataclass(frozen=True)
class Reading:
    """The lines of a partner, and the thresholds that they are held against."""

    lines: tuple[Line, ...]
    bounds: Thresholds

    @cached_property
    def result(self) -> scoring.Result:
        return scoring.result(self.lines, self.bounds)

    @property
    def holding_back(self) -> list[str]:
        """Keys of the must-haves without an answer, where that alone keeps it from being a strong fit."""
        score, failed = self.result.score, bool(self.result.failed)
        if score is None or scoring.verdict(score, self.bounds, failed, unanswered=False) != Verdict.STRONG:
            return []
        return self.result.open


def reasons(now: Reading, then: Reading, names: Mapping[str, str], way: int) -> list[str]:
    """Why a verdict would be another, higher (`way` above 0) or lower: must-haves first, then the criteria
    that move it that way most, then the thresholds that do."""
    failed, fails = set(now.result.failed), set(then.result.failed)
    said = [_("must-have not met: {name}").format(name=names[key]) for key in sorted(fails - failed)]
    said += [
        _("no unmet must-have any more: {name}").format(name=names[key]) for key in sorted(failed - fails)
    ]
    if way < 0:
        held, words = then.holding_back, _("must-have not answered: {name}")
    else:
        held, words = now.holding_back, _("no unanswered must-have any more: {name}")
    said += [words.format(name=names[key]) for key in sorted(held)]
    score = sum(_shares(now.lines, 0.0).values())
    before, after = _shares(now.lines, score), _shares(then.lines, score)
    moves = {key: after.get(key, 0.0) - before.get(key, 0.0) for key in (*before, *after)}
    along = [key for key in moves if abs(moves[key]) >= LEAST and (moves[key] > 0) is (way > 0)]
    most = sorted(along, key=lambda key: -abs(moves[key]))
    said += [f"{names[key]} {_signed(moves[key])}" for key in most[:NAMED]]
    said += _thresholds(now.bounds, then, way)
    return said or [_("many small changes") if then.result.score is not None else _("nothing is answered")]


def _thresholds(former: Thresholds, then: Reading, way: int) -> list[str]:
    """The thresholds that move it that way: by the former ones, what it comes to would be another verdict."""
    was, now = (RANK[scoring.result(then.lines, each).verdict] for each in (former, then.bounds))
    if (now - was) * way <= 0:
        return []
    words = _("{verdict} from {was} → {now}")
    return [
        words.format(verdict=verdict.label, was=getattr(former, verdict), now=getattr(then.bounds, verdict))
        for verdict in (Verdict.STRONG, Verdict.POSSIBLE, Verdict.WEAK)
        if min(was, now) < RANK[verdict] <= max(was, now)
    ]


def _signed(points: float) -> str:
    return f"{points:+.1f}".replace("-", "−")


def _shares(lines: Sequence[Line], score: float) -> dict[str, float]:
    """How far each criterion lifts the score above this one, or pulls it below, in points of a hundred: so a
    criterion whose weight alone changes is the one that moves it, and not all those it leaves less weight."""
    known = [(line.criterion, line.points) for line in lines if line.points is not None]
    answered = sum(criterion.weight for criterion, _points in known)
    return {
        criterion.key: criterion.weight * (100 * points - score) / answered for criterion, points in known
    }
