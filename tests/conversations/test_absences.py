"""Away, as partners were told beforehand: the clock stands still only where nobody can cover."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from conversations import absences, figures, messages, pauses, sweeping, threads
from conversations.models import Pause, Wait
from partners.models import Assignment, Contact, Event, Partner
from prm import clock
from prm.figures import Share
from team.models import Leave, User
from tests.conftest import BERLIN


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


@pytest.fixture
def leave(alice: User) -> Leave:
    """Alice is away from Thursday 4 to Sunday 7; partners were told on Monday."""
    return Leave.objects.create(
        user=alice, starts_on=date(2026, 6, 4), ends_on=date(2026, 6, 7), told_at=moment(1)
    )


@pytest.fixture
def wait(nora: Contact) -> Wait:
    return messages.receive(nora.partner, "email", "?", moment(3)).conversation.waits.get()


def due(wait: Wait) -> datetime:
    wait.refresh_from_db()
    return wait.due_at


def test_it_stands_still_from_the_first_day_to_the_end_of_the_last(wait: Wait, leave: Leave) -> None:
    assert absences.sweep(moment(3, 23, 59)) == 0
    assert absences.sweep(moment(4, 0, 1)) == 1
    assert due(wait) == moment(8)  # ten hours were left at midnight
    assert absences.sweep(moment(4, 0, 2)) == 0
    sweeping.sweep_waits(moment(7, 23))
    wait.refresh_from_db()
    assert (wait.state, wait.paused_until) == ("open", moment(8, 0))
    assert Event.objects.filter(kind="absence_began").count() == 1


def test_who_writes_meanwhile_is_counted_from_the_day_after(nora: Contact, leave: Leave) -> None:
    held = messages.receive(nora.partner, "email", "?", moment(5)).conversation.waits.get()
    absences.sweep(moment(5, 10, 1))
    assert due(held) == moment(9, 0)


@pytest.mark.parametrize("told_at", [None, moment(4, 1)])
def test_told_too_late_or_not_at_all_the_clock_runs_on(
    wait: Wait, leave: Leave, told_at: datetime | None
) -> None:
    Leave.objects.update(told_at=told_at)
    assert absences.sweep(moment(4, 8)) == 0
    assert due(wait) == moment(4)


def test_where_somebody_covers_the_clock_runs_on(wait: Wait, leave: Leave, bob: User) -> None:
    Assignment.objects.create(partner=wait.partner, user=bob, role="growth", starts_on=date(2026, 6, 1))
    assert absences.sweep(moment(4, 8)) == 0
    Assignment.objects.filter(user=bob).delete()
    Leave.objects.update(delegate=bob)
    assert absences.sweep(moment(4, 8)) == 0
    assert due(wait) == moment(4)


def test_it_runs_on_once_somebody_can_cover(wait: Wait, leave: Leave, bob: User) -> None:
    absences.sweep(moment(4, 0))
    threads.take_over(wait.conversation, bob, moment(4, 12))
    assert absences.sweep(moment(4, 12)) == 1
    assert due(wait) == moment(4, 22)
    assert absences.sweep(moment(4, 13)) == 0


def test_it_runs_on_when_the_leave_is_taken_back(wait: Wait, leave: Leave) -> None:
    absences.sweep(moment(4, 0))
    leave.delete()
    assert absences.sweep(moment(4, 6)) == 1
    assert due(wait) == moment(4, 16)


def test_what_was_late_before_stays_late(wait: Wait, leave: Leave) -> None:
    Leave.objects.update(starts_on=date(2026, 6, 5))
    sweeping.sweep_waits(moment(4, 11))
    assert absences.sweep(moment(5, 8)) == 0
    assert due(wait) == moment(4)


def test_a_sweep_that_comes_late_pauses_from_the_day_it_began(wait: Wait, leave: Leave) -> None:
    assert absences.sweep(moment(6)) == 1
    assert due(wait) == moment(8)
    assert wait.pauses.get().starts_at == moment(4, 0)


def test_a_person_may_let_it_run_on(wait: Wait, leave: Leave, bob: User) -> None:
    absences.sweep(moment(4, 0))
    pauses.resume(wait, bob, moment(4, 6))
    assert due(wait) == moment(4, 16)
    assert absences.sweep(moment(4, 7)) == 0


def test_it_is_counted_apart(wait: Wait, leave: Leave, nora: Contact, alice: User) -> None:
    absences.sweep(moment(4, 0))
    messages.reply(wait.conversation, "Here.", alice, moment(8, 9))
    other = messages.receive(nora.partner, "email", "?", moment(8)).conversation
    messages.reply(other, "Here.", alice, moment(8, 11))
    asked = figures.Asked(moment(1), moment(30))
    assert figures.ABSENCE.value(figures.ABSENCE.rows(asked)) == Share(1, 2)
    assert figures.ABSENCE.counted(asked).get() == wait


def test_a_leave_is_noted_with_partners_told(client: Client, alice: User, northwind: Partner) -> None:
    client.force_login(alice)
    first = clock.now().date() + timedelta(days=3)
    days = {"starts_on": first, "ends_on": first + timedelta(days=3)}
    page = client.post("/settings/me/leave/", {**days, "told": "on"}, follow=True).content.decode()
    assert "partners have been told" in page
    assert Leave.objects.get().told_at is not None
    assert not Pause.objects.exists()
