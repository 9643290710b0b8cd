"""Servers of our own, to be stopped, killed and hung: a PostgreSQL cluster and a Redis."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import redis

PATIENCE = 30.0  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def programs_of_postgres() -> Path | None:
    """Where initdb and pg_ctl are; None where PostgreSQL is not installed, or root has nobody to run it."""
    if os.geteuid() == 0 and not _is_user("postgres"):
        return None
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    candidates = [Path(found).parent, *folders] if found else folders
    return next((folder for folder in candidates if (folder / "pg_ctl").exists()), None)


def _is_user(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


class Cluster:
    """A PostgreSQL cluster in a folder of its own; root runs it as postgres."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        self.folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8")

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60"
        )
        self._run("pg_ctl", "start", "-w", "-l", str(self.folder / "log"), "-o", options)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-m", "immediate")

    def restart(self) -> None:
        """Stop at once, as a crash does, and come back by recovery."""
        self.stop()
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        folder = programs_of_postgres()
        assert folder is not None
        user = "postgres" if os.geteuid() == 0 else None
        command = [str(folder / program), "-D", str(self.folder), *arguments]
        with open(
            self.folder.parent / f"{program}.log", "ab"
        ) as log:  # a pipe would wait for the server's end
            done = subprocess.run(
                command, user=user, group=user, cwd=self.folder, stdout=log, stderr=log, check=False
            )
        if done.returncode:
            raise RuntimeError(f"{program} failed; {log.name} says why")


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster that runs while the block does."""
    own = Cluster(folder, free_port())
    own.make()
    own.start()
    try:
        yield own
    finally:
        own.stop()


@contextmanager
def database(server: str, name: str, template: str = "template1") -> Iterator[str]:
    """A database on a server, like another one; dropped at the end. Yields its address."""
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _execute(server: str, sql: str) -> None:
    admin = psycopg2.connect(server)
    admin.autocommit = True
    try:
        admin.cursor().execute(sql)
    finally:
        admin.close()


class Broker:
    """A Redis of our own, which keeps nothing."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > deadline:
                raise RuntimeError("redis-server does not answer")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url, socket_timeout=1).ping())
        except redis.RedisError:
            return False

    def flush(self) -> None:
        redis.Redis.from_url(self.url, socket_timeout=5).flushall()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait()

    def hang(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)


@contextmanager
def broker() -> Iterator[Broker]:
    own = Broker()
    own.start()
    try:
        yield own
    finally:
        own.kill()
