"""Insights: whose figures are shown to whom, where few owners stand behind them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.models import Partner, Stage, Visit
from team.models import Company, Region, Role, User
from tests.conftest import person
from tests.dashboards.insights.conftest import (
    DAY,
    HOUR,
    asked,
    moment,
    partner,
    promised,
    shown,
    went_through,
)

JUNE = "since=2026-06-01&until=2026-06-29"
OF_TIME = ("in_time", "fell_late", "promises_kept", "promises_made", "came_in", "went_on", "stayed_for")


@pytest.fixture
def reader(client: Client, alice: User, world: dict[str, Partner]) -> Client:
    """Alice's browser; she sees her own figures alone."""
    client.force_login(alice)
    return client


def crowd(n: int, region: Region | None = None) -> list[Partner]:
    """So many owners more, a partner each."""
    first = User.objects.count()
    return [partner(f"Of {k}", person(f"P{k}", Role.GROWTH), region) for k in range(first, first + n)]


def all_asked(partners: list[Partner], day: int) -> None:
    for each in partners:
        asked(each, moment(day), each.owner, 2 * HOUR)  # type: ignore[arg-type]


def tells(client: Client, query: str, figure: str) -> bool:
    """Whether the rows behind a figure are shown, on the page and in its file alike."""
    page = shown(client, query, "dashboards:behind", figure)
    file = shown(client, query, "dashboards:behind_csv", figure)
    told = page.context.get("behind") is not None
    assert told is (file.status_code == 200)
    assert told or "igures of one person are seen by" in page.content.decode()
    return told


def test_one_sees_the_loads_that_the_setting_shows(reader: Client, erin: User) -> None:
    loads = shown(reader).context["loads"]
    assert [str(each.owner) for each in loads.shown] == ["Alice"]
    assert (loads.others, loads.unassigned) == (1, 1)
    assert "Bob" not in str(shown(reader).content)
    reader.force_login(erin)
    assert [str(each.owner) for each in shown(reader).context["loads"].shown] == ["Alice", "Bob"]


# --- of all partners ---


def test_a_company_of_few_shows_each_its_own(reader: Client, erin: User) -> None:
    page = shown(reader, JUNE)
    told = page.context
    assert (told["answering"].is_withheld, told["promises"].is_withheld) == (True, True)
    assert (told["answering"].whole.n, told["promises"].n, told["promises"].made) == (0, 0, 0)
    assert [line.moves for line in told["road"]] == [None] * 4
    assert (told["findings"], told["on_the_road"], told["late_count"]) == ([], 4, 1)
    words = "Not shown: it would tell of fewer than 5 owners. Figures of one person are seen by: The person"
    assert page.content.decode().count(words) == 2
    assert (
        page.content.decode().count("“–”: not shown, it would tell of fewer than 5 owners") == 1
    )  # of stages
    assert not any(tells(reader, JUNE, figure) for figure in OF_TIME)
    assert tells(reader, JUNE, "stalled")
    file = b"".join(shown(reader, JUNE, "dashboards:insights_csv").streaming_content).decode()
    withheld = [
        line for line in file.splitlines() if "Not shown: it would tell of fewer than 5 owners." in line
    ]
    assert len(withheld) == 3 * 4 + 2 + 4
    assert [line.partition("Not shown")[0] for line in withheld][-1] == "Promises made,all,,,,,,,,,,"
    own = shown(reader, told["of_shown_url"].removeprefix("?")).context
    assert (own["answering"].whole.n, own["promises"].n) == (7, 4)
    assert all(line.moves for line in own["road"])
    assert all(tells(reader, f"{JUNE}&owner=me", figure) for figure in OF_TIME)
    reader.force_login(erin)
    assert shown(reader, JUNE).context["answering"].whole.n == 9


def test_nobody_sees_its_own_where_the_setting_says_nobody(reader: Client) -> None:
    Company.objects.update(figures=Company.Figures.NOBODY)
    page = shown(reader, JUNE)
    assert page.context["answering"].is_withheld
    assert "Of the owners whose figures you may see" not in page.content.decode()
    assert "road" not in shown(reader, f"{JUNE}&owner=me").context


def test_a_week_of_few_owners_is_withheld_where_others_hide_them(reader: Client) -> None:
    """Five others are asked in the second week and in the fourth, in the third Bob alone."""
    six = crowd(5)
    all_asked(six, 9)
    all_asked(six, 22)
    told = shown(reader, JUNE).context["answering"]
    assert (told.whole.n, told.is_withheld) == (19, False)
    withheld = {str(week.monday) for week in told.weeks if week.is_withheld}
    assert withheld == {"2026-06-08", "2026-06-15"}  # else the second would be all less the others
    assert {str(week.monday): week for week in told.weeks}["2026-06-22"].counts.n == 6


def test_weeks_of_few_owners_that_hide_each_other_leave_the_others_told(reader: Client) -> None:
    six = crowd(5)
    all_asked(six, 9)
    all_asked(six[:4], 4)
    told = shown(reader, JUNE).context["answering"]
    withheld = {str(week.monday) for week in told.weeks if week.is_withheld}
    assert withheld == {"2026-06-01", "2026-06-15", "2026-06-22"}
    assert told.whole.n == 18
    week = {str(week.monday): week for week in told.weeks}["2026-06-08"]
    assert week.counts.n == 7
    page = unescape(shown(reader, JUNE).content.decode())
    assert "week=2026-06-08" in page
    assert "week=2026-06-15" not in page
    assert tells(reader, f"{JUNE}&week=2026-06-08", "in_time")
    assert tells(reader, JUNE, "in_time")
    assert not tells(reader, f"{JUNE}&week=2026-06-15", "in_time")
    assert not tells(reader, f"{JUNE}&week=2026-06-15", "fell_late")
    file = b"".join(shown(reader, JUNE, "dashboards:insights_csv").streaming_content).decode()
    assert "Answered in time,from 2026-06-08,100,%,7,7" in file
    assert "from 2026-06-15,,,,,,,,,,Not shown" in file


def test_a_stage_of_few_owners_is_withheld_where_others_hide_them(
    reader: Client, world: dict[str, Partner]
) -> None:
    for each in crowd(5):
        went_through(each, Stage.ONBOARDING, moment(3), moment(9))
        went_through(each, Stage.GROWTH, moment(9), moment(20))
    told = {line.stage: line for line in shown(reader, JUNE).context["road"]}
    assert told["onboarding"].moves.came_in == 7
    assert told["growth"].moves.came_in == 5
    assert tells(reader, f"{JUNE}&stage=growth", "came_in")
    went_through(world["fabrikam"], Stage.EVALUATION, moment(3), moment(9))
    told = {line.stage: line for line in shown(reader, JUNE).context["road"]}
    assert [stage for stage, line in told.items() if line.moves] == ["onboarding"]  # the rest would be Bob's
    assert not tells(reader, f"{JUNE}&stage=evaluation", "came_in")
    assert not tells(reader, f"{JUNE}&stage=growth", "came_in")
    assert tells(reader, f"{JUNE}&stage=onboarding", "came_in")
    assert tells(reader, JUNE, "came_in")


def test_the_time_compared_is_withheld_where_few_stood_behind_it(
    reader: Client, bob: User, world: dict[str, Partner]
) -> None:
    all_asked(crowd(5), 9)
    asked(world["fabrikam"], moment(1) - 20 * DAY, bob, HOUR)
    told = shown(reader, JUNE).context
    assert told["answering"].whole.n == 14
    assert told["answering"].before is None  # of Bob alone


def test_to_ask_it_takes_few_queries(reader: Client) -> None:
    all_asked(crowd(5), 9)
    with CaptureQueriesContext(connection) as questions:
        shown(reader, JUNE)
    assert len(questions) <= 13, "\n".join(q["sql"][:130] for q in questions)


# --- of some of them ---


@pytest.mark.parametrize(
    "query", ["owner={bob}", "owner={bob}&owner=me", "owner={others}", "owner={bob}&owner=none"]
)
def test_only_owners_whose_figures_one_may_see_are_chosen(
    query: str, reader: Client, bob: User, erin: User, world: dict[str, Partner]
) -> None:
    """However many they are: what is left out would tell of the others."""
    six = crowd(5)
    others = "&owner=".join(str(each.owner_id) for each in six)
    asking = query.format(bob=bob.pk, others=others)
    told = shown(reader, asking)
    assert "road" not in told.context
    assert "Owner: figures of one person are seen by: The person and its lead" in told.content.decode()
    assert not tells(reader, asking, "on_the_road")
    assert shown(reader, asking, "dashboards:insights_csv").status_code == 422
    User.objects.filter(pk__in=[each.owner_id for each in six]).update(lead=erin)
    reader.force_login(erin)
    assert "road" in shown(reader, asking).context


def test_those_of_whom_one_is_the_lead_are_chosen(
    reader: Client, alice: User, world: dict[str, Partner]
) -> None:
    """Rows of the others are none of what is told."""
    two = crowd(2)
    User.objects.filter(pk=two[0].owner_id).update(lead=alice)
    assert "road" in shown(reader, f"owner={two[0].owner_id}&owner=me").context
    assert "road" not in shown(reader, f"owner={two[1].owner_id}&owner=me").context
    assert "road" in shown(reader, "owner=none").context


def test_owners_whose_figures_one_may_see_are_offered(
    reader: Client, alice: User, bob: User, erin: User
) -> None:
    def offered(query: str = "") -> set[str]:
        page = shown(reader, query, "dashboards:insights_narrow").content.decode()
        return {name for name in ("Alice", "Bob", "Erin") if re.search(rf"</?[^>]+>\s*{name}\s*<", page)}

    assert offered() == {"Alice"}
    assert offered(f"owner={bob.pk}") == {"Alice", "Bob"}  # so that it can be taken away
    reader.force_login(erin)
    assert offered() == {"Alice", "Bob", "Erin"}


def test_any_filter_that_leaves_few_owners_tells_of_them(
    reader: Client, regions: tuple[Region, Region]
) -> None:
    north, south = regions
    told = shown(reader, f"region={north.pk}")
    assert "road" not in told.context
    assert "Fewer than 5 people own the partners that these are narrowed to" in told.content.decode()
    assert shown(reader, f"region={north.pk}", "dashboards:insights_csv").status_code == 422
    for query in (f"region={south.pk}", f"region={north.pk}&owner=me"):
        assert "road" in shown(reader, query).context
    crowd(4, north)
    assert "road" in shown(reader, f"region={north.pk}").context


def test_what_a_filter_leaves_out_is_not_told_by_what_it_leaves(
    reader: Client, regions: tuple[Region, Region], bob: User
) -> None:
    """Five own in the north and are asked; outside of it five own, but one alone is asked."""
    north, south = regions
    all_asked(crowd(4, north), 9)
    query = f"{JUNE}&region={north.pk}"
    assert shown(reader, query).context["answering"].whole.n == 11
    others = crowd(5, south)
    all_asked(others[:1], 10)
    assert shown(reader, query).context["answering"].is_withheld
    assert not tells(reader, query, "in_time")
    assert not shown(reader, JUNE).context["answering"].is_withheld
    Partner.objects.filter(pk__in=[each.pk for each in others[1:]]).update(
        status="ended", stage="ended", step=""
    )
    assert "road" not in shown(reader, query).context  # nor by those that stand still, or wait


def test_two_allowed_selections_do_not_tell_of_one_person_together(
    reader: Client, regions: tuple[Region, Region]
) -> None:
    """In the north five are asked, in the west one; in both six."""
    north, west = regions[0], Region.objects.create(name="West")
    all_asked([*crowd(4, north), *crowd(1, west)], 9)
    crowd(5)
    assert "road" in shown(reader, f"{JUNE}&region={north.pk}").context
    assert "road" not in shown(reader, f"{JUNE}&region={west.pk}").context
    both = shown(reader, f"{JUNE}&region={north.pk}&region={west.pk}")
    assert "road" not in both.context
    assert "take a filter or a value away" in both.content.decode()


def test_owners_without_a_row_in_the_time_hide_nobody(
    reader: Client, bob: User, world: dict[str, Partner], regions: tuple[Region, Region]
) -> None:
    """Bob alone is asked, promises and moves in the north; four others own partners there, too."""
    quiet = crowd(4, regions[0])
    Visit.objects.filter(partner__in=quiet).update(entered_at=moment(1) - 30 * DAY)
    query = f"{JUNE}&region={regions[0].pk}"
    told = shown(reader, query).context
    assert told["answering"].is_withheld
    assert told["promises"].is_withheld
    all_asked(quiet, 9)
    told = shown(reader, query).context
    assert (told["answering"].whole.n, told["promises"].is_withheld) == (11, True)
    for each in quiet:
        promised(each, each.owner, moment(9).date(), moment(8))  # type: ignore[arg-type]
    assert not shown(reader, query).context["promises"].is_withheld


def test_who_may_see_each_of_them_sees_figures_of_few(
    head: Client, bob: User, world: dict[str, Partner]
) -> None:
    told = shown(head, f"{JUNE}&owner={bob.pk}").context
    assert (told["answering"].is_withheld, told["promises"].is_withheld) == (False, False)
    assert told["answering"].whole.n == 2
