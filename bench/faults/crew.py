"""Processes that work beside each other: some to be killed, some that begin together, the real programs."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections

from prm.programs import COMMANDS

WORKERS = 3
_fork = multiprocessing.get_context("fork")


@dataclass
class Crew:
    """Workers of which one that was killed is replaced."""

    folder: Path
    at_work: dict[subprocess.Popen[bytes], Path] = field(default_factory=dict)
    started: int = 0

    def fill(self) -> None:
        while len(self.at_work) < WORKERS:
            self.started += 1
            says = self.folder / f"worker-{self.started}"
            command = [sys.executable, "-m", "bench.faults.worker", str(says)]
            self.at_work[subprocess.Popen(command)] = says

    def kill_one(self, rng: random.Random) -> bool:
        """Kill one that has worked already; False where none has."""
        busy = [worker for worker, says in self.at_work.items() if says.exists()]
        if not busy:
            return False
        self._end(rng.choice(busy))
        return True

    def end(self) -> None:
        for worker in list(self.at_work):
            self._end(worker)

    def _end(self, worker: subprocess.Popen[bytes]) -> None:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        del self.at_work[worker]


def at_once(*works: Callable[[], object]) -> None:
    """Do these in processes of their own that begin together. Raises where one of them does."""
    connections.close_all()  # none is shared
    ready = _fork.Barrier(len(works))
    processes = [_fork.Process(target=_begin, args=(work, ready)) for work in works]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("a process failed; it says above why")


def _begin(work: Callable[[], object], ready: multiprocessing.synchronize.Barrier) -> None:
    ready.wait()
    work()
    connections.close_all()


class Programs:
    """The programs that `make run` runs, under the environment given; what they print is in the folder."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder, self.env = folder, {**os.environ, "SWEEP_EVERY_SECONDS": "1", **env}
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, name: str) -> None:
        log = (self.folder / f"{name}-{len(self.running)}.log").open("wb")
        begun = subprocess.Popen(COMMANDS[name], env=self.env, stdout=log, stderr=log)
        self.running.append(begun)

    def __enter__(self) -> Programs:
        return self

    def __exit__(self, *ended: object) -> None:
        for program in self.running:
            program.kill()
            program.wait()

    def still_run(self) -> bool:
        return all(program.poll() is None for program in self.running)
