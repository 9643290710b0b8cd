"""`make bench`: how long a page takes, as a multiple of a bare view and of an empty page of ours.

On PostgreSQL (BENCH_DATABASE_URL, or one made for this on 127.0.0.1) with a sample of 10,000 partners and
ten messages each, served by gunicorn as shipped. Runs are interleaved and medians taken, so that a
busy machine shifts all figures alike. Then work on many rows against bare SQL, and when Chromium paints. It
ends with an error where a limit is missed. Arguments: --partners, --messages, --deals, --tasks, --rounds,
--keep, --pages-only; --sizes 1000,10000,100000 compares the pages among more and more partners.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from bench import paint, sizes, tables
from bench.pages import Page, signed_in
from bench.serving import ROOT, measure, served

PAINTED = {"empty page", "Today", "list", "partner, 200 messages"}


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
    missed = tables.report(bare, pages, asked)
    if asked.json:
        found = [{"name": page.name, "ms": page.median, "queries": page.queries} for page in pages]
        Path(asked.json).write_text(json.dumps(found))
    if not asked.pages_only:
        missed += [*tables.report_paint(painted), *tables.report_work()]
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
