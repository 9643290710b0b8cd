"""`make bench-faults`: waits fall due while the workers that look at them are killed.

On SQLite, and on PostgreSQL where DATABASE_URL names one (in a database of its own). Every breach
must be recorded once, and every notice reach a real mail server under exactly one Message-ID.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg2


@contextmanager
def sqlite(folder: str) -> Iterator[str]:
    yield f"sqlite:///{folder}/faults.sqlite3"


@contextmanager
def postgres(server: str) -> Iterator[str]:
    """A database of our own on the server that `server` names, dropped afterwards."""
    address = urlsplit(server)
    name = f"faults_{secrets.token_hex(4)}"
    admin = psycopg2.connect(address._replace(scheme="postgresql", path="/postgres").geturl())
    admin.autocommit = True
    try:
        with admin.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        yield address._replace(path=f"/{name}").geturl()
        with admin.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        admin.close()


def trial(database: str, folder: str, waits: int, kills: int) -> int:
    """One trial in a process of its own, with the shipped settings; its exit status."""
    os.makedirs(folder, exist_ok=True)
    env = {
        **os.environ,
        "DATABASE_URL": database,
        "VAR_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "prm.settings",
        "SECRET_KEY": secrets.token_hex(32),
        "LOG_LEVEL": "CRITICAL",
        "REDIS_URL": "",
    }
    command = [sys.executable, "-m", "bench.faults.trial", str(waits), str(kills), folder]
    return subprocess.run(command, env=env, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench-faults", description=__doc__)
    parser.add_argument("--waits", type=int, default=2000, help="how many waits fall due (2000)")
    parser.add_argument("--kills", type=int, default=20, help="how many workers are killed (20)")
    asked = parser.parse_args()
    server = os.environ.get("DATABASE_URL", "")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        with sqlite(folder) as database:
            failed |= trial(database, f"{folder}/sqlite", asked.waits, asked.kills)
        if server.startswith("postgres"):
            with postgres(server) as database:
                failed |= trial(database, f"{folder}/postgres", asked.waits, asked.kills)
    return failed


if __name__ == "__main__":
    sys.exit(main())
