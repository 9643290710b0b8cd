"""Who is told that a new version of the profile moved partners it looks after: once, with their names."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.models import Event, Partner, Profile
from prm.references import Reference
from team import notices
from team.models import User

MOVED = "profile_moved"
NAMED = 5


def tell(profile: Profile, at: datetime) -> None:
    """Tell each owner which of its partners have another verdict since this version was published."""
    since = profile.published_at
    if since is None:
        return
    theirs: dict[User, list[Partner]] = {}
    for partner in _moved(profile):
        if partner.owner is not None:
            theirs.setdefault(partner.owner, []).append(partner)
    cause = Reference("profile", profile.pk)
    notices.give_all(
        [
            notices.News(owner, MOVED, cause, since, sentence(profile, partners), profile.get_absolute_url())
            for owner, partners in theirs.items()
        ],
        at,
    )


def _moved(profile: Profile) -> list[Partner]:
    """The partners that this version gave another verdict, by name."""
    scored = Event.objects.filter(kind="fit_changed", at__gte=profile.published_at).order_by("pk")
    moved = {
        partner
        for partner, changes in scored.values_list("partner", "changes")
        if changes["version"][1] == profile.pk and changes["verdict"][0] != changes["verdict"][1]
    }
    found = Partner.objects.select_related("owner").in_bulk(list(moved))  # however many these are
    return sorted(found.values(), key=lambda partner: (partner.sort_name, partner.pk))


def sentence(profile: Profile, partners: list[Partner]) -> str:
    """Like “Reseller v2 gives 3 of your partners another verdict: Ash, Birch, Cedar”."""
    named = ", ".join(str(partner) for partner in partners[:NAMED])
    if more := len(partners) - NAMED:
        named += _(" and {n} more").format(n=more) if more > 0 else ""
    said = ngettext(
        "{profile} gives {n} of your partners another verdict: {named}",
        "{profile} gives {n} of your partners another verdict: {named}",
        len(partners),
    )
    return said.format(profile=profile, n=len(partners), named=named)
