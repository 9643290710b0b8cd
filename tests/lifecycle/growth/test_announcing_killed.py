"""Whoever sends is killed at any point and begun again: each entitled partner is told exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.conftest import MONDAY
from tests.sink import Sink, running

Env = dict[str, str]
PARTNERS = 30
STARTS = f"""
import django; django.setup()
from datetime import datetime, timedelta
from django.db import connection
from lifecycle.growth.announcing import standing, writing
from lifecycle.models import Announcement, Copy, Entitlement
from prm import outbox
from team.models import User
at = datetime.fromisoformat("{MONDAY.isoformat()}")
"""
SEED = f"""
from partners import contacts, organisations
from partners.models import Partner
from team.models import Grant
erin = User.objects.create_user("erin@acme.example", name="Erin")
Grant.objects.create(user=erin, role="head")
for n in range({PARTNERS}):
    partner = organisations.add(f"Partner {{n}}", by=erin, at=at, owner=erin)
    contacts.add(partner, f"Pat {{n}}", by=erin, at=at, email=f"pat@p{{n}}.example")
Partner.objects.update(status="live", stage="growth", step="")
writing.write(writing.Outline("New prices", "From July on."), erin, at)
"""
WORK = """
def asks(execute, sql, params, many, context):
    print(flush=True)
    input()
    return execute(sql, params, many, context)

with connection.execute_wrapper(asks):
    announcement = Announcement.objects.get()
    if announcement.is_draft:
        writing.send(announcement, User.objects.get(), at)
    while outbox.deliver(at + timedelta(hours=HOURS), most=1):
        pass
"""
STANDS = """
found = Announcement.objects.get()
rows = Entitlement.objects.count(), Copy.objects.count(), outbox.due(at).count()
meter = standing.meter(found, User.objects.get(), at)
print(found.state, *rows, meter.told, meter.entitled)
"""


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running() as sink:
        yield sink


@pytest.fixture
def env(sink: Sink, tmp_path: Path) -> Env:
    database = tmp_path / "killed.sqlite3"
    migrated.copy(database)
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "prm.settings",
        "SECRET_KEY": "only-for-this-test",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{database}",
        "REDIS_URL": "",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
    }
    said(SEED, env)
    return env


def said(code: str, env: Env) -> str:
    return subprocess.run(
        [sys.executable, "-c", STARTS + code], env=env, text=True, check=True, capture_output=True
    ).stdout


def killed(env: Env, queries: int, hours: int) -> None:
    """Send until that many queries were asked, then `kill -9` before the next one."""
    code = STARTS + WORK.replace("HOURS", str(hours))
    worker = subprocess.Popen(
        [sys.executable, "-c", code], env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert worker.stdin
    assert worker.stdout
    for _ in range(queries):
        worker.stdout.readline()
        worker.stdin.write("\n")
        worker.stdin.flush()
    worker.stdout.readline()
    worker.kill()
    assert worker.wait() == -signal.SIGKILL


def told(sink: Sink) -> dict[str, set[str]]:
    """For each person under which Message-IDs it arrived."""
    arrived: dict[str, set[str]] = defaultdict(set)
    for mail in sink.mails:
        arrived[mail["To"]].add(mail["Message-ID"])
    return arrived


@pytest.mark.faults
def test_each_partner_is_told_once_however_often_it_is_killed(env: Env, sink: Sink) -> None:
    for queries in (6, 13):
        killed(env, queries, hours=0)
        assert said(STANDS, env).split() == ["draft", "0", "0", "0", "0", str(PARTNERS)], queries
    for hours, queries in enumerate((40, 42, 44), start=1):
        killed(env, queries, hours)
    assert 0 < len(told(sink)) < PARTNERS
    said(WORK.replace("input()", "").replace("HOURS", "24"), env)
    assert said(STANDS, env).split() == [
        "sent",
        *[str(n) for n in (PARTNERS, PARTNERS, 0, PARTNERS, PARTNERS)],
    ]
    arrived = told(sink)
    assert set(arrived) == {f"pat@p{n}.example" for n in range(PARTNERS)}
    assert {len(message_ids) for message_ids in arrived.values()} == {1}
