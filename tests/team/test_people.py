"""Roles, leads and leave: the company never loses its last admin, and nobody leads in a circle."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from team import people
from team.models import Region, Role, User
from team.people import Granted, PeopleRefused
from tests.conftest import person


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_roles_are_given_and_narrowed(ravi: User, bob: User) -> None:
    dach = Region.objects.create(name="DACH")
    people.give_roles(bob, [Granted(Role.GROWTH, regions=[dach]), Granted(Role.SUCCESS)], by=ravi)
    bob = again(bob)
    assert bob.roles == {Role.GROWTH, Role.SUCCESS}
    assert bob.reaches[Role.GROWTH].regions == {dach.pk}
    assert not bob.reaches[Role.SUCCESS].regions


def test_roles_no_longer_named_are_taken_away(ravi: User, bob: User) -> None:
    people.give_roles(bob, [Granted(Role.HEAD)], by=ravi)
    assert bob.roles == {Role.HEAD}


def test_the_last_admin_keeps_the_role(ravi: User) -> None:
    with pytest.raises(PeopleRefused, match="only admin"):
        people.give_roles(ravi, [Granted(Role.HEAD)], by=ravi)
    assert again(ravi).roles == {Role.ADMIN}


def test_a_second_admin_frees_the_first(ravi: User) -> None:
    olga = person("Olga", Role.ADMIN)
    people.give_roles(ravi, [Granted(Role.HEAD)], by=olga)
    assert again(ravi).roles == {Role.HEAD}


def test_the_last_admin_is_not_switched_off(ravi: User, alice: User) -> None:
    with pytest.raises(PeopleRefused, match="only admin"):
        people.deactivate(ravi, by=alice)
    assert again(ravi).is_active


def test_an_admin_who_is_switched_off_does_not_count(ravi: User, alice: User) -> None:
    olga = person("Olga", Role.ADMIN)
    people.deactivate(olga, by=ravi)
    with pytest.raises(PeopleRefused, match="only admin"):
        people.deactivate(ravi, by=alice)
    people.reactivate(olga, by=ravi)
    people.deactivate(ravi, by=olga)
    assert not again(ravi).is_active


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_admins_who_unmake_each_other_at_once_leave_one(ravi: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite in memory has one connection")
    olga = person("Olga", Role.ADMIN)
    together = Barrier(2)

    def unmake(whom: User, by: User) -> None:
        together.wait()
        try:
            people.give_roles(whom, [Granted(Role.HEAD)], by=by)
        except PeopleRefused:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(unmake, ravi, olga), pool.submit(unmake, olga, ravi)]:
            future.result()
    assert User.objects.filter(grants__role=Role.ADMIN).count() == 1


def test_nobody_switches_themselves_off(ravi: User) -> None:
    with pytest.raises(PeopleRefused, match="your own account"):
        people.deactivate(ravi, by=ravi)


def test_leads_make_no_circle(ravi: User, alice: User, erin: User, bob: User) -> None:
    people.give_lead(bob, to=alice, by=ravi)  # Bob → Alice → Erin
    with pytest.raises(PeopleRefused, match="directly or through others"):
        people.give_lead(erin, to=bob, by=ravi)
    with pytest.raises(PeopleRefused):
        people.give_lead(erin, to=erin, by=ravi)
    assert again(erin).lead is None


def test_a_lead_can_be_taken_away(ravi: User, alice: User) -> None:
    people.give_lead(alice, to=None, by=ravi)
    assert again(alice).lead is None


def test_leave_is_taken_with_somebody_standing_in(alice: User, bob: User) -> None:
    leave = people.go_on_leave(alice, date(2026, 7, 1), date(2026, 7, 14), bob)
    assert leave.runs_on(date(2026, 7, 14))
    assert not leave.runs_on(date(2026, 7, 15))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "says"),
    [
        (date(2026, 7, 10), date(2026, 7, 9), "before the first"),
        (date(2026, 7, 14), date(2026, 7, 20), "leave already"),
    ],
)
def test_leave_that_cannot_be_is_refused(
    alice: User, bob: User, starts_on: date, ends_on: date, says: str
) -> None:
    people.go_on_leave(alice, date(2026, 7, 1), date(2026, 7, 14), None)
    with pytest.raises(PeopleRefused, match=says):
        people.go_on_leave(alice, starts_on, ends_on, bob)


def test_nobody_stands_in_for_themselves_nor_while_away(alice: User, bob: User) -> None:
    with pytest.raises(PeopleRefused, match="for themselves"):
        people.go_on_leave(alice, date(2026, 7, 1), date(2026, 7, 14), alice)
    people.go_on_leave(bob, date(2026, 6, 1), date(2026, 8, 1), None)
    with pytest.raises(PeopleRefused, match="is away"):
        people.go_on_leave(alice, date(2026, 7, 1), date(2026, 7, 14), bob)
