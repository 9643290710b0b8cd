"""The packet: arranged and sent by us, printed, and read by the partner under an address of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.views.asking import Question, answer
from partners.models import Contact
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from reviews.issues import raising
from reviews.issues.forms import RaiseForm
from reviews.meetings import agenda, sharing, signing
from reviews.meetings.forms import NameForm, ReadersForm, TopicForm
from reviews.meetings.packet import arranging, paper, whole
from reviews.meetings.views.reviews import SCREEN, context_of, seen, to_run
from reviews.models import Review, Topic
from team.addresses import address_of
from team.requests import PersonRequest

SHARED = "reviews/shared.html"
PRE_READ = Question(
    gettext_lazy("Send the pre-read"),
    gettext_lazy(
        "Each gets an address of its own: the packet as it stands, and a place for topics of theirs."
    ),
    gettext_lazy("Send it"),
)


@login_required
@require_POST
def arrange(request: PersonRequest, pk: int) -> HttpResponse:
    """Move, hide, show or comment a section."""
    found, given = to_run(request, pk), request.POST
    key = given.get("key", "")[:30]
    try:
        arranging.arrange(found, key, given.get("do", ""), given.get("comment", ""))
    except Refused as refusal:
        return pages.again(request, SCREEN, context_of(request, seen(request, pk), refusal=refusal), 409)
    return pages.done(request, f"{found.get_absolute_url()}#s-{key}")


@login_required
@require_POST
def topic(request: PersonRequest, pk: int) -> HttpResponse:
    """Put something on the agenda; whoever reads the partner may."""
    found, at = seen(request, pk), clock.now()
    form = TopicForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                if form.spend(at):
                    arranging.add_topic(found, form.cleaned_data["topic"], by=request.user, at=at)
        except Refused as refusal:
            form.add_error("topic", str(refusal))
    if form.errors:
        return pages.again(request, SCREEN, context_of(request, found, topic_form=form), 422)
    return pages.done(request, f"{found.get_absolute_url()}#agenda", _("It is on the agenda."))


@login_required
@require_POST
def topic_drop(request: PersonRequest, pk: int) -> HttpResponse:
    row = found_or_404(Topic.objects.filter(review__in=Review.objects.visible_to(request.user)), pk=pk)
    found = to_run(request, row.review_id)
    try:
        arranging.drop_topic(row)
    except Refused as refusal:
        return pages.again(request, SCREEN, context_of(request, found, refusal=refusal), 409)
    return pages.done(request, f"{found.get_absolute_url()}#agenda", _("It is off the agenda."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pre_read(request: PersonRequest, pk: int) -> HttpResponse:
    """To whom the pre-read goes."""
    found = to_run(request, pk)
    people = Contact.objects.current().filter(partner=found.partner, is_primary=True)
    form = ReadersForm(found.partner, request.POST or None, initial={"to": people})

    def act(asked: dict[str, Any], at: datetime) -> None:
        sharing.send_pre_read(found, asked["to"], by=request.user, at=at)

    says, back = _("The pre-read is on its way."), found.get_absolute_url
    return answer(request, found.partner, PRE_READ, form, act, says, back)


@login_required
@require_safe
def printed(request: PersonRequest, pk: int) -> HttpResponse:
    """The packet and the minutes, as they go on paper."""
    found = seen(request, pk)
    context = {**whole.by_us(found, request.user, clock.now()), "back_url": found.get_absolute_url()}
    return pages.shown(request, whole.PRINT, context)


@login_required
@require_safe
def as_pdf(request: PersonRequest, pk: int) -> HttpResponse:
    """The same as a file."""
    found = seen(request, pk)
    told = whole.by_us(found, request.user, clock.now())
    return _file(request, told, reverse("reviews:print", args=[found.pk]))


def _file(request: HttpRequest, told: dict[str, Any], print_url: str) -> HttpResponse:
    """What was read as a PDF; where none can be made, a page that says so in plain words."""
    try:
        made, name = whole.as_pdf(told)
    except paper.NoPaper as refusal:
        why = {"refusal": refusal, "print_url": print_url, "review": told["review"]}
        return pages.again(request, "reviews/no_pdf.html", why, 503)
    header = content_disposition_header(as_attachment=False, filename=name)
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": header or ""})


# --- the partner's own page -------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Read it, raise issues; before it is held add topics, afterwards sign. Looking records nothing."""
    found = sharing.behind(token)
    if found is None:
        return _safe(pages.again(request, SHARED, {"reason": pages.unknown_address()}, status=404))
    review, contact, made_on = found
    if reason := sharing.why_closed(review, contact) or sharing.why_expired(made_on, clock.now()):
        return _safe(pages.again(request, SHARED, {"review": review, "reason": reason}, status=410))
    with timezone.override(contact.zone or review.partner.zone or timezone.get_current_timezone_name()):
        return _safe(_answered(request, token, review, contact, clock.now()))


@never_cache
@require_safe
def shared_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """What the address of a person of theirs shows, as a file."""
    found = sharing.behind(token)
    if found is None or not sharing.is_told(found[0]):
        raise Http404
    review, contact, made_on = found
    page = reverse("reviews:shared", args=[token])
    if sharing.why_closed(review, contact) or sharing.why_expired(made_on, clock.now()):
        return redirect(page)
    with timezone.override(contact.zone or review.partner.zone or timezone.get_current_timezone_name()):
        return _safe(_file(request, whole.of(review, clock.now()), page))


def _answered(
    request: HttpRequest, token: str, review: Review, contact: Contact, at: datetime
) -> HttpResponse:
    do = request.POST.get("do", "")
    name = NameForm(request.POST if do == "sign" else None, initial={"name": contact.name})
    topic_form = TopicForm(request.POST if do == "topic" else None)
    issue_form = RaiseForm(request.POST if do == "issue" else None, auto_id="issue_%s")
    form: Any = {"sign": name, "issue": issue_form}.get(do, topic_form)
    if form.is_bound and form.is_valid():
        try:
            says = _act(request, do, form, review, contact, at)
            return pages.done(request, request.path, says)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    bare: dict[str, Any] = {"review": review, "partner": review.partner}
    context = {
        **(whole.of(review, at) if sharing.is_told(review) else bare),
        "contact": contact,
        "name_form": name,
        "topic_form": topic_form,
        "issue_form": issue_form,
        "topics": review.topics.select_related("by_user", "by_contact"),
        "shares": agenda.shares(),
        "pdf_url": reverse("reviews:shared_pdf", args=[token]) if paper.is_there() else "",
        "theirs": signing.has_signed(signing.current(review), Review.Side.THEIRS),
    }
    return pages.again(request, SHARED, context, status=422 if form.errors else 200)


@transaction.atomic
def _act(request: HttpRequest, do: str, form: Any, review: Review, contact: Contact, at: datetime) -> str:
    if do == "sign":
        version = signing.current(review)
        if version is None or str(version.pk) != request.POST.get("version"):
            raise Refused(_("There is a newer version of the minutes. Read that one."))
        typed = form.cleaned_data["name"]
        signing.sign(version, Review.Side.THEIRS, typed, contact, at, address_of(request))
        return _("You have signed. Thank you.")
    if do == "issue":
        if form.spend(at):
            said = {name: form.cleaned_data[name] for name in ("title", "words", "severity")}
            raising.raise_one(review.partner, by=contact, at=at, review=review, **said)
        return _("We have it. It stands in your portal until it is solved.")
    if form.spend(at):
        arranging.add_topic(review, form.cleaned_data["topic"], by=contact, at=at)
    return _("It is on the agenda. Thank you.")


def _safe(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
