"""What we promise: policies for some partners or for all, their versions, and the clock each mode keeps.

A policy is a family of versions, one of them active. Of those that fit a message the one with the
highest priority holds, then the one that was made first; the wait keeps which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import CharField, Max, OuterRef, Q, QuerySet, Subquery

from conversations.models import Policy, Wait
from partners.models import Event, Membership, Partner
from prm.calendars import Window, WorkCalendar
from prm.questions import Asked, Given, Question, key
from prm.refusals import Refused
from team.models import User

STANDARD = "standard"
WHOLE_DAY: list[Window] = [("00:00", "24:00")]
PROMISED = 24 * 3600  # seconds, on the clock of the mode
LONGEST = 366 * 24 * 3600  # seconds
SWITCHED_OFF = "The policy was switched off."

TERMS = (
    *("name", "priority", "channel", "mode", "first_seconds", "next_seconds"),
    *("warn_share", "lead_after_seconds", "head_after_days"),
)
SCOPE = ("tiers", "kinds", "regions")


class PolicyRefused(Refused):
    """The policy cannot be made or changed like this."""


# --- which one holds ----------------------------------------------------------------------------------


def in_order() -> QuerySet[Policy]:
    """The active policies in the order in which they are tried."""
    made_first = Policy.objects.filter(family=OuterRef("family")).order_by("pk").values("pk")[:1]
    active = Policy.objects.filter(is_active=True, decides="")
    return active.annotate(founded=Subquery(made_first)).order_by("-priority", "founded")


def matching(partner: Partner, channel: str = "", membership: Membership | None = None) -> Policy | None:
    """The policy for what this partner asks on a channel, now; None where nothing is promised.

    Type and tier are those of `membership`, else the partner's main ones.
    """
    return next(iter(MATCHING.ask(**_scope(partner, channel, membership))), None)


def asked(partner: Partner) -> list[Asked[Any]]:
    """What `matching` asks of a partner on any channel."""
    return [MATCHING.of(**_scope(partner, "", None))]


def _scope(partner: Partner, channel: str, membership: Membership | None) -> dict[str, Any]:
    tier, kind = partner.tier_id, partner.kind_id
    if membership is not None:
        tier, kind = membership.tier_id, membership.programme.kind_id
    return {"tier": tier, "kind": kind, "region": partner.region_id, "channel": channel}


def _matching() -> QuerySet[Policy]:
    fits = _any_or(tiers="tier") & _any_or(kinds="kind") & _any_or(regions="region")
    on_channel = Q(channel="") | Q(channel=Given("channel", CharField()))
    return in_order().filter(fits & on_channel)[:1]


def _any_or(**scope: str) -> Q:
    """Any, or the one given."""
    ((name, given),) = scope.items()
    return Q(**{name: None}) | Q(**{name: key(given)})


MATCHING = Question(_matching)


# --- founding, adding, revising -----------------------------------------------------------------------


@transaction.atomic
def found(mode: str, at: datetime) -> Policy:
    """The first promise, made at set-up: an answer within 24 hours on the clock of `mode`."""
    _check({"mode": mode})
    if Policy.objects.filter(family=STANDARD).exists():
        raise PolicyRefused("The promise was made already; change it under Settings.")
    return Policy.objects.create(family=STANDARD, mode=mode, created_at=at)


@transaction.atomic
def add(by: User, at: datetime, **terms: Any) -> Policy:
    """A further policy, for what opens from now on. `terms` as TERMS and SCOPE name them."""
    _check(terms)
    made = _made(f"p-{uuid4().hex}", 1, terms, at)
    Event.record("policy_added", at, by, changes=_changes({}, terms_of(made)), note=str(made))
    return made


@transaction.atomic
def revise(policy: Policy, by: User, at: datetime, **terms: Any) -> Policy:
    """A new version of a policy, with `terms` changed. Waits that are open keep the version they were
    opened under. The same terms make no version."""
    _check(terms)
    held = _held(policy)
    active = next((version for version in held if version.is_active), None)
    if active is None:
        raise PolicyRefused("This policy is switched off. Switch it on first.")
    before = terms_of(active)
    changes = _changes(before, before | terms)
    if not changes:
        return active
    Policy.objects.filter(pk=active.pk).update(is_active=False)
    made = _made(policy.family, held[-1].version + 1, before | terms, at, active.decides)
    Event.record("policy_changed", at, by, changes=changes, note=str(made))
    return made


def terms_of(policy: Policy) -> dict[str, Any]:
    """What a policy says, and for whom."""
    scope = {name: list(getattr(policy, name).all()) for name in SCOPE}
    return {name: getattr(policy, name) for name in TERMS} | scope


def _made(family: str, version: int, terms: Mapping[str, Any], at: datetime, decides: str = "") -> Policy:
    said = {name: value for name, value in terms.items() if name in TERMS}
    made = Policy.objects.create(family=family, version=version, decides=decides, created_at=at, **said)
    for name in SCOPE:
        getattr(made, name).set(terms.get(name, ()))
    return made


@transaction.atomic
def switch_off(policy: Policy, by: User, at: datetime) -> int:
    """Open no more waits under this policy and cancel those still open; how many were."""
    held = _held(policy)
    if not any(version.is_active for version in held):
        raise PolicyRefused("This policy is switched off already.")
    Policy.objects.filter(family=policy.family).update(is_active=False)
    cancelled = (
        Wait.objects.open()
        .filter(policy__family=policy.family)
        .update(
            state=Wait.State.CANCELLED,
            cancelled_reason=SWITCHED_OFF,
            cancelled_at=at,
            next_check_at=None,
        )
    )
    Event.record("policy_switched_off", at, by, changes={"cancelled": cancelled}, note=str(held[-1]))
    return cancelled


@transaction.atomic
def switch_on(policy: Policy, by: User, at: datetime) -> Policy:
    """Open waits under its newest version again, from now on."""
    held = _held(policy)
    if any(version.is_active for version in held):
        raise PolicyRefused("This policy is switched on already.")
    newest = held[-1]
    Policy.objects.filter(pk=newest.pk).update(is_active=True)
    newest.is_active = True
    Event.record("policy_switched_on", at, by, note=str(newest))
    return newest


def switched_off() -> QuerySet[Policy]:
    """The newest version of each policy that is off."""
    on = Policy.objects.filter(is_active=True).values("family")
    newest = (
        Policy.objects.filter(decides="").exclude(family__in=on).values("family").annotate(newest=Max("pk"))
    )
    return Policy.objects.filter(pk__in=newest.values("newest")).order_by("name", "pk")


def _held(policy: Policy) -> list[Policy]:
    """The versions of a policy, oldest first, locked against another's change. The lock also waits for
    whoever is just opening a wait under one of them."""
    return list(Policy.objects.select_for_update().filter(family=policy.family).order_by("version"))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    """Which terms differ, in words."""
    pairs = {name: [_said(before.get(name)), _said(value)] for name, value in after.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _said(value: Any) -> str:
    if isinstance(value, str) or value is None:
        return value or ""
    if isinstance(value, Iterable):
        return ", ".join(sorted(str(each) for each in value))
    return f"{float(value):g}"


def _check(terms: Mapping[str, Any]) -> None:
    if unknown := set(terms) - {*TERMS, *SCOPE}:
        raise TypeError(f"a policy has no {sorted(unknown)}")
    mode = terms.get("mode", Policy.Mode.ELAPSED)
    if mode not in Policy.Mode.values:
        raise PolicyRefused(f"“{mode}” is no way to keep the promise; choose one of the modes.")
    if not str(terms.get("name", "x")).strip():
        raise PolicyRefused("Give the policy a name.")
    for name in ("first_seconds", "next_seconds"):
        if not 0 < terms.get(name, PROMISED) <= LONGEST:
            raise PolicyRefused("A reply is promised within a year, and not at once.")


# --- the clock of a mode ------------------------------------------------------------------------------


def rule_for(mode: str, hours: WorkCalendar) -> WorkCalendar:
    """The clock of a mode, from the office hours: round the clock; whole working days less
    holidays; or these hours themselves."""
    if mode == Policy.Mode.ELAPSED:
        return WorkCalendar.always()
    if mode == Policy.Mode.WORKING_DAYS:
        return WorkCalendar(
            hours.zone.key,
            {day: WHOLE_DAY for day, windows in hours.weekly.items() if windows},
            {day: WHOLE_DAY if windows else [] for day, windows in hours.exceptions.items()},
        )
    return hours


def preview(
    mode: str,
    zone: str,
    weekly: Mapping[int | str, Sequence[Sequence[str]]],
    days: Iterable[date] | Mapping[date, Sequence[Sequence[str]]],
    moment: datetime,
) -> datetime:
    """When a message of `moment` would fall due, in UTC, with these hours before they are saved.

    `weekly` as `Calendar.weekly` or `WorkCalendar` have it; `days` are holidays, or dates with
    their windows. Raises ValueError or NoWorkingTime where the hours cannot be used.
    """
    _check({"mode": mode})
    differing = days if isinstance(days, Mapping) else {day: [] for day in days}
    hours = WorkCalendar(
        zone,
        {int(day): _windows(windows) for day, windows in weekly.items()},
        {day: _windows(windows) for day, windows in differing.items()},
    )
    return rule_for(mode, hours).due(moment, PROMISED)


def _windows(windows: Sequence[Sequence[str]]) -> list[Window]:
    return [(opens, closes) for opens, closes in windows]
