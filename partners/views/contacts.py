"""Contacts: their page, and the forms to add, change, end and withdraw them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partners import calling, contacts, duplicates, history
from partners.forms.people import ContactForm, LeaveForm, WithdrawForm
from partners.models import Contact, Event, Partner
from partners.views.form_page import answer, belonging, either, partner_to_change, said
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import may


@login_required
@require_safe
def contact(request: PersonRequest, pk: int) -> HttpResponse:
    """Who somebody there is, how to reach them, and what became of the entry."""
    rows = Contact.objects.filter(partner__in=Partner.objects.visible_to(request.user))
    found = found_or_404(rows.select_related("partner", "successor"), pk=pk)
    if found.merged_into_id:
        return redirect("partners:contact", found.merged_into_id)
    events = Event.objects.filter(about_kind="contact", about_id=pk).select_related("by_user", "by_contact")
    context = {
        "contact": found,
        "partner": found.partner,
        "addresses": [address.email for address in found.addresses.order_by("pk")],
        "ways": calling.ways(found.phones, found.email) if _is_there(found) else [],
        "is_there": _is_there(found),
        "may_change": may(request.user, "change partner", found.partner),
        "history": [(event, history.sentence(event)) for event in events[:20]],
    }
    return pages.shown(request, "partners/contact.html", context)


def _is_there(contact: Contact) -> bool:
    return contact.left_on is None and contact.withdrawn_at is None


@login_required
@either
def add(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to_change(request.user, pk)
    form = ContactForm(partner, request.POST or None)

    @transaction.atomic
    def act() -> Event | None:
        at = clock.now()
        if not form.spend(at):
            return None
        primary = form.cleaned_data["is_primary"]
        made = contacts.add(partner, by=request.user, at=at, is_primary=primary, **form.facts)
        return history.newest("contact_added", made.pk)

    return answer(
        request,
        form,
        partner,
        act,
        _("Add a contact"),
        _("Add contact"),
        says=_("The contact is added."),
        doubts=lambda: _known(form, request.user),
    )


def _known(form: ContactForm, user: User) -> dict[str, Any]:
    """Who has the newly typed addresses already, those one may see and how many more; {} where nobody
    has, or where whoever typed them knows better."""
    if form.cleaned_data["anyway"]:
        return {}
    found = duplicates.with_address(form.new_addresses, exclude=form.contact.pk if form.contact else None)
    seen = Contact.objects.filter(pk__in=found, partner__in=Partner.objects.visible_to(user))
    shown = list(seen.select_related("partner"))
    return {"known": shown, "hidden_known": len(found) - len(shown)} if found else {}


@login_required
@either
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    contact = belonging(Contact.objects.filter(withdrawn_at=None), request.user, pk)
    form = ContactForm(contact.partner, request.POST if request.method == "POST" else None, contact)

    def act() -> Event | None:
        keep = not form.cleaned_data["wrong"]
        return contacts.change(contact, form.facts, by=request.user, at=clock.now(), keep_former=keep)

    title = _("Edit %(contact)s") % {"contact": contact}
    return answer(
        request,
        form,
        contact.partner,
        act,
        title,
        _("Save"),
        says=_("%(contact)s is saved.") % {"contact": contact},
        doubts=lambda: _known(form, request.user),
    )


@login_required
@either
def leave(request: PersonRequest, pk: int) -> HttpResponse:
    contact = belonging(Contact.objects.current(), request.user, pk)
    today = timezone.localdate(clock.now())
    form = LeaveForm(contact, request.POST if request.method == "POST" else None, initial={"on": today})

    def act() -> Event:
        on, successor = form.cleaned_data["on"], form.cleaned_data["successor"]
        event = contacts.leave(contact, on=on, by=request.user, at=clock.now(), successor=successor)
        if event.changes["asks_for_successor"]:
            messages.warning(request, _("Who is the primary contact now? Choose one under People."))
        return event

    return answer(
        request,
        form,
        contact.partner,
        act,
        _("%(contact)s left") % {"contact": contact},
        _("Record that they left"),
        says=_("%(contact)s left. What they wrote stays.") % {"contact": contact},
        lead=_("Their access ends; what they wrote and promised stays."),
    )


@login_required
@either
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    contact = belonging(Contact.objects.filter(withdrawn_at=None), request.user, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)

    def act() -> Event:
        reason = form.cleaned_data["reason"]
        return contacts.withdraw(contact, reason, by=request.user, at=clock.now())

    return answer(
        request,
        form,
        contact.partner,
        act,
        _("Withdraw %(contact)s") % {"contact": contact},
        _("Withdraw this entry"),
        says=_("%(contact)s is withdrawn.") % {"contact": contact},
        lead=_("For an entry that was wrong from the start. Somebody who went elsewhere has left instead."),
    )


@login_required
@require_POST
def make_primary(request: PersonRequest, pk: int) -> HttpResponse:
    contact = belonging(Contact.objects.current(), request.user, pk)
    try:
        event = contacts.make_primary(contact, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return pages.done(request, contact.partner)
    says = _("%(contact)s is the primary contact.") % {"contact": contact}
    return said(request, contact.partner, event, says)
