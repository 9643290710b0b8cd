"""Deals: the list, the board, one deal, and what is done with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.growth import deals, renewals
from lifecycle.growth.board import columns
from lifecycle.growth.deals import DealRefused
from lifecycle.growth.forms import CreditForm, DealForm, HelpForThemForm, MoveForm, NewDealForm, PrimaryForm
from lifecycle.growth.helping import requests
from lifecycle.growth.helping.models import Help
from lifecycle.growth.models import Credit, Deal, Phase, Registration
from lifecycle.growth.pipeline import DealFilter, DealListing
from lifecycle.views import telling
from lifecycle.views.asking import Question, answer, partner_to, undo
from partners import history
from partners.models import Event, Partner
from prm import clock, pages, spreadsheets
from prm.access import found_or_404
from prm.listing import NotRead, chips, faults
from team import choosing
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

ADD = Question("Add a deal", "A joint opportunity with a customer.", "Add deal")
EDIT = Question("Change the deal", "What it was before stays in its history.", "Save")
MOVE = Question("Move the deal", "Won and lost close it; an open phase opens it again.", "Move")
HELP = Question("Ask for help", "It opens a conversation with a clock.", "Ask for it")
CREDIT = Question("Credit a partner", "Sourced, influenced, resold, fulfilled or delivered.", "Credit")
VIEWS = [
    (gettext_lazy("Open"), "state=open"),
    (gettext_lazy("Mine"), "state=open&owner=me"),
    (gettext_lazy("Renewals"), "state=open&renewal=true"),
    (gettext_lazy("Won"), "state=won&sort=-closed"),
    (gettext_lazy("Lost"), "state=lost&sort=-closed"),
    (gettext_lazy("All"), ""),
]
COLUMNS = (
    "Deal",
    "Customer",
    "Customer domain",
    "Partner",
    "State",
    "Phase",
    "Probability %",
    "Amount",
    "Currency",
    "Expected close",
    "Closed on",
    "Lost because",
    "Next step",
    "Next step by",
    "Products",
    "Looked after by",
    "Our seller",
    "Id elsewhere",
    "Term in months",
    "Term ends",
)
FOUND = 12
HELPS = 20
BESIDE = {"q", "after", "before"}
SCREEN = "lifecycle/growth/deals.html"


@login_required
@require_safe
@choosing.called_by_id("owner")
def deals_page(request: PersonRequest) -> HttpResponse:
    return pages.shown(request, SCREEN, _list(request, DealListing(request.GET, request.user)))


def _list(request: PersonRequest, listing: DealListing) -> dict[str, Any]:
    return {
        **listing.page(_today()),
        "q": request.GET.get("q", ""),
        "kept": [(name, value) for name, value in request.GET.items() if name not in BESIDE and value],
        "faults": listing.faults,
        "offers": choosing.offers(listing.filter, "owner"),
        "views": [(name, f"?{query}", query == _asked(request)) for name, query in VIEWS],
        "address": listing.url(),
        "may_export": may(request.user, "export partners"),
        "may_import": may(request.user, "import deals"),
    }


@login_required
@require_safe
@choosing.called_by_id("owner")
def board(request: PersonRequest) -> HttpResponse:
    """The open deals by phase."""
    filters = DealFilter(request.GET, Deal.objects.visible_to(request.user), request.user)
    context = {
        "columns": columns(request.user, _today(), filters.qs if request.GET else None),
        "chips": chips(filters, request.GET),
        "faults": faults(filters),
        "offers": choosing.offers(filters, "owner"),
        "query": request.GET.urlencode(),
        "here": request.get_full_path(),
    }
    return pages.shown(request, "lifecycle/growth/board.html", context)


@login_required
@require_safe
@choosing.called_by_id("owner")
def deals_csv(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """The list as filtered and sorted, as a file that a spreadsheet opens; none where a filter cannot be
    read."""
    permitted_or_403(request.user, "export partners")
    listing = DealListing(request.GET, request.user)
    try:
        found = listing.sorted_rows()
    except NotRead:
        return pages.again(request, SCREEN, _list(request, listing))
    lines = (_line(deal) for deal in found.iterator(chunk_size=1000))
    return spreadsheets.download(f"deals-{_today():%Y-%m-%d}.csv", COLUMNS, lines)


@login_required
@require_safe
def deal(request: PersonRequest, pk: int) -> HttpResponse:
    """One deal: what it is, who is credited, how it got here."""
    return pages.shown(request, "lifecycle/growth/deal.html", _context(request, _seen(request, pk)))


@login_required
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "change deal")
    form = NewDealForm(request.POST or None)
    made: list[Deal] = []

    def act(asked: dict[str, Any], at: datetime) -> None:
        facts = {name: value for name, value in form.facts.items() if name != "owner" or value}
        where = {name: asked[name] for name in ("role", "phase", "products")}
        made.append(
            deals.start(partner, customer=form.customer_at(at), by=request.user, at=at, **where, **facts)
        )

    def back() -> str:
        return made[0].get_absolute_url() if made else partner.get_absolute_url()

    return answer(request, partner, ADD, form, act, _("The deal is in the pipeline."), back)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    changed = _to_change(request, pk)
    form = DealForm(request.POST or None, deal=changed)

    def act(asked: dict[str, Any], at: datetime) -> Event | None:
        facts = dict(form.facts) | {"products": asked["products"]}
        if {"customer", "website", "country"} & set(form.changed_data):
            facts["customer"] = form.customer_at(at)
        return deals.change(changed, facts, by=request.user, at=at)

    back = changed.get_absolute_url
    return answer(request, changed.partner, EDIT, form, act, _("The deal is changed."), back)


@login_required
@require_http_methods(["GET", "POST"])
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """Move it to a phase; a script that asks for JSON is told in JSON, a refusal there is a 409."""
    moved = _to_change(request, pk)
    if telling.wants_json(request):
        return _moved_on_the_board(request, moved)
    asked = {"to": request.GET.get("to", ""), "seen": moved.phase_id}
    form = MoveForm(request.POST or None, initial=asked)

    def act(asked: dict[str, Any], at: datetime) -> Event:
        return deals.move(moved, by=request.user, at=at, **asked)

    says = _("“{deal}” is moved.").format(deal=moved)
    return answer(request, moved.partner, MOVE, form, act, says, moved.get_absolute_url)


def _moved_on_the_board(request: PersonRequest, moved: Deal) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid():
        words = _("To: choose a phase of the pipeline.")
        return telling.refused(request, words, [words], status=422)
    asked = form.cleaned_data
    try:
        event = deals.move(moved, asked["to"], request.user, clock.now(), seen=asked["seen"])
    except DealRefused as refusal:
        return telling.refused(request, refusal.detail, refusal.reasons, status=409)
    says = _("“{deal}” moved to {phase}.").format(deal=moved, phase=moved.phase)
    return telling.done(request, says, undo(event))


@login_required
@require_http_methods(["GET", "POST"])
def credit(request: PersonRequest, pk: int) -> HttpResponse:
    """Find the partner by name, then say its part."""
    credited = _to_change(request, pk)
    words = request.GET.get("q", "").strip()[:200]
    partners = Partner.objects.visible_to(request.user)
    form = CreditForm(request.POST or None, partners=partners)

    def act(asked: dict[str, Any], at: datetime) -> None:
        deals.credit(credited, asked["partner"], asked["role"], by=request.user, at=at)

    if request.method == "POST":
        return answer(
            request, credited.partner, CREDIT, form, act, _("The credit stands."), credited.get_absolute_url
        )
    found = list(partners.found_by(words).order_by("sort_name", "pk")[:FOUND]) if words else []
    context = {"deal": credited, "q": words, "found": found, "roles": Credit.Role.choices}
    return pages.shown(request, "lifecycle/growth/credit.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ask_help(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for help on a deal, for a partner that has a part in it."""
    of = _to_change(request, pk)
    form = HelpForThemForm(request.POST or None, deal=of)

    def act(asked: dict[str, Any], at: datetime) -> None:
        whose = {name: asked[name] for name in ("partner", "contact")}
        requests.ask(of, **form.asked, **whose, by=request.user, at=at)

    return answer(
        request, of.partner, HELP, form, act, _("It is asked, and its clock runs."), of.get_absolute_url
    )


@login_required
@require_POST
def end_credit(request: PersonRequest, pk: int) -> HttpResponse:
    seen = Deal.objects.visible_to(request.user)
    ended = found_or_404(
        Credit.objects.current().filter(deal__in=seen).select_related("deal__partner"), pk=pk
    )
    deals.allowed_or_403(request.user, ended.deal)
    try:
        deals.end_credit(ended, by=request.user, at=clock.now())
    except DealRefused as refusal:
        return _refused(request, ended.deal, refusal)
    return pages.done(request, ended.deal, _("The credit has ended."))


@login_required
@require_POST
def primary(request: PersonRequest, pk: int) -> HttpResponse:
    changed = _to_change(request, pk)
    form = PrimaryForm(request.POST, partners=Partner.objects.visible_to(request.user))
    if not form.is_valid():
        raise Http404("There is no such partner.")
    to = form.cleaned_data["partner"]
    try:
        deals.make_primary(changed, to, by=request.user, at=clock.now())
    except DealRefused as refusal:
        return _refused(request, changed, refusal)
    return pages.done(request, changed, _("{partner} has the primary credit.").format(partner=to))


def _refused(request: PersonRequest, of: Deal, refusal: DealRefused) -> HttpResponse:
    context = _context(request, _seen(request, of.pk)) | {"refusal": refusal}
    return pages.again(request, "lifecycle/growth/deal.html", context, status=409)


def _context(request: PersonRequest, deal: Deal) -> dict[str, Any]:
    may_change = deals.allowed(request.user, deal)
    return {
        "deal": deal,
        "products": deal.products.all(),
        "renewal": renewals.of(deal),
        "registration": Registration.objects.filter(deal=deal).first(),
        "helps": requests.standing(Help.objects.filter(deal=deal).select_related("deal")[:HELPS]),
        "credits": deal.credits.current().select_related("partner"),
        "phases": Phase.objects.filter(retired_at=None),
        "likely": deal.phase.probability if deal.probability is None else deal.probability,
        "close_passed": deal.expected_close_on is not None and deal.expected_close_on < _today(),
        "step_overdue": deal.next_step_on is not None and deal.next_step_on < _today(),
        "may_change": may_change,
        "events": history.about("deal", deal.pk).ask(),
    }


def _seen(request: PersonRequest, pk: int) -> Deal:
    related = ("partner__owner", "customer", "phase", "owner", "renews")
    found: Deal = found_or_404(Deal.objects.visible_to(request.user).select_related(*related), pk=pk)
    return found


def _to_change(request: PersonRequest, pk: int) -> Deal:
    found = _seen(request, pk)
    deals.allowed_or_403(request.user, found)
    return found


def _asked(request: PersonRequest) -> str:
    address = request.GET.copy()
    for mark in ("after", "before"):
        address.pop(mark, None)
    return address.urlencode()


def _today() -> date:
    return timezone.localdate(clock.now())


def _line(deal: Deal) -> list[Any]:
    customer, worth = deal.customer, deal.worth
    return [
        deal.name,
        customer.name,
        customer.domain,
        deal.partner,
        deal.get_state_display(),
        deal.phase,
        deal.phase.probability if deal.probability is None else deal.probability,
        worth.amount if worth else None,
        deal.currency,
        deal.expected_close_on,
        deal.closed_on,
        deal.lost_reason,
        deal.next_step,
        deal.next_step_on,
        ", ".join(product.name for product in deal.products.all()),
        deal.owner,
        deal.seller_name,
        deal.outside_id,
        deal.term_months,
        deal.term_ends_on,
    ]
