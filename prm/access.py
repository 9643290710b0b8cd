"""The first lines of every view: unseen is 404."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

M = TypeVar("M", bound=Model)


def found_or_404(seen: "QuerySet[M]", **which: Any) -> M:
    """The row among those this person may see; anything else, known or not, is a 404."""
    return get_object_or_404(seen, **which)
