"""A partner's tier: how far it is from the next, and what each number is made of."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from lifecycle.growth.tiering import criteria, showing
from lifecycle.growth.tiering.models import Requirement, TierChange
from portal import seen
from portal.door import PartnerRequest, for_contacts
from prm import pages
from prm.access import found_or_404


@for_contacts
@require_safe
def tiers(request: PartnerRequest) -> HttpResponse:
    shown = [_of(each) for each in showing.of(request.partner)]
    context = {"token": request.token, "partner": request.partner, "tiers": shown}
    return pages.shown(request, "portal/tiers.html", context)


@for_contacts
@require_safe
def tier_rows(request: PartnerRequest, pk: int) -> HttpResponse:
    """What one number is made of, without what is ours alone."""
    wanted = found_or_404(Requirement.objects.select_related("tier"), pk=pk)
    related = ("membership", "rules")
    standing = found_or_404(seen.standings(request.partner).select_related(*related), rules=wanted.rules_id)
    criterion, rows = showing.rows_behind(standing, wanted)
    context = {
        "token": request.token,
        "partner": request.partner,
        "standing": standing,
        "criterion": criterion,
        "line": showing.line_of(wanted, standing.values, criteria.known(), standing.membership_id),
        "rows": [each.for_partner() for each in rows],
    }
    return pages.shown(request, "portal/tier_rows.html", context)


def _of(shown: showing.Shown) -> dict[str, Any]:
    change = shown.change
    return {
        "shown": shown,
        "under_notice": change is not None
        and change.state == TierChange.State.NOTICE
        and change.told_at is not None,
        "gives": showing.gives(shown.standing.membership.tier),
        "would_give": showing.gives(shown.following),
    }
