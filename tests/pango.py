"""Whether packets can be written as PDF; run as a program it installs Pango where it may."""

import os
import shutil
import subprocess
import sys

LIBRARIES = ("libpango-1.0-0", "libpangoft2-1.0-0")


def is_there() -> bool:
    """Asked in a process of its own, so that what was just installed is found."""
    return subprocess.run([sys.executable, "-c", "import weasyprint"], capture_output=True).returncode == 0


def install() -> None:
    """Debian's libraries where we are root on Debian."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Pango with apt-get …", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "install", "-y", "-qq", *LIBRARIES], check=False, env=quiet)


if __name__ == "__main__":
    if not is_there():
        install()
    if not is_there():
        print(f"The tests of PDFs are skipped: they need {' and '.join(LIBRARIES)}.")
