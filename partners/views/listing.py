"""The list of partners, as a page and as a file."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners.filters import Lists, PartnerFilter
from partners.groups import group
from partners.listing import PartnerListing
from partners.models import HealthColour, Partner
from prm import clock, pages, spreadsheets
from prm.listing import NotRead, faults
from team import choosing
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

VIEWS = [
    ("All partners", ""),
    ("Mine", "owner=me"),
    ("My active partners", "owner=me&status=prospect&status=live"),
    ("Unassigned", "owner=none"),
]
COLUMNS = (
    "Name",
    "Legal name",
    "Website",
    "Domain",
    "Type",
    "Tier",
    "Status",
    "Stage",
    "Step",
    "There since",
    "Owner",
    "Region",
    "Country",
    "City",
    "Fit",
    "Coverage %",
    "Verdict",
    "Health",
    "Health colour",
    "Signed on",
    "Last touch",
    "Source",
    "Source detail",
)


SCREEN = "partners/list.html#rows"


@login_required
@require_safe
@choosing.called_by_id("owner", several=True)
def partners(request: PersonRequest) -> HttpResponse:
    return pages.shown(request, SCREEN, _context(request, PartnerListing(request.GET, request.user)))


def _context(request: PersonRequest, listing: PartnerListing) -> dict[str, Any]:
    fragment = pages.is_htmx(request)
    return {
        **listing.page(clock.now()),
        "q": request.GET.get("q", ""),
        "q_label": listing.filter.form.fields["q"].label,
        "faults": listing.faults,
        "kept": _kept(request.GET),
        "offers": listing.filter.offers,
        "fragment": fragment,
        "owners": group(listing.filter, "owner") if fragment else None,
        "sort": request.GET.get("sort", ""),
        "views": [(name, f"?{query}", _same(query, request.GET)) for name, query in VIEWS],
        "address": listing.url(),
        "board_url": _url_if_built("lifecycle:board"),
        "import_url": _url_if_built("partners:import") if may(request.user, "import partners") else "",
        "may_export": may(request.user, "export partners"),
    }


@login_required
@require_safe
@choosing.called_by_id("owner", several=True)
def narrow(request: PersonRequest) -> HttpResponse:
    """What the list can be narrowed by: a page of its own, or what opens on the list."""
    filters = PartnerFilter(request.GET, Partner.objects.none(), request.user, Lists.fetch(request.GET))
    context = {
        "q": request.GET.get("q", ""),
        "q_label": filters.form.fields["q"].label,
        "sort": request.GET.get("sort", ""),
        "faults": faults(filters),
        "offers": filters.offers,
        "groups": filters.groups,
        "days": filters.days,
    }
    return pages.shown(request, "partners/narrow.html#opened", context)


@login_required
@require_safe
@choosing.called_by_id("owner", several=True)
def partners_csv(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """The list as filtered and sorted, as a file that a spreadsheet opens; none of a list that was not asked
    for, where a filter cannot be read."""
    permitted_or_403(request.user, "export partners")
    listing = PartnerListing(request.GET, request.user)
    try:
        found = listing.sorted_rows()
    except NotRead:
        return pages.again(request, SCREEN, _context(request, listing))
    day = timezone.localdate(clock.now())
    zone = timezone.get_current_timezone()  # the rows are written after the request's zone is gone
    rows = (_line(partner, zone) for partner in found.iterator(chunk_size=1000))
    return spreadsheets.download(f"partners-{day:%Y-%m-%d}.csv", COLUMNS, rows)


def _line(partner: Partner, zone: tzinfo) -> list[Any]:
    return [
        partner.name,
        partner.legal_name,
        partner.website,
        partner.domain,
        partner.kind,
        partner.tier,
        partner.get_status_display(),
        partner.get_stage_display(),
        partner.get_step_display(),
        "" if getattr(partner, "since_unknown", False) else _moment(partner.step_since, zone),
        partner.owner,
        partner.region,
        partner.country,
        partner.city,
        partner.score,
        partner.coverage,
        partner.verdict_label,
        "" if partner.health is None else partner.health / 10,
        str(HealthColour(partner.health_colour).label) if partner.health_colour else "",
        partner.signed_on,
        _moment(partner.last_touch_at, zone),
        partner.source,
        partner.source_detail,
    ]


def _moment(at: datetime | None, zone: tzinfo) -> str:
    """A moment in the reader's zone, with the zone's offset."""
    return at.astimezone(zone).isoformat(timespec="minutes") if at else ""


def _kept(address: QueryDict) -> list[tuple[str, str]]:
    """What the address filters by beside the words: searching goes on within it."""
    names = [name for name in PartnerFilter.base_filters if name != "q"]
    return [(name, value) for name in names for value in address.getlist(name) if value]


def _same(query: str, address: QueryDict) -> bool:
    """Whether the address filters by exactly this."""
    asked = {(name, value) for name in address for value in address.getlist(name) if value}
    wanted = QueryDict(query)
    return {pair for pair in asked if pair[0] not in {"sort", "after", "before"}} == {
        (name, value) for name in wanted for value in wanted.getlist(name)
    }


def _url_if_built(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
