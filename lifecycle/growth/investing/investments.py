"""Investments are logged, shown to the partner or not, and withdrawn. Their amounts never stand in the
history, which everybody reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField
from django.utils.translation import gettext as _

from lifecycle.growth.investing.models import Investment
from partners.models import Event, Partner
from partners.organisations import local_day
from prm import references
from prm.questions import Given, Question
from prm.refusals import Refused
from team.models import User
from team.roles import permitted_or_403

ACTION = "log investment"
Kind = Investment.Kind


class InvestmentRefused(Refused):
    """It cannot be logged, shown or withdrawn so."""


@dataclass(frozen=True)
class Spent:
    """What was invested: `minutes` of ours, `amount` in minor units of a currency, or `to` whom we
    introduced them; that of its kind alone."""

    kind: str
    on: date
    words: str
    minutes: int | None = None
    amount: int | None = None
    currency: str = ""
    to: str = ""
    is_shown: bool = False

    def lacking(self) -> str:
        """What it does not say and should; "" where it is whole."""
        wanted = {Kind.HOURS: self.minutes, Kind.FUNDS: self.amount, Kind.INTRODUCTION: self.to.strip()}
        if not wanted[Kind(self.kind)]:
            return LACKING[Kind(self.kind)]
        return "" if self.words.strip() else "words"

    def beside(self) -> str:
        """What it says and should not, being of another kind."""
        told = {"minutes": self.minutes, "amount": self.amount, "to": self.to.strip()}
        return next((name for name, value in told.items() if value and name != LACKING[Kind(self.kind)]), "")


LACKING = {Kind.HOURS: "minutes", Kind.FUNDS: "amount", Kind.INTRODUCTION: "to"}


def refusal(field: str, lacks: bool) -> str:
    """Words for what an investment lacks, or says beside its kind."""
    if not lacks:
        return _("Only the kind you chose has this: leave it empty, or choose another kind.")
    return {
        "minutes": _("Say how many hours."),
        "amount": _("Say how much."),
        "to": _("Say whom we introduced them to."),
        "words": _("Say in a line what it was for."),
    }[field]


@transaction.atomic
def log(partner: Partner, spent: Spent, by: User, at: datetime) -> Event:
    """Log what we invested in a partner on a day that has come. Its event, which can be undone."""
    _check(spent, local_day(at, by.zone))
    made = Investment.objects.create(
        partner=partner,
        kind=spent.kind,
        on=spent.on,
        minutes=spent.minutes,
        amount=spent.amount,
        currency=spent.currency if spent.kind == Kind.FUNDS else "",
        to=spent.to.strip(),
        words=spent.words.strip()[:300],
        is_shown=spent.is_shown,
        logged_by=by,
        logged_at=at,
    )
    return _record("investment_logged", made, by, at, note=str(made))


def _check(spent: Spent, today: date) -> None:
    if field := spent.lacking():
        raise InvestmentRefused(refusal(field, lacks=True))
    if field := spent.beside():
        raise InvestmentRefused(refusal(field, lacks=False))
    if spent.on > today:
        raise InvestmentRefused(_("Day: it is still to come. Log what was given."))


@transaction.atomic
def show(investment: Investment, is_shown: bool, by: User, at: datetime) -> None:
    """Let the partner read it in its review, or not any more; packets that are frozen stay."""
    rows = Investment.objects.standing().filter(pk=investment.pk)
    if rows.exclude(is_shown=is_shown).update(is_shown=is_shown):
        kind = "investment_shown" if is_shown else "investment_hidden"
        _record(kind, investment, by, at, note=str(investment))
    elif not rows.exists():
        raise InvestmentRefused(_("It was withdrawn already."))


@transaction.atomic
def withdraw(
    investment: Investment, reason: str, by: User, at: datetime, undoes: Event | None = None
) -> Event:
    """Withdraw what was not so. It stays with its reason and counts no more."""
    reason = reason.strip()[:300]
    if not reason:
        raise InvestmentRefused(_("Say why it is withdrawn."))
    rows = Investment.objects.standing().filter(pk=investment.pk)
    if not rows.update(withdrawn_at=at, withdrawn_reason=reason):
        raise InvestmentRefused(_("It was withdrawn already."))
    return _record("investment_withdrawn", investment, by, at, note=f"{investment} ({reason})", undoes=undoes)


def take_back(event: Event, by: User, at: datetime) -> Event:
    """Undo of `log`."""
    logged = Investment.objects.select_related("partner").get(pk=event.about_id or 0)
    permitted_or_403(by, ACTION, logged.partner)
    return withdraw(logged, _("Logged by mistake."), by=by, at=at, undoes=event)


STANDS = Question(lambda: Event.objects.filter(key=Given("key", CharField())).order_by().values_list("pk"))


def amounts_read(partners: Iterable[Partner], by: User, at: datetime) -> None:
    """That somebody read amounts of funds stands in the audit, once a day for each person and partner."""
    end = f"{by.pk}:{local_day(at, by.zone)}"
    Event.record_all(
        [Event.drafted("funds_read", at, by, each, key=f"funds_read:{each.pk}:{end}") for each in partners]
    )


def amounts_read_again(partner: Partner, by: User, at: datetime) -> None:
    """The same of one partner, for a page that is opened many times a day: it writes once."""
    if not STANDS.ask(key=f"funds_read:{partner.pk}:{by.pk}:{local_day(at, by.zone)}"):
        amounts_read([partner], by, at)


def _record(kind: str, investment: Investment, by: User, at: datetime, **more: Any) -> Event:
    event = Event.record(kind, at, by, investment.partner, references.to(investment), **more)
    assert event is not None  # only a keyed event can stand already
    return event
