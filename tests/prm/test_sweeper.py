"""The sweeper: what is due is handled once, a bad row stands aside, workers share the work."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from prm import clock, locks, outbox, sweeper, tasks
from prm.models import Heartbeat, OutboxItem
from prm.outbox import Mail
from tests.conftest import MONDAY

HOUR = timedelta(hours=1)


def due(count: int, at: datetime = MONDAY) -> None:
    """Rows with a `next_check_at` to sweep: the outbox has the one model of the kernel that waits."""
    OutboxItem.objects.bulk_create(
        OutboxItem(kind="test", key=f"{n}", message_id=f"<{n}@x>", next_check_at=at, created_at=at)
        for n in range(count)
    )


def move_on(row: OutboxItem, at: datetime) -> None:
    OutboxItem.objects.filter(pk=row.pk).update(next_check_at=at + 24 * HOUR, attempts=row.attempts + 1)


def sweep(at: datetime) -> int:
    return sweeper.in_batches(OutboxItem.objects.all(), at, move_on)


@pytest.mark.django_db
def test_more_than_a_batch_is_handled_in_one_run_and_only_once() -> None:
    due(250)
    due_later = OutboxItem.objects.create(
        kind="test", key="later", message_id="<l@x>", next_check_at=MONDAY + HOUR, created_at=MONDAY
    )
    assert sweep(MONDAY) == 250
    assert sweep(MONDAY) == 0
    assert set(OutboxItem.objects.exclude(pk=due_later.pk).values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db
def test_a_bad_row_is_put_an_hour_ahead_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:  # E07
    due(3)

    def choosy(row: OutboxItem, at: datetime) -> None:
        move_on(row, at)
        if row.key == "1":
            raise ValueError("one row cannot be worked out")

    sweeper.in_batches(OutboxItem.objects.all(), MONDAY, choosy)
    assert {row.key: (row.attempts, row.next_check_at) for row in OutboxItem.objects.all()} == {
        "0": (1, MONDAY + 24 * HOUR),
        "1": (0, MONDAY + HOUR),
        "2": (1, MONDAY + 24 * HOUR),
    }
    assert "prm.OutboxItem" in caplog.text


@pytest.mark.django_db
def test_a_handler_that_forgets_to_move_a_row_on_does_not_loop() -> None:
    due(100)
    assert sweeper.in_batches(OutboxItem.objects.all(), MONDAY, lambda row, at: None) == 200
    assert OutboxItem.objects.filter(next_check_at=MONDAY + HOUR).count() == 100


@pytest.mark.django_db
def test_a_batch_is_handled_together_and_one_by_one_where_that_fails() -> None:
    due(150)
    batches: list[int] = []

    def together(rows: list[OutboxItem], at: datetime) -> None:
        batches.append(len(rows))
        for row in rows:
            move_on(row, at)
        if len(batches) == 1:
            raise ValueError("one of them cannot be worked out")

    assert sweeper.in_batches(OutboxItem.objects.all(), MONDAY, move_on, together) == 150
    assert batches == [100, 50]
    assert set(OutboxItem.objects.values_list("attempts", flat=True)) == {1}


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No sweep but those the test registers, and a kind of mail."""
    monkeypatch.setattr(sweeper, "_sweeps", {})
    monkeypatch.setattr(sweeper, "_last", [])
    mail = Mail(to=["nora@northwind.example"], subject="Late", body="We are late.")
    monkeypatch.setitem(outbox._kinds, "test", (lambda item: True, lambda item: mail, None))


@pytest.mark.django_db
def test_a_sweep_that_raises_does_not_stop_the_others(only: None) -> None:
    def broken(at: datetime) -> int:
        raise ValueError("no rows for you")

    sweeper.register("gathering", lambda at: 7, last=True)
    sweeper.register("broken", broken)
    sweeper.register("good", lambda at: 2)
    swept = sweeper.run(MONDAY)
    assert list(swept.items()) == [("broken", 0), ("good", 2), ("gathering", 7)]
    assert swept.failed == {"broken": "ValueError: no rows for you"}
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db
def test_the_task_sweeps_now_and_says_so(only: None) -> None:
    moments: list[datetime] = []
    sweeper.register("asked", lambda at: moments.append(at) or 0)
    tasks.sweep()
    assert abs(moments[0] - clock.now()) < timedelta(minutes=1)
    assert Heartbeat.objects.get(name="sweep").last_error == ""
    tasks.deliver()
    tasks.work()


def command(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("sweep", *arguments, stdout=out, stderr=out)
    return out.getvalue().splitlines()


def remind(at: datetime) -> int:
    outbox.put("test", f"late {at}", at, {})
    return 3


@pytest.mark.django_db
def test_the_command_sweeps_sends_and_sums_up(only: None) -> None:
    sweeper.register("waits", remind)
    sweeper.register("promises", lambda at: 0)
    assert command()[-1] == "swept 4: waits 3, promises 0, mails 1"
    assert OutboxItem.objects.get().state == OutboxItem.State.KEPT
    assert Heartbeat.objects.exists()


@pytest.mark.django_db
def test_the_command_at_an_earlier_moment_says_nothing_of_the_present(only: None) -> None:
    moments: list[datetime] = []
    sweeper.register("asked", lambda at: moments.append(at) or 0)
    command("--at", "2026-06-01T09:00+02:00")
    command("--at", "2026-06-01T07:00")
    assert moments == [MONDAY, MONDAY]
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db
def test_a_rehearsal_changes_nothing_and_sends_nothing(only: None) -> None:
    sweeper.register("waits", remind)
    says = command("--at", "2199-01-01T00:00Z", "--dry-run")
    assert says == [
        "Dry run: nothing was changed, no mail was sent.",
        "swept 4: waits 3, mails 1",
    ]
    assert not OutboxItem.objects.exists()
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db
def test_a_later_moment_needs_a_rehearsal(only: None, settings: object) -> None:
    with pytest.raises(CommandError, match="later than now: add --dry-run"):
        command("--at", "2199-01-01T00:00Z")
    with pytest.raises(CommandError, match="no moment"):
        command("--at", "tomorrow")


@pytest.mark.django_db
def test_the_command_fails_when_a_sweep_fails(only: None) -> None:
    sweeper.register("sums", lambda at: 1 // 0)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("sweep", stdout=out, stderr=out)
    assert ended.value.code == 1
    assert out.getvalue().splitlines() == [
        "sums failed: ZeroDivisionError: integer division or modulo by zero",
        "swept 0: sums 0, mails 0",
    ]


@pytest.fixture
def beside(django_db_blocker: DjangoDbBlocker) -> Iterator[list[threading.Thread]]:
    """Threads with their own connection, joined at the end."""
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join(20)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_share_the_rows_on_postgresql(beside: list[threading.Thread]) -> None:
    due(400)
    handled: list[int] = []

    def worker() -> None:
        handled.append(sweep(MONDAY))
        connection.close()

    beside += [threading.Thread(target=worker) for _ in range(4)]
    for thread in beside:
        thread.start()
    for thread in beside:
        thread.join(20)
    sweep(MONDAY)  # a worker may leave early while the others hold the last rows
    assert sum(handled) == 400
    assert set(OutboxItem.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_schedulers_sweep_once_on_postgresql(beside: list[threading.Thread]) -> None:  # E05
    inside, leave = threading.Event(), threading.Event()

    def holder() -> None:
        with locks.only_one("sweep") as mine:
            assert mine
            inside.set()
            leave.wait(20)
        connection.close()

    beside.append(threading.Thread(target=holder))
    beside[0].start()
    assert inside.wait(20)
    tasks.sweep()
    assert not Heartbeat.objects.exists()
    leave.set()
    beside[0].join(20)
    tasks.sweep()
    assert Heartbeat.objects.exists()
