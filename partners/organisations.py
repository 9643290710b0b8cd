"""Partners are born, renamed and corrected here. `lifecycle.transitions` writes the stage afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import tldextract
from cleanco import basename
from django.db import transaction

from partners import assignments
from partners.models import Domain, Event, Partner, PartnerName, Stage, Status, Step, Visit
from prm import search
from team.models import User

_extract = tldextract.TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)
_SPLIT = re.compile(r"[\s,;]+")


def registrable_domain(address: str) -> str:
    """The registrable domain of a web or mail address ("https://www.Example.co.uk:8443/p" → "example.co.uk").

    "" where there is none: an IP address, a bare suffix, a local name.
    """
    host = address.strip().lower()
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", host).rsplit("@", 1)[-1]
    host = re.split(r"[/?#:\\]", host, maxsplit=1)[0].strip(".")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return ""
    return _extract(host).top_domain_under_public_suffix


def name_key(name: str) -> str:
    """A name for comparing: folded, "&" read as "and", the legal form removed."""
    folded = search.fold(name.replace("&", " and "))
    return search.fold(basename(folded) or folded)[:200]


def search_key(names: Iterable[str], domains: Iterable[str]) -> str:
    """What the list's search looks in."""
    return " ".join(dict.fromkeys([*(search.fold(name) for name in names if name), *domains]))


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

    `facts` are columns of Partner; `domains` and `names` are kept beside the main ones.
    """
    website = facts.get("website", "")
    main = facts.pop("domain", "") or registrable_domain(website)
    every_domain = [d for d in dict.fromkeys([main, *domains]) if d]
    every_name = [n for n in dict.fromkeys([name, facts.get("legal_name", ""), *names]) if n]
    partner = Partner.objects.create(
        name=name,
        domain=main,
        status=Status.PROSPECT,
        stage=Stage.RECRUITMENT,
        step=facts.pop("step", Step.IDENTIFIED),
        stage_since=at,
        step_since=at,
        created_at=at,
        search_key=search_key(every_name, every_domain),
        **facts,
    )
    Visit.objects.create(partner=partner, stage=Stage.RECRUITMENT, entered_at=at)
    PartnerName.objects.bulk_create(
        [PartnerName(partner=partner, name=n, key=name_key(n)) for n in every_name]
    )
    Domain.objects.bulk_create([Domain(partner=partner, domain=d) for d in every_domain])
    Event.record("partner_added", at, by, partner)
    if owner is not None:
        assignments.set_owner(partner, to=owner, by=by, at=at)
    return partner


def local_day(at: datetime, zone: str) -> date:
    """The date of an instant in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()
