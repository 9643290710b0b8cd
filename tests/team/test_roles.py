"""The table of who may do what, asked for each of the cast."""

import pytest
from django.core.exceptions import PermissionDenied

from partners import organisations
from partners.models import Partner
from team.models import Grant, Region, Role, User, Vertical
from team.roles import TABLE, may, permitted_or_403
from tests.conftest import MONDAY, person

ALL = {"alice", "bob", "erin", "ravi"}
OVER_NORTHWIND = {"alice", "erin", "ravi"}

# who of the cast may: Alice owns Northwind, Bob does not, Erin is head, Ravi admin
EXPECTED = {
    "read partner": ALL,
    "write to partner": ALL,
    "add partner": ALL,
    "change partner": OVER_NORTHWIND,
    "advance stage": OVER_NORTHWIND,
    "override gate": {"erin", "ravi"},
    "decide": OVER_NORTHWIND,
    "change promise": OVER_NORTHWIND,
    "rate partner": OVER_NORTHWIND,
    "assign partner": OVER_NORTHWIND,
    "merge partners": OVER_NORTHWIND,
    "approve late log": {"erin", "ravi"},
    "read confidential": {"alice", "erin"},
    "import partners": ALL,
    "export partners": ALL,
    "assign in bulk": {"erin", "ravi"},
    "see team queue": ALL,
    "edit profile": {"ravi"},
    "read profile": ALL,
    "edit settings": {"ravi"},
    "invite people": {"ravi"},
    "see sent mail": {"ravi"},
}


@pytest.fixture
def looked_after(alice: User) -> Partner:
    return organisations.add("Northwind", by=alice, at=MONDAY, owner=alice)


def test_every_action_is_in_the_expectation() -> None:
    assert set(TABLE) >= set(EXPECTED)


@pytest.mark.parametrize("action", sorted(EXPECTED))
def test_who_may(action: str, looked_after: Partner, alice: User, bob: User, erin: User, ravi: User) -> None:
    cast = {"alice": alice, "bob": bob, "erin": erin, "ravi": ravi, "nobody": person("Nobody")}
    assert {name for name, user in cast.items() if may(user, action, looked_after)} == EXPECTED[action]


@pytest.mark.parametrize("action", sorted(EXPECTED))
def test_who_left_may_nothing(action: str, looked_after: Partner, alice: User, ravi: User) -> None:
    alice.is_active = ravi.is_active = False
    assert not may(alice, action, looked_after)
    assert not may(ravi, action, looked_after)


def test_an_unknown_action_is_an_error(alice: User) -> None:
    with pytest.raises(KeyError):
        may(alice, "fly")


def test_what_has_a_partner_is_judged_by_it(looked_after: Partner, alice: User, bob: User) -> None:
    visit = looked_after.visits.get()
    assert may(alice, "change partner", visit)
    assert not may(bob, "change partner", visit)


def test_a_role_narrowed_to_a_region_holds_there_only(looked_after: Partner) -> None:
    olga = person("Olga", Role.OPERATIONS)
    assert may(olga, "change partner", looked_after)
    dach, nordics = Region.objects.create(name="DACH"), Region.objects.create(name="Nordics")
    Grant.objects.get(user=olga).regions.add(dach)
    olga = User.objects.get(pk=olga.pk)
    assert not may(olga, "change partner", looked_after), "it has no region"
    looked_after.region = nordics
    assert not may(olga, "change partner", looked_after)
    looked_after.region = dach
    assert may(olga, "change partner", looked_after)


def test_a_narrowed_role_still_reads_and_writes_everywhere(looked_after: Partner) -> None:
    olga = person("Olga", Role.OPERATIONS)
    Grant.objects.get(user=olga).regions.add(Region.objects.create(name="DACH"))
    assert may(olga, "read partner", looked_after)
    assert may(olga, "write to partner", looked_after)
    assert may(olga, "assign in bulk")


def test_a_role_narrowed_to_a_vertical_holds_there_only(looked_after: Partner) -> None:
    olga = person("Olga", Role.OPERATIONS)
    retail = Vertical.objects.create(name="Retail")
    Grant.objects.get(user=olga).verticals.add(retail)
    assert not may(olga, "change partner", looked_after)
    looked_after.verticals.add(retail)
    assert may(olga, "change partner", looked_after)


def test_an_unnarrowed_second_role_reaches_everywhere(looked_after: Partner) -> None:
    olga = person("Olga", Role.OPERATIONS, Role.HEAD)
    Grant.objects.get(user=olga, role=Role.OPERATIONS).regions.add(Region.objects.create(name="DACH"))
    assert may(olga, "change partner", looked_after)


def test_a_refusal_says_who_could(looked_after: Partner, bob: User) -> None:
    with pytest.raises(PermissionDenied, match="whoever looks after Northwind"):
        permitted_or_403(bob, "advance stage", looked_after)
