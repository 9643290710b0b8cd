"""Whether it lives and is ready, and what an operator reads in the log."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from prm import clock, health, sweeper
from prm.models import Heartbeat
from prm.requests import JsonFormatter, RequestIdFilter


def test_it_lives_whatever_host_asks(client: Client) -> None:
    answer = client.get("/health/live", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_it_is_ready_without_workers(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok"})


@pytest.mark.django_db
def test_it_is_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OSError("no route to 10.0.0.9")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "database": "OSError"})


@pytest.mark.django_db
def test_workers_that_never_swept_turn_it_red(client: Client) -> None:
    answer = client.get("/health/ready?workers")
    assert answer.status_code == 503
    assert "sweep" in answer.json()["workers"]


@pytest.mark.django_db
def test_workers_turn_it_red_after_five_minutes(client: Client) -> None:  # E15
    now = clock.now()
    sweeper.turn(now)
    assert client.get("/health/ready?workers").status_code == 200
    with clock.fixed(now + timedelta(minutes=6)):
        assert client.get("/health/ready?workers").status_code == 503
        assert client.get("/health/ready").status_code == 200
        assert not health.workers_keep_up(clock.now())


@pytest.mark.django_db
def test_a_turn_says_when_it_ended_how_late_and_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(at: object) -> int:
        raise ValueError("a sum that cannot be right")

    monkeypatch.setitem(sweeper._sweeps, "sums", (broken, ()))
    at = clock.now()
    with clock.fixed(at + timedelta(seconds=3)):
        sweeper.turn(at)
    beat = Heartbeat.objects.get(name="sweep")
    assert (beat.ended_at, beat.lag_seconds) == (at + timedelta(seconds=3), 3.0)
    assert beat.last_error == "sums: ValueError: a sum that cannot be right"


@pytest.mark.parametrize("given", ["short", "x" * 65, "has blanks", "<b>bold</b>", "a\tb-c-d-e-f"])
def test_a_request_id_that_could_do_harm_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/health/live", headers={"x-request-id": given})
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32


@pytest.mark.django_db
def test_a_request_id_is_kept_and_logged(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.handler.addFilter(RequestIdFilter())
    answer = client.get("/nowhere/", headers={"x-request-id": "order-66.a_b"})
    assert answer["X-Request-ID"] == "order-66.a_b"
    assert {record.__dict__["request_id"] for record in caplog.records} == {"order-66.a_b"}
    assert client.get("/nowhere/")["X-Request-ID"] != "order-66.a_b"


@pytest.mark.django_db
def test_a_page_writes_one_line_without_what_its_address_holds(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "prm.requests"):
        client.get("/accounts/password/reset/key/1-set-s3cr3t/?next=/s3cr3t/")
    said = [record.getMessage() for record in caplog.records if record.name == "prm.requests"]
    assert len(said) == 1
    assert said[0].startswith("GET /accounts/password/reset/key/")
    assert "s3cr3t" not in said[0]


@pytest.mark.django_db
def test_a_probe_that_fails_says_why_once(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/health/ready?workers")
    assert [record.name for record in caplog.records if record.levelno > logging.INFO] == ["prm.health"]


def line(message: str, **extra: Any) -> dict[str, Any]:
    record = logging.LogRecord("prm", logging.WARNING, "", 1, message, None, extra.pop("exc_info", None))
    record.__dict__.update(extra)
    written = JsonFormatter().format(record)
    assert "\n" not in written
    read: dict[str, Any] = json.loads(written)
    return read


def test_a_line_break_begins_no_second_entry() -> None:
    forged = 'no such page /x\n{"level": "INFO", "message": "all is well"}'
    assert line(forged)["message"] == forged


def test_a_trace_stays_within_its_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        entry = line("it failed", exc_info=(ValueError, error, error.__traceback__), request_id="abcdefgh")
    assert entry["level"] == "WARNING"
    assert entry["request_id"] == "abcdefgh"
    assert entry["trace"].endswith("ValueError: two\nlines")
