"""The tables of what was measured, and in words what takes too long."""

from __future__ import annotations

import argparse

from bench import limits, paint, work
from bench.pages import Page


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
