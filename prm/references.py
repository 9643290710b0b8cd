"""References: how a row below points at a thing above without importing it.

A reference is (kind, id). Each app registers its kinds in its `wiring.py`; whoever
shows a reference asks here for a title and an address.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models


@dataclass(frozen=True)
class Reference:
    kind: str
    id: int


@dataclass(frozen=True)
class _Kind:
    model: str
    title: Callable[[Any], str]
    url: Callable[[Any], str]


_kinds: dict[str, _Kind] = {}


def register(
    kind: str, model: str, title: Callable[[Any], str] = str, url: Callable[[Any], str] | None = None
) -> None:
    """Register `kind` for the model named "app.Model"; `url` defaults to its `get_absolute_url`."""
    if kind in _kinds and _kinds[kind].model != model:
        raise ValueError(f"two models want the reference kind {kind!r}")
    _kinds[kind] = _Kind(model, title, url or (lambda thing: thing.get_absolute_url()))


def to(thing: models.Model) -> Reference:
    """The reference to a row of a registered model. Raises LookupError for any other."""
    label = thing._meta.label
    for kind, registered in _kinds.items():
        if registered.model == label:
            return Reference(kind, thing.pk)
    raise LookupError(f"{label} is no registered kind of reference")


def resolve(references: Iterable[Reference]) -> dict[Reference, Any]:
    """The rows behind the references, one query for each kind; a row that is gone is left out."""
    wanted: dict[str, set[int]] = {}
    for reference in references:
        if reference.kind in _kinds:
            wanted.setdefault(reference.kind, set()).add(reference.id)
    found: dict[Reference, Any] = {}
    for kind, ids in wanted.items():
        for pk, row in apps.get_model(_kinds[kind].model)._default_manager.in_bulk(ids).items():
            found[Reference(kind, pk)] = row
    return found


def title(reference: Reference, row: Any) -> str:
    """What the thing is called, for a link or a sentence."""
    return _kinds[reference.kind].title(row)


def url(reference: Reference, row: Any) -> str:
    """Where the thing is shown."""
    return _kinds[reference.kind].url(row)
