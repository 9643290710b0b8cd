"""Makes this folder ready to run: environment, packages, front end, static files. `make` calls it.

Only the standard library, and nothing an old Python cannot parse: its first work is to say which
Python is needed. Each step leaves a stamp in what it made and is skipped while what it read stays
the same, so that a second run does nothing.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")
LOG = VAR / "log" / "install.log"
APPS = ("prm", "team", "partners", "conversations", "lifecycle", "reviews", "dashboards", "portal")

OFFLINE = re.compile(
    r"name resolution|name or service not known|NewConnectionError|Network is unreachable|ProxyError"
    r"|ConnectTimeout|Read timed out|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH",
    re.IGNORECASE,
)
ERROR = re.compile(r"(npm (error|ERR!)|ERROR:|\w*Error:) *\S")


def newer_python():
    """Go on in Python 3.11 or newer, wherever it is found; else say what to install."""
    if sys.version_info >= (3, 11):
        return
    for minor in range(11, 20):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found, *sys.argv])
    sys.exit(
        f"This needs Python 3.11 or newer and found {sys.version_info[0]}.{sys.version_info[1]}: "
        "install it, or name one: PYTHON=python3.12 make install."
    )


def alone():
    """Hold this folder, so that two starts at once do not build over each other; gives what holds it."""
    held = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("Waiting for another start in this folder to be done")
        fcntl.flock(held, fcntl.LOCK_EX)
    return held


def environment():
    """The virtual environment."""
    if PYTHON.exists() and subprocess.run([str(PYTHON), "-c", ""], capture_output=True).returncode == 0:
        return
    if not (find_spec("venv") and find_spec("ensurepip")):
        sys.exit(
            "Python's venv module is missing: as root run `apt install python3-venv`, then the same again."
        )
    say("Making the environment .venv")
    follow([sys.executable, "-m", "venv", "--clear", str(VENV)], r"$^", "The environment could not be made")


def packages(name):
    """The packages of requirements/NAME.txt; those of `pdf` and `dev` hold those of `app`."""
    wanted = digest(ROOT / "requirements" / f"{name}.txt")
    stamp = VENV / f".installed-{name}"
    if is_current(stamp, wanted):
        return
    say("Installing Python packages")
    quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    locked = ["--require-hashes", "-r", f"requirements/{name}.txt"]
    follow(
        [str(PYTHON), "-m", "pip", "install", *quiet, *locked],
        r"^(Collecting|Installing|Building|Successfully)",
        "Python packages could not be installed",
    )
    stamp.write_text(wanted)
    for held in {"app": [], "pdf": ["app"], "dev": ["pdf", "app"]}[name]:
        (VENV / f".installed-{held}").write_text(digest(ROOT / "requirements" / f"{held}.txt"))


def front_end():
    """Style sheets, scripts and icons, assembled into static/dist; Node is needed only for this."""
    if not (ROOT / "package.json").exists():
        return
    sources = [ROOT / "templates", ROOT / "static", *(ROOT / app for app in APPS)]
    wanted = digest(ROOT / "package-lock.json", *sources)
    stamp = ROOT / "static" / "dist" / ".built"
    if is_current(stamp, wanted):
        return
    check_node()
    modules, lock = ROOT / "node_modules" / ".installed", digest(ROOT / "package-lock.json")
    if not is_current(modules, lock):
        say("Installing front-end packages")
        patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=3000"]  # its default is over a minute
        install = ["npm", "ci", "--no-audit", "--no-fund", *patience]
        follow(install, r"^(added|up to date)", "Front-end packages could not be installed")
        modules.write_text(lock)
    say("Building the front end")
    follow(["npm", "run", "--silent", "build"], r".", "The front end could not be built")
    stamp.write_text(wanted)


def check_node():
    """Say what to do where Node is missing or too old."""
    found = ""
    if shutil.which("node") and shutil.which("npm"):
        found = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    version = re.match(r"v(\d+)", found)
    if not version or int(version.group(1)) < 20:
        sys.exit(
            f"This needs Node 20 or newer with npm and found {found or 'none'}: install it from "
            "https://nodejs.org/ and run the same again."
        )


def static_files():
    """What the web server hands out, with hashed names."""
    wanted = digest(ROOT / "static", ROOT / "requirements" / "app.txt", built=True)
    stamp = Path(os.environ.get("STATIC_ROOT") or VAR / "static") / ".collected"
    if is_current(stamp, wanted):
        return
    say("Collecting static files")
    command = [str(PYTHON), "manage.py", "collectstatic", "--no-input", "--clear"]
    follow(command, r"^\d+ static", "Static files could not be collected")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


def digest(*paths, built=False):
    """One hash of these files and folders by name and content, the built front end only where asked for."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if not file.is_file() or "__pycache__" in file.parts or file.name.startswith("."):
                continue
            if "dist" in file.parts and not built:
                continue
            total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def is_current(stamp, wanted):
    return stamp.exists() and stamp.read_text() == wanted


def say(title):
    print(f"{title} …", flush=True)


def follow(command, shown, trouble):
    """Run a command: its lines go to the log, those that match `shown` to the screen, too.

    Ends with one sentence where it fails.
    """
    LOG.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    child = subprocess.Popen(
        command, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    with LOG.open("a", encoding="utf-8") as log:
        for line in child.stdout:
            log.write(line)
            lines.append(line)
            if re.search(shown, line.strip()):
                print("  " + line.split(" (from ")[0].strip()[:110], flush=True)
    child.wait()
    if child.returncode == 0:
        return
    if OFFLINE.search("".join(lines)):
        sys.exit(f"{trouble}: the package registry does not answer. Check the network and try again.")
    sys.exit(f"{trouble}: {reason(lines)} (all of it: {LOG})")


def reason(lines):
    """The line that names the error, else the last one."""
    said = [line.strip() for line in lines if line.strip()] or ["it gave no reason"]
    return next((line for line in said if ERROR.match(line)), said[-1])


if __name__ == "__main__":
    newer_python()
    held = alone()
    environment()
    packages(next((name for name in ("dev", "pdf") if name in sys.argv[1:]), "app"))
    front_end()
    static_files()
