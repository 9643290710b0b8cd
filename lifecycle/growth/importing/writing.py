"""What a plan says is written by the verbs that the pages call, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lifecycle.growth import customers, deals
from lifecycle.growth.importing.planning import DAYS, PLAIN, Coming, DealPlan, Outcome
from lifecycle.growth.models import Credit, Phase, Product
from partners.models import Event
from prm.models import Import, ImportRow
from prm.references import Reference
from prm.rows import Rows
from team.models import User


@dataclass
class Ready:
    """All that a file brings, ready to be written; see `prm.importing.Ready`."""

    imported: Import
    plan: DealPlan
    at: datetime

    @property
    def by(self) -> User | str:
        return self.imported.by or "import"

    def has_moved(self) -> bool:
        return self.plan.has_moved()

    def write(self) -> None:
        products = {product.name: product for product in Product.objects.all()}
        people = User.objects.in_bulk(
            [int(one.facts["owner"]) for one in self.plan.coming if "owner" in one.facts]
        )
        marks = Rows()
        new, changed = self.plan.of(Outcome.NEW), self.plan.of(Outcome.CHANGED)
        for one in new:
            self._start(one, products, people)
            assert one.deal is not None
            marks.change(ImportRow, one.row.pk, target=one.deal.pk)
        for one in changed:
            self._change(one, products, people)
        marks.write()
        Event.record(
            "deals_imported",
            self.at,
            self.by,
            about=Reference("import", self.imported.pk),
            changes=self.imported.counts,
            note=f"{self.imported.file_name}: {len(new)} added, {len(changed)} changed",
        )

    def _start(self, one: Coming, products: dict[str, Product], people: dict[int, User]) -> None:
        facts, partner = one.facts, one.partner
        assert partner is not None  # a row without one is rejected
        customer = customers.found(
            facts["customer"], self.at, facts.get("website", ""), facts.get("country", "")
        )
        is_open = one.phase is not None and one.phase.ends == Phase.Ends.OPEN
        columns = _columns(facts, people)
        columns["name"] = facts.get("name") or customer.name
        one.deal = deals.start(
            partner,
            customer=customer,
            by=self.by,
            at=self.at,
            role=facts.get("role", Credit.Role.SOURCED),
            phase=one.phase if is_open else None,
            products=[products[name] for name in facts.get("products", []) if name in products],
            outside_id=facts["outside_id"],
            **columns,
        )
        if one.phase is not None and not is_open:
            self._move(one)

    def _change(self, one: Coming, products: dict[str, Product], people: dict[int, User]) -> None:
        assert one.deal is not None
        facts = {name: one.facts[name] for name in one.changes if name in one.facts}
        columns = _columns(facts, people)
        if "products" in facts:
            columns["products"] = [products[name] for name in facts["products"] if name in products]
        if columns:
            deals.change(one.deal, columns, by=self.by, at=self.at)
        if "phase" in one.changes:
            self._move(one)

    def _move(self, one: Coming) -> None:
        assert one.deal is not None
        assert one.phase is not None
        closed = one.facts.get("closed_on")
        deals.move(
            one.deal,
            one.phase,
            by=self.by,
            at=self.at,
            closed_on=date.fromisoformat(closed) if closed else None,
            reason=one.facts.get("lost_reason", ""),
        )


def _columns(facts: dict[str, Any], people: dict[int, User]) -> dict[str, Any]:
    """The facts as columns of a deal."""
    columns = {name: facts[name] for name in PLAIN if name in facts}
    columns |= {name: date.fromisoformat(facts[name]) for name in DAYS if name in facts}
    if "owner" in facts:
        columns["owner"] = people[int(facts["owner"])]
    return columns
