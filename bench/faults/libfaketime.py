"""The library that sets the clock of a process."""

import glob


def library() -> str:
    """Where it is; empty where it is not installed."""
    return next(iter(sorted(glob.glob("/usr/lib/*/faketime/libfaketime.so.1"))), "")
