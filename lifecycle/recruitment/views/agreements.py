"""Agreements: the list, one agreement, and what is done with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.recruitment import agreements, terms
from lifecycle.recruitment.forms import EndAgreementForm, SendForm, SignedElsewhereForm, SignForm, TermsForm
from lifecycle.recruitment.listing import AgreementListing
from lifecycle.recruitment.models import KINDS, Agreement, AgreementVersion, Signature
from lifecycle.views.asking import Question, answer, partner_to
from partners import history
from partners.models import Partner
from prm import clock, downloads, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.addresses import address_of
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

DRAFT = Question("Draft an agreement", "Nobody outside sees it before you send it.", "Save the draft")
REVISE = Question("Change the terms", "What was sent stays readable; its signatures do not count.", "Save")
SEND = Question(
    "Send it to be signed", "They read it and sign by typing their name, without an account.", "Send"
)
SIGN = Question("Sign for us", "Your typed name, the time and the stamp of the terms are kept.", "Sign")
ELSEWHERE = Question("It was signed elsewhere", "On paper, or with another service.", "Keep it as signed")
END = Question("End the agreement", "Before it is signed this takes it back.", "End it")
VIEWS = [
    ("In force", "state=signed"),
    ("Ending soon", "state=signed&ends=90"),
    ("To be signed", "state=draft&state=sent"),
    ("Ended", "state=ended"),
    ("All", ""),
]


@login_required
@require_safe
def agreements_page(request: PersonRequest) -> HttpResponse:
    listing = AgreementListing(request.GET, request.user)
    asked = listing.url().removeprefix("?")
    context = {
        **listing.page(_today()),
        "draft_url": _draft_url(request),
        "faults": listing.faults,
        "views": [(name, f"?{query}", query == asked) for name, query in VIEWS],
    }
    return pages.shown(request, "lifecycle/recruitment/agreements.html", context)


def _draft_url(request: PersonRequest) -> str:
    """Where one is drafted for the partner the list is narrowed to; "" where this person may not."""
    asked = request.GET.get("partner", "")
    seen = Partner.objects.visible_to(request.user).select_related("owner")
    partner = seen.filter(pk=asked).first() if asked.isascii() and asked.isdigit() else None
    if partner is None or not may(request.user, "change agreement", partner):
        return ""
    return reverse("lifecycle:agreement_draft", args=[partner.pk])


@login_required
@require_safe
def agreement(request: PersonRequest, pk: int) -> HttpResponse:
    """One agreement. Who may not read its terms is told that they are withheld; reading is kept."""
    found, at = _seen(request, pk), clock.now()
    reads = may(request.user, "read confidential", found.partner)
    if reads:
        agreements.was_read(found, request.user, at)
    return pages.shown(request, "lifecycle/recruitment/agreement.html", _context(request, found, reads))


def _context(request: PersonRequest, found: Agreement, reads: bool) -> dict[str, Any]:
    may_change = may(request.user, "change agreement", found.partner)
    context: dict[str, Any] = {"agreement": found, "partner": found.partner, "reads": reads}
    context["events"] = history.about("agreement", found.pk).ask()
    if not reads:
        return context
    versions = list(found.versions.prefetch_related("products", "signatures"))
    former = [{"version": each, "said": each.said} for each in reversed(versions[:-1])]
    changed = terms.differences(versions[-2].terms, versions[-1].terms, KINDS) if len(versions) > 1 else []
    signatures = list(found.current.signatures.all())
    return context | {
        "version": versions[-1],
        "former": former,
        "changed": changed,
        "signatures": signatures,
        "conflicts": _conflicts(request, found),
        "may_change": may_change,
        "we_signed": any(each.side == Signature.Side.OURS for each in signatures),
        "renewal": found.renewed_by.exclude(state=Agreement.State.ENDED).first(),
    }


def _conflicts(request: PersonRequest, found: Agreement) -> list[str]:
    """What stands against it, as far as this person may know."""
    met = agreements.conflicts(found) if found.is_open else []
    return [conflict.said_to(request.user) for conflict in met]


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "change agreement")
    form = TermsForm(request.POST or None, request.FILES or None)
    made: list[Agreement] = []

    def act(asked: dict[str, Any], at: datetime) -> None:
        made.append(agreements.draft(partner, form.terms, by=request.user, at=at, file=asked["file"]))

    def back() -> str:
        return made[0].get_absolute_url() if made else partner.get_absolute_url()

    return answer(request, partner, DRAFT, form, act, "The agreement is drafted.", back)


@login_required
@require_http_methods(["GET", "POST"])
def revise(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = TermsForm(request.POST or None, request.FILES or None, version=found.current)

    def act(asked: dict[str, Any], at: datetime) -> None:
        keep = not asked.get("without_file", False)
        agreements.revise(found, form.terms, request.user, at, file=asked["file"], keep_file=keep)

    return _answer(request, found, REVISE, form, act, "The terms are changed.")


@login_required
@require_http_methods(["GET", "POST"])
def send(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = SendForm(
        request.POST or None, agreement=found, collides=bool(found.is_open and agreements.conflicts(found))
    )

    def act(asked: dict[str, Any], at: datetime) -> None:
        agreements.send(found, asked["to"], request.user, at, anyway=asked.get("anyway", False))

    return _answer(request, found, SEND, form, act, "The agreement is on its way.")


@login_required
@require_http_methods(["GET", "POST"])
def sign_ours(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = SignForm(request.POST or None, initial={"name": request.user.name})

    def act(asked: dict[str, Any], at: datetime) -> None:
        side, address = Signature.Side.OURS, address_of(request)
        agreements.sign(found.current, side, asked["name"], request.user, at, address)

    return _answer(request, found, SIGN, form, act, "You have signed.")


@login_required
@require_http_methods(["GET", "POST"])
def signed_elsewhere(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = SignedElsewhereForm(request.POST or None, request.FILES or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        agreements.signed_elsewhere(found, asked["file"], asked["on"], by=request.user, at=at)

    return _answer(request, found, ELSEWHERE, form, act, "The agreement is in force.")


@login_required
@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = EndAgreementForm(request.POST or None, initial={"on": _today()})

    def act(asked: dict[str, Any], at: datetime) -> None:
        agreements.end(found, asked["on"], asked["reason"], by=request.user, at=at)

    return _answer(request, found, END, form, act, "It is written down that the agreement ends.")


@login_required
@require_POST
def renew(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    try:
        renewal = agreements.renew(found, by=request.user, at=clock.now())
    except Refused as refusal:
        context = _context(request, found, reads=True) | {"refusal": refusal}
        return pages.again(request, "lifecycle/recruitment/agreement.html", context, status=409)
    return pages.done(request, renewal, "The renewal is drafted, with the terms as they are.")


@login_required
@require_safe
def file(request: PersonRequest, pk: int) -> FileResponse:
    """The file of a version."""
    seen = Agreement.objects.visible_to(request.user)
    version = found_or_404(AgreementVersion.objects.filter(agreement__in=seen), pk=pk)
    return _download(request, version.agreement, version.file, version.file_name)


@login_required
@require_safe
def signed_file(request: PersonRequest, pk: int) -> FileResponse:
    """What was signed elsewhere."""
    found = _seen(request, pk)
    return _download(request, found, found.signed_file, found.signed_file_name)


def _download(request: PersonRequest, of: Agreement, kept: FieldFile, name: str) -> FileResponse:
    agreements.must_be_readable(of, request.user)
    if not kept:
        raise Http404("There is no file.")
    agreements.was_read(of, request.user, clock.now())
    return downloads.of(kept, name)


def _answer(
    request: PersonRequest, found: Agreement, question: Question, form: Any, act: Any, says: str
) -> HttpResponse:
    return answer(request, found.partner, question, form, act, says, found.get_absolute_url)


def _seen(request: PersonRequest, pk: int) -> Agreement:
    related = ("partner__owner", "version", "sent_to", "renews__partner")
    found: Agreement = found_or_404(
        Agreement.objects.visible_to(request.user).select_related(*related), pk=pk
    )
    return found


def _to_change(request: PersonRequest, pk: int) -> Agreement:
    found = _seen(request, pk)
    permitted_or_403(request.user, "change agreement", found.partner)
    return found


def _today() -> date:
    return timezone.localdate(clock.now())
