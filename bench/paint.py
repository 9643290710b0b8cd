"""When Chromium first paints a page, against a bare page of a few words: interleaved runs, their medians."""

from __future__ import annotations

import os
import shutil
import statistics
from typing import Any

ROUNDS = 9
LIMIT = 2.0  # × the bare page
ASKED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def first_paints(places: dict[str, str], cookie: dict[str, str]) -> dict[str, float] | None:
    """Milliseconds to the first paint of each address by name, in a browser with this cookie; None where
    no Chromium is there."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{**cookie, "domain": "127.0.0.1", "path": "/"}])  # type: ignore[typeddict-item]
        page = context.new_page()
        found: dict[str, list[float]] = {name: [] for name in places}
        for turn in range(ROUNDS + 1):
            for name, address in places.items():
                painted = _painted(page, address)
                if turn:
                    found[name].append(painted)
        browser.close()
    return {name: statistics.median(times) for name, times in found.items()}


def _painted(page: Any, address: str) -> float:
    page.goto(address, wait_until="load")
    while not (painted := float(page.evaluate(ASKED))):  # asked for, since our pages forbid to wait by script
        page.wait_for_timeout(20)
    return painted
