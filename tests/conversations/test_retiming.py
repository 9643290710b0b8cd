"""Due times that move: only for open waits that are not late, only when asked, and always recorded."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from conversations import messages, pauses, policies, retiming, sweeping, threads
from conversations.models import Policy, Wait
from conversations.waits import WaitRefused
from partners import assignments
from partners.models import Contact, Event, Partner
from prm import clock
from team import working_time
from team.models import Calendar, Company, User
from tests.conftest import BERLIN

OFFICE = {str(day): [["09:00", "17:00"]] for day in range(5)}


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


@pytest.fixture
def wait(nora: Contact, ravi: User) -> Wait:
    """Asked on Wednesday at 10:00, eight business hours in Berlin."""
    eight = {"first_seconds": 8 * 3600, "next_seconds": 8 * 3600}
    policies.revise(Policy.objects.get(), ravi, moment(1), mode="business_hours", **eight)
    return messages.receive(nora.partner, "email", "?", moment(3)).conversation.waits.get()


@pytest.fixture
def new_york(bob: User) -> User:
    bob.calendar = Calendar.objects.create(name="New York", zone="America/New_York", weekly=OFFICE)
    bob.save()
    return bob


def test_a_change_of_owner_moves_nothing_and_a_rebase_does(
    wait: Wait, northwind: Partner, alice: User, new_york: User
) -> None:
    assignments.set_owner(northwind, to=new_york, by=alice, at=moment(3, 12))
    wait.refresh_from_db()
    assert wait.due_at == moment(4)
    retiming.rebase(wait, alice, moment(3, 12))
    wait.refresh_from_db()
    assert wait.due_at == moment(3, 23)  # 17:00 in New York
    assert (wait.calendar_of, wait.opened_at) == (new_york.calendar, moment(3))
    event = Event.objects.get(kind="recompute")
    assert event.changes["due_at"][1].startswith("2026-06-03T21:00")
    assert "New York" in event.note
    with pytest.raises(WaitRefused, match="already"):
        retiming.rebase(wait, alice, moment(3, 12, 1))


def test_an_edited_policy_reaches_an_open_wait_only_by_a_rebase(wait: Wait, ravi: User) -> None:
    shorter = policies.revise(Policy.objects.get(is_active=True), ravi, moment(3, 11), first_seconds=4 * 3600)
    wait.refresh_from_db()
    assert wait.due_at == moment(4)
    retiming.rebase(wait, ravi, moment(3, 12))
    wait.refresh_from_db()
    assert (wait.due_at, wait.policy, wait.target_seconds) == (moment(3, 14), shorter, 4 * 3600)


def test_a_rebase_that_would_be_late_at_once_is_refused(wait: Wait, ravi: User) -> None:
    policies.revise(Policy.objects.get(is_active=True), ravi, moment(3, 11), first_seconds=3600)
    with pytest.raises(WaitRefused, match="late already"):
        retiming.rebase(wait, ravi, moment(3, 12))
    wait.refresh_from_db()
    assert wait.due_at == moment(4)


def test_what_is_late_keeps_its_due_time(wait: Wait, alice: User, new_york: User) -> None:
    sweeping.sweep_waits(moment(4, 11))
    threads.take_over(wait.conversation, new_york, moment(4, 12))
    with pytest.raises(WaitRefused, match="its due time stays"):
        retiming.rebase(wait, alice, moment(4, 12))


def test_a_rebase_counts_its_pauses(wait: Wait, alice: User, new_york: User) -> None:
    pauses.pause(wait, "they_asked", moment(3, 18), alice, moment(3, 16))
    threads.take_over(wait.conversation, new_york, moment(3, 18))
    retiming.rebase(wait, alice, moment(3, 18))
    wait.refresh_from_db()
    assert wait.due_at == moment(4, 17)  # 15:00–16:00 and 18:00–23:00 in Berlin, then two hours more


def test_a_holiday_moves_a_paused_wait_too(wait: Wait, alice: User, company: Company) -> None:
    pauses.pause(wait, "they_asked", moment(4), alice, moment(3, 11))
    wait.refresh_from_db()
    assert wait.due_at == moment(4, 17)
    working_time.set_day(company.calendar, date(2026, 6, 4), [], "Corpus Christi", None, moment(3, 12))
    assert retiming.catch_up(moment(3, 12)) == 1
    wait.refresh_from_db()
    assert (wait.due_at, wait.paused_until) == (moment(5, 16), moment(4))


def test_what_is_past_its_due_time_is_left_to_the_sweep(wait: Wait, company: Company) -> None:
    working_time.set_day(company.calendar, date(2026, 6, 4), [], "Corpus Christi", None, moment(4, 11))
    assert retiming.catch_up(moment(4, 11)) == 0
    wait.refresh_from_db()
    assert (wait.due_at, wait.state) == (moment(4), "open")


@pytest.mark.parametrize(
    ("asked", "outside"), [(moment(3), False), (moment(3, 20), True), (moment(3, 17), False)]
)
def test_it_is_kept_whether_it_falls_due_outside_working_time(
    nora: Contact, asked: datetime, outside: bool
) -> None:
    held = messages.receive(nora.partner, "email", "?", asked).conversation.waits.get()
    assert (held.due_at, held.due_outside) == (asked + timedelta(days=1), outside)


def test_the_page_counts_it_anew(
    client: Client, alice: User, bob: User, nora: Contact, new_york: User
) -> None:
    held = messages.receive(nora.partner, "email", "?", clock.now()).conversation.waits.get()
    threads.take_over(held.conversation, new_york, clock.now())
    client.force_login(alice)
    answer = client.post(f"/waits/{held.pk}/rebase/", follow=True)
    assert "counted anew" in answer.content.decode()
    held.refresh_from_db()
    assert held.calendar_of == new_york.calendar
    assert "already" in client.post(f"/waits/{held.pk}/rebase/", follow=True).content.decode()
