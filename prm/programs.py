"""The programs the app is made of, each by its command line. `python -m prm.programs NAME` becomes one.

Two workers, so that a long job never starves the clock; the scheduler is a process of its own.
"""

import os
import sys

_CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "prm"]
_WORKER = [*_CELERY, "worker", "--without-gossip", "--without-mingle", "--without-heartbeat"]

COMMANDS: dict[str, list[str]] = {
    "web": [sys.executable, "-m", "gunicorn", "-c", "python:prm.gunicorn_conf", "prm.wsgi"],
    "sweep": [*_WORKER, "-n", "sweep@%h", "-Q", "sweep", "-P", "threads", "-c", "4"],
    "jobs": [*_WORKER, "-n", "jobs@%h", "-Q", "jobs", "-P", "prefork", "-c", "1"],
    "beat": [*_CELERY, "beat", "--pidfile="],
}

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in COMMANDS:
        sys.exit(f"Name one of: {', '.join(COMMANDS)}.")
    os.execv(sys.executable, COMMANDS[name])
