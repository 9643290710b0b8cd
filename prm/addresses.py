"""Addresses that a page holds many of: the pattern is looked up once, not row by row."""

import functools
import re

from django.urls import reverse

_MARK = 10**18


def of(name: str, *keys: int | str) -> str:
    """The address called `name` of the thing with this id, or of what is told by several ids and names, as
    `reverse` would say it."""
    first, *rest = _around(name, len(keys))
    return first + "".join(f"{key}{after}" for key, after in zip(keys, rest, strict=True))


@functools.cache
def at(name: str) -> str:
    """The address called `name`, which holds no id."""
    return reverse(name)


@functools.cache
def _around(name: str, n: int) -> list[str]:
    """What stands before, between and after its keys."""
    return re.split(
        "|".join(str(_MARK + key) for key in range(n)), reverse(name, args=range(_MARK, _MARK + n))
    )
