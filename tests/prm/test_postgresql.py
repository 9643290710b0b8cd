"""The kept connection: looked at without a round trip, and replaced when the server hung up."""

import select

import pytest
from django.core.signals import request_started
from django.db import connection, connections, transaction

from prm.models import Heartbeat
from prm.questions import Question, key

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL only"),
]


def test_a_silent_connection_is_used_again_without_asking() -> None:
    connection.ensure_connection()
    statements = len(connection.queries_log)
    assert connection.is_usable()
    assert len(connection.queries_log) == statements


def test_a_connection_the_server_ended_is_replaced() -> None:
    connection.ensure_connection()
    ended = connection.connection
    with connections.create_connection("default").cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [ended.info.backend_pid])
    select.select([ended.fileno()], [], [], 5)  # until the server's word is here
    request_started.send(sender=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert connection.connection is not ended


def test_rows_by_an_index_are_not_supposed_to_be_dear_unless_the_server_says_so() -> None:
    def supposed() -> str:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SHOW random_page_cost")
            return str(cursor.fetchone()[0])

    assert supposed() == "1.1"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER DATABASE "{name}" SET random_page_cost = 2')
    try:
        assert supposed() == "2"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" RESET random_page_cost')


def planned() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        return str(cursor.fetchone()[0])


def test_kept_statements_are_planned_once_even_after_a_transaction_was_undone() -> None:
    connection.close()
    question = Question(lambda: Heartbeat.objects.filter(lag_seconds__lt=key("most")))
    with transaction.atomic():
        for _again in range(3):  # kept as a statement within what is undone
            question.ask(most=1)
        transaction.set_rollback(True)
    assert planned() == "force_generic_plan"
    assert question.ask(most=1) == []


def test_behind_a_pooler_nothing_of_the_session_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    connection.close()
    assert planned() == "auto"
    monkeypatch.undo()
    connection.close()
