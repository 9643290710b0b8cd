"""Which partner a firm of the file is already: by outside id, then domain, then name and country."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from partners.importing.firms import Firm
from partners.models import Domain, OutsideId, Partner, PartnerName
from prm.search import fold

CHUNK = 900


@dataclass
class Standing:
    """What stands already, looked up for a whole file in a few queries."""

    by_outside: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    by_domain: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    country: dict[int, str] = field(default_factory=dict)
    domain: dict[int, str] = field(default_factory=dict)
    called: dict[int, str] = field(default_factory=dict)

    @classmethod
    def around(cls, firms: Sequence[Firm]) -> Standing:
        """The partners that share a key with one of the firms."""
        standing = cls()
        ids = {value for firm in firms for _, value in firm.outside}
        for system, value, pk in _found(OutsideId, "value", ids, "system", "value"):
            standing.by_outside[fold(system), fold(value)].add(pk)
        domains = {domain for firm in firms for domain in firm.domains}
        for domain, pk in _found(Domain, "domain", domains, "domain"):
            standing.by_domain[domain].add(pk)
        keys = {key for firm in firms for key in firm.keys}
        for key, pk in _found(PartnerName, "key", keys, "key"):
            standing.by_name[key].add(pk)
        return standing

    def learn(self, partners: Iterable[tuple[int, str, str]]) -> None:
        for pk, country, domain in partners:
            self.country[pk], self.domain[pk] = country, domain

    def names(self, pks: Iterable[int]) -> tuple[str, ...]:
        """What those are called that may be named, three at most."""
        return tuple(sorted(self.called[pk] for pk in pks if pk in self.called)[:3])


@dataclass(frozen=True)
class Match:
    """The partner a firm is already (None: it is new), or `several` it could be; and when it is new,
    `namesakes`: partners of its name elsewhere."""

    pk: int | None = None
    several: tuple[str, ...] = ()
    namesakes: tuple[str, ...] = ()


def match(firms: Sequence[Firm], seen: QuerySet[Partner]) -> list[Match]:
    """For each firm its match among all partners; only those in `seen` are named."""
    standing = Standing.around(firms)
    pks = set().union(*standing.by_outside.values(), *standing.by_domain.values(), *standing.by_name.values())
    for some in chunks(pks):
        there = Partner.objects.filter(pk__in=some, merged_into=None)
        standing.learn(there.values_list("pk", "country", "domain"))
        standing.called |= dict(seen.filter(pk__in=some).order_by().values_list("pk", "name"))
    return [_one(firm, standing) for firm in firms]


def _one(firm: Firm, standing: Standing) -> Match:
    alive = standing.country.keys()
    named = set().union(*(standing.by_name[key] for key in firm.keys)) & alive
    by_id = set().union(*(standing.by_outside[fold(s), fold(v)] for s, v in firm.outside)) & alive
    by_domain = set().union(*(standing.by_domain[domain] for domain in firm.domains)) & alive
    for found in (by_id, by_domain, _by_name(firm, named, standing)):
        if found:
            closer = found & named if len(found) > 1 else found
            if len(closer) == 1:
                return Match(next(iter(closer)))
            return Match(several=standing.names(found) or ("several partners",))
    return Match(namesakes=standing.names(named))


def _by_name(firm: Firm, named: set[int], standing: Standing) -> set[int]:
    """Those of the same name in the same country. Where the country is unknown on both sides, a
    domain on both sides tells them apart, and one without any is the likelier."""
    there = {pk for pk in named if standing.country[pk] == firm.country}
    if firm.country or not there:
        return there
    bare = {pk for pk in there if not standing.domain[pk]}
    return bare if firm.domains or bare else there


def _found(model: Any, column: str, wanted: Iterable[str], *columns: str) -> Iterator[tuple[Any, ...]]:
    for some in chunks(wanted):
        yield from model.objects.filter(**{f"{column}__in": some}).values_list(*columns, "partner")


def chunks(things: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The things in lists of at most `size`."""
    waiting = iter(things)
    while some := list(islice(waiting, size)):
        yield some
