"""Numbers of the company's own, recorded by people."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lifecycle.growth.tiering.models import Measurement, OwnMeasure
from partners.models import Event, Partner
from team.models import User


@transaction.atomic
def record(
    partner: Partner, measure: OwnMeasure, value: int, on: date, by: User, at: datetime, note: str = ""
) -> Measurement:
    """Write down a number as of a day; tiers are measured by it from the next night."""
    kept = Measurement.objects.create(
        measure=measure, partner=partner, value=value, on=on, note=note.strip(), by=by, at=at
    )
    said = f"{measure}: {value:,}" + (f" ({kept.note})" if kept.note else "")
    Event.record("tier_number_recorded", at, by, partner, note=said)
    return kept
