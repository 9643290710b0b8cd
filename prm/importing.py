"""Imports: a file is read, its columns and values are mapped, every row is checked, and what the
preview shows as new or changed goes in whole or not at all. Rejected rows never go in.

Each app registers an importer for a noun in its `wiring.py`. Reading and checking are safe to
begin again: they make the rows anew from the file. Going in is one transaction that ends with
the import's own state, so a worker that died has either done all of it or nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Protocol

from django.core.files import File
from django.db import connection, transaction

from prm import clock, jobs, known_headers, tables
from prm.models import Import, ImportRow, Job
from prm.refusals import Refused

KIND = "import"
MOST_VALUES = 200
KEPT_FOR = timedelta(days=30)
BATCH = 500
READ = ("columns", "said", "headers", "read_as", "mapping")

Progress = Callable[[int, int], None]


class ImportRefused(Refused):
    """The import cannot take this step, and why."""


@dataclass(frozen=True)
class Field:
    """Something a column can mean. `listed`: its values are entries of a list kept by us."""

    name: str
    label: str
    synonyms: tuple[str, ...] = ()
    listed: bool = False
    many: bool = False


class Plan(Protocol):
    """What would become of the rows, worked out against what stands now."""

    def counts(self) -> dict[str, int]:
        """How many things (not rows) are new and changed."""
        ...


class Ready(Protocol):
    """A plan made into rows, ready to be written."""

    def has_moved(self) -> bool:
        """Whether what it was worked out against is another by now; in the caller's transaction."""
        ...

    def write(self) -> None:
        """Write the new and the changed, in the caller's transaction."""
        ...


class Importer(Protocol):
    noun: str
    action: str  # what whoever lets a file in has to be allowed

    @property
    def fields(self) -> Sequence[Field]:
        """What a column can mean."""
        ...

    def guess(self, imported: Import) -> dict[str, Any]:
        """A mapping for the columns of the file."""
        ...

    def recall(self, mapping: dict[str, Any]) -> dict[str, Any]:
        """What of the mapping of an earlier file holds for one with the same headers."""
        ...

    def parse(self, imported: Import, rows: Sequence[tables.Row], progress: Progress) -> list[ImportRow]:
        """The rows with their facts, or rejected with the reason."""
        ...

    def plan(self, imported: Import, rows: Sequence[ImportRow]) -> Plan:
        """Set outcome, target and changes on the rows that were not rejected; nothing is written."""
        ...

    def make_ready(self, imported: Import, plan: Plan, at: datetime, progress: Progress) -> Ready:
        """Make the new and the changed ready; nothing of them is written."""
        ...


_importers: dict[str, Importer] = {}


def register(noun: str, importer: Importer) -> None:
    """Register what imports rows of a noun ("partners")."""
    _importers[noun] = importer


def importer_of(imported: Import) -> Importer:
    return _importers[imported.noun]


def importers() -> dict[str, Importer]:
    """What imports each noun."""
    return dict(_importers)


# --- steps a person takes -----------------------------------------------------------------------------


def receive(noun: str, file: File, name: str, by: Any, at: datetime) -> Import:
    """Keep the file (refused by its size first); it is checked by `hurry` or `check`."""
    tables.check_size(file.size)
    imported = Import(noun=noun, file_name=name[-200:], by=by, created_at=at)
    suffix = "xlsx" if name.lower().endswith(".xlsx") else "csv"
    imported.file.save(f"{noun}.{suffix}", file, save=False)
    imported.save()
    return imported


@transaction.atomic
def hurry(imported: Import, at: datetime) -> None:
    """Let a worker take the next step: check the file, or let it in."""
    imported.job = jobs.put(KIND, at, by=imported.by, about={"import": imported.pk})
    imported.save(update_fields=["job"])


@transaction.atomic
def remap(imported: Import, mapping: dict[str, Any], at: datetime) -> None:
    """Take another meaning of columns and values; the rows are checked again."""
    _move(
        imported,
        {Import.State.READY},
        Import.State.CHECKING,
        "It is at work or over, so it cannot be mapped now.",
    )
    imported.mapping, imported.settled_at, imported.read_as = mapping, at, None
    imported.save(update_fields=["mapping", "settled_at", "read_as"])
    hurry(imported, at)


@transaction.atomic
def recheck(imported: Import, at: datetime) -> None:
    """Take up an import again whose job stopped: its rows are checked once more."""
    if imported.job is None or imported.job.state != Job.State.FAILED:
        raise ImportRefused("It is at work or over already.")
    before: set[str] = {Import.State.CHECKING, Import.State.RUNNING}
    _move(imported, before, Import.State.CHECKING, "It is at work or over already.")
    hurry(imported, at)


@transaction.atomic
def let_in(imported: Import, at: datetime, skip_rejected: bool = False) -> None:
    """Ask a worker to let the new and the changed go in."""
    begin(imported, skip_rejected)
    hurry(imported, at)


def begin(imported: Import, skip_rejected: bool = False) -> None:
    """Let `run` take it on. Refused where rows are rejected and not to be left out."""
    _allow(imported, skip_rejected)
    _move(imported, {Import.State.READY}, Import.State.RUNNING, "It is at work or over already.")
    imported.skip_rejected, imported.says = skip_rejected, ""
    imported.save(update_fields=["skip_rejected", "says"])


def drop(imported: Import, at: datetime) -> None:
    """Let go of an import that did not go in; its file and rows are deleted."""
    before: set[str] = {Import.State.READY, Import.State.BROKEN}
    _move(imported, before, Import.State.DROPPED, "It is at work or over already.")
    _forget(imported)
    Import.objects.filter(pk=imported.pk).update(ended_at=at)


def discard(imported: Import) -> None:
    """Take away an import that did not go in, without a trace."""
    _forget(imported)
    imported.delete()


def _allow(imported: Import, skip_rejected: bool) -> None:
    if imported.has_rejected and not skip_rejected:
        raise ImportRefused(
            f"{_counted(imported.counts['rejected'], 'rows')} rejected. Mend them and import the file again, "
            "or leave them out."
        )
    if not imported.has_something:
        raise ImportRefused("No row is new or changed, so there is nothing to let in.")


def _move(imported: Import, before: set[str], after: str, otherwise: str) -> None:
    """Take the import from one state to another, if it still is there."""
    if not Import.objects.filter(pk=imported.pk, state__in=before).update(state=after):
        raise ImportRefused(otherwise)
    imported.state = after


# --- the work -----------------------------------------------------------------------------------------


def work(job: Job, progress: Progress) -> str:
    """The job of an import: whatever step its state asks for."""
    imported = Import.objects.get(pk=job.about["import"])
    if imported.state == Import.State.CHECKING:
        check(imported, progress)
    elif imported.state == Import.State.RUNNING:
        run(imported, clock.now(), progress)
    return imported.says


def check(imported: Import, progress: Progress) -> None:
    """Read the file and say what would become of every row. A file that cannot be read is broken,
    with the reason in `says`."""
    table = read(imported)
    if table is not None:
        check_rows(imported, table, progress)


def read(imported: Import) -> tables.Table | None:
    """Read the file and say what its columns are and mean; None where it cannot be read.

    One with the headers of an earlier file is read as somebody settled for that.
    """
    try:
        with imported.file.open("rb") as file:
            table = tables.read(file, imported.file_name)
    except tables.Unreadable as reason:
        imported.state, imported.says = Import.State.BROKEN, str(reason)
        imported.save(update_fields=["state", "says"])
        return None
    if not imported.columns:
        importer = importer_of(imported)
        imported.columns, imported.said = describe(table), table.said
        imported.headers = known_headers.key(table.header)
        imported.read_as = known_headers.last_settled(imported.noun, imported.headers)
        recalled = importer.recall(imported.read_as.mapping) if imported.read_as else {}
        imported.mapping = importer.guess(imported) | recalled | imported.mapping
    return table


def check_rows(imported: Import, table: tables.Table, progress: Progress) -> None:
    """Say what would become of every row, by what the columns and values mean."""
    importer = importer_of(imported)
    rows = importer.parse(imported, table.rows, progress)
    plan = importer.plan(imported, rows)
    _stage(imported, rows, progress)
    imported.counts = counts_of(rows) | plan.counts()
    imported.digest = digest_of(rows)
    imported.state = Import.State.READY
    imported.save(update_fields=[*READ, "counts", "digest", "state"])


def run(imported: Import, at: datetime, progress: Progress) -> None:
    """Let the new and the changed in, whole or not at all.

    All is worked out and made ready before the writer's lock is taken; where something moved just
    then, it is done again under the lock. Where anything moved since the preview, nothing goes in and
    the preview is made again.
    """
    if imported.state != Import.State.RUNNING:
        return
    rows = list(imported.rows.all())
    progress(0, len(rows))
    ready = _made_ready(imported, rows, at, progress)
    with transaction.atomic():
        _one_at_a_time()
        if not Import.objects.select_for_update().filter(pk=imported.pk, state=Import.State.RUNNING).exists():
            return
        if ready is not None and ready.has_moved():
            ready = _made_ready(imported, rows, at, progress)
        if ready is not None:
            ready.write()
            imported.state, imported.ended_at, imported.settled_at = Import.State.DONE, at, at
            imported.says = summary(imported)
            imported.save(update_fields=["state", "ended_at", "settled_at", "says"])
    if ready is None:
        check(imported, progress)
        imported.says = "Something changed since the preview, so nothing went in. Look again."
        imported.save(update_fields=["says"])


def _made_ready(
    imported: Import, rows: Sequence[ImportRow], at: datetime, progress: Progress
) -> Ready | None:
    """What the preview showed, ready to be written; None where something else would become of the rows."""
    importer = importer_of(imported)
    plan = importer.plan(imported, rows)
    if digest_of(rows) != imported.digest:
        return None
    return importer.make_ready(imported, plan, at, progress)


def summary(imported: Import) -> str:
    """What became of the file in one sentence."""
    counts = imported.counts
    words = [
        f"{_counted(counts.get('things_new', 0), imported.noun)} added",
        f"{counts.get('things_changed', 0)} changed",
        f"{_counted(counts.get('same', 0), 'rows')} the same",
        f"{counts.get('rejected', 0)} rejected",
    ]
    return ", ".join(words) + "."


def _counted(number: int, things: str) -> str:
    return f"{number:,} {things.removesuffix('s') if number == 1 else things}"


def describe(table: tables.Table) -> list[dict[str, Any]]:
    """The columns with three samples each, and their values where these are few enough to be a list."""
    columns = []
    for place, name in enumerate(table.header):
        values = Counter(row.cells[place] for row in table.rows if row.cells[place])
        few = len(values) <= MOST_VALUES
        columns.append(
            {
                "name": name,
                "samples": [value[:80] for value in islice(values, 3)],
                "values": {value[:200]: count for value, count in values.most_common()} if few else None,
            }
        )
    return columns


def counts_of(rows: Sequence[ImportRow]) -> dict[str, int]:
    """The number of rows by outcome."""
    found = Counter(row.outcome for row in rows)
    return {"rows": len(rows)} | {str(outcome): found[outcome] for outcome in ImportRow.Outcome.values}


def digest_of(rows: Sequence[ImportRow]) -> str:
    """One figure for what would become of all rows."""
    made = hashlib.sha256()
    for row in rows:
        made.update(
            json.dumps(
                [row.number, row.outcome, row.target, row.together, row.changes], sort_keys=True
            ).encode()
        )
    return made.hexdigest()


def _stage(imported: Import, rows: list[ImportRow], progress: Progress) -> None:
    """Replace the staged rows, in short transactions."""
    for _ in _emptied(imported):
        progress(0, len(rows))
    for start in range(0, len(rows), BATCH):
        ImportRow.objects.bulk_create(rows[start : start + BATCH])
        progress(min(start + BATCH, len(rows)), len(rows))


def _emptied(imported: Import) -> Iterator[int]:
    """Delete the staged rows, some at a time."""
    while some := list(imported.rows.values_list("pk", flat=True)[:5000]):
        yield ImportRow.objects.filter(pk__in=some).delete()[0]


def _one_at_a_time() -> None:
    """Imports go in one after another, so that two of them never add the same thing."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x1A90])


def _forget(imported: Import) -> None:
    for _ in _emptied(imported):
        pass
    imported.file.delete(save=False)
    Import.objects.filter(pk=imported.pk).update(file="", columns=[])


def tidy(at: datetime) -> int:
    """The sweep: files and rows are deleted 30 days later; the import and its figures stay."""
    old = Import.objects.filter(created_at__lt=at - KEPT_FOR).exclude(file="")[:20]
    for imported in old:
        _forget(imported)
    return len(old)
