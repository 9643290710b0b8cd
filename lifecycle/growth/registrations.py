"""Deal registrations: asked for, decided, protected until a day, extended on progress, run out.

A yes makes the deal (or takes the one it names) and protects it; a no says why and can be contested. What
may stand against it is looked for when it is asked and again whenever somebody decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from conversations import decisions, responsibility
from conversations.commitments import end_of
from conversations.decision_kinds import DAY, Fact, Kind, Look, Starter
from conversations.decisions import DecisionRefused
from conversations.models import Decision, Matter
from lifecycle.growth import deals
from lifecycle.growth.models import Credit, Customer, Deal, Product, Registration
from partners.models import Contact, Event, Partner, Status
from partners.organisations import local_day
from prm import references, sweeper
from prm.refusals import Refused
from team import notices
from team.companies import zone_of
from team.models import Notice, User

KIND = "deal registration"
NEAR, RAN_OUT = "registration_ends", "registration_ran_out"
PROTECTED_FOR = 90  # days
REMIND = 14  # days before the end
LONGEST = 365  # days
MOST_ASKED = 50  # that wait for a decision, of one partner
BY = "sweep"
By = User | Contact
State = Registration.State

STARTER = Starter(
    name="Deal registrations",
    seconds=2 * DAY,
    yes=["Registered: you work with this customer, and nobody else of our partners does."],
    no=[
        "Another partner registered this customer before.",
        "We are in talks with this customer ourselves.",
        "There is too little yet to register: tell us whom you talk with and what they need.",
    ],
    appeal_days=14,
)


class RegistrationRefused(Refused):
    """It cannot be asked, extended or taken back so."""


@dataclass(frozen=True)
class Conflict:
    """What stands against a registration: another claim on the customer, or business of our own."""

    words: str
    url: str


# --- asked ----------------------------------------------------------------------------------------------


@transaction.atomic
def ask(
    partner: Partner,
    name: str,
    customer: Customer,
    by: By,
    at: datetime,
    products: Iterable[Product] = (),
    contact: Contact | None = None,
    **facts: Any,
) -> Registration:
    """Ask that a deal be the partner's. `by` is somebody there, or one of us for `contact`; `facts` are
    `words`, `amount`, `currency` and `expected_close_on`."""
    if partner.status != Status.LIVE:
        raise RegistrationRefused(
            _("{partner} is no live partner; only those register deals.").format(partner=partner)
        )
    if Registration.objects.filter(partner=partner, state=State.ASKED).count() >= MOST_ASKED:
        raise RegistrationRefused(_("{n} registrations wait for us already.").format(n=MOST_ASKED))
    again = Registration.objects.standing().filter(partner=partner, customer=customer)
    if again.exists():
        raise RegistrationRefused(_("You have registered {customer} already.").format(customer=customer))
    registration = Registration.objects.create(
        partner=partner, name=name.strip(), customer=customer, asked_at=at, **facts
    )
    registration.products.set(products)
    about = references.to(registration)
    amount = registration.worth
    words = f"{registration}" + (f"\n{registration.words}" if registration.words else "")
    decisions.ask(KIND, partner, by, at, words=words, about=about, contact=contact, amount=amount)
    return registration


def conflicts(registration: Registration) -> list[Conflict]:
    """Claims of others on the same customer with a product in common, and business of our own there.

    A customer is the same by its registrable domain, or by its very name in its country; no products named
    are all of them.
    """
    customer = registration.customer
    wanted = set(registration.products.values_list("pk", flat=True))
    return [
        *_claims(registration, wanted),
        *_deals(registration, wanted),
        *([Conflict(_ours(customer), customer.get_absolute_url())] if customer.is_ours else []),
    ]


def _claims(registration: Registration, wanted: set[int]) -> list[Conflict]:
    others = Registration.objects.standing().filter(customer=registration.customer_id)
    others = others.exclude(partner=registration.partner_id).exclude(pk=registration.pk)
    rows = others.select_related("partner").prefetch_related("products")
    return [
        Conflict(
            _("{partner} registered it on {day} ({state})").format(
                partner=other.partner,
                day=f"{other.asked_at:%-d %B %Y}",
                state=str(other.get_state_display()).lower(),
            ),
            other.get_absolute_url(),
        )
        for other in rows
        if _in_common(wanted, {product.pk for product in other.products.all()})
    ]


def _deals(registration: Registration, wanted: set[int]) -> list[Conflict]:
    """Open deals with this customer in which the partner has no part."""
    theirs = Credit.objects.current().filter(partner=registration.partner_id)
    running = Deal.objects.open().filter(customer=registration.customer_id)
    running = running.exclude(pk__in=theirs.values("deal")).exclude(
        Q(registration__state=State.PROTECTED) | Q(pk=registration.deal_id)
    )
    rows = running.select_related("partner", "phase").prefetch_related("products")
    return [
        Conflict(
            _("The deal “{deal}” runs with {partner} ({phase})").format(
                deal=deal, partner=deal.partner, phase=deal.phase
            ),
            deal.get_absolute_url(),
        )
        for deal in rows
        if _in_common(wanted, {product.pk for product in deal.products.all()})
    ]


def _in_common(one: set[int], other: set[int]) -> bool:
    return not one or not other or bool(one & other)


def _ours(customer: Customer) -> str:
    if customer.our_seller:
        return _("{seller} of ours sells there").format(seller=customer.our_seller)
    return _("We sell there ourselves")


# --- decided ---------------------------------------------------------------------------------------------


def look(matters: Sequence[Matter]) -> Mapping[int, Look]:
    """What one sees before deciding: the customer, the amount, and what stands against it."""
    ids = [matter.about_id for matter in matters if matter.about_id is not None]
    rows = Registration.objects.select_related("customer", "partner").prefetch_related("products")
    found = {row.pk: row for row in rows.filter(pk__in=ids)}
    return {matter.pk: _look(found[matter.about_id]) for matter in matters if matter.about_id in found}


def _look(registration: Registration) -> Look:
    customer = registration.customer
    facts = [
        Fact(_("Customer"), f"{customer} {customer.domain}".strip(), customer.get_absolute_url()),
        Fact(_("Amount"), str(registration.worth or _("not said"))),
        Fact(_("Products"), ", ".join(map(str, registration.products.all())) or _("all")),
    ]
    facts += [Fact(_("Stands against it"), each.words, each.url) for each in conflicts(registration)]
    return Look(f"{registration.partner}: {registration}", facts)


def decided(matter: Matter, decision: Decision, at: datetime) -> None:
    """A yes protects the deal, a no leaves it open to others."""
    registration = _held(matter.about_id or 0)
    if decision.is_yes:
        _protect(registration, decision.by, at)
    else:
        Registration.objects.filter(pk=registration.pk).update(state=State.DECLINED)


def contested(decision: Decision) -> None:
    """Only what is declined still is contested."""
    declined = Registration.objects.filter(pk=decision.about_id or 0, state=State.DECLINED)
    if not declined.exists():
        raise DecisionRefused(_("This registration is not declined any more."))


DECIDES = Kind(KIND, STARTER, look, decided, has_amounts=True, contested=contested)


def _protect(registration: Registration, by: User, at: datetime) -> None:
    deal = registration.deal or _deal(registration, by, at)
    registration.deal, registration.state = deal, State.PROTECTED
    today = local_day(at, zone_of(registration.partner.owner))
    registration.protected_until = today + timedelta(days=PROTECTED_FOR)
    registration.next_check_at = next_check(registration, at)
    registration.save(update_fields=["deal", "state", "protected_until", "next_check_at"])
    note = f"{registration}, until {registration.protected_until:%-d %B %Y}"
    _record("registration_protected", registration, by, at, note)


def _deal(registration: Registration, by: User, at: datetime) -> Deal:
    """The deal it becomes: the partner's own open one with this customer, else a new one it sourced."""
    theirs = Deal.objects.open().filter(partner=registration.partner, customer=registration.customer)
    found = theirs.filter(registration=None).order_by("pk").first()
    return found or deals.start(
        registration.partner,
        registration.name,
        registration.customer,
        by=by,
        at=at,
        role=Credit.Role.SOURCED,
        products=registration.products.all(),
        amount=registration.amount,
        currency=registration.currency,
        expected_close_on=registration.expected_close_on,
    )


# --- protected -------------------------------------------------------------------------------------------


@transaction.atomic
def extend(registration: Registration, until: date, progress: str, by: User, at: datetime) -> None:
    """Protect it longer, for progress that is written down."""
    held = _held(registration.pk)
    today = local_day(at, by.zone)
    if not held.is_protected or held.protected_until is None:
        raise RegistrationRefused(_("This registration is not protected."))
    if not progress.strip():
        raise RegistrationRefused(_("Progress: say what has been achieved with the customer."))
    if until <= held.protected_until:
        raise RegistrationRefused(
            _("Day: it is protected until {day} already.").format(day=f"{held.protected_until:%-d %B %Y}")
        )
    if until > today + timedelta(days=LONGEST):
        raise RegistrationRefused(_("Day: at most {n} days from today.").format(n=LONGEST))
    held.protected_until = until
    held.next_check_at = next_check(held, at)
    held.save(update_fields=["protected_until", "next_check_at"])
    registration.refresh_from_db()
    _record("registration_extended", held, by, at, f"{until:%-d %B %Y}: {progress.strip()[:300]}")


@transaction.atomic
def withdraw(registration: Registration, reason: str, by: By, at: datetime) -> None:
    """It is not wanted any more: what waits for a decision is taken back, what is protected is free."""
    held = _held(registration.pk)
    if held.state not in {State.ASKED, State.PROTECTED}:
        raise RegistrationRefused(_("This registration does not stand any more."))
    matter = decisions.open_about(KIND, references.to(held))
    if matter is not None:
        decisions.withdraw(matter, reason, by, at)
    _end(held, State.WITHDRAWN)
    registration.refresh_from_db()
    _record("registration_withdrawn", held, by, at, reason.strip()[:300])


def sweep(at: datetime) -> int:
    """Look at every protection of which a day has come."""
    due = Registration.objects.select_related("partner__owner", "customer", "deal")
    return sweeper.in_batches(due, at, check)


def next_check(registration: Registration, at: datetime) -> datetime | None:
    """When its protection is near its end, then when it is over."""
    return min((moment for moment in _moments(registration) if moment > at), default=None)


def check(registration: Registration, at: datetime) -> None:
    """Remind two weeks before the end; at the end let it go. A closed deal needs no protection."""
    if not registration.is_protected or registration.deal is None or not registration.deal.is_open:
        Registration.objects.filter(pk=registration.pk).update(next_check_at=None)
        return
    near, over = _moments(registration)
    if at >= over:
        _end(registration, State.EXPIRED)
        _tell(registration, RAN_OUT, over, at, _("The protection of “{it}” has run out"))
        return
    if at >= near:
        _tell(registration, NEAR, near, at, _("The protection of “{it}” ends on {day}"))
    Registration.objects.filter(pk=registration.pk).update(next_check_at=next_check(registration, at))


def _moments(registration: Registration) -> tuple[datetime, datetime]:
    """When it is near its end, and when it is over."""
    until, zone = registration.protected_until, zone_of(registration.partner.owner)
    assert until is not None  # what is protected has its day
    return end_of(until - timedelta(days=REMIND), zone), end_of(until, zone)


def _tell(registration: Registration, kind: str, moment: datetime, at: datetime, words: str) -> None:
    about = references.to(registration)
    key = f"{kind}:{registration.pk}:{moment.isoformat()}"
    day = f"{registration.protected_until:%-d %B %Y}"
    note = f"{registration}, {day}"
    if Event.record(kind, at, BY, registration.partner, about, note=note, key=key) is None:
        return
    for person in responsibility.person_or_heads(registration.partner.owner):
        text = words.format(it=registration, day=day)
        notices.give(person, kind, about, moment, at, text, registration.get_absolute_url())


def still_stands(notice: Notice) -> bool:
    """Whether it is protected until the same day: asked when the mail is composed."""
    rows = Registration.objects.filter(pk=notice.cause_id, state=State.PROTECTED)
    registration = rows.select_related("partner__owner").first()
    return registration is not None and notice.due_at in _moments(registration)


def _end(registration: Registration, state: str) -> None:
    Registration.objects.filter(pk=registration.pk).update(state=state, next_check_at=None)
    registration.state = state


def _held(pk: int) -> Registration:
    """The registration as it stands, held until this transaction ends."""
    rows = Registration.objects.select_for_update(of=("self",))
    return rows.select_related("partner__owner", "customer", "deal").get(pk=pk)


def _record(kind: str, registration: Registration, by: By, at: datetime, note: str) -> None:
    Event.record(kind, at, by, registration.partner, references.to(registration), note=note)
