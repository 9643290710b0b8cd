"""What the sweep of waits tells people, all the way to the mail."""

from datetime import date, datetime, time, timedelta

from conversations import messages
from conversations.models import Wait
from partners import assignments
from partners.models import Contact, Event
from prm import outbox, sweeper
from team import notices, people, preferences
from team.models import Notice, User
from tests.conftest import BERLIN
from tests.sink import Sink

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OPENED = datetime(2026, 6, 3, 10, 15, tzinfo=BERLIN)
DUE = OPENED + 24 * HOUR


def ask(nora: Contact, at: datetime, subject: str = "Margins") -> Wait:
    asked = messages.receive(nora.partner, "email", "Well?", at, contact=nora, subject=subject)
    return asked.conversation.waits.get()


def swept(at: datetime) -> None:
    sweeper.run(at)
    outbox.deliver(at)


def mails_to(person: User, sink: Sink) -> list[str]:
    return [str(mail["Subject"]) for mail in sink.mails if mail["To"] == person.email]


def test_a_warning_of_the_night_is_mailed_at_eight_and_the_due_time_stays(
    nora: Contact, alice: User, sink: Sink
) -> None:  # N01
    wait = ask(nora, OPENED)
    raw = OPENED + 18 * HOUR  # 04:15
    for minutes in range(0, 225, 15):
        swept(raw + minutes * MINUTE)
    assert sink.mails == []
    swept(datetime(2026, 6, 4, 8, 0, tzinfo=BERLIN))
    assert mails_to(alice, sink) == ["Northwind waits for a reply: Margins"]
    wait.refresh_from_db()
    assert wait.due_at == DUE


def test_swept_a_hundred_times_a_breach_is_mailed_once_and_raised_once(
    nora: Contact, alice: User, erin: User, sink: Sink
) -> None:  # E03
    ask(nora, OPENED)
    for minutes in range(100):
        swept(DUE + minutes * MINUTE)
    for minutes in range(100):
        swept(DUE + 4 * HOUR + minutes * MINUTE)
    assert mails_to(alice, sink) == ["Northwind has waited too long: Margins"]
    assert len(mails_to(erin, sink)) == 1


def test_seven_breaches_in_one_sweep_are_one_mail(nora: Contact, alice: User, sink: Sink) -> None:  # N03
    for number in range(7):
        ask(nora, OPENED, f"Question {number}")
    swept(DUE)
    assert mails_to(alice, sink) == ["7 things need you: Northwind has waited too long: Question 0"]
    assert all(f"Question {number}" in sink.bodies[0] for number in range(7))


def test_through_the_hour_that_comes_twice_one_breach_and_one_digest(
    nora: Contact, alice: User, sink: Sink
) -> None:  # D07
    preferences.change_times(
        alice, OPENED, digest_at=time(2, 30), quiet_from=time(0), quiet_until=time(0), quiet_weekends=False
    )
    preferences.choose(alice, {"wait_warned": "digest"})
    wait = ask(nora, datetime(2026, 10, 24, 2, 30, tzinfo=BERLIN))
    began = datetime(2026, 10, 25, 0, 0, tzinfo=BERLIN)
    for minutes in range(0, 300, 5):
        swept(began + minutes * MINUTE)
    assert Event.objects.filter(kind="wait_breached", about_id=wait.pk).count() == 1
    assert mails_to(alice, sink).count("Northwind has waited too long: Margins") == 1
    assert sum(subject.startswith("Your digest") for subject in mails_to(alice, sink)) == 1
    assert Notice.objects.filter(kind="wait_breached").count() == 1


def test_on_leave_the_delegate_is_mailed_at_once_and_the_clock_runs_on(
    nora: Contact, alice: User, bob: User, sink: Sink
) -> None:
    people.go_on_leave(alice, date(2026, 6, 4), date(2026, 6, 5), bob)
    wait = ask(nora, OPENED)
    swept(DUE)
    assert mails_to(bob, sink) == mails_to(alice, sink) == ["Northwind has waited too long: Margins"]
    wait.refresh_from_db()
    assert wait.breached_at == DUE


EVENING = datetime(2026, 6, 4, 19, 45, tzinfo=BERLIN)


def test_what_the_night_would_use_up_is_told_before_it_begins(nora: Contact, alice: User, sink: Sink) -> None:
    wait = ask(nora, datetime(2026, 6, 4, 6, 0, tzinfo=BERLIN))  # warned at midnight, due at 06:00
    swept(EVENING - MINUTE)
    assert sink.mails == []
    for minutes in range(15):
        swept(EVENING + minutes * MINUTE)
    assert mails_to(alice, sink) == ["Northwind waits for a reply: Margins"]
    swept(wait.warn_at)
    assert len(mails_to(alice, sink)) == 1
    assert Event.objects.filter(kind="wait_warned", about_id=wait.pk).count() == 1


def test_before_a_weekend_the_waits_of_all_of_it_are_told(nora: Contact, alice: User, sink: Sink) -> None:
    ask(nora, datetime(2026, 6, 5, 17, 0, tzinfo=BERLIN))  # due on Saturday at 17:00
    swept(EVENING + timedelta(days=1))
    assert mails_to(alice, sink) == ["Northwind waits for a reply: Margins"]


def test_what_leaves_two_hours_in_the_morning_waits_for_it(nora: Contact, sink: Sink) -> None:
    ask(nora, datetime(2026, 6, 4, 10, 15, tzinfo=BERLIN))  # due at 10:15
    swept(EVENING)
    assert sink.mails == []


def test_nobodys_wait_is_told_to_the_heads_before_the_night(
    nora: Contact, alice: User, erin: User, sink: Sink
) -> None:
    ask(nora, datetime(2026, 6, 4, 6, 0, tzinfo=BERLIN))
    assignments.set_owner(nora.partner, to=None, by=alice, at=OPENED)
    swept(EVENING)
    assert (len(mails_to(erin, sink)), mails_to(alice, sink)) == (1, [])


def test_hiding_a_warning_leaves_breach_and_escalation_as_they_are(
    nora: Contact, alice: User, erin: User
) -> None:  # N07
    wait = ask(nora, OPENED)
    sweeper.run(wait.warn_at)
    (warning,) = Notice.objects.filter(person=alice)
    notices.snooze(warning, until=DUE, by=alice, at=DUE - 2 * HOUR)
    assert notices.unread(alice) == 0
    sweeper.run(DUE)
    sweeper.run(DUE + 4 * HOUR)
    told = Notice.objects.exclude(pk=warning.pk).values_list("person__name", "kind", "snoozed_until")
    assert set(told) == {("Alice", "wait_breached", None), ("Erin", "wait_raised", None)}
