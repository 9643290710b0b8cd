"""The sorts of things we decide on. An app registers what a yes and a no do; how soon we decide, who
decides and in which words are rows that an admin edits, begun from a starter when first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations import clocks, policies
from conversations.models import (
    Approval,
    Conversation,
    Decision,
    DecisionKind,
    DecisionReason,
    Matter,
    Policy,
)
from partners.models import Event
from prm.money import Money
from prm.refusals import Refused
from team.models import Calendar, Company, Role, User

DAY = 24 * 3600  # seconds
Answer = Decision.Answer


class KindRefused(Refused):
    """What is decided, by whom or in which words cannot be set like this."""


@dataclass(frozen=True)
class Fact:
    """One thing to know before deciding."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class Look:
    """What one sees of a matter: what is asked, and the facts; `more` is for a template of its own. A no is
    kept under one of `sorts`, as (value, words), where there are any: ours to count, not for who asked."""

    title: str
    facts: Sequence[Fact] = ()
    more: Any = None
    sorts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Starter:
    """How a kind begins: promised seconds on the clock of a mode, who decides, the words."""

    name: str
    seconds: int
    yes: Sequence[str]
    no: Sequence[str]
    mode: str = Policy.Mode.WORKING_DAYS
    lead_decides: bool = True
    roles: Sequence[str] = (Role.HEAD,)
    appeal_days: int | None = None


Effect = Callable[[Matter, Decision, datetime], object]


@dataclass(frozen=True)
class Kind:
    """What an app says of a sort of matter.

    `look` shows some matters, by their ids, in a fixed number of queries; `decided` does what the answer
    means, in the transaction of the decision; `holds` names conversations it writes to beside the
    matter's own. `of_partner`: a partner asks, and reads the answer. `contested` is called before a no is
    contested, and refuses where there is nothing left to win. `template` shows more of a matter.
    `owner_decides`: whoever looks after the partner does, before those whom the settings name.
    """

    key: str
    starter: Starter
    look: Callable[[Sequence[Matter]], Mapping[int, Look]]
    decided: Effect
    of_partner: bool = True
    has_amounts: bool = False
    template: str = ""
    holds: Callable[[Matter], Iterable[Conversation]] = field(default=lambda matter: ())
    owner_decides: bool = False
    contested: Callable[[Decision], None] = field(default=lambda decision: None)
    adds: Callable[[Matter], str] = field(default=lambda matter: "")


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Register a sort of matter."""
    _kinds[kind.key] = kind


def named(key: str) -> Kind:
    """The registered kind of this key. Raises LookupError for one that nobody registered."""
    if key not in _kinds:
        raise LookupError(f"no app registered decisions of kind {key!r}")
    return _kinds[key]


def owner_decides(key: str) -> bool:
    """Whether whoever looks after the partner decides on this sort of matter."""
    return key in _kinds and _kinds[key].owner_decides


def of_partners() -> list[str]:
    """The kinds that partners ask for."""
    return [kind.key for kind in _kinds.values() if kind.of_partner]


# --- the rows -------------------------------------------------------------------------------------------


def row(key: str, at: datetime) -> DecisionKind:
    """The settings of a kind, begun from its starter where there are none yet."""
    kept = DecisionKind.objects.filter(key=key).first()
    return kept or _begin(named(key), at)


def rows(at: datetime) -> list[DecisionKind]:
    """The settings of every registered kind, by name."""
    return sorted((row(key, at) for key in _kinds), key=lambda kept: kept.name)


@transaction.atomic
def _begin(kind: Kind, at: datetime) -> DecisionKind:
    starter = kind.starter
    made, is_new = DecisionKind.objects.get_or_create(
        key=kind.key,
        defaults={
            "name": starter.name,
            "lead_decides": starter.lead_decides,
            "appeal_days": starter.appeal_days,
        },
    )
    if is_new:
        Approval.objects.bulk_create(Approval(kind=made, role=role) for role in starter.roles)
        said = [(Answer.YES, words) for words in starter.yes] + [(Answer.NO, words) for words in starter.no]
        DecisionReason.objects.bulk_create(
            DecisionReason(kind=made, answer=answer, words=words) for answer, words in said
        )
        Policy.objects.create(
            family=f"decision:{kind.key}",
            decides=kind.key,
            name=starter.name,
            mode=starter.mode,
            first_seconds=starter.seconds,
            next_seconds=starter.seconds,
            created_at=at,
        )
    return made


def promise_of(kind: DecisionKind) -> Policy:
    """How soon we decide, as it stands."""
    return Policy.objects.get(decides=kind.key, is_active=True)


def clock_of(kind: DecisionKind) -> clocks.Clock:
    """The clock that a matter asked now would keep: its promise on its calendar, else the company's."""
    company = Company.objects.select_related("calendar").first()
    source = kind.calendar or (company.calendar if company else None)
    if source is None:
        raise KindRefused("Set up the company first: its working time is the clock of decisions.")
    return clocks.Clock(promise_of(kind), source.as_rule(), source)


# --- edited under Settings ------------------------------------------------------------------------------


@transaction.atomic
def change(
    kind: DecisionKind,
    by: User,
    at: datetime,
    name: str,
    calendar: Calendar | None,
    lead_decides: bool,
    roles: Iterable[str],
    appeal_days: int | None,
    **promise: Any,
) -> DecisionKind:
    """Set how soon and by whom it is decided; `promise` are terms of a policy. What waits already keeps
    the promise it was asked under; who decides on it follows."""
    named_roles = list(roles)
    if not lead_decides and not named_roles:
        raise KindRefused("Say who decides: a role, the lead of who asks, or both.")
    held = DecisionKind.objects.select_for_update().get(pk=kind.pk)
    before = _said(held)
    held.name, held.calendar, held.lead_decides = name, calendar, lead_decides
    held.appeal_days = appeal_days
    held.save()
    _give(held, named_roles)
    policies.revise(promise_of(held), by, at, name=name, **promise)
    after = _said(held)
    changes = {each: [before[each], after[each]] for each in after if before[each] != after[each]}
    if changes:
        Event.record("decision_kind_changed", at, by, changes=changes, note=held.name)
    return held


def _give(kind: DecisionKind, roles: Iterable[str]) -> None:
    """Let exactly these roles decide where no amount says otherwise."""
    wanted = set(roles)
    plain = kind.approvals.filter(currency="")
    plain.exclude(role__in=wanted).delete()
    for role in sorted(wanted - set(plain.values_list("role", flat=True))):
        Approval.objects.create(kind=kind, role=role)


def _said(kind: DecisionKind) -> dict[str, str]:
    """What the settings say, in words."""
    return {
        "name": kind.name,
        "calendar": str(kind.calendar or ""),
        "lead_decides": "yes" if kind.lead_decides else "no",
        "roles": ", ".join(str(each) for each in kind.approvals.all()),
        "appeal_days": str(kind.appeal_days or ""),
    }


@transaction.atomic
def add_threshold(kind: DecisionKind, role: str, amount: Money, by: User, at: datetime) -> Approval:
    """From this amount on a role decides, instead of whoever decides below."""
    made, is_new = Approval.objects.get_or_create(
        kind=kind, role=role, from_minor=amount.minor, currency=amount.currency
    )
    if not is_new:
        raise KindRefused("This stands there already.")
    Event.record("decision_kind_changed", at, by, note=f"{kind}: {made}")
    return made


@transaction.atomic
def remove_threshold(approval: Approval, by: User, at: datetime) -> None:
    """The amount makes no difference any more."""
    if not approval.currency:
        raise KindRefused("Who decides without an amount is chosen above.")
    Event.record("decision_kind_changed", at, by, note=f"{approval.kind}: no more {approval}")
    approval.delete()


@transaction.atomic
def add_reason(kind: DecisionKind, answer: str, words: str, by: User, at: datetime) -> DecisionReason:
    """Words to choose from."""
    words = " ".join(words.split())
    if not words:
        raise KindRefused("Write the words of the reason.")
    made, is_new = DecisionReason.objects.get_or_create(kind=kind, answer=answer, words=words[:300])
    if not is_new:
        raise KindRefused("These words stand there already.")
    Event.record("decision_kind_changed", at, by, note=f"{kind}: {made.get_answer_display()}, “{made}”")
    return made


@transaction.atomic
def remove_reason(reason: DecisionReason, by: User, at: datetime) -> None:
    """Offer these words no more; decisions that said them keep them. One yes has to stay."""
    others = reason.kind.reasons.filter(answer=reason.answer).exclude(pk=reason.pk)
    if reason.answer == Answer.YES and not others.exists():
        raise KindRefused("A yes needs words, too: add others before you take these away.")
    Event.record("decision_kind_changed", at, by, note=f"{reason.kind}: no more “{reason}”")
    reason.delete()
