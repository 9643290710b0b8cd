"""Time zones by name."""

from functools import cache
from zoneinfo import available_timezones


@cache
def names() -> tuple[str, ...]:
    """The zones a person can choose, sorted: areas and cities, no abbreviations."""
    return (
        "UTC",
        *sorted(
            z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "posix/", "right/"))
        ),
    )


def is_zone(name: str) -> bool:
    return name in available_timezones()
