"""What the list's search looks in: a partner's names and domains, its contacts and their addresses."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add, or_

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from partners.models import Contact, ContactAddress, Domain, Partner, PartnerName
from prm import search
from prm.rows import Rows

BATCH = 500


def key(names: Iterable[str], domains: Iterable[str], people: Iterable[str] = ()) -> str:
    """The text of one partner that a search is held against."""
    folded = (search.fold(text) for text in (*names, *domains, *people) if text)
    return " ".join(dict.fromkeys(folded))


def named_by(words: Sequence[str], among: QuerySet[Partner]) -> QuerySet[Partner]:
    """The partners of whose search key a word begins like one of these folded words; first who is named by
    most of them, the earlier words counting more."""
    begun = [Q(search_key__startswith=word) | Q(search_key__contains=f" {word}") for word in words]
    if not begun:
        return among.none()
    weights = [
        Case(When(named, then=Value(len(words) - n)), default=Value(0), output_field=IntegerField())
        for n, named in enumerate(begun)
    ]
    rows = among.filter(reduce(or_, begun)).annotate(named=reduce(add, weights))
    return rows.order_by("-named", "sort_name", "pk")


def refresh(partners: Iterable[int]) -> None:
    """Write the search keys of these partners anew, from the rows as they stand."""
    ids = sorted(set(partners))
    for start in range(0, len(ids), BATCH):
        _refresh(ids[start : start + BATCH])


def _refresh(ids: list[int]) -> None:
    names, domains, people = _texts(ids)
    rows = Rows()
    for pk in ids:
        rows.change(Partner, pk, search_key=key(names[pk], domains[pk], people[pk]))
    rows.write()


def _texts(ids: list[int]) -> tuple[dict[int, list[str]], dict[int, list[str]], dict[int, list[str]]]:
    """Names, domains and people by partner, one query for each table. Who was withdrawn is left out."""
    names: dict[int, list[str]] = defaultdict(list)
    domains: dict[int, list[str]] = defaultdict(list)
    people: dict[int, list[str]] = defaultdict(list)
    for pk, name, domain in Partner.objects.filter(pk__in=ids).values_list("pk", "name", "domain"):
        names[pk].append(name)
        domains[pk].append(domain)
    for pk, name in PartnerName.objects.filter(partner__in=ids).order_by("pk").values_list("partner", "name"):
        names[pk].append(name)
    for pk, domain in Domain.objects.filter(partner__in=ids).order_by("pk").values_list("partner", "domain"):
        domains[pk].append(domain)
    there = Contact.objects.filter(partner__in=ids, withdrawn_at=None).order_by("pk")
    for pk, name, email in there.values_list("partner", "name", "email"):
        people[pk] += [name, email]
    further = ContactAddress.objects.filter(contact__in=there).order_by("pk")
    for pk, email in further.values_list("contact__partner", "email"):
        people[pk].append(email)
    return names, domains, people
