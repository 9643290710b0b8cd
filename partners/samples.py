"""The partners of the sample company, with all that stands around them."""

from __future__ import annotations

from random import Random

from partners import sample_firms, sample_people, sample_roads, sample_sources, searching
from partners.models import Assignment, Contact, Domain, Event, Link, Membership, Partner, PartnerName, Visit
from partners.organisations import name_key
from partners.sample_firms import Chosen
from partners.sample_roads import Road
from prm.samples import Sample

BATCH = 1000


def make(sample: Sample) -> None:
    rng = sample.random("partners")
    chosen = sample_firms.chosen(sample)
    places = sample_roads.places(sample.partners, rng)
    roads = [sample_roads.road(status, stage, sample.at, rng) for status, stage, _ in places]
    names = sample_firms.names(rng)
    partners = [
        sample_firms.partner(next(names), place, road, chosen, sample, rng)
        for place, road in zip(places, roads, strict=True)
    ]
    sample_sources.give(partners, sample)
    Partner.objects.bulk_create(partners, BATCH)
    Link.objects.bulk_create(sample_sources.referrals(partners, sample), BATCH)
    sample.made["partners"], sample.made["roads"] = partners, roads
    _around(sample, partners, roads, chosen, rng)


def _around(sample: Sample, partners: list[Partner], roads: list[Road], chosen: Chosen, rng: Random) -> None:
    """Names, domains, memberships, people, assignments, visits and the history of each."""
    main = {kind.pk: tiers for kind, tiers in ((k, chosen.tiers[k.name]) for k in set(chosen.kinds))}
    colleagues = sample_people.Colleagues.of(chosen.owners)
    contacts, assignments, visits, events = [], [], [], []
    for partner, road in zip(partners, roads, strict=True):
        contacts += sample_people.contacts(partner, road, rng)
        assignments += sample_people.assignments(partner, road, colleagues, rng)
        visits += sample_roads.visits(partner, road)
        events += sample_roads.events(partner, road, sample)
    PartnerName.objects.bulk_create(
        [PartnerName(partner=p, name=p.name, key=name_key(p.name)) for p in partners], BATCH
    )
    Domain.objects.bulk_create([Domain(partner=p, domain=p.domain) for p in partners], BATCH)
    Membership.objects.bulk_create(
        [
            Membership(
                partner=p,
                programme=main[p.kind_id][0].programme,
                tier=p.tier,
                is_main=True,
                starts_on=p.signed_on,
            )
            for p in partners
            if p.kind_id is not None
        ],
        BATCH,
    )
    Partner.verticals.through.objects.bulk_create(
        [
            Partner.verticals.through(partner_id=p.pk, vertical_id=vertical.pk)
            for p in partners
            for vertical in rng.sample(chosen.verticals, rng.randint(0, 2))
        ],
        BATCH,
    )
    Contact.objects.bulk_create(contacts, BATCH)
    searching.refresh(partner.pk for partner in partners)
    Assignment.objects.bulk_create(assignments, BATCH)
    Visit.objects.bulk_create(visits, BATCH)
    Event.objects.bulk_create(events, BATCH)
    by_partner: dict[int, list[Contact]] = {}
    for contact in contacts:
        by_partner.setdefault(contact.partner_id, []).append(contact)
    sample.made["contacts"] = by_partner
