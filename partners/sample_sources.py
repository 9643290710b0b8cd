"""By what the partners of the sample company came, and who referred some of them."""

from __future__ import annotations

from itertools import islice

from partners.models import Link, Partner, Source
from prm.samples import Sample

SHARES = {
    "A list": (12, ("Trade register 2026", "")),
    "Our form": (9, ("",)),
    "An event": (14, ("Partner Day Munich", "Cloud Expo", "Autumn fair")),
    "Referred by a partner": (9, ("",)),
    "Referred by a person": (4, ("A customer of ours", "A former colleague")),
    "Our own research": (8, ("",)),
}


def give(partners: list[Partner], sample: Sample) -> None:
    """Say by what each of these came, before they are written; of some nobody knows."""
    rng = sample.random("sources")
    by_name = {source.name: source for source in Source.objects.all()}
    for partner in partners:
        name = rng.choices([*SHARES, ""], [*(share for share, _ in SHARES.values()), 4])[0]
        partner.source = by_name.get(name)
        partner.source_detail = rng.choice(SHARES[name][1]) if name else ""


def referrals(partners: list[Partner], sample: Sample) -> list[Link]:
    """Who referred those that a partner referred: one that signed before they came."""
    rng, links = sample.random("referrals"), []
    for partner in partners:
        if partner.source is not None and partner.source.key == "partner":
            came_on = partner.created_at.date()
            older = [*islice((one for one in partners if one.signed_on and one.signed_on < came_on), 20)]
            if older:
                links.append(Link(kind=Link.Kind.REFERRED_BY, of=partner, to=rng.choice(older)))
    return links
