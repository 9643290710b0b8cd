"""Partners that look like one another: certainly by their registrable domain, perhaps by their name;
and people who have one address.

Names are compared without legal form, accents, dots and order. Candidates are those that begin
alike or share the longest word, so that a hundred thousand partners are not compared one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, F, Q, When
from django.db.models.functions import Lower
from rapidfuzz import fuzz

from partners import keys
from partners.models import Contact, ContactAddress, Domain, PartnerName
from prm import search

ALIKE_FROM = 88  # of 100; measured on labelled pairs, see tests/partners/test_duplicates.py
MOST = 10
MOST_CANDIDATES = 2000
BEGINNING = 4
_DOTS = re.compile(r"[.'’]")
_SIGNS = re.compile(r"[^\w]+")
_FORMS = re.compile(
    r"\b(gesellschaft mit beschrankter haftung|aktiengesellschaft|limited liability(?: company)?"
    r"|(?:open |public |closed )?joint stock(?: company)?|public limited(?: company)?"
    r"|incorporated|corporation|company|limited|oao|ooo|zao|pao|ojsc|pjsc|jsc|inc|ltd|llc|llp|gmbh|ag|plc"
    r"|corp|co|sarl|srl|sa|sas|bv|nv|oy|ab|as|aps|se|kg|ohg|ev|eg|spa|pty|pte)\b"
)


@dataclass(frozen=True)
class Alike:
    """A partner that looks like what was asked for, and why."""

    pk: int
    name: str
    country: str
    domain: str
    is_certain: bool
    by: str
    likeness: int


def like(
    name: str, domains: Iterable[str] = (), country: str = "", exclude: int | None = None
) -> list[Alike]:
    """The partners like this one, the likeliest first, at most ten: those that share a domain which
    is not shared by many, then those of a similar name in the same or an unknown country."""
    standing = Q(partner__merged_into=None) & ~Q(partner=exclude or 0)
    found = {match.pk: match for match in _by_name(name, country, standing)}
    found |= {match.pk: match for match in _by_domain(domains, standing)}
    return sorted(found.values(), key=lambda match: (not match.is_certain, -match.likeness, match.pk))[:MOST]


def with_address(addresses: Iterable[str], exclude: int | None = None) -> list[int]:
    """The contacts there now who have one of these addresses as main or further one; ten ids at most."""
    wanted = {address.lower() for address in addresses}
    if not wanted:
        return []
    there = Contact.objects.current().filter(partner__merged_into=None).exclude(pk=exclude or 0)
    by_main = there.alias(address=Lower("email")).filter(address__in=wanted)
    further = ContactAddress.objects.alias(address=Lower("email")).filter(address__in=wanted)
    by_further = there.filter(pk__in=further.values("contact"))
    return sorted({*by_main.values_list("pk", flat=True), *by_further.values_list("pk", flat=True)})[:MOST]


def likeness(one: str, other: str) -> int:
    """How alike two names are, of 100."""
    return _likeness(comparable(one), comparable(other))


def comparable(name: str) -> str:
    """A name for comparing: folded, "&" read as "and", without dots, article and legal form."""
    bare = _DOTS.sub("", search.fold(name.replace("&", " and ")))
    bare = _SIGNS.sub(" ", bare).strip().removeprefix("the ")
    return " ".join(_FORMS.sub(" ", bare).split()) or bare


def _likeness(one: str, other: str) -> int:
    if not one or not other:
        return 0
    if one.replace(" ", "") == other.replace(" ", ""):
        return 100
    return int(fuzz.token_sort_ratio(one, other))


def _by_domain(domains: Iterable[str], standing: Q) -> list[Alike]:
    own = {keys.own_domain(domain) for domain in domains} - {""}
    rows = Domain.objects.filter(standing, domain__in=own) if own else Domain.objects.none()
    return [
        Alike(pk, name, country, main, is_certain=True, by=shared, likeness=100)
        for pk, name, country, main, shared in rows.values_list(
            "partner", "partner__name", "partner__country", "partner__domain", "domain"
        ).order_by("partner")[:MOST]
    ]


def _by_name(name: str, country: str, standing: Q) -> list[Alike]:
    wanted = comparable(name)
    words = wanted.split()
    if not words:
        return []
    rows = PartnerName.objects.filter(_beginning(words[0]) | Q(key__contains=max(words, key=len)))
    if country:
        rows = rows.filter(partner__country__in=[country, ""])
    candidates = rows.filter(standing).annotate(
        country=F("partner__country"), domain=F("partner__domain"), main=F("partner__name")
    )
    best: dict[int, Alike] = {}
    exact_first = Case(When(key=keys.name_key(name), then=0), default=1)
    for pk, main, country_, domain, alias in candidates.order_by(exact_first).values_list(
        "partner", "main", "country", "domain", "name"
    )[:MOST_CANDIDATES]:
        reached = _likeness(wanted, comparable(alias))
        if reached >= ALIKE_FROM and (pk not in best or best[pk].likeness < reached):
            best[pk] = Alike(pk, main, country_, domain, is_certain=False, by=alias, likeness=reached)
    return list(best.values())


def _beginning(word: str) -> Q:
    """Keys that begin like the word, by the index of either database."""
    start = word[:BEGINNING]
    if connection.vendor == "postgresql":
        return Q(key__startswith=start)
    return Q(key__gte=start, key__lt=start + "\U0010ffff")
