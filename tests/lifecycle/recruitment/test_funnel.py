"""What each source brings, and that each figure opens exactly the partners it counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lifecycle import transitions
from lifecycle.recruitment.funnel import Row
from partners import births, organisations, sources
from partners.births import Birth
from partners.models import EndReason, Partner, Source, Stage, Step
from prm import clock
from team.models import User
from tests.conftest import MONDAY

PAGE = "/partners/sources/"


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with clock.fixed(MONDAY + timedelta(hours=1)):
        yield


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def came(name: str, by: User, source: Source | None, step: str = Step.IDENTIFIED, ago: int = 1) -> Partner:
    at = MONDAY - timedelta(days=ago)
    return organisations.add(name, by=by, at=at, owner=by, source=source, step=step)


@pytest.fixture
def prospects(alice: User, erin: User) -> None:
    """Six by the event (one negotiating, one declined, one parked), one by nobody knows what, one old."""
    sources.seed()
    event = Source.objects.get(name="An event")
    steps = [
        Step.IDENTIFIED,
        Step.CONTACTED,
        Step.QUALIFIED,
        Step.QUALIFIED,
        Step.NEGOTIATING,
        Step.CONTACTED,
    ]
    made = [came(f"Firm {n}", alice, event, step) for n, step in enumerate(steps)]
    transitions.decline(made[2], "them", EndReason.objects.create(name="No"), "", by=erin, at=MONDAY)
    transitions.park(made[5], (MONDAY + timedelta(days=30)).date(), by=alice, at=MONDAY)
    came("Nobody knows", alice, None)
    came("Long ago", alice, event, ago=500)
    births.bear([Birth("Live already", stage=Stage.GROWTH, facts={"source": event})], by=alice, at=MONDAY)


def rows(client: Client, query: str = "") -> dict[str, Row]:
    return {row.name: row for row in client.get(f"{PAGE}{query}").context["rows"]}


def test_it_counts_how_far_those_that_came_as_prospects_got(desk: Client, prospects: None) -> None:
    said = rows(desk)
    assert list(said) == ["An event", "Not known", "All"]
    event = said["An event"]
    # contacted, qualified, negotiating, signed; declined, parked
    assert [cell.share.k for cell in (event.came, *event.cells)] == [6, 5, 3, 1, 0, 1, 1]
    assert event.cells[0].share.percent == 83
    assert said["Not known"].is_few
    assert said["Not known"].cells[0].share.percent is None
    assert said["All"].came.share.k == 7


def test_each_figure_opens_exactly_its_partners(desk: Client, prospects: None) -> None:
    for row in rows(desk).values():
        for cell in (row.came, *row.cells):
            assert desk.get(cell.url).context["count"] == cell.share.k, cell.url


def test_the_period_stands_in_the_address(desk: Client, prospects: None) -> None:
    assert rows(desk, "?came_from=2024-01-01&came_until=2026-06-01")["An event"].came.share.k == 7
    wrong = desk.get(f"{PAGE}?came_from=2026-06-01&came_until=2026-01-01")
    assert "The last day is before the first one." in wrong.text
    assert desk.get(f"{PAGE}?came_from=soon&came_until=9999-12-31").status_code == 200
    assert "Nobody came in this time" in desk.get(f"{PAGE}?came_from=2020-01-01&came_until=2020-01-02").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?came_from=2026-03-01", "until: Say from which day to which."),
        ("?came_from=&came_until=2026-03-01", "From: Say from which day to which."),
        ("?came_from=soon&came_until=2026-03-01", "From: "),
        ("?foo=1", "This page does not know “foo”"),
    ],
)
def test_what_it_cannot_read_is_said_and_no_other_time_is_shown(
    desk: Client, prospects: None, query: str, said: str
) -> None:
    page = desk.get(f"{PAGE}{query}").text
    assert said in page
    assert "Prospects that came" not in page
    assert "An event" not in page


def test_two_empty_days_are_the_usual_time(desk: Client, prospects: None) -> None:
    assert rows(desk, "?came_from=&came_until=&utm_source=mail").keys() == rows(desk).keys()


def test_it_costs_the_same_with_3_prospects_and_with_30(desk: Client, alice: User) -> None:
    desk.get(PAGE)
    counts = []
    for many in (3, 30):
        for n in range(many):
            came(f"Firm {n} of {many}", alice, Source.objects.create(name=f"Source {n} of {many}"))
        with CaptureQueriesContext(connection) as queries:
            desk.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
