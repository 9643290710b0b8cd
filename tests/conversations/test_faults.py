"""Workers killed while waits fall due: nothing is lost, nothing is told twice.

The full table: `make bench-faults`.
"""

import subprocess
import sys

import pytest


@pytest.mark.faults
def test_killed_workers_lose_nothing_and_tell_nothing_twice() -> None:
    command = [sys.executable, "-m", "bench.faults", "--waits", "200", "--kills", "3"]
    trial = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert trial.returncode == 0, trial.stdout + trial.stderr
    assert "notices delivered            200       0       0" in trial.stdout
