"""The kick-off: invitations that calendars understand, changes that follow, minutes that count."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations.commitments import Promise
from conversations.meetings import invitations
from conversations.models import Commitment, Meeting
from lifecycle.models import Evidence, KickOff, PlanTemplate
from lifecycle.onboarding import kick_offs, plans
from lifecycle.onboarding.kick_offs import KickOffRefused, Wanted
from partners import contacts
from partners.models import Contact, Partner
from prm import clock, outbox
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.onboarding.conftest import named
from tests.sink import Sink

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def wanted(*people: Contact, hours: int = 48, **more: Any) -> Wanted:
    starts = MONDAY + hours * HOUR
    return Wanted(starts, starts + HOUR, people, **{"place": "Room 4", "agenda": "1. Targets", **more})


def mailed(sink: Sink, at: Any = MONDAY) -> list[tuple[str, str, invitations.Invitation]]:
    """To whom, with which subject, and what a calendar reads of it; of the mails that go out now."""
    before = len(sink.mails)
    outbox.deliver(at)
    found = []
    for mail in sink.mails[before:]:
        part = next(each for each in mail.walk() if each.get_content_type() == "text/calendar")
        (asked,) = invitations.read(part.get_payload(decode=True), at)
        assert part.get_param("method") == ("CANCEL" if asked.is_cancelled else "REQUEST")
        found.append((mail["To"], str(mail["Subject"]), asked))
    return sorted(found, key=lambda each: each[0])


@pytest.fixture
def kick_off(northwind: Partner, nora: Contact, alice: User, bob: User) -> KickOff:
    return kick_offs.plan(northwind, wanted(nora, colleagues=(bob,)), by=alice, at=MONDAY)


def test_everybody_is_asked_once_and_told_of_changes(
    kick_off: KickOff, northwind: Partner, nora: Contact, alice: User, bob: User, sink: Sink
) -> None:
    first = mailed(sink)
    assert [to for to, _, _ in first] == ["alice@acme.example", "bob@acme.example", "nora@northwind.example"]
    asked = first[2][2]
    assert (asked.sequence, asked.organiser, asked.slots[0].starts_at) == (
        0,
        "alice@acme.example",
        MONDAY + 48 * HOUR,
    )
    assert mailed(sink) == []
    assert Meeting.objects.planned().filter(partner=northwind).count() == 2  # Alice's and Bob's
    kick_offs.change(kick_off, wanted(nora, hours=72), by=alice, at=MONDAY + HOUR)
    second = mailed(sink, MONDAY + HOUR)
    assert [(to, asked.is_cancelled, asked.sequence) for to, _, asked in second] == [
        ("alice@acme.example", False, 1),
        ("bob@acme.example", True, 1),
        ("nora@northwind.example", False, 1),
    ]
    assert second[2][1] == "Changed: Kick-off: Acme and Northwind"
    planned = Meeting.objects.planned().get()
    assert (planned.person, planned.starts_at, planned.contacts.get()) == (alice, MONDAY + 72 * HOUR, nora)
    kick_offs.call_off(kick_off, "Nora is ill", by=alice, at=MONDAY + 2 * HOUR)
    third = mailed(sink, MONDAY + 2 * HOUR)
    assert [(to, asked.is_cancelled, asked.sequence) for to, _, asked in third] == [
        ("alice@acme.example", True, 2),
        ("nora@northwind.example", True, 2),
    ]
    assert not Meeting.objects.planned().exists()
    with pytest.raises(KickOffRefused, match="called off already"):
        kick_offs.change(kick_off, wanted(nora), by=alice, at=MONDAY)


def test_a_mail_that_a_newer_word_overtook_does_not_leave(
    kick_off: KickOff, nora: Contact, alice: User, sink: Sink
) -> None:
    kick_offs.change(kick_off, wanted(nora, hours=72), by=alice, at=MONDAY)
    assert [asked.sequence for to, _, asked in mailed(sink) if to.startswith("nora")] == [1]


def test_nobody_is_asked_who_cannot_or_does_not_want(
    northwind: Partner, nora: Contact, omar: Contact, alice: User
) -> None:
    silent = contacts.add(northwind, "Silent", by=alice, at=MONDAY, email="s@northwind.example")
    Contact.objects.filter(pk=silent.pk).update(do_not_contact=True)
    for people in ((nora, silent), (nora, omar), ()):
        with pytest.raises(KickOffRefused, match="Of theirs"):
            kick_offs.plan(northwind, wanted(*people), by=alice, at=MONDAY)
    with pytest.raises(KickOffRefused, match="time to come"):
        kick_offs.plan(northwind, wanted(nora, hours=-1), by=alice, at=MONDAY)
    kick_offs.plan(northwind, wanted(nora), by=alice, at=MONDAY)
    with pytest.raises(KickOffRefused, match="planned already"):
        kick_offs.plan(northwind, wanted(nora), by=alice, at=MONDAY)


def test_held_it_leaves_minutes_promises_evidence_and_a_done_task(
    kick_off: KickOff, northwind: Partner, template: PlanTemplate, nora: Contact, alice: User
) -> None:
    plans.make(northwind, template, date(2026, 6, 1), by=alice, at=MONDAY)
    with pytest.raises(KickOffRefused, match="not begun"):
        kick_offs.hold(kick_off, "We met.", True, [], by=alice, at=MONDAY)
    after = MONDAY + 50 * HOUR
    promise = Promise("Name two engineers", date(2026, 6, 12), "theirs", contact=nora)
    message = kick_offs.hold(kick_off, "We met.", True, [promise], by=alice, at=after)
    assert (message.visible_to_partner, message.occurred_at) == (True, MONDAY + 48 * HOUR)
    assert Commitment.objects.get(made_in=message).contact == nora
    fact = Evidence.objects.get(partner=northwind, kind="kick_off_held")
    assert fact.on == date(2026, 6, 3)
    assert named("Hold the kick-off").done_at == after
    assert {meeting.message for meeting in Meeting.objects.all()} == {message}


def test_it_is_planned_and_written_down_on_pages(
    client: Client, northwind: Partner, nora: Contact, alice: User, bob: User
) -> None:
    client.force_login(alice)
    plan = reverse("lifecycle:kick_off_plan", args=[northwind.pk])
    with clock.fixed(MONDAY):
        assert plan in client.get(northwind.get_absolute_url()).content.decode()
        said = {"starts_at": "2026-06-03T10:00", "minutes": 90, "contacts": [nora.pk], "agenda": "1. Targets"}
        assert client.post(plan, {**said, "minutes": 0}).status_code == 422
        client.post(plan, said)
        kick_off = KickOff.objects.get()
        assert (kick_off.starts_at, kick_off.length) == (MONDAY + 2 * DAY + HOUR, 90)
        assert client.get(plan).status_code == 302
        change = reverse("lifecycle:kick_off_change", args=[kick_off.pk])
        again = client.post(change, said)
        assert (again.status_code, "Nothing is different" in again.content.decode()) == (422, True)
    held = reverse("lifecycle:kick_off_hold", args=[kick_off.pk])
    with clock.fixed(MONDAY + 3 * DAY):
        assert client.post(held, {"minutes": "We met.", "promise": "Send the pack"}).status_code == 422
        client.post(held, {"minutes": "We met.", "promise": "Send the pack", "promised_for": "2026-06-12"})
        page = client.get(kick_off.get_absolute_url()).content.decode()
    assert "Send the pack" in page
    assert "We met." in page
    client.force_login(bob)
    assert client.get(kick_off.get_absolute_url()).status_code == 200
    assert client.post(held, {"minutes": "x"}).status_code == 403
