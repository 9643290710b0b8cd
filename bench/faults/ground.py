"""Where trials run: servers of our own where they are installed, and a database for each trial."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.faults import servers
from bench.faults.outcome import Outcome
from bench.faults.trials import POSTGRES, SQLITE, Trial


@dataclass
class Ground:
    """Where trials run: a folder, a PostgreSQL server or none, a migrated database of each kind to copy."""

    folder: Path
    server: str = ""
    why_not: str = ""
    cluster: servers.Cluster | None = None
    made: set[str] = field(default_factory=set)
    stack: ExitStack = field(default_factory=ExitStack)

    def left_out(self, trial: Trial) -> str:
        """Why a trial cannot run here; empty where it can."""
        if trial.database == POSTGRES and not self.server:
            return self.why_not
        if trial.own_cluster and self.cluster is None:
            return "it restarts PostgreSQL, and none is installed here to be started"
        return next((why for need in trial.needs if (why := need())), "")

    @contextmanager
    def database(self, trial: Trial, folder: Path) -> Iterator[str]:
        """A migrated database for one trial."""
        self._make_template(trial.database)
        if trial.database == SQLITE:
            shutil.copy(self.folder / "template.sqlite3", folder / "trial.sqlite3")
            yield f"sqlite:///{folder}/trial.sqlite3"
            return
        with servers.database(self.server, f"faults_{secrets.token_hex(4)}", self._template) as url:
            yield url

    @property
    def _template(self) -> str:
        return f"faults_template_{os.getpid()}"

    def _make_template(self, kind: str) -> None:
        if kind in self.made:
            return
        url = f"sqlite:///{self.folder}/template.sqlite3"
        if kind == POSTGRES:
            url = self.stack.enter_context(servers.database(self.server, self._template))
        command = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(command, env=environment(url, self.folder), check=True, stderr=subprocess.DEVNULL)
        self.made.add(kind)


@contextmanager
def ground() -> Iterator[Ground]:
    """The ground while the block runs: a PostgreSQL of our own, else the server that DATABASE_URL names."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)  # the cluster's user must get through
        here = Ground(folder, stack=stack)
        named = os.environ.get("DATABASE_URL", "")
        if servers.programs_of_postgres() is not None:
            here.cluster = stack.enter_context(servers.cluster(folder / "cluster"))
            here.server = here.cluster.url
        elif named.startswith("postgres"):
            here.server = f"{named.rpartition('/')[0]}/postgres"
        else:
            here.why_not = "PostgreSQL is not installed (Debian: postgresql), and DATABASE_URL names none"
        yield here


def environment(url: str, folder: Path, cluster: servers.Cluster | None = None) -> dict[str, str]:
    """The shipped settings on this database; nothing of the caller's own."""
    own = {"FAULTS_CLUSTER": str(cluster.folder), "FAULTS_CLUSTER_PORT": str(cluster.port)} if cluster else {}
    return {
        **os.environ,
        "DATABASE_URL": url,
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "prm.settings",
        "SECRET_KEY": secrets.token_hex(32),
        "LOG_LEVEL": "CRITICAL",
        "REDIS_URL": "",
        **own,
    }


def perform(trial: Trial, here: Ground, small: bool) -> Outcome:
    """Run one trial in a process of its own; one that dies has failed."""
    folder = here.folder / f"{trial.name}-{trial.database}"
    folder.mkdir()
    with here.database(trial, folder) as url:
        command = [sys.executable, "-m", "bench.faults.trial", trial.name, str(folder)]
        env = environment(url, folder, here.cluster)
        run = subprocess.run(
            [*command, "--small"] if small else command,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    lines = run.stdout.strip().splitlines()
    if run.returncode or not lines:
        return Outcome([], wrong=["the trial itself failed; it says above why"])
    return Outcome.from_json(lines[-1])
