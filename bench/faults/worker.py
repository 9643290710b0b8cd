"""A worker to be killed: sweep, send, again and again. Says once, by a file, that it is at work."""

import sys
import time
from pathlib import Path

import django

django.setup()

from prm import clock, outbox, sweeper  # noqa: E402


def main(says: Path) -> None:
    while True:
        handled = sum(sweeper.run(at=clock.now()).values()) + outbox.deliver(at=clock.now(), most=20)
        says.touch()
        if not handled:
            time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
