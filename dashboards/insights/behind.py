"""What stands behind a figure: its rows as a list and as a file, exactly those it counts.

A sort of rows (waits, promises, visits, partners) says once how it is shown; a figure says which rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations import figures as answers
from conversations.models import Commitment, Wait, hidden_from
from dashboards.insights.withholding import Part
from dashboards.load import LOAD
from lifecycle import figures as road
from partners.models import Partner, Visit
from prm import addresses
from prm.figures import Figure
from prm.paging import Order
from team.models import User


@dataclass(frozen=True)
class Cell:
    """What stands in one column of a row: words or a moment, where it leads, its tone as a pill."""

    words: str = ""
    url: str = ""
    tone: str = ""
    at: datetime | date | None = None

    def text(self, zone: tzinfo) -> str:
        """As it stands in a file, a moment with the zone's offset."""
        if isinstance(self.at, datetime):
            return self.at.astimezone(zone).isoformat(timespec="minutes")
        return self.at.isoformat() if self.at else self.words


@dataclass(frozen=True)
class Sort:
    """How rows of one sort are shown: the words for so many, the columns, the order, what is fetched with
    them, and which of them are private to others than a person."""

    words: Callable[[int], str]
    heads: tuple[str | Promise, ...]
    order: Order
    related: tuple[str, ...]
    cells: Callable[[Any], list[Cell]]
    hidden: Callable[[User], Q] = lambda user: Q(pk=None)


def _partner(partner: Partner) -> Cell:
    return Cell(partner.name, addresses.of("dashboards:partner", partner.pk))


TONES: dict[str, str] = {
    Wait.State.MET: "ok",
    Wait.State.LATE: "bad",
    Wait.State.MET_LATE: "bad",
    Commitment.Status.KEPT: "ok",
    Commitment.Status.RENEGOTIATED: "warn",
    Commitment.Status.BROKEN: "bad",
}  # a promise done late is called as a wait that is late


def _wait(wait: Wait) -> list[Cell]:
    return [
        Cell(wait.conversation.subject, addresses.of("conversations:conversation", wait.conversation_id)),
        _partner(wait.partner),
        Cell(at=wait.opened_at),
        Cell(at=wait.due_at),
        Cell(at=wait.answered_at),
        Cell(str(wait.get_state_display()), tone=TONES.get(wait.state, "")),
        Cell(_("outside working time") if wait.due_outside else ""),
    ]


def _promise(promise: Commitment) -> list[Cell]:
    return [
        Cell(promise.text, addresses.of("conversations:promise", promise.pk)),
        _partner(promise.partner),
        Cell(at=promise.original_promised_for),
        Cell(at=promise.promised_for),
        Cell(at=promise.done_at),
        Cell(str(promise.get_status_display()), tone=TONES.get(promise.status, "")),
    ]


def _visit(visit: Visit) -> list[Cell]:
    days = (visit.left_at - visit.entered_at).days if visit.left_at and visit.entry_is_known else None
    return [
        _partner(visit.partner),
        Cell(str(visit.get_stage_display())),
        Cell(at=visit.entered_at if visit.entry_is_known else None),
        Cell(at=visit.left_at),
        Cell("" if days is None else str(days)),
    ]


def _still(partner: Partner) -> list[Cell]:
    return [
        _partner(partner),
        Cell(str(partner.get_stage_display())),
        Cell(at=partner.stage_since),
        Cell(str(partner.owner or _("Unassigned"))),
    ]


WAITS = Sort(
    lambda n: ngettext("{n} question", "{n} questions", n),
    (
        gettext_lazy("Conversation"),
        gettext_lazy("Partner"),
        gettext_lazy("Asked"),
        gettext_lazy("Due"),
        gettext_lazy("Answered"),
        gettext_lazy("State"),
        gettext_lazy("Due then"),
    ),
    Order("due_at", descending=True, nullable=False),
    ("conversation", "partner"),
    _wait,
    lambda user: hidden_from(user, "conversation"),
)
PROMISES = Sort(
    lambda n: ngettext("{n} promise", "{n} promises", n),
    (
        gettext_lazy("Promise"),
        gettext_lazy("Partner"),
        gettext_lazy("First promised for"),
        gettext_lazy("Promised for"),
        gettext_lazy("Done"),
        gettext_lazy("State"),
    ),
    Order("promised_for", descending=True, nullable=False),
    ("partner",),
    _promise,
    lambda user: hidden_from(user, "made_in__conversation") & ~Q(owner=user),
)
VISITS = Sort(
    lambda n: ngettext("{n} stay", "{n} stays", n),
    (
        gettext_lazy("Partner"),
        gettext_lazy("Stage"),
        gettext_lazy("Since"),
        gettext_lazy("Until"),
        gettext_lazy("Days"),
    ),
    Order("entered_at", descending=True, nullable=False),
    ("partner",),
    _visit,
)
PARTNERS = Sort(
    lambda n: ngettext("{n} partner", "{n} partners", n),
    (gettext_lazy("Partner"), gettext_lazy("Stage"), gettext_lazy("There since"), gettext_lazy("Owner")),
    Order("stage_since", nullable=False),
    ("owner",),
    _still,
)

MOVES = (road.CAME_IN, road.WENT_ON_SHARE, road.STAYED_FOR)
ANSWERS = (answers.IN_TIME, answers.FELL_LATE, answers.LATE_OUTSIDE)
KEPT = (*answers.PROMISES, answers.PROMISES_MADE)
SORTS: dict[str, tuple[Figure[Any], Sort]] = {
    **{figure.name: (figure, PARTNERS) for figure in (road.ON_THE_ROAD, LOAD, road.STALLED)},
    **{figure.name: (figure, VISITS) for figure in MOVES},
    **{figure.name: (figure, WAITS) for figure in (*ANSWERS, answers.LATE_NOW)},
    **{figure.name: (figure, PROMISES) for figure in KEPT},
}
OF_TIME: dict[str, Part] = {
    figure.name: part
    for part, figures in ((Part.MOVES, MOVES), (Part.ANSWERS, ANSWERS), (Part.PROMISES, KEPT))
    for figure in figures
}  # the others are of now
OF_THE_ROAD = {figure.name for figure in road.ALL}


@dataclass(frozen=True)
class Behind:
    """The rows of a figure as a person may see them: `count` in all, `private` of them it may not read."""

    figure: Figure[Any]
    sort: Sort
    rows: QuerySet[Any]
    count: int
    private: int

    @property
    def of_time(self) -> bool:
        """Whether it counts rows of the time asked for, and not of now."""
        return self.figure.name in OF_TIME

    @property
    def words(self) -> str:
        """How many it counts: "1 question"."""
        return self.sort.words(self.count).format(n=self.count)

    @property
    def private_words(self) -> str:
        """How many it counts and does not show; "" where it shows all."""
        if not self.private:
            return ""
        return ngettext(
            "{n} of them stands in a conversation that is private to others.",
            "{n} of them stand in conversations that are private to others.",
            self.private,
        ).format(n=self.private)

    @property
    def shown(self) -> QuerySet[Any]:
        return self.rows.select_related(*self.sort.related)


def of(name: str, asked: Any, user: User, of_all: bool = False) -> Behind:
    """The rows that the figure called `name` counts; `of_all` those it counts them among. Two queries.
    Raises KeyError where there is no such figure."""
    figure, sort = SORTS[name]
    rows = figure.rows(asked) if of_all else figure.counted(asked)
    hidden = sort.hidden(user)
    return Behind(
        figure,
        sort,
        rows.filter(~hidden) if sort in (WAITS, PROMISES) else rows,
        rows.order_by().count(),
        rows.filter(hidden).order_by().count() if sort in (WAITS, PROMISES) else 0,
    )


def cells(behind: Behind, rows: Iterable[Any]) -> list[list[tuple[str, Cell]]]:
    """What stands in each row, each under the head of its column."""
    heads = [str(head) for head in behind.sort.heads]
    return [list(zip(heads, behind.sort.cells(row), strict=True)) for row in rows]


def lines(behind: Behind, zone: tzinfo) -> Iterable[Sequence[str]]:
    """Each row as it stands in a file, in the list's order; at the end how many it does not hold."""
    ordered = behind.shown.order_by(*behind.sort.order.by()).iterator(chunk_size=1000)
    rows = ([cell.text(zone) for cell in behind.sort.cells(row)] for row in ordered)
    withheld = ngettext(
        "{n} of {counted} is withheld: it is private to others.",
        "{n} of {counted} are withheld: they are private to others.",
        behind.private,
    ).format(n=behind.private, counted=behind.words)
    return chain(rows, [[withheld]] if behind.private else [])
