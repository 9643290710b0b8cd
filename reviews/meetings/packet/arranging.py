"""How a manager arranges the packet, and what both sides want talked about."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Contact
from reviews.meetings import steps
from reviews.meetings.packet import shown
from reviews.models import Arranged, Review, Topic
from reviews.models.reviews import AHEAD
from team.models import User

MOST_TOPICS = 30
LONGEST = 2000  # letters of a comment
MOVES = {"up": -1, "down": 1}


@transaction.atomic
def arrange(review: Review, key: str, do: str, comment: str = "") -> Review:
    """Move a section up or down, hide or show it, or say something of it; until the review is held."""
    held = steps.locked(review, *AHEAD)
    rows = [row for _section, row in shown.arranged(held)]
    at = next((n for n, row in enumerate(rows) if row.key == key), None)
    if at is None:
        raise steps.StepRefused(_("There is no such section."))
    if do in MOVES:
        to = min(max(0, at + MOVES[do]), len(rows) - 1)
        rows.insert(to, rows.pop(at))
    elif do in {"hide", "show"}:
        rows[at].is_hidden = do == "hide"
    else:
        rows[at].comment = comment.replace("\0", "").strip()[:LONGEST]
    _write(rows)
    return held


def _write(rows: list[Arranged]) -> None:
    for position, row in enumerate(rows):
        row.position = position
        row.save()


@transaction.atomic
def add_topic(review: Review, text: str, by: User | Contact, at: datetime) -> Topic:
    """Put something on the agenda, from either side; until the review is held."""
    held = steps.locked(review, *AHEAD)
    text = " ".join(text.replace("\0", "").split())
    if not text:
        raise steps.StepRefused(_("Say what is to be talked about."))
    if len(text) > 300:
        raise steps.StepRefused(_("A topic is one sentence: 300 letters at most."))
    if held.topics.count() >= MOST_TOPICS:
        raise steps.StepRefused(_("{n} topics are on the agenda already.").format(n=MOST_TOPICS))
    who = {"by_user": by} if isinstance(by, User) else {"by_contact": by}
    return Topic.objects.create(review=held, text=text, at=at, **who)


@transaction.atomic
def drop_topic(topic: Topic) -> None:
    """Take it off the agenda again."""
    steps.locked(topic.review, *AHEAD)
    topic.delete()
