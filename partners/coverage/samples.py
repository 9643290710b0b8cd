"""The coverage that the sample company wants."""

from __future__ import annotations

from datetime import timedelta

from partners.coverage import wanting
from partners.coverage.wanting import Numbers, Place
from partners.models import PartnerType
from prm.samples import Sample
from team.models import Region, Vertical

WANTED = [  # type, region, vertical ("" is any), live partners, certified people
    ("Reseller", "DACH", "", 6, 8),
    ("Reseller", "Nordics", "", 3, 1),
    ("Reseller", "Benelux", "", 3, 3),
    ("Reseller", "DACH", "Manufacturing", 2, 3),
    ("Reseller", "DACH", "Public sector", 2, 2),
    ("Reseller", "UK and Ireland", "Financial services", 1, 2),
    ("Reseller", "North America", "Retail", 2, 0),
    ("System integrator", "DACH", "", 4, 1),
    ("System integrator", "UK and Ireland", "", 2, 3),
    ("System integrator", "DACH", "Health care", 1, 0),
    ("System integrator", "Nordics", "Public sector", 1, 2),
    ("", "", "Financial services", 5, 4),
    ("", "North America", "", 3, 3),
]


def make(sample: Sample) -> None:
    numbers: dict[Place, Numbers] = {}
    for kind, region, vertical, live, people in WANTED:
        place = (_pk(PartnerType, kind), _pk(Region, region), _pk(Vertical, vertical))
        numbers[place] = Numbers(live, people)
    asked_at = sample.at - timedelta(days=60)
    wanting.want(numbers, "The plan for the year.", by=sample.made["users"]["ingrid"], at=asked_at)


def _pk(noun: type[PartnerType] | type[Region] | type[Vertical], name: str) -> int | None:
    return noun._default_manager.get(name=name).pk if name else None
