"""What the nightly audit found, for admins."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from conversations.models import Audit, Conversation, Finding
from prm import pages
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403

NIGHTS = 35
FINDINGS = 100


@login_required
@require_safe
def audits(request: PersonRequest) -> HttpResponse:
    """The last nights, and what the newest of them found."""
    permitted_or_403(request.user, "edit settings")
    nights = list(Audit.objects.annotate(found=Count("findings"))[:NIGHTS])
    findings = Finding.objects.filter(audit__in=nights).select_related("audit", "conversation__partner")
    findings = findings.annotate(is_private=Exists(_private(request.user)))
    shown = findings.order_by("-audit__on", "conversation", "pk")[:FINDINGS]
    return pages.shown(request, "conversations/audits.html", {"nights": nights, "findings": shown})


def _private(user: User) -> QuerySet[Conversation]:
    """The conversation of a finding, where it is private to others."""
    return Conversation.objects.withheld_from(user).filter(pk=OuterRef("conversation"))
