"""The database that tests on SQLite begin with: made once for each state of the migrations and copied from
then on, since to apply them all takes half a minute."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import management
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
MADE_FROM = ("*/migrations/*.py", "conversations/index/*.py", "requirements/*.txt")


def begin_with_a_copy() -> None:
    """Let the test database be a copy, to which `migrate` then adds whatever it still finds to do. Django
    offers no place for it but the command it makes the database with."""
    apply = management.call_command

    def copy_first(name: str, *args: Any, **options: Any) -> Any:
        if name == "migrate":
            management.call_command = apply
            connection = connections[options["database"]]
            connection.ensure_connection()
            with closing(sqlite3.connect(_made())) as made:
                made.backup(connection.connection)
        return apply(name, *args, **options)

    management.call_command = copy_first


def copy(to: Path) -> None:
    """A migrated database as a file, for what starts the programs themselves."""
    shutil.copyfile(_made(), to)


def _made() -> Path:
    """The file with all migrations applied; where several ask at once, one makes it."""
    kept = Path(settings.VAR_DIR) / "tests"
    kept.mkdir(parents=True, exist_ok=True)
    path = kept / f"{_digest()}.sqlite3"
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for former in kept.glob("*.sqlite3*"):
                former.unlink()
            _make(path)
    return path


def _digest() -> str:
    files = sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()[:16]


def _make(path: Path) -> None:
    unfinished = path.with_suffix(".sqlite3-unfinished")
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{unfinished}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
    with closing(sqlite3.connect(unfinished)) as made:
        made.execute("PRAGMA journal_mode=DELETE")  # a copy in memory knows no other
    unfinished.rename(path)
