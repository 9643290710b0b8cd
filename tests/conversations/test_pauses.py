"""A clock that stands still: why it may, until when, and what that does to the due time."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations import messages, pauses, policies, sweeping
from conversations.models import Pause, Policy, Wait
from conversations.waits import WaitRefused
from partners import history
from partners.models import Contact, Event
from prm import clock
from team.models import User
from tests.conftest import BERLIN
from tests.conversations.agreement import assert_agreement

HOUR = timedelta(hours=1)


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


@pytest.fixture
def wait(nora: Contact, ravi: User) -> Wait:
    """Asked on Wednesday at 10:00, eight business hours."""
    eight = {"first_seconds": 8 * 3600, "next_seconds": 8 * 3600}
    policies.revise(Policy.objects.get(), ravi, moment(1), mode="business_hours", **eight)
    return messages.receive(nora.partner, "email", "?", moment(3), contact=nora).conversation.waits.get()


def due(wait: Wait) -> datetime:
    wait.refresh_from_db()
    return wait.due_at


def test_a_pause_moves_the_due_time_and_it_cannot_breach_meanwhile(wait: Wait, alice: User) -> None:
    pauses.pause(wait, "they_asked", moment(5), alice, moment(3, 11), note="After their meeting")
    assert due(wait) == moment(5, 17)
    assert (wait.paused_until, wait.next_check_at) == (moment(5), wait.warn_at)
    sweeping.sweep_waits(moment(4, 23))
    wait.refresh_from_db()
    assert (wait.state, Event.objects.filter(kind="wait_breached").exists()) == ("open", False)
    assert Event.objects.get(kind="wait_paused").note == "They asked us to wait: After their meeting"


def test_pauses_that_overlap_count_once(wait: Wait, alice: User, ravi: User) -> None:
    Policy.objects.update(first_seconds=4 * 3600)
    Wait.objects.update(target_seconds=4 * 3600, due_at=moment(3, 14))
    pauses.pause(wait, "they_asked", moment(3, 12), alice, moment(3, 11))
    pauses.pause(wait, "we_asked", moment(3, 13), alice, moment(3, 11, 30))
    assert due(wait) == moment(3, 16)


def test_waiting_for_a_colleague_is_no_ground(wait: Wait, alice: User) -> None:
    for ground in ("colleague", "absence", ""):
        with pytest.raises(WaitRefused, match="colleague"):
            pauses.pause(wait, ground, moment(5), alice, moment(3, 11))
    assert not Pause.objects.exists()


@pytest.mark.parametrize("until", [moment(3, 11), moment(3), moment(3) + timedelta(days=120)])
def test_it_is_always_said_until_when(wait: Wait, alice: User, until: datetime) -> None:
    with pytest.raises(WaitRefused, match="until when"):
        pauses.pause(wait, "they_asked", until, alice, moment(3, 11))


def test_what_is_late_or_answered_is_not_paused(wait: Wait, alice: User) -> None:
    with pytest.raises(WaitRefused, match="late already"):
        pauses.pause(wait, "they_asked", moment(9), alice, wait.due_at)
    messages.reply(wait.conversation, "Here.", alice, moment(3, 12))
    with pytest.raises(WaitRefused, match="does not wait"):
        pauses.pause(wait, "they_asked", moment(9), alice, moment(3, 13))


def test_it_runs_on_at_a_press_and_that_is_taken_back(wait: Wait, alice: User) -> None:
    pauses.pause(wait, "they_asked", moment(5), alice, moment(3, 11))
    on = pauses.resume(wait, alice, moment(3, 15))
    assert due(wait) == moment(4, 14)
    with pytest.raises(WaitRefused, match="not paused"):
        pauses.resume(wait, alice, moment(3, 15))
    history.undo(on, alice, moment(3, 16))
    assert due(wait) == moment(5, 17)


def test_a_pause_is_taken_back_as_if_it_had_never_been(wait: Wait, alice: User) -> None:
    paused = pauses.pause(wait, "we_asked", moment(5), alice, moment(3, 11))
    history.undo(paused, alice, moment(3, 12))
    assert (due(wait), wait.paused_until) == (moment(4), None)
    assert Pause.objects.get().withdrawn_at == moment(3, 12)


def test_when_they_answer_what_we_asked_the_clock_runs_on(wait: Wait, nora: Contact, alice: User) -> None:
    pauses.pause(wait, "we_asked", moment(9), alice, moment(3, 11))
    messages.receive(
        nora.partner, "email", "Out of office", moment(3, 12), wait.conversation, is_automatic=True
    )
    assert wait.pauses.get().ends_at == moment(9)
    messages.receive(nora.partner, "email", "The file", moment(3, 15), wait.conversation, contact=nora)
    assert due(wait) == moment(4, 14)
    assert wait.conversation.waits.count() == 1
    assert_agreement(wait.conversation)


def test_what_they_asked_for_goes_on_when_they_write(wait: Wait, nora: Contact, alice: User) -> None:
    pauses.pause(wait, "they_asked", moment(5), alice, moment(3, 11))
    messages.receive(nora.partner, "email", "One more thing", moment(3, 15), wait.conversation)
    assert due(wait) == moment(5, 17)


def test_the_time_taken_leaves_pauses_out(wait: Wait, alice: User) -> None:
    pauses.pause(wait, "they_asked", moment(5), alice, moment(3, 11))
    messages.reply(wait.conversation, "Here.", alice, moment(5, 12))
    wait.refresh_from_db()
    assert (wait.state, wait.elapsed_seconds, wait.working_seconds) == ("met", 3 * 3600, 3 * 3600)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 3000)), min_size=1, max_size=4),
)
def test_however_it_is_paused_it_is_never_due_within_a_pause(
    wait: Wait, alice: User, spans: list[tuple[int, int]]
) -> None:
    Pause.objects.all().delete()
    Wait.objects.update(due_at=moment(4), state="open")
    for starts, minutes in sorted(spans):
        at = moment(3) + timedelta(minutes=starts)
        pauses.pause(wait, "they_asked", at + timedelta(minutes=minutes), alice, at)
    for pause in wait.pauses.all():
        assert not pause.starts_at < due(wait) < pause.ends_at


# --- pages --------------------------------------------------------------------------------------------


def test_it_is_paused_on_its_page(client: Client, alice: User, nora: Contact) -> None:
    client.force_login(alice)
    with clock.fixed(moment(3)):
        wait = messages.receive(nora.partner, "email", "?", moment(3)).conversation.waits.get()
        asked = {"ground": "they_asked", "until": "2026-06-05", "note": "Holidays there"}
        answer = client.post(f"/waits/{wait.pk}/pause/", asked, follow=True)
        words = answer.content.decode()
        assert "The clock stands still." in words
        assert "Let it run on" in words
        assert "They asked us to wait (Holidays there), Alice" in words
        assert due(wait) == moment(7, 0)  # a day after Friday has ended
        assert "Paused" in client.get("/").content.decode()
        client.post(f"/waits/{wait.pk}/resume/")
    assert due(wait) == moment(4)


@pytest.mark.parametrize("typed", [{}, {"ground": "they_asked"}, {"ground": "busy", "until": "2026-06-05"}])
def test_a_pause_without_ground_or_end_is_refused(
    client: Client, alice: User, nora: Contact, typed: dict[str, str]
) -> None:
    client.force_login(alice)
    wait = messages.receive(nora.partner, "email", "?", clock.now()).conversation.waits.get()
    assert client.post(f"/waits/{wait.pk}/pause/", typed).status_code == 422
    assert not Pause.objects.exists()


def test_the_due_time_stands_in_their_zone_too(client: Client, alice: User, nora: Contact) -> None:
    Contact.objects.filter(pk=nora.pk).update(zone="America/New_York")
    client.force_login(alice)
    with clock.fixed(moment(3)):
        thread = messages.receive(nora.partner, "email", "?", moment(3), contact=nora).conversation
        assert (
            "Thu 4 Jun, 04:00 in America/New_York" in client.get(thread.get_absolute_url()).content.decode()
        )
