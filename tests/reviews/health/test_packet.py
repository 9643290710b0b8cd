"""Health in the packet: read by both sides, adding up, frozen when the review is held."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.models import Conversation, Message
from partners.models import Contact, Partner
from reviews.health.drawn import LINES
from reviews.health.reckoning import MEASURES
from reviews.meetings import steps
from reviews.meetings.packet import shown
from reviews.models import Review
from team.models import User
from tests.conftest import MONDAY
from tests.reviews.conftest import review as review
from tests.reviews.health.conftest import answered, promised, read, weighing
from tests.reviews.test_packet import figures, part

DAY = timedelta(days=1)


def test_its_lines_add_up_to_the_score(known: Partner, review: Review) -> None:
    assert part(review, "health").is_empty
    read(MONDAY)
    told = part(review, "health")
    assert (told.values["score"], told.values["word"], told.values["coverage"]) == ("72.6", "Healthy", 62)
    lines = figures(told)
    assert lines["We keep our promises"] == "24.2 of 24.2"
    assert lines["You keep yours"] == "8.1 of 16.1"
    assert sum(round(10 * float(words.split()[0])) for words in lines.values()) == 726
    assert sum(round(10 * float(words.split()[-1])) for words in lines.values()) == 1000


def test_every_measure_stands_in_one_line() -> None:
    assert sorted(key for keys in LINES.values() for key in keys) == sorted(MEASURES)


def test_no_single_answer_and_nothing_internal_is_told(
    known: Partner, nora: Contact, alice: User, review: Review
) -> None:
    Conversation.objects.update(subject="canary-thread")
    Message.objects.update(body="canary-words")
    read(MONDAY)
    told = str(part(review, "health").values)
    assert "canary" not in told
    assert "14.5" not in told  # what the one answer adds
    weighing(alice, ours=5, said=5)
    read(MONDAY + DAY)
    alone = part(review, "health", MONDAY + DAY)
    assert (alone.values["score"], alone.values["figures"]) == ("95.0", [])
    for _n in range(4):
        answered(nora, alice, MONDAY, 9)
    read(MONDAY + 2 * DAY)
    assert len(part(review, "health", MONDAY + 2 * DAY).values["figures"]) == 2


def test_it_is_frozen_with_the_review(known: Partner, review: Review, alice: User) -> None:
    read(MONDAY)
    prepared = steps.prepare(review, by=alice, at=MONDAY)
    steps.hold(prepared, MONDAY.date(), by=alice, at=MONDAY)
    for _n in range(5):
        promised(known, alice, MONDAY.date(), "broken")
    read(MONDAY + DAY)
    found = next(each for each in shown.parts(review, MONDAY + DAY) if each.key == "health")
    assert found.values["score"] == "72.6"


@pytest.mark.parametrize("days", [0, 40])
def test_it_is_the_reading_of_its_time(known: Partner, review: Review, days: int) -> None:
    read(MONDAY)
    read(MONDAY + 40 * DAY)
    told = part(review, "health", MONDAY + days * DAY)
    assert told.values["day"] == (MONDAY + days * DAY).date().isoformat()
