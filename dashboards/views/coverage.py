"""Coverage: what is wanted beside what there is, as a page, on paper, as a file; and the people it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboards.coverage.counting import certified_people, with_certificates
from dashboards.coverage.standing import PARTS, Coverage, Standing, coverage, tables
from partners.coverage.wanting import Names, Place
from partners.organisations import local_day
from prm import clock, listing, pages, spreadsheets
from prm.listing import MARKS, Chip, key_in
from prm.paging import Order, page
from team.companies import zone_of
from team.requests import PersonRequest
from team.roles import may

SCREEN, PRINT, PEOPLE = (f"dashboards/coverage/{name}.html" for name in ("page", "print", "people"))
FILTERS = ("type", "region", "vertical")
BY_NAME = Order("name", nullable=False)
COLUMNS = (
    "Type",
    "Region",
    "Vertical",
    "Live partners",
    "Live partners wanted",
    "Certified people",
    "Certified people wanted",
    "Prospects",
)


@dataclass(frozen=True)
class Asked:
    """Which segments an address asks for, at a moment. Where there are `faults`, nothing of it is shown."""

    only: Place
    at: datetime
    query: str
    names: Names
    unknown: list[Chip]
    faults: list[str]

    @classmethod
    def read(cls, address: QueryDict, parts: Sequence[str] = FILTERS, also: Sequence[str] = ()) -> Asked:
        """A type, a region and a vertical by their `parts` of the address, which may say what is named `also`
        besides; three queries."""
        names = Names.fetch()
        typed = {name: text for name in parts if (text := address.get(name, ""))}
        found, faults = [], []
        for name, (label, _every, known) in zip(parts, _offered(names), strict=True):
            said = typed.get(name, "")
            found.append(key_in(said) if key_in(said) in known else None)
            if said and found[-1] is None:
                faults.append(_("{label}: “{said}” is none that there is.").format(label=label, said=said))
        kind, region, vertical = found
        unknown = listing.unknown(address, {*parts, *also})
        faults += listing.unknown_faults(unknown)
        return cls((kind, region, vertical), clock.now(), urlencode(typed), names, unknown, faults)

    def found(self, request: PersonRequest) -> Coverage:
        return coverage(request.user, local_day(self.at, zone_of()), self.only)


def _offered(names: Names) -> Sequence[tuple[str, str, Mapping[int, str]]]:
    """What one may narrow by: its name, the words for all of them, and each."""
    return (
        (_("Type"), _("All types"), names.kinds),
        (_("Region"), _("All regions"), names.regions),
        (_("Vertical"), _("All verticals"), names.verticals),
    )


@login_required
@require_safe
def whole(request: PersonRequest) -> HttpResponse:
    asked = Asked.read(request.GET)
    context = _context(request, asked) | {
        "filters": _filters(asked),
        "may_set": may(request.user, "set coverage"),
        "may_import": may(request.user, "import partners"),
        "is_narrowed": bool(asked.query or asked.faults),
    }
    return pages.shown(request, SCREEN, context)


@login_required
@require_safe
def printed(request: PersonRequest) -> HttpResponse:
    asked = Asked.read(request.GET)
    return pages.shown(request, PRINT, _context(request, asked))


def _context(request: PersonRequest, asked: Asked) -> dict[str, Any]:
    found = Coverage([], {}) if asked.faults else asked.found(request)
    return {
        "faults": asked.faults,
        "unknown": asked.unknown,
        "found": found,
        "tables": tables(found),
        "gaps": found.gaps,
        "at": asked.at,
        "query": f"?{asked.query}" if asked.query else "",
    }


def _filters(asked: Asked) -> list[dict[str, Any]]:
    """The choices of the page, each with the one that is made."""
    return [
        {
            "name": name,
            "label": label,
            "choices": [("", every, not chosen)] + [(pk, said, pk == chosen) for pk, said in known.items()],
        }
        for name, chosen, (label, every, known) in zip(
            FILTERS, asked.only, _offered(asked.names), strict=True
        )
    ]


@login_required
@require_safe
def coverage_csv(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """The wanted segments, as a file that a spreadsheet opens."""
    asked = Asked.read(request.GET)
    if asked.faults:
        return pages.again(request, SCREEN, _context(request, asked) | {"filters": _filters(asked)})
    day = local_day(asked.at, request.user.zone)
    lines = [_line(each) for each in asked.found(request).segments]
    return spreadsheets.download(f"coverage-{day:%Y-%m-%d}.csv", COLUMNS, lines)


def _line(each: Standing) -> list[Any]:
    have, wanted = each.have, each.wanted
    names = [name or "any" for name in each.names]
    return [*names, have.live, wanted.partners, have.people, wanted.people, have.prospects]


@login_required
@require_safe
def people(request: PersonRequest) -> HttpResponse:
    """The certified people that a number counts."""
    asked = Asked.read(request.GET, PARTS, also=MARKS)
    on = local_day(asked.at, zone_of())
    rows = certified_people(request.user, asked.only, on)
    rows = rows.none() if asked.faults else rows
    after, before = (request.GET.get(mark, "") for mark in MARKS)
    shown = page(rows.select_related("partner"), BY_NAME, after, before)
    address = f"?{asked.query}&"
    context = {
        "rows": with_certificates(shown.rows, on),
        "count": rows.count(),
        "faults": asked.faults,
        "unknown": asked.unknown,
        "where": asked.names.of(asked.only),
        "on": on,
        "next_url": f"{address}after={shown.next}" if shown.next else "",
        "previous_url": f"{address}before={shown.previous}" if shown.previous else "",
    }
    return pages.shown(request, PEOPLE, context)
