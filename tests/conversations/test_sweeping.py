"""The sweep: warned, late, raised to the lead — each once, whatever runs twice."""

import re
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from conversations import commitments, messages, policies, sweeping, threads
from conversations.commitments import Promise
from conversations.messages import Happening
from conversations.models import Commitment, Conversation, Policy, Wait
from partners import assignments
from partners.models import Assignment, Contact, Event, Partner, Programme
from prm import clock, sweeper
from team.models import Leave, Notice, User
from tests.conftest import BERLIN

HOUR = timedelta(hours=1)
OPENED = datetime(2026, 6, 3, 10, 15, tzinfo=BERLIN)
WARN, DUE = OPENED + 18 * HOUR, OPENED + 24 * HOUR
LEAD = DUE + 4 * HOUR
HEAD = datetime(2026, 6, 8, 10, 15, tzinfo=BERLIN)  # two working days after Thursday


@pytest.fixture
def wait(nora: Contact) -> Wait:
    return messages.receive(
        nora.partner, "email", "Margins?", OPENED, contact=nora, subject="Margins"
    ).conversation.waits.get()


def told(kind: str) -> set[str]:
    return {notice.person.name for notice in Notice.objects.filter(kind=kind).select_related("person")}


def test_each_step_at_its_time(wait: Wait, alice: User, erin: User) -> None:
    seen = []
    for at in (WARN - HOUR, WARN, DUE - HOUR, DUE, LEAD - HOUR, LEAD, LEAD + 100 * HOUR):
        sweeping.sweep_waits(at)
        wait.refresh_from_db()
        seen.append((wait.state, wait.next_check_at))
    assert seen == [
        ("open", WARN),
        ("open", DUE),
        ("open", DUE),
        ("late", LEAD),
        ("late", LEAD),
        ("late", HEAD),
        ("late", None),
    ]
    assert (told("wait_warned"), told("wait_breached"), told("wait_raised")) == (
        {"Alice"},
        {"Alice"},
        {"Erin"},
    )
    notice = Notice.objects.get(kind="wait_breached")
    assert notice.url == wait.conversation.get_absolute_url()
    assert (wait.breached_at, wait.detected_at) == (DUE, DUE)


def test_the_heads_hear_two_working_days_later_in_their_digest(wait: Wait, alice: User, ravi: User) -> None:
    User.objects.filter(pk=alice.pk).update(lead=ravi)
    sweeping.sweep_waits(HEAD - HOUR)
    assert (told("wait_raised"), told("wait_raised_higher")) == ({"Ravi"}, set())
    sweeping.sweep_waits(HEAD)
    notice = Notice.objects.get(kind="wait_raised_higher")
    assert (notice.person.name, notice.way) == ("Erin", "digest")


def test_of_a_partner_in_the_highest_tier_they_hear_at_once(
    wait: Wait, alice: User, ravi: User, programme: Programme
) -> None:
    User.objects.filter(pk=alice.pk).update(lead=ravi)
    Partner.objects.filter(pk=wait.partner_id).update(tier=programme.tiers.get(rank=1))
    sweeping.sweep_waits(HEAD)
    assert Notice.objects.get(kind="wait_raised_higher").way == "at_once"


def test_a_head_who_heard_as_lead_is_not_told_again(wait: Wait) -> None:
    sweeping.sweep_waits(HEAD)
    assert (told("wait_raised"), told("wait_raised_higher")) == ({"Erin"}, set())
    assert Event.objects.filter(kind="wait_raised_higher").count() == 1


def test_the_heads_never_hear_before_the_lead(nora: Contact, ravi: User) -> None:
    policies.revise(Policy.objects.get(), ravi, OPENED, lead_after_seconds=40 * 3600, head_after_days=1)
    held = messages.receive(nora.partner, "email", "?", OPENED).conversation.waits.get()
    assert held.head_at == held.lead_at
    policies.revise(Policy.objects.get(is_active=True), ravi, OPENED, head_after_days=None)
    never = messages.receive(nora.partner, "email", "!", OPENED).conversation.waits.get()
    assert never.head_at is None


def test_a_hundred_sweeps_are_as_good_as_one(wait: Wait) -> None:
    for minute in range(100):
        sweeping.sweep_waits(LEAD + timedelta(minutes=minute))
    assert Event.objects.filter(kind="wait_breached").count() == 1
    assert Notice.objects.filter(cause_kind="wait").count() == 2


def test_after_downtime_everything_at_once_and_the_warning_only_recorded(wait: Wait) -> None:
    sweeping.sweep_waits(LEAD + HOUR)
    wait.refresh_from_db()
    assert (wait.state, wait.breached_at, wait.detected_at) == ("late", DUE, LEAD + HOUR)
    assert Event.objects.filter(kind="wait_warned").get().note == "Overtaken by its due time."
    assert told("wait_warned") == set()
    assert (told("wait_breached"), told("wait_raised")) == ({"Alice"}, {"Erin"})


def test_answered_in_time_the_sweep_finds_nothing(wait: Wait, alice: User) -> None:
    messages.reply(wait.conversation, "They stay.", alice, DUE - HOUR)
    assert sweeping.sweep_waits(LEAD) == 0
    assert not Notice.objects.exists()


def test_an_answer_wins_over_a_sweep_that_came_first(wait: Wait, nora: Contact, alice: User) -> None:
    sweeping.sweep_waits(DUE + HOUR)
    messages.log(
        nora.partner, Happening("call", "Told her", DUE - HOUR), alice, DUE + 2 * HOUR, answers=[wait]
    )
    wait.refresh_from_db()
    assert (wait.state, wait.breached_at, bool(wait.breach_voided_reason)) == ("met", DUE, True)
    sweeping.sweep_waits(LEAD)
    assert told("wait_raised") == set()


def test_reopened_after_its_due_time_it_is_late_again_but_told_once(
    wait: Wait, nora: Contact, alice: User
) -> None:
    from conversations import corrections

    sweeping.sweep_waits(DUE + HOUR)
    call = messages.log(
        nora.partner, Happening("call", "Wrong", DUE - HOUR), alice, DUE + HOUR, answers=[wait]
    )
    corrections.withdraw(call, "Wrong partner", alice, DUE + 2 * HOUR)
    sweeping.sweep_waits(LEAD)
    wait.refresh_from_db()
    assert (wait.state, wait.breach_voided_reason, wait.next_check_at) == ("late", "", HEAD)
    assert Notice.objects.filter(kind="wait_breached").count() == 1


def test_on_leave_the_delegate_hears_and_the_clock_runs_on(wait: Wait, alice: User, bob: User) -> None:
    Leave.objects.create(user=alice, delegate=bob, starts_on=date(2026, 6, 4), ends_on=date(2026, 6, 12))
    sweeping.sweep_waits(WARN)
    assert told("wait_warned") == {"Alice", "Bob"}
    sweeping.sweep_waits(DUE)
    wait.refresh_from_db()
    assert (wait.state, told("wait_breached")) == ("late", {"Alice", "Bob"})


def test_the_second_assignment_covers(wait: Wait, bob: User) -> None:
    Assignment.objects.create(partner=wait.partner, user=bob, role="growth", starts_on=date(2026, 6, 1))
    sweeping.sweep_waits(WARN)
    assert told("wait_warned") == {"Alice"}
    sweeping.sweep_waits(DUE)
    assert told("wait_breached") == {"Alice", "Bob"}


def test_who_took_it_over_is_told_and_the_owner_covers(wait: Wait, bob: User) -> None:
    threads.take_over(wait.conversation, bob, OPENED + HOUR)
    sweeping.sweep_waits(DUE)
    assert told("wait_breached") == {"Alice", "Bob"}


def test_nobody_responsible_goes_to_the_heads_once(wait: Wait, alice: User, erin: User) -> None:
    assignments.set_owner(wait.partner, to=None, by=alice, at=OPENED)
    sweeping.sweep_waits(DUE)
    sweeping.sweep_waits(LEAD)
    assert (told("wait_breached"), told("wait_raised")) == ({"Erin"}, set())


def test_without_a_lead_the_heads_hear(wait: Wait, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(lead=None)
    sweeping.sweep_waits(LEAD)
    assert told("wait_raised") == {"Erin"}


def test_who_leads_themselves_alone_is_told_once(wait: Wait, erin: User, alice: User) -> None:
    assignments.set_owner(wait.partner, to=erin, by=alice, at=OPENED)
    sweeping.sweep_waits(LEAD)
    assert (told("wait_breached"), told("wait_raised")) == ({"Erin"}, set())


def test_one_bad_row_stands_aside_and_the_others_go_on(wait: Wait, nora: Contact) -> None:  # E07
    good = messages.receive(nora.partner, "email", "More", OPENED, contact=nora).conversation.waits.get()
    Conversation.objects.filter(pk=wait.conversation_id).update(responsible=None)
    at = DUE + HOUR

    def check(row: Wait, moment: datetime) -> None:
        if row.pk == wait.pk:
            raise RuntimeError("cannot be worked out")
        sweeping.check_wait(row, moment)

    def check_all(rows: list[Wait], moment: datetime) -> None:
        for row in rows:
            check(row, moment)

    due = Wait.objects.select_related("partner__owner__lead", "conversation__partner__owner")
    assert sweeper.in_batches(due, at, check, check_all) == 2
    wait.refresh_from_db()
    good.refresh_from_db()
    assert (wait.state, wait.next_check_at) == ("open", at + HOUR)
    assert good.state == "late"
    sweeping.sweep_waits(at + HOUR)
    wait.refresh_from_db()
    assert (wait.state, wait.breached_at) == ("late", DUE)


def test_through_the_hour_that_comes_twice_there_is_one_breach(nora: Contact) -> None:
    opened = datetime(2026, 10, 24, 2, 30, tzinfo=BERLIN)
    wait = messages.receive(nora.partner, "email", "Night", opened, contact=nora).conversation.waits.get()
    at = datetime(2026, 10, 25, 0, 0, tzinfo=BERLIN)
    for minutes in range(0, 300, 5):
        sweeping.sweep_waits(at + timedelta(minutes=minutes))
    assert Event.objects.filter(kind="wait_breached", about_id=wait.pk).count() == 1


# --- promises ------------------------------------------------------------------------------------------


def promise(partner: Partner, by: User, day: date = date(2026, 6, 5)) -> Commitment:
    return commitments.make(partner, Promise("Send the price list", day), by, OPENED)


def test_a_promise_past_its_day_is_told_once_and_broken_after_thirty(northwind: Partner, alice: User) -> None:
    made = promise(northwind, alice)
    sweeping.sweep_promises(made.ends_at - timedelta(seconds=1))
    assert not Notice.objects.exists()
    for hours in (0, 1, 24):
        sweeping.sweep_promises(made.ends_at + hours * HOUR)
    assert told("promise_overdue") == {"Alice"}
    made.refresh_from_db()
    assert (made.status, made.next_check_at) == ("open", made.ends_at + timedelta(days=30))
    sweeping.sweep_promises(made.ends_at + timedelta(days=30))
    made.refresh_from_db()
    assert (made.status, made.next_check_at) == ("broken", None)


def test_a_kept_promise_is_left_alone(northwind: Partner, alice: User) -> None:
    made = promise(northwind, alice)
    commitments.keep(made, alice, OPENED + HOUR)
    assert sweeping.sweep_promises(made.ends_at + HOUR) == 0


# --- the command ----------------------------------------------------------------------------------------


def sweep(*args: str, now: datetime = DUE + HOUR) -> list[str]:
    out = StringIO()
    with clock.fixed(now):
        call_command("sweep", *args, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_sums_up(wait: Wait) -> None:
    assert re.match(r"swept 3: .*calendars 0, mailboxes 0, waits 1, .*mails 1$", sweep()[-1])
    assert sweep()[-1].startswith("swept 0: ")


def test_a_rehearsal_changes_nothing(wait: Wait) -> None:
    assert sweep("--at", LEAD.isoformat(), "--dry-run")[-1].startswith("swept 5: ")
    wait.refresh_from_db()
    assert (wait.state, wait.next_check_at) == ("open", WARN)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("at", ["2026-06-09T10:00:00Z", "2026-06-04T10:00", "tomorrow"])
def test_the_command_refuses_a_moment_ahead_or_unclear(wait: Wait, at: str) -> None:
    with pytest.raises(CommandError):
        sweep("--at", at)
