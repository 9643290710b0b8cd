"""Finds a Chromium for the browser tests; run as a program it installs one where it may."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def installed() -> str | None:
    """The Chromium of the system: $CHROMIUM, else one on the PATH; None leaves it to Playwright's own."""
    named = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, [named] if named else NAMES)), None)


def is_there() -> bool:
    """Whether there is one to drive, Playwright's own included."""
    from playwright.sync_api import sync_playwright

    if installed():
        return True
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def install() -> None:
    """Debian's where we are root on Debian, else Playwright's."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing chromium with apt-get …", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, env=quiet)
    if not is_there():
        print("Installing Playwright's chromium …", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if not is_there():
        install()
    if not is_there():
        sys.exit(
            "The browser tests need a Chromium and none could be installed: install Chromium or Chrome, "
            "or name one: CHROMIUM=/path/to/chromium make test."
        )
