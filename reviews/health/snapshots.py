"""Every day the health of all live partners is read: by a job, some partners to a transaction.

The run of a day holds its moment, its version and how far it has come. A job that was killed is taken up
where it stood, and comes to what it would have come to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from partners.models import Partner, Status
from partners.organisations import local_day
from prm import jobs
from prm.models import Job
from reviews.health import formulas, reckoning, scoring, telling
from reviews.health.models import HealthRun, Snapshot
from reviews.health.scoring import Before, Reading
from team.companies import zone_of

JOB = "read_health"
BATCH = 1000


def sweep(at: datetime) -> int:
    """Begin the day's run, once; nothing to do while no partner is live."""
    day = local_day(at, zone_of())
    if HealthRun.objects.filter(day=day).exists() or not reckoning.measured().exists():
        return 0
    with transaction.atomic():
        run, is_new = HealthRun.objects.get_or_create(
            day=day, defaults={"formula": formulas.current(at), "at": at}
        )
        if is_new:
            jobs.put(JOB, at, None, {"run": run.pk})
    return int(is_new)


def work(job: Job, progress: jobs.Progress) -> str:
    """The job of a run; begun again it goes on where it stood."""
    run = HealthRun.objects.get(pk=job.about["run"])
    total = reckoning.measured().count()
    while step(run):
        progress(min(run.counted, total), total)
    return f"Health of {run.counted:,} partners"


@transaction.atomic
def step(run: HealthRun) -> int:
    """Read the next partners of a run and write what they come to; how many. With none left it ends."""
    held = HealthRun.objects.select_for_update(of=("self",)).select_related("formula").get(pk=run.pk)
    if held.ended_at is not None:
        return 0
    partners = next(reckoning.chunks(held.reached), [])
    if partners:
        _write(held, partners)
        held.reached, held.counted = partners[-1], held.counted + len(partners)
    else:
        _clear()
        held.ended_at = held.at
    held.save(update_fields=["reached", "counted", "ended_at"])
    run.reached, run.counted, run.ended_at = held.reached, held.counted, held.ended_at
    return len(partners)


def _write(run: HealthRun, partners: Sequence[int]) -> None:
    read = reckoning.readings(partners, run.formula.rules, run.at)
    former = _former(partners, run.day)
    coloured = _coloured(former, run.day)
    rows = {
        pk: Snapshot(
            partner_id=pk,
            day=run.day,
            formula=run.formula,
            score=reading.score,
            coverage=reading.coverage,
            colour=reading.colour,
            stands=scoring.stands(reading, _before(coloured.get(pk))),
            lines=_kept(reading),
        )
        for pk, reading in read.items()
    }
    Snapshot.objects.bulk_create(rows.values(), batch_size=BATCH)
    _push(rows, run.day)
    changed = {
        pk: telling.Change(was, row, coloured.get(pk))
        for pk, row in rows.items()
        if (was := former.get(pk)) and was.stands != row.stands
    }
    telling.tell(changed, run.at)


def _kept(reading: Reading) -> dict[str, list[Any]]:
    return {line.key: [line.points, line.most, line.n, line.newest] for line in reading.lines}


def _former(partners: Sequence[int], day: date) -> Mapping[int, Snapshot]:
    """What was read of these the last time before a day; a run that never ended may have read some."""
    before = HealthRun.objects.filter(day__lt=day)
    ended = before.filter(ended_at__isnull=False).order_by("-day").values_list("day", flat=True).first()
    days = before.filter(day__gte=ended or date.min).values_list("day", flat=True)
    rows = Snapshot.objects.filter(day__in=list(days), partner__gte=partners[0], partner__lte=partners[-1])
    return {row.partner_id: row for row in rows.order_by("day")}


def _coloured(former: Mapping[int, Snapshot], day: date) -> dict[int, Snapshot]:
    """The last reading with a colour of those that were read the last time, then or earlier: a colour that
    comes back after too little was known is compared with the one that went."""
    found = {pk: row for pk, row in former.items() if row.stands}
    without = [pk for pk in former if pk not in found]
    if without:
        earlier = Snapshot.objects.filter(partner=OuterRef("pk"), day__lt=day).exclude(stands="")
        last = Subquery(earlier.order_by("-day").values("pk")[:1])
        lasts = Partner.objects.filter(pk__in=without).values_list(last, flat=True)
        found |= {row.partner_id: row for row in Snapshot.objects.filter(pk__in=lasts)}
    return found


def _before(row: Snapshot | None) -> Before | None:
    return None if row is None else Before(row.score, row.colour, row.stands)


def _push(rows: Mapping[int, Snapshot], day: date) -> None:
    """Write score and colour onto the partners where they differ, by which lists filter and sort."""
    held = Partner.objects.filter(pk__in=rows).values_list("pk", "health", "health_colour")
    differing = [pk for pk, *was in held if was != [rows[pk].score, rows[pk].stands]]
    its = Snapshot.objects.filter(partner=OuterRef("pk"), day=day)
    Partner.objects.filter(pk__in=differing).update(
        health=Subquery(its.values("score")), health_colour=Subquery(its.values("stands"))
    )


def _clear() -> None:
    """Partners that are live no more have no health."""
    held = Q(health__isnull=False) | ~Q(health_colour="")
    Partner.objects.filter(held).exclude(status=Status.LIVE).update(health=None, health_colour="")
