"""Workers killed at any point tell each person each thing exactly once in effect."""

import os
import random
import subprocess
import sys
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from tests import migrated
from tests.conftest import MONDAY
from tests.sink import Sink, running

PEOPLE, CAUSES, KILLS = 5, 8, 3
NOON = (MONDAY + timedelta(hours=3)).isoformat()  # far from everybody's quiet hours
SEED = f"""
import datetime
from prm.references import Reference
from team import mailing, notices
from team.models import User
notices.register("killed", at_once=True, why="", deadline=True)
at = datetime.datetime.fromisoformat("{NOON}")
for n in range({PEOPLE}):
    person = User.objects.create_user(f"p{{n}}@acme.example", name=f"P{{n}}")
    for cause in range({CAUSES}):
        notices.give(person, "killed", Reference("wait", cause), at, at, f"[{{cause}}] is due")
"""
WORK = """
import datetime
from prm import outbox
from prm.models import OutboxItem
from team import mailing, notices
at = datetime.datetime.fromisoformat("NOON") + datetime.timedelta(hours=HOURS)
mailing.bind_all(at)
print("bound", flush=True)
while outbox.deliver(at, most=1):
    print("sent", flush=True)
"""


def work(hours: int) -> str:
    return WORK.replace("NOON", NOON).replace("HOURS", str(hours))


def run(code: str, env: dict[str, str]) -> "subprocess.Popen[str]":
    starts = "import django; django.setup()\n"
    return subprocess.Popen(
        [sys.executable, "-c", starts + code],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def killed_somewhere(worker: "subprocess.Popen[str]", chance: random.Random) -> None:
    """Let the worker get some lines far, then kill it as an operator's `kill -9` would."""
    assert worker.stdout
    for _ in range(chance.randint(0, 3)):
        worker.stdout.readline()
    worker.kill()
    worker.wait()


def told(sink: Sink) -> dict[tuple[str, int], set[str]]:
    """For each person and cause, under which Message-IDs it arrived."""
    arrived: dict[tuple[str, int], set[str]] = defaultdict(set)
    for mail in sink.mails:
        for cause in range(CAUSES):
            if f"[{cause}] is due" in mail.get_content():
                arrived[(mail["To"], cause)].add(mail["Message-ID"])
    return arrived


@pytest.mark.faults
def test_killed_workers_lose_nothing_and_tell_nothing_twice(tmp_path: Path) -> None:
    chance = random.Random(7)
    with running() as sink:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "prm.settings",
            "SECRET_KEY": "only-for-this-test",
            "VAR_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'killed.sqlite3'}",
            "REDIS_URL": "",
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        }
        migrated.copy(tmp_path / "killed.sqlite3")
        assert run(SEED, env).wait() == 0
        for kill in range(KILLS):
            killed_somewhere(run(work(kill), env), chance)
        assert run(work(KILLS), env).wait() == 0
    arrived = told(sink)
    assert set(arrived) == {(f"p{n}@acme.example", cause) for n in range(PEOPLE) for cause in range(CAUSES)}
    assert {len(message_ids) for message_ids in arrived.values()} == {1}
