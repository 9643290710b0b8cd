"""Appeals: a no of ours contested, once and in time; a second person decides anew."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format

from conversations import decision_kinds
from conversations.decisions import Actor, DecisionRefused, ask, withdraw, withdraw_open
from conversations.models import Decision, Matter
from partners.models import Contact, Partner
from prm.money import Money
from prm.references import Reference


@transaction.atomic
def contest(
    decision: Decision, words: str, by: Actor | str, at: datetime, contact: Contact | None = None
) -> Matter:
    """Contest a no, once and before its deadline; a second person decides anew. `contact` is for whom one of
    us writes it down."""
    held = (
        Decision.objects.select_for_update(of=("self",)).select_related("partner", "wait").get(pk=decision.pk)
    )
    _must_be_contestable(held, at)
    if not words.strip():
        raise DecisionRefused("Say why it should be decided otherwise.")
    decision_kinds.named(held.kind).contested(held)
    former = Matter.objects.filter(decision=held).first()
    money = former is not None and former.amount_minor is not None
    return ask(
        held.kind,
        held.partner,
        by,
        at,
        words=words,
        about=Reference(held.about_kind, held.about_id) if held.about_id is not None else None,
        conversation=held.wait.conversation if held.wait is not None else None,
        contact=contact,
        amount=Money(former.amount_minor or 0, former.currency) if former and money else None,
        appeals=held,
    )


def _must_be_contestable(held: Decision, at: datetime) -> None:
    if held.withdrawn_at is not None or held.appeal_until is None:
        raise DecisionRefused("This decision cannot be contested.")
    if Matter.objects.filter(appeals=held).exists():
        raise DecisionRefused("This decision was contested already.")
    if at > held.appeal_until:
        until = date_format(held.appeal_until, "j F Y")
        raise DecisionRefused(f"This decision could be contested until {until}.")


def is_contestable(decision: Decision, at: datetime) -> bool:
    """Whether a form to contest it is offered; needs `appeal` fetched."""
    open_still = decision.appeal_until is not None and at <= decision.appeal_until
    return open_still and decision.withdrawn_at is None and not hasattr(decision, "appeal")


@transaction.atomic
def take_back(decision: Decision, by: Contact | str, at: datetime) -> None:
    """Who contested it does so no more: it stays as it was decided, and is contested no second time. `by` is
    words for who is nobody known there."""
    matter = Matter.objects.filter(appeals=decision).select_related("contact").first()
    if matter is None:
        raise DecisionRefused("This decision is not contested.")
    if (matter.contact != by) if isinstance(by, Contact) else (matter.who is not None):
        raise DecisionRefused(f"{matter.contact or 'Somebody else'} contested it, and takes it back.")
    withdraw(matter, f"{by} contests it no more.", by, at)


@transaction.atomic
def drop(partner: Partner, kind: str, reason: str, by: Actor | str, at: datetime) -> None:
    """What the partner contests has come about otherwise: nobody needs to decide on it."""
    withdraw_open(
        Matter.objects.filter(partner=partner, kind__key=kind, appeals__isnull=False), reason, by, at
    )
