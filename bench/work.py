"""Work on many rows at once, against the bare SQL of the same work: import, effect of a profile, sweep,
health of a day.

All of it is rolled back, so that the sample stays as it is. The bare SQL writes or reads the same rows and
does nothing else: no checks, no history, no objects.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

ROWS = 10_000  # of the import
DUE = 500  # waits of the sweep
ROUNDS = 3
FEW = 1_000
NEW_CRITERION_LIMIT, WEIGHTS_LIMIT = 2.0, 3.0  # seconds for 10,000 partners; × the bare SQL
PAPER_LIMIT = 3.0  # seconds
HEALTH_LIMIT = 30.0  # seconds for 10,000 live partners


@dataclass(frozen=True)
class Work:
    """One line: how many rows, the seconds of ours and of the bare SQL, and what is missed."""

    name: str
    rows: int
    ours: float
    bare: float
    over: bool = False

    @property
    def line(self) -> str:
        times = self.ours / self.bare if self.bare else 0
        mark = "  over" if self.over else ""
        return f"{self.name:28}{self.rows:8,}{self.ours:9.2f} s{self.bare:9.3f} s{times:9.1f}{mark}"


def all_of() -> Iterator[Work]:
    """Each line, measured in this process."""
    yield from _effects()
    yield _sweep()
    yield _health()
    yield _import()
    yield from _paper()


@contextmanager
def undone() -> Any:
    """What is written within is rolled back."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _seconds(do: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of some runs, each undone."""
    took = []
    for _ in range(rounds):
        with undone():
            began = time.perf_counter()
            do()
            took.append(time.perf_counter() - began)
    return statistics.median(took)


# --- import ---------------------------------------------------------------------------------------------


def _import() -> Work:
    """A list of new firms through the importer, and the rows it wrote by INSERT … SELECT into copies."""
    from django.core.files import File
    from django.db import connection

    from partners.models import Partner
    from prm import clock, importing
    from team.models import User

    head = User.objects.get(email__startswith="ravi")
    text = "Name,Website,Country,City\n" + "".join(
        f"Brought firm {n},https://brought-{n}.example,DE,Berlin\n" for n in range(ROWS)
    )
    with undone():
        before = Partner.objects.order_by("-pk").values_list("pk", flat=True)[0]
        began = time.perf_counter()
        file = File(io.BytesIO(text.encode()), "list.csv")
        imported = importing.receive("partners", file, "list.csv", head, clock.now())
        importing.check(imported, lambda done, total: None)
        importing.begin(imported, skip_rejected=True)
        importing.run(imported, clock.now(), lambda done, total: None)
        ours = time.perf_counter() - began
        brought = Partner.objects.filter(pk__gt=before).count()
        with connection.cursor() as cursor:
            bare = sum(_copied(cursor, table, column, before) for table, column in WRITTEN)
        imported.file.delete(save=False)
    return Work("import", brought, ours, bare)


WRITTEN = (
    *(("partners_partner", "id"), ("partners_partnername", "partner_id"), ("partners_domain", "partner_id")),
    *(("partners_visit", "partner_id"), ("partners_event", "partner_id")),
)


def _copied(cursor: Any, table: str, column: str, before: int) -> float:
    """How long the database takes to write these rows once more, with the indexes of their table."""
    cursor.execute(f"CREATE TEMP TABLE again (LIKE {table} INCLUDING INDEXES INCLUDING DEFAULTS)")
    began = time.perf_counter()
    cursor.execute(f"INSERT INTO again SELECT * FROM {table} WHERE {column} > %s", [before])
    took = time.perf_counter() - began
    cursor.execute("DROP TABLE again")
    return took


# --- the effect of a profile ----------------------------------------------------------------------------


def _effects() -> list[Work]:
    """New weights, and a new criterion of the record, for partners of one type."""
    from partners import effects
    from partners.models import Criterion, PartnerType, Profile

    kind = PartnerType.objects.filter(profiles__state="published").first()
    profile = Profile.objects.filter(state="published", kind=kind).first()
    if profile is None:
        return []
    standing = effects.Proposal.of(profile)
    heavier = [Criterion(**_columns(each) | {"weight": each.weight + 7}) for each in standing.criteria]
    city = Criterion(
        profile=profile,
        key="city_of_it",
        name="City",
        kind="choice",
        source="city",
        weight=10,
        rule={"options": [["Berlin", 1.0]], "other": 0.0},
    )
    weights = replace(standing, criteria=tuple(heavier))
    more = replace(standing, criteria=(*standing.criteria, city))
    measured = effects.of(weights).measured
    bare = _seconds(lambda: _grouped(weights))
    ours, fresh = _seconds(lambda: effects.of(weights)), _seconds(lambda: effects.of(more))
    judged = measured >= FEW  # among fewer the way to the database and back is all there is
    limit = NEW_CRITERION_LIMIT * max(1.0, measured / 10_000)
    return [
        Work("effect, new weights", measured, ours, bare, judged and ours > WEIGHTS_LIMIT * bare),
        Work("effect, new criterion", measured, fresh, bare, fresh > limit),
    ]


def _columns(criterion: Any) -> dict[str, Any]:
    names = ("profile", "key", "name", "kind", "source", "rule", "must_have", "weight")
    return {name: getattr(criterion, name) for name in names}


def _grouped(proposal: Any) -> None:
    """Score and verdict of each partner the version is for, now and then, by stored points: one query."""
    from django.db import connection

    rows = [
        (each.key, each.weight, each.must_have, -1.0 if each.passes_at is None else float(each.passes_at))
        for each in proposal.asked
    ]
    bounds, kind = proposal.bounds, proposal.profile.kind_id
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH asked (key, weight, must, passes_at) AS (
                VALUES {", ".join(["(%s, %s::bigint, %s, %s::float8)"] * len(rows))}
            ), summed AS (
                SELECT fit.id, fit.score, fit.verdict, sum(asked.weight) AS answered,
                    sum((line.points * 10000)::bigint * asked.weight) AS earned,
                    count(line.points) FILTER (WHERE asked.must AND (line.points < asked.passes_at
                        OR asked.passes_at < 0 AND line.points <= 0)) AS failed,
                    count(line.points) FILTER (WHERE asked.must) AS met
                FROM partners_fit fit
                JOIN partners_partner partner ON partner.id = fit.partner_id
                LEFT JOIN partners_fitline line ON line.fit_id = fit.id AND line.points IS NOT NULL
                LEFT JOIN partners_criterion criterion ON criterion.id = line.criterion_id
                LEFT JOIN asked ON asked.key = criterion.key
                WHERE fit.is_current AND partner.merged_into_id IS NULL AND partner.kind_id = %s
                    AND partner.status NOT IN ('declined', 'ended')
                GROUP BY fit.id
            )
            SELECT id, score, verdict, (earned + 5 * answered) / (10 * nullif(answered, 0)) AS reached,
                CASE WHEN answered IS NULL THEN ''
                    WHEN failed > 0 OR (earned + 5 * answered) / (10 * answered) < %s THEN 'not_a_fit'
                    WHEN (earned + 5 * answered) / (10 * answered) < %s THEN 'weak'
                    WHEN (earned + 5 * answered) / (10 * answered) < %s OR met < %s THEN 'possible'
                    ELSE 'strong' END
            FROM summed""",
            [
                *(value for row in rows for value in row),
                kind,
                *(10 * bound for bound in (bounds.weak, bounds.possible, bounds.strong)),
                sum(each.must_have for each in proposal.asked),
            ],
        )
        cursor.fetchall()


# --- the sweep ------------------------------------------------------------------------------------------


def _sweep() -> Work:
    """Waits that fall due at once among all others, and the UPDATE that says that they are late."""
    from django.db import connection

    from conversations.models import Wait
    from prm import clock, sweeper

    at = clock.now()
    due = Wait.objects.open().filter(next_check_at__isnull=False, due_at__gt=at).order_by("pk")[:DUE]
    ids = list(due.values_list("pk", flat=True))
    past = at - timedelta(minutes=1)
    sweeper.run(at, only="waits")

    def fall_due() -> None:
        rows = Wait.objects.filter(pk__in=ids)
        rows.update(due_at=past, warn_at=past, next_check_at=past)

    def ours() -> None:
        sweeper.run(at, only="waits")

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE conversations_wait SET state = 'late', breached_at = due_at, next_check_at = NULL"
                " WHERE id IN (SELECT id FROM conversations_wait WHERE next_check_at <= %s"
                " FOR UPDATE SKIP LOCKED)",
                [at],
            )

    return Work("sweep", len(ids), _after(fall_due, ours), _after(fall_due, bare))


def _after(first: Callable[[], object], do: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        with undone():
            first()
            began = time.perf_counter()
            do()
            took.append(time.perf_counter() - began)
    return statistics.median(took)


# --- the health of a day --------------------------------------------------------------------------------


def _health() -> Work:
    """All live partners read for one more day, and the rows that wrote by INSERT … SELECT into a copy."""
    from django.db import connection

    from prm import clock
    from reviews.health import formulas, snapshots
    from reviews.health.models import HealthRun, Snapshot

    at = clock.now()
    last = HealthRun.objects.order_by("-day").values_list("day", flat=True).first() or at.date()
    with undone():
        before = Snapshot.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        run = HealthRun.objects.create(day=last + timedelta(days=1), formula=formulas.current(at), at=at)
        began = time.perf_counter()
        while snapshots.step(run):
            pass
        ours = time.perf_counter() - began
        with connection.cursor() as cursor:
            bare = _copied(cursor, "reviews_snapshot", "id", before)
    limit = HEALTH_LIMIT * max(run.counted, FEW) / 10_000
    return Work("health of a day", run.counted, ours, bare, ours > limit)


# --- the packet as a file ------------------------------------------------------------------------------


def _paper() -> Iterator[Work]:
    """The packet of a review as a PDF, where PDFs can be made here; no SQL does that."""
    from django.test import Client
    from django.urls import reverse

    from reviews.meetings.packet import paper
    from reviews.models import Review

    review = Review.objects.open().select_related("partner__owner").exclude(partner__owner=None).first()
    if review is None or not paper.is_there():
        return
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(review.partner.owner)
    address = reverse("reviews:pdf", args=[review.pk])
    took = _seconds(lambda: client.get(address))
    yield Work("packet as PDF", 1, took, 0.0, took > PAPER_LIMIT)
