"""Unknown senders: whose mail is this? File it, make a contact, block the sender, or put it away."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from conversations import senders
from conversations.forms.belonging import FileMailForm
from conversations.mail import blocking, folding, reading, threading
from conversations.models import BlockedSender, Message, RawMail
from conversations.views.mail import PLAIN
from partners.models import Partner
from prm import clock, downloads, newest, pages, search
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import may, permitted_or_403, refusal_words

LIST, MAIL = "conversations/unknown_senders.html", "conversations/unknown_sender.html"
CHOICES = 8
SHOWN = 20_000  # letters of a mail
COLUMNS = (
    "sender",
    "sender_name",
    "subject",
    "text",
    "received_at",
    "written_at",
    "claims",
    "mailbox",
    "doubt",
)

State = RawMail.State
WHICH: dict[str, tuple[str, dict[str, Any]]] = {
    "people": ("From people", {"state": State.UNKNOWN, "is_automatic": False}),
    "automatic": ("Automatic", {"state": State.UNKNOWN, "is_automatic": True}),
    "away": ("Put away", {"state": State.DROPPED}),
    "blocked": ("Blocked", {"state": State.BLOCKED}),
}


@login_required
@require_safe
def unknown_senders(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "file mail")
    which = request.GET.get("show", "")
    which = which if which in WHICH else "people"
    mails = RawMail.objects.visible_to(request.user).filter(**WHICH[which][1])
    mails = mails.select_related("claims", "mailbox").only(*COLUMNS, "claims__subject", "mailbox__name")
    context = {
        "page": newest.page(mails, request.GET.get("before", ""), "received_at"),
        "which": which,
        "tabs": [{"key": key, "name": name, "current": key == which} for key, (name, _) in WHICH.items()],
        "blocked": BlockedSender.objects.select_related("by") if which == "blocked" else [],
    }
    return pages.shown(request, LIST, context)


@login_required
@require_safe
def unknown_sender(request: PersonRequest, pk: int) -> HttpResponse:
    raw = _seen(request, pk)
    return pages.shown(request, MAIL, _context(request, raw, FileMailForm.about(raw)))


@login_required
@require_POST
def file(request: PersonRequest, pk: int) -> HttpResponse:
    """File it with a partner and, where a name is given, make the sender a contact there."""
    raw = _seen(request, pk)
    partners = Partner.objects.visible_to(request.user)
    form = FileMailForm(request.POST, partners=partners)
    if form.is_valid():
        partner, name = form.cleaned_data["partner"], form.cleaned_data["name"]
        permitted_or_403(request.user, "write to partner", partner)
        if name and not may(request.user, "change partner", partner):
            form.add_error("name", f"{refusal_words('change partner', partner)} Or leave this empty.")
            return pages.again(request, MAIL, _context(request, raw, form))
        try:
            message, more = _filed(raw, partner, name, request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            also = f", and {more} more of this sender" if more else ""
            return pages.done(request, message.conversation, f"Filed with {partner}{also}. The clock counts.")
    return pages.again(request, MAIL, _context(request, raw, form))


def _filed(raw: RawMail, partner: Partner, name: str, by: User) -> tuple[Message, int]:
    """The message it became, and how many others went with it. It enters the thread it names."""
    at = clock.now()
    named = threading.named(reading.read(senders.content(raw)))
    thread = next((each for each in named if each.partner_id == partner.pk), None)
    if name:
        return senders.make_contact(raw, partner, name, by, at, thread)
    known = next((each for each in threading.contacts_at(raw.sender) if each.partner_id == partner.pk), None)
    return senders.file(raw, partner, by, at, known, thread), 0


@login_required
@require_POST
def block(request: PersonRequest, pk: int) -> HttpResponse:
    """Block the sender, or its whole domain."""
    raw = _seen(request, pk)
    try:
        whole = request.POST.get("what") == "domain"
        gone = blocking.block(raw.sender, by=request.user, at=clock.now(), whole_domain=whole)
    except Refused as refusal:
        context = _context(request, raw, FileMailForm.about(raw), refusal=str(refusal))
        return pages.again(request, MAIL, context, status=409)
    who = f"Everybody at {raw.sender.rpartition('@')[2]}" if whole else raw.sender
    return pages.done(
        request, "conversations:unknown_senders", f"{who} is blocked; {gone} mails are put away."
    )


@login_required
@require_POST
def unblock(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "file mail")
    blocked = found_or_404(BlockedSender.objects.all(), pk=pk)
    back = blocking.unblock(blocked)
    says = f"{blocked.pattern.lstrip('@')} is heard again; {back} mails wait here."
    return pages.done(request, "conversations:unknown_senders", says)


@login_required
@require_POST
def put_away(request: PersonRequest, pk: int) -> HttpResponse:
    raw = _seen(request, pk)
    try:
        senders.put_away(raw, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, "conversations:unknown_senders", str(refusal))
    return pages.done(request, "conversations:unknown_senders", "Put away; it is kept under “Put away”.")


@login_required
@require_POST
def bring_back(request: PersonRequest, pk: int) -> HttpResponse:
    raw = _seen(request, pk)
    try:
        senders.bring_back(raw)
    except Refused as refusal:
        return pages.done(request, "conversations:unknown_senders", str(refusal))
    return pages.done(request, raw, "It waits for somebody again.")


@login_required
@require_safe
def original(request: PersonRequest, pk: int) -> FileResponse:
    """The mail as it came, as a download."""
    raw = _seen(request, pk)
    return downloads.of(raw.file, f"unknown-{pk}.eml", PLAIN)


def _seen(request: PersonRequest, pk: int) -> RawMail:
    """A mail that is or was under Unknown senders; reports on mails of ours are not."""
    permitted_or_403(request.user, "file mail")
    seen = RawMail.objects.visible_to(request.user).exclude(state=State.REPORT)
    return found_or_404(seen.filter(messages=None).select_related("claims__partner", "handled_by"), pk=pk)


def _context(request: PersonRequest, raw: RawMail, form: FileMailForm, **more: Any) -> dict[str, Any]:
    read = reading.read(senders.content(raw))
    q = request.GET.get("q", "").strip()[:200]
    choices = _choices(request.user, raw, q)
    return {
        "raw": raw,
        "pieces": folding.fold(read.body[:SHOWN]),
        "files": [each.name for each in read.attached],
        "domain": raw.sender.rpartition("@")[2],
        "is_away": raw.state != State.UNKNOWN,
        "q": q,
        "form": form,
        "chosen": str(form["partner"].value() or (choices[0].pk if len(choices) == 1 or raw.claims else "")),
        "choices": choices,
        "may_add": may(request.user, "add partner"),
        **more,
    }


def _choices(user: User, raw: RawMail, q: str) -> list[Partner]:
    """Partners it may belong to: those the words find; else whose thread it names, whose domain it has,
    and those one looks after."""
    seen = Partner.objects.visible_to(user).only("name", "country", "city").order_by("name", "pk")
    if q:
        return list(seen.filter(search_key__contains=search.fold(q))[:CHOICES])
    likely = [raw.claims.partner_id] if raw.claims else []
    likely += [partner.pk for partner in threading.partners_at(raw.sender)]
    likely += [contact.partner_id for contact in threading.contacts_at(raw.sender)]
    first = sorted(seen.filter(pk__in=likely), key=lambda partner: likely.index(partner.pk))
    own = seen.filter(owner=user).exclude(pk__in=likely).order_by("-last_touch_at", "pk")
    return [*first, *own[: CHOICES - len(first)]]
