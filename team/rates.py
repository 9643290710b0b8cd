"""The rates of our reporting currency: stated, corrected, taken back; and sums made with them.

No row is ever changed, so that what was added up with a rate can always be explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from prm.questions import Asked, Question, day
from prm.rates import Amount, Rates, Total, shown_day
from prm.refusals import Refused
from team import companies
from team.companies import BEFORE, reporting_currency
from team.models import Company, Rate, User
from team.models.rates import Stated, stated


class RateRefused(Refused):
    """A rate cannot be kept as it was stated."""


@dataclass(frozen=True)
class Wanted:
    """One unit of `currency` is to be worth so many units of the reporting currency from a day on."""

    currency: str
    since_on: date
    worth: Decimal
    source: str = ""


# --- reading ----------------------------------------------------------------------------------------------


def _ours() -> QuerySet[Any, Any]:
    """The rates into the reporting currency that amounts of a day and later ones need."""
    into = Company.objects.order_by("pk").values("reporting_currency")[:1]
    rows = Rate.objects.standing().filter(reporting=Coalesce(Subquery(into), Value(BEFORE[2])))
    return rows.since_about(day("since")).order_by().values_list("currency", "since_on", "worth")


OURS: Question[Any] = Question(_ours)


def asked(since: date) -> list[Asked[Any]]:
    """What `ours` asks."""
    return [companies.OURS.of(), OURS.of(since=since)]


def ours(since: date) -> Rates:
    """The rates into the reporting currency that amounts of a day and later ones need."""
    return Rates(reporting_currency(), [Stated(*row) for row in OURS.ask(since=since)])


def known(reporting: str, since: date, currencies: Iterable[str] | None = None) -> Rates:
    """The rates that amounts of a day and later ones need; one query. Without `currencies`, of all."""
    rows = Rate.objects.standing().filter(reporting=reporting)
    if currencies is not None:
        rows = rows.filter(currency__in=set(currencies) - {reporting})
    return Rates(reporting, stated(rows.since_about(since)))


def in_one(amounts: Iterable[Amount], reporting: str = "") -> Total | None:
    """The sum of amounts of several currencies in the reporting one, with its rates; None where all are of
    one currency and need none."""
    given = list(amounts)
    currencies = {each.currency for each in given}
    if len(currencies) < 2:
        return None
    since = min(each.on for each in given)
    return (known(reporting, since, currencies) if reporting else ours(since)).total(given)


# --- changing ---------------------------------------------------------------------------------------------


@transaction.atomic
def state(wanted: Wanted, by: User, at: datetime) -> Rate:
    """A rate from a day on. Refused where another stands for that day: that one is to be corrected."""
    into = reporting_currency()
    _check(wanted, into)
    try:
        with transaction.atomic():
            return _written(wanted, into, by, at)
    except IntegrityError as error:
        raise RateRefused(
            _("A rate of {currency} from {day} stands already. Correct that one.").format(
                currency=wanted.currency, day=shown_day(wanted.since_on)
            )
        ) from error


@transaction.atomic
def correct(rate: Rate, worth: Decimal, why: str, by: User, at: datetime, source: str = "") -> Rate:
    """The right number for a rate that stands: a new row, beside which the former one stays with the why."""
    wanted = Wanted(rate.currency, rate.since_on, worth, source)
    _check(wanted, rate.reporting)
    if worth == rate.worth:
        raise RateRefused(_("This is the number that stands."))
    _replace([rate.pk], why, by, at)
    return _written(wanted, rate.reporting, by, at)


@transaction.atomic
def take_back(rate: Rate, why: str, by: User, at: datetime) -> None:
    """A rate that should not be there: from now on the one before it holds."""
    _replace([rate.pk], why, by, at)


@transaction.atomic
def state_or_correct(wanted: Wanted, why: str, by: User, at: datetime) -> Rate:
    """The rate of a day, whether one stands there or not; as `state_all` does with a list of one."""
    state_all([wanted], why, by, at)
    return Rate.objects.standing().get(
        reporting=reporting_currency(), currency=wanted.currency, since_on=wanted.since_on
    )


@dataclass(frozen=True)
class Brought:
    """What a list of rates brought."""

    new: int
    corrected: int
    same: int


@transaction.atomic
def state_all(wanted: Sequence[Wanted], why: str, by: User, at: datetime) -> Brought:
    """All of these, or none: new ones are stated, those that differ from what stands correct it. Refused
    without a `why` where something is corrected."""
    into = reporting_currency()
    for each in wanted:
        _check(each, into)
    days, currencies = {each.since_on for each in wanted}, {each.currency for each in wanted}
    rows = Rate.objects.standing().filter(reporting=into, since_on__in=days, currency__in=currencies)
    standing = {(row.currency, row.since_on): row for row in rows.select_for_update()}
    new = [each for each in wanted if (each.currency, each.since_on) not in standing]
    differing = [
        each
        for each in wanted
        if (row := standing.get((each.currency, each.since_on))) and row.worth != each.worth
    ]
    if differing and not why:
        first = differing[0]
        raise RateRefused(
            _("{n} of them differ from rates that stand, {currency} from {day} first. Say why.").format(
                n=len(differing), currency=first.currency, day=shown_day(first.since_on)
            )
        )
    _replace([standing[each.currency, each.since_on].pk for each in differing], why, by, at)
    Rate.objects.bulk_create(_drafted(each, into, by, at) for each in [*new, *differing])
    return Brought(len(new), len(differing), len(wanted) - len(new) - len(differing))


def _check(wanted: Wanted, into: str) -> None:
    if wanted.currency == into:
        raise RateRefused(
            _("{currency} is the reporting currency: it is worth itself.").format(currency=into)
        )
    if wanted.worth <= 0:
        raise RateRefused(_("A rate is more than 0."))


def _replace(keys: list[int], why: str, by: User, at: datetime) -> None:
    """These rows stand no more. Refused where one of them stands no more already."""
    if not keys:
        return
    if not why.strip():
        raise RateRefused(_("Say why: it stays beside the former rate."))
    rows = Rate.objects.standing().filter(pk__in=keys)
    if rows.update(replaced_at=at, replaced_by=by, replaced_why=why.strip()) != len(keys):
        raise RateRefused(_("Somebody corrected it meanwhile. Look again."))


def _written(wanted: Wanted, into: str, by: User, at: datetime) -> Rate:
    row = _drafted(wanted, into, by, at)
    row.save(force_insert=True)
    return row


def _drafted(wanted: Wanted, into: str, by: User, at: datetime) -> Rate:
    return Rate(
        reporting=into,
        currency=wanted.currency,
        since_on=wanted.since_on,
        worth=wanted.worth,
        source=wanted.source,
        by=by,
        at=at,
    )
