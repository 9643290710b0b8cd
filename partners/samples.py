"""The partners of the sample company: who they are, where they stand, and how they came there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from partners import lists, searching
from partners.models import (
    Assignment,
    Contact,
    Domain,
    EndReason,
    Event,
    Membership,
    Partner,
    PartnerName,
    PartnerType,
    Stage,
    Status,
    Step,
    Tier,
    Visit,
)
from partners.organisations import name_key
from prm.samples import Sample
from team.models import Region, User, Vertical

BATCH = 1000
TYPES = {"Reseller": 24, "Distributor": 8, "System integrator": 18, "Technology": 6, "Referral": 4}
PER_MANAGER = 20
# of every sixty partners, how many stand where
PLACES: list[tuple[str, str, str, int]] = [
    (Status.PROSPECT, Stage.RECRUITMENT, Step.IDENTIFIED, 8),
    (Status.PROSPECT, Stage.RECRUITMENT, Step.CONTACTED, 7),
    (Status.PROSPECT, Stage.RECRUITMENT, Step.QUALIFIED, 5),
    (Status.PROSPECT, Stage.RECRUITMENT, Step.NEGOTIATING, 5),
    (Status.PROSPECT, Stage.RECRUITMENT, Step.SIGNED, 3),
    (Status.LIVE, Stage.ONBOARDING, "", 8),
    (Status.LIVE, Stage.GROWTH, "", 16),
    (Status.LIVE, Stage.EVALUATION, "", 3),
    (Status.PARKED, Stage.RECRUITMENT, Step.CONTACTED, 2),
    (Status.DECLINED, Stage.RECRUITMENT, Step.QUALIFIED, 2),
    (Status.ENDED, Stage.ENDED, "", 1),
]
FIRST = [
    "Alder",
    "Amber",
    "Arden",
    "Beacon",
    "Birch",
    "Bluebird",
    "Bright",
    "Cedar",
    "Clear",
    "Copper",
    "Coral",
    "Delta",
    "Ember",
    "Fjord",
    "Granite",
    "Harbour",
    "Hazel",
    "Heron",
    "Indigo",
    "Iris",
    "Juniper",
    "Kestrel",
    "Lantern",
    "Larch",
    "Linden",
    "Lumen",
    "Maple",
    "Marble",
    "Meridian",
    "Mistral",
    "Nimbus",
    "North",
    "Nova",
    "Oak",
    "Onyx",
    "Orchard",
    "Osprey",
    "Pelican",
    "Pine",
    "Polar",
    "Quanta",
    "Raven",
    "Ridge",
    "River",
    "Rowan",
    "Saffron",
    "Sable",
    "Silver",
    "Solstice",
    "Spruce",
    "Sterling",
    "Summit",
    "Swift",
    "Tern",
    "Thistle",
    "Vale",
    "Vector",
    "Willow",
    "Wren",
    "Zephyr",
]
SECOND = [
    "Analytics",
    "Bridge",
    "Cloud",
    "Consulting",
    "Data",
    "Digital",
    "Dynamics",
    "Networks",
    "Partners",
    "Labs",
    "Logic",
    "Systems",
    "Solutions",
    "Software",
    "Integrators",
    "Technologies",
    "Works",
    "Services",
    "Group",
    "Informatics",
]
PEOPLE_FIRST = [
    "Ida",
    "Tomas",
    "Silje",
    "Priya",
    "Owen",
    "Anouk",
    "Joris",
    "Lena",
    "Sofia",
    "Marek",
    "Amina",
    "Jonas",
    "Clara",
    "Hugo",
    "Mira",
    "Pablo",
    "Nadia",
    "Erik",
    "Yara",
    "Felix",
    "Greta",
    "Ivan",
    "Keiko",
    "Luca",
    "Maren",
    "Noor",
    "Oskar",
    "Petra",
    "Rania",
    "Simon",
]
PEOPLE_LAST = [
    "Hallgren",
    "Reyes",
    "Aune",
    "Nair",
    "Clarke",
    "Mulder",
    "Bakker",
    "Novak",
    "Costa",
    "Lindqvist",
    "Haddad",
    "Weiss",
    "Moreau",
    "Rossi",
    "Tanaka",
    "Kowalski",
    "Andersen",
    "Silva",
    "Fischer",
    "Dubois",
    "Eriksen",
    "Marino",
    "Okoye",
    "Petrov",
    "Quist",
    "Romero",
    "Santos",
    "Vogel",
    "Winter",
    "Young",
]
CITIES = {
    "DACH": [
        ("DE", "Hamburg", "Europe/Berlin"),
        ("AT", "Graz", "Europe/Vienna"),
        ("CH", "Basel", "Europe/Zurich"),
    ],
    "Nordics": [
        ("NO", "Bergen", "Europe/Oslo"),
        ("SE", "Malmö", "Europe/Stockholm"),
        ("DK", "Aarhus", "Europe/Copenhagen"),
    ],
    "UK and Ireland": [("GB", "Leeds", "Europe/London"), ("IE", "Cork", "Europe/Dublin")],
    "Benelux": [("NL", "Utrecht", "Europe/Amsterdam"), ("BE", "Ghent", "Europe/Brussels")],
    "North America": [("US", "Chicago", "America/Chicago"), ("CA", "Toronto", "America/Toronto")],
}
CERTIFICATIONS = ["ISO 27001", "ISO 9001", "SOC 2", "Cloud practitioner"]
OWNERS = {"maya": 18, "dan": 20, "jonas": 18}  # of every sixty; the rest stand in Unassigned


@dataclass(frozen=True)
class Road:
    """A partner's way so far: when it came, was signed, and entered and left each stage."""

    born_at: datetime
    signed_at: datetime | None
    visits: list[tuple[str, datetime, datetime | None]]


def make(sample: Sample) -> None:
    rng = sample.random("partners")
    chosen = _chosen(sample)
    places = _places(sample.partners, rng)
    roads = [_road(status, stage, sample.at, rng) for status, stage, _ in places]
    names = _names(rng)
    partners = [
        _partner(next(names), place, road, chosen, sample, rng)
        for place, road in zip(places, roads, strict=True)
    ]
    Partner.objects.bulk_create(partners, BATCH)
    sample.made["partners"], sample.made["roads"] = partners, roads
    _around(sample, partners, roads, chosen, rng)


@dataclass(frozen=True)
class Chosen:
    tiers: dict[str, list[Tier]]
    kinds: list[PartnerType]
    regions: list[Region]
    verticals: list[Vertical]
    reasons: list[EndReason]
    owners: list[User | None]


def _chosen(sample: Sample) -> Chosen:
    lists.seed()
    tiers: dict[str, list[Tier]] = {}
    for tier in Tier.objects.select_related("programme__kind").order_by("rank"):
        tiers.setdefault(tier.programme.kind.name, []).append(tier)
    by_name = {kind.name: kind for kind in PartnerType.objects.all()}
    kinds = [by_name[name] for name, share in TYPES.items() for _ in range(share)]
    users: dict[str, User] = sample.made["users"]
    owners: list[User | None] = [users[short] for short, share in OWNERS.items() for _ in range(share)]
    return Chosen(
        tiers,
        kinds,
        list(Region.objects.all()),
        list(Vertical.objects.all()),
        list(EndReason.objects.all()),
        _spread(owners + [None] * (60 - len(owners)), sample),
    )


def _spread(sixty: list[User | None], sample: Sample) -> list[User | None]:
    """Who owns: in a large sample further managers, each after as many as those of the first sixty."""
    return [*sixty, *(manager for manager in sample.made["managers"] for _ in range(PER_MANAGER))]


def _places(wanted: int, rng: Random) -> list[tuple[str, str, str]]:
    sixty = [(status, stage, step) for status, stage, step, share in PLACES for _ in range(share)]
    places = [sixty[n % len(sixty)] for n in range(wanted)]
    rng.shuffle(places)
    return places


def _names(rng: Random) -> Iterator[str]:
    """Names without end, no two alike."""
    pairs = [f"{first} {second}" for first in FIRST for second in SECOND]
    rng.shuffle(pairs)
    for lap in count():
        for pair in pairs:
            yield pair if lap == 0 else f"{pair} {lap + 1}"


def _road(status: str, stage: str, at: datetime, rng: Random) -> Road:
    """A way that ends where the partner stands."""
    back = timedelta(days=rng.uniform(3, 70) if stage == Stage.RECRUITMENT else rng.uniform(90, 690))
    if stage == Stage.ONBOARDING:
        back = timedelta(days=rng.uniform(30, 95))
    born = at - back
    if stage == Stage.RECRUITMENT:
        left = born + back * rng.uniform(0.4, 0.9) if status == Status.DECLINED else None
        return Road(born, None, [(Stage.RECRUITMENT, born, left)])
    signed = born + timedelta(days=rng.uniform(14, 28))
    visits: list[tuple[str, datetime, datetime | None]] = [(Stage.RECRUITMENT, born, signed)]
    if stage == Stage.ONBOARDING:
        return Road(born, signed, [*visits, (Stage.ONBOARDING, signed, None)])
    grown = signed + timedelta(days=rng.uniform(14, 50))
    visits.append((Stage.ONBOARDING, signed, grown))
    if stage == Stage.GROWTH:
        return Road(born, signed, [*visits, (Stage.GROWTH, grown, None)])
    turn = at - timedelta(days=rng.uniform(2, 12))
    visits.append((Stage.GROWTH, grown, turn))
    if stage == Stage.EVALUATION:
        visits.append((Stage.EVALUATION, turn, None))
    return Road(born, signed, visits)


def _partner(
    name: str, place: tuple[str, str, str], road: Road, chosen: Chosen, sample: Sample, rng: Random
) -> Partner:
    status, stage, step = place
    kind = rng.choice(chosen.kinds)
    region = rng.choice(chosen.regions)
    country, city, zone = rng.choice(CITIES[region.name])
    domain = name.lower().replace(" ", "-") + ".example"
    in_step = road.visits[-1][1]
    return Partner(
        name=name,
        website=f"https://www.{domain}/",
        domain=domain,
        country=country,
        city=city,
        zone=zone,
        region=region,
        employees=round(10 ** rng.uniform(0.8, 3.2)) if rng.random() < 0.9 else None,
        certifications=rng.sample(CERTIFICATIONS, rng.randint(0, 3)),
        kind=kind,
        tier=rng.choices(chosen.tiers[kind.name], [1, 2, 4])[0] if road.signed_at else None,
        owner=rng.choice(chosen.owners),
        status=status,
        stage=stage,
        step=step,
        stage_since=road.visits[-1][2] or in_step if stage == Stage.ENDED else in_step,
        step_since=in_step + (sample.at - in_step) * rng.uniform(0, 0.7) if step else in_step,
        signed_on=(road.signed_at or sample.at).date() if road.signed_at or step == Step.SIGNED else None,
        parked_until=sample.at.date() + timedelta(days=rng.randint(20, 90))
        if status == Status.PARKED
        else None,
        end_reason=rng.choice(chosen.reasons) if status in {Status.DECLINED, Status.ENDED} else None,
        agreement_ends_on=road.signed_at.date() + timedelta(days=730) if road.signed_at else None,
        search_key=searching.key([name], [domain]),
        created_at=road.born_at,
    )


def _around(sample: Sample, partners: list[Partner], roads: list[Road], chosen: Chosen, rng: Random) -> None:
    """Names, domains, memberships, people, assignments, visits and the history of each."""
    main = {kind.pk: tiers for kind, tiers in ((k, chosen.tiers[k.name]) for k in set(chosen.kinds))}
    contacts, assignments, visits, events = [], [], [], []
    for partner, road in zip(partners, roads, strict=True):
        contacts += _contacts(partner, road, rng)
        assignments += _assignments(partner, road, chosen, rng)
        visits += [
            Visit(partner=partner, stage=stage, entered_at=entered, left_at=left)
            for stage, entered, left in road.visits
        ]
        events += _events(partner, road, sample)
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


def _contacts(partner: Partner, road: Road, rng: Random) -> list[Contact]:
    names = rng.sample(
        [f"{first} {last}" for first in PEOPLE_FIRST for last in rng.sample(PEOPLE_LAST, 2)], 3
    )
    roles = [
        ("Alliances lead", "alliance_lead"),
        ("Practice lead", "technical"),
        ("Managing director", "sponsor"),
    ]
    return [
        Contact(
            partner=partner,
            name=name,
            title=title,
            roles=[role],
            email=f"{name.lower().replace(' ', '.')}@{partner.domain}",
            zone=partner.zone,
            language="en",
            is_primary=n == 0,
            joined_on=road.born_at.date(),
            created_at=road.born_at,
        )
        for n, (name, (title, role)) in enumerate(zip(names[: rng.randint(1, 3)], roles, strict=False))
    ]


def _assignments(partner: Partner, road: Road, chosen: Chosen, rng: Random) -> list[Assignment]:
    if partner.owner is None:
        return []
    rows = [
        Assignment(
            partner=partner,
            user=partner.owner,
            role="full_lifecycle",
            is_owner=True,
            starts_on=road.born_at.date(),
        )
    ]
    others = [user for user in dict.fromkeys(chosen.owners) if user and user != partner.owner]
    if rng.random() < 0.4:
        rows.append(
            Assignment(partner=partner, user=rng.choice(others), role="growth", starts_on=road.born_at.date())
        )
    return rows


def _events(partner: Partner, road: Road, sample: Sample) -> list[Event]:
    by = partner.owner or sample.made["users"]["ingrid"]
    events = [Event(partner=partner, kind="partner_added", at=road.born_at, by_user=by)]
    for (left, _, _), (entered, at, _) in zip(road.visits, road.visits[1:], strict=False):
        place = [str(Stage(left).label), str(Stage(entered).label)]
        changes = {"stage": [left, entered], "place": place, "overridden": []}
        events.append(Event(partner=partner, kind="moved", at=at, by_user=by, changes=changes))
    if partner.status in {Status.DECLINED, Status.ENDED}:
        kind = "declined" if partner.status == Status.DECLINED else "ended"
        at = road.visits[-1][2] or sample.at
        events.append(Event(partner=partner, kind=kind, at=at, by_user=by, note=str(partner.end_reason)))
    return events
