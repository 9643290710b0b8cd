"""Where a membership stands, in words: the same lines for us, for the partner, and for who decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lifecycle.growth.tiering import criteria, evaluating, rules
from lifecycle.growth.tiering.criteria import Asked, Criterion
from lifecycle.growth.tiering.models import Benefit, Requirement, Standing, TierChange
from partners.models import Partner, Tier
from prm import addresses, questions
from prm.questions import Question, key


@dataclass(frozen=True)
class Line:
    """One thing a tier wants, and how much of it there is."""

    requirement: int
    tier: int
    name: str
    words: str
    tone: str
    share: int | None  # of 100
    url: str

    @property
    def icon(self) -> str:
        return {"ok": "circle-check", "warn": "circle-dashed"}.get(self.tone, "help")


@dataclass(frozen=True)
class Card:
    """What one tier wants, under a heading."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Shown:
    """A standing with what its tier wants, and the next one."""

    standing: Standing
    lines: Sequence[Line]
    following: Tier | None
    next_lines: Sequence[Line]
    change: TierChange | None

    @property
    def cards(self) -> list[Card]:
        """The next tier, then its own; its own first where something of it is missed."""
        tier = self.standing.membership.tier
        up = Card(_("To {tier}").format(tier=self.following), self.next_lines)
        keep = Card(_("To keep {tier}").format(tier=tier), self.lines)
        both = [keep, up] if self.misses else [up, keep]
        return [card for card in both if card.lines]

    @property
    def first(self) -> list[Card]:
        """What matters most now, for where there is little room."""
        return self.cards[:1]

    @property
    def version_words(self) -> str:
        """By which version of the rules it is measured, and when it was."""
        words = _("By version {n} of the rules, as of {day}")
        return words.format(n=self.standing.rules.number, day=date_format(self.standing.day, "j F Y"))

    @property
    def misses(self) -> bool:
        """Whether its own tier wants something it does not have."""
        return any(line.tone == "warn" for line in self.lines)


def line_of(
    requirement: Requirement,
    values: Mapping[str, int | None],
    known: Mapping[str, Criterion],
    membership: int,
) -> Line:
    """One requirement in words, with the page of the rows behind it."""
    criterion = known.get(requirement.criterion) or criteria.missing(requirement.criterion)
    value = values.get(str(requirement.pk))
    over = criteria.window(requirement, criterion)
    unit = f"{criterion.unit} {over}".strip()
    return Line(
        requirement.pk,
        requirement.tier_id,
        f"{criterion.name} {over}".strip(),
        _words(requirement, value, criterion, unit),
        _tone(requirement, value, criterion),
        None if value is None else min(100, 100 * value // requirement.wanted),
        addresses.of("lifecycle:tier_rows", membership, requirement.pk),
    )


def _tone(requirement: Requirement, value: int | None, criterion: Criterion) -> str:
    if value is None or not criterion.decides:
        return "muted"
    return "ok" if value >= requirement.wanted else "warn"


def _words(requirement: Requirement, value: int | None, criterion: Criterion, unit: str) -> str:
    currency = requirement.currency
    wanted = criterion.said(requirement.wanted, currency)
    how = _("it neither lifts nor lowers")
    if value is None:
        return _("{wanted} {unit} wanted, not known: {how}").format(wanted=wanted, unit=unit, how=how)
    said = _("{value} of {wanted} {unit}").format(
        value=criterion.said(value, currency), wanted=wanted, unit=unit
    )
    if not criterion.decides:
        return _("{said}: {how}").format(said=said, how=how)
    missing = requirement.wanted - value
    if missing <= 0:
        return said
    return _("{said}, {missing} to go").format(said=said, missing=criterion.said(missing, currency))


# --- a partner ------------------------------------------------------------------------------------------

_RELATED = ("membership__programme", "membership__tier", "rules", "to", "earned")
SAID = (
    *("day", "direction", "since", "values", "rules__number", "to__name", "to__rank"),
    *("earned__name", "earned__rank", "membership__partner", "membership__is_main", "membership__starts_on"),
    *("membership__programme__name", "membership__tier__name", "membership__tier__rank"),
    "membership__tier__retired_at",
)
STANDINGS = Question(
    lambda: (
        Standing.objects.filter(membership__partner=key("partner"), membership__ends_on=None)
        .select_related(*_RELATED)
        .only(*SAID)
        .annotate(is_changing=Exists(TierChange.objects.open().filter(membership=OuterRef("membership"))))
        .order_by("-membership__is_main", "membership__programme__name", "pk")
    )
)
WANTED = Question(
    lambda: (
        Requirement.objects.filter(
            rules__standings__membership__partner=key("partner"),
            rules__standings__membership__ends_on=None,
        )
        .select_related("tier")
        .order_by("tier__rank", "criterion", "pk")
    )
)
CHANGES = Question(
    lambda: (
        TierChange.objects.open()
        .filter(membership__partner=key("partner"))
        .select_related("before", "to")
        .order_by("pk")
    )
)


def asked(partner: Partner) -> list[questions.Asked[Any]]:
    """What `of` asks."""
    its = [question.of(partner=partner.pk) for question in (STANDINGS, WANTED, CHANGES)]
    return [*its, criteria.OWN_MEASURES.of()]


def of(partner: Partner) -> list[Shown]:
    """Where each of its memberships stands; two questions, one more for changes that wait and one for
    numbers of the company's own."""
    standings = STANDINGS.ask(partner=partner.pk)
    if not standings:
        return []
    wanted = {each.pk: each for each in WANTED.ask(partner=partner.pk)}.values()
    waiting = CHANGES.ask(partner=partner.pk) if any(each.is_changing for each in standings) else []
    changes = {each.membership_id: each for each in waiting}
    known = criteria.known(each.criterion for each in wanted)
    return [shown(each, wanted, known, changes.get(each.membership_id)) for each in standings]


def shown(
    standing: Standing,
    wanted: Iterable[Requirement],
    known: Mapping[str, Criterion],
    change: TierChange | None = None,
) -> Shown:
    """A standing in words; `wanted` holds the requirements of its rules, with their tiers."""
    membership = standing.membership
    mine = [each for each in wanted if each.rules_id == standing.rules_id]
    tiers = {each.tier_id: each.tier for each in mine}
    if membership.tier is not None:
        tiers[membership.tier.pk] = membership.tier
    ladder = evaluating.ladder(tiers.values(), mine, known)
    step = rules.following(ladder, membership.tier_id)
    lines = [line_of(each, standing.values, known, membership.pk) for each in mine]
    return Shown(
        standing,
        [line for line in lines if line.tier == membership.tier_id],
        tiers[step.tier] if step else None,
        [line for line in lines if step is not None and line.tier == step.tier],
        change,
    )


def of_changes(changes: Iterable[TierChange]) -> dict[int, list[Line]]:
    """For each change the lines it is about, by the values it was found by: what the tier above wants."""
    rows = list(changes)
    about = {each.pk: (each.to if each.is_rise else each.before) for each in rows}
    pairs = Q(pk=None)
    for each in rows:
        tier = about[each.pk]
        if each.rules_id is not None and tier is not None:
            pairs |= Q(rules=each.rules_id, tier=tier)
    wanted = list(Requirement.objects.filter(pairs)) if rows else []
    known = criteria.known() if wanted else {}
    return {
        each.pk: [
            line_of(one, each.values, known, each.membership_id)
            for one in wanted
            if (tier := about[each.pk]) is not None
            and (one.rules_id, one.tier_id) == (each.rules_id, tier.pk)
        ]
        for each in rows
    }


def gives(tier: Tier | None) -> list[Benefit]:
    """What a tier gives."""
    return list(Benefit.objects.filter(tier=tier, retired_at=None)) if tier is not None else []


def rows_behind(standing: Standing, requirement: Requirement) -> tuple[Criterion, list[criteria.Row]]:
    """What a number of a standing is made of."""
    criterion = criteria.known().get(requirement.criterion) or criteria.missing(requirement.criterion)
    asked = Asked(
        [standing.membership.partner_id],
        standing.day,
        requirement.months,
        requirement.currency,
        requirement.criterion,
    )
    return criterion, criterion.rows(asked)
