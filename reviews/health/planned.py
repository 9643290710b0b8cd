"""What was reached of the targets of joint plans, won and brought, against where each should be by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lifecycle.models import Credit, Deal
from partners.models import seen_by
from prm.quarters import Quarter
from reviews.health.measures import Asked, Measure, Row, Rows
from reviews.health.scoring import ONE, Fact
from reviews.models import Target
from reviews.planning import measures as planning
from reviews.planning.targets import words_of
from team.models import User

BROUGHT = "brought"
COMMERCIAL = [key for key, each in planning.MEASURES.items() if each.is_money or key == BROUGHT]
EARLY = timedelta(days=30)  # into a quarter, before its targets say anything
Key = tuple[int, str, str]  # partner, measure, currency


def _targets(asked: Asked) -> QuerySet[Target]:
    """Targets of deals in quarters that ended in the year or are well under way."""
    rows = Target.objects.filter(**asked.them(), measure__in=COMMERCIAL, first_on__gt=asked.since)
    return rows.filter(first_on__lte=asked.day - EARLY)


def _happened(asked: Asked) -> Iterator[tuple[Key, date, int]]:
    """What was won and brought by partners with a target; two questions."""
    rows = Credit.objects.current().filter(partner__in=_targets(asked).values("partner"))
    days = (asked.since, asked.day)
    won = rows.filter(deal__state=Deal.State.WON, deal__closed_on__range=days, deal__amount__isnull=False)
    columns = ("partner", "role", "deal__currency", "deal__closed_on", "deal__amount")
    for partner, role, currency, on, amount in won.values_list(*columns):
        yield (partner, f"won_{role}", currency), on, amount
    opened = rows.filter(role=Credit.Role.SOURCED, deal__created_at__lte=asked.at)
    opened = opened.filter(deal__created_at__gt=asked.moment(asked.since))
    for partner, at in opened.values_list("partner", "deal__created_at"):
        yield (partner, BROUGHT, ""), at.astimezone(ZoneInfo(asked.zone)).date(), 1


def _read(asked: Asked) -> list[tuple[Target, int]]:
    """Each target with what there is of it."""
    targets = list(_targets(asked).order_by("-first_on", "-pk"))
    reached = dict.fromkeys((each.pk for each in targets), 0)
    by_key: dict[Key, list[Target]] = {}
    for each in targets:
        by_key.setdefault((each.partner_id, each.measure, each.currency), []).append(each)
    for key, on, worth in _happened(asked) if targets else ():
        for each in by_key.get(key, ()):
            if Quarter(each.first_on).holds(on):
                reached[each.pk] += worth
    return [(each, reached[each.pk]) for each in targets]


def _share(target: Target, reached: int, asked: Asked) -> int:
    """How much there is of what there should be by the day, of a million, at most all of it."""
    quarter = Quarter(target.first_on)
    days = (quarter.last - quarter.first).days + 1
    gone = min((asked.day - quarter.first).days + 1, days)
    return min(ONE, int(ONE * reached / Fraction(target.wanted * gone, days)))


def _weight(target: Target, asked: Asked) -> int:
    """A quarter fades from its last day on."""
    return asked.weight(min(Quarter(target.first_on).last, asked.day))


def count(asked: Asked) -> dict[int, Fact]:
    found: dict[int, Fact] = {}
    for target, reached in _read(asked):
        weight, was = _weight(target, asked), found.get(target.partner_id, Fact(0, 0, 0))
        newest = max(was.newest or target.first_on, min(Quarter(target.first_on).last, asked.day))
        good = was.good + weight * _share(target, reached, asked)
        found[target.partner_id] = Fact(good, was.of + weight * ONE, was.n + 1, newest)
    return found


def rows(asked: Asked, user: User) -> Rows:
    seen = set(Target.objects.filter(seen_by(user), **asked.them()).values_list("pk", flat=True))
    shown = [_row(target, reached, asked) for target, reached in _read(asked) if target.pk in seen]
    return Rows(shown, len(shown))


def _row(target: Target, reached: int, asked: Asked) -> Row:
    share, measure = _share(target, reached, asked), planning.MEASURES[target.measure]
    says = _("{reached}, {share} % of where it should be").format(
        reached=measure.said(reached, target.currency), share=100 * share // ONE
    )
    on = min(Quarter(target.first_on).last, asked.day)
    return Row(words_of(target), on, says, share == ONE, target.get_absolute_url(), _weight(target, asked))


MEASURES = [
    Measure(
        "plan",
        "commercial",
        "Reached of the plan",
        "Targets of the joint plan for what is won and brought, in quarters that ended in 12 months or are "
        "30 days old: how much there is of what there should be by the day. Unknown without such a target.",
        count,
        rows,
        10,
    ),
]
