"""What a partner's person may see. Every page of the portal asks here, and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from conversations import decision_kinds, outgoing
from conversations.models import (
    Attachment,
    Commitment,
    Conversation,
    Decision,
    Matter,
    Message,
    hidden_from_contact,
)
from conversations.models.decisions import MatterQuerySet
from lifecycle.growth.announcing import audience
from lifecycle.growth.announcing.models import Announcement, Entitlement
from lifecycle.growth.helping.models import Help
from lifecycle.growth.models import Credit, Deal, Registration
from lifecycle.growth.referrals.models import Offer
from lifecycle.models import Integration, Plan, Standing, Task, TaskFile
from lifecycle.models.road import TaskQuerySet
from partners.models import Contact, Partner
from prm import clock
from reviews.issues.models import Issue, IssueQuerySet
from reviews.models import Goal, Invitation, Review, Target


def messages(to: Contact) -> QuerySet[Message]:
    """What was said between us and was shared: no notes, nothing withdrawn, nothing we may take back yet;
    of what is private, where this person was in it."""
    shared = Message.objects.filter(partner=to.partner_id, visible_to_partner=True, withdrawn_at=None)
    settled = Q(direction=Message.Direction.IN) | Q(recorded_at__lt=_settled())
    return shared.filter(settled, ~hidden_from_contact(to, "conversation"))


def _settled() -> datetime:
    """What we wrote before can be taken back no more."""
    return clock.now() - outgoing.UNDO_FOR


def conversations(to: Contact) -> QuerySet[Conversation]:
    """Threads in which something was shared."""
    shared = messages(to).filter(conversation=OuterRef("pk"))
    return Conversation.objects.filter(Exists(shared), partner=to.partner_id, merged_into=None)


def promises(to: Contact) -> QuerySet[Commitment]:
    """What one side owes the other still, where it was shared."""
    promised = Commitment.objects.open().filter(partner=to.partner_id, visible_to_partner=True)
    settled = Q(made_in=None) | Q(created_at__lt=_settled())
    return promised.filter(settled, ~hidden_from_contact(to, "made_in__conversation"))


def decisions(partner: Partner) -> QuerySet[Decision]:
    """What we decided about it, and stands."""
    return Decision.objects.filter(partner=partner, visible_to_partner=True, withdrawn_at=None)


def matters(partner: Partner) -> MatterQuerySet:
    """What it waits for us to decide; not what a stranger asked in its name."""
    ours = Matter.objects.open().filter(partner=partner, kind__key__in=decision_kinds.of_partners())
    ours = ours.exclude(contact=None, asked_by=None)
    return ours.order_by("wait__opened_at", "pk")


def attachments(to: Contact) -> QuerySet[Attachment]:
    """The files of those messages that were kept."""
    return Attachment.objects.filter(message__in=messages(to)).exclude(file="")


def registrations(partner: Partner) -> QuerySet[Registration]:
    """The deals it registered."""
    return Registration.objects.filter(partner=partner)


def deals(partner: Partner) -> QuerySet[Deal]:
    """The open deals it has a part in."""
    parts = Credit.objects.current().filter(partner=partner)
    return Deal.objects.open().filter(pk__in=parts.values("deal")).order_by("sort_name", "pk")


def helps(partner: Partner) -> QuerySet[Help]:
    """The help it asked for."""
    return Help.objects.filter(partner=partner)


def invitations(to: Contact) -> QuerySet[Invitation]:
    """The surveys that this person itself is asked to answer still."""
    open_ones = Invitation.objects.open(clock.now()).filter(contact=to)
    return open_ones.select_related("survey").order_by("expires_at", "pk")


def offers(partner: Partner) -> QuerySet[Offer]:
    """The referrals it was offered, the newest first."""
    return Offer.objects.filter(partner=partner).order_by("-offered_at", "-pk")


def announcements(to: Contact) -> QuerySet[Announcement]:
    """What we announced to its firm, and is for its roles; withdrawn ones say so."""
    theirs = Entitlement.objects.filter(partner=to.partner_id).values("announcement")
    out = Announcement.objects.filter(pk__in=theirs).exclude(state=Announcement.State.DRAFT)
    return audience.meant_for(out, to).order_by("-sent_at", "-pk")


def standings(partner: Partner) -> QuerySet[Standing]:
    """Where its memberships stand by the rules of their tiers."""
    return Standing.objects.filter(membership__partner=partner, membership__ends_on=None)


def reviews(partner: Partner) -> QuerySet[Review]:
    """The business reviews with it that take place."""
    return Review.objects.filter(partner=partner).exclude(state=Review.State.CANCELLED)


def issues(to: Contact) -> IssueQuerySet:
    """What is or was wrong between us; of what is private, where this person was in it."""
    theirs = Issue.objects.filter(partner=to.partner_id)
    return theirs.filter(~hidden_from_contact(to, "wait__conversation"))


def goals(partner: Partner) -> QuerySet[Goal]:
    """What it wants for itself, pursued or reached."""
    return Goal.objects.filter(partner=partner).standing()


def targets(partner: Partner) -> QuerySet[Target]:
    """What quarters should bring by the joint plan."""
    return Target.objects.filter(partner=partner)


def plans(partner: Partner) -> QuerySet[Plan]:
    """Its plans, those that run first."""
    shared = Plan.objects.filter(partner=partner, is_shared=True)
    return shared.order_by(F("finished_at").desc(nulls_first=True), "-pk")


def tasks(partner: Partner) -> TaskQuerySet:
    """What its plans consist of; what we have to do beside them is ours to know."""
    return Task.objects.filter(partner=partner, plan__is_shared=True)


def integrations(partner: Partner) -> QuerySet[Integration]:
    """What it connects with us, the newest first."""
    return Integration.objects.filter(partner=partner).order_by("-begun_at", "-pk")


def task_files(partner: Partner) -> QuerySet[TaskFile]:
    """The files of those tasks."""
    return TaskFile.objects.filter(task__in=tasks(partner))
