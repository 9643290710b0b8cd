"""What is kept of who is responsible is what the rule says, after every verb that can change it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations import messages, moving, threads, whose
from conversations.models import Conversation, Wait
from lifecycle import transitions
from partners import assignments, history, memberships, merging, organisations
from partners.models import Assignment, Contact, Event, Membership, Partner, Programme
from team import people
from team.models import Region, Role, User
from tests.conftest import MONDAY, person

HOUR = timedelta(hours=1)


def by_the_rule(conversation: Conversation) -> int | None:
    """The rule, asked of the rows as they stand: the plain way, one conversation at a time."""
    here = Assignment.objects.current().filter(partner=conversation.partner, user__is_active=True)
    posts = [
        whose.Post(a.user_id, a.role, (str(a.starts_on), a.pk), a.is_owner, a.membership_id, a.region_id)
        for a in here
    ]
    partner, membership = conversation.partner, conversation.membership
    regions = {region.pk for region in membership.regions.all()} if membership else set()
    if not regions and partner.region_id is not None:
        regions = {partner.region_id}
    taken, owner = (
        who.pk if who and who.is_active else None for who in (conversation.taken_by, partner.owner)
    )
    return whose.responsible(
        taken, whose.Topic(partner.stage, conversation.membership_id, regions), posts, owner
    )


@pytest.fixture(autouse=True)
def _kept_and_in_time(db: None) -> Iterator[None]:
    """After each of these tests all conversations, and who waits in them, are whose the rule says, and no
    due time has moved."""
    yield
    for conversation in Conversation.objects.select_related("partner__owner", "taken_by"):
        assert conversation.responsible_id == by_the_rule(conversation), conversation
    for wait in Wait.objects.select_related("conversation"):
        assert wait.responsible_id == wait.conversation.responsible_id, wait
        assert wait.due_at - wait.opened_at == timedelta(hours=24)


@pytest.fixture
def talk(nora: Contact) -> Conversation:
    return messages.receive(nora.partner, "email", "Hello?", MONDAY, contact=nora).conversation


@pytest.fixture
def nordics(db: None) -> Region:
    return Region.objects.create(name="Nordics")


@pytest.fixture
def resale(northwind: Partner, programme: Programme, alice: User) -> Membership:
    return memberships.join(northwind, programme, by=alice, at=MONDAY)


def whose_is(conversation: Conversation) -> User | None:
    return Conversation.objects.get(pk=conversation.pk).responsible


def about(conversation: Conversation, membership: Membership) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(membership=membership)


def test_a_new_one_is_the_owners(talk: Conversation, alice: User) -> None:
    assert whose_is(talk) == alice


def test_one_of_a_partner_without_owner_is_nobodys(omar: Contact) -> None:
    talk = messages.receive(omar.partner, "email", "Hello?", MONDAY, contact=omar).conversation
    assert whose_is(talk) is None


def test_taking_handing_on_and_giving_back(talk: Conversation, alice: User, bob: User, erin: User) -> None:
    threads.take_over(talk, by=bob, at=MONDAY)
    assert whose_is(talk) == bob
    threads.hand_over(talk, to=erin, by=bob, at=MONDAY)
    assert whose_is(talk) == erin
    threads.hand_over(talk, to=None, by=erin, at=MONDAY)
    assert whose_is(talk) == alice


def test_taking_over_is_undone(talk: Conversation, alice: User, bob: User) -> None:
    event = threads.take_over(talk, by=bob, at=MONDAY)
    assert event is not None
    history.undo(event, by=bob, at=MONDAY)
    assert whose_is(talk) == alice


def test_another_owner_gets_what_nobody_took(talk: Conversation, alice: User, bob: User, erin: User) -> None:
    kept = messages.start(talk.partner, "Plan", "Here it is.", by=alice, at=MONDAY).conversation
    threads.take_over(kept, by=erin, at=MONDAY)
    given = assignments.set_owner(talk.partner, to=bob, by=erin, at=MONDAY)
    assert (whose_is(talk), whose_is(kept)) == (bob, erin)
    assert given is not None
    history.undo(given, by=erin, at=MONDAY)
    assert whose_is(talk) == alice
    assignments.set_owner(talk.partner, to=None, by=erin, at=MONDAY)
    assert whose_is(talk) is None


def test_an_assignment_that_fits_closer_gets_it_while_it_runs(
    talk: Conversation, alice: User, bob: User, nordics: Region
) -> None:
    organisations.change(talk.partner, {"region": nordics}, by=alice, at=MONDAY)
    beside = assignments.assign(talk.partner, bob, Role.GROWTH, by=alice, at=MONDAY, region=nordics)
    assert whose_is(talk) == bob
    assignments.end(beside, on=MONDAY.date(), by=alice, at=MONDAY)
    assert whose_is(talk) == alice


def test_a_partner_that_moves_to_a_region_falls_to_who_looks_after_it_there(
    talk: Conversation, alice: User, bob: User, nordics: Region
) -> None:
    assignments.assign(talk.partner, bob, Role.GROWTH, by=alice, at=MONDAY, region=nordics)
    assert whose_is(talk) == alice
    moved = organisations.change(talk.partner, {"region": nordics}, by=alice, at=MONDAY)
    assert whose_is(talk) == bob
    assert moved is not None
    history.undo(moved, by=alice, at=MONDAY)
    assert whose_is(talk) == alice


def test_the_colleague_for_a_membership_gets_what_is_about_it(
    talk: Conversation, resale: Membership, alice: User, bob: User
) -> None:
    other = messages.start(talk.partner, "Plan", "Here it is.", by=alice, at=MONDAY).conversation
    about(talk, resale)
    assignments.assign(talk.partner, bob, Role.PROGRAM, by=alice, at=MONDAY, membership=resale)
    assert (whose_is(talk), whose_is(other)) == (bob, alice)


def test_the_regions_of_its_membership_count_before_the_partners(
    talk: Conversation, resale: Membership, alice: User, bob: User, nordics: Region
) -> None:
    about(talk, resale)
    assignments.assign(talk.partner, bob, Role.GROWTH, by=alice, at=MONDAY, region=nordics)
    assert whose_is(talk) == alice
    memberships.change(resale, by=alice, at=MONDAY, tier=None, starts_on=None, regions=[nordics])
    assert whose_is(talk) == bob


def test_after_signing_it_falls_to_the_colleague_for_growth(
    nora: Contact, alice: User, bob: User, erin: User
) -> None:
    rita = person("Rita", Role.RECRUITMENT, lead=erin)
    assignments.set_owner(nora.partner, to=rita, by=erin, at=MONDAY)
    Assignment.objects.filter(partner=nora.partner, user=rita).update(role=Role.RECRUITMENT)
    assignments.assign(nora.partner, bob, Role.GROWTH, by=erin, at=MONDAY)
    talk = messages.receive(nora.partner, "email", "Hello?", MONDAY, contact=nora).conversation
    assert whose_is(talk) == rita
    partner = Partner.objects.get(pk=nora.partner_id)
    moved = transitions.advance(partner, to="onboarding", by=erin, at=MONDAY, reason="They are in a hurry.")
    assert whose_is(talk) == bob
    history.undo(moved, by=erin, at=MONDAY)
    assert whose_is(talk) == rita


def test_who_leaves_answers_nothing_and_who_comes_back_does(
    talk: Conversation, alice: User, bob: User, ravi: User
) -> None:
    threads.take_over(talk, by=bob, at=MONDAY)
    people.deactivate(bob, by=ravi)
    assert whose_is(talk) == alice
    people.deactivate(alice, by=ravi)
    assert whose_is(talk) is None
    people.reactivate(bob, by=ravi)
    assert whose_is(talk) == bob


def test_merged_partners_are_answered_by_the_one_owner(
    talk: Conversation, omar: Contact, alice: User, erin: User
) -> None:
    lost = messages.receive(omar.partner, "email", "Hello?", MONDAY, contact=omar).conversation
    merging.merge_partners(talk.partner, omar.partner, {}, by=erin, at=MONDAY)
    assert whose_is(lost) == alice
    merged = Event.objects.get(kind="partners_merged")
    history.undo(merged, by=erin, at=MONDAY)
    assert whose_is(lost) is None


def test_given_to_another_partner_it_falls_to_that_owner(
    talk: Conversation, contoso: Partner, alice: User, erin: User
) -> None:
    given = moving.give(talk, contoso, by=erin, at=MONDAY)
    assert whose_is(talk) is None
    assert given is not None
    history.undo(given, by=erin, at=MONDAY)
    assert whose_is(talk) == alice


def test_a_message_that_gets_a_conversation_of_its_own_is_whose_it_falls_to(
    talk: Conversation, alice: User, bob: User
) -> None:
    threads.take_over(talk, by=bob, at=MONDAY)
    second = messages.receive(talk.partner, "email", "And?", MONDAY + HOUR, talk)
    moving.move(second, to=None, by=alice, at=MONDAY + HOUR)
    second.refresh_from_db()
    assert (whose_is(talk), whose_is(second.conversation)) == (bob, alice)


def test_many_partners_are_given_in_a_few_queries(alice: User, bob: User, erin: User) -> None:
    def give(count: int) -> int:
        for n in range(count):
            partner = organisations.add(f"Firm {n} of {count}", by=alice, at=MONDAY, owner=alice)
            messages.receive(partner, "email", "Hello?", MONDAY)
        some = Partner.objects.filter(name__endswith=f"of {count}")
        with CaptureQueriesContext(connection) as asked:
            assignments.set_owner_of_many(some, to=bob, by=erin, at=MONDAY)
        assert set(Conversation.objects.filter(partner__in=some).values_list("responsible", flat=True)) == {
            bob.pk
        }
        return len(asked)

    give(2)  # roles are fetched once
    assert give(3) == give(30)
