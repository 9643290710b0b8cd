"""Several sweepers, answers and rollbacks at once: every breach once. SQLite is tried by `test_faults`: in
memory it has one connection."""

import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from conversations import messages, sweeping
from conversations.messages import Happening
from conversations.models import Conversation, Message, Wait
from partners.models import Contact, Event, Partner
from prm import sweeper
from prm.models import OutboxItem
from team.models import Notice, User
from tests.conftest import BERLIN
from tests.conversations.agreement import assert_agreement

OPENED = datetime(2026, 6, 3, 10, 0, tzinfo=BERLIN)
DUE = OPENED + timedelta(days=1)
AT = DUE + timedelta(minutes=1)
MANY = 60

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def asked(nora: Contact, count: int) -> list[Wait]:
    """Waits that fall due at DUE, each in its own conversation."""
    for n in range(count):
        messages.receive(nora.partner, "email", "?", OPENED, contact=nora, subject=f"Question {n}")
    return list(Wait.objects.order_by("pk"))


def at_once(count: int, work: Callable[[int], None]) -> None:
    """Run `work(n)` in `count` threads that start together; what one raises fails the test."""
    ready, trouble = threading.Barrier(count), []

    def body(n: int) -> None:
        try:
            ready.wait()
            work(n)
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=body, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []


def assert_each_breach_once(waits: int) -> None:
    assert Wait.objects.filter(state="late", breached_at=DUE).count() == waits
    assert Event.objects.filter(kind="wait_breached").count() == waits
    assert Notice.objects.filter(kind="wait_breached").count() == waits


def test_eight_sweepers_with_rollbacks_record_every_breach_once(nora: Contact) -> None:  # E01
    asked(nora, MANY)
    rng = random.Random(7)

    def flaky(wait: Wait, at: datetime) -> None:
        sweeping.check_wait(wait, at)
        if rng.random() < 0.1:
            raise RuntimeError("injected, after all was written")

    due = Wait.objects.select_related(
        "partner__owner__lead", "conversation__responsible__lead", "conversation__partner__owner"
    )

    def flaky_together(waits: list[Wait], at: datetime) -> None:
        sweeping.check_waits(waits, at)
        if rng.random() < 0.5:
            raise RuntimeError("injected, after all was written")

    at_once(8, lambda n: sweeper.in_batches(due, AT, flaky, flaky_together))
    at_once(8, lambda n: sweeping.sweep_waits(AT + timedelta(hours=2)))
    assert_each_breach_once(MANY)


def test_whole_batches_that_are_rolled_back_lose_and_double_nothing(nora: Contact) -> None:
    asked(nora, MANY)

    def dies(n: int) -> None:
        try:
            with transaction.atomic():
                sweeping.sweep_waits(AT)
                if n % 2:
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass

    at_once(4, dies)
    at_once(2, lambda n: sweeping.sweep_waits(AT))
    assert_each_breach_once(MANY)


def test_eight_whole_sweeps_bind_every_notice_to_one_mail(nora: Contact) -> None:
    asked(nora, 40)
    at_once(8, lambda n: sweeper.run(AT))
    sweeper.run(AT)
    assert_each_breach_once(40)
    keys = set(Notice.objects.values_list("mail_key", flat=True))
    assert "" not in keys
    assert keys == set(OutboxItem.objects.values_list("key", flat=True))


def test_answers_and_sweeps_that_meet_agree(nora: Contact, alice: User) -> None:
    """An answer of before the due time ends met, whether the sweep or the answer came first."""
    waits = asked(nora, 30)

    def work(n: int) -> None:
        if n < 2:
            sweeping.sweep_waits(AT)
            return
        for wait in waits[n - 2 :: 4]:
            messages.log(
                nora.partner, Happening("call", "Told", DUE - timedelta(hours=1)), alice, AT, answers=[wait]
            )

    at_once(6, work)
    sweeping.sweep_waits(AT + timedelta(days=9))
    assert set(Wait.objects.values_list("state", flat=True)) == {"met"}
    for wait in Wait.objects.filter(breached_at__isnull=False):
        assert wait.breach_voided_reason
    assert_agreement(*Conversation.objects.all())


def test_two_messages_at_once_open_one_wait(northwind: Partner, nora: Contact) -> None:
    thread = messages.log(northwind, Happening("call", "A talk"), northwind.owner, OPENED).conversation
    at_once(6, lambda n: messages.receive(northwind, "email", f"{n}?", OPENED, thread, contact=nora) and None)
    assert Message.objects.filter(direction="in").count() == 6
    assert thread.waits.get().is_open
    assert_agreement(thread)
