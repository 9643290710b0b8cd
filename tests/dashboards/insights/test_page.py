"""Insights: every number opens exactly the rows it counts, whatever the figures are narrowed to."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client

from conversations import private_threads
from dashboards.insights import asking, findings
from dashboards.load import LOAD
from partners.models import Partner, Segment
from prm import clock
from prm.figures import Share
from team.models import Company, Region, Role, User
from tests.conftest import person
from tests.dashboards.insights.conftest import (
    NOW,
    asked,
    moment,
    partner,
    promised,
    shown,
)

NUMBER = re.compile(
    r'<a(?: class="[^"]*")? href="(/insights/behind/[^"]+|/partners/\?[^"]+)"'
    r'(?: title="(?P<of>\d+) of|[^>]*>\s*(?:<b[^>]*>)?(?:of |was |[A-Z][a-z]+ )?(?P<n>\d+)(?!\d| ?%| days))'
)
JUNE = "since=2026-06-01&until=2026-06-29"


def links(page: str) -> list[tuple[str, int]]:
    """Every number of the page that leads somewhere, and where."""
    return [(unescape(found[1]), int(found["of"] or found["n"])) for found in NUMBER.finditer(page)]


def filters(which: str, regions: tuple[Region, Region]) -> str:
    north, south = regions
    return {
        "none": "",
        "one": f"&region={north.pk}",
        "several": f"&region={north.pk}&region={south.pk}",
        "nobody's": "&owner=none",
        "owners'": "".join(f"&owner={user.pk}" for user in User.objects.filter(name__in=["Alice", "Bob"])),
        "some": "&owner=me&owner=none",
    }[which]


@pytest.mark.parametrize("which", ["none", "one", "several", "nobody's", "owners'", "some"])
def test_every_number_opens_exactly_its_rows(
    which: str, head: Client, regions: tuple[Region, Region], world: dict[str, Partner]
) -> None:
    page = shown(head, JUNE + filters(which, regions)).content.decode()
    found = links(page)
    assert len(found) > 20
    assert any(n for _url, n in found)
    for url, n in found:
        with clock.fixed(NOW):
            answer = head.get(url)
        behind = answer.context.get("behind")
        assert (behind.count if behind else answer.context["count"]) == n, url
        if behind and n <= 25:
            assert len(answer.context["rows"]) == n - behind.private


def test_it_counts_what_happened(head: Client) -> None:
    told = shown(head, JUNE).context
    assert told["answering"].whole.in_time == Share(6, 9)
    assert (told["answering"].whole.late, told["answering"].whole.outside) == (3, 1)
    assert told["late_count"] == 1
    kept = told["promises"]
    assert (kept.n, kept.made, kept.counts) == (
        5,
        6,
        {"promises_kept": 3, "promises_moved": 0, "promises_failed": 2},
    )
    road = {line.stage: line for line in told["road"]}
    assert road["recruitment"].moves.went_on == Share(2, 2)
    assert (road["recruitment"].n, road["recruitment"].moves.came_in) == (2, 4)
    assert (road["onboarding"].n, road["onboarding"].moves.came_in) == (2, 2)


def test_what_moved_stands_beside_what_it_was(head: Client) -> None:
    told = shown(head, "since=2026-06-16&until=2026-06-29")
    road = {line.stage: line for line in told.context["road"]}
    before = shown(head, "since=2026-06-02&until=2026-06-15").context["road"]
    assert [line.before for line in road.values()] == [line.moves for line in before]
    recruitment = road["recruitment"]
    assert (recruitment.moves.went_on, recruitment.before.went_on) == (Share(1, 1), Share(1, 1))
    assert "was 1 of 1" in told.content.decode()
    alone = shown(head, "since=2026-06-16&until=2026-06-29&compare=none")
    assert [line.before for line in alone.context["road"]] == [None] * 4
    assert ">was" not in alone.content.decode()


def test_a_week_is_cut_where_the_time_ends(head: Client) -> None:
    weeks = shown(head, "since=2026-06-04&until=2026-06-17").context["answering"].weeks
    assert [str(week.period.since) for week in weeks] == ["2026-06-04", "2026-06-08", "2026-06-15"]
    assert str(weeks[-1].period.until) == "2026-06-17"
    assert sum(week.counts.n for week in weeks) == 6


def test_a_narrowed_page_counts_those_partners_alone(head: Client, regions: tuple[Region, Region]) -> None:
    north, south = (shown(head, f"{JUNE}&region={region.pk}").context for region in regions)
    assert north["answering"].whole.in_time == Share(6, 7)
    assert south["answering"].whole.in_time == Share(0, 2)
    assert north["promises"].n + south["promises"].n == 5


def test_what_one_may_not_read_is_in_no_figure(client: Client, bob: User, world: dict[str, Partner]) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    client.force_login(bob)
    told = shown(client, JUNE).context
    assert told["on_the_road"] == 1
    assert told["answering"].whole.in_time == Share(1, 2)


def test_who_has_no_role_has_no_figures(client: Client, ravi: User, world: dict[str, Partner]) -> None:
    ravi.grants.all().delete()
    client.force_login(ravi)
    told = shown(client, JUNE).context
    assert (told["on_the_road"], told["answering"].whole.n, told["promises"].n, told["late_count"]) == (
        0,
        0,
        0,
        0,
    )


# --- figures of a person ---


def test_of_many_owners_those_outside_the_range_come_first(
    head: Client, erin: User, world: dict[str, Partner]
) -> None:
    for n in range(14):
        owner = person(f"Zoe{n:02}", Role.GROWTH, lead=erin)
        for m in range(12 if n < 13 else 31):
            partner(f"P{n}-{m}", owner)
    loads = shown(head).context["loads"]
    assert [str(each.owner) for each in loads.shown[:4]] == ["Alice", "Bob", "Zoe13", "Zoe00"]
    assert (len(loads.shown), loads.more, loads.heading) == (12, 4, "1 owner above the range of 10 to 30")
    assert len(shown(head, "loads=all").context["loads"].shown) == 16


def test_part_of_what_an_owner_has_is_not_judged(head: Client, regions: tuple[Region, Region]) -> None:
    whole, part = (shown(head, query) for query in ("owner=none&owner=me", f"region={regions[0].pk}"))
    assert (whole.context["loads"].of_part, part.context["loads"].of_part) == (False, True)
    assert "below the range" in shown(head).content.decode()
    told = part.content.decode()
    assert "part of what they own: not judged" in told
    assert not re.search("(below|inside|above) the range|healthy", told)


def test_who_reads_its_own_partners_alone_judges_its_own_load_alone(
    client: Client, alice: User, bob: User, world: dict[str, Partner]
) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    client.force_login(bob)
    assert not shown(client).context["loads"].of_part


# --- changes ---


@pytest.mark.parametrize(
    ("now", "then", "way"),
    [
        (Share(95, 100), Share(80, 100), 1),
        (Share(80, 100), Share(95, 100), -1),
        (Share(9, 10), Share(8, 10), 0),
        (Share(4, 4), Share(90, 100), None),
        (Share(90, 100), Share(4, 4), None),
        (Share(90, 100), None, None),
    ],
)
def test_a_change_is_said_only_where_it_clears_its_interval(
    now: Share, then: Share | None, way: int | None
) -> None:
    assert findings.way_of(now, then) == way
    assert ("no more than chance" in findings.beside(now, then)) == (way == 0)


def test_what_is_not_compared_is_not_said_to_stay(head: Client) -> None:
    told = shown(head, f"{JUNE}&compare=none").context["findings"]
    assert [each.title for each in told] == ["Answers", "Promises", "The road from Recruitment"]
    assert next(each.words for each in told) == "67 % of 9."


def test_an_unknown_figure_is_not_found(head: Client) -> None:
    assert shown(head, "", "dashboards:behind", "charm").status_code == 404


def test_an_empty_company_says_so(client: Client, erin: User) -> None:
    client.force_login(erin)
    told = shown(client).content.decode()
    assert "No question fell due in this time" in told
    assert "Nobody waits past the time we promised." in told


def test_coverage_is_asked_for_when_the_page_is_there(head: Client) -> None:
    page = shown(head).content.decode()
    assert 'hx-get="/insights/coverage/card/" hx-trigger="load"' in page
    card = shown(head, "", "dashboards:coverage_card").content.decode()
    assert "No numbers are wanted yet." in card
    assert 'href="/insights/coverage/"' in page
    assert 'href="/insights/coverage/"' in card
    Segment.objects.create(partners=9, people=0)
    card = shown(head, "", "dashboards:coverage_card").content.decode()
    assert "1 of 1 wanted segment has a live partner" in card
    assert "Lacking: 7 partners" in card
    assert "Lacking: 7 partners" in shown(head, "", "dashboards:insights_print").content.decode()


def test_what_it_was_opens_the_rows_of_the_time_compared(head: Client) -> None:
    page = shown(head, "since=2026-06-11&until=2026-06-20").content.decode()
    found = re.search(r'<a class="xs" href="([^"]+in_time[^"]+)">(\d+) in the time compared</a>', page)
    assert found
    assert found[2] == "5"
    with clock.fixed(NOW):
        told = head.get(unescape(found[1])).context
    assert told["behind"].count == 5
    assert (str(told["period"].since), str(told["period"].until)) == ("2026-06-01", "2026-06-10")


def test_a_share_of_promises_opens_what_it_was(head: Client, world: dict[str, Partner], alice: User) -> None:
    for day in range(3, 8):
        promised(world["northwind"], alice, date(2026, 6, day), moment(day))
    for day in range(21, 26):
        promised(world["northwind"], alice, date(2026, 6, day), moment(day))
    page = shown(head, "since=2026-06-16&until=2026-06-29").content.decode()
    found = re.search(r'<a class="xs muted" href="([^"]+promises_kept[^"]+)">was (\d+) % of (\d+)</a>', page)
    assert found
    with clock.fixed(NOW):
        told = head.get(unescape(found[1])).context["behind"]
    assert told.count == round(int(found[2]) * int(found[3]) / 100)
    assert told.count > 5


def test_all_on_the_road_open_in_the_list(head: Client) -> None:
    page = shown(head, JUNE).content.decode()
    found = re.search(r'<a href="(/partners/[^"]+)">4 partners on the road</a>', page)
    assert found
    assert head.get(unescape(found[1])).context["count"] == 4


def test_one_row_is_one(head: Client) -> None:
    told = shown(head, JUNE, "dashboards:behind", "late_now").content.decode()
    assert ">1 question<" in told
    told = shown(head, f"{JUNE}&stage=onboarding", "dashboards:behind", "went_on").content.decode()
    assert ">0 stays<" in told


def test_it_names_the_zone_of_its_moment_and_what_the_filters_do_not_narrow(head: Client, erin: User) -> None:
    assert f"({erin.zone})" in shown(head).content.decode()
    assert f"({erin.zone})" in shown(head, "", "dashboards:insights_print").content.decode()
    assert "all partners, now" in shown(head, "", "dashboards:coverage_card").content.decode()


# --- files and paper ---


def test_the_file_behind_a_figure_has_its_rows(head: Client) -> None:
    told = shown(head, JUNE, "dashboards:behind_csv", "fell_late")
    lines = b"".join(told.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 1 + 3
    assert lines[0].startswith("\ufeffConversation,Partner,Asked,Due")


def test_the_file_of_the_page_has_each_figure(head: Client) -> None:
    told = shown(head, JUNE, "dashboards:insights_csv")
    text = b"".join(told.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Answered in time,all,67,%,9,6,35,88,,0" in text
    assert "Went on,Recruitment,,%,2,2,,,,0" in text
    assert "Time,2026-06-01 – 2026-06-29" in text
    assert "Compared with,2026-05-03 – 2026-05-31" in text
    assert "Load,Alice,3.0,weight,2," in text


def test_the_file_of_the_page_says_what_it_is_narrowed_to(
    head: Client, regions: tuple[Region, Region]
) -> None:
    told = shown(head, f"{JUNE}&region={regions[0].pk}", "dashboards:insights_csv")
    lines = b"".join(told.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert (lines[0][:10], lines[1][:30]) == ("Figure,Of,", "Partners by stage,Recruitment,")
    assert lines[-1] == "Data as of,2026-06-29T12:00+02:00"
    assert lines[-4:-1] == [
        "Time,2026-06-01 – 2026-06-29",
        "Compared with,2026-05-03 – 2026-05-31",
        f"Region,{regions[0]}",
    ]


def test_the_paper_has_the_figures_and_what_they_mean(head: Client) -> None:
    told = shown(head, JUNE, "dashboards:insights_print").content.decode()
    assert "Questions answered by their due time, of those that fell due." in told
    assert "67 % answered in time" in told


def test_every_figure_is_defined(head: Client) -> None:
    told = shown(head, "", "dashboards:definitions").content.decode()
    for word in ("Answered in time", "Went on", "Stalled", "Late or broken", "Median days"):
        assert f">{word}</a></dt>" in told
    assert '<a href="/insights/coverage/">Coverage</a></dt>' in told
    assert "Figures of one person are seen by: The person and its lead." in told
    assert "Asked again" not in told  # it stands elsewhere


def test_a_load_opens_the_partners_it_weighs(head: Client, world: dict[str, Partner], alice: User) -> None:
    told = shown(head, f"owner={alice.pk}", "dashboards:behind", "load").context["behind"]
    assert {each.name for each in told.rows} == {"Northwind", "Contoso"}
    [carried] = [each for each in shown(head).context["loads"].shown if each.owner == alice]
    assert LOAD.value(told.rows) == carried.load
    assert carried.load.count == told.count == 2


def test_taking_all_filters_away_keeps_the_time(head: Client, regions: tuple[Region, Region]) -> None:
    page = shown(head, f"{JUNE}&region={regions[0].pk}", "dashboards:insights_narrow").content.decode()
    assert 'href="/insights/?since=2026-06-01&amp;until=2026-06-29">Clear all</a>' in page


def test_private_conversations_are_counted_and_not_shown(
    head: Client, alice: User, bob: User, world: dict[str, Partner]
) -> None:
    asked(world["northwind"], moment(23), alice, 3 * (moment(2) - moment(1)))
    private_threads.make_private(world["northwind"].conversations.latest("pk"), by=alice, at=moment(24))
    private_threads.make_private(world["fabrikam"].conversations.latest("pk"), by=bob, at=moment(24))
    page = shown(head, JUNE).context
    behind = shown(head, JUNE, "dashboards:behind", "late_now").context["behind"]
    assert (page["late_count"], page["late"], behind.count, behind.private) == (1, [], 1, 1)
    found = shown(head, JUNE, "dashboards:behind", "fell_late").context
    assert (found["behind"].count, found["behind"].private, len(found["rows"])) == (4, 2, 2)
    file = shown(head, JUNE, "dashboards:behind_csv", "fell_late")
    lines = b"".join(file.streaming_content).decode().splitlines()
    assert len(lines) == 1 + 2 + 1
    assert lines[-1] == "2 of 4 questions are withheld: they are private to others."


def test_the_address_goes_on_with_what_it_asks(erin: User) -> None:
    asked_for = asking.read(QueryDict("since=2026-06-01&until=2026-06-29&region="), erin, NOW)
    assert asked_for.url(stage="growth") == "?since=2026-06-01&until=2026-06-29&stage=growth"
    assert asked_for.partners_query == ""
