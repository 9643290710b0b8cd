"""Deals: opened, changed, moved along their phases, credited. Every change is kept with its moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lifecycle.growth import reminders
from lifecycle.growth.models import Credit, Customer, Deal, DealVersion, Phase, Product
from partners import changes, history
from partners.history import UndoRefused
from partners.models import Event, Partner
from partners.organisations import local_day
from prm import references
from prm.refusals import Refused
from team.companies import zone_of
from team.models import User
from team.roles import may, permitted_or_403

FACTS = {
    "name",
    "customer",
    "amount",
    "currency",
    "probability",
    "expected_close_on",
    "next_step",
    "next_step_on",
    "owner",
    "seller_name",
    "seller_email",
    "outside_id",
    "term_months",
}
VERSIONED = ("partner_id", "state", "phase_id", "amount", "currency", "expected_close_on", "closed_on")
By = User | str


class DealRefused(Refused):
    """The deal cannot be changed so."""


@transaction.atomic
def start(
    partner: Partner,
    name: str,
    customer: Customer,
    by: By,
    at: datetime,
    role: str = Credit.Role.SOURCED,
    phase: Phase | None = None,
    products: Iterable[Product] = (),
    **facts: Any,
) -> Deal:
    """A new open deal, `partner` with the primary credit in `role`. Without an owner it is the partner's
    owner's; `phase` is the first open one unless given. `facts` are columns (see `FACTS`)."""
    if unknown := set(facts) - FACTS:
        raise TypeError(f"no fact of a deal: {', '.join(sorted(unknown))}")
    first = phase or Phase.objects.filter(ends=Phase.Ends.OPEN, retired_at=None).first()
    if first is None or first.ends != Phase.Ends.OPEN:
        raise DealRefused(_("Phase: choose an open one to begin with."))
    facts.setdefault("owner", partner.owner)
    deal = Deal(
        partner=partner, name=name, customer=customer, phase=first, phase_since=at, created_at=at, **facts
    )
    deal.next_check_at = reminders.next_check(deal, at)
    deal.save()
    deal.products.set(products)
    Credit.objects.create(deal=deal, partner=partner, role=role, from_at=at)
    _keep_version(deal, at)
    _record("deal_started", deal, by, at, note=str(deal.customer))
    return deal


@transaction.atomic
def change(
    deal: Deal, to: Mapping[str, Any], by: By, at: datetime, undoes: Event | None = None
) -> Event | None:
    """Change facts of a deal; None where nothing differs. `to` holds columns (see `FACTS`) and
    `products` as a whole list."""
    if unknown := set(to) - FACTS - {"products"}:
        raise TypeError(f"no fact of a deal: {', '.join(sorted(unknown))}")
    held = _held(deal)
    made = changes.made(held, {field: value for field, value in to.items() if field in FACTS})
    held.next_check_at = reminders.next_check(held, at)
    held.save(update_fields=[*made, "next_check_at", *({"sort_name"} if "name" in made else ())])
    if "products" in to:
        made |= _set_products(held, to["products"])
    if not made:
        return None
    _keep_version(held, at)
    deal.refresh_from_db()
    return _record("deal_changed", held, by, at, made, changes.in_words(Deal, made), undoes)


def _set_products(deal: Deal, wanted: Iterable[Product]) -> changes.Changes:
    before = sorted(product.name for product in deal.products.all())
    deal.products.set(wanted)
    after = sorted(product.name for product in deal.products.all())
    return {"products": [before, after]} if before != after else {}


@transaction.atomic
def move(
    deal: Deal,
    to: Phase,
    by: By,
    at: datetime,
    seen: str = "",
    closed_on: date | None = None,
    reason: str = "",
    undoes: Event | None = None,
) -> Event:
    """Move it to a phase. Won and lost close it on a day (today unless given); lost says why; an open
    phase opens it again. `seen` is the id of the phase the page showed."""
    held = _held(deal)
    if seen and seen != str(held.phase_id):
        raise DealRefused(_("“{deal}” stands in {phase} now.").format(deal=held, phase=held.phase))
    if to.pk == held.phase_id:
        raise DealRefused(_("“{deal}” is in {phase} already.").format(deal=held, phase=to))
    before = {"phase": held.phase_id, "closed_on": changes.kept(held.closed_on), "reason": held.lost_reason}
    held.closed_on, held.lost_reason = _closing(held, to, by, at, closed_on, reason.strip())
    note = f"{held.phase} → {to}"
    held.phase, held.state, held.phase_since = to, to.ends, at
    held.next_check_at = reminders.next_check(held, at)
    held.save(update_fields=["phase", "state", "phase_since", "closed_on", "lost_reason", "next_check_at"])
    _keep_version(held, at)
    deal.refresh_from_db()
    after = {"phase": to.pk, "closed_on": changes.kept(held.closed_on), "reason": held.lost_reason}
    made = {field: [before[field], after[field]] for field in before}
    words = f"{note}: {held.lost_reason}" if held.lost_reason else note
    return _record("deal_moved", held, by, at, made, words, undoes)


def _closing(
    deal: Deal, to: Phase, by: By, at: datetime, on: date | None, reason: str
) -> tuple[date | None, str]:
    """The day and the reason it closes with; neither where the phase is an open one."""
    if to.ends == Phase.Ends.OPEN:
        return None, ""
    today = local_day(at, zone_of(by))
    if on is not None and on > today:
        raise DealRefused(_("Day: it is still to come. A deal closes on a day that was."))
    if to.ends == Phase.Ends.WON and deal.amount is None:
        raise DealRefused(_("Amount: say what the deal is worth before it is won."))
    if to.ends == Phase.Ends.LOST and not reason:
        raise DealRefused(_("Reason: say why the deal is lost."))
    return on or today, reason[:300] if to.ends == Phase.Ends.LOST else ""


@transaction.atomic
def credit(deal: Deal, partner: Partner, role: str, by: By, at: datetime) -> Credit:
    """Credit a partner with a part in the deal; one partner may have several."""
    held = _held(deal)
    if Credit.objects.current().filter(deal=held, partner=partner, role=role).exists():
        word = str(Credit.Role(role).label).lower()
        raise DealRefused(_("{partner} has it {role} already.").format(partner=partner, role=word))
    given = Credit.objects.create(deal=held, partner=partner, role=role, from_at=at)
    _record("deal_credited", held, by, at, note=str(given))
    return given


@transaction.atomic
def end_credit(credit: Credit, by: By, at: datetime) -> Event:
    """Take a part back, from now on. The last part of who has the primary credit stays."""
    deal = _held(credit.deal)
    others = Credit.objects.current().filter(deal=deal, partner=credit.partner_id).exclude(pk=credit.pk)
    if credit.partner_id == deal.partner_id and not others.exists():
        raise DealRefused(
            _("{partner} has the primary credit. Give that to another first.").format(partner=credit.partner)
        )
    if not Credit.objects.current().filter(pk=credit.pk).update(to_at=at):
        raise DealRefused(_("This credit has ended already."))
    return _record("deal_credit_ended", deal, by, at, note=str(credit))


@transaction.atomic
def make_primary(deal: Deal, partner: Partner, by: By, at: datetime) -> Event:
    """Give the primary credit to another partner that has a part in it."""
    held = _held(deal)
    if held.partner_id == partner.pk:
        raise DealRefused(_("{partner} has the primary credit already.").format(partner=partner))
    if not Credit.objects.current().filter(deal=held, partner=partner).exists():
        raise DealRefused(_("{partner} has no part in this deal.").format(partner=partner))
    note = f"{held.partner} → {partner}"
    held.partner = partner
    held.save(update_fields=["partner"])
    _keep_version(held, at)
    deal.refresh_from_db()
    return _record("deal_primary_changed", held, by, at, note=note)


def allowed(user: User, deal: Deal) -> bool:
    """Whether this person may change the deal: who looks after it, or may change deals of its partner."""
    return deal.owner_id == user.pk or may(user, "change deal", deal)


def allowed_or_403(user: User, deal: Deal) -> None:
    """Raise PermissionDenied, in words, unless `allowed`."""
    if not allowed(user, deal):
        permitted_or_403(user, "change deal", deal)


def take_back(event: Event, by: User, at: datetime) -> Event:
    """Undo of `move` and `change`: as it was before."""
    deal = Deal.objects.select_related("partner").filter(pk=history.subject(event)).first()
    if deal is None:
        raise UndoRefused(_("This deal is gone."))
    allowed_or_403(by, deal)
    if event.kind == "deal_moved":
        return _move_back(deal, event, by, at)
    facts = changes.back(deal, {k: pair for k, pair in event.changes.items() if k != "products"})
    if "products" in event.changes:
        facts["products"] = Product.objects.filter(name__in=event.changes["products"][0])
    written = change(deal, facts, by, at, undoes=event)
    if written is None:
        raise UndoRefused(_("It is as it was before already."))
    return written


def _move_back(deal: Deal, event: Event, by: User, at: datetime) -> Event:
    former, left = event.changes["phase"]
    phase = Phase.objects.filter(pk=former).first()
    if phase is None or deal.phase_id != left:
        raise UndoRefused(_("It was moved again since."))
    closed_on, reason = event.changes["closed_on"][0], event.changes["reason"][0]
    on = date.fromisoformat(closed_on) if closed_on else None
    return move(deal, phase, by, at, closed_on=on, reason=reason, undoes=event)


def _keep_version(deal: Deal, at: datetime) -> None:
    """Close the current version and begin the next, where what is kept of a deal differs."""
    likely = deal.phase.probability if deal.probability is None else deal.probability
    now = {column: getattr(deal, column) for column in VERSIONED} | {"likely": likely}
    current = DealVersion.objects.current().filter(deal=deal).first()
    if current is not None and all(getattr(current, column) == value for column, value in now.items()):
        return
    if current is not None:
        DealVersion.objects.filter(pk=current.pk).update(to_at=max(at, current.from_at))
    DealVersion.objects.create(deal=deal, from_at=at, **now)


def _held(deal: Deal) -> Deal:
    """The deal as it stands, held until this transaction ends."""
    deals = Deal.objects.select_for_update(of=("self",))
    return deals.select_related("partner__owner", "phase", "customer").get(pk=deal.pk)


def _record(
    kind: str,
    deal: Deal,
    by: By,
    at: datetime,
    made: Mapping[str, Any] | None = None,
    note: str = "",
    undoes: Event | None = None,
) -> Event:
    """Write it into the history of who has the primary credit, under the deal's name."""
    event = Event.record(
        kind,
        at,
        by,
        deal.partner,
        references.to(deal),
        changes=dict(made or {}),
        note=f"{deal}: {note}",
        undoes=undoes,
    )
    assert event is not None  # only a keyed event can stand already
    return event
