"""Runs programs side by side in the foreground: none outlives us, one that dies comes back.

Each program has its own session, so that Ctrl-C reaches only the supervisor, which then stops
them in order. On Linux the kernel ends them when the supervisor is gone, however it went; what
they fork in turn calls `end_with_parent` itself. What they print goes to files that are kept
small; errors are said in one line on the terminal, too.
"""

from __future__ import annotations

import ctypes
import json
import logging
import logging.handlers
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

PR_SET_PDEATHSIG = 1
SLOWEST_RESTART = 30.0
LIVED_WELL = 60.0
GRACE = 8.0
LOG_BYTES = 5 * 1024 * 1024
LOUD = {"ERROR", "CRITICAL"}


class Stopped(Exception):
    """We were asked to stop before everything ran."""


class NeverStarted(Exception):
    """A program died over and over before the start was complete."""


def end_with_parent(signum: int = signal.SIGKILL) -> None:
    """Have the kernel send this process `signum` when the one that started it is gone (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signum)


@dataclass
class Program:
    """A program to keep running. `restarts` counts deaths in a row; it starts again at `starts_at`."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    log: logging.handlers.RotatingFileHandler | None = None
    rest: bytes = b""
    restarts: int = 0
    started_at: float = 0.0
    starts_at: float = 0.0

    @property
    def output(self) -> IO[bytes]:
        """What it prints; only while it has a process."""
        if self.process is None or self.process.stdout is None:
            raise RuntimeError(f"{self.name} is not running")
        return self.process.stdout

    def kill(self) -> None:
        """Kill it and all it forked; each program leads its own session."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass


@dataclass
class Supervisor:
    """Keeps `programs` running until asked to stop. `say` prints a line for whoever looks on."""

    programs: Sequence[Program]
    logs: Path
    say: Callable[[str], None]
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _asked: int = 0

    def run(
        self, is_ready: Callable[[], bool], when_ready: Callable[[], None], within: float = 120.0
    ) -> None:
        """Start everything, call `when_ready` once `is_ready`, then watch until a signal; stop all."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self._listen()
        try:
            self._bring_up(is_ready, within)
            when_ready()
            while not self._asked:
                self._look(0.5)
        except Stopped:
            pass
        finally:
            self._stop()

    def _listen(self) -> None:
        """Turn signals into something the selector wakes up for."""
        ours, theirs = os.pipe()
        os.set_blocking(ours, False)
        os.set_blocking(theirs, False)
        signal.set_wakeup_fd(theirs, warn_on_full_buffer=False)
        self._selector.register(ours, selectors.EVENT_READ, None)
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._ask)
        signal.signal(signal.SIGCHLD, lambda signum, frame: None)

    def _ask(self, signum: int, frame: FrameType | None) -> None:
        self._asked += 1

    def _bring_up(self, is_ready: Callable[[], bool], within: float) -> None:
        deadline = time.monotonic() + within
        while not is_ready():
            self._look(0.2)
            if self._asked:
                raise Stopped
            for program in self.programs:
                if program.restarts >= 3:
                    raise NeverStarted(f"{program.name} does not start: {self.last_line(program)}")
            if time.monotonic() > deadline:
                raise NeverStarted(f"no answer within {within:.0f} seconds; look into {self.logs}")

    def _look(self, seconds: float) -> None:
        """Read what was printed, bury the dead, start what is due."""
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                os.read(key.fd, 512)
            else:
                self._read(key.data)
        now = time.monotonic()
        for program in self.programs:
            if program.process is None:
                if now >= program.starts_at and not self._asked:
                    self._start(program)
            elif program.process.poll() is not None:
                self._bury(program, now)

    def _start(self, program: Program) -> None:
        parent = os.getpid()

        def before_exec() -> None:
            end_with_parent()
            if os.getppid() != parent:
                os._exit(1)

        program.process = subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=before_exec,
        )
        os.set_blocking(program.output.fileno(), False)
        self._selector.register(program.output, selectors.EVENT_READ, program)
        program.started_at = time.monotonic()

    def _read(self, program: Program) -> None:
        """Take in what a program printed, whole lines at a time."""
        try:
            piece = os.read(program.output.fileno(), 65536)
        except BlockingIOError:
            return
        if not piece:
            self._selector.unregister(program.output)
            return
        *lines, program.rest = (program.rest + piece).split(b"\n")
        for line in lines:
            self._keep(program, line.decode(errors="replace"))

    def _keep(self, program: Program, line: str) -> None:
        if program.log is None:
            program.log = logging.handlers.RotatingFileHandler(
                self.logs / f"{program.name}.log", maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8"
            )
        program.log.emit(logging.LogRecord(program.name, logging.INFO, "", 0, line, None, None))
        loud = loud_words(line)
        if loud:
            self.say(f"{program.name}: {loud}")

    def last_line(self, program: Program) -> str:
        """The last thing a program printed, for a sentence about it."""
        path = self.logs / f"{program.name}.log"
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
        return lines[-1][:300] if lines else "it printed nothing"

    def _bury(self, program: Program, now: float) -> None:
        """Clear away a program that ended, with whatever it forked, and say when it comes back."""
        how = ending(program.process.returncode) if program.process else ""
        self._close(program)
        if self._asked:
            return
        program.restarts = 1 if now - program.started_at > LIVED_WELL else program.restarts + 1
        pause = min(SLOWEST_RESTART, 2.0 ** (program.restarts - 1))
        program.starts_at = now + pause
        self.say(
            f"{program.name} ended ({how}); starting it again in {pause:.0f} s"
            f" — see {self.logs / program.name}.log"
        )

    def _close(self, program: Program) -> None:
        program.kill()
        output = program.output
        if output in self._selector.get_map():
            self._read(program)
        if output in self._selector.get_map():
            self._selector.unregister(output)
        output.close()
        if program.rest:
            self._keep(program, program.rest.decode(errors="replace"))
        program.process, program.rest = None, b""

    def _stop(self) -> None:
        """Ask all to end; kill what is left after the grace, or at once when asked a second time."""
        first, self._asked = self._asked, max(self._asked, 1)
        for program in self.programs:
            if program.process is not None:
                program.process.terminate()
        deadline = time.monotonic() + GRACE
        while any(program.process for program in self.programs) and time.monotonic() < deadline:
            self._look(0.1)
            if self._asked > max(first, 1):
                break
        for program in self.programs:
            if program.process is not None:
                program.kill()
                program.process.wait()
                self._close(program)
            if program.log is not None:
                program.log.close()


def loud_words(line: str) -> str:
    """The message of a JSON log line that tells of an error, on one line; "" for any other."""
    if not line.startswith("{"):
        return ""
    try:
        entry = json.loads(line)
    except ValueError:
        return ""
    if entry.get("level") not in LOUD:
        return ""
    return " ".join(str(entry.get("message", "")).split())[:300]


def ending(returncode: int) -> str:
    """How a process ended, in words."""
    if returncode < 0:
        return signal.Signals(-returncode).name
    return f"exit status {returncode}"
