"""Addresses that a page holds many of: the pattern is looked up once, not row by row."""

import functools

from django.urls import reverse

_MARK = 10**18


def of(name: str, pk: int | str) -> str:
    """The address called `name` of the thing with this id, as `reverse` would say it."""
    before, after = _around(name)
    return f"{before}{pk}{after}"


@functools.cache
def at(name: str) -> str:
    """The address called `name`, which holds no id."""
    return reverse(name)


@functools.cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[_MARK]).partition(str(_MARK))
    return before, after
