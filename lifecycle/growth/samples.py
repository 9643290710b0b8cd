"""The deals of the sample company: those in growth have some, of each phase."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from lifecycle.growth import phases, registrations, reminders
from lifecycle.growth.models import (
    Credit,
    Customer,
    Deal,
    DealVersion,
    Phase,
    Product,
    Registration,
)
from partners.keys import name_key
from partners.models import Event, Partner, Stage
from prm.samples import Sample

BATCH = 1000
EACH = 5
PRODUCTS = ("Platform", "Analytics", "Connect", "Support plan")
FIRST = ("Baker", "Harbour", "Linden", "Summit", "Orchard", "Granite", "Meadow", "Falcon", "Amber", "Nord")
SECOND = (
    "Foods",
    "Logistics",
    "Clinics",
    "Energy",
    "Schools",
    "Retail",
    "Works",
    "Bank",
    "Media",
    "Textiles",
)
ABOUT = ("Roll-out", "Renewal", "Pilot", "Second site", "Migration", "New region")
STEPS = ("Send the offer", "Demo with the buyer", "Answer the security questions", "Agree the dates", "")
LOST = ("Chose another vendor", "No budget this year", "Did it in house")
PARTS = (Credit.Role.SOURCED, Credit.Role.SOURCED, Credit.Role.INFLUENCED, Credit.Role.RESOLD)


def make(sample: Sample) -> None:
    phases.seed()
    Product.objects.bulk_create(Product(name=name, position=n) for n, name in enumerate(PRODUCTS))
    rng = sample.random("deals")
    roads = zip(sample.made["partners"], sample.made["roads"], strict=True)
    selling = [
        (partner, road.signed_at)
        for partner, road in roads
        if road.signed_at and partner.stage in {Stage.GROWTH, Stage.EVALUATION}
    ]
    firms, known = _customers(len(selling), sample.at, rng), list(Phase.objects.all())
    each = round(sample.deals / max(1, len(selling))) or EACH
    deals = [
        _deal(partner, signed_at, rng.choice(firms), known, sample.at, rng)
        for partner, signed_at in selling
        for _n in range(rng.randint(0, 2 * each))
    ]
    Deal.objects.bulk_create(deals, BATCH)
    _around(deals, known[0], rng)
    _registrations(deals, sample.at)


def _customers(partners: int, at: datetime, rng: Random) -> list[Customer]:
    """As many customers as partners, at least a dozen; a name with a number where names run out."""
    rows = []
    for n in range(max(12, partners)):
        name = f"{FIRST[n % 10]} {SECOND[n // 10 % 10]}" + (f" {n // 100 + 1}" if n >= 100 else "")
        domain = f"{name.lower().replace(' ', '-')}.example"
        rows.append(
            Customer(
                name=name,
                key=name_key(name),
                website=f"https://{domain}",
                domain=domain,
                country=rng.choice(["DE", "NL", "SE", "GB"]),
                created_at=at,
            )
        )
    return Customer.objects.bulk_create(rows, BATCH)


def _deal(
    partner: Partner,
    signed_at: datetime,
    customer: Customer,
    known: list[Phase],
    at: datetime,
    rng: Random,
) -> Deal:
    began_at = signed_at + (at - signed_at) * rng.random()
    moved_at = began_at + (at - began_at) * rng.random()
    phase = _phase(known, at - began_at, rng)
    is_open = phase.ends == Phase.Ends.OPEN
    step = rng.choice(STEPS) if is_open else ""
    deal = Deal(
        name=f"{customer.name}: {rng.choice(ABOUT)}",
        partner=partner,
        customer=customer,
        phase=phase,
        state=phase.ends,
        phase_since=moved_at,
        amount=rng.randint(8, 240) * 50_000,
        currency=rng.choice(["EUR", "EUR", "EUR", "GBP"]),
        expected_close_on=_ahead(at, rng, -10, 120) if is_open else moved_at.date(),
        closed_on=None if is_open else moved_at.date(),
        lost_reason=rng.choice(LOST) if phase.ends == Phase.Ends.LOST else "",
        next_step=step,
        next_step_on=_ahead(at, rng, -4, 20) if step else None,
        owner=partner.owner,
        created_at=began_at,
        term_months=12 if phase.ends == Phase.Ends.WON else None,
    )
    deal.next_check_at = reminders.next_check(deal, at)
    return deal


def _phase(known: list[Phase], age: timedelta, rng: Random) -> Phase:
    """Old deals are closed, mostly; young ones stand anywhere."""
    if age > timedelta(days=150) or rng.random() < 0.25:
        end = Phase.Ends.WON if rng.random() < 0.45 else Phase.Ends.LOST
        return next(phase for phase in known if phase.ends == end)
    return rng.choice([phase for phase in known if phase.ends == Phase.Ends.OPEN])


def _ahead(at: datetime, rng: Random, first: int, last: int) -> date:
    return (at + timedelta(days=rng.randint(first, last))).date()


def _around(deals: list[Deal], first: Phase, rng: Random) -> None:
    """Versions, credits and products of each."""
    every, through = list(Product.objects.all()), Deal.products.through
    versions = [version for deal in deals for version in _versions(deal, first)]
    DealVersion.objects.bulk_create(versions, BATCH)
    Credit.objects.bulk_create(
        [
            Credit(deal=deal, partner=deal.partner, role=rng.choice(PARTS), from_at=deal.created_at)
            for deal in deals
        ],
        BATCH,
    )
    Event.objects.bulk_create([event for deal in deals for event in _events(deal, first)], BATCH)
    through.objects.bulk_create(
        [through(deal_id=deal.pk, product_id=rng.choice(every).pk) for deal in deals], BATCH
    )


def _versions(deal: Deal, first: Phase) -> list[DealVersion]:
    """What it began as, and what it is since it was last moved."""
    worth = {"deal": deal, "partner": deal.partner, "amount": deal.amount, "currency": deal.currency}
    began = DealVersion(
        **worth,
        from_at=deal.created_at,
        to_at=deal.phase_since,
        state=Deal.State.OPEN,
        phase=first,
        likely=first.probability,
    )
    now = DealVersion(
        **worth,
        from_at=deal.phase_since,
        state=deal.state,
        phase=deal.phase,
        likely=deal.phase.probability,
        expected_close_on=deal.expected_close_on,
        closed_on=deal.closed_on,
    )
    return [began, now]


def _events(deal: Deal, first: Phase) -> list[Event]:
    """That it was opened, and moved to where it stands."""
    about = {"partner": deal.partner, "about_kind": "deal", "about_id": deal.pk, "by_user": deal.owner}
    about |= {"by_system": "" if deal.owner else "sample"}
    began = Event(**about, kind="deal_started", at=deal.created_at, note=f"{deal}: {deal.customer}")
    if deal.phase == first:
        return [began]
    words = f"{deal}: {first} → {deal.phase}" + (f": {deal.lost_reason}" if deal.lost_reason else "")
    return [began, Event(**about, kind="deal_moved", at=deal.phase_since, note=words)]


def _registrations(deals: list[Deal], at: datetime) -> None:
    """Every sixth open deal is protected, some of them not for long."""
    chosen = [deal for deal in deals if deal.is_open][::6]
    rows = []
    for n, deal in enumerate(chosen):
        row = Registration(
            partner=deal.partner,
            customer=deal.customer,
            name=deal.name,
            words="We met the buyer twice.",
            amount=deal.amount,
            currency=deal.currency,
            expected_close_on=deal.expected_close_on,
            state=Registration.State.PROTECTED,
            protected_until=at.date() + timedelta(days=5 + 7 * n % 85),
            deal=deal,
            asked_at=deal.created_at,
        )
        row.next_check_at = registrations.next_check(row, at)
        rows.append(row)
    Registration.objects.bulk_create(rows, BATCH)
