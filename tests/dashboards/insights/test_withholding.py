"""Insights: whose figures are shown to whom, where they are narrowed to few owners."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.models import Partner, Stage, Visit
from team.models import Region, Role, User
from tests.conftest import person
from tests.dashboards.insights.conftest import (
    DAY,
    HOUR,
    NOW,
    asked,
    moment,
    partner,
    shown,
    went_through,
)

JUNE = "since=2026-06-01&until=2026-06-29"


def test_one_sees_the_loads_that_the_setting_shows(
    client: Client, alice: User, erin: User, world: object
) -> None:
    client.force_login(alice)
    loads = shown(client).context["loads"]
    assert [str(each.owner) for each in loads.shown] == ["Alice"]
    assert (loads.others, loads.unassigned) == (1, 1)
    assert "Bob" not in str(shown(client).content)
    client.force_login(erin)
    assert [str(each.owner) for each in shown(client).context["loads"].shown] == ["Alice", "Bob"]


def test_the_owner_filter_does_not_tell_of_one_person_either(
    client: Client, alice: User, bob: User, world: object
) -> None:
    client.force_login(alice)
    told = shown(client, f"owner={bob.pk}")
    assert "road" not in told.context
    assert "Figures of one person are seen by: The person and its lead" in told.content.decode()
    assert shown(client, f"owner={bob.pk}", "dashboards:behind", "in_time").context.get("behind") is None
    assert shown(client, f"owner={bob.pk}", "dashboards:behind_csv", "in_time").status_code == 422
    assert "road" in shown(client, "owner=me").context


def refuses(client: Client, query: str) -> bool:
    """Whether page, rows and file all refuse to tell figures of so few people; or all tell them."""
    page, rows = shown(client, query), shown(client, query, "dashboards:behind", "on_the_road")
    file = shown(client, query, "dashboards:insights_csv")
    told = {"road" in page.context, rows.context.get("behind") is not None, file.status_code == 200}
    assert len(told) == 1
    if told == {False}:
        assert "Fewer than 5 people own the partners" in page.content.decode()
    return told == {False}


def test_owners_who_have_no_partner_hide_nobody(
    client: Client, alice: User, bob: User, world: dict[str, Partner]
) -> None:
    others = [person(f"P{n}", Role.GROWTH) for n in range(4)]
    client.force_login(alice)
    query = "&".join(f"owner={owner.pk}" for owner in [bob, *others])
    assert refuses(client, query)
    gone = [partner(f"Gone {n}", owner) for n, owner in enumerate(others)]
    assert not refuses(client, query)
    Partner.objects.filter(pk=gone[0].pk).update(status="ended", stage="ended", step="")
    assert refuses(client, query)


def test_owners_without_a_row_in_the_time_hide_nobody(
    client: Client, alice: User, bob: User, world: dict[str, Partner], regions: tuple[Region, Region]
) -> None:
    """Bob alone is asked, promises and moves; four others own partners, too, to whom nothing happens."""
    others = [person(f"P{n}", Role.GROWTH) for n in range(4)]
    quiet = [partner(f"Quiet {n}", owner) for n, owner in enumerate(others)]
    Visit.objects.filter(partner__in=quiet).update(entered_at=moment(1) - 30 * DAY)
    went_through(world["fabrikam"], Stage.ONBOARDING, moment(3), moment(9))
    client.force_login(alice)
    query = "&".join([JUNE, *(f"owner={owner.pk}" for owner in [bob, *others])])
    told = shown(client, query).context
    assert (told["answering"].is_withheld, told["promises"].is_withheld) == (True, True)
    assert (told["answering"].whole.n, told["promises"].n, told["promises"].made) == (0, 0, 0)
    assert all(line.is_withheld and not line.came_in and not line.went_on.n for line in told["road"])
    assert (told["findings"], told["on_the_road"], told["late_count"]) == ([], 5, 1)
    page = shown(client, query).content.decode()
    assert page.count("Not shown: fewer than 5 owners have anything in this time.") == 3
    file = b"".join(shown(client, query, "dashboards:insights_csv").streaming_content).decode()
    assert "Answered in time" not in file
    assert "Promises made" not in file
    assert "Went on" not in file
    for figure in ("in_time", "fell_late", "promises_kept", "promises_made", "went_on", "stayed_for"):
        assert shown(client, query, "dashboards:behind", figure).context.get("behind") is None, figure
        assert shown(client, query, "dashboards:behind_csv", figure).status_code == 422, figure
    assert shown(client, query, "dashboards:behind", "stalled").context["behind"]
    asked(world["fabrikam"], NOW - 40 * DAY, bob, HOUR)
    for each in quiet:
        asked(each, moment(9), each.owner, 2 * HOUR)  # type: ignore[arg-type]
    told = shown(client, query).context
    assert (told["answering"].whole.n, told["promises"].is_withheld) == (6, True)
    assert told["answering"].before is None  # of Bob alone
    with CaptureQueriesContext(connection) as questions:
        shown(client, query)
    assert len(questions) <= 15
    assert shown(client, query, "dashboards:behind", "in_time").context["behind"].count == 5


def test_who_may_see_each_of_them_sees_figures_of_few(
    head: Client, bob: User, world: dict[str, Partner]
) -> None:
    told = shown(head, f"{JUNE}&owner={bob.pk}").context
    assert (told["answering"].is_withheld, told["promises"].is_withheld) == (False, False)
    assert told["answering"].whole.n == 2


def test_any_filter_that_leaves_few_owners_tells_of_them(
    client: Client, alice: User, world: dict[str, Partner], regions: tuple[Region, Region]
) -> None:
    north, south = regions
    client.force_login(alice)
    assert refuses(client, f"region={north.pk}")
    assert not refuses(client, f"region={south.pk}")
    assert not refuses(client, f"region={north.pk}&owner=me")
    assert not refuses(client, "owner=none")
    for n in range(3):
        partner(f"North {n}", person(f"P{n}", Role.GROWTH), north)
    assert not refuses(client, f"region={north.pk}")
