"""`make bench`: how long a page takes, as a multiple of a bare view and of an empty page of ours.

On PostgreSQL (DATABASE_URL, or one made for this on 127.0.0.1) with a sample of 10,000 partners and
ten messages each, served by gunicorn as shipped. Runs are interleaved and medians taken, so that a
busy machine shifts all figures alike. Arguments: --partners, --messages, --deals, --tasks, --rounds, --keep.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES_LIMIT, EMPTY_LIMIT = 4.0, 10.0


@dataclass
class Page:
    """One line of the table: where it is, and what was measured (milliseconds)."""

    name: str
    path: str
    port: int = 0
    times: list[float] = field(default_factory=list)
    queries: int | None = None
    gzipped: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times)


def main() -> int:
    asked = arguments()
    os.environ.setdefault("SECRET_KEY", "only for measuring, long enough to be taken 0123456789")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    os.environ["DATABASE_URL"] = os.environ.get(
        "BENCH_DATABASE_URL", "postgres://root@127.0.0.1:5432/prm_bench"
    )
    prepare(asked)
    cookie, pages = signed_in()
    bare = Page("bare view", "/")
    with ExitStack() as stack:
        ours, theirs = (
            stack.enter_context(served("bench.settings")),
            stack.enter_context(served("bench.bare")),
        )
        bare.port = theirs
        for page in pages:
            page.port = ours
        measure([bare, *pages], cookie, asked.rounds)
    return report(bare, pages, asked)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=10)
    parser.add_argument("--deals", type=int, default=50_000)
    parser.add_argument("--tasks", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--keep", action="store_true", help="measure on the sample that stands already")
    return parser.parse_args()


def prepare(asked: argparse.Namespace) -> None:
    """A database of its own with the sample in it; what stands is kept only when asked."""
    name = os.environ["DATABASE_URL"].rsplit("/", 1)[-1]
    stands = subprocess.run(
        ["psql", "-h", "127.0.0.1", "-d", name, "-c", ""], capture_output=True, check=False
    )
    if asked.keep and stands.returncode == 0:
        return
    for statement in (f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"'):
        subprocess.run(["psql", "-q", "-h", "127.0.0.1", "-d", "postgres", "-c", statement], check=True)
    manage("migrate", "-v0")
    began = time.monotonic()
    sizes = {name: getattr(asked, name) for name in ("partners", "messages", "deals", "tasks")}
    manage("sample", *(word for name, size in sizes.items() for word in (f"--{name}", str(size))))
    print(f"sample made in {time.monotonic() - began:.0f} s", flush=True)
    subprocess.run(["psql", "-q", "-h", "127.0.0.1", "-d", name, "-c", "VACUUM ANALYZE"], check=True)


def manage(*words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def signed_in() -> tuple[str, list[Page]]:
    """The session cookie of the manager, and the pages to measure."""
    import logging

    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from partners.models import Partner
    from prm import clock, sweeper
    from team.models import User

    sweeper.run(clock.now(), only="usual stays")  # as every minute where workers run
    maya = User.objects.get(email__startswith="maya")
    busy = Partner.objects.filter(owner=maya, status="live").order_by("pk").first()
    assert busy is not None
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(maya)
    pages = pages_with(busy)
    for page in pages:
        look_at(page, client)
    connection.close()
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}", pages


def pages_with(partner: Any) -> list[Page]:
    """What is measured; the partner's page and thread are those of a busy one."""
    from django.urls import reverse

    return [
        Page("empty page", "/bench/empty/"),
        Page("Today", "/"),
        Page("Today, the team", "/?queue=team"),
        Page("Inbox", "/inbox/"),
        Page("Inbox, the team", "/inbox/?view=team"),
        Page("Inbox, done", "/inbox/?view=done"),
        Page("long thread", f"/conversations/{thread_of_200(partner)}/?in=mine"),
        Page("list", "/partners/"),
        Page("list, filtered", "/partners/?owner=me&sort=-stage_since"),
        Page("list, searched", "/partners/?q=meridian"),
        Page("list, by owner", "/partners/?sort=owner"),
        Page("list, by type", "/partners/?sort=-kind"),
        Page("filters", "/partners/narrow/"),
        Page("partner", f"/partners/{partner.pk}/"),
        Page("board", "/partners/board/"),
        Page("search", "/conversations/search/?q=introduction"),
        Page("deals", reverse("lifecycle:deals")),
        Page("deals, board", reverse("lifecycle:deals_board")),
        Page("plan", reverse("lifecycle:plan", args=[longest_plan()])),
        Page("agreements", reverse("lifecycle:agreements")),
        Page("registrations", reverse("lifecycle:registrations")),
        Page("outreach", reverse("lifecycle:outreaches")),
        Page("sources", reverse("lifecycle:funnel")),
    ]


def look_at(page: Page, client: Any) -> None:
    """Count its queries and weigh it, in process, the second time it is asked for."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(page.path)
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(page.path)
    if answer.status_code != 200:
        raise SystemExit(f"{page.path} answered {answer.status_code}")
    page.queries, page.gzipped = len(counted), len(gzip.compress(answer.content))


def longest_plan() -> int:
    """The plan that runs with the most tasks, by its id."""
    from django.db.models import Count

    from lifecycle.models import Plan

    running = Plan.objects.running().annotate(n=Count("tasks")).order_by("-n", "pk")
    return running.values_list("pk", flat=True)[0]


def thread_of_200(partner: Any) -> int:
    """A conversation of 200 messages with this partner, by its id; made once."""
    from conversations import messages
    from conversations.models import Conversation, Message
    from prm import clock

    subject, at = "A long talk", clock.now()
    if found := Conversation.objects.filter(partner=partner, subject=subject).first():
        return found.pk
    talk = messages.receive(partner, "email", "How is it going?", at, subject=subject).conversation
    first = Message.objects.get(conversation=talk)
    for n in range(199):
        first.pk, first.occurred_at = None, at - timedelta(hours=n + 1)
        first.body, first.is_automatic = f"What came before, {n}. " * 20, True
        first.save(force_insert=True)
    return talk.pk


@contextmanager
def served(settings: str) -> Iterator[int]:
    """Gunicorn as shipped, on a free port, with these settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [
        sys.executable,
        "-m",
        "gunicorn",
        "django.core.wsgi:get_wsgi_application()",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    words += ["--config", "python:prm.gunicorn_conf", "--workers", "1"]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    server = subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("gunicorn did not start")


def measure(pages: list[Page], cookie: str, rounds: int) -> None:
    lines = {page.port: http.client.HTTPConnection("127.0.0.1", page.port, timeout=30) for page in pages}
    for turn in range(rounds + 5):
        for page in pages:
            took = once(lines[page.port], page.path, cookie)
            if turn >= 5:
                page.times.append(took)


def once(line: http.client.HTTPConnection, path: str, cookie: str) -> float:
    began = time.perf_counter()
    try:
        answer = asked_for(line, path, cookie)
    except http.client.RemoteDisconnected:  # a slow round outlasted the server's patience with idle lines
        line.close()
        began = time.perf_counter()
        answer = asked_for(line, path, cookie)
    took = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return took


def asked_for(line: http.client.HTTPConnection, path: str, cookie: str) -> http.client.HTTPResponse:
    """The answer, read to its end."""
    line.request("GET", path, headers={"Cookie": cookie, "Host": "127.0.0.1"})
    answer = line.getresponse()
    answer.read()
    return answer


def report(bare: Page, pages: list[Page], asked: argparse.Namespace) -> int:
    empty = pages[0]
    size = f"{asked.partners:,} partners, {asked.messages} messages each, "
    size += f"{asked.deals:,} deals, {asked.tasks:,} tasks"
    print(f"\n{size}; medians of {asked.rounds} interleaved runs")
    print(f"{'':16}{'ms':>8}{'× bare':>9}{'× empty':>9}{'queries':>9}{'KB gzip':>9}")
    print(f"{bare.name:16}{bare.median:8.2f}{1:9.1f}")
    missed = []
    for page in pages:
        by_bare, by_empty = page.median / bare.median, page.median / empty.median
        over = by_bare > EMPTY_LIMIT if page is empty else by_empty > PAGES_LIMIT
        mark = "  over" if over else ""
        missed += [page.name] if over else []
        figures = f"{page.median:8.2f}{by_bare:9.1f}{by_empty:9.1f}{page.queries:9}{page.gzipped / 1024:9.1f}"
        print(f"{page.name:16}{figures}{mark}")
    print(f"\nlimits: empty page {EMPTY_LIMIT:.0f}× the bare view, pages {PAGES_LIMIT:.0f}× the empty page")
    print("over: " + ", ".join(missed) if missed else "all within")
    return 0
