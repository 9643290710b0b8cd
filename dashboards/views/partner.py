"""The partner's page: one screen that joins what every app knows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations import countdown, decision_kinds, decisions, drafts, waits
from conversations.forms.logs import LogForm
from conversations.forms.promises import CommitmentForm
from conversations.meetings import ahead
from conversations.models import Commitment, Conversation, Decision, Meeting, Message, Wait, hidden_from
from conversations.views import writing
from dashboards import record, timeline
from lifecycle.growth.models import Credit, Deal
from lifecycle.road import road
from partners import fit_panel, merging, panels
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.questions import Question, key
from team.models import User
from team.readers import Reader, reader
from team.requests import PersonRequest
from team.roles import may

TABS = [
    ("note", "Note", "note"),
    ("call", "Call", "phone"),
    ("meeting", "Meeting", "calendar-event"),
    ("promise", "Promise", "flag-check"),
]


def _of_them() -> Q:
    """Waits for a reply, and for a decision they asked for."""
    return Q(metric__in=waits.REPLY) | Q(matter__kind__key__in=decision_kinds.of_partners())


WAITING = Question(
    lambda who: (
        Wait.objects.open()
        .filter(_of_them(), ~hidden_from(who, "conversation"), partner=key("partner"))
        .select_related("conversation")
        .only(
            *("metric", "only_thanks", "opened_at", "warn_at", "due_at", "paused_until"),
            "conversation__subject",
        )
        .annotate(matter_id=F("matter"))
        .order_by("due_at", "pk")[:5]
    )
)
DECIDED = Question(
    lambda: (
        Decision.objects.filter(partner=key("partner"), visible_to_partner=True, withdrawn_at=None)
        .select_related("by", "appeal")
        .order_by("-at", "-pk")[:3]
    )
)
PROMISED = Question(
    lambda who: (
        Commitment.objects.open()
        .filter(~hidden_from(who, "made_in__conversation") | Q(owner=who.pk), partner=key("partner"))
        .select_related("owner", "contact")
        .order_by("promised_for", "pk")[:8]
    )
)
SELLING = Question(
    lambda: (
        Deal.objects.open()
        .filter(pk__in=Credit.objects.current().filter(partner=key("partner")).values("deal"))
        .select_related("phase", "customer")
        .only("name", "amount", "currency", "expected_close_on", "phase__name", "customer__name")
        .order_by(F("expected_close_on").asc(nulls_last=True), "pk")[:4]
    )
)


def _seen(who: Reader) -> QuerySet[Any]:
    """The partner, and which of the things it seldom has there are; what it has not is not asked for."""
    its = OuterRef("pk")
    return (
        Partner.objects.visible_to(who)
        .filter(pk=key("partner"))
        .select_related("kind", "tier", "owner", "region", "end_reason", "source")
        .annotate(
            has_decisions=Exists(Decision.objects.filter(partner=its, visible_to_partner=True)),
            has_deals=Exists(Credit.objects.current().filter(partner=its)),
            has_meetings=Exists(Meeting.objects.planned().filter(partner=its)),
        )
    )


SEEN = Question(_seen)


@login_required
@require_safe
def partner(request: PersonRequest, pk: int) -> HttpResponse:
    at = clock.now()
    partner = next(iter(SEEN.ask(reader(request.user), reader=request.user.pk, partner=pk)), None)
    if partner is None:
        seen = Partner.objects.visible_to(request.user)
        return redirect(found_or_404(seen, pk=merging.standing(pk)))
    context = {"partner": partner, "today": timezone.localdate(at)}
    if pages.is_htmx(request) and "write" in request.GET:
        return pages.shown(request, "dashboards/partner.html#composer", context | _composer(request, partner))
    context |= _timeline(request, partner, at)
    if pages.is_htmx(request):
        return pages.shown(request, "dashboards/partner.html#timeline", context)
    return pages.shown(request, "dashboards/partner.html", context | _page(request, partner, at))


def _page(request: PersonRequest, partner: Any, at: datetime) -> dict[str, Any]:
    who, given = reader(request.user), {"partner": partner.pk, "reader": request.user.pk}
    waiting = WAITING.ask(who, **given)
    decided = DECIDED.ask(partner=partner.pk) if partner.has_decisions else []
    first = next((wait for wait in waiting if wait.metric in waits.REPLY), None)
    return {
        **_composer(request, partner),
        **panels.people(partner, request.user, at),
        **road(partner, request.user, at),
        "fit_panel": fit_panel.of(partner),
        "may_rate": may(request.user, "rate partner", partner),
        "waits": [{"wait": wait, "clock": countdown.read(wait, at)} for wait in waiting],
        "wait": first,
        "clock": countdown.read(first, at) if first else None,
        "decisions": [(each, decisions.is_contestable(each, at)) for each in decided],
        "private_count": _private_count(partner, request.user),
        "next_meeting": ahead.next_with(partner.pk, at) if partner.has_meetings else None,
        "promises": PROMISED.ask(who, **given),
        "deals": SELLING.ask(partner=partner.pk) if partner.has_deals else [],
        "may_deal": may(request.user, "change deal", partner),
        "record": record.towards(partner, at),
        "local_time": timezone.localtime(at, ZoneInfo(partner.zone)) if partner.zone else None,
    }


def _private_count(partner: Partner, user: User) -> int:
    """How many conversations are private to others, for whoever may know of them."""
    if not may(user, "know of private conversations", partner):
        return 0
    return Conversation.objects.withheld_from(user).filter(partner=partner, merged_into=None).count()


def _composer(request: PersonRequest, partner: Partner) -> dict[str, Any]:
    here = writing.at(drafts.log_of(partner.pk), request)
    kind = request.GET.get("write") or here.initial.get("channel", "note")
    kind = kind if kind in {key for key, _, _ in TABS} else "note"
    tabs = [
        {"name": name, "icon": icon, "url": f"?write={key}", "current": key == kind}
        for key, name, icon in TABS
    ]
    back = reverse("dashboards:partner", args=[partner.pk])
    if kind == "promise":
        form: Any = CommitmentForm(partner=partner)
        template = "conversations/commitment_form.html"
    else:
        typed = {**here.initial, "channel": kind}
        form = LogForm(
            partner=partner, user=request.user, is_note=kind == Message.Channel.NOTE, initial=typed
        )
        form.verb = f"Save {dict(Message.Channel.choices)[kind].lower()}"
        template = "conversations/log_form.html"
    composer = {"tabs": tabs, "form": form, "template": template}
    return {"composer": composer, "writing": here, "fixed_channel": kind, "next_url": back}


def _timeline(request: PersonRequest, partner: Partner, at: datetime) -> dict[str, Any]:
    before = timeline.Mark.read(request.GET.get("before", ""))
    shown = timeline.of(partner, request.user, request.GET.get("show", "all"), before, at)
    return {
        "timeline": shown,
        "timeline_tabs": [
            {"name": name, "url": f"?show={key}", "current": key == shown.group}
            for key, name in timeline.GROUPS.items()
        ],
        "older_url": "?" + urlencode({"show": shown.group, "before": shown.older}) if shown.older else "",
    }
