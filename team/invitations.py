"""Invitations: a signed link makes the account. It dies with its row: used, withdrawn or a week old."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from prm import outbox
from prm.models import OutboxItem
from prm.outbox import Mail
from prm.refusals import Refused
from team.models import Company, Grant, Invitation, Role, User

MAIL = "invitation"
LASTS = timedelta(days=7)
_signer = signing.Signer(salt="team.invitations")


class InvitationRefused(Refused):
    """The address cannot be invited, or the invitation leads nowhere any more."""


@transaction.atomic
def invite(
    email: str, name: str, roles: Iterable[str], by: User, at: datetime, lead: User | None = None
) -> Invitation:
    """Invite somebody by mail to join with these roles; the link lasts a week."""
    email = email.strip().lower()
    if holder := User.objects.filter(email=email).first():
        way_out = "" if holder.is_active else " It is switched off: switch it on again under People."
        raise InvitationRefused(f"{email} has an account already, as {holder}.{way_out}")
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email,
                name=name,
                roles=[role for role in Role.values if role in set(roles)],
                lead=lead,
                by=by,
                sent_at=at,
                expires_at=at + LASTS,
            )
    except IntegrityError as error:
        raise InvitationRefused(f"{email} is invited already. Send that invitation again.") from error
    _put(invitation)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, at: datetime) -> None:
    """Send the invitation once more; it lasts a week from now."""
    _refuse_unless_open(invitation)
    invitation.sent_at, invitation.expires_at = at, at + LASTS
    invitation.save(update_fields=["sent_at", "expires_at"])
    _put(invitation)


def withdraw(invitation: Invitation, at: datetime) -> None:
    """Let the link lead nowhere any more."""
    _refuse_unless_open(invitation)
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(withdrawn_at=at)


def link(invitation: Invitation) -> str:
    """The address that accepts the invitation."""
    return settings.BASE_URL + reverse("team:accept_invitation", args=[_signer.sign_object(invitation.pk)])


def behind(token: str) -> Invitation | None:
    """The invitation of a link; None where the link is not one of ours."""
    try:
        pk = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return Invitation.objects.select_related("by", "lead").filter(pk=pk).first()


def somebody_joins() -> bool:
    """Whether anybody was invited, or is here beside the first."""
    return Invitation.objects.exists() or User.objects.count() > 1


def has_run_out(invitation: Invitation, at: datetime) -> bool:
    """Whether its week is over."""
    return at > invitation.expires_at


def why_closed(invitation: Invitation, at: datetime) -> str:
    """Why the link leads nowhere any more, with the way out; "" while it is open."""
    if invitation.accepted_at:
        return "This invitation was used already. Sign in with the password you chose."
    if invitation.withdrawn_at:
        return f"This invitation was withdrawn. Ask {invitation.by} if you should have another."
    if has_run_out(invitation, at):
        return f"This invitation lasted a week and has run out. Ask {invitation.by} to send it again."
    return ""


@transaction.atomic
def accept(invitation: Invitation, name: str, zone: str, password: str, at: datetime) -> User:
    """Make the account the invitation stands for. Of two presses one makes it, the other is refused."""
    if reason := why_closed(invitation, at):
        raise InvitationRefused(reason)
    mine = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not mine.update(accepted_at=at):
        raise InvitationRefused("This invitation was used or withdrawn just now.")
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email, password, name=name, zone=zone, lead=invitation.lead, joined_at=at
            )
    except IntegrityError as error:
        raise InvitationRefused(f"{invitation.email} has an account already. Sign in instead.") from error
    Grant.objects.bulk_create([Grant(user=user, role=role) for role in invitation.roles])
    return user


def _refuse_unless_open(invitation: Invitation) -> None:
    """One that has run out is open still: it can be sent again, or withdrawn."""
    if reason := why_closed(invitation, invitation.sent_at):
        raise InvitationRefused(reason)


def _put(invitation: Invitation) -> None:
    key = f"{MAIL}:{invitation.pk}:{invitation.sent_at.isoformat()}"
    outbox.put(MAIL, key, invitation.sent_at, {"invitation": invitation.pk})


def still_stands(item: OutboxItem) -> bool:
    """Whether the invitation is neither used nor withdrawn."""
    open_ones = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    return open_ones.filter(pk=item.about["invitation"]).exists()


def compose(item: OutboxItem) -> Mail:
    invitation = Invitation.objects.select_related("by").get(pk=item.about["invitation"])
    context = {
        "invitation": invitation,
        "company": Company.objects.first(),
        "link": link(invitation),
        "days": LASTS.days,
    }
    return Mail(
        to=[invitation.email],
        subject=render_to_string("emails/invitation.subject.txt", context).strip(),
        body=render_to_string("emails/invitation.txt", context).strip() + "\n",
        reply_to=[invitation.by.email],
        headers={outbox.GENERATOR: MAIL, "Auto-Submitted": "auto-generated"},
    )
