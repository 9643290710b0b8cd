"""Profile versions: started as a draft, edited, published, retired. Published, one never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from partners import profile_events, renamings, rules
from partners.facts import FACTS
from partners.models import Criterion, Event, PartnerType, Profile
from partners.scoring import Thresholds
from partners.starters import STARTERS, Row
from prm import jobs
from prm.refusals import Refused
from team.models import User

State = Profile.State
COPIED = ("key", "name", "help", "kind", "source", "weight", "must_have", "rule", "position")
EVERYONE = "General"


class ProfileRefused(Refused):
    """A profile cannot be changed or published so; the reasons are what to mend."""


class DraftChanged(ProfileRefused):
    """Somebody changed the draft since it was seen: the reasons are what they did, `mark` is how it is."""

    def __init__(self, draft: Profile, done: Sequence[Event]) -> None:
        words = _(
            "{who} changed {draft} meanwhile, {at}. Nothing was done: look at the draft as it stands now, and"
            " do it again if it is still meant."
        )
        last = done[0]
        detail = words.format(who=last.actor, draft=draft, at=profile_events.moment(last))
        super().__init__(detail, [profile_events.told(each) for each in done])
        self.mark = last.pk


@dataclass(frozen=True)
class Entry:
    """One criterion of a draft, its rule as it is kept."""

    key: str
    name: str
    kind: str
    weight: int
    rule: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    must_have: bool = False
    help: str = ""


def criteria(profile: Profile) -> list[Criterion]:
    """The criteria of a version, their rules with the names that regions, tiers … bear now."""
    return renamings.criteria_of([profile])[profile.pk]


def thresholds(profile: Profile) -> Thresholds:
    return Thresholds(profile.strong_at, profile.possible_at, profile.weak_at)


def any_published() -> bool:
    """Whether any profile is published, so that partners are scored."""
    return Profile.objects.filter(state=State.PUBLISHED).exists()


def published(kind: PartnerType | None) -> Profile | None:
    """The published version of exactly this type (None: the general one)."""
    return Profile.objects.filter(kind=kind, state=State.PUBLISHED).first()


@transaction.atomic
def start_draft(kind: PartnerType | None, by: User, at: datetime, starter: str = "") -> Profile:
    """A new draft for a type (None: for all the others): a copy of the published version, else of
    the named starter, else empty. Refused while there is a draft already."""
    family = _family(kind)
    if Profile.objects.filter(family=family, state=State.DRAFT).exists():
        raise ProfileRefused(f"There is a draft of {family} already. Publish or discard it first.")
    former = published(kind)
    number = (Profile.objects.filter(family=family).aggregate(last=Max("number"))["last"] or 0) + 1
    bounds = thresholds(former) if former else Thresholds()
    try:
        with transaction.atomic():
            draft = Profile.objects.create(
                family=family,
                number=number,
                kind=kind,
                by=by,
                created_at=at,
                written_at=at,
                strong_at=bounds.strong,
                possible_at=bounds.possible,
                weak_at=bounds.weak,
            )
    except IntegrityError:
        raise ProfileRefused(f"Somebody has just started a draft of {family}. Reload the page to see it.")
    _copy(former, draft) if former else _write(draft, starter_entries(starter))
    origin = str(former) if former else f"the starter “{STARTERS[starter].name}”" if starter else None
    profile_events.record("profile_started", draft, [origin, str(draft)], by, at)
    return draft


def starter_entries(name: str) -> list[Entry]:
    """The criteria of a starter profile, "" none. Raises KeyError for a name that is none."""
    return [_entry(row) for row in STARTERS[name].rows] if name else []


def _entry(row: Row) -> Entry:
    rule = rules.read(row.kind, row.rule)
    if (share := rules.passing_share(row.met_from)) is not None:
        rule["passes_at"] = share
    return Entry(row.key, row.name, row.kind, row.weight, rule, row.source, row.must, row.help)


def _family(kind: PartnerType | None) -> str:
    """The name that all versions for this type share; once given it stays, though the type be renamed."""
    if (former := Profile.objects.filter(kind=kind).order_by("pk").first()) is not None:
        return former.family
    name = kind.name[:50] if kind else EVERYONE
    taken = kind is not None and (
        name == EVERYONE or Profile.objects.filter(family=name).exclude(kind=kind).exists()
    )
    return f"{name} {kind.pk}" if taken and kind else name


def _copy(former: Profile, draft: Profile) -> None:
    Criterion.objects.bulk_create(
        Criterion(profile=draft, **{name: getattr(criterion, name) for name in COPIED})
        for criterion in criteria(former)
    )


def held_draft(profile: Profile) -> Profile:
    """The draft, locked. Refused for a version that is published or retired: these never change."""
    held = Profile.objects.select_for_update(of=("self",)).filter(pk=profile.pk).first()
    if held is None:
        raise ProfileRefused("This draft was discarded meanwhile.")
    if held.state != State.DRAFT:
        raise ProfileRefused(
            f"{held} is {held.get_state_display().lower()} and never changes. Start a draft."
        )
    return held


def _as_seen(held: Profile, seen: int | None) -> None:
    """Refused where somebody changed the draft since the mark that was `seen`; None asks nothing."""
    if seen is not None and (done := profile_events.since(seen, held)):
        raise DraftChanged(held, done)


@transaction.atomic
def edit(
    draft: Profile,
    entries: Sequence[Entry],
    bounds: Thresholds,
    why: str,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Profile:
    """Make the draft say exactly this: its criteria in this order, thresholds and reason. Refused where it
    was changed since the mark that was `seen`, and says something else than this."""
    held = held_draft(draft)
    if wrong := [*wrong_bounds(bounds), *_wrong_entries(entries)]:
        raise ProfileRefused(wrong[0], wrong)
    before = profile_events.Written(thresholds(held), held.why, criteria(held))
    wanted = profile_events.Written(bounds, why, [Criterion(**vars(entry)) for entry in entries])
    if changes := profile_events.differences(before, wanted):
        _as_seen(held, seen)
    held.strong_at, held.possible_at, held.weak_at = bounds.strong, bounds.possible, bounds.weak
    held.why, held.by, held.written_at = why, by, at
    held.save(update_fields=["strong_at", "possible_at", "weak_at", "why", "by", "written_at"])
    _write(held, entries)
    if changes:
        profile_events.record("profile_changed", held, [str(held)] * 2, by, at, changes=changes)
    return held


def _write(draft: Profile, entries: Sequence[Entry]) -> None:
    draft.criteria.exclude(key__in=[entry.key for entry in entries]).delete()
    for position, entry in enumerate(entries):
        Criterion.objects.update_or_create(
            profile=draft,
            key=entry.key,
            defaults={
                "name": entry.name,
                "help": entry.help,
                "kind": entry.kind,
                "source": entry.source,
                "weight": entry.weight,
                "must_have": entry.must_have,
                "rule": entry.rule,
                "position": position,
            },
        )


def wrong_bounds(bounds: Thresholds) -> list[str]:
    """What is wrong with these thresholds, in words."""
    if 100 >= bounds.strong > bounds.possible > bounds.weak >= 0:
        return []
    return [
        f"Thresholds must descend from 100 at most: strong {bounds.strong}, possible {bounds.possible}, "
        f"weak {bounds.weak}."
    ]


def _wrong_entries(entries: Sequence[Entry]) -> list[str]:
    wrong = []
    seen: set[str] = set()
    for entry in entries:
        if entry.key in seen:
            wrong.append(f"Two criteria have the key “{entry.key}”.")
        seen.add(entry.key)
        if entry.weight < 1:
            wrong.append(f"{entry.name} needs a weight of 1 or more.")
        fact = FACTS.get(entry.source)
        if entry.source and fact is None:
            wrong.append(f"{entry.name} reads “{entry.source}”, which is no field of the record.")
        elif fact is not None and fact.kind != entry.kind:
            kind = Criterion.Kind(fact.kind).label.lower()
            wrong.append(f"{entry.name} reads {fact.label}; choose “{kind}” for it.")
    return wrong


def why_wanted(draft: Profile, former: Profile) -> str:
    """That a draft which replaces a version has to say why."""
    return f"Say why {draft} replaces {former}: everybody who reads the profile sees it."


@transaction.atomic
def publish(draft: Profile, by: User, at: datetime, why: str = "", seen: int | None = None) -> Profile:
    """Publish the draft: the former version of its type retires, and the partners it is for are
    scored anew in the background. Refused while it has no criterion, and where it was changed since the mark
    that was `seen`."""
    held = held_draft(draft)
    _as_seen(held, seen)
    if not held.criteria.exists():
        raise ProfileRefused("A profile needs at least one criterion before it is published.")
    former = published(held.kind)
    if former is not None and not (why or held.why).strip():
        raise ProfileRefused(why_wanted(held, former))
    if former is not None:
        Profile.objects.filter(pk=former.pk).update(state=State.RETIRED, retired_at=at)
    held.state, held.published_at, held.by, held.why = State.PUBLISHED, at, by, why or held.why
    held.save(update_fields=["state", "published_at", "by", "why"])
    versions = [str(former) if former else None, str(held)]
    profile_events.record("profile_published", held, versions, by, at, why=held.why)
    jobs.put("score_all", at, by, {"profile": held.pk})
    return held


@transaction.atomic
def discard(draft: Profile, by: User, at: datetime, seen: int | None = None) -> None:
    """Throw the draft away; nothing was scored against it. Refused where it was changed since the mark that
    was `seen`."""
    held = held_draft(draft)
    _as_seen(held, seen)
    profile_events.record("profile_discarded", held, [str(held), None], by, at, why=held.why)
    held.delete()


# --- two versions -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A criterion in two versions; None where one has it not."""

    was: Criterion | None
    now: Criterion | None
    weight_was: int  # per cent of all weight
    weight_now: int

    @property
    def name(self) -> str:
        return str(self.now or self.was)

    @property
    def rules(self) -> tuple[str, str]:
        """How each is written."""
        was, now = (rules.written(each.kind, each.rule) if each else "" for each in (self.was, self.now))
        return was, now

    @property
    def differs(self) -> bool:
        if self.was is None or self.now is None:
            return True
        return any(getattr(self.was, name) != getattr(self.now, name) for name in COPIED[:-1])


def differences(was: Profile, now: Profile) -> list[Line]:
    """Every criterion of either version, those of the later first in its order."""
    before, after = ({each.key: each for each in criteria(one)} for one in (was, now))
    shares = [{key: each.weight for key, each in one.items()} for one in (before, after)]
    whole = [sum(one.values()) or 1 for one in shares]
    return [
        Line(
            before.get(key),
            after.get(key),
            *(round(100 * one.get(key, 0) / total) for one, total in zip(shares, whole, strict=True)),
        )
        for key in [*after, *(key for key in before if key not in after)]
    ]


def moved_bounds(was: Profile, now: Profile) -> list[tuple[str, int, int]]:
    """Where each verdict begins in both."""
    names = {"strong_at": "Strong fit", "possible_at": "Possible fit", "weak_at": "Weak fit"}
    return [(name, getattr(was, column), getattr(now, column)) for column, name in names.items()]
