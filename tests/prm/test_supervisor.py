"""`manage.py up`, the real thing: it answers, it sweeps, what dies comes back, and nothing outlives it."""

import fcntl
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prm.supervisor import ending, loud_words
from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.faults


def wait_for(what: Callable[[], object], within: float = 120) -> None:
    """Look again and again until `what()` is true; fail when it never is."""
    deadline = time.monotonic() + within
    while not what():
        assert time.monotonic() < deadline, f"{what.__name__} did not come true within {within:.0f} s"
        signal.sigtimedwait([], 0.1)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def processes_with(mark: str) -> set[int]:
    """The living processes whose environment holds `mark`: everything a start has made."""
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            ours = folder.name.isdigit() and mark.encode() in (folder / "environ").read_bytes()
            if ours and "\nState:\tZ" not in (folder / "status").read_text():
                found.add(int(folder.name))
        except OSError:
            continue
    return found


class Started:
    """A start of the app in a data folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.mark = f"VAR_DIR={folder}"
        env = {
            **{k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}},
            "DJANGO_SETTINGS_MODULE": "prm.settings",
            "VAR_DIR": str(folder),
            "SWEEP_EVERY_SECONDS": "1",
            "WEB_CONCURRENCY": "1",
            "PYTHONWARNINGS": "ignore",
        }
        migrated.copy(folder / "prm.sqlite3")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(port)],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", "/health/ready?workers")
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()

    def last_sweep(self) -> str:
        with sqlite3.connect(f"file:{self.folder}/prm.sqlite3?mode=ro", uri=True) as database:
            rows = database.execute("SELECT ended_at FROM prm_heartbeat WHERE name = 'sweep'").fetchall()
        return rows[0][0] if rows else ""

    def pid_of(self, words: str) -> int:
        """The program with `words` in its command line that the supervisor itself started; 0 for none."""
        for pid in processes_with(self.mark):
            try:
                parent = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if int(parent) == self.process.pid and words in command:
                return pid
        return 0

    def is_gone(self) -> bool:
        return not processes_with(self.mark)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    if sys.platform != "linux":
        pytest.skip("reads /proc")
    start = Started(tmp_path, free_port())
    try:
        wait_for(start.answers)
        yield start
    finally:
        start.process.kill()
        start.process.wait()
        if start.process.stdout:
            start.process.stdout.close()
        for pid in processes_with(start.mark):
            os.kill(pid, signal.SIGKILL)


def test_it_sweeps_and_ctrl_c_leaves_nothing(started: Started) -> None:
    first = started.last_sweep()
    assert first
    wait_for(lambda: started.last_sweep() > first)
    assert len(processes_with(started.mark)) >= 6  # this one, web and its worker, two workers, beat
    started.process.send_signal(signal.SIGINT)
    says, _ = started.process.communicate(timeout=60)
    assert started.process.returncode == 0
    assert f"Open http://127.0.0.1:{started.port}" in says
    wait_for(started.is_gone, within=20)


def test_killed_it_leaves_nothing(started: Started) -> None:
    started.process.kill()
    started.process.wait()
    wait_for(started.is_gone, within=20)


def test_what_is_killed_comes_back(started: Started) -> None:
    killed = {words: started.pid_of(words) for words in ("gunicorn", "-Q sweep", "-Q jobs", "beat")}
    assert all(killed.values())
    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)
    last = started.last_sweep()
    for words, pid in killed.items():
        wait_for(lambda words=words, pid=pid: started.pid_of(words) not in {0, pid})
    wait_for(started.answers)
    wait_for(lambda: started.last_sweep() > last)


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        start = Started(tmp_path, port)
        says, _ = start.process.communicate(timeout=120)
    assert start.process.returncode == 1
    assert says.strip().splitlines()[-1] == (
        f"CommandError: Port {port} is taken by another program: choose another, "
        f"for example PORT={port + 1} make run."
    )


def test_a_second_start_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "up.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        start = Started(tmp_path, free_port())
        says, _ = start.process.communicate(timeout=120)
    assert start.process.returncode == 1
    assert "It runs already with the data in" in says


NEVER = """
import sys
from pathlib import Path
from prm.supervisor import NeverStarted, Program, Supervisor

bad = Program("web", [sys.executable, "-c", "print('no module named wsgy'); raise SystemExit(3)"])
good = Program("beat", ["sleep", "60"])
try:
    Supervisor([bad, good], Path(sys.argv[1]), print).run(lambda: False, lambda: None)
except NeverStarted as trouble:
    print(trouble)
print(good.process)
"""


def test_what_never_starts_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", NEVER, str(tmp_path)]
    says = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120).stdout.splitlines()
    log = tmp_path / "web.log"
    assert says == [
        f"web ended (exit status 3); starting it again in 1 s — see {log}",
        f"web ended (exit status 3); starting it again in 2 s — see {log}",
        f"web ended (exit status 3); starting it again in 4 s — see {log}",
        "web does not start: no module named wsgy",
        "None",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"level": "ERROR", "message": "mail 7 could\\nnot be sent"}', "mail 7 could not be sent"),
        ('{"level": "INFO", "message": "all is well"}', ""),
        ("Traceback (most recent call last):", ""),
        ("{broken", ""),
        ("[1]", ""),
    ],
)
def test_only_errors_are_said_on_the_terminal(line: str, words: str) -> None:
    assert loud_words(line) == words


def test_an_ending_in_words() -> None:
    assert ending(-9) == "SIGKILL"
    assert ending(3) == "exit status 3"
