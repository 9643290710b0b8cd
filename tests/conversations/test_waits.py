"""Waits as stored: opened, answered, corrected — and always what the rules say they should be."""

from datetime import date, datetime, timedelta

import pytest

from conversations import corrections, late_logs, messages, policies, retiming, sweeping, threads, waits
from conversations.messages import Happening
from conversations.models import Conversation, Message, Policy, Wait
from partners import assignments
from partners.models import Contact, Event, Partner
from team.models import Calendar, CalendarDay, Company, User
from tests.conftest import BERLIN
from tests.conversations.agreement import assert_agreement

HOUR = timedelta(hours=1)


def moment(day: int, hour: int = 10, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def asks(nora: Contact, at: datetime, conversation: Conversation | None = None, **more: object) -> Message:
    return messages.receive(
        nora.partner, "email", "Where is it?", at, conversation, contact=nora, subject="Margins", **more
    )


def waits_of(conversation: Conversation) -> list[Wait]:
    return list(conversation.waits.order_by("opened_at"))


def test_a_question_opens_a_wait_of_24_hours(nora: Contact) -> None:
    wait = asks(nora, moment(3, 10, 15)).conversation.waits.get()
    assert (wait.metric, wait.state) == ("first", "open")
    assert wait.due_at == moment(4, 10, 15)
    assert wait.warn_at == wait.next_check_at == moment(4, 4, 15)
    assert wait.lead_at == moment(4, 14, 15)


def test_the_lead_hears_four_working_hours_later_over_a_weekend(nora: Contact) -> None:
    wait = asks(nora, moment(5, 10)).conversation.waits.get()  # Friday
    assert wait.due_at == moment(6, 10)
    assert wait.lead_at == moment(8, 13)  # Monday


def test_an_answer_closes_it_and_the_next_message_opens_the_next(nora: Contact, alice: User) -> None:  # R01
    thread = asks(nora, moment(3, 10)).conversation
    messages.reply(thread, "Here.", by=alice, at=moment(3, 11))
    asks(nora, moment(3, 12), thread)
    first, following = waits_of(thread)
    assert (first.state, first.elapsed_seconds, first.answered_by) == ("met", 3600, alice)
    assert first.next_check_at is None
    assert (following.metric, following.state, following.due_at) == ("next", "open", moment(4, 12))


def test_working_time_stands_beside(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(5, 16)).conversation
    messages.reply(thread, "Here.", by=alice, at=moment(8, 10))
    wait = thread.waits.get()
    assert (wait.state, wait.elapsed_seconds, wait.working_seconds) == ("met_late", 66 * 3600, 2 * 3600)


def test_any_colleague_may_answer(nora: Contact, bob: User) -> None:  # R03
    thread = asks(nora, moment(3)).conversation
    messages.reply(thread, "Here.", by=bob, at=moment(3, 10, 30))
    assert thread.waits.get().answered_by == bob


def test_equality_is_met(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(3)).conversation
    messages.reply(thread, "Here.", by=alice, at=moment(4))
    assert thread.waits.get().state == "met"


def test_a_late_answer_keeps_its_breach_recorded_once(nora: Contact, alice: User) -> None:  # R13
    thread = asks(nora, moment(3)).conversation
    messages.reply(thread, "Sorry.", by=alice, at=moment(4, 10, 1))
    wait = thread.waits.get()
    assert (wait.state, wait.breached_at, wait.detected_at) == ("met_late", moment(4), moment(4, 10, 1))
    sweeping.sweep_waits(moment(5))
    assert Event.objects.filter(kind="wait_breached").count() == 1


def test_an_internal_note_answers_nothing(nora: Contact, alice: User, northwind: Partner) -> None:  # R07
    thread = asks(nora, moment(3)).conversation
    messages.log(northwind, Happening("note", "Ask legal", conversation=thread), alice, moment(3, 11))
    assert thread.waits.get().state == "open"
    messages.log(
        northwind, Happening("chat", "On it: yes", conversation=thread, shared=True), alice, moment(3, 12)
    )
    assert thread.waits.get().state == "met"


def test_a_holding_reply_without_a_promise_leaves_it_open(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(3)).conversation
    messages.reply(thread, "We come back to you.", alice, moment(3, 11), holding=True)
    assert thread.waits.get().state == "open"
    promise = messages.Promise("Send the price list", date(2026, 6, 8))
    messages.reply(thread, "By Monday.", alice, moment(3, 12), holding=True, promises=[promise])
    assert thread.waits.get().state == "met"
    made = thread.partner.commitments.get()
    assert (made.owner, made.visible_to_partner, made.ends_at) == (alice, True, moment(9, 0))


def test_a_month_later_it_is_a_new_wait(nora: Contact, alice: User) -> None:  # R09
    thread = asks(nora, moment(1)).conversation
    messages.reply(thread, "Here.", alice, moment(1, 11))
    threads.resolve(thread, alice, moment(1, 12))
    asks(nora, moment(20, 9), thread)
    messages.reply(thread, "Here.", alice, moment(20, 9) + timedelta(seconds=985))
    assert [wait.elapsed_seconds for wait in waits_of(thread)] == [3600, 985]


def test_automatic_mail_opens_nothing(nora: Contact) -> None:  # R15
    assert not asks(nora, moment(3), is_automatic=True).conversation.waits.exists()


def test_two_conversations_have_two_waits(nora: Contact) -> None:
    asks(nora, moment(3))
    asks(nora, moment(3, 11))
    assert Wait.objects.open().count() == 2


def test_our_own_message_opens_nothing_until_they_write(
    northwind: Partner, nora: Contact, alice: User
) -> None:  # R21
    thread = messages.start(nora.partner, "Margins", "Shall we talk?", alice, moment(3), to=nora).conversation
    assert not thread.waits.exists()
    asks(nora, moment(3, 12), thread)
    assert thread.waits.get().metric == "first"


# --- no reply needed ----------------------------------------------------------------------------------


def test_no_reply_needed_is_out_of_the_figures_with_its_reason(nora: Contact, alice: User) -> None:  # R11
    thread = asks(nora, moment(3)).conversation
    with pytest.raises(waits.WaitRefused):
        waits.cancel(thread.waits.get(), "  ", alice, moment(3, 11))
    event = waits.cancel(thread.waits.get(), "Thanks only", alice, moment(3, 11))
    wait = thread.waits.get()
    assert (wait.state, wait.cancelled_reason, wait.cancelled_by) == ("cancelled", "Thanks only", alice)
    waits.reopen(wait, alice, moment(3, 12), undoes=event)
    assert (thread.waits.get().state, thread.waits.get().due_at) == ("open", moment(4))


def test_undoing_it_counts_from_the_first_question_again(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(3)).conversation
    waits.cancel(thread.waits.get(), "Thanks only", alice, moment(3, 11))
    asks(nora, moment(3, 12), thread)
    first, _ = waits_of(thread)
    waits.reopen(first, alice, moment(3, 13))
    assert [wait.state for wait in waits_of(thread)] == ["open", "cancelled"]
    assert_agreement(thread)


def test_done_asks_why_where_they_still_wait(nora: Contact, alice: User) -> None:  # R11
    thread = asks(nora, moment(3)).conversation
    with pytest.raises(threads.ThreadRefused, match="no reply is needed"):
        threads.resolve(thread, alice, moment(3, 11))
    threads.resolve(thread, alice, moment(3, 11), reason="Spam")
    thread.refresh_from_db()
    assert (thread.state, thread.waits.get().state) == ("done", "cancelled")


# --- late logging --------------------------------------------------------------------------------------


def test_a_call_logged_afterwards_voids_the_breach(northwind: Partner, nora: Contact, alice: User) -> None:
    wait = asks(nora, moment(3)).conversation.waits.get()
    sweeping.sweep_waits(moment(4, 11))
    wait.refresh_from_db()
    assert (wait.state, wait.breached_at) == ("late", moment(4))
    call = messages.log(
        northwind,
        Happening("call", "Told her", moment(3, 15), minutes=20),
        alice,
        moment(4, 12),
        answers=[wait],
    )
    wait.refresh_from_db()
    assert not call.unconfirmed
    assert (wait.state, wait.answer, wait.elapsed_seconds) == ("met", call, 5 * 3600)
    assert wait.breached_at == moment(4)
    assert "recorded on 04 June 2026" in wait.breach_voided_reason
    assert Event.objects.filter(kind="breach_voided").count() == 1


def test_a_call_logged_after_a_late_mail_corrects_the_figure(
    northwind: Partner, nora: Contact, alice: User
) -> None:
    wait = asks(nora, moment(3)).conversation.waits.get()
    messages.reply(wait.conversation, "Sorry.", alice, moment(4, 12))
    messages.log(
        northwind, Happening("call", "Told her", moment(3, 15)), alice, moment(4, 13), answers=[wait]
    )
    wait.refresh_from_db()
    assert (wait.state, bool(wait.breach_voided_reason)) == ("met", True)


def test_an_old_mail_that_answers_nobody_asks_no_lead(northwind: Partner, alice: User, erin: User) -> None:
    mail = messages.log(
        northwind, Happening("email", "Our terms", moment(3, 15), shared=True), alice, moment(8, 15)
    )
    assert not mail.unconfirmed
    assert not erin.notices.exists()


def test_reported_five_days_late_it_waits_for_a_lead(
    northwind: Partner, nora: Contact, alice: User, erin: User
) -> None:  # P11
    wait = asks(nora, moment(3)).conversation.waits.get()
    sweeping.sweep_waits(moment(4, 11))
    call = messages.log(
        northwind, Happening("call", "Told her", moment(3, 15)), alice, moment(8, 15), answers=[wait]
    )
    wait.refresh_from_db()
    assert (call.unconfirmed, wait.state) == (True, "late")
    assert erin.notices.filter(kind="to_decide").exists()
    late_logs.approve(call, erin, moment(9))
    wait.refresh_from_db()
    assert (wait.state, bool(wait.breach_voided_reason)) == ("met", True)


def test_what_lies_ahead_is_refused(northwind: Partner, alice: User) -> None:  # P13
    with pytest.raises(messages.MessageRefused, match="lies ahead"):
        messages.log(northwind, Happening("call", "Later", moment(3, 10, 6)), alice, moment(3, 10))
    messages.log(northwind, Happening("call", "Just now", moment(3, 10, 4)), alice, moment(3, 10))


def test_a_call_answers_what_was_ticked_in_several_conversations(
    northwind: Partner, nora: Contact, alice: User
) -> None:
    one = asks(nora, moment(3)).conversation
    two = asks(nora, moment(3, 11)).conversation
    open_waits = list(Wait.objects.open())
    call = messages.log(
        northwind, Happening("call", "Both"), alice, moment(3, 12), answers=open_waits, still_waiting=True
    )
    assert one.waits.first().state == two.waits.first().state == "met"
    assert call.conversation.waits.open().get().opened_by == call
    assert_agreement(one, two)


def test_a_call_before_the_question_answers_nothing(northwind: Partner, nora: Contact, alice: User) -> None:
    wait = asks(nora, moment(3)).conversation.waits.get()
    with pytest.raises(messages.MessageRefused, match="before they asked"):
        messages.log(northwind, Happening("call", "Hm", moment(3, 9)), alice, moment(3, 12), answers=[wait])


def test_a_call_alone_opens_no_wait_and_its_thread_is_done(northwind: Partner, alice: User) -> None:
    call = messages.log(northwind, Happening("call", "A talk"), alice, moment(3))
    assert call.conversation.state == "done"
    assert not call.conversation.waits.exists()


# --- corrections ----------------------------------------------------------------------------------------


def test_withdrawing_the_answer_lets_them_wait_again(nora: Contact, northwind: Partner, alice: User) -> None:
    wait = asks(nora, moment(3)).conversation.waits.get()
    call = messages.log(northwind, Happening("call", "Wrong partner"), alice, moment(3, 12), answers=[wait])
    corrections.withdraw(call, "Wrong partner", alice, moment(3, 13))
    wait.refresh_from_db()
    assert (wait.state, wait.due_at, wait.answer, wait.elapsed_seconds) == ("open", moment(4), None, None)
    assert wait.next_check_at == wait.warn_at


def test_withdrawing_the_question_cancels_its_wait(nora: Contact, alice: User) -> None:
    question = asks(nora, moment(3))
    corrections.withdraw(question, "Filed wrongly", alice, moment(3, 11))
    assert question.conversation.waits.get().state == "cancelled"
    corrections.restore(question, alice, moment(3, 12))
    assert question.conversation.waits.get().state == "open"


def test_a_corrected_log_stands_in_its_place(nora: Contact, northwind: Partner, alice: User) -> None:
    wait = asks(nora, moment(3)).conversation.waits.get()
    call = messages.log(
        northwind, Happening("call", "Told hre", minutes=5), alice, moment(3, 12), answers=[wait]
    )
    fresh = corrections.correct(call, alice, moment(3, 13), body="Told her", occurred_at=moment(3, 11))
    wait.refresh_from_db()
    call.refresh_from_db()
    assert (wait.answer, wait.elapsed_seconds) == (fresh, 3600)
    assert (call.withdrawn_reason, fresh.corrects, fresh.minutes) == ("Corrected", call, 5)


def test_a_bounce_lets_them_wait_again_with_the_original_times(nora: Contact, alice: User) -> None:  # R17
    thread = asks(nora, moment(3)).conversation
    answer = messages.reply(thread, "Here.", alice, moment(3, 11))
    corrections.bounced(answer, moment(3, 11, 5))
    wait = thread.waits.get()
    assert (wait.state, wait.opened_at, wait.due_at) == ("open", moment(3), moment(4))
    assert alice.notices.filter(kind="reply_bounced").count() == 1


def test_a_copied_mail_waits_once_somebody_starts_its_clock(nora: Contact, alice: User) -> None:
    copied = asks(nora, moment(3), is_copy=True)
    assert not copied.conversation.waits.exists()
    corrections.start_clock(copied, alice, moment(3, 12))
    assert copied.conversation.waits.get().due_at == moment(4)


# --- calendars, policies, people -------------------------------------------------------------------------


def test_a_holiday_added_moves_open_waits_only(nora: Contact, alice: User, company: Company) -> None:  # P03
    eight = {"first_seconds": 8 * 3600, "next_seconds": 8 * 3600}
    policies.revise(Policy.objects.get(), alice, moment(1), mode="business_hours", **eight)
    answered = asks(nora, moment(1)).conversation
    messages.reply(answered, "Here.", alice, moment(1, 11))
    wait = asks(nora, moment(3, 16)).conversation.waits.get()
    assert wait.due_at == moment(4, 16)
    CalendarDay.objects.create(calendar=company.calendar, on=date(2026, 6, 4))
    Calendar.objects.update(version=2)
    assert retiming.catch_up(moment(3, 16, 30)) == 1
    wait.refresh_from_db()
    assert (wait.due_at, wait.next_check_at, wait.calendar_version) == (moment(5, 16), wait.warn_at, 2)
    assert Event.objects.get(kind="recompute").changes["due_at"][1].startswith("2026-06-05T14:00")
    assert answered.waits.get().calendar_version == 1
    assert retiming.catch_up(moment(3, 16, 31)) == 0


def test_a_new_policy_version_leaves_open_waits_alone(nora: Contact, alice: User) -> None:  # P05
    old = asks(nora, moment(5)).conversation.waits.get()
    policies.revise(Policy.objects.get(), alice, moment(5, 11), mode="working_days")
    new = asks(nora, moment(5, 12)).conversation.waits.get()
    old.refresh_from_db()
    assert (old.due_at, new.due_at) == (moment(6), moment(8, 12))


def test_a_policy_switched_off_cancels_its_open_waits(nora: Contact, alice: User) -> None:  # P05
    thread = asks(nora, moment(5)).conversation
    policies.switch_off(Policy.objects.get(), alice, moment(5, 11))
    assert thread.waits.get().cancelled_reason == "The policy was switched off."
    asks(nora, moment(5, 12), thread)
    assert sweeping.sweep_waits(moment(9)) == 0
    assert not asks(nora, moment(5, 13)).conversation.waits.exists()


def test_the_calendar_is_that_of_the_person_responsible(nora: Contact, alice: User) -> None:
    alice.calendar = Calendar.objects.create(
        name="Riyadh", zone="Asia/Riyadh", weekly={str(day): [["09:00", "17:00"]] for day in (6, 0, 1, 2, 3)}
    )
    alice.save()
    wait = asks(nora, moment(4, 15)).conversation.waits.get()  # Thursday 16:00 there
    assert wait.calendar_of == alice.calendar
    assert wait.due_at == moment(5, 15)
    assert wait.lead_at == moment(7, 12)  # Sunday 13:00 there


def test_a_change_of_owner_moves_nothing(nora: Contact, northwind: Partner, alice: User, bob: User) -> None:
    wait = asks(nora, moment(3)).conversation.waits.get()
    assignments.set_owner(northwind, to=bob, by=alice, at=moment(3, 11))
    threads.take_over(wait.conversation, alice, moment(3, 12))
    wait.refresh_from_db()
    assert wait.due_at == moment(4)


def test_the_last_touch_is_pushed(nora: Contact, northwind: Partner, alice: User) -> None:
    asks(nora, moment(3))
    messages.log(northwind, Happening("call", "Before", moment(2)), alice, moment(3, 12))
    messages.log(northwind, Happening("note", "Internal"), alice, moment(4))
    northwind.refresh_from_db()
    nora.refresh_from_db()
    assert northwind.last_touch_at == nora.last_touch_at == moment(3)


def test_a_decision_is_closed_only_by_a_decision(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(3)).conversation
    wait = waits.open_request(thread, "decision", moment(3), moment(3))
    messages.reply(thread, "We are looking at it.", alice, moment(3, 11))
    with pytest.raises(threads.ThreadRefused, match="decision"):
        threads.resolve(thread, alice, moment(3, 12))
    assert waits.close_request(wait, moment(4, 12), alice, moment(4, 12)).state == "met_late"


def test_the_partner_of_another_is_refused(nora: Contact, omar: Contact, alice: User) -> None:
    thread = asks(nora, moment(3)).conversation
    with pytest.raises(messages.MessageRefused, match="no contact of"):
        messages.reply(thread, "Hello", alice, moment(3, 11), to=omar)
