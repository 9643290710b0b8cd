"""No page weighs more than 40 KB gzipped, the board 50: itself and all it loads but the font.

Counted as a first visit with an empty cache, on the sample company with full lists.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from conversations.models import Conversation, DecisionKind, Policy, Wait
from lifecycle.models import Application, Course, Integration, Plan, PlanTemplate
from partners.models import Partner, Profile
from reviews.models import Invitation, Review, Survey, Target
from reviews.surveying import addresses as survey_addresses
from team.models import Calendar, User

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
KB = 1024
LOADED = re.compile(
    r'(?:<script[^>]*src|<link rel="(?:stylesheet|icon)"[^>]*href|<use href)="/static/dist/([^"#]+)'
)


def fullest() -> Partner:
    """A partner with much on its page: a fit, waits, a long history."""
    return Wait.objects.open().select_related("partner").order_by("-partner__score", "pk")[0].partner


def longest() -> Conversation:
    return Conversation.objects.filter(waits__isnull=False).order_by("-pk")[0]


PAGES: dict[str, Callable[[], str]] = {
    "today": lambda: reverse("dashboards:today") + "?queue=team",
    "answering": lambda: (
        reverse("dashboards:today") + f"?queue=team&reply={Wait.objects.open().earliest('due_at').pk}"
    ),
    "inbox": lambda: reverse("conversations:inbox") + "?view=team",
    "list": lambda: reverse("partners:list"),
    "narrow": lambda: reverse("partners:narrow"),
    "give": lambda: reverse("partners:give"),
    "board": lambda: reverse("lifecycle:board"),
    "agreements": lambda: reverse("lifecycle:agreements"),
    "applications": lambda: reverse("lifecycle:applications"),
    "application": lambda: reverse("lifecycle:application", args=[Application.objects.earliest("pk").pk]),
    "apply": lambda: reverse("lifecycle:apply", args=["reseller"]),
    "deals": lambda: reverse("lifecycle:deals"),
    "pipeline": lambda: reverse("lifecycle:deals_board"),
    "plan": lambda: Plan.objects.running().earliest("pk").get_absolute_url(),
    "integrations": lambda: reverse("lifecycle:integrations"),
    "integration": lambda: Integration.objects.blocked().get().get_absolute_url(),
    "course": lambda: Course.objects.earliest("pk").get_absolute_url(),
    "certificates": lambda: reverse("lifecycle:certificates"),
    "plan template": lambda: PlanTemplate.objects.earliest("pk").get_absolute_url(),
    "reviews": lambda: reverse("reviews:reviews"),
    "reviews of a month": lambda: reverse("reviews:calendar"),
    "joint plan": lambda: reverse("reviews:joint_plan", args=[Target.objects.earliest("pk").partner_id]),
    "experiments": lambda: reverse("reviews:experiments"),
    "review": lambda: Review.objects.exclude(held_on=None).earliest("pk").get_absolute_url(),
    "minutes": lambda: reverse(
        "reviews:minutes", args=[Review.objects.filter(state="preparing").earliest("pk").pk]
    ),
    "partner": lambda: reverse("dashboards:partner", args=[fullest().pk]),
    "meetings": lambda: reverse("conversations:meetings"),
    "record": lambda: reverse("dashboards:record", args=[fullest().pk]),
    "road": lambda: reverse("lifecycle:road", args=[fullest().pk]),
    "fit": lambda: reverse("partners:fit", args=[fullest().pk]),
    "edit": lambda: reverse("partners:edit", args=[fullest().pk]),
    "conversation": lambda: reverse("conversations:conversation", args=[longest().pk]),
    "unknown": lambda: reverse("conversations:unknown_senders"),
    "search": lambda: reverse("conversations:search") + "?q=the",
    "log": lambda: reverse("conversations:log") + f"?partner={fullest().pk}",
    "import": lambda: reverse("partners:import"),
    "profile": lambda: reverse("partners:profile", args=[Profile.objects.earliest("pk").pk]),
    "notices": lambda: reverse("team:notices"),
    "to decide": lambda: reverse("conversations:to_decide") + "?all",
    "decision": lambda: reverse("conversations:decision_kind", args=[DecisionKind.objects.earliest("pk").pk]),
    "policies": lambda: reverse("conversations:policies"),
    "policy": lambda: reverse("conversations:policy", args=[Policy.objects.earliest("pk").pk]),
    "calendar": lambda: reverse("conversations:calendar", args=[Calendar.objects.earliest("pk").pk]),
    "days": lambda: reverse("conversations:calendar_days", args=[Calendar.objects.earliest("pk").pk]),
    "hook": lambda: reverse("team:hook"),
    "told": lambda: reverse("team:told"),
    "company": lambda: reverse("team:company"),
    "people": lambda: reverse("team:people"),
    "surveys": lambda: reverse("reviews:surveys"),
    "survey": lambda: Survey.objects.latest("pk").get_absolute_url(),
    "answers": lambda: reverse("reviews:survey_answers", args=[Survey.objects.earliest("pk").pk]),
    "answering a survey": lambda: survey_addresses.path(Invitation.objects.asked().earliest("pk")),
    "mails": lambda: reverse("team:mails"),
    "lists": lambda: reverse("team:lists"),
    "me": lambda: reverse("team:me"),
}
# partner: all that is known of one; days: every holiday of several years; told: every kind of notice with its
# choices
MOST = {"board": 50 * KB, "partner": 41 * KB, "days": 42 * KB, "told": 42 * KB}


def size(data: bytes) -> int:
    return len(gzip.compress(data, 9))


def weighed(html: bytes) -> dict[str, int]:
    """The page and each file it loads, gzipped."""
    files = sorted(set(LOADED.findall(html.decode())))
    return {"page": size(html)} | {name: size((DIST / name).read_bytes()) for name in files}


@pytest.mark.django_db
def test_every_page_is_light(client: Client) -> None:
    assert (DIST / "app.css").exists(), "The front end is not built: run `npm ci && npm run build`."
    call_command("sample", stdout=StringIO())
    client.force_login(User.objects.get(email="ravi@aldermoor.example"))
    heavy = {}
    for name, address in PAGES.items():
        answer = client.get(address())
        assert answer.status_code == 200, f"{name}: {answer.status_code}"
        weights = weighed(answer.content)
        if sum(weights.values()) > MOST.get(name, 40 * KB):
            heavy[name] = (sum(weights.values()), weights)
    assert heavy == {}
