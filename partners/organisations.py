"""Partners are added, renamed and corrected here. `lifecycle.transitions` writes the stage afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from partners import assignments, changes, fits, followers, history, searching
from partners.births import Birth, bear
from partners.history import UndoRefused
from partners.keys import name_key, own_domain, registrable_domain
from partners.models import Domain, Event, Partner, PartnerName, Step
from team.models import User, Vertical

FACTS = {
    "name",
    "legal_name",
    "website",
    "domain",
    "country",
    "city",
    "zone",
    "region",
    "employees",
    "certifications",
    "about",
    "agreement_ends_on",
    "source",
    "source_detail",
    "do_not_contact",
}
LISTS = {"names", "domains", "verticals"}

__all__ = [
    "add",
    "change",
    "local_day",
    "name_key",
    "own_domain",
    "registrable_domain",
    "seen_among",
    "take_back_change",
]


@transaction.atomic
def add(
    name: str,
    by: User | str,
    at: datetime,
    owner: User | None = None,
    domains: Iterable[str] = (),
    names: Iterable[str] = (),
    **facts: Any,
) -> Partner:
    """A new prospect, born with its first visit, its names and domains, and an event.

    `facts` are columns of Partner and `verticals`; `domains` and `names` are kept beside the main ones.
    """
    verticals = facts.pop("verticals", ())
    birth = Birth(
        name,
        domain=facts.pop("domain", "") or None,
        domains=domains,
        names=names,
        step=facts.pop("step", Step.IDENTIFIED),
        since=at,
        facts=facts,
    )
    (partner,) = bear([birth], by=by, at=at)
    partner.verticals.set(verticals)
    if owner is not None:
        assignments.set_owner(partner, to=owner, by=by, at=at)
    fits.refresh(partner, at)
    return partner


@transaction.atomic
def change(
    partner: Partner,
    to: Mapping[str, Any],
    by: User | str,
    at: datetime,
    keep_former: bool = True,
    undoes: Event | None = None,
) -> Event | None:
    """Change facts of a partner; None is returned where nothing differs.

    `to` holds columns (see `FACTS`), `verticals`, and the further `names` and `domains` as whole
    lists. A former name or main domain stays as a further one unless `keep_former` is off.
    """
    if unknown := set(to) - FACTS - LISTS:
        raise TypeError(f"no fact of a partner: {', '.join(sorted(unknown))}")
    followers.hold([partner.pk])
    held = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    before = _lists(held)
    facts = {field: value for field, value in to.items() if field in FACTS}
    if facts.get("website", held.website) != held.website and "domain" not in facts:
        facts["domain"] = own_domain(facts["website"]) or held.domain
    former = {"names": [held.name, held.legal_name], "domains": [held.domain]}
    made = changes.made(held, facts)
    held.save(update_fields=[*made, *({"sort_name"} if "name" in made else ())])
    for kind, old in before.items():
        new = list(to.get(kind, old)) + (former.get(kind, []) if keep_former else [])
        new = _set_list(held, kind, new)
        if new != old:
            made[kind] = [old, new]
    if not made:
        return None
    searching.refresh([held.pk])
    if "region" in made:
        followers.follow([held.pk])
    partner.refresh_from_db()
    fits.refresh(partner, at)
    note = changes.in_words(Partner, made)
    return Event.record("partner_changed", at, by, partner, changes=made, note=note, undoes=undoes)


def take_back_change(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `change`: every field as it was before."""
    partner = history.partner_of(event)
    lists = {kind: event.changes[kind] for kind in LISTS & set(event.changes)}
    columns = {field: pair for field, pair in event.changes.items() if field not in lists}
    facts = changes.back(partner, columns) | {kind: old for kind, (old, _) in lists.items()}
    written = change(partner, facts, by, at, keep_former=False, undoes=event)
    if written is None:
        raise UndoRefused("It is as it was before already.")
    return written


def _lists(partner: Partner) -> dict[str, list[str]]:
    """The further names and domains, and the verticals, as history keeps them."""
    main = {partner.name, partner.legal_name, partner.domain}
    return {
        "names": [n.name for n in partner.names.order_by("pk") if n.name not in main],
        "domains": [d.domain for d in partner.domains.order_by("pk") if d.domain not in main],
        "verticals": sorted(vertical.name for vertical in partner.verticals.all()),
    }


def _set_list(partner: Partner, kind: str, wanted: list[Any]) -> list[str]:
    """Make the rows of one list what is wanted, beside the main ones; the list as it then is."""
    if kind == "verticals":
        partner.verticals.set(Vertical.objects.filter(name__in=map(str, wanted)))
    elif kind == "names":
        names = _distinct([partner.name, partner.legal_name, *wanted])
        partner.names.exclude(name__in=names).delete()
        PartnerName.objects.bulk_create(
            [PartnerName(partner=partner, name=n, key=name_key(n)) for n in names], ignore_conflicts=True
        )
    else:
        domains = _distinct([partner.domain, *wanted])
        partner.domains.exclude(domain__in=domains).delete()
        Domain.objects.bulk_create(
            [Domain(partner=partner, domain=d) for d in domains], ignore_conflicts=True
        )
    return _lists(partner)[kind]


def _distinct(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def local_day(at: datetime, zone: str) -> date:
    """The date of an instant in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def seen_among(ids: Iterable[int], reader: User) -> set[int]:
    """Those of the partners with these ids that this person may read, where the company narrows reading."""
    if not reader.reads_own_only:
        return set(ids)
    return set(ids) & set(Partner.objects.visible_to(reader).values_list("pk", flat=True))
