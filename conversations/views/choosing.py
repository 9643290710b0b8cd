"""Use a template: a list to choose from, and the text box filled with the one chosen. Nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from conversations import drafts, filling, messages, reply_templates
from conversations.drafts import Place
from conversations.filling import About
from conversations.forms.writing import ReplyForm, StartForm
from conversations.models import Conversation, Draft, ReplyTemplate
from conversations.views import writing
from partners.models import Contact, Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

LIST, FILLED = "conversations/choose_template.html", "conversations/filled.html"
Kind = Draft.Kind
LONGEST = 100  # letters of what is looked for


@dataclass(frozen=True)
class Letter:
    """Where somebody writes, and what it is about."""

    place: Place
    about: About


@login_required
@require_safe
def for_reply(request: PersonRequest, pk: int) -> HttpResponse:
    return _list(request, _reply(request, pk))


@login_required
@require_safe
def for_mail(request: PersonRequest, pk: int) -> HttpResponse:
    return _list(request, _mail(request, pk))


@login_required
@require_POST
def into_reply(request: PersonRequest, pk: int, template: int) -> HttpResponse:
    return _fill(request, _reply(request, pk), template)


@login_required
@require_POST
def into_mail(request: PersonRequest, pk: int, template: int) -> HttpResponse:
    return _fill(request, _mail(request, pk), template)


def _reply(request: PersonRequest, pk: int) -> Letter:
    seen = Conversation.objects.visible_to(request.user).select_related("partner__owner")
    conversation = found_or_404(seen, pk=pk)
    permitted_or_403(request.user, "write to partner", conversation.partner)
    wait = conversation.waits.open().for_reply().order_by("due_at", "pk").first()
    about = About(
        conversation.partner,
        request.user,
        messages.answers_to(conversation),
        conversation.subject,
        wait.due_at if wait else None,
    )
    return Letter(drafts.reply_in(pk), about)


def _mail(request: PersonRequest, pk: int) -> Letter:
    partner = found_or_404(Partner.objects.visible_to(request.user).select_related("owner"), pk=pk)
    permitted_or_403(request.user, "write to partner", partner)
    draft = drafts.find(drafts.mail_to(pk), request.user)
    known = draft.initial if draft else {}
    subject = request.POST.get("subject") or str(known.get("subject", ""))
    to = request.POST.get("contact") or str(known.get("contact", ""))
    return Letter(drafts.mail_to(pk), About(partner, request.user, _contact(partner, to), subject.strip()))


def _contact(partner: Partner, chosen: str) -> Contact | None:
    """Whom the mail goes to: who was chosen, else the primary contact."""
    people = Contact.objects.current().filter(partner=partner)
    if chosen.isdecimal() and len(chosen) < 16:
        return people.filter(pk=int(chosen)).first()
    return people.filter(is_primary=True).first()


def _list(request: PersonRequest, letter: Letter) -> HttpResponse:
    typed = request.GET.get("q", "")[:LONGEST]
    context = {
        "place": letter.place,
        "about": letter.about,
        "templates": reply_templates.find(request.user, typed, letter.about.language),
        "q": typed,
        "inside": pages.is_htmx(request),
    }
    return pages.shown(request, f"{LIST}#list", context)


def _fill(request: PersonRequest, letter: Letter, pk: int) -> HttpResponse:
    """What was typed stays, the template comes after it, and both are kept as the draft."""
    template = found_or_404(ReplyTemplate.objects.visible_to(request.user), pk=pk)
    typed = _typed(request, letter.place)
    text = filling.fill(template.text, letter.about.values(template.language))
    typed["body"] = [filling.added("".join(typed.get("body", [])[-1:]), text)]
    try:
        drafts.keep(letter.place, typed, by=request.user, at=clock.now(), once=writing.once_of(request.POST))
    except Refused as refusal:
        return pages.done(request, letter.place.address, str(refusal))
    if pages.is_htmx(request):
        return render(request, FILLED, {"field": _box(letter, typed["body"][0])})
    return pages.done(
        request, letter.place.address, f"“{template}” stands in your text. Nothing is sent yet."
    )


def _box(letter: Letter, text: str) -> BoundField:
    """The text box of the form, with this text."""
    initial = {"body": text}
    if letter.place.kind == Kind.REPLY:
        return ReplyForm(initial=initial)["body"]
    form = StartForm(partner=letter.about.partner, initial=initial)
    form.fields["body"].widget.attrs["class"] = "textarea form-control"  # as crispy draws it
    return form["body"]


def _typed(request: PersonRequest, place: Place) -> dict[str, list[str]]:
    """What stands in the form; from the page of templates, what the draft holds."""
    if "body" in request.POST:
        return writing.typed(request.POST, place.kind)
    draft = drafts.find(place, request.user)
    return dict(draft.typed) if draft else {}
