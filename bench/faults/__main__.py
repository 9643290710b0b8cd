"""`make bench-faults`: one table of what goes wrong with machines, and what then is lost or told twice.

Each line is a trial with the shipped settings in a process and a database of its own. What is counted is
counted by SQL over the rows and by the mails that arrived at a real mail server. PostgreSQL and Redis are
started for it where they are installed; a server that DATABASE_URL names is used where PostgreSQL is not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from bench.faults.ground import ground, perform
from bench.faults.outcome import Outcome
from bench.faults.trials import CONTROL, TRIALS, Trial


def line(trial: Trial, outcome: Outcome, seconds: float) -> str:
    expected = max((count.expected for count in outcome.counts), default=0)
    title = f"{trial.title} ({trial.database})"
    end = f"{seconds:5.0f} s  {outcome.says}"
    return f"{title:49}{expected:>7}   lost {outcome.lost}, twice {outcome.twice}   {end}".rstrip()


def report(trial: Trial, outcome: Outcome, seconds: float) -> None:
    print(line(trial, outcome, seconds))
    for count in outcome.counts:
        if count.lost or count.twice:
            print(f"    {count.what}: {count.expected} expected, {count.lost} lost, {count.twice} twice")
    for wrong in outcome.wrong:
        print(f"    WRONG: {wrong}")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench-faults", description=__doc__)
    parser.add_argument("--small", action="store_true", help="a few seconds a trial, as in the suite")
    parser.add_argument("--only", action="append", help="only the trial of this name; may be given again")
    parser.add_argument("--require-all", action="store_true", help="fail where a trial had to be left out")
    asked = parser.parse_args(arguments)
    chosen = [trial for trial in [*TRIALS, CONTROL] if trial.name in (asked.only or [])] or TRIALS
    failed, missing = 0, 0
    with ground() as here:
        for trial in chosen:
            if why := here.left_out(trial):
                print(f"{trial.title} ({trial.database}): left out: {why}", flush=True)
                missing += 1
                continue
            began = time.monotonic()
            outcome = perform(trial, here, asked.small)
            report(trial, outcome, time.monotonic() - began)
            failed += not outcome.is_right
    print(f"{len(chosen) - missing - failed} passed, {failed} failed, {missing} left out")
    return int(failed > 0 or (asked.require_all and missing > 0))


if __name__ == "__main__":
    sys.exit(main())
