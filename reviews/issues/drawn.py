"""The section of the packet about issues: what is open, what was raised and solved since the last review."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from conversations.models import Wait
from prm.questions import Asked as Unasked
from prm.questions import Question, key, moment
from reviews.issues.models import Issue
from reviews.meetings.packet.drawn import MOST, figure, line
from reviews.meetings.packet.sections import Asked, Section, Values


def _told() -> QuerySet[Issue]:
    rows = Issue.objects.shared().filter(partner=key("partner"), raised_at__lt=moment("end"))
    left = rows.filter(Q(solved_at=None) | Q(solved_at__gte=moment("begin"))).select_related("wait")
    return left.order_by("wait__due_at", "pk")


TOLD = Question(_told)


def told(asked: Asked) -> Unasked[Issue]:
    """Those that were open in the time, or were raised in it."""
    since, until = asked.moments
    return TOLD.of(partner=asked.partner.pk, begin=since, end=until)


def issues(asked: Asked) -> Values:
    """Those open at the end of the time first, then those solved in it; what is private is left out."""
    since, until = asked.moments
    found = asked.rows(told)
    raised = sum(each.raised_at >= since for each in found)
    solved = [each for each in found if each.solved_at is not None and each.solved_at < until]
    left = [each for each in found if each not in solved]
    if not found:
        return {}
    in_time = sum(each.wait.state == Wait.State.MET for each in solved)
    figures = [
        figure("open", "Open issues", len(left)),
        figure("raised", "Raised in the time", raised),
        figure("solved", "Solved in the time", len(solved)),
        figure("in_time", "Of them by the time we promised", f"{in_time} of {len(solved)}"),
    ]
    lines = [*(_open(each, until) for each in left), *(_solved(each) for each in solved)]
    return {"figures": figures, "lines": lines[:MOST]}


def _open(issue: Issue, until: datetime) -> Values:
    due_at: Any = issue.wait.due_at
    note = f"{issue.get_severity_display().lower()} · to be solved by {_day(due_at)}"
    is_late = due_at < until
    return line(issue.title, note, "late" if is_late else "open", "bad" if is_late else "")


def _solved(issue: Issue) -> Values:
    note = f"{issue.get_severity_display().lower()} · solved {_day(issue.solved_at)}"
    return line(issue.title, note, "solved", "ok")


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j M Y") if moment else ""


SECTION = Section(
    "issues",
    "Issues",
    "What was wrong between us: open on the day, and solved in the time; each severity has its promise.",
    issues,
    restates=True,
    reads=(told,),
)
