"""What is measured: the pages, as a manager opens them, and the calls of a program of theirs."""

from __future__ import annotations

import gzip
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import choices
from string import ascii_lowercase
from typing import Any


@dataclass
class Page:
    """One line of the table: where it is, and what was measured (milliseconds)."""

    name: str
    path: str
    port: int = 0
    is_api: bool = False
    sends: Callable[[], dict[str, Any]] | None = None
    times: list[float] = field(default_factory=list)
    queries: int | None = None
    gzipped: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times)


def signed_in() -> tuple[dict[str, str], list[Page]]:
    """The session cookie of the manager and a token of theirs, and the pages to measure."""
    import logging

    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from partners.models import Partner
    from prm import clock, sweeper
    from team import tokens
    from team.models import ApiToken, User

    sweeper.run(clock.now(), only="usual stays")  # as every minute where workers run
    maya = User.objects.get(email__startswith="maya")
    busy = Partner.objects.filter(owner=maya, status="live").order_by("pk").first()
    assert busy is not None
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(maya)
    pages = pages_with(busy)
    ApiToken.objects.filter(user=maya, name="bench").delete()  # of runs before
    _token, text = tokens.make(maya, "bench", clock.now(), scope=ApiToken.Scope.WRITE)
    program = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Token {text}"})
    for page in pages:
        look_at(page, program if page.is_api else client)
    connection.close()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}", "Authorization": f"Token {text}"}, pages


def pages_with(partner: Any) -> list[Page]:
    """What is measured; the partner's page and thread are those of a busy one."""
    from django.urls import reverse

    return [
        Page("empty page", "/bench/empty/"),
        Page("Today", "/"),
        Page("Today, the team", "/?queue=team"),
        Page("Inbox", "/inbox/"),
        Page("Inbox, the team", "/inbox/?view=team"),
        Page("Inbox, done", "/inbox/?view=done"),
        Page("long thread", f"/conversations/{thread_of_200(partner)}/?in=mine"),
        Page("list", "/partners/"),
        Page("list, filtered", "/partners/?owner=me&sort=-stage_since"),
        Page("list, searched", "/partners/?q=meridian"),
        Page("list, by owner", "/partners/?sort=owner"),
        Page("list, by type", "/partners/?sort=-kind"),
        Page("filters", "/partners/narrow/"),
        Page("partner, 200 messages", f"/partners/{partner.pk}/"),
        *insights(),
        Page("board", "/partners/board/"),
        Page("search", "/conversations/search/?q=introduction"),
        Page("deals", f"{reverse('lifecycle:deals')}?state=open"),
        Page("deals, all", reverse("lifecycle:deals")),
        Page("deals, board", reverse("lifecycle:deals_board")),
        Page("plan", reverse("lifecycle:plan", args=[longest_plan()])),
        Page("plans", f"{reverse('lifecycle:plans')}?state=running"),
        Page("plans, late", f"{reverse('lifecycle:plans')}?late=true&sort=start"),
        Page("agreements", reverse("lifecycle:agreements")),
        Page("registrations", reverse("lifecycle:registrations")),
        Page("outreach", reverse("lifecycle:outreaches")),
        Page("sources", reverse("lifecycle:funnel")),
        Page("packet", reverse("reviews:review", args=[review_ahead_of(partner)])),
        Page("packet, printed", reverse("reviews:print", args=[review_ahead_of(partner)])),
        Page("packet, frozen", reverse("reviews:review", args=[frozen_review()])),
        Page("joint plan", reverse("reviews:joint_plan", args=[planned_together()])),
        Page("API, list of 50", "/api/v1/partners/", is_api=True),
        Page("API, filtered", "/api/v1/partners/?owner=me&sort=-last_touch_at", is_api=True),
        Page("API, messages", "/api/v1/messages/", is_api=True),
        Page("API, waits", "/api/v1/waits/?state=late", is_api=True),
        Page("API, detail", f"/api/v1/partners/{partner.pk}/", is_api=True),
        Page("API, create", "/api/v1/partners/", is_api=True, sends=another_firm),
    ]


def insights() -> list[Page]:
    """Insights, where there is such a page."""
    from django.urls import Resolver404, resolve

    try:
        resolve("/insights/")
    except Resolver404:
        return []
    return [Page("Insights", "/insights/")]


def another_firm() -> dict[str, Any]:
    """What is sent to create a partner, whose name is like no other."""
    words = ("".join(choices(ascii_lowercase, k=10)) for _ in range(2))
    return {"name": " ".join(words).title(), "country": "DE"}


def look_at(page: Page, client: Any) -> None:
    """Count its queries and weigh it, in process, the second time it is asked for."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask() -> Any:
        if page.sends:
            return client.post(page.path, page.sends(), content_type="application/json")
        return client.get(page.path)

    ask()
    with CaptureQueriesContext(connection) as counted:
        answer = ask()
    if answer.status_code not in {200, 201}:
        raise SystemExit(f"{page.path} answered {answer.status_code}")
    page.queries, page.gzipped = len(counted), len(gzip.compress(answer.content))


def longest_plan() -> int:
    """The plan that runs with the most tasks, by its id."""
    from django.db.models import Count

    from lifecycle.models import Plan

    running = Plan.objects.running().annotate(n=Count("tasks")).order_by("-n", "pk")
    return running.values_list("pk", flat=True)[0]


def review_ahead_of(partner: Any) -> int:
    """The next review with this partner, by its id: its packet is drawn anew each time."""
    from reviews.models import Review

    return Review.objects.ahead().filter(partner=partner).values_list("pk", flat=True)[0]


def frozen_review() -> int:
    """A review that was held, by its id: its packet is shown as it was, with what was corrected since."""
    from reviews.models import Review

    return Review.objects.exclude(held_on=None).order_by("pk").values_list("pk", flat=True)[0]


def planned_together() -> int:
    """The partner with the most targets, by its id."""
    from django.db.models import Count

    from reviews.models import Target

    targets = Target.objects.values("partner").annotate(n=Count("pk")).order_by("-n", "partner")
    return targets.values_list("partner", flat=True)[0]


def thread_of_200(partner: Any) -> int:
    """A conversation of 200 messages with this partner, by its id; made once."""
    from conversations import messages
    from conversations.models import Conversation, Message
    from prm import clock

    subject, at = "A long talk", clock.now()
    if found := Conversation.objects.filter(partner=partner, subject=subject).first():
        return found.pk
    talk = messages.receive(partner, "email", "How is it going?", at, subject=subject).conversation
    first = Message.objects.get(conversation=talk)
    for n in range(199):
        first.pk, first.occurred_at = None, at - timedelta(hours=n + 1)
        first.body, first.is_automatic = f"What came before, {n}. " * 20, True
        first.save(force_insert=True)
    return talk.pk
