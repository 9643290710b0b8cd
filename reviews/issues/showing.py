"""What the page of an issue tells of it: to us, and less what is internal to the partner."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from conversations import countdown
from conversations.countdown import Countdown
from conversations.models import threads
from lifecycle.ending import parts
from partners.models import Partner
from reviews.issues.models import Escalation, Issue, Resolution
from team.models import User
from team.readers import Reader

WITH = ("partner__owner", "contact", "raised_by", "review", "wait__conversation__responsible__lead")


@dataclass(frozen=True)
class Shown:
    """An issue, its clock while it runs, and how it was solved, the newest first."""

    issue: Issue
    clock: Countdown | None
    resolutions: list[Resolution]
    escalations: list[Escalation] = field(default_factory=list)
    is_paused: bool = False

    @property
    def standing(self) -> Resolution | None:
        """How it was solved, where that stands."""
        return next((each for each in self.resolutions if each.stands), None)

    @property
    def former(self) -> list[Resolution]:
        return [each for each in self.resolutions if not each.stands]


def of(issue: Issue, at: datetime) -> Shown:
    """For us: with whom it was brought before."""
    escalations = list(issue.escalations.select_related("to", "by"))
    wait = issue.wait
    is_paused = issue.is_open and wait.paused_until is not None and at < wait.paused_until
    return Shown(issue, _clock(issue, at), _resolutions(issue), escalations, is_paused)


def theirs(issue: Issue, at: datetime) -> dict[str, Any]:
    """For the partner: no cause, nobody it was brought before, and whether it may still be opened again."""
    shown = Shown(issue, _clock(issue, at), _resolutions(issue))
    standing = shown.standing
    may_reopen = standing is not None and at <= standing.reopen_until
    return {"issue": issue, "shown": shown, "may_reopen": may_reopen}


def _clock(issue: Issue, at: datetime) -> Countdown | None:
    return countdown.read(issue.wait, at) if issue.is_open else None


def _resolutions(issue: Issue) -> list[Resolution]:
    rows: QuerySet[Resolution] = issue.resolutions.select_related(
        "cause", "by", "reopened_by", "reopened_by_contact"
    )
    return list(rows.order_by("-at", "-pk"))


def open_with(partner: Partner) -> QuerySet[Issue]:
    """Those to be solved, the most pressing first: what stands when a partnership ends."""
    found = Issue.objects.open().filter(partner=partner).select_related("wait")
    return found.order_by("wait__due_at", "pk")[: parts.MOST]


def hidden_from(who: User | Reader) -> QuerySet[Issue]:
    """Those whose conversation is private to others than this person."""
    return Issue.objects.filter(threads.hidden_from(who, "wait__conversation"))
