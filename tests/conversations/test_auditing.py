"""The nightly audit: it finds what differs, says nothing where all agrees, and runs once a local day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conversations import auditing, corrections, messages, pauses, policies, sweeping, waits
from conversations.models import Audit, Conversation, Finding, Message, Policy, Wait
from partners.models import Contact
from prm import clock, jobs, sweeper
from prm.models import Job
from team.models import Company, User
from tests.conftest import BERLIN


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


@pytest.fixture
def thread(nora: Contact, alice: User) -> Conversation:
    """Asked, answered, asked again and paused."""
    held = messages.receive(nora.partner, "email", "?", moment(3), contact=nora).conversation
    messages.reply(held, "Here.", alice, moment(3, 11))
    messages.receive(nora.partner, "email", "And?", moment(3, 12), held)
    pauses.pause(held.waits.open().get(), "they_asked", moment(5), alice, moment(3, 13))
    return held


def whats(thread: Conversation) -> list[str]:
    return [each.what for each in auditing.differences(thread)]


def test_what_was_settled_agrees(thread: Conversation, alice: User) -> None:
    assert whats(thread) == []
    sweeping.sweep_waits(moment(9))
    waits.cancel(thread.waits.open().get(), "Thanks only", alice, moment(9))
    assert whats(thread) == []


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"due_at": moment(20)}, "due time"),
        ({"opened_at": moment(3, 12, 1)}, "opening"),
        ({"state": "cancelled", "cancelled_reason": "Lost"}, "state"),
        ({"metric": "first"}, "metric"),
        ({"responsible": None}, "person responsible"),
    ],
)
def test_a_wait_that_was_changed_is_named(thread: Conversation, wrong: dict[str, object], named: str) -> None:
    Wait.objects.filter(state="open").update(**wrong)
    assert any(what.startswith(f"The {named} is stored as") for what in whats(thread))


def test_a_wait_that_is_lost_is_named(thread: Conversation, ravi: User) -> None:
    Wait.objects.filter(state="open").delete()
    assert whats(thread) == ["They wait since 2026-06-03 10:00 UTC, and no wait is stored."]
    policies.switch_off(Policy.objects.get(), ravi, moment(4))
    assert whats(thread) == []


def test_a_wait_no_message_opens_is_named(thread: Conversation) -> None:
    Message.objects.filter(direction="in").order_by("-occurred_at").update(is_automatic=True)
    assert "No message opens this wait" in whats(thread)[0]


def audited(at: datetime) -> Audit:
    with clock.fixed(at):
        auditing.nightly(at)
        jobs.run_due(at)
    return Audit.objects.get(on=at.astimezone(BERLIN).date())


def test_it_runs_once_a_local_day_after_three(thread: Conversation, company: Company) -> None:
    before = datetime(2026, 6, 10, 0, 59, tzinfo=UTC)  # 02:59 in Berlin
    auditing.nightly(before)
    assert not Audit.objects.exists()
    for minute in range(1, 24 * 60, 7):
        auditing.nightly(before + timedelta(minutes=minute))
    assert (Audit.objects.count(), Job.objects.count()) == (1, 1)
    auditing.nightly(before + timedelta(days=1, minutes=1))
    assert Job.objects.filter(kind=auditing.JOB).count() == 2


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_it_runs_once_on_the_days_the_clock_changes(company: Company, day: str) -> None:
    starts = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=BERLIN).astimezone(UTC)
    for minute in range(0, 23 * 60, 10):
        auditing.nightly(starts + timedelta(minutes=minute))
    assert (Job.objects.count(), str(Audit.objects.get().on)) == (1, day)


def test_it_stands_in_the_schedule(thread: Conversation) -> None:
    sweeper.run(moment(10), only="audit")
    assert Job.objects.get().kind == auditing.JOB


def test_the_admins_hear_of_what_differs_and_the_head_does_not(
    thread: Conversation, ravi: User, erin: User
) -> None:
    Wait.objects.filter(state="open").update(metric="first")
    audit = audited(moment(10))
    finding = Finding.objects.get()
    assert (finding.audit, finding.conversation, audit.conversations) == (audit, thread, 1)
    assert ravi.notices.get(kind="audit_differs").url == "/settings/audit/"
    assert not erin.notices.filter(kind="audit_differs").exists()
    assert Job.objects.get().says == "1 conversations replayed, 1 differences"


def test_where_all_agrees_nobody_is_told(thread: Conversation, ravi: User) -> None:
    audit = audited(moment(10))
    assert audit.ended_at is not None
    assert not Finding.objects.exists()
    assert not ravi.notices.exists()


def test_begun_again_it_reports_once(thread: Conversation) -> None:
    Wait.objects.filter(state="open").update(metric="first")
    audited(moment(10))
    Job.objects.update(state="waiting")
    with clock.fixed(moment(10, 11)):
        jobs.run_due(moment(10, 11))
    assert Finding.objects.count() == 1


def test_it_looks_35_days_back_and_at_whoever_waits_still(nora: Contact, alice: User) -> None:
    old = messages.receive(nora.partner, "email", "?", moment(1)).conversation
    messages.reply(old, "Here.", alice, moment(1, 11))
    waits_still = messages.receive(nora.partner, "email", "?", moment(1)).conversation
    since = moment(1) + timedelta(days=40)
    assert list(auditing.spoken_in(since - auditing.BACK)) == [waits_still]
    assert list(auditing.spoken_in(moment(1))) == [old, waits_still]


def test_a_bounce_and_a_withdrawal_agree_too(thread: Conversation, alice: User) -> None:
    reply = thread.messages.get(direction="out")
    corrections.bounced(reply, moment(3, 14))
    assert whats(thread) == []


def test_the_page_shows_the_nights_and_what_differs(client: Client, thread: Conversation, ravi: User) -> None:
    client.force_login(ravi)
    assert "No night has passed yet" in client.get(reverse("conversations:audits")).content.decode()
    Wait.objects.filter(state="open").update(metric="first")
    audited(moment(10))
    page = client.get(reverse("conversations:audits")).content.decode()
    assert "The metric is stored as first and should be next." in page
    assert "1 conversations replayed, 1 differences" in page
