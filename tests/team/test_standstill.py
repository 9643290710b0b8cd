"""Workers that stand still: the banner on every page, and the one mail to the admins."""

import threading
from datetime import datetime, timedelta

import pytest
from django.test import Client

from prm import clock, outbox, standstill, sweeper
from prm.models import Heartbeat, OutboxItem
from team.models import Company, User
from tests.conftest import MONDAY
from tests.sink import Sink

PAGE = "/accounts/password/change/"  # the plainest page inside the shell
SINCE = MONDAY + timedelta(hours=5, minutes=5)  # 14:05 in Berlin
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def started_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standstill, "_started_at", MONDAY - timedelta(days=1))


@pytest.fixture
def mailing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The web process may send its mail, in a thread beside the page."""
    monkeypatch.setattr(standstill, "_look_again_at", MONDAY)


def last_sweep(at: datetime) -> None:
    Heartbeat.objects.update_or_create(name="sweep", defaults={"ended_at": at})


def page(who: User, at: datetime) -> str:
    client = Client()
    client.force_login(who)
    with clock.fixed(at):
        text: str = client.get(PAGE).content.decode()
    return text


def the_mail_is_through() -> None:
    for thread in threading.enumerate():
        if thread.name == standstill.MAIL:
            thread.join(timeout=30)


def test_pages_say_for_five_minutes_nothing_and_then_since_when(alice: User) -> None:
    last_sweep(SINCE)
    assert "stand still" not in page(alice, SINCE + 5 * MINUTE)
    late = page(alice, SINCE + 6 * MINUTE)
    assert "Reminders and mail stand still since" in late
    assert ">14:05</time>: the workers do not run." in late
    assert ">yesterday 14:05</time>" in page(alice, SINCE + timedelta(days=1))
    assert ">Mon 1 Jun 14:05</time>" in page(alice, SINCE + timedelta(days=9))


def test_only_admins_read_what_to_do(alice: User, ravi: User) -> None:
    last_sweep(SINCE)
    late = SINCE + 6 * MINUTE
    assert "make run" in page(ravi, late)
    assert "Tell your admin" not in page(ravi, late)
    assert "make run" not in page(alice, late)
    assert "Tell your admin" in page(alice, late)


def test_a_sweep_takes_the_banner_away(alice: User) -> None:
    last_sweep(SINCE)
    later = SINCE + timedelta(hours=1)
    assert "stand still" in page(alice, later)
    with clock.fixed(later):
        sweeper.beat("sweep", later)
    assert "stand still" not in page(alice, later)


def test_a_company_just_set_up_waits_five_minutes_for_its_first_sweep(alice: User) -> None:
    Heartbeat.objects.all().delete()
    Company.objects.update(set_up_at=SINCE)
    assert "stand still" not in page(alice, SINCE + 5 * MINUTE)
    assert "stand still" in page(alice, SINCE + 6 * MINUTE), "the workers were never started"


def test_a_web_server_that_just_started_gives_the_workers_their_time(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    last_sweep(MONDAY)
    monkeypatch.setattr(standstill, "_started_at", SINCE)
    assert "stand still" not in page(alice, SINCE + 5 * MINUTE)
    assert "stand still" in page(alice, SINCE + 6 * MINUTE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("mailing")
def test_the_page_that_sees_it_has_the_admins_mailed(alice: User, ravi: User, sink: Sink) -> None:  # E15
    last_sweep(SINCE)
    page(alice, SINCE + 6 * MINUTE)
    the_mail_is_through()
    (mail,) = sink.mails
    assert mail["To"] == ravi.email
    assert mail["Subject"] == "Reminders and mail stand still at Acme"
    assert "ended at 14:05 on Monday 1 June 2026 (Europe/Berlin)" in mail.get_content()
    assert OutboxItem.objects.get().state == OutboxItem.State.SENT


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("mailing")
def test_the_probe_that_sees_it_has_the_admins_mailed(client: Client, ravi: User, sink: Sink) -> None:
    last_sweep(SINCE)
    with clock.fixed(SINCE + 6 * MINUTE):
        assert client.get("/health/ready?workers").status_code == 503
    the_mail_is_through()
    assert len(sink.mails) == 1


@pytest.fixture
def told(ravi: User) -> datetime:
    """A standstill that the admins were told of."""
    last_sweep(SINCE)
    standstill.tell(SINCE, SINCE + 6 * MINUTE)
    return SINCE


def test_a_standstill_is_mailed_once_and_the_next_one_again(sink: Sink, told: datetime) -> None:
    standstill.tell(SINCE, SINCE + 7 * MINUTE)
    assert len(sink.mails) == 1
    last_sweep(SINCE + timedelta(hours=1))
    standstill.tell(SINCE + timedelta(hours=1), SINCE + timedelta(hours=2))
    assert len(sink.mails) == 2


def test_without_a_mail_server_the_mail_is_kept_for_the_admins_to_read(
    client: Client, told: datetime, ravi: User
) -> None:
    client.force_login(ravi)
    assert "Reminders and mail stand still at Acme" in client.get("/settings/mail/").content.decode()
    assert OutboxItem.objects.get().state == OutboxItem.State.KEPT


def test_a_mail_that_could_not_go_is_tried_again_from_here(ravi: User, sink: Sink, settings: object) -> None:
    last_sweep(SINCE)
    sound, settings.EMAIL_PORT = sink.port, 1  # type: ignore[attr-defined]
    standstill.tell(SINCE, SINCE + 6 * MINUTE)
    assert OutboxItem.objects.get().state == OutboxItem.State.WAITING
    settings.EMAIL_PORT = sound  # type: ignore[attr-defined]
    standstill.tell(SINCE, SINCE + 8 * MINUTE)
    assert len(sink.mails) == 1


def test_a_mail_that_comes_too_late_is_dropped(ravi: User, sink: Sink) -> None:
    last_sweep(SINCE + timedelta(hours=1))
    standstill.tell(SINCE, SINCE + timedelta(hours=1))
    assert (sink.mails, OutboxItem.objects.get().state) == ([], OutboxItem.State.DROPPED)


def test_two_web_processes_send_one_mail(ravi: User, sink: Sink) -> None:
    """The one that comes second finds the row under the other's lease."""
    last_sweep(SINCE)
    at = SINCE + 6 * MINUTE
    mail = outbox.put(standstill.MAIL, f"standstill:{SINCE.isoformat()}", at, {"since": SINCE.isoformat()})
    assert outbox._claim(at) == mail
    standstill.tell(SINCE, at)
    assert sink.mails == []
