"""The people around the sample partners: contacts over there, and who of us looks after them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from partners.models import Assignment, Contact, Partner
from partners.sample_roads import Road
from partners.sample_words import PEOPLE_FIRST, PEOPLE_LAST
from team.models import User


def contacts(partner: Partner, road: Road, rng: Random) -> list[Contact]:
    """One to three people, the first of them primary."""
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


@dataclass(frozen=True)
class Colleagues:
    """Who of us looks after partners, each once."""

    people: tuple[User, ...]
    place: dict[User, int]

    @classmethod
    def of(cls, owners: Iterable[User | None]) -> Colleagues:
        people = tuple(dict.fromkeys(user for user in owners if user))
        return cls(people, {user: n for n, user in enumerate(people)})

    def besides(self, one: User, rng: Random) -> User:
        """Another than `one`, by chance."""
        drawn = rng.randrange(len(self.people) - 1)
        return self.people[drawn + (drawn >= self.place[one])]


def assignments(partner: Partner, road: Road, colleagues: Colleagues, rng: Random) -> list[Assignment]:
    """The owner's, and now and then a colleague's beside it."""
    if partner.owner is None:
        return []
    since = road.born_at.date()
    rows = [
        Assignment(partner=partner, user=partner.owner, role="full_lifecycle", is_owner=True, starts_on=since)
    ]
    if rng.random() < 0.4:
        beside = colleagues.besides(partner.owner, rng)
        rows.append(Assignment(partner=partner, user=beside, role="growth", starts_on=since))
    return rows
