"""The trials of the table, and what each needs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from bench.faults import libfaketime

SQLITE, POSTGRES = "SQLite", "PostgreSQL"


@dataclass(frozen=True)
class Trial:
    """One line of the table: the module that does it, how it is called, on which database, and what else it
    needs: each need says why it is not met, or nothing."""

    name: str
    title: str
    database: str
    needs: tuple[Callable[[], str], ...] = ()
    own_cluster: bool = False


def redis_is_there() -> str:
    return "" if shutil.which("redis-server") else "redis-server is not installed (Debian: redis-server)"


def faketime_is_there() -> str:
    return "" if libfaketime.library() else "libfaketime is not installed (Debian: faketime)"


TRIALS = [
    Trial("sweepers", "8 sweepers, 1 row in 10 rolled back", POSTGRES),
    Trial("answers", "a sweep and an answer at due ± 1 ms", POSTGRES),
    Trial("kills", "workers killed", SQLITE),
    Trial("kills", "workers killed", POSTGRES),
    Trial("broker", "Redis flushed, away, hung", POSTGRES, (redis_is_there,)),
    Trial("schedulers", "two schedulers, two workers", POSTGRES, (redis_is_there,)),
    Trial("restarts", "PostgreSQL crashed mid-sweep", POSTGRES, own_cluster=True),
    Trial("nights", "the weeks the clocks change", SQLITE, (faketime_is_there,)),
    Trial("sizes", "very many waits", POSTGRES),
]
CONTROL = Trial("naive", "control: check, then insert", POSTGRES)
