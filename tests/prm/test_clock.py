"""One source of now: the database's clock, or the moment a block is fixed at."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from prm import clock
from tests.conftest import MONDAY


def test_now_is_fixed_within_the_block_only() -> None:
    with clock.fixed(MONDAY):
        with clock.fixed(MONDAY + timedelta(hours=1)):
            assert clock.now() == MONDAY + timedelta(hours=1)
        assert clock.now() == MONDAY
    assert clock.now() != MONDAY


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.fixed(datetime(2026, 6, 1, 9)):  # noqa: DTZ001
        pass


class Answer:
    """A database cursor whose clock is `ahead` of ours."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *args: object) -> None:
        pass

    def cursor(self) -> "Answer":
        return self

    def execute(self, sql: str) -> None:
        pass

    def fetchone(self) -> tuple[float]:
        return ((datetime.now(UTC) + self.ahead).timestamp(),)


class Connection:
    vendor, alias = "postgresql", "default"

    def __init__(self, ahead: timedelta) -> None:
        self.connection = Answer(ahead)


@pytest.mark.parametrize("minutes", [3, -3])
def test_a_database_with_another_clock_is_followed(minutes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # E11
    monkeypatch.setattr(clock, "_offset", timedelta(0))
    clock.measure(None, Connection(timedelta(minutes=minutes)))
    ahead = clock.now() - datetime.now(UTC)
    assert abs(ahead - timedelta(minutes=minutes)) < timedelta(seconds=1)


def test_a_small_difference_is_only_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_offset", timedelta(0))
    clock.measure(None, Connection(timedelta(milliseconds=20)))
    assert clock._offset == timedelta(0)


@pytest.mark.postgres
def test_the_offset_to_postgresql_is_measured(db: None) -> None:
    clock.measure(None, connection)
    assert abs(clock._offset) < timedelta(seconds=5)
