"""Deal registrations, and the customers they are about."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conversations.models import Matter
from lifecycle.forms import ReasonForm
from lifecycle.growth import customers, registrations
from lifecycle.growth.forms import CustomerForm, ExtendForm, RegistrationForThemForm
from lifecycle.growth.models import Customer, Deal, Registration
from lifecycle.growth.registering import RegistrationListing
from lifecycle.views.asking import Question, answer, partner_to
from partners.models import Event
from prm import clock, pages
from prm.access import found_or_404
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

ASK = Question("Register a deal", "A colleague decides; until then others are warned off.", "Ask for it")
EXTEND = Question("Protect it longer", "For progress that is written down.", "Extend")
WITHDRAW = Question("Take the registration back", "Others may register the customer then.", "Take it back")
VIEWS = [
    ("To be decided", "state=asked"),
    ("Protected", "state=protected"),
    ("Ending soon", "state=protected&ends=14"),
    ("All", ""),
]
SHOWN = 50


@login_required
@require_safe
def registrations_page(request: PersonRequest) -> HttpResponse:
    listing = RegistrationListing(request.GET, request.user)
    asked = listing.url().removeprefix("?")
    context = {
        **listing.page(_today()),
        "faults": listing.faults,
        "views": [(name, f"?{query}", query == asked) for name, query in VIEWS],
    }
    return pages.shown(request, "lifecycle/growth/registrations.html", context)


@login_required
@require_safe
def registration(request: PersonRequest, pk: int) -> HttpResponse:
    """One registration: what was asked, what stands against it, what was decided."""
    found = _seen(request, pk)
    about = {"about_kind": "registration", "about_id": found.pk}
    matters = Matter.objects.filter(**about).select_related("decision__by", "wait", "contact", "asked_by")
    context = {
        "registration": found,
        "partner": found.partner,
        "products": found.products.all(),
        "conflicts": registrations.conflicts(found),
        "matters": matters.order_by("-pk"),
        "may_change": may(request.user, "change deal", found),
        "events": Event.objects.filter(**about).select_related("by_user", "by_contact")[:SHOWN],
    }
    return pages.shown(request, "lifecycle/growth/registration.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "write to partner")
    form = RegistrationForThemForm(request.POST or None, partner=partner)
    made: list[Registration] = []

    def act(asked: dict[str, Any], at: datetime) -> None:
        customer, products = form.customer_at(at), asked["products"]
        made.append(
            registrations.ask(
                partner,
                customer=customer,
                by=request.user,
                at=at,
                products=products,
                contact=asked["contact"],
                **form.facts,
            )
        )

    def back() -> str:
        return made[0].get_absolute_url() if made else partner.get_absolute_url()

    return answer(request, partner, ASK, form, act, _("Who decides has been told."), back)


@login_required
@require_http_methods(["GET", "POST"])
def extend(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = ExtendForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        registrations.extend(found, asked["until"], asked["progress"], by=request.user, at=at)

    says = _("The deal is protected longer.")
    return answer(request, found.partner, EXTEND, form, act, says, found.get_absolute_url)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = ReasonForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        registrations.withdraw(found, asked["reason"], by=request.user, at=at)

    says = _("The registration is taken back.")
    return answer(request, found.partner, WITHDRAW, form, act, says, found.get_absolute_url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def customer(request: PersonRequest, pk: int) -> HttpResponse:
    """A customer: the deals and registrations there that this person may see, and whether it is ours."""
    found = found_or_404(Customer.objects.all(), pk=pk)
    deals = Deal.objects.visible_to(request.user).filter(customer=found).select_related("partner", "phase")
    asked = Registration.objects.visible_to(request.user).filter(customer=found).select_related("partner")
    form = CustomerForm(
        request.POST or None, initial={"is_ours": found.is_ours, "our_seller": found.our_seller}
    )
    if request.method == "POST":
        permitted_or_403(request.user, "change customer")
        if form.is_valid():
            customers.say_ours(found, by=request.user, at=clock.now(), **form.cleaned_data)
            return pages.done(request, found, _("It is written down."))
    context = {
        "customer": found,
        "deals": deals.order_by("-created_at")[:SHOWN],
        "registrations": asked[:SHOWN],
        "form": form,
        "may_change": may(request.user, "change customer"),
    }
    show = pages.again if form.errors else pages.shown
    return show(request, "lifecycle/growth/customer.html", context)


def _seen(request: PersonRequest, pk: int) -> Registration:
    related = ("partner__owner", "customer", "deal")
    found: Registration = found_or_404(
        Registration.objects.visible_to(request.user).select_related(*related), pk=pk
    )
    return found


def _to_change(request: PersonRequest, pk: int) -> Registration:
    found = _seen(request, pk)
    permitted_or_403(request.user, "change deal", found)
    return found


def _today() -> date:
    return timezone.localdate(clock.now())
