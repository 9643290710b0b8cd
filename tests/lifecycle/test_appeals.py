"""A declined prospect contests it; another person decides; a yes brings it back."""

from datetime import timedelta

import pytest
from django.test import Client

from conversations import appeals, decisions
from conversations.decisions import DecisionRefused
from conversations.models import Decision, Matter
from lifecycle import transitions
from partners import history
from partners.models import Contact, EndReason, Event, Partner, Status, Visit
from portal import passes
from prm import clock
from team.models import Role, User
from tests.conftest import MONDAY, person

SOON = MONDAY + timedelta(hours=3)


@pytest.fixture
def gina(erin: User) -> User:
    return person("Gina", Role.HEAD)


@pytest.fixture
def declined(northwind: Partner, erin: User) -> Decision:
    reason = EndReason.objects.create(name="Too small")
    transitions.decline(northwind, "us", reason, "You have no team for this yet.", by=erin, at=MONDAY)
    return Decision.objects.get()


def test_a_yes_of_a_second_person_brings_it_back(
    declined: Decision, northwind: Partner, nora: Contact, erin: User, gina: User
) -> None:
    assert declined.appeal_until == MONDAY + timedelta(days=30)
    contested = appeals.contest(declined, "We hired two people.", nora, SOON)
    assert [row.person for row in contested.deciders.all()] == [gina]
    decisions.decide(contested, "yes", "Then let us talk.", gina, SOON)
    northwind.refresh_from_db()
    assert northwind.status == Status.PROSPECT
    assert Visit.objects.filter(partner=northwind, left_at=None).count() == 1
    assert Event.objects.filter(partner=northwind, kind="reopened", by_user=gina).exists()


def test_a_no_leaves_it_there(declined: Decision, northwind: Partner, nora: Contact, gina: User) -> None:
    contested = appeals.contest(declined, "We hired two people.", nora, SOON)
    decisions.decide(contested, "no", "The reasons given still hold.", gina, SOON)
    northwind.refresh_from_db()
    assert northwind.status == Status.DECLINED


def test_what_they_declined_is_not_contested(northwind: Partner, alice: User, nora: Contact) -> None:
    reason = EndReason.objects.create(name="Other partner")
    transitions.decline(northwind, "them", reason, "", by=alice, at=MONDAY)
    with pytest.raises(DecisionRefused, match="cannot be contested"):
        appeals.contest(Decision.objects.get(), "Oh", nora, SOON)


def test_reopened_or_taken_back_nobody_needs_to_decide(
    declined: Decision, northwind: Partner, nora: Contact, erin: User, alice: User
) -> None:
    appeals.contest(declined, "We hired two people.", nora, SOON)
    northwind.refresh_from_db()
    transitions.reopen(northwind, alice, SOON)
    assert not Matter.objects.open().exists()
    with pytest.raises(DecisionRefused, match="contested already"):
        appeals.contest(declined, "Again", nora, SOON)


def test_undo_of_the_decline_ends_what_contests_it(declined: Decision, nora: Contact, erin: User) -> None:
    appeals.contest(declined, "We hired two people.", nora, SOON)
    history.undo(Event.objects.get(kind="declined"), erin, SOON)
    declined.refresh_from_db()
    assert declined.withdrawn_at == SOON
    assert not Matter.objects.open().exists()


def test_a_contact_reads_the_reason_and_contests_it_on_its_page(
    declined: Decision, nora: Contact, alice: User, gina: User, erin: User, client: Client
) -> None:
    token = passes.token(passes.give(nora, 30, alice, MONDAY))
    with clock.fixed(SOON):
        home = client.get(f"/p/{token}/").content.decode()
        assert "You have no team for this yet." in home
        page = client.get(f"/p/{token}/decisions/").content.decode()
        assert "You can contest this until" in page
        contest = f"/p/{token}/decisions/{declined.pk}/contest/"
        assert client.post(contest, {"words": " "}).status_code == 422
        sent = client.post(contest, {"words": "We hired two people."}, follow=True).content.decode()
        assert "Somebody else than who decided reads it, and decides anew." in sent
        assert "contested, our decision by" in sent
        assert client.post(contest, {"words": "Once more."}).status_code == 422
    contested = Matter.objects.open().get()
    assert (contested.contact, contested.words) == (nora, "We hired two people.")
    decisions.decide(contested, "yes", "Then let us talk.", gina, SOON)
    with clock.fixed(SOON):
        after = client.get(f"/p/{token}/decisions/").content.decode()
    assert "Then let us talk." in after
    assert "You had written" in after


def test_another_partner_cannot_contest_it(
    declined: Decision, omar: Contact, alice: User, client: Client
) -> None:
    token = passes.token(passes.give(omar, 30, alice, MONDAY))
    with clock.fixed(SOON):
        assert client.post(f"/p/{token}/decisions/{declined.pk}/contest/", {"words": "Ha"}).status_code == 404
        assert "no team" not in client.get(f"/p/{token}/decisions/").content.decode()


def test_the_list_shows_who_declined_it_and_why(
    declined: Decision, nora: Contact, gina: User, client: Client
) -> None:
    appeals.contest(declined, "We hired two people.", nora, SOON)
    client.force_login(gina)
    with clock.fixed(SOON):
        page = client.get("/to-decide/").content.decode()
    for words in (
        "Northwind contests that it was declined",
        "We hired two people.",
        "You have no team",
        "Erin, 1",
    ):
        assert words in page
