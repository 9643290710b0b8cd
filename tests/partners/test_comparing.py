"""Up to five candidates side by side."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners import organisations, profiles, ratings
from partners.models import Criterion, Partner, PartnerType, Profile
from partners.profiles import Entry
from partners.ratings import Answer
from partners.scoring import Thresholds
from team.models import User
from tests.conftest import MONDAY
from tests.partners.test_fit_page import LATER
from tests.partners.test_fit_page import profile as profile

PAGE = "/partners/compare/"


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def pair(profile: Profile, alice: User) -> list[Partner]:
    """Fabrikam is rated well and has a note; Litware competes and fails a must-have."""
    names = {"Fabrikam": 80, "Litware": 20}
    made = [
        organisations.add(name, by=alice, at=MONDAY, owner=alice, employees=size)
        for name, size in names.items()
    ]
    good = {"skill": Answer(4, "Two engineers"), "clean": Answer(True), "fields": Answer(["Retail"])}
    ratings.assess(made[0], good, by=alice, at=LATER)
    ratings.assess(made[1], {"clean": Answer(False)}, by=alice, at=LATER)
    return made


def side_by_side(*partners: Partner) -> str:
    return PAGE + "?" + "&".join(f"ids={partner.pk}" for partner in partners)


def test_points_notes_must_haves_and_coverage_stand_beside_each_other(
    desk: Client, pair: list[Partner]
) -> None:
    answer = desk.get(side_by_side(*pair))
    comparison = answer.context["comparison"]
    assert [one.partner.name for one in comparison.candidates] == ["Fabrikam", "Litware"]
    rows = {row.name: row.cells for row in comparison.rows}
    assert [cell.line.earned for cell in rows["Size"]] == ["16", "4"]
    assert [cell.line.earned for cell in rows["Technical skill"]] == ["24", "–"]
    assert "“Two engineers”" in answer.text
    assert [one.panel.failed for one in comparison.candidates] == [[], ["Trades cleanly"]]
    assert comparison.candidates[1].panel.open == ["Technical skill"]
    assert answer.text.count("provisional") == 1
    assert "Several versions" not in answer.text


def test_candidates_of_different_profiles_are_said_to_be_so(
    desk: Client, pair: list[Partner], ravi: User, reseller: PartnerType
) -> None:
    draft = profiles.start_draft(reseller, by=ravi, at=MONDAY)
    profiles.edit(
        draft, [Entry("reach", "Reach", Criterion.Kind.RATING, 10)], Thresholds(), "", by=ravi, at=MONDAY
    )
    profiles.publish(draft, by=ravi, at=MONDAY)
    other = organisations.add("Wingtip", by=ravi, at=MONDAY, kind=reseller)
    answer = desk.get(side_by_side(pair[0], other))
    assert "Several versions: points compare only within one." in answer.text
    rows = {row.name: row.cells for row in answer.context["comparison"].rows}
    assert [cell.line is None for cell in rows["Reach"]] == [True, False]


def test_they_are_chosen_by_ticks_by_name_and_by_address(desk: Client, pair: list[Partner]) -> None:
    ticked = desk.post(PAGE, {"ids": [one.pk for one in pair]})
    assert ticked["Location"] == side_by_side(*pair)
    assert desk.post(PAGE, {"ids": range(1, 9)})["Location"] == "/partners/?"
    assert desk.post(PAGE, {})["Location"] == "/partners/?"
    named = desk.get(f"{PAGE}?ids={pair[0].pk}&q=litware")
    assert named["Location"] == side_by_side(*pair)
    assert "No partner is called so." in desk.get(f"{PAGE}?q=nobody").text
    assert "Nobody to compare yet" in desk.get(f"{PAGE}?ids=x&ids=999999").text


def test_it_costs_the_same_with_2_candidates_and_with_5(
    desk: Client, pair: list[Partner], alice: User
) -> None:
    more = [organisations.add(f"Firm {n}", by=alice, at=MONDAY, owner=alice, employees=n) for n in range(3)]
    desk.get(side_by_side(*pair))
    counts = []
    for shown in (pair, [*pair, *more]):
        with CaptureQueriesContext(connection) as queries:
            desk.get(side_by_side(*shown))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_fact_says_where_it_is_mended(desk: Client, pair: list[Partner]) -> None:
    page = desk.get(reverse("partners:fit", args=[pair[0].pk])).text
    assert f'href="{reverse("partners:edit", args=[pair[0].pk])}#id_employees"' in page
