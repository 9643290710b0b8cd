"""A partner with deals of a quarter, and what is asked of its joint plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from lifecycle.growth import customers, deals, phases
from lifecycle.growth.models import Deal, Phase
from partners.models import Partner
from reviews.models import Target
from reviews.planning import targets
from team.models import User
from tests.conftest import BERLIN, MONDAY

Sell = Callable[..., Deal]
Aim = Callable[..., Target]


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 12, tzinfo=BERLIN)


@pytest.fixture
def sell(grown: Partner, alice: User) -> Sell:
    """Opens a deal of the partner, and wins it on a day where one is given."""
    phases.seed()
    customer = customers.found("Baker Foods", MONDAY)

    def make(name: str, amount: int | None, won: datetime | None = None, **more: Any) -> Deal:
        deal = deals.start(grown, name, customer, by=alice, at=at(4, 2), amount=amount, **more)
        if won is not None:
            deals.move(deal, Phase.objects.get(ends="won"), by=alice, at=won)
        deal.refresh_from_db()
        return deal

    return make


@pytest.fixture
def aim(grown: Partner, alice: User) -> Aim:
    """Sets a target for the quarter that runs on MONDAY, or the one that begins on `first`."""

    def make(measure: str, wanted: int, first: date = date(2026, 4, 1), currency: str = "EUR") -> Target:
        return targets.set_one(grown, targets.Wanted(measure, wanted, first, currency), by=alice, at=MONDAY)

    return make
