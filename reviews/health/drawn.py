"""Health in the packet of a review. Both sides read it: its lines speak to the partner, and what its people
answered stands in one line with other things, so that no single answer can be made out."""

from __future__ import annotations

from prm.questions import Asked as Unasked
from prm.questions import Question, day, key
from prm.stats import FEW
from reviews.health import telling
from reviews.health.models import Snapshot
from reviews.meetings.packet.drawn import figure
from reviews.meetings.packet.sections import Asked, Section, Values

LINES = {
    "We answer in time": ["answers"],
    "You answer by the day we asked for": ["their_answers"],
    "You do what was asked by its day": ["tasks"],
    "We keep our promises": ["ours"],
    "You keep yours": ["theirs"],
    "Deals, against the plan and their own year": ["plan", "trend"],
    "Training, contact and what your people answer": ["certified", "contact", "said"],
}


NEWEST = Question(
    lambda: (
        Snapshot.objects.filter(partner=key("partner"), day__lte=day("on"))
        .select_related("formula")
        .order_by("-day")[:1]
    )
)


def newest(asked: Asked) -> Unasked[Snapshot]:
    """The newest reading by the last day."""
    return NEWEST.of(partner=asked.partner.pk, on=asked.until)


def health(asked: Asked) -> Values:
    """The newest reading by the day, as it was read; nothing where too little was known."""
    rows = asked.rows(newest)
    if not rows or rows[0].score is None:
        return {}
    row = rows[0]
    known = [(name, [row.lines[key] for key in keys if key in row.lines]) for name, keys in LINES.items()]
    return {
        "score": telling.points(row.score),
        "colour": row.stands,
        "word": telling.colour_words(row.stands),
        "day": row.day.isoformat(),
        "coverage": row.coverage,
        "formula": row.formula.number,
        "figures": [] if _tells_an_answer(row) else [_added(name, lines) for name, lines in known if lines],
    }


def _tells_an_answer(row: Snapshot) -> bool:
    """Whether the line with what people answer would be made of a few answers alone."""
    beside = any(key in row.lines for key in ("certified", "contact"))
    return "said" in row.lines and not beside and row.lines["said"][2] < FEW


def _added(name: str, lines: list[list[int]]) -> Values:
    points, most = sum(line[0] for line in lines), sum(line[1] for line in lines)
    return figure(name, name, f"{telling.points(points)} of {telling.points(most)}")


SECTION = Section(
    "health",
    "Health",
    "How the partnership goes, both sides measured: a hundred points are shared among what is known, and the "
    "score is the sum of what each line adds. What is longer ago counts less.",
    health,
    reads=(newest,),
)
