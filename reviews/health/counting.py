"""The measures that count events: answers, what was asked of them, promises of either side."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _

from conversations import figures, waits
from conversations.models import Commitment, Message, Wait, Wanted
from lifecycle.models import Task
from lifecycle.models.road import Side
from partners.models import seen_by
from prm import addresses
from reviews.health.measures import Asked, Events, Measure, Row
from team.models import User

State, Status = Wait.State, Commitment.Status


def _local(column: Any, asked: Asked) -> TruncDate:
    """The day of a moment, where the company is."""
    return TruncDate(column, tzinfo=ZoneInfo(asked.zone))


# --- how we answer --------------------------------------------------------------------------------------


def _answers(asked: Asked) -> QuerySet[Wait]:
    """Questions of theirs that fell due in the year, answered or late."""
    rows = Wait.objects.filter(
        **asked.them(),
        metric__in=waits.REPLY,
        state__in=[State.MET, State.MET_LATE, State.LATE],
        due_at__gt=asked.moment(asked.since),
        due_at__lte=asked.at,
    )
    return rows.annotate(on=_local("due_at", asked))


def _answer(row: Any, asked: Asked) -> Row:
    says = _("waits still") if row.state == State.LATE else str(row.get_state_display())
    url = row.conversation.get_absolute_url()
    return Row(row.conversation.subject, row.on, says, row.state == State.MET, url, asked.weight(row.on))


ANSWERS = Events(
    _answers,
    Q(state=State.MET),
    lambda rows, user: rows.filter(pk__in=Wait.objects.visible_to(user).values("pk")),
    _answer,
    ("conversation",),
)

# --- how they answer ------------------------------------------------------------------------------------


def _wanted(asked: Asked) -> QuerySet[Wanted]:
    """Messages of ours that named a day for their answer, where that day ended in the year; of others it is
    not known how soon they answer."""
    of_year = figures.Asked(asked.moment(asked.since), asked.at)
    rows = figures.THEIR_ANSWERS.rows(of_year).filter(**asked.them("message__partner"))
    return rows.annotate(partner=F("message__partner_id"))


def _wanted_one(row: Any, asked: Asked) -> Row:
    is_good = row.answered_at is not None and row.answered_at < row.ends_at
    says = _("not answered") if row.answered_at is None else _("answered by then") if is_good else _("late")
    thread = row.message.conversation
    return Row(thread.subject, row.on, says, is_good, thread.get_absolute_url(), asked.weight(row.on))


THEIR_ANSWERS = Events(
    _wanted,
    figures.THEIR_ANSWERS.counts,
    lambda rows, user: rows.filter(message__in=Message.objects.visible_to(user)),
    _wanted_one,
    ("message__conversation",),
)

# --- what we asked of them ------------------------------------------------------------------------------


def _tasks(asked: Asked) -> QuerySet[Task]:
    """Tasks of theirs whose day came in the year; done is when they handed it in."""
    rows = Task.objects.filter(
        **asked.them(),
        side=Side.THEIRS,
        skipped_at=None,
        due_on__gt=asked.since,
        due_on__lt=asked.day,
    )
    return rows.annotate(on=F("due_on"), did_on=_local(Coalesce("handed_in_at", "done_at"), asked))


def _task(row: Any, asked: Asked) -> Row:
    in_time = row.did_on is not None and row.did_on <= row.due_on
    says = _("not done") if row.did_on is None else _("done by its day") if in_time else _("done late")
    url = addresses.of("dashboards:partner", row.partner_id)
    return Row(row.text, row.on, says, in_time, url, asked.weight(row.on))


def _seen(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    return rows.filter(seen_by(user))


TASKS = Events(_tasks, Q(did_on__lte=F("due_on")), _seen, _task)

# --- promises -------------------------------------------------------------------------------------------

KEPT = [Status.KEPT, Status.RENEGOTIATED]


def _promises(side: str) -> Any:
    def rows(asked: Asked) -> QuerySet[Commitment]:
        """Promises that were settled, or whose day has passed."""
        come = Q(done_at__lte=asked.at) & ~Q(status=Status.OPEN)
        come |= Q(status=Status.BROKEN) | Q(promised_for__lt=asked.day)
        found = Commitment.objects.filter(come, **asked.them(), side=side, promised_for__gt=asked.since)
        return found.exclude(status=Status.WITHDRAWN).annotate(on=F("promised_for"))

    return rows


def _promise(row: Any, asked: Asked) -> Row:
    says = _("overdue") if row.status == Status.OPEN else str(row.get_status_display())
    url = addresses.of("dashboards:partner", row.partner_id) + "?show=promises#timeline"
    return Row(row.text, row.on, says, row.status in KEPT, url, asked.weight(row.on))


def _visible(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    return rows.filter(pk__in=Commitment.objects.visible_to(user).values("pk"))


OURS, THEIRS = (
    Events(_promises(side), Q(status__in=KEPT), _visible, _promise) for side in Commitment.Side.values
)

MEASURES = [
    Measure(
        "answers",
        "responsiveness",
        "We answer in time",
        "Questions of theirs that fell due in 12 months: those answered by their due time.",
        ANSWERS.count,
        ANSWERS.behind,
        15,
    ),
    Measure(
        "their_answers",
        "responsiveness",
        "They answer by the day asked for",
        "Messages of ours that named a day for their answer, in 12 months: those answered by then. Unknown "
        "where no day was named.",
        THEIR_ANSWERS.count,
        THEIR_ANSWERS.behind,
        10,
    ),
    Measure(
        "tasks",
        "engagement",
        "They do what was asked by its day",
        "Tasks of theirs whose day came in 12 months: those handed in by then.",
        TASKS.count,
        TASKS.behind,
        0,
    ),
    Measure(
        "ours",
        "commitments",
        "We keep our promises",
        "Promises of ours that fell due in 12 months: those kept by their first date, or by one moved "
        "beforehand with consent.",
        OURS.count,
        OURS.behind,
        15,
    ),
    Measure(
        "theirs",
        "commitments",
        "They keep theirs",
        "Promises of theirs that fell due in 12 months: those kept by their first date, or by one moved "
        "beforehand with consent.",
        THEIRS.count,
        THEIRS.behind,
        10,
    ),
]
