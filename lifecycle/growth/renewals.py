"""Renewals: a won deal with a term makes the deal that renews it, in time before the term is over."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from conversations import responsibility
from lifecycle.growth import deals, registrations, reminders
from lifecycle.growth.models import Credit, Deal, Registration
from partners.models import Event, Status
from prm import references, sweeper
from team import notices

KIND = "deal_renews"
BY = "sweep"


def sweep(at: datetime) -> int:
    """Look at every deal of which a day has come: an open one reminds, a won one is renewed."""
    due = Deal.objects.select_related("partner__owner", "owner", "customer")
    return sweeper.in_batches(due, at, check)


def check(deal: Deal, at: datetime) -> None:
    if deal.state != Deal.State.WON:
        reminders.check(deal, at)
        return
    Deal.objects.filter(pk=deal.pk).update(next_check_at=None)
    if reminders.is_to_renew(deal, at) and not Deal.objects.filter(renews=deal).exists():
        _appear(deal, at)


def _appear(deal: Deal, at: datetime) -> Deal:
    """The renewal, with the same customer, products, amount, term and parts; its partner is protected until
    the term is over."""
    ends_on = deal.term_ends_on
    parts = list(Credit.objects.current().filter(deal=deal).select_related("partner"))
    own = next((part.role for part in parts if part.partner_id == deal.partner_id), Credit.Role.SOURCED)
    renewal = deals.start(
        deal.partner,
        _("{deal}, renewal").format(deal=deal.name)[:200],
        deal.customer,
        by=BY,
        at=at,
        role=own,
        products=deal.products.all(),
        amount=deal.amount,
        currency=deal.currency,
        expected_close_on=ends_on,
        owner=deal.owner or deal.partner.owner,
        seller_name=deal.seller_name,
        seller_email=deal.seller_email,
        term_months=deal.term_months,
    )
    Deal.objects.filter(pk=renewal.pk).update(renews=deal)
    for part in parts:
        if (part.partner_id, part.role) != (deal.partner_id, own):
            deals.credit(renewal, part.partner, part.role, by=BY, at=at)
    if deal.partner.status == Status.LIVE:
        _protect(renewal, at)
    _tell(deal, renewal, at)
    return renewal


def _protect(renewal: Deal, at: datetime) -> None:
    protected = Registration(
        partner=renewal.partner,
        customer=renewal.customer,
        name=renewal.name,
        words=_("It renews a deal that was won."),
        amount=renewal.amount,
        currency=renewal.currency,
        expected_close_on=renewal.expected_close_on,
        state=Registration.State.PROTECTED,
        protected_until=renewal.expected_close_on,
        deal=renewal,
        asked_at=at,
    )
    protected.next_check_at = registrations.next_check(protected, at)
    protected.save()
    protected.products.set(renewal.products.all())


def _tell(deal: Deal, renewal: Deal, at: datetime) -> None:
    about, day = references.to(renewal), f"{renewal.expected_close_on:%-d %B %Y}"
    Event.record(KIND, at, BY, deal.partner, about, note=f"{deal}, {day}", key=f"{KIND}:{deal.pk}")
    text = _("The term of “{deal}” ends on {day}: its renewal is in the pipeline").format(deal=deal, day=day)
    for person in responsibility.person_or_heads(renewal.owner):
        notices.give(person, KIND, about, at, at, text, renewal.get_absolute_url())


def of(deal: Deal) -> Deal | None:
    """The deal that renews it, where there is one."""
    return Deal.objects.filter(renews=deal).first() if deal.term_months else None
