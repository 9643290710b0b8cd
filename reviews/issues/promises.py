"""By when issues are solved: a promise for each severity, kept as a policy whose versions waits keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from conversations import clocks, policies
from conversations.models import Conversation, Policy
from partners.models import Event
from prm.refusals import Refused
from reviews.issues.models import IssueRules, Severity
from team.models import Company, User

DAY = 24 * 3600  # seconds; on working days one of them
STARTERS = {Severity.CRITICAL: DAY, Severity.SERIOUS: 3 * DAY, Severity.MINOR: 10 * DAY}


class PromiseRefused(Refused):
    """Nothing can be promised yet."""


@dataclass(frozen=True)
class Promise:
    """How soon issues of a severity are solved."""

    mode: str
    seconds: int


def policy_of(severity: str, at: datetime) -> Policy:
    """What is promised for a severity; begun with a starter when it is first needed."""
    kept = Policy.objects.filter(decides=_key(severity), is_active=True).first()
    return kept or _begin(Severity(severity), at)


def all_policies(at: datetime) -> dict[str, Policy]:
    """The promise of each severity, the most severe first."""
    return {severity: policy_of(severity, at) for severity in Severity.values}


def _key(severity: str) -> str:
    return f"issue:{severity}"


def _begin(severity: Severity, at: datetime) -> Policy:
    key, seconds = _key(severity), STARTERS[severity]
    terms = {
        "decides": key,
        "name": f"{severity.label} issues",
        "mode": Policy.Mode.WORKING_DAYS,
        "first_seconds": seconds,
        "next_seconds": seconds,
        "created_at": at,
    }
    return Policy.objects.get_or_create(family=key, version=1, defaults=terms)[0]


def clock_of(severity: str, conversation: Conversation, at: datetime) -> clocks.Clock:
    """The clock of an issue raised now: its promise on the hours of whoever owns it, else the company's."""
    company = Company.objects.select_related("calendar").first()
    person = conversation.responsible
    source = (person.calendar if person else None) or (company.calendar if company else None)
    if source is None:
        raise PromiseRefused("Set up the company first: its working time is the clock of issues.")
    return clocks.Clock(policy_of(severity, at), source.as_rule(), source)


def reopen_days() -> int:
    """How many days the partner can open a solved issue again."""
    kept = IssueRules.objects.first()
    return (kept or IssueRules()).reopen_days


@transaction.atomic
def change(promised: dict[str, Promise], days: int, by: User, at: datetime) -> None:
    """Set how soon issues are solved and how long they can be opened again; open ones keep their promise."""
    for severity, promise in promised.items():
        seconds = {"first_seconds": promise.seconds, "next_seconds": promise.seconds}
        policies.revise(policy_of(severity, at), by, at, mode=promise.mode, **seconds)
    before = reopen_days()
    if days != before:
        IssueRules.objects.update_or_create(pk=1, defaults={"reopen_days": days})
        Event.record("issue_rules_changed", at, by, changes={"reopen_days": [before, days]}, note=str(days))
