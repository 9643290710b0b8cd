"""A partner is born with its first visit, whichever door it came by."""

import pytest
from pytest_django import DjangoAssertNumQueries

from partners import assignments, births, organisations
from partners.models import Assignment, Event, Partner, Stage, Status, Step, Visit
from team.models import User
from tests.conftest import MONDAY


def test_a_partner_is_born_with_its_visit_names_and_domain(alice: User) -> None:
    partner = organisations.add(
        "Škoda & Söhne GmbH", by=alice, at=MONDAY, website="https://www.skoda.co.uk/x"
    )
    assert partner.domain == "skoda.co.uk"
    assert (partner.stage, partner.step) == (Stage.RECRUITMENT, Step.IDENTIFIED)
    assert partner.visits.get().left_at is None
    assert partner.names.get().key == "skoda and sohne"
    assert Partner.objects.filter(search_key__contains="skoda & sohne").exists()


def test_a_change_of_owner_ends_the_former_assignment(alice: User, bob: User) -> None:
    partner = organisations.add("Northwind", by=alice, at=MONDAY, owner=alice)
    assignments.set_owner(partner, to=bob, by=alice, at=MONDAY)
    assert Assignment.objects.current().get(partner=partner).user == bob
    assert partner.owner == bob
    assert not partner.is_looked_after_by(alice)


def test_setting_the_same_owner_again_changes_nothing(alice: User) -> None:
    partner = organisations.add("Northwind", by=alice, at=MONDAY, owner=alice)
    assert assignments.set_owner(partner, to=alice, by=alice, at=MONDAY) is None


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.Example.co.uk:8443/p", "example.co.uk"),
        ("nora@northwind.example.com", "example.com"),
        ("somebody.github.io", "somebody.github.io"),
        ("http://127.0.0.1/", ""),
        ("müller.de", "xn--mller-kva.de"),
        ("", ""),
    ],
)
def test_the_registrable_domain(address: str, domain: str) -> None:
    assert organisations.registrable_domain(address) == domain


def test_many_are_born_at_their_stage_in_a_few_statements(
    alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    coming = [
        births.Birth(f"Firm {n}", {"website": f"https://firm{n}.example"}, owner=alice, stage=Stage.GROWTH)
        for n in range(30)
    ]
    with django_assert_max_num_queries(12):
        partners = births.bear(coming, by=alice, at=MONDAY)
    assert {(p.status, p.stage, p.step, p.owner) for p in partners} == {
        (Status.LIVE, Stage.GROWTH, "", alice)
    }
    assert Visit.objects.filter(stage=Stage.GROWTH, left_at=None, entry_is_known=False).count() == 30
    assert Assignment.objects.current().filter(is_owner=True, user=alice).count() == 30
    assert Event.objects.filter(kind="partner_added").count() == 30


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/northwind",
        "https://uk.linkedin.com/company/x",
        "nora@gmail.com",
        "sites.google.com/x",
    ],
)
def test_an_address_many_firms_share_is_nobodys_domain(address: str) -> None:
    assert organisations.own_domain(address) == ""
