"""Merging from other programs, and taking back what was done: the rules of the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations import messages, private_threads
from partners import assignments, contacts, organisations
from partners.models import Contact, Event, Partner
from prm import clock
from team.models import Company, User
from tests.conftest import MONDAY
from tests.programs import Program, program

API = "/api/v1"


@pytest.fixture
def erins(erin: User) -> Program:
    return program(erin)


def test_two_partners_are_merged_and_taken_apart_again(
    erins: Program, northwind: Partner, contoso: Partner, omar: Contact
) -> None:
    Partner.objects.filter(pk=contoso.pk).update(city="Utrecht", country="NL")
    Partner.objects.filter(pk=northwind.pk).update(city="", country="GB")
    merged = erins.send(f"{API}/partners/{northwind.pk}/merge/", {"gone": contoso.pk})
    assert merged.status_code == 200, merged.content
    told = merged.json()
    assert (told["id"], told["name"]) == (northwind.pk, "Northwind")
    assert (told["city"], told["country"]) == ("Utrecht", "GB")  # what was empty is filled
    assert erins.get(f"{API}/partners/{contoso.pk}/").status_code == 404
    assert erins.get(f"{API}/contacts/{omar.pk}/").json()["partner"] == northwind.pk

    event = erins.get(f"{API}/events/{told['event']}/").json()
    assert (event["kind"], event["words"]) == ("partners_merged", "merged Contoso into Northwind")
    undone = erins.send(f"{API}/events/{told['event']}/undo/")
    assert undone.status_code == 200, undone.content
    assert (undone.json()["kind"], undone.json()["undoes"]) == ("merge_undone", told["event"])
    assert erins.get(f"{API}/partners/{contoso.pk}/").json()["city"] == "Utrecht"
    assert erins.get(f"{API}/partners/{northwind.pk}/").json()["city"] == ""
    assert erins.get(f"{API}/contacts/{omar.pk}/").json()["partner"] == contoso.pk
    again = erins.send(f"{API}/events/{told['event']}/undo/")
    assert (again.status_code, again.json()["detail"]) == (409, "This step was taken back already.")


def test_what_is_taken_of_the_other_is_said(erins: Program, northwind: Partner, contoso: Partner) -> None:
    Partner.objects.filter(pk=contoso.pk).update(city="Utrecht")
    here = f"{API}/partners/{northwind.pk}/merge/"
    strange = erins.send(here, {"gone": contoso.pk, "take": ["stage"]})
    assert (strange.status_code, set(strange.json())) == (400, {"take"})
    told = erins.send(here, {"gone": contoso.pk, "take": ["name"]}).json()
    assert (told["name"], told["city"]) == ("Contoso", "")


def test_a_merge_that_the_rules_refuse_changes_nothing(
    erins: Program, northwind: Partner, contoso: Partner
) -> None:
    here = f"{API}/partners/{northwind.pk}/merge/"
    Partner.objects.filter(pk=contoso.pk).update(status="live", stage="growth", step="")
    refused = erins.send(here, {"gone": contoso.pk})
    assert refused.status_code == 409
    assert "keep Contoso, and merge Northwind into it" in refused.json()["detail"]
    assert erins.send(here, {"gone": northwind.pk}).status_code == 409
    unknown = erins.send(here, {"gone": 9999})
    assert (unknown.status_code, set(unknown.json())) == (400, {"gone"})


def test_both_sides_need_the_permission_whatever_else_is_sent(
    northwind: Partner, contoso: Partner, alice: User, bob: User
) -> None:
    here, nonsense = f"{API}/partners/{northwind.pk}/merge/", {"gone": contoso.pk, "no such field": 1}
    assert program(bob).send(here, nonsense).status_code == 403
    assert program(alice).send(here, nonsense).status_code == 403  # Contoso is not hers
    assert program(alice, "read").send(here, {"gone": contoso.pk}).status_code == 403
    assignments.set_owner(contoso, to=alice, by=alice, at=MONDAY)
    assert program(alice).send(here, nonsense).status_code == 400
    assert program(alice).send(here, {"gone": contoso.pk}).status_code == 200


def test_a_partner_one_may_not_see_is_not_there(northwind: Partner, contoso: Partner, alice: User) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    unseen = program(alice).send(f"{API}/partners/{northwind.pk}/merge/", {"gone": contoso.pk})
    assert (unseen.status_code, set(unseen.json())) == (400, {"gone"})
    assert program(alice).send(f"{API}/partners/{contoso.pk}/merge/", {"gone": 1}).status_code == 404


def test_two_contacts_are_merged_and_taken_apart_again(
    erins: Program, northwind: Partner, nora: Contact, omar: Contact, erin: User
) -> None:
    twin = contacts.add(northwind, "N. Berg", by=erin, at=MONDAY, email="nora@gmail.com", title="CEO")
    here = f"{API}/contacts/{nora.pk}/merge/"
    other = erins.send(here, {"gone": omar.pk})
    assert (other.status_code, "different partners" in other.json()["detail"]) == (409, True)
    told = erins.send(here, {"gone": twin.pk}).json()
    assert (told["name"], told["title"], told["addresses"]) == (nora.name, "CEO", ["nora@gmail.com"])
    assert erins.get(f"{API}/contacts/{twin.pk}/").status_code == 404
    assert erins.send(f"{API}/events/{told['event']}/undo/").status_code == 200
    assert erins.get(f"{API}/contacts/{twin.pk}/").json()["name"] == "N. Berg"


def test_who_may_not_change_the_partner_takes_back_only_what_is_its_own(
    alice: User, bob: User, northwind: Partner
) -> None:
    organisations.change(northwind, {"city": "Leeds"}, by=alice, at=clock.now())
    event = Event.objects.filter(partner=northwind).first()
    assert event is not None
    here = f"{API}/events/{event.pk}/"
    assert program(bob).get(here).json()["undo_until"] is not None
    assert program(bob).send(f"{here}undo/").status_code == 403
    assert program(alice).send(f"{here}undo/").status_code == 200
    northwind.refresh_from_db()
    assert northwind.city == ""
    assert program(bob).get(here).json()["undo_until"] is None


def test_it_is_too_late_after_a_day(erins: Program, alice: User, northwind: Partner) -> None:
    organisations.change(northwind, {"city": "Leeds"}, by=alice, at=clock.now() - timedelta(days=2))
    event = Event.objects.filter(partner=northwind).first()
    assert event is not None
    assert erins.get(f"{API}/events/{event.pk}/").json()["undo_until"] is None
    assert erins.send(f"{API}/events/{event.pk}/undo/").status_code == 409


def test_what_was_done_in_a_private_conversation_is_told_to_its_people(
    alice: User, bob: User, northwind: Partner, nora: Contact
) -> None:
    said = messages.start(northwind, "Dates", "Hello", by=alice, at=clock.now(), to=nora)
    private_threads.make_private(said.conversation, by=alice, at=clock.now())
    event = Event.objects.get(kind="conversation_made_private")
    assert program(alice).get(f"{API}/events/{event.pk}/").status_code == 200
    assert program(bob).get(f"{API}/events/{event.pk}/").status_code == 404
    listed = program(bob).get(f"{API}/events/?partner={northwind.pk}").json()["results"]
    assert event.pk not in {each["id"] for each in listed}
