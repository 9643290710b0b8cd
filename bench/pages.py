"""`make bench`: how long a page takes, as a multiple of a bare view and of an empty page of ours.

On PostgreSQL (BENCH_DATABASE_URL, or one made for this on 127.0.0.1) with a sample of 10,000 partners and
ten messages each, served by gunicorn as shipped. Runs are interleaved and medians taken, so that a
busy machine shifts all figures alike. Then work on many rows against bare SQL, and when Chromium paints. It
ends with an error where a limit is missed. Arguments: --partners, --messages, --deals, --tasks, --rounds,
--keep, --pages-only; --sizes 1000,10000,100000 compares the pages among more and more partners.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import choices
from string import ascii_lowercase
from typing import Any

from bench import limits, paint, sizes, work

ROOT = Path(__file__).resolve().parent.parent
PAINTED = {"empty page", "Today", "list", "partner, 200 messages"}


@dataclass
class Page:
    """One line of the table: where it is, and what was measured (milliseconds)."""

    name: str
    path: str
    port: int = 0
    is_api: bool = False
    sends: Callable[[], dict[str, Any]] | None = None
    times: list[float] = field(default_factory=list)
    queries: int | None = None
    gzipped: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times)


def main() -> int:
    asked = arguments()
    if asked.sizes:
        words = ["--pages-only", "--rounds", str(asked.rounds), "--messages", str(asked.messages)]
        words += ["--deals", "0", "--tasks", "0", *(["--keep"] if asked.keep else [])]
        return sizes.compare([int(size) for size in asked.sizes.split(",")], words)
    os.environ.setdefault("SECRET_KEY", "only for measuring, long enough to be taken 0123456789")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    os.environ["DATABASE_URL"] = os.environ.get(
        "BENCH_DATABASE_URL", "postgres://root@127.0.0.1:5432/prm_bench"
    )
    os.environ["API_CALLS_PER_MINUTE"] = "0"
    prepare(asked)
    headers, pages = signed_in()
    bare = Page("bare view", "/")
    with ExitStack() as stack:
        ours, theirs = (
            stack.enter_context(served("bench.settings")),
            stack.enter_context(served("bench.bare")),
        )
        bare.port = theirs
        for page in pages:
            page.port = ours
        measure([bare, *pages], headers, asked.rounds)
        painted = None if asked.pages_only else paint.first_paints(*places(bare, pages, headers))
    missed = report(bare, pages, asked)
    if asked.json:
        found = [{"name": page.name, "ms": page.median, "queries": page.queries} for page in pages]
        Path(asked.json).write_text(json.dumps(found))
    if not asked.pages_only:
        missed += [*report_paint(painted), *report_work()]
    print("\nmissed:\n  " + "\n  ".join(missed) if missed else "\nall within")
    return 1 if missed else 0


def places(bare: Page, pages: list[Page], headers: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The addresses of what is painted, by name, and the cookie that signs in there."""
    shown = [bare, *(page for page in pages if page.name in PAINTED)]
    name, _, value = headers["Cookie"].partition("=")
    return (
        {page.name: f"http://127.0.0.1:{page.port}{page.path}" for page in shown},
        {"name": name, "value": value},
    )


def report_paint(painted: dict[str, float] | None) -> list[str]:
    """Print when each page was first painted; what took too long."""
    if painted is None:
        print("\nno Chromium is here, so nothing is said of first paints")
        return []
    bare = painted["bare view"]
    print(f"\nfirst paint in Chromium; medians of {paint.ROUNDS} interleaved runs, at most {paint.LIMIT:g}×")
    for name, ms in painted.items():
        print(f"{name:24}{ms:8.0f}{ms / bare:9.1f}{'  over' if ms > paint.LIMIT * bare else ''}")
    late = [name for name, ms in painted.items() if ms > paint.LIMIT * bare]
    return [f"first paint, {name}: {painted[name] / bare:.1f}× a bare page's" for name in late]


def report_work() -> list[str]:
    """Print what work on many rows takes against the bare SQL; what took too long."""
    print(f"\n{'':28}{'rows':>8}{'ours':>11}{'bare SQL':>11}{'×':>9}")
    missed = []
    for each in work.all_of():
        print(each.line, flush=True)
        missed += [f"{each.name}: {each.ours:.2f} s of {each.rows:,} rows"] if each.over else []
    return missed


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=10)
    parser.add_argument("--deals", type=int, default=50_000)
    parser.add_argument("--tasks", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--keep", action="store_true", help="measure on the sample that stands already")
    parser.add_argument("--pages-only", action="store_true", help="no work on many rows, no first paints")
    parser.add_argument("--sizes", default="", help="numbers of partners to compare, like 1000,10000,100000")
    parser.add_argument("--json", default="", help="a file to write what was measured to")
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


def signed_in() -> tuple[dict[str, str], list[Page]]:
    """The session cookie of the manager and a token of theirs, and the pages to measure."""
    import logging

    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from partners.models import Partner
    from prm import clock, sweeper
    from team import tokens
    from team.models import ApiToken, User

    sweeper.run(clock.now(), only="usual stays")  # as every minute where workers run
    maya = User.objects.get(email__startswith="maya")
    busy = Partner.objects.filter(owner=maya, status="live").order_by("pk").first()
    assert busy is not None
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(maya)
    pages = pages_with(busy)
    ApiToken.objects.filter(user=maya, name="bench").delete()  # of runs before
    _token, text = tokens.make(maya, "bench", clock.now(), scope=ApiToken.Scope.WRITE)
    program = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Token {text}"})
    for page in pages:
        look_at(page, program if page.is_api else client)
    connection.close()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}", "Authorization": f"Token {text}"}, pages


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
        Page("partner, 200 messages", f"/partners/{partner.pk}/"),
        *insights(),
        Page("board", "/partners/board/"),
        Page("search", "/conversations/search/?q=introduction"),
        Page("deals", f"{reverse('lifecycle:deals')}?state=open"),
        Page("deals, all", reverse("lifecycle:deals")),
        Page("deals, board", reverse("lifecycle:deals_board")),
        Page("plan", reverse("lifecycle:plan", args=[longest_plan()])),
        Page("plans", f"{reverse('lifecycle:plans')}?state=running"),
        Page("plans, late", f"{reverse('lifecycle:plans')}?late=true&sort=start"),
        Page("agreements", reverse("lifecycle:agreements")),
        Page("registrations", reverse("lifecycle:registrations")),
        Page("outreach", reverse("lifecycle:outreaches")),
        Page("sources", reverse("lifecycle:funnel")),
        Page("packet", reverse("reviews:review", args=[review_ahead_of(partner)])),
        Page("packet, printed", reverse("reviews:print", args=[review_ahead_of(partner)])),
        Page("packet, frozen", reverse("reviews:review", args=[frozen_review()])),
        Page("joint plan", reverse("reviews:joint_plan", args=[planned_together()])),
        Page("API, list of 50", "/api/v1/partners/", is_api=True),
        Page("API, filtered", "/api/v1/partners/?owner=me&sort=-last_touch_at", is_api=True),
        Page("API, messages", "/api/v1/messages/", is_api=True),
        Page("API, waits", "/api/v1/waits/?state=late", is_api=True),
        Page("API, detail", f"/api/v1/partners/{partner.pk}/", is_api=True),
        Page("API, create", "/api/v1/partners/", is_api=True, sends=another_firm),
    ]


def insights() -> list[Page]:
    """Insights, where there is such a page."""
    from django.urls import Resolver404, resolve

    try:
        resolve("/insights/")
    except Resolver404:
        return []
    return [Page("Insights", "/insights/")]


def another_firm() -> dict[str, Any]:
    """What is sent to create a partner, whose name is like no other."""
    words = ("".join(choices(ascii_lowercase, k=10)) for _ in range(2))
    return {"name": " ".join(words).title(), "country": "DE"}


def look_at(page: Page, client: Any) -> None:
    """Count its queries and weigh it, in process, the second time it is asked for."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask() -> Any:
        if page.sends:
            return client.post(page.path, page.sends(), content_type="application/json")
        return client.get(page.path)

    ask()
    with CaptureQueriesContext(connection) as counted:
        answer = ask()
    if answer.status_code not in {200, 201}:
        raise SystemExit(f"{page.path} answered {answer.status_code}")
    page.queries, page.gzipped = len(counted), len(gzip.compress(answer.content))


def longest_plan() -> int:
    """The plan that runs with the most tasks, by its id."""
    from django.db.models import Count

    from lifecycle.models import Plan

    running = Plan.objects.running().annotate(n=Count("tasks")).order_by("-n", "pk")
    return running.values_list("pk", flat=True)[0]


def review_ahead_of(partner: Any) -> int:
    """The next review with this partner, by its id: its packet is drawn anew each time."""
    from reviews.models import Review

    return Review.objects.ahead().filter(partner=partner).values_list("pk", flat=True)[0]


def frozen_review() -> int:
    """A review that was held, by its id: its packet is shown as it was, with what was corrected since."""
    from reviews.models import Review

    return Review.objects.exclude(held_on=None).order_by("pk").values_list("pk", flat=True)[0]


def planned_together() -> int:
    """The partner with the most targets, by its id."""
    from django.db.models import Count

    from reviews.models import Target

    targets = Target.objects.values("partner").annotate(n=Count("pk")).order_by("-n", "partner")
    return targets.values_list("partner", flat=True)[0]


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


def measure(pages: list[Page], headers: dict[str, str], rounds: int) -> None:
    lines = {page.port: http.client.HTTPConnection("127.0.0.1", page.port, timeout=30) for page in pages}
    for turn in range(rounds + 5):
        for page in pages:
            took = once(lines[page.port], page, headers)
            if turn >= 5:
                page.times.append(took)


def once(line: http.client.HTTPConnection, page: Page, headers: dict[str, str]) -> float:
    began = time.perf_counter()
    try:
        answer = asked_for(line, page, headers)
    except http.client.RemoteDisconnected:  # a slow round outlasted the server's patience with idle lines
        line.close()
        began = time.perf_counter()
        answer = asked_for(line, page, headers)
    took = (time.perf_counter() - began) * 1000
    if answer.status not in {200, 201}:
        raise SystemExit(f"{page.path} answered {answer.status}")
    return took


def asked_for(
    line: http.client.HTTPConnection, page: Page, headers: dict[str, str]
) -> http.client.HTTPResponse:
    """The answer, read to its end; a program sends no cookie, a browser no token."""
    sent = "Authorization" if page.is_api else "Cookie"
    carried = {sent: headers[sent], "Host": "127.0.0.1"}
    if page.sends:
        carried |= {"Content-Type": "application/json", "Idempotency-Key": f"bench {time.time_ns()}"}
        line.request("POST", page.path, json.dumps(page.sends()), carried)
    else:
        line.request("GET", page.path, headers=carried)
    answer = line.getresponse()
    answer.read()
    return answer


def report(bare: Page, pages: list[Page], asked: argparse.Namespace) -> list[str]:
    """Print the table; what is missed, in words."""
    empty = pages[0]
    size = f"{asked.partners:,} partners, {asked.messages} messages each, "
    size += f"{asked.deals:,} deals, {asked.tasks:,} tasks"
    print(f"\n{size}; medians of {asked.rounds} interleaved runs")
    print(f"{'':24}{'ms':>8}{'× bare':>9}{'× empty':>9}{'queries':>9}{'KB gzip':>9}")
    print(f"{bare.name:24}{bare.median:8.2f}{1:9.1f}")
    missed = []
    for page in pages:
        by_bare, by_empty = page.median / bare.median, page.median / empty.median
        over = limits.missed(page.name, page.is_api, by_bare, by_empty, page.queries)
        missed += [f"{page.name}: {words}" for words in over]
        aim = limits.of(page.name, page.is_api).aim
        mark = "  over" if over else f"  aim {aim:g}×" if aim and by_bare > aim else ""
        figures = f"{page.median:8.2f}{by_bare:9.1f}{by_empty:9.1f}{page.queries:9}{page.gzipped / 1024:9.1f}"
        print(f"{page.name:24}{figures}{mark}")
    return missed
