"""Who looks after a partner: one by one and in bulk."""

from datetime import date
from typing import Any

import pytest

from partners import assignments, history, organisations
from partners.models import Assignment, Event, Partner
from team.models import Role, User
from tests.conftest import MONDAY


def test_a_change_of_owner_can_be_taken_back(northwind: Partner, alice: User, bob: User) -> None:
    event = assignments.set_owner(northwind, to=bob, by=alice, at=MONDAY)
    assert event is not None
    history.undo(event, by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert northwind.owner == alice
    assert Assignment.objects.current().get(partner=northwind).user == alice


def test_undo_is_refused_when_the_owner_changed_again(
    northwind: Partner, alice: User, bob: User, erin: User
) -> None:
    event = assignments.set_owner(northwind, to=bob, by=alice, at=MONDAY)
    assignments.set_owner(northwind, to=erin, by=alice, at=MONDAY)
    assert event is not None
    with pytest.raises(history.UndoRefused, match="again since"):
        history.undo(event, by=alice, at=MONDAY)


def test_who_left_owns_nothing(northwind: Partner, alice: User, bob: User) -> None:
    bob.is_active = False
    bob.save()
    with pytest.raises(assignments.AssignmentRefused, match="Bob has left"):
        assignments.set_owner(northwind, to=bob, by=alice, at=MONDAY)


def test_a_second_person_is_assigned_once(northwind: Partner, alice: User, bob: User) -> None:
    assignments.assign(northwind, bob, Role.MARKETING, by=alice, at=MONDAY)
    assert northwind.is_looked_after_by(bob)
    with pytest.raises(assignments.AssignmentRefused, match="already"):
        assignments.assign(northwind, bob, Role.MARKETING, by=alice, at=MONDAY)


def test_the_owners_assignment_ended_leaves_it_unassigned(northwind: Partner, alice: User) -> None:
    assignment = Assignment.objects.get(partner=northwind)
    with pytest.raises(assignments.AssignmentRefused, match="cannot end before"):
        assignments.end(assignment, on=date(2026, 5, 1), by=alice, at=MONDAY)
    assignments.end(assignment, on=date(2026, 6, 1), by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert northwind.owner is None


def test_a_head_gives_many_away_and_takes_them_back(
    northwind: Partner, contoso: Partner, erin: User, alice: User, bob: User
) -> None:
    assignments.set_owner(contoso, to=bob, by=alice, at=MONDAY)
    new = organisations.add("Fabrikam", by=alice, at=MONDAY)
    report = assignments.set_owner_of_many(Partner.objects.all(), to=bob, by=erin, at=MONDAY)
    assert report.changes["done"] == [[northwind.pk, alice.pk], [new.pk, None]]
    assert report.changes["skipped"] == [[contoso.pk, assignments.THEIRS_ALREADY]]
    assert Assignment.objects.current().filter(user=bob, is_owner=True).count() == 3
    assert Event.objects.filter(kind="owner_changed", changes__with=report.pk).count() == 2
    undone = history.undo(report, by=erin, at=MONDAY)
    assert undone.note == "2 of 2 partners"
    assert set(Partner.objects.values_list("name", "owner__name")) == {
        ("Northwind", "Alice"),
        ("Contoso", "Bob"),
        ("Fabrikam", None),
    }


def test_in_bulk_one_gives_away_only_what_one_looks_after(
    northwind: Partner, contoso: Partner, alice: User, erin: User
) -> None:
    report = assignments.set_owner_of_many(Partner.objects.all(), to=erin, by=alice, at=MONDAY)
    assert report.changes["done"] == [[northwind.pk, alice.pk]]
    assert report.changes["skipped"] == [[contoso.pk, assignments.NOT_YOURS]]


def test_many_are_given_as_each_would_be(
    northwind: Partner, contoso: Partner, alice: User, bob: User, django_assert_max_num_queries: Any
) -> None:
    fabrikam = organisations.add("Fabrikam", by=alice, at=MONDAY, owner=bob)
    pks = [northwind.pk, contoso.pk, fabrikam.pk]
    with django_assert_max_num_queries(15):
        assignments.give(pks, to=bob, by="import", at=MONDAY)
    assert set(Partner.objects.filter(pk__in=pks).values_list("owner", flat=True)) == {bob.pk}
    events = Event.objects.filter(kind="owner_changed", by_system="import").order_by("partner")
    assert [(event.partner, event.note, event.actor) for event in events] == [
        (northwind, "Alice → Bob", "import"),
        (contoso, "nobody → Bob", "import"),
    ]
    assert Assignment.objects.current().filter(is_owner=True, user=bob).count() == 3
