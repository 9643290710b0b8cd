"""Partners are born here, one or many at once, whichever door they come by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from partners import assignments, searching
from partners.keys import name_key, own_domain
from partners.models import Domain, Event, Partner, PartnerName, Stage, Status, Step, Visit
from prm.references import Reference
from prm.rows import Rows, reserve
from team.models import User


@dataclass
class Birth:
    """A partner to be born: its name, columns (`facts`), and where it stands on the road already.

    `domain` None means: the one of the website, unless that is shared by many. `people` are the names
    and addresses of contacts that come with it, for the search. Where nobody knows since when it
    stands in its stage, `since` is None.
    """

    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    domain: str | None = None
    domains: Iterable[str] = ()
    names: Iterable[str] = ()
    people: Iterable[str] = ()
    owner: User | None = None
    stage: str = Stage.RECRUITMENT
    step: str = Step.IDENTIFIED
    since: datetime | None = None

    @property
    def main_domain(self) -> str:
        return own_domain(self.facts.get("website", "")) if self.domain is None else self.domain

    @property
    def every_domain(self) -> list[str]:
        return [d for d in dict.fromkeys([self.main_domain, *self.domains]) if d]

    @property
    def every_name(self) -> list[str]:
        return [n for n in dict.fromkeys([self.name, self.facts.get("legal_name", ""), *self.names]) if n]


def bear(
    births: Sequence[Birth], by: User | str, at: datetime, about: Reference | None = None
) -> list[Partner]:
    """New partners in the order given, each with its visit, names, domains, owner and event.

    `about` is what they came by. A few statements, however many they are.
    """
    rows = Rows()
    born = make_ready(births, by, at, rows, about)
    rows.write()
    return born


def make_ready(
    births: Sequence[Birth], by: User | str, at: datetime, rows: Rows, about: Reference | None = None
) -> list[Partner]:
    """The same partners with ids already, who are there once `rows` are written."""
    partners = [
        _partner(pk, birth, at) for pk, birth in zip(reserve(Partner, len(births)), births, strict=True)
    ]
    pairs = list(zip(partners, births, strict=True))
    rows.add(partners)
    rows.add(
        Visit(
            partner=partner,
            stage=birth.stage,
            entered_at=partner.stage_since,
            entry_is_known=birth.since is not None,
        )
        for partner, birth in pairs
    )
    rows.add(
        PartnerName(partner=partner, name=n, key=name_key(n))
        for partner, birth in pairs
        for n in birth.every_name
    )
    rows.add(Domain(partner=partner, domain=d) for partner, birth in pairs for d in birth.every_domain)
    rows.add(Event.many("partner_added", at, by, partners, about=about))
    rows.add(assignments.from_birth([(partner, birth.owner) for partner, birth in pairs if birth.owner], at))
    return partners


def _partner(pk: int, birth: Birth, at: datetime) -> Partner:
    """The row of a partner that is about to be born."""
    in_recruitment = birth.stage == Stage.RECRUITMENT
    return Partner(
        pk=pk,
        name=birth.name,
        domain=birth.main_domain,
        status=Status.PROSPECT if in_recruitment else Status.LIVE,
        stage=birth.stage,
        step=birth.step if in_recruitment else "",
        stage_since=birth.since or at,
        step_since=birth.since or at,
        created_at=at,
        owner=birth.owner,
        search_key=searching.key(birth.every_name, birth.every_domain, birth.people),
        **birth.facts,
    )
