"""What was done to versions of the profile: drafts started, changed and discarded, versions published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format

from partners import rules
from partners.facts import FACTS
from partners.models import Criterion, Event, Profile
from partners.scoring import Thresholds
from prm.references import Reference
from team.models import User

ABOUT = "profile"
SHORT = 60
BOUNDS = {"strong": "Strong fit from", "possible": "Possible fit from", "weak": "Weak fit from"}
VERSION, WHY, ORDER = "version", "Why", "Order"
FIRST = [*BOUNDS.values(), WHY]
Changes = dict[str, list[Any]]
_LAST = Event.objects.filter(about_kind=ABOUT, about_id=OuterRef("pk")).order_by("-pk").values("pk")[:1]
MARK = Coalesce(Subquery(_LAST), 0)
"""A mark of how a version stands, read together with it: whoever changes or publishes the version hands it
back, so that nobody overwrites another."""


def record(
    kind: str,
    about: Profile,
    version: list[str | None],
    by: User,
    at: datetime,
    why: str = "",
    changes: Changes | None = None,
) -> None:
    """Write what was done about a version: which one stood before, and which does now."""
    told = {VERSION: version} | (changes or {})
    Event.record(kind, at, by, about=Reference(ABOUT, about.pk), changes=told, note=why)


def of(family: str = "") -> QuerySet[Event]:
    """What was done to the versions of a family, else to all."""
    events = Event.objects.filter(about_kind=ABOUT).select_related("by_user", "by_contact")
    if not family:
        return events
    begins = f"{family} v"
    return events.filter(
        Q(changes__version__0__startswith=begins) | Q(changes__version__1__startswith=begins)
    )


def since(mark: int, about: Profile) -> list[Event]:
    """What was done about a version since a mark, the newest first."""
    later = Event.objects.filter(about_kind=ABOUT, about_id=about.pk, pk__gt=mark)
    return list(later.select_related("by_user", "by_contact").order_by("-pk"))


def told(event: Event) -> str:
    """Who did it, when and what, in a line."""
    return f"{event.actor}, {moment(event)}: {words(event)}"


def moment(event: Event) -> str:
    """When it was, in the zone of whoever reads."""
    return date_format(timezone.localtime(event.at), "j F Y, H:i")


def words(event: Event) -> str:
    """What an event about a version says, after the person."""
    before, now = event.changes[VERSION]
    if now is None:
        return f"discarded the draft {before}"
    if event.kind == "profile_started":
        return f"started the draft {now}, a copy of {before}" if before else f"started the draft {now}"
    if event.kind == "profile_changed":
        return f"changed the draft {now}: {'; '.join(_moves(event))}"
    return f"published {now}, which follows {before}" if before else f"published {now}"


def _moves(event: Event) -> Iterator[str]:
    for name, (was, now) in sorted(event.changes.items(), key=lambda told: _place(told[0])):
        if name == VERSION:
            continue
        if was is None:
            yield f"{name} added ({_short(now)})"
        elif now is None:
            yield f"{name} removed"
        else:
            yield f"{name} {_short(was)} → {_short(now)}"


def _place(name: str) -> tuple[int, str]:
    """Where a change is told: thresholds, why, criteria, their order. The database keeps none of its own."""
    return FIRST.index(name) if name in FIRST else len(FIRST) + (name == ORDER), name


def _short(value: Any) -> str:
    text = str(value) if value != "" else "nothing"
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


# --- what differs -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """What a draft says."""

    bounds: Thresholds
    why: str
    criteria: Sequence[Criterion]  # in their order

    def label(self, criterion: Criterion) -> str:
        """The name of a criterion, with its key where another has the name too."""
        is_alone = [each.name for each in self.criteria].count(criterion.name) == 1
        return criterion.name if is_alone else f"{criterion.name} ({criterion.key})"


def differences(was: Written, now: Written) -> Changes:
    """What a draft says otherwise now: {what: [before, now]}, None where it had or has it not."""
    told = {label: [getattr(was.bounds, each), getattr(now.bounds, each)] for each, label in BOUNDS.items()}
    told[WHY] = [was.why, now.why]
    old, new = ({each.key: each for each in one.criteria} for one in (was, now))
    for key, each in new.items():
        if key not in old:
            told[now.label(each)] = [None, f"{each.get_kind_display()}, weight {each.weight}"]
            continue
        before, after = _told(old[key]), _told(each)
        told |= {f"{was.label(old[key])}: {name}": [before[name], after[name]] for name in after}
    told |= {was.label(each): [each.name, None] for key, each in old.items() if key not in new}
    orders = [[key for key in one if key in old and key in new] for one in (old, new)]
    if orders[0] != orders[1]:
        told[ORDER] = [", ".join(new[key].name for key in order) for order in orders]
    return {name: pair for name, pair in told.items() if pair[0] != pair[1]}


def _told(criterion: Criterion) -> dict[str, Any]:
    """A criterion as the editor shows it."""
    fact = FACTS.get(criterion.source)
    return {
        "name": criterion.name,
        "weight": criterion.weight,
        "kind": str(criterion.get_kind_display()),
        "answered by": str(fact.label) if fact else "a person",
        "rule": rules.written(criterion.kind, criterion.rule),
        "must-have": "yes" if criterion.must_have else "no",
        "met from": str(criterion.rule.get("passes_at", "")),
        "help": criterion.help,
    }
