"""Workers that meet, and workers that are killed: each notice stands in exactly one mail."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from prm import outbox
from prm.models import OutboxItem
from prm.references import Reference
from team import mailing, notices
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.sink import Sink


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    notices.register("test race", at_once=True, why="")
    yield
    del notices._kinds["test race"]


def work(person: User, worker: int) -> None:
    """Give, bind and deliver, as one of many workers would."""
    try:
        for cause in range(10):
            notices.give(
                person, "test race", Reference("wait", cause), MONDAY, MONDAY, f"[{cause}] is due", "/x/"
            )
            mailing.bind_all(MONDAY)
            outbox.deliver(MONDAY)
    finally:
        connection.close()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_workers_tell_each_person_each_thing_once(alice: User, bob: User, sink: Sink) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite in memory has one connection")
    with ThreadPoolExecutor(8) as workers:
        futures = [workers.submit(work, (alice, bob)[n % 2], n) for n in range(8)]
        for future in futures:
            future.result()
    mailing.bind_all(MONDAY)
    outbox.deliver(MONDAY)
    assert Notice.objects.count() == 20
    assert set(OutboxItem.objects.values_list("state", flat=True)) == {OutboxItem.State.SENT}
    for person in (alice, bob):
        bodies = [mail.get_content() for mail in sink.mails if mail["To"] == person.email]
        assert [sum(f"[{cause}] is due" in body for body in bodies) for cause in range(10)] == [1] * 10
