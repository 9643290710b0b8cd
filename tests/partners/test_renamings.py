"""A renamed region, vertical, type, programme or tier: what a profile says of it goes on meaning it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from partners import fits, lists, organisations, profiles
from partners.models import Criterion, Fit, Partner, PartnerType, Profile, Programme, Tier
from partners.profiles import Entry
from partners.scoring import Thresholds
from prm import clock
from team import lists as kept
from team.models import Region, User, Vertical
from tests.conftest import MONDAY

DAY = timedelta(days=1)
CHOICE, OVERLAP = Criterion.Kind.CHOICE, Criterion.Kind.OVERLAP


def publish(by: User, kind: str, source: str, rule: dict[str, Any], at: datetime = MONDAY) -> Profile:
    draft = profiles.start_draft(None, by=by, at=at)
    profiles.edit(draft, [Entry(source, "Asked", kind, 10, rule, source)], Thresholds(), "", by=by, at=at)
    return profiles.publish(draft, by=by, at=at)


def score(partner: Partner, at: datetime) -> float | None:
    fit = fits.refresh(partner, at)
    assert fit is not None
    return None if fit.score is None else float(fit.score)


def said(profile: Profile) -> list[Any]:
    (criterion,) = profiles.criteria(profile)
    found: list[Any] = criterion.rule.get("options") or criterion.rule["wanted"]
    return found


@pytest.fixture
def dach(db: None) -> Region:
    return Region.objects.get_or_create(name="DACH")[0]


def test_a_renamed_region_earns_what_it_earned_and_the_version_stays(ravi: User, dach: Region) -> None:
    profile = publish(ravi, CHOICE, "region", {"options": [["DACH", 1], ["Nordics", 0.5]]})
    partner = organisations.add("Northwind", by=ravi, at=MONDAY, region=dach)
    assert score(partner, MONDAY) == 100
    kept.rename(dach, "Central Europe", MONDAY + DAY)
    assert score(partner, MONDAY + DAY) == 100
    assert said(profile) == [["Central Europe", 1], ["Nordics", 0.5]]
    assert Criterion.objects.get(profile=profile).rule["options"][0] == ["DACH", 1]
    old = Fit.objects.filter(partner=partner).order_by("pk")[0]
    assert (old.score, old.lines.get().answer) == (100, "DACH")


def test_renamed_verticals_are_still_the_wanted_ones(ravi: User) -> None:
    health, retail = (kept.add(Vertical, name) for name in ("Health", "Retail"))
    profile = publish(ravi, OVERLAP, "verticals", {"wanted": ["health", "Retail"]})
    partner = organisations.add("Northwind", by=ravi, at=MONDAY, verticals=[health])
    kept.rename(health, "Health care", MONDAY + DAY)
    kept.rename(health, "Healthcare", MONDAY + 2 * DAY)
    assert said(profile) == ["Healthcare", "Retail"]
    assert score(partner, MONDAY + 2 * DAY) == 50
    assert retail.name in said(profile)


def test_names_that_change_places_take_their_points_along(ravi: User, dach: Region) -> None:
    other = Region.objects.get_or_create(name="Nordics")[0]
    profile = publish(ravi, CHOICE, "region", {"options": [["DACH", 1], ["Nordics", 0.2]]})
    kept.rename(dach, "For a moment", MONDAY + DAY)
    kept.rename(other, "DACH", MONDAY + DAY)
    kept.rename(dach, "Nordics", MONDAY + DAY)
    assert said(profile) == [["Nordics", 1], ["DACH", 0.2]]


def test_a_tier_that_other_programmes_have_keeps_its_old_name_beside(
    ravi: User, programme: Programme, reseller: PartnerType
) -> None:
    elite = lists.add_programme("Elite programme", reseller)
    lists.add_tier(elite, "Gold", Decimal(1))
    profile = publish(ravi, CHOICE, "tier", {"options": [["Gold", 1], ["Silver", 0.5]]})
    gold = Tier.objects.get(programme=programme, name="Gold")
    lists.change_tier(gold, "Premier", Decimal(1), MONDAY + DAY)
    assert said(profile) == [["Gold", 1], ["Premier", 1], ["Silver", 0.5]]


def test_a_version_written_after_the_renaming_means_what_it_says(ravi: User, dach: Region) -> None:
    kept.rename(dach, "Central Europe", MONDAY)
    Region.objects.create(name="DACH")
    profile = publish(ravi, CHOICE, "region", {"options": [["DACH", 1]]}, at=MONDAY + DAY)
    assert said(profile) == [["DACH", 1]]


def test_a_list_with_the_same_name_is_another_thing(ravi: User, dach: Region) -> None:
    profile = publish(ravi, OVERLAP, "verticals", {"wanted": ["DACH"]})
    kept.rename(dach, "Central Europe", MONDAY + DAY)
    assert said(profile) == ["DACH"]


def test_the_next_draft_is_written_with_the_names_of_now(ravi: User, dach: Region) -> None:
    publish(ravi, CHOICE, "region", {"options": [["DACH", 1]]})
    kept.rename(dach, "Central Europe", MONDAY + DAY)
    draft = profiles.start_draft(None, by=ravi, at=MONDAY + 2 * DAY)
    assert draft.criteria.get().rule["options"] == [["Central Europe", 1]]


def test_a_refused_renaming_leaves_no_trace(ravi: User, dach: Region) -> None:
    Region.objects.get_or_create(name="Nordics")
    profile = publish(ravi, CHOICE, "region", {"options": [["DACH", 1]]})
    with pytest.raises(kept.ListRefused):
        kept.rename(dach, "Nordics", MONDAY + DAY)
    assert said(profile) == [["DACH", 1]]


def test_the_page_shows_the_name_of_now(client: Client, ravi: User, dach: Region) -> None:
    profile = publish(ravi, CHOICE, "region", {"options": [["DACH", 1]]})
    client.force_login(ravi)
    with clock.fixed(MONDAY + DAY):
        client.post(f"/settings/lists/regions/{dach.pk}/", {"do": "rename", "name": "Central Europe"})
    assert "Central Europe=1" in client.get(profile.get_absolute_url()).content.decode()
