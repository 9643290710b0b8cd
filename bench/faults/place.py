"""Where a trial runs: its folder, its mail server, its own PostgreSQL; and how it ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.faults.servers import Cluster
from tests.sink import Sink

PATIENCE = 120.0  # seconds


@dataclass(frozen=True)
class Place:
    folder: Path
    sink: Sink
    cluster: Cluster | None
    small: bool

    def size(self, full: int, small: int) -> int:
        return small if self.small else full


class TooSlow(Exception):
    """It did not come about in time."""


def until(what: Callable[[], bool], why: str) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > deadline:
            raise TooSlow(f"{why} did not come about in {PATIENCE:.0f} s")
        time.sleep(0.1)


def settle() -> None:
    """Sweep and send as it would be done later: when leases of the killed have run out, rows set aside are
    looked at again, and the digest takes what was too much for a mail of its own."""
    from prm import clock, outbox, sweeper

    now = clock.now()
    for later in (now + timedelta(minutes=10), now + timedelta(hours=2), now + timedelta(days=2)):
        with clock.fixed(later):
            while sum(sweeper.run(at=later).values()) + outbox.deliver(at=later):
                pass
