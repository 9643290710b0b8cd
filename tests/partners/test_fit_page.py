"""Rating a partner on one page."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners import fits, organisations, profiles, ratings
from partners.models import Criterion, Event, Partner, Profile
from partners.profiles import Entry
from partners.scoring import Thresholds
from team.models import User
from tests.conftest import MONDAY
from tests.programs import program

Kind = Criterion.Kind
LATER = MONDAY + timedelta(hours=1)
ENTRIES = [
    Entry("size", "Size", Kind.NUMBER, 20, {"curve": [[0, 0], [100, 1]]}, "employees"),
    Entry("skill", "Technical skill", Kind.RATING, 30, must_have=True, help="0 none · 5 a lot"),
    Entry("people", "People who sell", Kind.NUMBER, 10, {"curve": [[0, 0], [10, 1]]}),
    Entry("conflict", "Competing products", Kind.CHOICE, 10, {"options": [["None", 1], ["Some", 0.5]]}),
    Entry("clean", "Trades cleanly", Kind.YES_NO, 10, {"wanted": True}, must_have=True),
    Entry("fields", "Fields it knows", Kind.OVERLAP, 20, {"wanted": ["Health", "Retail"]}),
]


@pytest.fixture
def profile(ravi: User) -> Profile:
    draft = profiles.start_draft(None, by=ravi, at=MONDAY)
    profiles.edit(draft, ENTRIES, Thresholds(), "", by=ravi, at=MONDAY)
    return profiles.publish(draft, by=ravi, at=MONDAY)


@pytest.fixture
def partner(alice: User) -> Partner:
    return organisations.add("Northwind", by=alice, at=MONDAY, owner=alice, employees=80)


def address(partner: Partner) -> str:
    return reverse("partners:fit", args=[partner.pk])


def test_all_is_rated_on_one_page(client: Client, profile: Profile, partner: Partner, alice: User) -> None:
    client.force_login(alice)
    page = client.get(address(partner)).content.decode()
    assert "80" in page
    sent = {
        "value_skill": "4",
        "note_skill": "Two engineers",
        "value_people": "5",
        "value_conflict": "Some",
        "value_clean": "yes",
        "value_fields": ["Retail"],
    }
    answer = client.post(address(partner), sent)
    assert answer.status_code == 303
    assert answer["Location"] == partner.get_absolute_url()
    fit = partner.fits.get(is_current=True)
    assert (fit.score, fit.coverage) == (70, 100)
    assert partner.ratings.get(key="skill").note == "Two engineers"
    said = client.get(answer["Location"]).content.decode()
    assert "Northwind scores 70, possible fit." in said
    event = Event.objects.get(kind="partner_rated")
    assert reverse("partners:undo", args=[event.pk]) in said


def test_what_is_left_open_stays_open_and_shows_again(
    client: Client, profile: Profile, partner: Partner, alice: User
) -> None:
    client.force_login(alice)
    client.post(address(partner), {"value_skill": "4", "value_fields": ["-"], "value_clean": "no"})
    assert {rating.key: rating.value for rating in partner.ratings.all()} == {
        "skill": 4,
        "clean": False,
        "fields": [],
    }
    page = client.get(address(partner)).content.decode()
    assert 'value="4"' in page
    assert '<option value="no" selected>' in page
    client.post(address(partner), {"value_skill": "", "value_fields": ["-"], "value_clean": "no"})
    assert fits.newest_ratings([partner.pk])[partner.pk]["skill"].value is None
    assert partner.ratings.count() == 4


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"value_skill": "7"}, "less than or equal to 5"),
        ({"value_people": "many"}, "Enter a number"),
        ({"value_conflict": "Lots"}, "not one of the available choices"),
        ({"value_fields": ["-", "Retail"]}, "not both"),
    ],
)
def test_an_answer_that_does_not_suit_is_named_and_the_rest_stays(
    client: Client, profile: Profile, partner: Partner, alice: User, sent: dict[str, Any], words: str
) -> None:
    client.force_login(alice)
    answer = client.post(address(partner), {"note_clean": "Kept as typed"} | sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Kept as typed" in answer.content.decode()
    assert not partner.ratings.exists()


def test_a_colleague_reads_the_answers_and_may_not_change_them(
    client: Client, profile: Profile, partner: Partner, bob: User
) -> None:
    client.force_login(bob)
    page = client.get(address(partner)).content.decode()
    assert "Technical skill" in page
    assert "Save and score" not in page
    assert client.post(address(partner), {"value_skill": "4"}).status_code == 403
    assert not partner.ratings.exists()


def test_strangers_and_unknown_partners(client: Client, partner: Partner, alice: User) -> None:
    assert client.get(address(partner)).status_code == 302
    client.force_login(alice)
    assert client.get(reverse("partners:fit", args=[9999])).status_code == 404
    assert client.delete(address(partner)).status_code == 405


def test_without_a_profile_the_page_says_what_to_do(client: Client, partner: Partner, alice: User) -> None:
    client.force_login(alice)
    page = client.get(address(partner)).content.decode()
    assert "No profile is published for it" in page
    assert client.post(address(partner), {}).status_code == 200


def test_the_page_costs_the_same_however_much_was_rated(
    client: Client, profile: Profile, partner: Partner, alice: User, django_assert_num_queries: Any
) -> None:
    client.force_login(alice)
    client.get(address(partner))
    with CaptureQueriesContext(connection) as few:
        client.get(address(partner))
    for number in range(30):
        ratings.rate(partner, "skill", number % 6, "", by=alice, at=LATER + timedelta(minutes=number))
    with django_assert_num_queries(len(few)):
        client.get(address(partner))


def test_another_program_rates_as_the_page_does(
    profile: Profile, partner: Partner, alice: User, bob: User
) -> None:
    alices = program(alice)

    def rated(*answers: dict[str, Any]) -> Any:
        return alices.send("/api/v1/fits/", {"partner": partner.pk, "answers": answers})

    made = rated(
        {"criterion": "skill", "value": 4, "note": "Two engineers"},
        {"criterion": "conflict", "value": "Some"},
        {"criterion": "clean", "value": True},
        {"criterion": "fields", "value": []},
    )
    assert made.status_code == 201, made.json()
    told = {line["criterion"]: line["answer"] for line in made.json()["lines"]}
    assert told == {"size": 80, "skill": 4, "people": None, "conflict": "Some", "clean": True, "fields": []}
    again = rated({"criterion": "skill", "value": 5}, {"criterion": "clean", "value": None})
    told = {line["criterion"]: line["answer"] for line in again.json()["lines"]}
    assert (told["skill"], told["clean"], told["conflict"]) == (5, None, "Some")
    assert fits.newest_ratings([partner.pk])[partner.pk]["skill"].note == "Two engineers"
    assert Event.objects.filter(partner=partner, kind="partner_rated", by_user=alice).count() == 2
    for wrong in (
        {"criterion": "skill", "value": 6},
        {"criterion": "conflict", "value": "Lots"},
        {"criterion": "clean", "value": "perhaps"},
        {"criterion": "fields", "value": "Retail"},
        {"criterion": "people", "value": {"a": 1}},
        {"criterion": "size", "value": 9},
    ):
        refused = rated(wrong)
        assert (refused.status_code, list(refused.json())) == (400, ["answers"]), wrong
    twice = {"criterion": "skill", "value": 1}
    assert rated(twice, twice).status_code == 400
    sent = {"partner": partner.pk, "answers": [twice]}
    assert program(bob).send("/api/v1/fits/", sent).status_code == 403


def test_another_program_rates_nothing_where_no_profile_is_published(partner: Partner, alice: User) -> None:
    sent = {"partner": partner.pk, "answers": [{"criterion": "skill", "value": 1}]}
    refused = program(alice).send("/api/v1/fits/", sent)
    assert (refused.status_code, "No profile" in refused.json()["detail"]) == (409, True)
