"""What becomes of each firm: a new partner, a changed one, the same, or rejected. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from partners import countries, memberships
from partners.importing.firms import Firm, gather, is_same_person, united
from partners.importing.lists import places_on_the_road
from partners.importing.matching import Match, chunks, match
from partners.models import (
    Assignment,
    Contact,
    Domain,
    Event,
    Membership,
    OutsideId,
    Partner,
    PartnerName,
)
from prm.models import Import, ImportRow
from prm.search import fold
from team.models import User
from team.roles import STEERING

OVERWRITTEN = ("country", "city", "employees", "about", "agreement_ends_on")
FILLED = ("legal_name", "website")
LABELS = {
    "agreement_ends_on": "agreement ends",
    "legal_name": "legal name",
    "place": "stage",
    "source_detail": "which one",
}
MOST_TOUCHED = 500
Outcome = ImportRow.Outcome


@dataclass
class Coming:
    """One firm of the file, the partner it is already (None: it is new), and what would change there."""

    firm: Firm
    partner: Partner | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    added: dict[str, list[Any]] = field(default_factory=dict)
    mended: dict[int, dict[str, str]] = field(default_factory=dict)
    known: dict[int, str] = field(default_factory=dict)
    tiers: dict[int, tuple[str, str]] = field(default_factory=dict)
    starts: dict[int, str] = field(default_factory=dict)
    owner: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    namesakes: str = ""
    refusal: str = ""

    @property
    def outcome(self) -> str:
        if self.refusal:
            return Outcome.REJECTED
        if self.partner is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.SAME


@dataclass
class PartnerPlan:
    """All firms of a file with what becomes of them, as things stood after the event `as_of`."""

    coming: list[Coming]
    as_of: int = 0

    def of(self, outcome: str) -> list[Coming]:
        return [one for one in self.coming if one.outcome == outcome]

    def counts(self) -> dict[str, int]:
        return {
            f"things_{outcome}": len(self.of(outcome))
            for outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.SAME)
        }

    def has_moved(self) -> bool:
        """Whether anything happened since to a partner that is one of the firms, or could be now.

        Whatever changes a partner leaves an event, so those with an event are looked at.
        """
        since = Event.objects.filter(pk__gt=self.as_of).exclude(partner=None)
        touched = set(since.order_by().values_list("partner", flat=True).distinct()[: MOST_TOUCHED + 1])
        if len(touched) > MOST_TOUCHED:
            return True
        if any(one.partner is not None and one.partner.pk in touched for one in self.coming):
            return True
        return bool(touched) and self._knows(touched)

    def _knows(self, touched: set[int]) -> bool:
        """Whether a firm shares a name, domain or outside id with one of these partners."""
        firms = [one.firm for one in self.coming]
        keys = {key for firm in firms for key in firm.keys}
        domains = {domain for firm in firms for domain in firm.domains}
        ids = {(fold(system), fold(value)) for firm in firms for system, value in firm.outside}
        theirs = {"partner__in": touched}
        return (
            not keys.isdisjoint(PartnerName.objects.filter(**theirs).values_list("key", flat=True))
            or not domains.isdisjoint(Domain.objects.filter(**theirs).values_list("domain", flat=True))
            or not ids.isdisjoint(
                (fold(system), fold(value))
                for system, value in OutsideId.objects.filter(**theirs).values_list("system", "value")
            )
        )


def plan(imported: Import, rows: Sequence[ImportRow]) -> PartnerPlan:
    """Plan the rows that could be read, and write outcome, target and changes on them."""
    as_of = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    firms = gather([row for row in rows if row.facts is not None])
    seen = Partner.objects.visible_to(imported.by) if imported.by else Partner.objects.all()
    pairs = _one_each(firms, match(firms, seen))
    there = There.of([found.pk for _, found in pairs if found.pk is not None], firms, seen)
    coming = [_coming(firm, found, there, imported) for firm, found in pairs]
    for one in coming:
        _say(one)
    return PartnerPlan(coming, as_of)


def _one_each(firms: Sequence[Firm], matches: Sequence[Match]) -> list[tuple[Firm, Match]]:
    """Firms that turn out to be one partner become one."""
    by_partner: dict[Any, list[tuple[Firm, Match]]] = {}
    for place, (firm, found) in enumerate(zip(firms, matches, strict=True)):
        by_partner.setdefault(found.pk or f"row {place}", []).append((firm, found))
    return [
        held[0] if len(held) == 1 else (united([pair[0] for pair in held]), held[0][1])
        for held in by_partner.values()
    ]


def _coming(firm: Firm, found: Match, there: There, imported: Import) -> Coming:
    if found.several:
        names = _(" and ").join(found.several)
        words = _("It could be %(names)s. Merge them, or give the row an id or website of its own.")
        return Coming(firm, refusal=words % {"names": names})
    if found.pk is None:
        namesakes = ", ".join(found.namesakes)
        return Coming(firm, owner=_owner(firm, imported), added=_all_of(firm), namesakes=namesakes)
    if found.pk not in there.seen:
        return Coming(
            firm, refusal=_("It stands already, where you may not look. Ask a head of partnerships.")
        )
    one = Coming(firm, there.partners[found.pk])
    _compare(one, there, imported)
    if one.changes and not there.may_change(found.pk, imported.by):
        words = _("%(name)s stands already and you do not look after it. Ask whoever does, or leave it out.")
        one.refusal = words % {"name": there.partners[found.pk].name}
    return one


def _all_of(firm: Firm) -> dict[str, list[Any]]:
    """What is added beside the partner's own row when it is new."""
    return {
        "memberships": list(firm.memberships),
        "contacts": firm.contacts,
        "outside": [list(pair) for pair in firm.outside],
        "verticals": firm.verticals,
    }


def _owner(firm: Firm, imported: Import) -> int | None:
    """Whoever the file names, else whoever the mapping gives the rest to."""
    if named := firm.facts.get("owner"):
        return int(named)
    rest = imported.mapping.get("owner", "")
    if rest == "mine":
        return imported.by.pk if imported.by else None
    return int(rest) if str(rest).isdigit() else None


# --- comparing with what stands -----------------------------------------------------------------------


@dataclass
class There:
    """What stands of the partners a file touches, fetched in a few queries."""

    partners: dict[int, Partner]
    names: dict[int, set[str]]
    domains: dict[int, set[str]]
    verticals: dict[int, set[str]]
    memberships: dict[int, dict[str, Membership]]
    contacts: dict[int, list[Contact]]
    taken: set[tuple[str, str]]
    looked_after: dict[int, set[int]]
    seen: set[int]
    decided: dict[str, str]  # by programme, why its tiers are not simply written down

    @classmethod
    def of(cls, standing: Iterable[int], firms: Sequence[Firm], visible: QuerySet[Partner]) -> There:
        pks = sorted(standing)
        seen: set[int] = set()
        partners: dict[int, Partner] = {}
        looked_after: dict[int, set[int]] = defaultdict(set)
        for some in chunks(pks):
            seen |= set(visible.filter(pk__in=some).order_by().values_list("pk", flat=True))
            partners |= Partner.objects.select_related("region", "tier", "kind").in_bulk(some)
            for pk, user in (
                Assignment.objects.current().filter(partner__in=some).values_list("partner", "user")
            ):
                looked_after[pk].add(user)
        held = _memberships(pks)
        programmes = {each.programme for rows in held.values() for each in rows.values()}
        return cls(
            partners,
            _sets(PartnerName.objects, pks, "name"),
            _sets(Domain.objects, pks, "domain"),
            _sets(Partner.verticals.through.objects, pks, "vertical__name"),
            held,
            _contacts(pks),
            _taken(firms),
            looked_after,
            seen,
            {programme.name: memberships.why_decided(programme) for programme in programmes},
        )

    def may_change(self, pk: int, by: User | None) -> bool:
        """As `team.roles.may(by, "change partner", …)`, without a query for each partner."""
        return by is None or bool(by.roles & STEERING) or by.pk in self.looked_after[pk]


def _sets(rows: Any, pks: Iterable[int], column: str) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for some in chunks(pks):
        for pk, value in rows.filter(partner__in=some).values_list("partner", column):
            found[pk].add(value)
    return found


def _memberships(pks: Iterable[int]) -> dict[int, dict[str, Membership]]:
    found: dict[int, dict[str, Membership]] = defaultdict(dict)
    for some in chunks(pks):
        current = Membership.objects.filter(partner__in=some, ends_on=None).select_related(
            "programme", "tier"
        )
        for membership in current:
            found[membership.partner_id][membership.programme.name] = membership
    return found


def _contacts(pks: Iterable[int]) -> dict[int, list[Contact]]:
    """All contacts, those who left too, so that nobody who left comes back by an old file."""
    found: dict[int, list[Contact]] = defaultdict(list)
    for some in chunks(pks):
        for contact in Contact.objects.filter(partner__in=some).order_by("pk"):
            found[contact.partner_id].append(contact)
    return found


def _taken(firms: Sequence[Firm]) -> set[tuple[str, str]]:
    taken = set()
    for some in chunks({pair[1] for firm in firms for pair in firm.outside}):
        taken |= {
            (fold(s), fold(v))
            for s, v in OutsideId.objects.filter(value__in=some).values_list("system", "value")
        }
    return taken


def _compare(one: Coming, there: There, imported: Import) -> None:
    """Note what the file says otherwise. Blank cells change nothing; the name, the website and the
    place on the road stay, other names and domains are added."""
    assert one.partner is not None
    partner, facts = one.partner, one.firm.facts
    for name in OVERWRITTEN:
        if name in facts:
            _differs(one, name, getattr(partner, name), facts[name])
    for name in FILLED:
        if name in facts and not getattr(partner, name):
            _differs(one, name, "", facts[name])
    if facts.get("region"):
        _differs(one, "region", partner.region.name if partner.region else "", facts["region"])
    if facts.get("source") and partner.source_id is None and not partner.source_detail:
        _differs(one, "source", "", facts["source"])
        _differs(one, "source_detail", "", facts.get("source_detail", ""))
    if one.firm.domains and not partner.domain:
        _differs(one, "domain", "", one.firm.domains[0])
    held = {str(name) for name in partner.certifications}
    if more := [name for name in one.firm.certifications if name not in held]:
        one.columns["certifications"] = [*partner.certifications, *more]
        one.changes["certifications"] = more
    _add(one, "names", [n for n in one.firm.names if n not in there.names[partner.pk]])
    _add(one, "domains", [d for d in one.firm.domains if d not in there.domains[partner.pk]])
    _add(one, "verticals", [v for v in one.firm.verticals if v not in there.verticals[partner.pk]])
    _add(one, "outside", [list(o) for o in one.firm.outside if (fold(o[0]), fold(o[1])) not in there.taken])
    _compare_memberships(one, there.memberships[partner.pk], there.decided)
    _compare_contacts(one, there.contacts[partner.pk])
    owner = _owner(one.firm, imported)
    if owner and owner != partner.owner_id and ("owner" in facts or partner.owner_id is None):
        one.owner = owner
        one.changes["owner"] = [partner.owner_id, owner]


def _differs(one: Coming, name: str, old: Any, new: Any) -> None:
    old = old.isoformat() if isinstance(old, date) else old
    if old != new:
        one.columns[name] = new
        one.changes[name] = [old, new]


def _add(one: Coming, name: str, more: list[Any]) -> None:
    if more:
        one.added[name] = one.changes[name] = more


def _compare_memberships(one: Coming, held: dict[str, Membership], decided: dict[str, str]) -> None:
    assert one.partner is not None
    for programme, place in one.firm.memberships.items():
        membership = held.get(programme)
        if membership is None:
            one.added.setdefault("memberships", []).append(programme)
            one.changes.setdefault("memberships", []).append(programme)
            continue
        tier = membership.tier.name if membership.tier else ""
        if place.tier and place.tier != tier:
            if decided[programme]:
                words = _("Tier: {tier} here, {new} in the file. {why} Correct the row, or leave it out.")
                one.refusal = words.format(tier=tier or "–", new=place.tier, why=decided[programme])
            one.tiers[membership.pk] = (programme, place.tier)
            one.changes[f"tier in {programme}"] = [tier, place.tier]
        if place.starts_on and membership.starts_on is None:
            one.starts[membership.pk] = place.starts_on
            one.changes[f"in {programme} since"] = ["", place.starts_on]
    kind = one.firm.facts.get("kind", "")
    if kind and not one.firm.memberships and not held:
        _differs(one, "kind", one.partner.kind.name if one.partner.kind else "", kind)


def _compare_contacts(one: Coming, held: list[Contact]) -> None:
    for contact in one.firm.contacts:
        known = next((c for c in held if is_same_person({"name": c.name, "email": c.email}, contact)), None)
        if known is None:
            one.added.setdefault("contacts", []).append(contact)
            one.changes.setdefault("contacts", []).append(contact["name"])
        elif known.left_on is None and known.withdrawn_at is None:
            phone = "" if known.phones else contact.get("phone", "")
            new = {"title": "" if known.title else contact.get("title", ""), "phone": phone}
            new["email"] = "" if known.email else contact.get("email", "")
            if new := {key: value for key, value in new.items() if value}:
                one.mended[known.pk], one.known[known.pk] = new, known.name
                one.changes[f"contact {known.name}"] = sorted(new.values())


# --- saying it on the rows ------------------------------------------------------------------------------


def _say(one: Coming) -> None:
    """Write on the firm's rows what becomes of it."""
    first = one.firm.rows[0].number
    for row in one.firm.rows:
        row.outcome, row.reason = one.outcome, one.refusal
        row.title = (one.partner.name if one.partner else one.firm.name)[:200]
        row.together, row.target = first, one.partner.pk if one.partner else None
        row.changes = one.changes if row.number == first else {}
        row.note = _note(one) if row.number == first else f"One partner with row {first}."


def _note(one: Coming) -> str:
    notes = [
        f"{_label(name)}: also {', '.join(values)}"
        for name, values in one.firm.also.items()
        if name != "owner"
    ]
    if one.namesakes:
        notes.append(_("Another is called so: %(names)s") % {"names": one.namesakes})
    if one.partner and (stays := _stays(one.partner, one.firm)):
        notes.append(stays)
    return ". ".join(notes)


def _stays(partner: Partner, firm: Firm) -> str:
    """A partner that stands is moved along the road on its page, not by a file."""
    place = firm.facts.get("place", "")
    if place and place != (partner.step or partner.stage):
        return f"It stays at {partner.place_label}; a partner is moved on its own page"
    signed = firm.facts.get("signed_on", "")
    if signed and (partner.signed_on is None or signed != partner.signed_on.isoformat()):
        return "Its signing date stays; it follows from the agreement"
    return ""


def _label(name: str) -> str:
    return LABELS.get(name, name).capitalize()


def changes_in_words(changes: dict[str, Any]) -> str:
    """What changes, for a person: "Country: nothing → Germany; names: 3-Shake Inc."."""
    said = []
    for name, value in changes.items():
        if name == "owner":
            said.append("owner")
        elif name in {
            *OVERWRITTEN,
            *FILLED,
            "region",
            "domain",
            "kind",
            "source",
            "source_detail",
        } or name.startswith(("tier in", "in ")):
            old, new = (_shown(name, side) for side in value)
            said.append(f"{LABELS.get(name, name)}: {old} → {new}")
        else:
            texts = [": ".join(item) if isinstance(item, list) else str(item) for item in value]
            said.append(f"{'ids' if name == 'outside' else name}: {', '.join(texts)}")
    text = "; ".join(said)
    return text[:1].upper() + text[1:]


def facts_in_words(facts: dict[str, Any] | None) -> str:
    """What a row brings, for a person: "Growth · Germany · Reseller programme, Gold · nora@northwind.com"."""
    facts = facts or {}
    place = places_on_the_road().get(facts.get("place", ""), "")
    country = countries.name_of(facts["country"]) if facts.get("country") else ""
    programme = ", ".join(filter(None, [facts.get("programme") or facts.get("kind"), facts.get("tier")]))
    contact = facts.get("contact") or {}
    person = contact.get("email") or contact.get("name")
    return " · ".join(filter(None, [place, facts.get("domain"), country, programme, person]))


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return "nothing"
    text = countries.name_of(value) if name == "country" else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
