"""What machines do to us, in small: nothing is lost, nothing is told twice.

The full table: `make bench-faults`. The count is tried, too: of sweepers that check and then insert it must
find what they wrote twice.
"""

from collections.abc import Iterator

import pytest
from django.db import connection

from bench.faults import __main__ as table
from bench.faults import servers
from bench.faults.ground import Ground, ground, perform
from bench.faults.outcome import Count, Outcome, tally
from bench.faults.trials import CONTROL, TRIALS, Trial


@pytest.fixture(scope="module")
def here() -> Iterator[Ground]:
    """Servers of our own, for all trials of this file."""
    with ground() as made:
        yield made


def outcome_of(trial: Trial, here: Ground) -> Outcome:
    """What came of a trial; it is tried where the suite runs on its database."""
    if trial.database.lower() != connection.vendor:
        pytest.skip(f"the suite on {trial.database} tries it")
    if why := here.left_out(trial):
        pytest.skip(why)
    return perform(trial, here, small=True)


@pytest.mark.faults
@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: f"{trial.name}-{trial.database}")
def test_nothing_is_lost_and_nothing_told_twice(trial: Trial, here: Ground) -> None:
    # E01, E05, E13, D07, D09
    outcome = outcome_of(trial, here)
    assert (outcome.lost, outcome.twice, outcome.wrong) == (0, 0, []), outcome.counts
    assert outcome.is_right


@pytest.mark.faults
def test_what_checks_and_then_inserts_is_found_out(here: Ground) -> None:
    outcome = outcome_of(CONTROL, here)
    assert outcome.twice > 0
    assert not outcome.is_right


@pytest.mark.parametrize(
    ("found", "lost", "twice"),
    [
        (["a", "b", "c"], 0, 0),
        (["a", "c"], 1, 0),
        (["a", "b", "b", "c", "c", "c"], 0, 3),
        (["a", "b", "c", "d"], 0, 1),
        ([], 3, 0),
    ],
)
def test_the_count(found: list[str], lost: int, twice: int) -> None:
    assert tally("things", ["a", "b", "c"], found) == Count("things", 3, lost, twice)


def test_an_outcome_is_right_only_where_something_was_counted() -> None:
    assert Outcome([Count("things", 3, 0, 0)]).is_right
    assert not Outcome([Count("things", 3, 1, 0)]).is_right
    assert not Outcome([Count("things", 3, 0, 1)]).is_right
    assert not Outcome([Count("things", 3, 0, 0)], wrong=["a program ended"]).is_right
    assert not Outcome([Count("things", 0, 0, 0)]).is_right
    assert not Outcome([]).is_right


def test_what_was_left_out_is_said_and_fails_only_where_all_is_required(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(servers, "programs_of_postgres", lambda: None)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert table.main(["--only", "sweepers"]) == 0
    assert "left out: PostgreSQL is not installed" in capsys.readouterr().out
    assert table.main(["--only", "sweepers", "--require-all"]) == 1
    assert capsys.readouterr().out.endswith("0 passed, 0 failed, 1 left out\n")
