"""Invitations to a review: they land in calendars, and follow when it is moved or cancelled."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conversations.meetings import ahead
from conversations.meetings.calling import Wanted
from conversations.models import Meeting
from partners import merging
from partners.models import Contact, Event
from prm import clock, sweeper
from reviews import scheduling
from reviews.meetings import inviting, sharing, steps
from reviews.meetings.packet import arranging
from reviews.models import Review
from team.models import User
from tests.conftest import BERLIN, MONDAY
from tests.lifecycle.onboarding.test_kick_offs import mailed
from tests.reviews.conftest import living
from tests.sink import Sink

TEN = datetime(2026, 6, 30, 10, tzinfo=BERLIN)


def wanted(*people: Contact, at: datetime = TEN) -> Wanted:
    return Wanted(at, at + timedelta(minutes=75), people, agenda="1. Promises")


def test_it_follows_to_the_new_day_and_is_called_off(
    review: Review, nora: Contact, alice: User, sink: Sink
) -> None:
    inviting.invite(review, wanted(nora), by=alice, at=MONDAY)
    asked = {to: word for to, _subject, word in mailed(sink)}
    assert set(asked) == {alice.email, nora.email}
    assert asked[nora.email].slots[0].starts_at == TEN
    steps.move(review, date(2026, 7, 2), "theirs", "Fair", by=alice, at=MONDAY)
    moved = {to: word for to, _subject, word in mailed(sink)}[nora.email]
    assert (moved.sequence, moved.slots[0].starts_at) == (1, TEN + timedelta(days=2))
    assert Meeting.objects.planned().get().starts_at == TEN + timedelta(days=2)
    steps.cancel(review, "theirs", "They merge", by=alice, at=MONDAY)
    words = {to: word for to, _subject, word in mailed(sink)}
    assert [words[to].is_cancelled for to in (alice.email, nora.email)] == [True, True]
    assert not Meeting.objects.planned().exists()


def test_holding_it_logs_the_meeting_that_was_asked_to(
    review: Review, nora: Contact, alice: User, bob: User, sink: Sink
) -> None:
    asked = Wanted(TEN, TEN + timedelta(minutes=75), (nora,), (bob,))
    inviting.invite(review, asked, by=alice, at=MONDAY)
    mailed(sink)
    during = TEN + timedelta(minutes=70)
    steps.hold(review, date(2026, 6, 30), by=alice, at=during)
    message = review.partner.conversations.get().messages.get()
    assert [(each.state, each.message) for each in Meeting.objects.all()] == [("logged", message)] * 2
    for person in (alice, bob):
        assert not ahead.of(person, during + timedelta(days=1))
    assert mailed(sink, during) == []


def test_held_before_the_day_asked_for_that_day_is_off(
    review: Review, nora: Contact, alice: User, sink: Sink
) -> None:
    inviting.invite(review, wanted(nora), by=alice, at=MONDAY)
    mailed(sink)
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    off = {to: word.is_cancelled for to, _subject, word in mailed(sink)}
    assert off == {alice.email: True, nora.email: True}
    assert "was held on 1 June 2026 already" in sink.bodies[-1]
    assert not ahead.of(alice, TEN + timedelta(days=1))


@pytest.mark.parametrize("same_day", [False, True])
def test_a_review_dropped_by_a_merge_is_called_off_and_its_topics_go_along(
    review: Review, nora: Contact, omar: Contact, alice: User, erin: User, sink: Sink, same_day: bool
) -> None:
    living(omar.partner)
    Contact.objects.filter(pk=omar.pk).update(email="omar@contoso.example")
    omar.refresh_from_db()
    scheduling.ensure_upcoming(MONDAY)
    dropped = Review.objects.get(partner=omar.partner)
    if same_day:
        Review.objects.filter(pk=dropped.pk).update(slot_on=review.slot_on)
    dropped.refresh_from_db()
    for each, who in ((review, nora), (dropped, omar)):
        day = datetime.combine(each.on, TEN.timetz())
        inviting.invite(each, wanted(who, at=day), by=alice, at=MONDAY)
    arranging.add_topic(dropped, "Prices", by=omar, at=MONDAY)
    mailed(sink)
    merging.merge_partners(review.partner, omar.partner, {}, by=erin, at=MONDAY)
    off = [(to, word.is_cancelled) for to, _subject, word in mailed(sink)]
    assert sorted(off) == sorted([(alice.email, True), (omar.email, True)])
    assert "the other review stands" in sink.bodies[-1]
    assert Review.objects.ahead().get() == review
    assert [str(topic) for topic in review.topics.all()] == ["Prices"]
    assert Meeting.objects.planned().get().contacts.get() == nora
    sweeper.run(MONDAY + timedelta(minutes=1))
    assert mailed(sink, MONDAY + timedelta(minutes=1)) == []
    merging.undo(Event.objects.get(kind="partners_merged"), by=erin, at=MONDAY)
    dropped.refresh_from_db()
    assert (dropped.is_ahead, str(dropped.topics.get())) == (True, "Prices")
    day = datetime.combine(dropped.on, TEN.timetz())
    inviting.invite(dropped, wanted(omar, at=day), by=alice, at=MONDAY)
    assert {(to, word.is_cancelled) for to, _subject, word in mailed(sink)} == {
        (alice.email, False),
        (omar.email, False),
    }


def test_it_asks_for_its_own_day_and_for_people_there(
    review: Review, nora: Contact, omar: Contact, alice: User
) -> None:
    for refused in (wanted(), wanted(omar), wanted(nora, at=TEN + timedelta(days=1))):
        with pytest.raises(steps.StepRefused):
            inviting.invite(review, refused, by=alice, at=MONDAY)


def test_the_page_invites(
    client: Client, review: Review, nora: Contact, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    client.force_login(alice)
    address = reverse("reviews:invite", args=[review.pk])
    assert b"2026-06-30T10:00" in client.get(address).content
    typed = {"starts_at": "2026-06-30T14:00", "minutes": 60, "place": "Room 4", "contacts": [nora.pk]}
    assert client.post(address, {**typed, "starts_at": "2026-06-29T14:00"}).status_code == 422
    page = client.post(address, typed, follow=True).content.decode()
    assert "14:00, Room 4" in page


def test_a_fifth_of_the_agenda_looks_back_on_both_sides(
    client: Client, review: Review, nora: Contact, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    arranging.add_topic(review, "Prices", by=nora, at=MONDAY)
    theirs = reverse("reviews:shared", args=[sharing.token(review, nora, MONDAY)])
    says = "20 % of the time looks back, first at what we promised each other; 80 % looks ahead."
    assert says in client.get(theirs).text
    client.force_login(alice)
    assert says in client.get(review.get_absolute_url()).text
    form = client.get(reverse("reviews:invite", args=[review.pk])).context["form"]
    assert form.initial["agenda"].splitlines() == [
        "Looking back: 20 % of the time",
        "1. What we promised each other",
        "2. Results of both sides",
        "Looking ahead: 80 % of the time",
        "3. Goals, targets and deals of the next quarter",
        "4. Prices",
        "5. Who does what by when",
    ]
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)
    assert says not in client.get(review.get_absolute_url()).text


def test_the_form_names_the_zone_and_begins_with_the_main_contact(
    client: Client, review: Review, nora: Contact, alice: User
) -> None:
    client.force_login(alice)
    address = reverse("reviews:invite", args=[review.pk])
    page = client.get(address)
    assert f"In your time zone, {alice.zone}." in page.content.decode()
    assert list(page.context["form"].initial["contacts"]) == [nora]
    Contact.objects.filter(pk=nora.pk).update(do_not_contact=True)
    assert "Nobody there has an e-mail address and wants mail" in client.get(address).content.decode()
