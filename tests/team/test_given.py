"""What is given to a person is told at once: a partner, a conversation, a task, a promise."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from conversations import commitments, messages, threads
from conversations.commitments import Promise
from lifecycle import tasks
from partners import assignments, organisations
from partners.models import Contact, Event, Partner
from prm import outbox, sweeper
from team import people
from team.models import Notice, Role, User
from tests.conftest import MONDAY
from tests.sink import Sink

MINUTE = timedelta(minutes=1)
Give = Callable[[Partner, User, User], object]


def the_partner(partner: Partner, to: User, by: User) -> object:
    return assignments.set_owner(partner, to=to, by=by, at=MONDAY)


def a_part(partner: Partner, to: User, by: User) -> object:
    return assignments.assign(partner, to, Role.GROWTH, by=by, at=MONDAY)


def a_conversation(partner: Partner, to: User, by: User) -> object:
    asked = messages.receive(partner, "email", "When?", MONDAY, subject="Dates")
    return threads.hand_over(asked.conversation, to=to, by=by, at=MONDAY)


def a_task(partner: Partner, to: User, by: User) -> object:
    return tasks.add(partner, "Train two", by=by, at=MONDAY, owner=to)


def a_promise(partner: Partner, to: User, by: User) -> object:
    day = MONDAY.date() + timedelta(days=3)
    return commitments.make(partner, Promise("Send the price list", day, owner=to), by=by, at=MONDAY)


SAYS = {
    the_partner: "Alice gave Contoso to you",
    a_part: "Alice asks you to look after Contoso: growth",
    a_conversation: "Alice handed you “Dates” with Contoso",
    a_task: "Alice gave you a task with Contoso: Train two",
    a_promise: "Alice wrote down a promise of yours to Contoso: Send the price list",
}


@pytest.mark.parametrize("give", list(SAYS))
def test_what_is_given_to_me_is_mailed_at_once(
    give: Give, contoso: Partner, alice: User, bob: User, sink: Sink
) -> None:
    give(contoso, bob, alice)
    sweeper.run(MONDAY)
    outbox.deliver(MONDAY)
    assert [mail["Subject"] for mail in sink.mails if mail["To"] == bob.email] == [SAYS[give]]
    assert Notice.objects.get(person=bob).rings


@pytest.mark.parametrize("give", list(SAYS))
def test_what_i_take_myself_is_not_told(give: Give, contoso: Partner, alice: User) -> None:
    give(contoso, alice, alice)
    assert not Notice.objects.filter(person=alice).exists()


def test_what_was_taken_back_at_once_is_not_mailed(
    northwind: Partner, alice: User, bob: User, sink: Sink
) -> None:
    event = assignments.set_owner(northwind, to=bob, by=alice, at=MONDAY)
    assert event is not None
    assignments.take_back_owner(event, by=alice, at=MONDAY + MINUTE)
    sweeper.run(MONDAY + MINUTE)
    outbox.deliver(MONDAY + MINUTE)
    assert [mail for mail in sink.mails if mail["To"] == bob.email] == []


def test_many_given_by_one_press_are_one_notice(erin: User, bob: User) -> None:
    for number in range(30):
        organisations.add(f"Partner {number}", by=erin, at=MONDAY)
    assignments.set_owner_of_many(Partner.objects.all(), to=bob, by=erin, at=MONDAY)
    assert Event.objects.filter(kind="owners_changed").exists()
    (notice,) = Notice.objects.filter(person=bob)
    assert (notice.text, notice.url) == ("Erin gave you 30 partners", f"/partners/?owner={bob.pk}")


def test_who_stands_in_is_mailed_what_was_given_to_the_one_on_leave(
    nora: Contact, contoso: Partner, alice: User, bob: User, erin: User, sink: Sink
) -> None:

    people.go_on_leave(alice, MONDAY.date(), MONDAY.date(), bob)
    assignments.set_owner(contoso, to=alice, by=erin, at=MONDAY)
    sweeper.run(MONDAY)
    outbox.deliver(MONDAY)
    assert {mail["To"] for mail in sink.mails} == {alice.email, bob.email}
