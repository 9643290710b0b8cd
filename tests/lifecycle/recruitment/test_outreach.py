"""Planned touches with a prospect: nothing leaves without a person, and all stops when it answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations import corrections, messages
from conversations.filling import Unfilled
from conversations.models import Message, Wait
from lifecycle import tasks, transitions
from lifecycle.models import Outreach, Sequence, Task, Touch
from lifecycle.recruitment.outreach import rules, sequences, sweeping, touches
from lifecycle.recruitment.outreach.models import Kind
from lifecycle.recruitment.outreach.rules import Standing
from lifecycle.recruitment.outreach.touches import OutreachRefused
from partners import contacts, organisations
from partners.models import Contact, EndReason, Event, Partner, Step
from prm import clock
from team.models import User
from tests.conftest import MONDAY

DAY = timedelta(days=1)
TUESDAY, THURSDAY = MONDAY + DAY, MONDAY + 3 * DAY


@pytest.fixture
def sequence(ravi: User) -> Sequence:
    """A mail at once, a call after three working days, a mail after five more."""
    made = Sequence.objects.create(name="First contact")
    for kind, days, subject, text in (
        (Kind.MAIL, 0, "{partner} and us", "Hello {contact first name}."),
        (Kind.CALL, 3, "", "Call {contact}."),
        (Kind.MAIL, 5, "", "Is this of interest?"),
    ):
        sequences.add_step(made, kind, days, subject, text, by=ravi, at=MONDAY)
    return made


@pytest.fixture
def outreach(sequence: Sequence, northwind: Partner, nora: Contact, alice: User) -> Outreach:
    return touches.begin(northwind, sequence, nora, by=alice, at=MONDAY)


def sends_by_itself(outreach: Outreach, ravi: User, alice: User) -> None:
    sequences.switch(outreach.sequence, True, by=ravi, at=MONDAY)
    touches.approve(outreach, by=alice, at=MONDAY)


def sent() -> list[str]:
    return list(Message.objects.filter(direction="out").order_by("pk").values_list("body", flat=True))


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (Standing(), ""),
        (Standing(has_answered=True, status="declined"), "They answered."),
        (Standing(status="parked"), "It was parked."),
        (Standing(step="signed"), "It has signed."),
        (Standing(forbidden="Nora asked not to be contacted."), "Nora asked not to be contacted."),
        (Standing(has_bounced=True), "A mail came back."),
        (Standing(contact_is_gone=True), "The contact is no longer there."),
    ],
)
def test_why_it_stops(standing: Standing, why: str) -> None:
    assert rules.why_it_stops(standing) == why


def test_touches_are_planned_in_working_days_with_the_words_filled_in(outreach: Outreach) -> None:
    planned = [(touch.subject, touch.text, touch.due_on) for touch in outreach.touches.all()]
    assert planned == [
        ("Northwind and us", "Hello Nora.", date(2026, 6, 1)),
        ("", "Call Nora Berg.", date(2026, 6, 4)),
        ("", "Is this of interest?", date(2026, 6, 11)),
    ]


def test_nothing_leaves_unless_a_person_let_it(outreach: Outreach, ravi: User, alice: User) -> None:
    touches.approve(outreach, by=alice, at=MONDAY)
    sweeping.sweep(MONDAY)
    sweeping.sweep(MONDAY)
    task = Task.objects.get()
    assert (task.text, task.owner, sent()) == ("Send the mail: Northwind and us (Nora Berg)", alice, [])
    touches.send(outreach.touches.get(position=0), by=alice, at=MONDAY)
    task.refresh_from_db()
    assert sent() == ["Hello Nora."]
    assert task.done_at == MONDAY
    assert not Wait.objects.exists()


def test_approved_mails_leave_by_themselves_where_a_person_switched_that_on(
    outreach: Outreach, northwind: Partner, ravi: User, alice: User
) -> None:
    sequences.switch(outreach.sequence, True, by=ravi, at=MONDAY)
    sweeping.sweep(MONDAY - DAY)
    assert not Task.objects.exists()
    Partner.objects.filter(pk=northwind.pk).update(step=Step.IDENTIFIED)
    touches.approve(outreach, by=alice, at=MONDAY)
    for _ in range(2):
        sweeping.sweep(MONDAY)
    message = Message.objects.get(direction="out")
    assert (message.body, message.author, message.contact) == ("Hello Nora.", alice, outreach.contact)
    northwind.refresh_from_db()
    assert northwind.step == Step.CONTACTED
    sweeping.sweep(THURSDAY)
    tasks.done(Task.objects.get(), by=alice, at=THURSDAY)
    sweeping.sweep(THURSDAY)
    last = outreach.touches.get(position=2)
    assert last.due_on == date(2026, 6, 11)
    sweeping.sweep(MONDAY + 10 * DAY)
    assert sent() == ["Hello Nora.", "Is this of interest?"]
    assert Message.objects.filter(direction="out").values("conversation").distinct().count() == 1
    outreach.refresh_from_db()
    assert outreach.state == Outreach.State.DONE
    switched = Event.objects.get(kind="sequence_switched")
    assert (switched.by_user, switched.note) == (ravi, "First contact: on")


def test_it_stops_when_they_answer_before_the_next_mail_leaves(
    outreach: Outreach, northwind: Partner, nora: Contact, ravi: User, alice: User
) -> None:
    sends_by_itself(outreach, ravi, alice)
    sweeping.sweep(MONDAY)
    messages.receive(northwind, "email", "Tell me more.", at=TUESDAY, contact=nora, subject="Re")
    with pytest.raises(OutreachRefused, match="Not sent: They answered"):
        touches.send(outreach.touches.get(position=2), by=alice, at=TUESDAY)
    sweeping.sweep(THURSDAY)
    outreach.refresh_from_db()
    assert (outreach.state, outreach.ended_why) == (Outreach.State.ANSWERED, "They answered.")
    assert not Task.objects.open().exists()
    sweeping.sweep(MONDAY + 30 * DAY)
    assert sent() == ["Hello Nora."]


def test_it_stops_when_the_prospect_is_declined_and_takes_its_task_along(
    outreach: Outreach, northwind: Partner, erin: User
) -> None:
    sweeping.sweep(MONDAY)
    transitions.decline(northwind, "us", EndReason.objects.create(name="Too small"), "", by=erin, at=TUESDAY)
    sweeping.sweep(TUESDAY)
    outreach.refresh_from_db()
    assert outreach.ended_why == "It was declined."
    assert Task.objects.get().skipped_reason == "It was declined."


def test_it_stops_when_a_mail_comes_back(outreach: Outreach, ravi: User, alice: User) -> None:
    sends_by_itself(outreach, ravi, alice)
    sweeping.sweep(MONDAY)
    corrections.bounced(Message.objects.get(), MONDAY)
    sweeping.sweep(TUESDAY)
    outreach.refresh_from_db()
    assert outreach.ended_why == "A mail came back."


def test_who_asked_not_to_be_contacted_is_left_alone(
    outreach: Outreach, northwind: Partner, nora: Contact, sequence: Sequence, ravi: User, alice: User
) -> None:
    sends_by_itself(outreach, ravi, alice)
    contacts.change(nora, {"do_not_contact": True}, by=alice, at=MONDAY)
    sweeping.sweep(MONDAY)
    outreach.refresh_from_db()
    assert (outreach.ended_why, sent()) == ("Nora Berg asked not to be contacted.", [])
    with pytest.raises(OutreachRefused, match="Nora Berg asked not to be contacted"):
        touches.begin(northwind, sequence, nora, by=alice, at=TUESDAY)
    organisations.change(northwind, {"do_not_contact": True}, by=alice, at=TUESDAY)
    with pytest.raises(OutreachRefused, match="Northwind asked not to be contacted"):
        touches.begin(northwind, sequence, None, by=alice, at=TUESDAY)


def test_what_is_still_to_be_filled_in_is_not_approved(outreach: Outreach, alice: User) -> None:
    first = outreach.touches.get(position=0)
    touches.edit(first, "Us", "Hello, ⟦what you noticed⟧.", by=alice, at=MONDAY)
    with pytest.raises(Unfilled, match="what you noticed"):
        touches.approve(outreach, by=alice, at=MONDAY)


def test_it_is_begun_read_sent_and_stopped_on_its_page(
    client: Client, northwind: Partner, nora: Contact, sequence: Sequence, alice: User, bob: User
) -> None:
    client.force_login(alice)
    page = reverse("lifecycle:outreach_with", args=[northwind.pk])
    assert "Nothing leaves by this" in client.get(page).text
    client.post(page, {"sequence": sequence.pk, "contact": nora.pk})
    first = Touch.objects.get(position=0)
    assert "Hello Nora." in client.get(page).text
    refused = client.post(f"/outreach/touches/{first.pk}/", {"do": "send", "subject": "Us", "text": "Hi ⟦a⟧"})
    assert refused.status_code == 422
    assert "Still to be filled in" in refused.text
    client.post(f"/outreach/touches/{first.pk}/", {"do": "send", "subject": "Us", "text": "Hi Nora."})
    assert sent() == ["Hi Nora."]
    assert mail.outbox == []
    again = client.post(f"/outreach/touches/{first.pk}/", {"do": "done"}, follow=True)
    assert "done or left out already" in again.text
    outreach = Outreach.objects.get()
    client.post(f"/outreach/{outreach.pk}/stop/", {"reason": "Met them at the fair."})
    assert "Met them at the fair." in client.get(page).text
    client.force_login(bob)
    assert "Plan the touches" not in client.get(page).text


def test_a_writer_is_warned(client: Client, northwind: Partner, nora: Contact, alice: User) -> None:
    client.force_login(alice)
    asked = messages.receive(northwind, "email", "When?", at=clock.now(), contact=nora, subject="Dates")
    today = f"/?reply={asked.conversation.waits.get().pk}"
    pages = [asked.conversation.get_absolute_url(), today]
    assert not any("asked not to be contacted" in client.get(page).text for page in pages)
    contacts.change(nora, {"do_not_contact": True}, by=alice, at=MONDAY)
    assert all("Nora Berg asked not to be contacted" in client.get(page).text for page in pages)
    organisations.change(northwind, {"do_not_contact": True}, by=alice, at=MONDAY)
    write = reverse("conversations:start", args=[northwind.pk])
    assert "Northwind asked not to be contacted" in client.get(write).text


def test_a_sequence_is_kept_under_settings(client: Client, ravi: User) -> None:
    client.force_login(ravi)
    client.post("/settings/outreach/", {"name": "Fair"})
    sequence = Sequence.objects.get(name="Fair")
    page = sequence.get_absolute_url()
    step = {"do": "add", "kind": "mail", "after_days": "0", "subject": "", "text": "Hello {contact}."}
    assert "The first mail needs a subject" in client.post(page, step).text
    assert "There is no field {name}" in client.post(page, {**step, "text": "Hello {name}."}).text
    client.post(page, {**step, "subject": "Hello"})
    client.post(page, {"do": "on"})
    sequence.refresh_from_db()
    assert (sequence.sends_by_itself, sequence.switched_by) == (True, ravi)
    assert "switched sending by itself: Fair: on" in client.get(page).text
    client.post(reverse("lifecycle:sequence_step", args=[sequence.steps.get().pk]), {"do": "remove"})
    assert not sequence.steps.exists()


def test_the_list_costs_the_same_with_3_prospects_and_with_30(
    client: Client, sequence: Sequence, alice: User
) -> None:
    client.force_login(alice)
    client.get("/outreach/")
    counts = []
    for many in (3, 30):
        for n in range(many):
            partner = organisations.add(f"Firm {n} of {many}", by=alice, at=MONDAY, owner=alice)
            touches.begin(partner, sequence, None, by=alice, at=MONDAY)
        sweeping.sweep(MONDAY)
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/outreach/?state=due&person=me")
        counts.append(len(queries))
    assert page.context["count"] == 33
    assert counts[0] == counts[1]
