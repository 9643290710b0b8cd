"""The same pages among more and more partners: each size in a database and a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import limits

FROM = 10_000  # partners, from which on a page may grow by a fifth


def compare(sizes: list[int], words: list[str]) -> int:
    """Measure at each of these numbers of partners, then say how much longer each page takes."""
    measured, status = {}, 0
    for size in sizes:
        found, one = _measured(size, words)
        measured[size], status = found, status or one
    names = [line["name"] for line in measured[sizes[0]]]
    print(f"\n{'ms at … partners':24}" + "".join(f"{size:>12,}" for size in sizes) + f"{'growth':>10}")
    grown = [name for name in names if _line(name, measured)]
    print("grew by more than a fifth: " + ", ".join(grown) if grown else "none grew by more than a fifth")
    return 1 if grown else status


def _measured(size: int, words: list[str]) -> tuple[list[dict[str, Any]], int]:
    server = os.environ.get("BENCH_SERVER", "postgres://root@127.0.0.1:5432")
    with tempfile.TemporaryDirectory() as place:
        to = Path(place) / "measured.json"
        again = [sys.executable, "-m", "bench", "--partners", str(size), "--json", str(to), *words]
        env = {**os.environ, "BENCH_DATABASE_URL": f"{server}/prm_bench_{size}"}
        status = subprocess.run(again, env=env, check=False).returncode
        if not to.exists():
            raise SystemExit(f"measuring at {size:,} partners failed")
        return json.loads(to.read_text()), 1 if status else 0


def _line(name: str, measured: dict[int, list[dict[str, Any]]]) -> bool:
    """Print one page at all sizes; whether it grew too much, measured by the empty page of the same run."""
    times = {size: line["ms"] for size, lines in measured.items() for line in lines if line["name"] == name}
    empty = {size: lines[0]["ms"] for size, lines in measured.items()}
    shares = [times[size] / empty[size] for size in times if size >= FROM]
    growth = max(shares) / shares[0] if len(shares) > 1 else 1.0
    over = growth > limits.GROWTH and name not in limits.SLOW_TO_GROW
    ms = "".join(f"{times.get(size, 0):12.2f}" for size in measured)
    print(f"{name:24}{ms}{growth:10.2f}{'  over' if over else ''}")
    return over
