"""The partner's page: one screen that joins what every app knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations import appeals, countdown, decision_kinds, drafts, waits
from conversations.forms.logs import LogForm
from conversations.forms.promises import CommitmentForm
from conversations.meetings import ahead
from conversations.models import Commitment, Conversation, Decision, Message, Wait, hidden_from
from conversations.views import writing
from dashboards import record, timeline
from lifecycle import road
from lifecycle.growth.models import Credit, Deal
from lifecycle.growth.tiering import showing
from lifecycle.onboarding.integrating import panel
from partners import fit_panel, merging, panels
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.questions import Asked, Question, key, totalled
from prm.together import together
from reviews.health import showing as health
from reviews.issues.models import Issue
from reviews.models import Mark, Review
from team.models import User
from team.readers import reader
from team.requests import PersonRequest
from team.roles import may

TABS = [
    ("note", "Note", "note"),
    ("call", "Call", "phone"),
    ("meeting", "Meeting", "calendar-event"),
    ("promise", "Promise", "flag-check"),
]


def _of_them() -> Q:
    """Waits for a reply, for an issue to be solved, and for a decision they asked for."""
    return Q(metric__in=[*waits.REPLY, Wait.Metric.ISSUE]) | Q(
        matter__kind__key__in=decision_kinds.of_partners()
    )


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


MARKED = Mark.objects.filter(
    answer__invitation__survey__is_confidential=False, question__place=0, value__isnull=False
)
ANSWERED = Question(
    lambda: (
        MARKED.filter(answer__invitation__partner=key("partner"))
        .select_related("question", "answer__invitation__survey", "answer__invitation__contact")
        .order_by("-answer__at", "-pk")[:3]
    )
)


SEEN = Question(
    lambda who: (
        Partner.objects.visible_to(who)
        .filter(pk=key("partner"))
        .select_related("kind", "tier", "owner", "region", "end_reason", "source")
    )
)
PRIVATE = Question(
    lambda who: totalled(
        Conversation.objects.withheld_from(who).filter(partner=key("partner"), merged_into=None),
        n=Count("pk"),
    )
)
REVIEWS = Question(lambda: Review.objects.open().filter(partner=key("partner")).order_by("on", "pk")[:3])
ISSUES = Question(
    lambda who: (
        Issue.objects.open()
        .filter(~hidden_from(who, "wait__conversation"), partner=key("partner"))
        .select_related("wait__conversation__responsible")
        .order_by("wait__due_at", "pk")[:5]
    )
)


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
    if pages.is_htmx(request):
        context |= _timeline(request, partner, at)
        return pages.shown(request, "dashboards/partner.html#timeline", context)
    with together(_asked(request, partner, at)):
        context |= _timeline(request, partner, at) | _page(request, partner, at)
    return pages.shown(request, "dashboards/partner.html", context)


def _asked(request: PersonRequest, partner: Partner, at: datetime) -> Iterator[Asked[Any]]:
    """What the page asks, but for the partner itself: one query."""
    who, given = reader(request.user), _given(request, partner)
    yield from timeline.asked(partner, request.user, *_part_of(request))
    yield drafts.asked(drafts.log_of(partner.pk), request.user)
    for module in (panels, fit_panel, showing, health):
        yield from module.asked(partner)
    yield from (*road.asked(partner, at), *record.asked(partner, at), *ahead.asked(partner.pk, at))
    yield from (question.of(who, **given) for question in (WAITING, ISSUES, PROMISED))
    alike = (DECIDED, REVIEWS, SELLING, ANSWERED, panel.OF)
    yield from (question.of(partner=partner.pk) for question in alike)
    if may(request.user, "know of private conversations", partner):
        yield PRIVATE.of(who, **given)


def _given(request: PersonRequest, partner: Partner) -> dict[str, int]:
    return {"partner": partner.pk, "reader": request.user.pk}


def _page(request: PersonRequest, partner: Any, at: datetime) -> dict[str, Any]:
    who, given = reader(request.user), _given(request, partner)
    waiting = WAITING.ask(who, **given)
    decided = DECIDED.ask(partner=partner.pk)
    first = next((wait for wait in waiting if wait.metric in waits.REPLY), None)
    return {
        **_composer(request, partner),
        **panels.people(partner, request.user, at),
        **road.road(partner, request.user, at),
        "fit_panel": fit_panel.of(partner),
        "may_rate": may(request.user, "rate partner", partner),
        "waits": [{"wait": wait, "clock": countdown.read(wait, at)} for wait in waiting],
        "wait": first,
        "clock": countdown.read(first, at) if first else None,
        "decisions": [(each, appeals.is_contestable(each, at)) for each in decided],
        "private_count": _private_count(partner, request.user),
        "reviews": REVIEWS.ask(partner=partner.pk),
        "issues": ISSUES.ask(who, **given),
        "next_meeting": ahead.next_with(partner.pk, at),
        "promises": PROMISED.ask(who, **given),
        "deals": SELLING.ask(partner=partner.pk),
        "tiers": showing.of(partner),
        "answers": ANSWERED.ask(partner=partner.pk),
        "health": health.latest(partner) if partner.health_colour else None,
        "integrations": panel.OF.ask(partner=partner.pk),
        "may_deal": may(request.user, "change deal", partner),
        "record": record.towards(partner, at),
        "local_time": timezone.localtime(at, ZoneInfo(partner.zone)) if partner.zone else None,
    }


def _private_count(partner: Partner, user: User) -> int:
    """How many conversations are private to others, for whoever may know of them."""
    if not may(user, "know of private conversations", partner):
        return 0
    (counted,) = PRIVATE.ask(reader(user), partner=partner.pk, reader=user.pk)
    return counted["n"]


def _composer(request: PersonRequest, partner: Partner) -> dict[str, Any]:
    here = writing.at(drafts.log_of(partner.pk), request)
    kind = request.GET.get("write") or here.initial.get("channel", "note")
    kind = kind if kind in {key for key, _, _ in TABS} else "note"
    tabs = [
        {"id": f"write-{key}", "name": name, "icon": icon, "url": f"?write={key}", "current": key == kind}
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


def _part_of(request: PersonRequest) -> tuple[str, timeline.Mark | None]:
    """Which entries of the timeline are asked for, and after which mark."""
    return request.GET.get("show", "all"), timeline.Mark.read(request.GET.get("before", ""))


def _timeline(request: PersonRequest, partner: Partner, at: datetime) -> dict[str, Any]:
    group, before = _part_of(request)
    shown = timeline.of(partner, request.user, group, before, at)
    return {
        "timeline": shown,
        "timeline_tabs": [
            {"id": f"show-{key}", "name": name, "url": f"?show={key}", "current": key == shown.group}
            for key, name in timeline.GROUPS.items()
        ],
        "newest_url": f"?show={shown.group}" if before else "",
        "older_url": "?" + urlencode({"show": shown.group, "before": shown.older}) if shown.older else "",
    }
