"""Everything that points at one row points at another instead, and back again.

Who points is read from the models themselves, so that tables of higher apps and tables to come
are found: foreign keys, many-to-many tables, and references by kind and id. A row that two truths
of the database do not let pass stands aside in a way its app has registered, and where there is no
way it stays with the row that goes: its like is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.fields.reverse_related import ManyToOneRel

from partners import changes
from prm import references

BATCH = 5000

Way = dict[str, Any]
Ways = Callable[[Any, datetime], list[Way]]
Beside = list[Any]  # ["app.Model", id, {field: [before, after]}]
Besides = Callable[[Any, int, datetime], list[Beside]]
_ways: dict[str, Ways] = {}
_besides: dict[str, Besides] = {}
_staying: set[str] = set()


def register(model: str, ways: Ways, besides: Besides | None = None) -> None:
    """How rows of "app.Model" can stand aside: `ways(row, at)` are changes to try in turn. What follows for
    other rows, `besides(row, to, at)` writes, with the row as it was and where it should have gone."""
    _ways[model] = ways
    if besides is not None:
        _besides[model] = besides


def leave(model: str) -> None:
    """Rows of "app.Model" tell of one row as it stood, and stay with it."""
    _staying.add(model)


@dataclass(frozen=True)
class Pointer:
    """A column that holds the id of a row, of those of its table that `among` picks."""

    model: type[models.Model]
    column: str
    among: dict[str, Any]

    def rows(self, pk: int) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(**{self.column: pk}, **self.among).order_by("pk")


def pointers(to: models.Model) -> Iterator[Pointer]:
    """All columns that can point at rows of this model."""
    for relation in type(to)._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.related_model._meta.label not in _staying:
            yield Pointer(relation.related_model, relation.field.attname, {})
    kind = references.to(to).kind
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        for name in sorted(names):
            if name.endswith("_kind") and f"{name[:-5]}_id" in names:
                yield Pointer(model, f"{name[:-5]}_id", {name: kind})


def repoint(gone: models.Model, kept: models.Model, at: datetime) -> dict[str, list[Any]]:
    """Point everything that points at `gone` to `kept`. What was done, as JSON keeps it:
    `moved` [model, column, ids], `aside` [model, column, id, {field: [before, after]}], and `besides`."""
    done: dict[str, list[Any]] = {"moved": [], "aside": [], "besides": []}
    for pointer in pointers(gone):
        label, rows = pointer.model._meta.label, pointer.rows(gone.pk)
        if pointer.model is type(kept):  # what would come to point at itself points at nothing
            for row in rows.filter(pk=kept.pk):
                done["aside"].append([label, pointer.column, row.pk, _write(row, {pointer.column: None})])
        passed, held_up = _pass(pointer, list(rows.values_list("pk", flat=True)), kept.pk)
        if passed:
            done["moved"].append([label, pointer.column, passed])
        for row in pointer.model._base_manager.filter(pk__in=held_up).order_by("pk"):
            if (change := _stand_aside(pointer, row, kept.pk, at)) is not None:
                done["aside"].append([label, pointer.column, row.pk, change])
            if label in _besides:
                done["besides"] += _besides[label](row, kept.pk, at)
    return done


def _pass(pointer: Pointer, pks: list[int], to: int) -> tuple[list[int], list[int]]:
    """Move these rows, all at once where the database lets them; who passed and who was held up."""
    passed: list[int] = []
    held_up: list[int] = []
    for start in range(0, len(pks), BATCH):
        some = pks[start : start + BATCH]
        if _moves(pointer, some, to):
            passed += some
            continue
        for pk in some:
            (passed if _moves(pointer, [pk], to) else held_up).append(pk)
    return passed, held_up


def _moves(pointer: Pointer, pks: list[int], to: int, **more: Any) -> bool:
    try:
        with transaction.atomic():
            pointer.model._base_manager.filter(pk__in=pks).update(**{pointer.column: to}, **more)
    except IntegrityError:
        return False
    return True


def _stand_aside(pointer: Pointer, row: models.Model, to: int, at: datetime) -> dict[str, Any] | None:
    """Let a row pass with the first change that the database accepts; None where it must stay."""
    ways = _ways.get(pointer.model._meta.label)
    for way in ways(row, at) if ways else []:
        before = {field: changes.kept(getattr(row, field)) for field in way}
        if _moves(pointer, [row.pk], to, **way):
            return {field: [before[field], changes.kept(way[field])] for field in way}
    return None


def beside(row: models.Model, to: Way) -> Beside:
    """Write these fields of a row, and what to remember of it."""
    before = {field: changes.kept(getattr(row, field)) for field in to}
    type(row)._base_manager.filter(pk=row.pk).update(**to)
    return [row._meta.label, row.pk, {field: [before[field], changes.kept(to[field])] for field in to}]


def _write(row: models.Model, to: dict[str, Any]) -> dict[str, Any]:
    before = {field: [getattr(row, field), value] for field, value in to.items()}
    type(row)._base_manager.filter(pk=row.pk).update(**to)
    return before


def put_back(done: dict[str, list[Any]], gone: int, kept: int) -> None:
    """Undo what `repoint` did, for every row that still stands as it left it.

    Raises IntegrityError where a row cannot stand as before any more.
    """
    for label, column, pks in done["moved"]:
        model = apps.get_model(label)
        for start in range(0, len(pks), BATCH):
            rows = model._base_manager.filter(pk__in=pks[start : start + BATCH], **{column: kept})
            rows.update(**{column: gone})
    for label, column, pk, change in done["aside"]:
        model = apps.get_model(label)
        row = model._base_manager.filter(pk=pk).first()
        if row is not None and getattr(row, column) == (None if column in change else kept):
            model._base_manager.filter(pk=pk).update(**{column: gone} | _before(row, change))
    for label, pk, change in done.get("besides", []):
        model = apps.get_model(label)
        row = model._base_manager.filter(pk=pk).first()
        if row is not None and (before := _before(row, change)):
            model._base_manager.filter(pk=pk).update(**before)


def _before(row: models.Model, change: dict[str, Any]) -> dict[str, Any]:
    """The values before, of the fields that nobody changed again since."""
    return {
        field: cast(models.Field, type(row)._meta.get_field(field)).to_python(before)
        for field, (before, after) in change.items()
        if changes.kept(getattr(row, field)) == after
    }
