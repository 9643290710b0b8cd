"""A small company with a history, in two regions: questions answered in time and late, promises kept and
broken, partners that came in and went on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations import commitments, messages, sweeping
from conversations.commitments import Promise
from partners import contacts, organisations
from partners.models import Partner, Stage, Visit
from prm import clock
from team.models import Region, User
from tests.conftest import BERLIN

NOW = datetime(2026, 6, 29, 12, 0, tzinfo=BERLIN)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def moment(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=BERLIN)


def partner(name: str, owner: User | None, region: Region | None = None, by: User | None = None) -> Partner:
    added = organisations.add(name, by=by or owner, at=moment(1), owner=owner)  # type: ignore[arg-type]
    Partner.objects.filter(pk=added.pk).update(region=region)
    return Partner.objects.get(pk=added.pk)


def asked(of: Partner, at: datetime, by: User, after: timedelta | None) -> None:
    """A question at a moment, answered so long after it; None: not answered."""
    who = of.contacts.first() or contacts.add(of, "Kim", by=by, at=moment(1), email=f"kim@p{of.pk}.example")
    thread = messages.receive(of, "email", "When?", at, None, contact=who, subject="Dates").conversation
    if after is not None:
        messages.reply(thread, "Then.", by, at + after)


def promised(to: Partner, by: User, on: date, done: datetime | None) -> None:
    made = commitments.make(to, Promise(f"The pack of {on}", on, owner=by), by=by, at=moment(1))
    if done:
        commitments.keep(made, by=by, at=done)


def went_through(of: Partner, stage: str, since: datetime, until: datetime | None) -> None:
    Visit.objects.create(partner=of, stage=stage, entered_at=since, left_at=until)


@pytest.fixture
def regions(db: None) -> tuple[Region, Region]:
    return Region.objects.get_or_create(name="North")[0], Region.objects.get_or_create(name="South")[0]


@pytest.fixture
def world(alice: User, bob: User, regions: tuple[Region, Region]) -> dict[str, Partner]:
    """Northwind and Fabrikam in the north, Contoso in the south, Tailspin nowhere and nobody's."""
    north, south = regions
    cast = {
        "northwind": partner("Northwind", alice, north),
        "fabrikam": partner("Fabrikam", bob, north),
        "contoso": partner("Contoso", alice, south),
        "tailspin": partner("Tailspin", None, by=alice),
    }
    for day in (2, 3, 9, 10, 16):
        asked(cast["northwind"], moment(day), alice, 3 * HOUR)
    asked(cast["contoso"], moment(3), alice, 30 * HOUR)
    asked(cast["contoso"], moment(5, 20), alice, 3 * DAY)  # due on a Saturday
    asked(cast["fabrikam"], moment(17), bob, 2 * HOUR)
    asked(cast["fabrikam"], moment(22), bob, None)
    for name, on, done in (
        ("northwind", 5, moment(4)),
        ("northwind", 8, moment(8)),
        ("contoso", 9, moment(9)),
        ("contoso", 10, moment(12)),
        ("fabrikam", 15, None),
        ("northwind", 30, None),
    ):
        promised(cast[name], cast[name].owner or alice, date(2026, 6, on), done)
    for name in ("northwind", "contoso"):
        moved(cast[name], Stage.ONBOARDING, moment(20 if name == "contoso" else 12))
    sweeping.sweep_waits(NOW)
    return cast


def moved(one: Partner, to: str, at: datetime) -> None:
    """It went on to another stage, gates aside."""
    Visit.objects.filter(partner=one, left_at=None).update(left_at=at)
    went_through(one, to, at, None)
    Partner.objects.filter(pk=one.pk).update(stage=to, step="", status="live", stage_since=at, step_since=at)


@pytest.fixture
def head(client: Client, erin: User, world: dict[str, Partner]) -> Client:
    client.force_login(erin)
    return client


def shown(client: Client, query: str = "", name: str = "dashboards:insights", *args: Any) -> Any:
    with clock.fixed(NOW):
        return client.get(f"{reverse(name, args=args)}?{query}")
