"""Promises: kept by the first date, by one moved beforehand, late or broken — three figures."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from conversations import commitments, messages
from conversations.commitments import CommitmentRefused, Promise
from conversations.messages import Happening
from conversations.models import Commitment
from partners import history
from partners.models import Contact, Event, Partner
from team.models import User
from tests.conftest import BERLIN

FRIDAY = date(2026, 6, 5)
MADE = datetime(2026, 6, 1, 10, 0, tzinfo=BERLIN)
DAY = timedelta(days=1)


def moment(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=BERLIN)


@pytest.fixture
def promise(northwind: Partner, alice: User) -> Commitment:
    return commitments.make(northwind, Promise("Send the price list", FRIDAY), alice, MADE)


def status(commitment: Commitment) -> str:
    commitment.refresh_from_db()
    return commitment.status


def test_a_day_ends_at_midnight_of_its_owner(northwind: Partner, alice: User, bob: User) -> None:
    bob.zone = "America/New_York"
    bob.save()
    made = commitments.make(northwind, Promise("Call", FRIDAY, owner=bob), alice, MADE)
    assert made.ends_at.isoformat() == "2026-06-06T00:00:00-04:00"


def test_theirs_ends_in_their_zone(nora: Contact, alice: User) -> None:
    nora.zone = "Asia/Tokyo"
    theirs = Promise("Name two engineers", FRIDAY, side="theirs", contact=nora)
    made = commitments.make(nora.partner, theirs, alice, MADE)
    assert (made.owner, made.contact) == (None, nora)
    assert made.ends_at.isoformat() == "2026-06-06T00:00:00+09:00"


def test_kept_by_its_first_date(promise: Commitment, alice: User) -> None:
    commitments.keep(promise, alice, moment(5, 23))
    assert status(promise) == "kept"


def test_done_after_its_date_is_late(promise: Commitment, alice: User) -> None:
    commitments.keep(promise, alice, moment(6, 0))
    assert status(promise) == "late"


def test_done_on_an_earlier_day_than_marked(promise: Commitment, alice: User) -> None:
    commitments.keep(promise, alice, moment(8), on=FRIDAY)
    assert status(promise) == "kept"
    assert promise.done_at == moment(5, 23) + timedelta(minutes=59, seconds=59)


def test_moved_beforehand_with_consent_is_its_own_figure(promise: Commitment, alice: User) -> None:
    commitments.renegotiate(promise, date(2026, 6, 12), "stated", alice, moment(4))
    commitments.keep(promise, alice, moment(10))
    assert status(promise) == "renegotiated"
    assert (promise.original_promised_for, promise.promised_for) == (FRIDAY, date(2026, 6, 12))


def test_moved_but_done_by_the_first_date_is_kept(promise: Commitment, alice: User) -> None:
    commitments.renegotiate(promise, date(2026, 6, 12), "theirs", alice, moment(4))
    commitments.keep(promise, alice, moment(5))
    assert status(promise) == "kept"


@pytest.mark.parametrize(("consent", "at"), [("none", moment(4)), ("stated", moment(6))])
def test_moved_without_consent_or_too_late_does_not_count(
    promise: Commitment, alice: User, consent: str, at: datetime
) -> None:
    commitments.renegotiate(promise, date(2026, 6, 12), consent, alice, at)
    commitments.keep(promise, alice, moment(10))
    assert status(promise) == "late"


def test_one_move_without_consent_spoils_the_later_ones(promise: Commitment, alice: User) -> None:
    commitments.renegotiate(promise, date(2026, 6, 12), "none", alice, moment(3))
    commitments.renegotiate(promise, date(2026, 6, 15), "stated", alice, moment(4))
    commitments.keep(promise, alice, moment(10))
    assert status(promise) == "late"


@pytest.mark.parametrize(("day", "became"), [(5, "kept"), (7, "late")])
def test_said_broken_and_done_after_all(promise: Commitment, alice: User, day: int, became: str) -> None:
    commitments.break_(promise, "No budget", alice, moment(4))
    assert status(promise) == "broken"
    commitments.keep(promise, alice, moment(day))
    assert status(promise) == became


def test_withdrawn_it_cannot_be_kept(promise: Commitment, alice: User) -> None:
    commitments.withdraw(promise, "Typed twice", alice, moment(4))
    with pytest.raises(CommitmentRefused, match="withdrawn already"):
        commitments.keep(promise, alice, moment(4))


@pytest.mark.parametrize(
    "wrong",
    [
        Promise("", FRIDAY),
        Promise(" \n ", FRIDAY),
        Promise("x" * 501, FRIDAY),
        Promise("Call", date(2026, 5, 31)),
        Promise("Call", date(2226, 6, 5)),
    ],
)
def test_an_impossible_promise_is_refused(northwind: Partner, alice: User, wrong: Promise) -> None:
    with pytest.raises(CommitmentRefused):
        commitments.make(northwind, wrong, alice, MADE)
    assert not Commitment.objects.exists()


def test_the_contact_of_another_partner_is_refused(northwind: Partner, omar: Contact, alice: User) -> None:
    with pytest.raises(CommitmentRefused, match="no contact of"):
        commitments.make(northwind, Promise("Call", FRIDAY, side="theirs", contact=omar), alice, MADE)


@pytest.mark.parametrize(
    "step",
    [
        lambda promise, alice: commitments.keep(promise, alice, moment(8)),
        lambda promise, alice: commitments.renegotiate(
            promise, date(2026, 6, 12), "stated", alice, moment(4)
        ),
        lambda promise, alice: commitments.break_(promise, "No budget", alice, moment(4)),
        lambda promise, alice: commitments.withdraw(promise, "Typed twice", alice, moment(4)),
        lambda promise, alice: commitments.correct(promise, alice, moment(4), text="Send it"),
    ],
)
def test_every_step_can_be_taken_back(promise: Commitment, alice: User, step: Any) -> None:
    promise.refresh_from_db()
    before = Commitment.objects.filter(pk=promise.pk).values().get()
    event = step(promise, alice)
    assert Commitment.objects.filter(pk=promise.pk).values().get() != before
    history.undo(event, alice, event.at + timedelta(hours=1))
    assert Commitment.objects.filter(pk=promise.pk).values().get() == before


def test_what_something_came_after_is_not_taken_back(promise: Commitment, alice: User) -> None:
    moved = commitments.renegotiate(promise, date(2026, 6, 12), "stated", alice, moment(4))
    commitments.renegotiate(promise, date(2026, 6, 15), "stated", alice, moment(4, 11))
    assert moved is not None
    with pytest.raises(CommitmentRefused, match="Something came after it"):
        history.undo(moved, alice, moment(4, 12))


def test_making_one_can_be_taken_back(promise: Commitment, alice: User) -> None:
    history.undo(Event.objects.get(kind="promise_made"), alice, MADE + timedelta(hours=1))
    assert status(promise) == "withdrawn"


def test_it_is_as_visible_as_where_it_was_made(northwind: Partner, alice: User) -> None:
    promises = [Promise("Send it", FRIDAY)]
    note = messages.log(northwind, Happening("note", "Hm"), alice, MADE, promises=promises)
    chat = messages.log(northwind, Happening("chat", "Yes", shared=True), alice, MADE, promises=promises)
    shown = [message.commitments.get().visible_to_partner for message in (note, chat)]
    assert shown == [False, True]


def test_every_step_is_in_the_history_in_words(promise: Commitment, alice: User) -> None:
    commitments.renegotiate(promise, date(2026, 6, 12), "stated", alice, moment(4), reason="Their holiday")
    commitments.keep(promise, alice, moment(10))
    told = [history.sentence(event) for event in Event.objects.filter(about_kind="commitment").order_by("pk")]
    assert told == [
        "noted a promise: Send the price list",
        "moved a promise: Their holiday",
        "marked a promise as done: Send the price list",
    ]
