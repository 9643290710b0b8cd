"""What becomes of each row: a new deal, a changed one, the same, or rejected. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from lifecycle.growth.models import Deal, Phase
from partners.importing.matching import chunks
from partners.importing.naming import Named
from partners.models import Assignment, Event, Partner
from prm.models import Import, ImportRow
from prm.money import Money
from team.models import User
from team.roles import may_by_role

MOST = 10_000  # rows: each is written by the verbs of its page
Outcome = ImportRow.Outcome
PLAIN = (
    *("name", "amount", "currency", "probability", "next_step", "seller_name", "seller_email"),
    "term_months",
)
DAYS = ("expected_close_on", "next_step_on")


@dataclass
class Coming:
    """One row, the deal it is already (None: it is new), and what changes there."""

    row: ImportRow
    partner: Partner | None = None
    deal: Deal | None = None
    phase: Phase | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    refusal: str = ""
    note: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        return self.row.facts or {}

    @property
    def outcome(self) -> str:
        if self.refusal:
            return Outcome.REJECTED
        if self.deal is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.SAME


@dataclass
class DealPlan:
    """All rows of a file with what becomes of them, as things stood after the event `as_of`."""

    coming: list[Coming]
    as_of: int = 0

    def of(self, outcome: str) -> list[Coming]:
        return [one for one in self.coming if one.outcome == outcome]

    def counts(self) -> dict[str, int]:
        kept = (Outcome.NEW, Outcome.CHANGED, Outcome.SAME)
        return {f"things_{outcome}": len(self.of(outcome)) for outcome in kept}

    def has_moved(self) -> bool:
        """Whether any deal changed since: then it is planned once more."""
        return Event.objects.filter(pk__gt=self.as_of, about_kind="deal").exists()


def plan(imported: Import, rows: Sequence[ImportRow]) -> DealPlan:
    """Plan the rows that could be read, and write outcome, target and changes on them."""
    as_of = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    there = There.of([row for row in rows if row.facts is not None], imported.by)
    coming = [there.plan(row) for row in rows if row.facts is not None]
    for one in coming:
        _say(one)
    return DealPlan(coming, as_of)


@dataclass
class There:
    """What stands of all that a file touches."""

    by: User | None
    named: Named
    deals: dict[str, Deal]
    phases: dict[str, Phase]
    mine: set[int]
    many: bool
    seen: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[ImportRow], by: User | None) -> There:
        facts = [row.facts or {} for row in rows]
        deals: dict[str, Deal] = {}
        for some in chunks({each["outside_id"] for each in facts if "outside_id" in each}):
            found = Deal.objects.filter(outside_id__in=some)
            related = found.select_related("partner__owner", "customer", "phase").prefetch_related("products")
            deals |= {deal.outside_id: deal for deal in related}
        assigned = Assignment.objects.current().filter(user=by) if by else Assignment.objects.none()
        return cls(
            by=by,
            named=Named.of((each["partner"] for each in facts if "partner" in each), by),
            deals=deals,
            phases={phase.name: phase for phase in Phase.objects.all()},
            mine=set(assigned.values_list("partner", flat=True)),
            many=len(rows) > MOST,
        )

    def plan(self, row: ImportRow) -> Coming:
        one = Coming(row)
        facts = one.facts
        one.partner = self.named.one(facts["partner"])
        one.deal = self.deals.get(facts["outside_id"])
        one.phase = self.phases.get(facts.get("phase", ""))
        one.refusal = self._refusal(one)
        self.seen.setdefault(facts["outside_id"], row.number)
        if one.deal is not None and not one.refusal:
            _compare(one)
        return one

    def _refusal(self, one: Coming) -> str:
        facts, named = one.facts, self.named
        if self.many:
            return _("A list of deals has {n} rows at most. Split it in parts.").format(n=f"{MOST:,}")
        if (first := self.seen.get(facts["outside_id"])) is not None:
            return _("Row {n} has this id already.").format(n=first)
        if several := named.several(facts["partner"]):
            return _("It could be {names}. Write the partner’s domain or id.").format(
                names=", ".join(several)
            )
        if one.partner is None:
            return _("“{name}” is no partner here. Add it first, or correct the name.").format(
                name=facts["partner"]
            )
        whose = one.deal.partner if one.deal else one.partner
        if not self._may(whose, one.deal):
            return _("You may not change the deals of {partner}. Ask whoever looks after it.").format(
                partner=whose
            )
        if one.deal is None and "customer" not in facts:
            return _("Customer is missing. A new deal needs one.")
        return _closing(one)

    def _may(self, partner: Partner, deal: Deal | None) -> bool:
        """As `deals.allowed`, without a query for each."""
        if self.by is None or may_by_role(self.by, "change deal", partner):
            return True
        return self.by.pk in {partner.owner_id, deal.owner_id if deal else None} or partner.pk in self.mine


def _closing(one: Coming) -> str:
    """What a closed phase needs."""
    facts, phase = one.facts, one.phase
    if phase is None or phase.ends == Phase.Ends.OPEN or (one.deal and one.deal.phase_id == phase.pk):
        return ""
    if (
        phase.ends == Phase.Ends.WON
        and facts.get("amount") is None
        and (not one.deal or one.deal.amount is None)
    ):
        return _("Amount is missing. A won deal says what it is worth.")
    if phase.ends == Phase.Ends.LOST and not facts.get("lost_reason"):
        return _("Lost because is missing. A lost deal says why.")
    closed = facts.get("closed_on", "")
    if closed and date.fromisoformat(closed) > one.row.of.created_at.date():
        return _("Closed on lies ahead. Write the day it closed.")
    return ""


def _compare(one: Coming) -> None:
    """Note what the file says otherwise; blank cells change nothing, and the partner stays."""
    deal, facts = one.deal, one.facts
    assert deal is not None
    for name in PLAIN:
        if name in facts:
            _differs(one, name, getattr(deal, name), facts[name])
    for name in DAYS:
        if name in facts:
            held = getattr(deal, name)
            _differs(one, name, held.isoformat() if held else None, facts[name])
    if "owner" in facts:
        _differs(one, "owner", deal.owner_id, int(facts["owner"]))
    if "products" in facts:
        held_products = sorted(product.name for product in deal.products.all())
        _differs(one, "products", held_products, sorted(facts["products"]))
    if one.phase is not None:
        _differs(one, "phase", deal.phase.name, one.phase.name)
    if one.partner is not None and one.partner.pk != deal.partner_id:
        one.note = _("It stays with {partner}; the primary credit is changed on its page.").format(
            partner=deal.partner
        )


def _differs(one: Coming, name: str, old: Any, new: Any) -> None:
    if old != new:
        one.changes[name] = [old, new]


def _say(one: Coming) -> None:
    """Write on the row what becomes of it."""
    row = one.row
    row.outcome, row.reason, row.note = one.outcome, one.refusal, one.note
    row.title = (one.deal.name if one.deal else one.facts.get("name") or one.facts.get("customer", ""))[:200]
    row.target = one.deal.pk if one.deal else None
    row.changes = one.changes if one.outcome == Outcome.CHANGED else {}


def changes_in_words(changes: dict[str, Any]) -> str:
    """What changes, for a person: "Phase: Proposal → Won; amount: EUR 100 → EUR 120"."""
    currency = changes.get("currency", ["", ""])
    said = []
    for name, (old, new) in changes.items():
        if name == "owner":
            said.append(_("looked after by another"))
            continue
        if name == "amount":
            code = currency[1] or "EUR" if "currency" in changes else ""
            old, new = (_worth(value, code) for value in (old, new))
        said.append(f"{name.replace('_', ' ')}: {_shown(old)} → {_shown(new)}")
    text = "; ".join(said)
    return text[:1].upper() + text[1:]


def facts_in_words(facts: dict[str, Any] | None) -> str:
    """What a row brings, for a person: "Contoso · Baker Foods · EUR 12,500 · Proposal"."""
    facts = facts or {}
    worth = str(Money(facts["amount"], facts["currency"])) if "amount" in facts else ""
    parts = (facts.get("partner"), facts.get("customer"), worth, facts.get("phase"))
    return " · ".join(str(part) for part in parts if part)


def _worth(minor: int | None, currency: str) -> Any:
    if minor is None:
        return None
    return str(Money(minor, currency)) if currency else f"{minor / 100:,.2f}"


def _shown(value: Any) -> str:
    if value in (None, "", []):
        return _("nothing")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
