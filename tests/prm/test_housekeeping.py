"""Ended sessions and spent keys go; what still counts stays."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from prm import housekeeping, sweeper
from prm.models import OnceKey
from tests.conftest import MONDAY


@pytest.mark.django_db
def test_only_what_is_over_is_thrown_away() -> None:
    for days in (-1, 1):
        Session.objects.create(session_key=f"s{days}", expire_date=MONDAY + timedelta(days=days))
    fresh, old = uuid.uuid4(), uuid.uuid4()
    OnceKey.objects.create(key=fresh, spent_at=MONDAY - timedelta(days=6))
    OnceKey.objects.create(key=old, spent_at=MONDAY - timedelta(days=8))
    assert housekeeping.tidy(MONDAY) == 2
    assert housekeeping.tidy(MONDAY) == 0
    assert Session.objects.get().session_key == "s1"
    assert not OnceKey.is_fresh(fresh, MONDAY)


@pytest.mark.django_db
def test_the_schedule_looks_after_it() -> None:
    assert sweeper.run(MONDAY, only="housekeeping") == {"housekeeping": 0}
