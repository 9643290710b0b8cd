"""What a plan says is made ready in memory, then written in sets, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from partners import assignments, births, contacts, fits, followers, searching, sources
from partners.importing.entries import Entries
from partners.importing.matching import CHUNK, chunks
from partners.importing.planning import Coming, Outcome, PartnerPlan
from partners.keys import name_key
from partners.models import (
    Contact,
    Domain,
    Event,
    Membership,
    OutsideId,
    Partner,
    PartnerName,
    Source,
    Stage,
    Step,
)
from prm import clock, importing, jobs
from prm.models import Import, ImportRow, Job
from prm.references import Reference
from prm.rows import Rows
from team.models import Company, User

Pairs = list[tuple[Partner, Coming]]
SCORE = "score_import"
AS_THEY_ARE = ("legal_name", "website", "country", "city", "about", "employees")


def make_ready(imported: Import, plan: PartnerPlan, at: datetime, progress: importing.Progress) -> Ready:
    """Make ready the new partners and the changes of the changed ones, with an event for each and one
    for the file. Nothing is written yet."""
    new, changed = plan.of(Outcome.NEW), plan.of(Outcome.CHANGED)
    rows = Rows()
    entries = Entries.of([*new, *changed], rows)
    writer = _Writer(imported, at, entries, rows)
    for done, some in enumerate(chunks(new), start=1):
        writer.bear(some)
        progress(min(done * CHUNK, len(new)), len(new))
    pairs = [(one.partner, one) for one in changed if one.partner is not None]
    writer.change(pairs)
    return Ready(imported, plan, at, writer, pairs)


@dataclass
class Ready:
    """All that an import brings, ready to be written; see `prm.importing.Ready`."""

    imported: Import
    plan: PartnerPlan
    at: datetime
    writer: _Writer
    changed: Pairs

    def has_moved(self) -> bool:
        """Whether a partner or a list is another by now than when it was planned."""
        return self.plan.has_moved() or self.writer.entries.have_come()

    def write(self) -> None:
        """Write the rows, and what follows for partners that stood already."""
        moved = [partner.pk for partner, one in self.changed if one.owner or "region" in one.columns]
        followers.hold(moved)
        self.writer.rows.write()
        self.writer.follow(self.changed)
        added, changed = len(self.plan.of(Outcome.NEW)), len(self.changed)
        Event.record(
            "partners_imported",
            self.at,
            self.writer.by,
            about=self.writer.about,
            changes=self.imported.counts,
            note=f"{self.imported.file_name}: {added} added, {changed} changed",
        )
        jobs.put(SCORE, self.at, by=self.imported.by, about={"import": self.imported.pk})


def score(job: Job, progress: jobs.Progress) -> str:
    """The job that follows: score what came in against the published profile."""
    events = Event.objects.filter(about_kind="import", about_id=job.about["import"]).exclude(partner=None)
    pks = list(events.order_by("partner").values_list("partner", flat=True).distinct())
    done = 0
    for some in chunks(pks, 250):
        fits.refresh_many(some, at=clock.now())
        done += len(some)
        progress(done, len(pks))
    return f"{done} partners scored."


@dataclass
class _Writer:
    imported: Import
    at: datetime
    entries: Entries
    rows: Rows
    by: User | str = field(init=False)
    about: Reference = field(init=False)
    zone: ZoneInfo = field(init=False)
    listed: Source = field(init=False)

    def __post_init__(self) -> None:
        self.by = self.imported.by or "import"
        self.about = Reference("import", self.imported.pk)
        self.listed = sources.known(sources.LIST)
        company = Company.objects.first()
        self.zone = ZoneInfo(company.zone if company else "UTC")

    # --- the new ones

    def bear(self, new: list[Coming]) -> None:
        coming = [self._birth(one) for one in new]
        partners = births.make_ready(coming, self.by, self.at, self.rows, about=self.about)
        pairs = list(zip(partners, new, strict=True))
        self._attach(pairs, with_main=set(), with_primary=set())
        self._mark(pairs)

    def _birth(self, one: Coming) -> births.Birth:
        firm, facts = one.firm, one.firm.facts
        place = str(facts.get("place") or self.imported.mapping.get("stage") or Step.IDENTIFIED)
        live = place in Stage.values
        since = self._moment(facts.get("stage_since"))
        return births.Birth(
            name=firm.name,
            domain=firm.domains[0] if firm.domains else "",
            domains=firm.domains,
            names=firm.names,
            people=[
                text for contact in firm.contacts for text in (contact["name"], contact.get("email", ""))
            ],
            owner=self.entries.people[one.owner] if one.owner else None,
            stage=place if live else Stage.RECRUITMENT,
            step=Step.IDENTIFIED if live else place,
            since=since or (self.at if place == Step.IDENTIFIED else None),
            facts=self._columns(one),
        )

    def _columns(self, one: Coming) -> dict[str, Any]:
        firm, facts = one.firm, one.firm.facts
        programme, place = next(iter(firm.memberships.items()), ("", None))
        return {name: facts[name] for name in AS_THEY_ARE if name in facts} | {
            "region": self.entries.regions.get(facts.get("region", "")),
            "certifications": firm.certifications,
            "signed_on": _day(facts.get("signed_on")),
            "agreement_ends_on": _day(facts.get("agreement_ends_on")),
            "kind": self.entries.types.get(place.kind if place else facts.get("kind", "")),
            "tier": self.entries.tiers.get((programme, place.tier)) if place else None,
            **self._source(facts),
        }

    def _source(self, facts: dict[str, Any]) -> dict[str, Any]:
        """By what it came: what the file says, else the file itself."""
        if "source" in facts:
            return {
                "source": self.entries.sources[facts["source"]],
                "source_detail": facts.get("source_detail", ""),
            }
        detail = facts.get("source_detail") or self.imported.file_name
        return {"source": self.listed, "source_detail": detail[:200]}

    def _moment(self, text: str | None) -> datetime | None:
        """The beginning of a day, where we are."""
        day = _day(text)
        return datetime.combine(day, time(), self.zone) if day else None

    def _mark(self, pairs: Pairs) -> None:
        """Let the staged rows know which partner they become. It does no harm where nothing goes in then:
        they are planned anew before anything is made of them."""
        marks = Rows()
        for partner, one in pairs:
            for row in one.firm.rows:
                marks.change(ImportRow, row.pk, target=partner.pk)
        marks.write()

    # --- the changed ones

    def change(self, pairs: Pairs) -> None:
        pks = [partner.pk for partner, _ in pairs]
        self._attach(
            pairs,
            with_main=_having(Membership.objects.filter(is_main=True, ends_on=None), pks),
            with_primary=_having(Contact.objects.filter(is_primary=True), pks),
        )
        self._call(pairs)
        for partner, one in pairs:
            self._mend(partner, one)
        partners = [partner for partner, _ in pairs]
        changes = {partner.pk: one.changes for partner, one in pairs}
        self.rows.add(Event.many("partner_imported", self.at, self.by, partners, self.about, changes))

    def follow(self, pairs: Pairs) -> None:
        """What is worked out from the rows once they are written: search keys, type and tier, owners."""
        searching.refresh(
            partner.pk
            for partner, one in pairs
            if one.mended or one.added.keys() & {"names", "domains", "contacts"}
        )
        _push([partner.pk for partner, one in pairs if one.tiers or one.added.get("memberships")])
        followers.follow([partner.pk for partner, one in pairs if "region" in one.columns])
        for owner in {one.owner for _, one in pairs if one.owner}:
            theirs = [partner.pk for partner, one in pairs if one.owner == owner]
            assignments.give(theirs, to=self.entries.people[owner], by=self.by, at=self.at)

    def _call(self, pairs: Pairs) -> None:
        """Add names and domains."""
        for partner, one in pairs:
            names, domains = one.added.get("names", []), one.added.get("domains", [])
            self.rows.add(PartnerName(partner=partner, name=name, key=name_key(name)) for name in names)
            self.rows.add(Domain(partner=partner, domain=domain) for domain in domains)

    def _mend(self, partner: Partner, one: Coming) -> None:
        """The columns of one partner, and its memberships and contacts that stand already."""
        columns = dict(one.columns)
        if "region" in columns:
            columns["region"] = self.entries.regions[columns["region"]]
        if "source" in columns:
            columns["source"] = self.entries.sources[columns["source"]]
        if "kind" in columns:
            columns["kind"] = self.entries.types[columns["kind"]]
        if columns:
            self.rows.change(Partner, partner.pk, **columns)
        for pk, (programme, tier) in one.tiers.items():
            self.rows.change(Membership, pk, tier=self.entries.tiers[programme, tier])
        for pk, day in one.starts.items():
            self.rows.change(Membership, pk, starts_on=_day(day))
        for pk, new in one.mended.items():
            phones = {"phones": [new["phone"]]} if "phone" in new else {}
            texts: dict[str, str] = {name: new[name] for name in ("title", "email") if name in new}
            if "email" in new:
                texts["search_key"] = contacts.search_key(one.known[pk], new)
            self.rows.change(Contact, pk, **texts, **phones)

    # --- both

    def _attach(self, pairs: Pairs, with_main: set[int], with_primary: set[int]) -> None:
        """What is kept beside the partner's own row: memberships, contacts, outside ids, verticals."""
        through = Partner.verticals.through
        for partner, one in pairs:
            self.rows.add(
                self._membership(partner, one, name, is_main=place == 0 and partner.pk not in with_main)
                for place, name in enumerate(one.added.get("memberships", []))
            )
            self.rows.add(
                self._contact(partner, contact, is_primary=place == 0 and partner.pk not in with_primary)
                for place, contact in enumerate(one.added.get("contacts", []))
            )
            self.rows.add(
                OutsideId(partner=partner, system=system, value=value)
                for system, value in one.added.get("outside", [])
            )
            self.rows.add(
                through(partner=partner, vertical=self.entries.verticals[name])
                for name in one.added.get("verticals", [])
            )

    def _membership(self, partner: Partner, one: Coming, name: str, is_main: bool) -> Membership:
        place = one.firm.memberships[name]
        return Membership(
            partner=partner,
            programme=self.entries.programmes[name],
            tier=self.entries.tiers.get((name, place.tier)),
            is_main=is_main,
            starts_on=_day(place.starts_on),
        )

    def _contact(self, partner: Partner, contact: dict[str, str], is_primary: bool) -> Contact:
        return Contact(
            partner=partner,
            name=contact["name"],
            email=contact.get("email", ""),
            title=contact.get("title", ""),
            phones=[contact["phone"]] if contact.get("phone") else [],
            is_primary=is_primary,
            search_key=contacts.search_key(contact["name"], contact),
            created_at=self.at,
        )


def _having(rows: Any, pks: Iterable[int]) -> set[int]:
    """Which of the partners have one of these rows."""
    return {
        pk for some in chunks(pks) for pk in rows.filter(partner__in=some).values_list("partner", flat=True)
    }


def _push(pks: list[int]) -> None:
    """Type and tier of a partner are those of its main membership."""
    rows = Rows()
    for some in chunks(pks):
        main = Membership.objects.filter(partner__in=some, is_main=True, ends_on=None)
        for partner, kind, tier in main.values_list("partner", "programme__kind", "tier"):
            rows.change(Partner, partner, kind=kind, tier=tier)
    rows.write()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
