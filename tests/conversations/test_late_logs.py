"""Replies reported long afterwards: one item a person, confirmed or not, and what that does to the figure."""

from datetime import datetime

import pytest
from django.test import Client

from conversations import corrections, decisions, late_logs, messages, sweeping
from conversations.decisions import DecisionRefused
from conversations.messages import Happening
from conversations.models import Matter, Message, Wait
from conversations.records import MessageRefused
from partners.models import Contact, Event
from prm import clock
from team.models import User
from tests.conftest import BERLIN


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


@pytest.fixture
def wait(nora: Contact) -> Wait:
    """Asked on Wednesday, late since Thursday."""
    held = messages.receive(nora.partner, "email", "?", moment(3), contact=nora, subject="Margins")
    sweeping.sweep_waits(moment(4, 11))
    return held.conversation.waits.get()


def report(wait: Wait, by: User, occurred_at: datetime | None = None) -> Message:
    return messages.log(
        wait.partner,
        Happening("call", "Told her", occurred_at or moment(3, 15)),
        by,
        moment(8, 15),
        answers=[wait],
    )


def again(wait: Wait) -> Wait:
    return Wait.objects.get(pk=wait.pk)


def test_until_a_lead_confirms_the_wait_says_so_and_the_breach_stands(
    wait: Wait, alice: User, erin: User, client: Client
) -> None:
    call = report(wait, alice)
    assert (again(wait).state, again(wait).reply_reported) == ("late", True)
    client.force_login(alice)
    words = "reply reported, not confirmed"
    with clock.fixed(moment(8, 16)):
        assert words in client.get(wait.conversation.get_absolute_url()).content.decode()
        assert words in client.get("/").content.decode()
    late_logs.approve(call, erin, moment(9))
    assert (again(wait).state, again(wait).reply_reported) == ("met", False)
    assert again(wait).breached_at == moment(4)


def test_several_reports_of_one_person_are_one_item(wait: Wait, alice: User, bob: User, erin: User) -> None:
    report(wait, alice)
    report(wait, alice, moment(3, 16))
    assert erin.notices.filter(kind="to_decide").count() == 1
    report(wait, bob)
    assert erin.notices.filter(kind="to_decide").count() == 2
    decisions.decide(Matter.objects.get(asked_by=alice), "yes", "", erin, moment(9))
    later = messages.receive(wait.partner, "email", "?", moment(9), wait.conversation).conversation
    messages.log(
        wait.partner,
        Happening("call", "Told her", moment(9, 11)),
        alice,
        moment(19),
        answers=[later.waits.open().for_reply().get()],
    )
    assert erin.notices.filter(kind="to_decide").count() == 3


def test_who_was_told_of_the_breach_hears_in_the_digest_that_it_was_none(
    wait: Wait, alice: User, erin: User
) -> None:
    late_logs.approve(report(wait, alice), erin, moment(9))
    told = alice.notices.get(kind="breach_voided")
    assert (told.way, told.text) == ("digest", "Northwind was answered in time after all: Margins")
    assert not erin.notices.filter(kind="breach_voided").exists()
    assert "recorded on 08 June 2026" in Event.objects.get(kind="breach_voided").note


def test_what_is_not_confirmed_answers_nothing_and_its_author_hears_why(
    wait: Wait, alice: User, erin: User
) -> None:
    call = report(wait, alice)
    with pytest.raises(MessageRefused, match="Say why"):
        late_logs.decline(call, " ", erin, moment(9))
    late_logs.decline(call, "They say nobody called", erin, moment(9))
    assert (again(wait).state, again(wait).reply_reported) == ("late", False)
    assert not late_logs.undecided().exists()
    assert "nobody called" in alice.notices.get(kind="decided").text
    with pytest.raises(MessageRefused):
        late_logs.decline(call, "Again", erin, moment(9))
    late_logs.approve(call, erin, moment(10))
    assert again(wait).state == "met"


def test_a_head_needs_nobody(wait: Wait, erin: User) -> None:
    assert not report(wait, erin).unconfirmed
    assert again(wait).state == "met"


def test_a_report_that_is_withdrawn_is_asked_about_no_more(wait: Wait, alice: User) -> None:
    call = report(wait, alice)
    corrections.withdraw(call, "Wrong partner", alice, moment(9))
    assert not late_logs.undecided().exists()
    assert not again(wait).reply_reported


def test_the_lead_decides_without_being_head_and_nobody_for_themselves(
    wait: Wait, alice: User, bob: User, erin: User
) -> None:
    User.objects.filter(pk=alice.pk).update(lead=bob)
    call = report(wait, User.objects.get(pk=alice.pk))
    matter = Matter.objects.get()
    assert [decider.person for decider in matter.deciders.all()] == [bob]
    with pytest.raises(DecisionRefused, match="Nobody decides about what they ask for themselves"):
        decisions.decide(matter, "yes", "", alice, moment(9))
    with pytest.raises(MessageRefused, match="Nobody confirms"):
        late_logs.approve(call, alice, moment(9))
    decisions.decide(matter, "yes", "", bob, moment(9))
    assert again(wait).state == "met"


def test_the_last_report_that_is_decided_on_decides_the_matter(wait: Wait, alice: User, erin: User) -> None:
    first, second = report(wait, alice), report(wait, alice, moment(3, 16))
    late_logs.decline(first, "No call", erin, moment(9))
    assert Matter.objects.open().exists()
    assert "No call" in alice.notices.get(kind="late_log_declined").text
    late_logs.approve(second, erin, moment(9, 11))
    matter = Matter.objects.get()
    assert matter.decision is not None
    assert matter.decision.answer == "yes"
    assert not matter.decision.visible_to_partner
    assert matter.wait.state == "met"


def test_a_decision_on_what_has_changed_meanwhile_is_refused(wait: Wait, alice: User, erin: User) -> None:
    report(wait, alice)
    matter = Matter.objects.get()
    report(wait, alice, moment(3, 16))
    with pytest.raises(DecisionRefused, match="changed meanwhile"):
        decisions.decide(matter, "yes", "", erin, moment(9), seen=matter.version)
    assert late_logs.undecided().count() == 2


def test_a_correction_that_reports_late_is_asked_about(wait: Wait, alice: User, erin: User) -> None:
    call = messages.log(
        wait.partner, Happening("call", "Told her", moment(8, 14)), alice, moment(8, 15), answers=[wait]
    )
    corrections.correct(call, alice, moment(8, 16), occurred_at=moment(3, 15))
    matter = Matter.objects.open().get()
    assert matter.asked_by == alice
    corrections.withdraw(late_logs.undecided().get(), "Wrong", alice, moment(8, 17))
    assert not Matter.objects.open().exists()


def test_reports_from_before_there_were_matters_are_asked_about(wait: Wait, alice: User, erin: User) -> None:
    report(wait, alice)
    Matter.objects.all().delete()
    assert late_logs.catch_up(moment(9)) == 1
    assert Matter.objects.open().get().asked_by == alice
    assert late_logs.catch_up(moment(9)) == 0


# --- the page -----------------------------------------------------------------------------------------


def test_the_lead_confirms_all_of_one_person_in_one_press(
    wait: Wait, alice: User, bob: User, erin: User, client: Client
) -> None:
    reports = [report(wait, alice), report(wait, alice, moment(3, 16)), report(wait, bob)]
    client.force_login(erin)
    with clock.fixed(moment(9)):
        page = client.get("/to-decide/").content.decode()
    assert page.index("Alice reports 2 replies long afterwards") < page.index("Bob reports a reply")
    of_alice = Matter.objects.get(asked_by=alice)
    pressed = {"answer": "yes", "seen": of_alice.version}
    with clock.fixed(moment(9)):
        answer = client.post(f"/to-decide/{of_alice.pk}/decide/", pressed, follow=True).content.decode()
        assert "Yes: Replies reported late" in answer
        assert list(late_logs.undecided()) == [reports[2]]
        declined = client.post(f"/messages/{reports[2].pk}/decline/", {"reason": "No call"}, follow=True)
    assert "Nothing waits for your yes" in declined.content.decode()
    assert client.post(f"/messages/{reports[2].pk}/decline/", {"reason": "No call"}).status_code == 422
