"""A live partner of Alice's, and its next review."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from partners.models import Partner, Stage, Status, Visit
from reviews import scheduling
from reviews.models import Review
from team.models import User
from tests.conftest import MONDAY

DAY = timedelta(days=1)


def living(partner: Partner, stage: str = Stage.GROWTH, **more: Any) -> Partner:
    """The partner, live in a stage as an import leaves it."""
    columns = {"status": Status.LIVE, "stage": stage, "step": "", "stage_since": MONDAY - 100 * DAY, **more}
    Partner.objects.filter(pk=partner.pk).update(**columns)
    Visit.objects.filter(partner=partner).update(stage=stage, entered_at=MONDAY - 100 * DAY)
    partner.refresh_from_db()
    return partner


@pytest.fixture
def grown(northwind: Partner, alice: User) -> Partner:
    return living(northwind, signed_on=date(2025, 6, 30))


@pytest.fixture
def review(grown: Partner) -> Review:
    """Its day is Tuesday, 30 June 2026."""
    scheduling.ensure_upcoming(MONDAY)
    return Review.objects.get(partner=grown)
