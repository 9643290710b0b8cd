"""Integrations: begun with the checklist of a product, changed, live on a day, stopped or ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lifecycle import evidence
from lifecycle.models import Evidence, Integration, PlanTemplate, Task
from lifecycle.onboarding import plans
from lifecycle.onboarding.integrating import rules, secrecy
from partners import changes, repointing
from partners.history import UndoRefused
from partners.models import Contact, Event, Partner
from prm import references
from prm.refusals import Refused
from team import notices
from team.models import Notice, User
from team.roles import may, permitted_or_403

GIVEN = "integration_given"
State = Integration.State
AHEAD = ("about", "our_contact", "their_contact", "target_on")  # what may change while it stands


class IntegrationRefused(Refused):
    """The integration cannot be begun, changed, made live or ended so."""


@dataclass(frozen=True)
class Wanted:
    """What is connected, who looks after it on both sides, and until when."""

    our_contact: User | None = None
    their_contact: Contact | None = None
    target_on: date | None = None
    about: str = ""


@transaction.atomic
def begin(
    partner: Partner, checklist: PlanTemplate, starts_on: date, wanted: Wanted, by: User, at: datetime
) -> Integration:
    """Begin to integrate the product of the checklist; the tasks of ours are our technical contact's."""
    if checklist.product is None:
        raise IntegrationRefused(_("Checklist: this template is of no product."))
    held = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if Integration.objects.standing().filter(partner=held, product=checklist.product).exists():
        said = _("{partner} integrates {product} already.")
        raise IntegrationRefused(said.format(partner=held, product=checklist.product))
    _check(held, wanted.our_contact, wanted.their_contact, wanted.about)
    plan = plans.make(held, checklist, starts_on, by=by, at=at, owner=wanted.our_contact)
    begun = Integration.objects.create(
        partner=held,
        product=checklist.product,
        plan=plan,
        begun_by=by,
        begun_at=at,
        next_check_at=at,
        **{name: getattr(wanted, name) for name in AHEAD},
    )
    _record("integration_begun", begun, by, at)
    _tell(begun, by, at)
    return begun


@transaction.atomic
def change(integration: Integration, facts: Mapping[str, Any], by: User, at: datetime) -> Integration:
    """Change who looks after it, its day or its words. Open tasks of our former contact are the new one's."""
    held = standing(integration)
    former = held.our_contact
    made = changes.made(held, {name: value for name, value in facts.items() if name in AHEAD})
    if not made:
        raise IntegrationRefused(_("Nothing is different."))
    changed_theirs = held.their_contact if "their_contact" in made else None
    _check(held.partner, held.our_contact if "our_contact" in made else None, changed_theirs, held.about)
    if "our_contact" in made:
        held.ours_missed_at = None
        mine = Task.objects.open().filter(plan=held.plan_id, side=Task.Side.OURS, owner=former)
        mine.update(owner=held.our_contact or held.partner.owner, next_check_at=at)
        _tell(held, by, at)
    if "their_contact" in made:
        held.theirs_missed_at = None
    held.next_check_at = at
    held.save()
    _record("integration_changed", held, by, at, made=made)
    return held


@transaction.atomic
def go_live(integration: Integration, on: date, by: User, at: datetime) -> Event:
    """It is live since a day, which is evidence, and the first commercial event where the type asks for it.
    Refused with the reasons while something stands before it."""
    held = standing(integration)
    if held.is_live:
        raise IntegrationRefused(_("It is live already."))
    missing = rules.blockers(rules.conditions(held, held.plan.tasks.all(), held.obstacles.all()))
    if missing:
        raise IntegrationRefused(_("It is not ready: {what}.").format(what="; ".join(missing)), missing)
    kind = Evidence.Kind.INTEGRATION_LIVE
    held.fact = evidence.record(held.partner, kind, on=on, by=by, at=at, note=str(held))
    held.state, held.live_on, held.next_check_at = State.LIVE, on, None
    held.save(update_fields=["fact", "state", "live_on", "next_check_at"])
    return _record("integration_live", held, by, at, made={"live_on": [None, on.isoformat()]})


@transaction.atomic
def take_back(event: Event, by: User, at: datetime) -> Event:
    """Undo of `go_live`: it is being built again, and the evidence is withdrawn."""
    found = Integration.objects.select_related("partner").filter(pk=event.about_id or 0).first()
    if found is None:
        raise UndoRefused("This integration is gone.")
    allowed_or_403(by, found)
    held = standing(found)
    if not held.is_live:
        raise UndoRefused("It is not live any more.")
    if held.fact is not None and not held.fact.is_withdrawn:
        evidence.withdraw(held.fact, _("The integration is not live after all."), by=by, at=at)
    held.fact, held.state, held.live_on, held.next_check_at = None, State.RUNNING, None, at
    held.save(update_fields=["fact", "state", "live_on", "next_check_at"])
    return _record("integration_not_live", held, by, at, undoes=event)


@transaction.atomic
def stop(integration: Integration, reason: str, by: User, at: datetime) -> None:
    """It ends where it was live, and is stopped where it was not; what is open of its plan is left out."""
    reason = reason.strip()[:300]
    if not reason:
        raise IntegrationRefused(_("Reason: say why it ends."))
    held = standing(integration)
    held.state = State.ENDED if held.is_live else State.STOPPED
    held.closed_at, held.reason, held.next_check_at = at, reason, None
    held.save(update_fields=["state", "closed_at", "reason", "next_check_at"])
    if held.plan.is_running:
        plans.stop(held.plan, reason, by=by, at=at)
    _record("integration_stopped", held, by, at, note=f"{held}: {reason}")


def allowed(user: User, integration: Integration) -> bool:
    """Our technical contact looks after it, and who may plan tasks with the partner."""
    return integration.our_contact_id == user.pk or may(user, "plan tasks", integration)


def allowed_or_403(user: User, integration: Integration) -> None:
    if integration.our_contact_id != user.pk:
        permitted_or_403(user, "plan tasks", integration)


def standing(integration: Integration) -> Integration:
    """The integration as it stands, held until this transaction ends; refused once it is over."""
    rows = Integration.objects.select_for_update(of=("self",))
    related = ("partner__owner", "product", "plan__template", "plan__version", "fact")
    held = rows.select_related(*related, "our_contact", "their_contact").get(pk=integration.pk)
    if not held.is_standing:
        word = str(held.get_state_display()).lower()
        raise IntegrationRefused(_("This integration is over: {word}.").format(word=word))
    return held


def ways(row: Integration, at: datetime) -> list[repointing.Way]:
    """How one that stands stands aside where the partner it is merged into integrates the product, too."""
    state = State.ENDED if row.is_live else State.STOPPED
    return [
        {"state": state, "closed_at": at, "reason": _("Merged with another partner."), "next_check_at": None}
    ]


def technical(partner: Partner) -> list[Contact]:
    """Who there has the technical role."""
    people = Contact.objects.current().filter(partner=partner)
    return [person for person in people if Contact.Role.TECHNICAL in person.roles]


def _check(partner: Partner, ours: User | None, theirs: Contact | None, about: str) -> None:
    if ours is not None and not ours.is_active:
        raise IntegrationRefused(_("Of us: {person} is not here any more.").format(person=ours))
    if theirs is not None and theirs not in technical(partner):
        said = _("Of them: {contact} is no technical contact of {partner}. Give the role on its page first.")
        raise IntegrationRefused(said.format(contact=theirs, partner=partner))
    secrecy.keep_out(what_it_does=about)


def _tell(integration: Integration, by: User, at: datetime) -> None:
    """Whoever was named by a colleague hears it."""
    person = integration.our_contact
    if person is not None and person != by:
        text = _("{by} named you the technical contact of {integration}")
        about, url = references.to(integration), integration.get_absolute_url()
        notices.give(person, GIVEN, about, at, at, text.format(by=by, integration=integration), url)


def still_given(notice: Notice) -> bool:
    """Whether it stands, and is that person's still: asked when the mail is composed."""
    mine = Integration.objects.standing().filter(our_contact=notice.person)
    return mine.filter(pk=notice.cause_id).exists()


def _record(
    kind: str,
    integration: Integration,
    by: User,
    at: datetime,
    note: str = "",
    made: changes.Changes | None = None,
    undoes: Event | None = None,
) -> Event:
    about = references.to(integration)
    event = Event.record(
        kind, at, by, integration.partner, about, changes=made, note=note or str(integration), undoes=undoes
    )
    assert event is not None  # only a keyed event can stand already
    return event
