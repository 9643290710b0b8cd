"""What the shell around every page needs: the company, the places, the theme, unread notices."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from prm import clock, standstill
from team import badges
from team.models import Company, User
from team.roles import may


@dataclass(frozen=True)
class Place:
    """A place of the side navigation; absent for whoever may not do `action`."""

    name: Any
    icon: str
    address: str
    key: str
    action: str = ""
    near: bool = False  # in the phone's bottom bar, not behind More
    counted: str = ""  # the badge it shows; absent for whoever has nothing there
    to_steer: str = ""  # what of it whoever only steers is shown, its bare address leading elsewhere
    holds: tuple[str, ...] = ()  # pages that lie in it by their address's beginning, beside its own


IN_PARTNERS = ("/deals/", "/agreements/", "/registrations/", "/customers/")
IN_REVIEWS = ("/issues/", "/surveys/", "/experiments/", "/objectives/")

PLACES = [
    Place(_("Today"), "sun", "dashboards:today", "t", near=True, to_steer="?queue=team"),
    Place(_("Inbox"), "inbox", "conversations:inbox", "i", near=True),
    Place(_("To decide"), "gavel", "conversations:to_decide", "d", counted="to_decide"),
    Place(_("Partners"), "affiliate", "partners:list", "p", near=True, holds=IN_PARTNERS),
    Place(_("Reviews"), "calendar-stats", "reviews:reviews", "r", holds=IN_REVIEWS),
    Place(_("Insights"), "chart-bar", "dashboards:insights", "f"),
    Place(_("Settings"), "settings", "team:settings", "s", action="edit settings"),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Everything is asked for on first use, so that a fragment costs nothing."""
    user = getattr(request, "user", None)
    token = SimpleLazyObject(partial(get_token, request))  # one for all forms of a page
    if not isinstance(user, User):
        return {
            "csrf_token": token,
            "company": SimpleLazyObject(Company.objects.first),
            "theme": User.Theme.SYSTEM,
        }
    places = SimpleLazyObject(partial(places_of, user, request.path))
    return {
        "csrf_token": token,
        "company": SimpleLazyObject(lambda: user.company),
        "theme": user.theme,
        "places": places,
        "near_places": _only(places, near=True),
        "far_places": _only(places, near=False),
        "unread": SimpleLazyObject(lambda: user.unread),
        "stands_still_since": lambda: standstill.since(user.swept_at, clock.now()),
    }


def places_of(user: User, path: str) -> list[dict[str, Any]]:
    """The places this person can use, the one that `path` lies in marked as current."""
    counts = {place: badges.of(user, place.counted) for place in PLACES if place.counted}
    usable = [
        place for place in PLACES if counts.get(place, 1) and (not place.action or may(user, place.action))
    ]
    urls = {place: url for place in usable if (url := _url(place.address))}
    here = max((url for place, url in urls.items() if _lies_in(path, url, place)), key=len, default="")
    return [
        {
            "name": p.name,
            "icon": p.icon,
            "key": p.key,
            "near": p.near,
            "url": url + p.to_steer if user.only_steers else url,
            "current": url == here,
            "count": counts.get(p, 0),
        }
        for p, url in urls.items()
    ]


def _only(places: Any, near: bool) -> Callable[[], list[dict[str, Any]]]:
    return lambda: [place for place in places if place["near"] == near]


def _lies_in(path: str, url: str, place: Place) -> bool:
    return path == url or (url != "/" and path.startswith(url)) or path.startswith(place.holds)


def _url(address: str) -> str:
    return _looked_up(address, get_urlconf())


@cache
def _looked_up(address: str, urlconf: str | None) -> str:
    try:
        return reverse(address)
    except NoReverseMatch:  # a place that is not built
        return ""
