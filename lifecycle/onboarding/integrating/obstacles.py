"""What is in the way of an integration: raised by either side, owned, solved.

One that is raised in the portal begins a conversation, so that it is answered in the promised time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import messages
from conversations.models import Message
from lifecycle.models import Integration, Obstacle, Side
from lifecycle.onboarding.integrating import integrations, secrecy
from lifecycle.onboarding.integrating.integrations import IntegrationRefused
from partners.models import Contact, Event
from prm import references
from team import notices
from team.models import Notice, User

RAISED = "obstacle"
MOST_OPEN = 30  # of one integration
MAY_CHANGE = ("is_blocking", "side", "owner", "contact")


@transaction.atomic
def raise_one(
    integration: Integration,
    text: str,
    is_blocking: bool,
    by: User | Contact,
    at: datetime,
    side: str = Side.OURS,
    owner: User | None = None,
    contact: Contact | None = None,
) -> Obstacle:
    """Say what is in the way. It is solved by `owner` or `contact`, unless given by the technical contact of
    that side."""
    held, text = integrations.standing(integration), text.strip()
    if not text:
        raise IntegrationRefused(_("Say what is in the way."))
    secrecy.keep_out(what_is_in_the_way=text)
    if held.obstacles.open().count() >= MOST_OPEN:
        raise IntegrationRefused(_("{n} obstacles are open already. Solve some first.").format(n=MOST_OPEN))
    obstacle = Obstacle(integration=held, text=text, is_blocking=is_blocking, opened_at=at)
    obstacle.side, obstacle.owner, obstacle.contact = side, owner, contact
    _settle_owner(obstacle, held)
    if isinstance(by, Contact):
        obstacle.raised_by_contact = by
        subject = _("Obstacle of the integration {product}").format(product=held.product)
        said = messages.receive(held.partner, Message.Channel.PORTAL, text, at, contact=by, subject=subject)
        obstacle.conversation = said.conversation
    else:
        obstacle.raised_by = by
    obstacle.save()
    _record("obstacle_raised", obstacle, by, at)
    _tell(obstacle, by, at)
    return obstacle


@transaction.atomic
def change(obstacle: Obstacle, facts: Mapping[str, Any], by: User, at: datetime) -> Obstacle:
    """Let somebody else solve it, or say whether going live waits for it."""
    held = _open(obstacle)
    former = held.owner
    for name in MAY_CHANGE:
        setattr(held, name, facts.get(name, getattr(held, name)))
    _settle_owner(held, held.integration)
    held.save(update_fields=MAY_CHANGE)
    _record("obstacle_changed", held, by, at)
    if held.owner != former:
        _tell(held, by, at)
    return held


@transaction.atomic
def solve(obstacle: Obstacle, resolution: str, by: User, at: datetime) -> Obstacle:
    """It is out of the way; both sides read how."""
    resolution = resolution.strip()
    if not resolution:
        raise IntegrationRefused(_("Resolution: say how it was solved."))
    secrecy.keep_out(resolution=resolution)
    held = _open(obstacle)
    held.closed_at, held.closed_by, held.resolution = at, by, resolution
    held.save(update_fields=["closed_at", "closed_by", "resolution"])
    _record("obstacle_solved", held, by, at)
    return held


@transaction.atomic
def open_again(obstacle: Obstacle, by: User, at: datetime) -> Obstacle:
    """It was not solved after all."""
    integrations.standing(obstacle.integration)
    closed = Obstacle.objects.filter(pk=obstacle.pk, closed_at__isnull=False)
    if not closed.update(closed_at=None, closed_by=None, resolution=""):
        raise IntegrationRefused(_("This obstacle is open already."))
    _record("obstacle_reopened", obstacle, by, at)
    return obstacle


def still_stands(notice: Notice) -> bool:
    """Whether it is open, and that person's still: asked when the mail is composed."""
    mine = Obstacle.objects.open().filter(owner=notice.person)
    return mine.filter(pk=notice.cause_id).exists()


def _open(obstacle: Obstacle) -> Obstacle:
    """The obstacle held, with its integration as it stands."""
    integration = integrations.standing(obstacle.integration)
    rows = Obstacle.objects.select_for_update(of=("self",)).select_related("owner", "contact")
    held = rows.get(pk=obstacle.pk)
    held.integration = integration
    if not held.is_open:
        raise IntegrationRefused(_("This obstacle is solved already."))
    return held


def _settle_owner(obstacle: Obstacle, integration: Integration) -> None:
    """Somebody of the side that solves it, and nobody of the other."""
    if obstacle.side == Side.OURS:
        obstacle.owner, obstacle.contact = obstacle.owner or integration.our_contact, None
        return
    obstacle.owner, obstacle.contact = None, obstacle.contact or integration.their_contact
    if obstacle.contact is not None and obstacle.contact.partner_id != integration.partner_id:
        raise IntegrationRefused(_("Of them: choose a contact of this partner."))


def _tell(obstacle: Obstacle, by: User | Contact, at: datetime) -> None:
    person = obstacle.owner
    if person is None or not person.is_active or person == by:
        return
    text = _("{integration}: {obstacle}").format(integration=obstacle.integration, obstacle=obstacle)
    notices.give(person, RAISED, references.to(obstacle), at, at, text, obstacle.get_absolute_url())


def _record(kind: str, obstacle: Obstacle, by: User | Contact, at: datetime) -> None:
    found = obstacle.integration
    note = f"{found}: {obstacle}"
    Event.record(kind, at, by, found.partner, references.to(found), note=note)
