"""`manage.py up`: everything the app needs, in the foreground, by one command."""

import errno
import fcntl
import http.client
import os
import shutil
import signal
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from prm import programs, welcome
from prm.supervisor import NeverStarted, Program, Supervisor, end_with_parent


class Command(BaseCommand):
    help = "Migrate, then run web server, workers and scheduler together until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--sample", action="store_true", help="load a sample company where none is")
        parser.add_argument(
            "--with-parent", action="store_true", help="stop when the process that started this is gone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if options["with_parent"]:
            end_with_parent(signal.SIGTERM)
        os.environ.update(HOST=host, PORT=str(port))
        held = only_one_here()
        refuse_taken(host, port, "make demo" if options["sample"] else "make run")
        self.prepare(with_sample=options["sample"])
        parts = [Program(name, command) for name, command in programs.COMMANDS.items()]
        supervisor = Supervisor(parts, settings.VAR_DIR / "log", self.say)
        self.say("Starting web server, workers and scheduler …")
        try:
            supervisor.run(
                is_ready=lambda: answers(host, port),
                when_ready=lambda: self.welcome(host, port),
            )
        except NeverStarted as trouble:
            raise CommandError(str(trouble))
        finally:
            held.close()

    def prepare(self, with_sample: bool) -> None:
        """Bring the database up to date, and load the sample where asked for and no company is."""
        self.say("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.REDIS_URL:
            call_command("createcachetable", verbosity=0)
            clear_queue(settings.VAR_DIR / "queue" / "messages")
        if with_sample:
            call_command("sample", "--if-empty", stdout=self.stdout)
        connection.close()

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def welcome(self, host: str, port: int) -> None:
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
        self.say("")
        for line in welcome.lines(os.environ.get("BASE_URL") or f"http://{shown}:{port}"):
            self.say(line)
        connection.close()
        self.say("Ctrl-C stops everything. What the parts print is in " + str(settings.VAR_DIR / "log"))


def only_one_here() -> Any:
    """Hold this data folder for this process; refuse where another start holds it."""
    held = (settings.VAR_DIR / "up.lock").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CommandError(f"It runs already with the data in {settings.VAR_DIR}: stop that one first.")
    return held


def refuse_taken(host: str, port: int, start: str) -> None:
    """Say at once, in one sentence, that the port is taken; `start` is the command to give again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is taken by another program: choose another, "
                    f"for example PORT={port + 1} {start}."
                )
            raise CommandError(f"Port {port} of {host} cannot be used: {error.strerror}.")


def clear_queue(folder: Path) -> None:
    """Old messages only hurry what the database knows; the schedule makes new ones."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def answers(host: str, port: int) -> bool:
    """Whether the web server is ready."""
    asked = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=2)  # noqa: S104
    try:
        asked.request("GET", "/health/ready")
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
