"""Integrations of the sample company: of two products, one live, one blocked, one under way."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifecycle import tasks
from lifecycle.growth.models import Product
from lifecycle.models import Environment, Integration, PlanTemplate, Side, TemplateTask
from lifecycle.onboarding import templates
from lifecycle.onboarding.integrating import environments, integrations, obstacles
from lifecycle.onboarding.integrating.integrations import Wanted
from partners.models import Contact, Stage
from prm.samples import Sample

ABOUT = "Orders of their shop come in every five minutes; parcels and tracking numbers go back."
KEYS = "Keys for the sandbox are in the vault of both sides."
OBSTACLE = "Since this morning the sandbox answers every order with 503. We cannot go on testing."
DAY = timedelta(days=1)
STEPS: tuple[tuple[str, str, int, dict[str, object]], ...] = (
    ("Agree what goes to and fro", Side.OURS, 3, {"is_required": True}),
    ("Open the sandbox", Side.OURS, 5, {}),
    ("Build the connector", Side.THEIRS, 20, {"is_required": True}),
    ("Show a day of test orders", Side.THEIRS, 25, {"is_required": True, "needs_approval": True}),
    ("Load test with both sides", Side.OURS, 30, {}),
)


def make(sample: Sample) -> None:
    products = list(Product.objects.filter(name__in=("Connect", "Platform")).order_by("name"))
    checklists = [_checklist(product, sample.at - 300 * DAY) for product in products]
    there = Contact.objects.current().filter(partner__stage__in=(Stage.ONBOARDING, Stage.GROWTH))
    rows = there.filter(partner__owner__isnull=False, partner__merged_into=None)
    rows = rows.select_related("partner__owner").order_by("partner", "pk")
    found = [person for person in rows if Contact.Role.TECHNICAL in person.roles]
    people = list({person.partner_id: person for person in reversed(found)}.values())[::-1]
    for n, person in enumerate(people[:3] if checklists else []):
        begun = _begin(checklists[n % len(checklists)], person, sample.at - (60 - 15 * n) * DAY)
        if n == 0:
            _bring_live(begun, sample.at)
        if n == 1:
            _block(begun, sample.at)


def _checklist(product: Product, at: datetime) -> PlanTemplate:
    made = templates.add(f"{product} integration", None, None, at, product=product)
    TemplateTask.objects.bulk_create(
        TemplateTask(version=templates.latest(made), text=text, side=side, offset_days=days, **more)
        for text, side, days, more in STEPS
    )
    templates.publish(made, None, at)
    return made


def _begin(checklist: PlanTemplate, person: Contact, at: datetime) -> Integration:
    owner = person.partner.owner
    assert owner is not None  # asked for above
    wanted = Wanted(owner, person, (at + 75 * DAY).date(), ABOUT)
    begun = integrations.begin(person.partner, checklist, at.date(), wanted, by=owner, at=at)
    address = f"https://sandbox.{person.partner.domain or 'partner.example'}"
    facts = {"kind": Environment.Kind.SANDBOX, "name": "Sandbox", "address": address, "note": KEYS}
    environments.keep(begun, None, {**facts, "state": "ready"}, by=owner, at=at)
    facts = {"kind": Environment.Kind.PRODUCTION, "name": "Production", "note": "Region eu-central"}
    environments.keep(begun, None, {**facts, "host": Side.THEIRS}, by=owner, at=at)
    tasks.done(begun.plan.tasks.select_related("partner").earliest("pk"), by=owner, at=at + 4 * DAY)
    return begun


def _bring_live(begun: Integration, at: datetime) -> None:
    person = begun.our_contact
    assert person is not None  # it is begun with one
    for n, task in enumerate(begun.plan.tasks.open().select_related("partner")):
        tasks.done(task, by=person, at=at - (20 - n) * DAY)
    integrations.go_live(begun, (at - 8 * DAY).date(), by=person, at=at - 8 * DAY)


def _block(begun: Integration, at: datetime) -> None:
    assert begun.their_contact is not None  # it is begun with one
    obstacles.raise_one(begun, OBSTACLE, True, by=begun.their_contact, at=at - timedelta(hours=3))
