"""Two who meet on one issue: raised once in its conversation, warned of, solved and opened again once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations import messages, sweeping
from conversations.models import Conversation, Wait
from partners.models import Contact, Event, Partner
from reviews.issues import raising, solving
from reviews.issues.models import Cause, Issue, Resolution, Severity
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.lifecycle.growth.tiering.test_two_at_once import twice

HOUR = timedelta(hours=1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_each_step_is_taken_by_one_of_two(northwind: Partner, nora: Contact, alice: User) -> None:
    asked = messages.receive(northwind, "email", "Down.", MONDAY, contact=nora, subject="Down")
    cause = Cause.objects.create(name="Fault")

    def raise_it() -> None:
        thread = Conversation.objects.get(pk=asked.conversation_id)
        raising.raise_one(northwind, "Down", "", Severity.CRITICAL, alice, MONDAY, conversation=thread)

    def solve_it() -> None:
        solving.solve(Issue.objects.get(), "Up.", cause, alice, MONDAY + HOUR)

    def open_it() -> None:
        solving.open_again(Issue.objects.get(), "Not quite.", alice, MONDAY + 2 * HOUR)

    one = ["done", "refused"]
    assert sorted(answer[:7] for answer in twice(raise_it)) == one
    warned = Issue.objects.get().wait
    for _ in range(2):
        assert twice(lambda: sweeping.sweep_waits(warned.warn_at)) == ["done", "done"]
    told = Notice.objects.filter(kind="wait_warned", cause_id=warned.pk)
    assert (told.count(), Event.objects.filter(kind="wait_warned", about_id=warned.pk).count()) == (1, 1)
    assert sorted(answer[:7] for answer in twice(solve_it)) == one
    assert sorted(answer[:7] for answer in twice(open_it)) == one
    assert (Resolution.objects.count(), Wait.objects.filter(metric="issue").count()) == (1, 2)
    assert Wait.objects.open().filter(metric="issue").count() == 1
