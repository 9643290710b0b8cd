"""Partners that are live, with people to ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partners import organisations
from partners.models import Contact, Partner, Stage, Status
from team.models import User
from tests.conftest import MONDAY

Crowd = Callable[..., list[Contact]]


@pytest.fixture
def crowd(alice: User) -> Crowd:
    """`crowd(n)`: one person each at n live partners; `region` is where they are."""

    def people(n: int, **more: object) -> list[Contact]:
        made = []
        for _ in range(n):
            place = Contact.objects.count()
            partner = organisations.add(f"Firm {place}", by=alice, at=MONDAY, owner=alice)
            columns = {"status": Status.LIVE, "stage": Stage.GROWTH, "step": "", **more}
            Partner.objects.filter(pk=partner.pk).update(**columns)
            partner.refresh_from_db()
            email = f"person{place}@firm{place}.example"
            made.append(
                Contact.objects.create(
                    partner=partner, name=f"Person {place}", email=email, is_primary=True, created_at=MONDAY
                )
            )
        return made

    return people
