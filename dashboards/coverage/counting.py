"""How many live partners, certified people and prospects there are, by type, region and vertical.

A partner counts under its main type, in each region it works in (its own, those of memberships that run)
and in each of its verticals; so numbers of segments add up to more than there are partners. Numbers of "any"
count each partner once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from lifecycle.models import Certificate
from partners.coverage.places import in_regions, in_verticals
from partners.coverage.wanting import Place
from partners.models import Contact, Membership, Partner, Status, seen_by
from team.models import User


@dataclass(frozen=True)
class Have:
    """Live partners, those of them with a certified person, the certified people, and prospects."""

    live: int = 0
    certified: int = 0
    people: int = 0
    prospects: int = 0

    def __add__(self, other: Have) -> Have:
        return Have(
            self.live + other.live,
            self.certified + other.certified,
            self.people + other.people,
            self.prospects + other.prospects,
        )


NOTHING = Have()


@dataclass(frozen=True)
class Source:
    """Rows, each of one partner; `to` is the path to it, `region` where its region stands. `once`: a partner
    is in one region at most, so that those of all regions add up."""

    rows: QuerySet[Any]
    to: str
    region: str
    once: bool


def counts(user: User, on: date) -> dict[Place, Have]:
    """What there is on a day in every segment with something in it, "any" included, of the partners this
    person may read; one query."""
    first, *others = [rows for source in _sources(user) for rows in _groupings(source, on)]
    found: dict[Place, Have] = defaultdict(Have)
    for kind, region, vertical, once, *numbers in first.union(*others, all=True):
        for place in _places(kind, region, vertical, once):
            found[place] += Have(*numbers)
    return dict(found)


def _places(kind: int | None, region: int | None, vertical: int | None, once: bool) -> Iterator[Place]:
    """The segments that partners of one place count in: a partner has one type, so that those of all types
    add up, as do those of all regions where it has one. Those of verticals never do; they were counted
    without."""
    regions = {region, None} if once else {region}
    return ((each, where, vertical) for each in {kind, None} for where in regions)


def _sources(user: User) -> list[Source]:
    """Partners in their own region, or in none; and once more those in another one, by a membership that
    runs. No partner is in one region by both, so that the numbers add up."""
    places = Membership.regions.through._default_manager.filter(seen_by(user, "membership__partner"))
    theirs = Q(region=F("membership__partner__region"))
    other = places.filter(~theirs | Q(membership__partner__region=None), membership__ends_on=None)
    return [
        Source(Partner.objects.visible_to(user), "", "region", once=True),
        Source(other, "membership__partner__", "region", once=False),
    ]


def _groupings(source: Source, on: date) -> Iterator[QuerySet[Any, Any]]:
    """The source by type and region; and by vertical too."""
    relevant = {f"{source.to}status__in": [Status.LIVE, Status.PROSPECT]}
    rows = source.rows.filter(**relevant).annotate(k=F(f"{source.to}kind"), r=F(source.region))
    for grouped in (
        rows.annotate(v=Cast(Value(None), BigIntegerField())),
        rows.annotate(v=F(f"{source.to}verticals")).filter(v__isnull=False),
    ):
        marked = grouped.annotate(o=Value(source.once)).order_by()
        yield marked.values_list("k", "r", "v", "o").annotate(**_numbers(source.to, on))


def _numbers(to: str, on: date) -> dict[str, Count]:
    """The numbers of `Have`, in its order."""
    live = Q(**{f"{to}status": Status.LIVE})
    held = live & _holding(on, f"{to}certificates__")
    return {
        "live": Count(f"{to}pk", distinct=True, filter=live),
        "certified": Count(f"{to}pk", distinct=True, filter=held),
        "people": Count(f"{to}certificates__contact", distinct=True, filter=held),
        "prospects": Count(f"{to}pk", distinct=True, filter=Q(**{f"{to}status": Status.PROSPECT})),
    }


def _holding(on: date, to: str = "") -> Q:
    """Certificates that hold on a day, of people who are there; `to` is the path to them."""
    ends = Q(**{f"{to}valid_until": None}) | Q(**{f"{to}valid_until__gte": on})
    begun = {f"{to}issued_on__lte": on, f"{to}withdrawn_at": None}
    there = {
        f"{to}contact__isnull": False,
        f"{to}contact__left_on": None,
        f"{to}contact__withdrawn_at": None,
    }
    return ends & Q(**begun, **there)


def certified_people(user: User, place: Place, on: date) -> QuerySet[Contact]:
    """The people that a segment's number of certified people counts."""
    kind, region, vertical = place
    there = Partner.objects.visible_to(user).live()
    there = there.filter(kind=kind) if kind else there
    there = there.filter(in_regions([region])) if region else there
    there = there.filter(in_verticals([vertical])) if vertical else there
    held = Certificate.objects.filter(_holding(on), contact=OuterRef("pk"), partner__in=there.values("pk"))
    return Contact.objects.filter(Exists(held))


@dataclass(frozen=True)
class Person:
    contact: Contact
    certificates: list[Certificate]


def with_certificates(contacts: Sequence[Contact], on: date) -> list[Person]:
    """These people with what they hold on a day; one query."""
    held: dict[int, list[Certificate]] = {each.pk: [] for each in contacts}
    rows = Certificate.objects.filter(_holding(on), contact__in=held).select_related("course")
    for each in rows.order_by("-issued_on", "pk"):
        if each.contact_id is not None:
            held[each.contact_id].append(each)
    return [Person(each, held[each.pk]) for each in contacts]
