"""Insights: which time is asked for, what it is compared with, and what of an address cannot be read."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from partners.models import Partner
from team.models import Company, User
from tests.dashboards.insights.conftest import (
    NOW,
    promised,
    shown,
)

JUNE = "since=2026-06-01&until=2026-06-29"


def test_the_time_before_is_as_long(head: Client) -> None:
    told = shown(head, "since=2026-06-11&until=2026-06-20").context
    assert (str(told["asked"].before.since), str(told["asked"].before.until)) == ("2026-06-01", "2026-06-10")
    assert told["answering"].before.n == 5
    year = shown(head, "since=2026-06-11&until=2026-06-20&compare=year").context["asked"].before
    assert (str(year.since), str(year.until)) == ("2025-06-11", "2025-06-20")
    assert shown(head, f"{JUNE}&compare=none").context["asked"].before is None


def test_quarters_follow_the_fiscal_year(head: Client, erin: User) -> None:
    Company.objects.update(fiscal_month=2)
    period = shown(head, "period=quarter").context["asked"].period
    assert (str(period.since), str(period.until)) == ("2026-05-01", "2026-06-29")


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("quarter", "2026-01-01 – 2026-03-29"),
        ("last_quarter", "2025-10-01 – 2025-12-31"),
        ("year", "2025-01-01 – 2025-06-29"),
        ("last_year", "2024-01-01 – 2024-12-31"),
    ],
)
def test_a_quarter_is_compared_with_a_quarter(name: str, before: str, head: Client) -> None:
    assert str(shown(head, f"period={name}").context["asked"].before) == before


def test_what_is_due_later_has_not_come_due(head: Client, world: dict[str, Partner], alice: User) -> None:
    ahead = "since=2026-06-29&until=2026-07-31"
    before = shown(head, ahead).context["promises"].counts
    for day in (NOW.date(), date(2026, 7, 10)):
        promised(world["fabrikam"], alice, day, None)
    assert shown(head, ahead).context["promises"].counts == before


NAMES = [("insights", []), ("insights_print", []), ("insights_narrow", []), ("behind", ["in_time"])]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("type=2", NAMES),
        ("health=red&perid=year", NAMES),
        *((said, NAMES[:3]) for said in ("week=2026-06-08", "all=1", "stage=growth", "after=x")),
    ],
)
def test_what_a_page_does_not_know_is_said_with_the_address_without_it(
    said: str, names: list[tuple[str, list[str]]], head: Client
) -> None:
    for page, args in names:
        told = shown(head, f"{JUNE}&{said}", f"dashboards:{page}", *args)
        text = unescape(told.content.decode())
        for name, value in parse_qsl(said):
            assert f"This page does not know “{name}”: take it out of the address." in text
            assert f"{name}: {value} (not read)" in text
        ways_out = re.findall(r'class="pill bad chip" href="([^"]+)"', text)
        assert ways_out[0] == "&".join([f"?{JUNE}", *said.split("&")[1:]])
        assert "road" not in told.context
        assert "behind" not in told.context
    if names is NAMES:
        for file, args in (("insights_csv", []), ("behind_csv", ["in_time"])):
            assert shown(head, f"{JUNE}&{said}", f"dashboards:{file}", *args).status_code == 422


def test_how_figures_are_counted_says_what_it_does_not_know(head: Client) -> None:
    told = shown(head, "bar=1", "dashboards:definitions").content.decode()
    assert "This page does not know “bar”: take it out of the address." in told


def test_all_is_1_or_nothing(head: Client) -> None:
    told = shown(head, f"{JUNE}&all=zz", "dashboards:behind", "in_time")
    assert "all: “zz” is not 1." in told.content.decode()
    assert "behind" not in told.context
    assert shown(head, f"{JUNE}&all=zz", "dashboards:behind_csv", "in_time").status_code == 422


@pytest.mark.parametrize("said", ["utm_source=mail&utm_x=1", "gclid=a", "type=", "shown=", "loads=all"])
def test_what_tools_add_to_an_address_and_what_is_empty_is_passed_over(said: str, head: Client) -> None:
    told = shown(head, f"{JUNE}&{said}")
    assert "road" in told.context
    assert "does not know" not in told.content.decode()
    paged = shown(head, f"{JUNE}&{said}&all=1&after=x&before=x&week=", "dashboards:behind", "in_time")
    assert "behind" in paged.context


# --- wrong input ---


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("since=2026-06-30&until=2026-06-01", "To: The last day is before the first one."),
        ("since=yesterday&until=2026-06-01", "From:"),
        ("period=own", "From: Say from which day to which."),
        ("until=2026-06-01", "From: Say from which day on."),
        ("period=90d&until=2026-06-01", "From: Say from which day on."),
        ("since=2026-07-01", "To: The first day lies ahead: say until which."),
        ("since=1950-01-01&until=2056-12-31", "To: At most three years"),
        ("since=2023-06-01", "To: At most three years"),
        ("since=9999-12-31&until=9999-12-31", "From: The year 9999 cannot be right. Check it."),
        ("since=0001-01-01", "From:"),
        ("period=century", "Time:"),
        ("region=999", "Region:"),
        ("region=x", "Region:"),
        ("kind=99999999999999999999999", "Type:"),
        ("since=1066-10-14&until=2026-06-01", "From: The year 1066 cannot be right. Check it."),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_shown(query: str, word: str, head: Client) -> None:
    for name, args in (("insights", []), ("insights_print", []), ("behind", ["in_time"])):
        told = shown(head, query, f"dashboards:{name}", *args)
        assert told.status_code == 200
        assert word in unescape(told.content.decode())
        assert "road" not in told.context


def chosen(told: object) -> tuple[str, str, str]:
    """The time that the page is of, and the one its form shows chosen."""
    period = told.context["asked"].period  # type: ignore[attr-defined]
    page = told.content.decode()  # type: ignore[attr-defined]
    found = re.search(r'<option value="(\w+)" selected>', page)
    assert found
    return str(period.since), str(period.until), found[1]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("period=90d&since=2026-06-01&until=2026-06-10", ("2026-06-01", "2026-06-10", "own")),
        ("since=2026-06-01&until=2026-06-10", ("2026-06-01", "2026-06-10", "own")),
        ("period=quarter&since=2026-06-20&until=", ("2026-06-20", "2026-06-29", "own")),
        ("since=2026-06-20", ("2026-06-20", "2026-06-29", "own")),
        ("since=2023-06-30&until=2026-06-29", ("2023-06-30", "2026-06-29", "own")),
        ("since=&until=", ("2026-04-01", "2026-06-29", "90d")),
    ],
)
def test_days_that_are_typed_are_the_time(query: str, told: tuple[str, str, str], head: Client) -> None:
    assert chosen(shown(head, query)) == told


def test_another_time_is_chosen_beside_the_days_that_stood_there(head: Client) -> None:
    page = shown(head, JUNE).content.decode()
    was = re.search(r'name="shown" value="([^"]+)"', page)
    assert was
    told = shown(head, f"{JUNE}&shown={was[1]}&period=quarter")
    assert chosen(told) == ("2026-04-01", "2026-06-29", "quarter")
    assert 'name="since" value=""' in told.content.decode()
    other = f"since=2026-06-02&until=2026-06-29&shown={was[1]}&period=quarter"
    assert chosen(shown(head, other)) == ("2026-06-02", "2026-06-29", "own")


@pytest.mark.parametrize(
    ("figure", "narrowed"),
    [
        *(("in_time", f"week={week}") for week in ("9999-12-31", "0001-01-01", "2026-02-30", "soon")),
        ("in_time", "week=2026-06-09"),
        ("in_time", "week=2026-07-06"),
        ("promises_kept", "week=2026-06-08"),
        ("went_on", "week=2026-06-08"),
        ("went_on", "stage=ended"),
        ("stalled", "stage=<b>"),
        ("in_time", "stage=growth"),
    ],
)
def test_a_week_or_stage_that_a_figure_has_not_is_said_and_no_row_shown(
    figure: str, narrowed: str, head: Client
) -> None:
    name, said = narrowed.split("=")
    told = shown(head, f"{JUNE}&{narrowed}", "dashboards:behind", figure)
    assert f"{name.title()}: “{said}” is none that this figure tells apart." in unescape(
        told.content.decode()
    )
    assert "behind" not in told.context
    assert shown(head, f"{JUNE}&{narrowed}", "dashboards:behind_csv", figure).status_code == 422


@pytest.mark.parametrize("since", ["1950-01-01", "2056-12-31"])
@pytest.mark.parametrize("compare", ["before", "year"])
def test_days_at_the_edge_of_what_can_be_asked_have_figures(since: str, compare: str, head: Client) -> None:
    assert "road" in shown(head, f"since={since}&until={since}&compare={compare}").context
