"""The digest of a partner's people: once a local day, with news only, stopped by one press."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from conversations import commitments, messages, private_threads
from conversations.commitments import Promise
from conversations.models import Commitment
from partners import contacts, history
from partners.models import Contact, Event, Partner
from portal import digest_mails, digests, passes
from portal.models import Digest
from prm import clock, outbox, sweeper
from prm.models import OutboxItem
from reviews import scheduling
from reviews.issues import raising, solving
from reviews.issues.models import Cause, Severity
from team.models import User
from tests.conftest import BERLIN, MONDAY
from tests.reviews.conftest import living
from tests.sink import Sink

DAY = timedelta(days=1)
MORNING = datetime(2026, 6, 2, 8, 30, tzinfo=BERLIN)
FRIDAY = date(2026, 6, 5)


@pytest.fixture(autouse=True)
def nora_has_a_pass(nora: Contact, alice: User) -> None:
    passes.give(nora, 300, by=alice, at=MONDAY)


def promise(
    partner: Partner, by: User, text: str = "Send the price list", day: date = FRIDAY, **more: Any
) -> Commitment:
    typed = Promise(text, day, **more)
    return commitments.make(partner, typed, by=by, at=MONDAY, visible_to_partner=True)


def mails(sink: Sink, at: datetime) -> list[str]:
    """What goes out at this moment, swept twice."""
    before = len(sink.mails)
    with clock.fixed(at):
        sweeper.run(at, only="partner digests")
        sweeper.run(at, only="partner digests")
        outbox.deliver(at)
    new = [each for each in sink.mails[before:] if each[outbox.GENERATOR] == digest_mails.MAIL]
    return [each.get_payload(decode=True).decode().replace("\r\n", "\n") for each in new]


def test_nothing_is_sent_until_somebody_switches_it_on(northwind: Partner, alice: User, sink: Sink) -> None:
    promise(northwind, alice)
    assert not Digest.objects.exists()
    assert mails(sink, MORNING + 2 * DAY) == []


def test_it_says_what_is_due_soon_once_and_again_when_it_is_late(
    northwind: Partner, alice: User, sink: Sink
) -> None:
    digests.switch_on(northwind, by=alice, at=MONDAY)
    promise(northwind, alice)
    promise(northwind, alice, "Name two consultants", side=Commitment.Side.THEIRS)
    promise(northwind, alice, "Plan the autumn", day=date(2026, 9, 1))
    assert mails(sink, MORNING) == []  # Tuesday: Friday is three working days ahead
    assert mails(sink, MORNING + DAY - timedelta(minutes=1)) == []
    (body,) = mails(sink, MORNING + DAY)
    assert "What we promised you\n- Send the price list: by Friday 5 June\n" in body
    assert "What you promised\n- Name two consultants: by Friday 5 June\n" in body
    assert "autumn" not in body
    for day in (2, 3):
        assert mails(sink, MORNING + day * DAY) == []
    (body,) = mails(sink, MORNING + 4 * DAY)
    assert "- Send the price list: late, it was due Friday 5 June\n" in body
    assert len(mails(sink, MORNING + 5 * DAY) + mails(sink, MORNING + 6 * DAY)) == 1  # a new week


def test_a_day_that_was_moved_is_news(northwind: Partner, alice: User, sink: Sink) -> None:
    digests.switch_on(northwind, by=alice, at=MONDAY)
    made = promise(northwind, alice)
    commitments.renegotiate(made, date(2026, 7, 3), "stated", by=alice, at=MONDAY)
    (body,) = mails(sink, MORNING)
    assert "- Send the price list: by Friday 3 July, first promised for 5 June\n" in body


def test_it_comes_at_half_past_eight_of_its_reader_once_a_day_through_changes_of_zone(
    northwind: Partner, nora: Contact, alice: User, sink: Sink
) -> None:
    Contact.objects.filter(pk=nora.pk).update(zone="America/New_York")
    digests.switch_on(northwind, by=alice, at=MONDAY)
    promise(northwind, alice, day=date(2026, 6, 3))
    assert mails(sink, MORNING) == []
    assert len(mails(sink, datetime(2026, 6, 2, 12, 30, tzinfo=UTC))) == 1
    Contact.objects.filter(pk=nora.pk).update(zone="Pacific/Honolulu")
    promise(northwind, alice, "Call back", day=date(2026, 6, 3))
    Digest.objects.update(next_check_at=MORNING)
    assert mails(sink, MORNING + timedelta(hours=11)) == []  # the same local day there
    assert len(mails(sink, MORNING + timedelta(hours=36))) == 1


def test_what_is_done_before_it_leaves_is_not_sent(northwind: Partner, alice: User, sink: Sink) -> None:
    digests.switch_on(northwind, by=alice, at=MONDAY)
    made = promise(northwind, alice, day=date(2026, 6, 3))
    digest_mails.sweep(MORNING)
    commitments.keep(made, by=alice, at=MORNING)
    assert mails(sink, MORNING) == []
    assert OutboxItem.objects.get(kind=digest_mails.MAIL).state == "dropped"


def test_no_other_partner_and_nothing_internal_stands_in_it(
    northwind: Partner, contoso: Partner, nora: Contact, alice: User, sink: Sink
) -> None:
    digests.switch_on(northwind, by=alice, at=MONDAY)
    promise(northwind, alice, "Send the price list", day=date(2026, 6, 3))
    promise(contoso, alice, "Canary of Contoso", day=date(2026, 6, 3))
    commitments.make(northwind, Promise("Internal canary", date(2026, 6, 3)), by=alice, at=MONDAY)
    other = contacts.add(northwind, "Ove", by=alice, at=MONDAY, email="ove@northwind.co.uk")
    promise(northwind, alice, "Canary of Ove", date(2026, 6, 3), side=Commitment.Side.THEIRS, contact=other)
    said = messages.receive(northwind, "email", "Secret?", MONDAY, contact=other)
    commitments.make(northwind, Promise("Private canary", date(2026, 6, 3)), alice, MONDAY, made_in=said)
    messages.reply(said.conversation, "Yes.", alice, MONDAY, to=other)
    private_threads.make_private(said.conversation, alice, MONDAY)
    (body,) = mails(sink, MORNING)
    assert ("Send the price list" in body, "anary" in body) == (True, False)


def test_one_press_stops_it_and_looking_does_not(
    northwind: Partner, nora: Contact, alice: User, sink: Sink, client: Client
) -> None:
    digests.switch_on(northwind, by=alice, at=MONDAY)
    promise(northwind, alice, day=date(2026, 6, 3))
    mails(sink, MORNING)
    (mail,) = sink.mails
    stop = mail["List-Unsubscribe"].strip("\r\n <>").replace(settings.BASE_URL, "")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Stop it" in client.get(stop).content.decode()
    assert Digest.objects.get().stopped_at is None
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Digest.objects.get().stopped_at is not None
    promise(northwind, alice, "Call back", day=date(2026, 6, 3))
    assert mails(sink, MORNING + DAY) == []
    digests.switch_off(northwind, by=alice, at=MORNING)
    digests.switch_on(northwind, by=alice, at=MORNING)
    passes.give(nora, 30, by=alice, at=MORNING)
    assert mails(sink, MORNING + DAY) == []
    assert "The digest" in client.post(stop, {"resume": "1"}).content.decode()
    assert Event.objects.latest("pk").kind == "digest_resumed"
    assert Digest.objects.get().next_check_at is not None
    assert client.get(stop[:-2] + "x/").status_code == 404


@pytest.mark.parametrize("gone", ["pass", "contact", "address", "asked", "ended"])
def test_who_may_not_read_the_page_gets_none(
    northwind: Partner, nora: Contact, alice: User, sink: Sink, gone: str
) -> None:
    digests.switch_on(northwind, by=alice, at=MONDAY)
    promise(northwind, alice, day=date(2026, 6, 3))
    if gone == "pass":
        passes.end(nora.passes.get(), by=alice, at=MONDAY)
    elif gone == "contact":
        contacts.leave(nora, on=MONDAY.date(), by=alice, at=MONDAY)
    elif gone == "address":
        Contact.objects.filter(pk=nora.pk).update(email="")
    elif gone == "asked":
        Contact.objects.filter(pk=nora.pk).update(do_not_contact=True)
    else:
        Partner.objects.filter(pk=northwind.pk).update(stage="ended", step="", status="ended")
    assert mails(sink, MORNING) == []


def test_it_is_switched_on_the_page_of_passes_and_undone(
    northwind: Partner, nora: Contact, alice: User, bob: User, client: Client
) -> None:
    page, switch = (
        reverse("portal:passes", args=[nora.pk]),
        reverse("portal:switch_digest", args=[northwind.pk]),
    )
    client.force_login(alice)
    assert "get no digest" in client.get(page).content.decode()
    client.post(switch, {"on": "1", "next": page})
    assert "In the morning" in client.get(page).content.decode()
    history.undo(Event.objects.get(kind="digest_switched_on"), by=alice, at=clock.now())
    assert "get no digest" in client.get(page).content.decode()


def test_it_reminds_of_an_answer_wanted_and_says_how_issues_stand(
    northwind: Partner, nora: Contact, omar: Contact, alice: User, sink: Sink
) -> None:
    digests.switch_on(northwind, by=alice, at=MONDAY)
    cause = Cause.objects.create(name="Fault")
    solved = raising.raise_one(northwind, "Slow page", "Slow.", Severity.MINOR, nora, MONDAY)
    raising.raise_one(northwind, "No licences", "None.", Severity.SERIOUS, nora, MONDAY)
    sent = messages.start(northwind, "Sites", "Which?", alice, MONDAY, to=nora, wanted_by=FRIDAY)
    solving.solve(solved, "It is quick now.", cause, alice, MONDAY + timedelta(hours=1), tell=nora)
    (body,) = mails(sink, MORNING + DAY)  # Wednesday
    assert "What we would like to hear from you\n- Your answer to “Sites”: by Friday 5 June\n" in body
    assert "Issues\n- No licences: by Thursday 4 June\n- Slow page: solved" in body
    messages.receive(northwind, "email", "Two.", MORNING + DAY, sent.conversation, contact=nora)
    (body,) = mails(sink, MORNING + 6 * DAY)
    assert "Sites" not in body
    assert "- No licences: late, it was due Thursday 4 June\n" in body


# --- once a month -----------------------------------------------------------------------------------------


@pytest.fixture
def tail(northwind: Partner, alice: User) -> Partner:
    """Reviewed every year; in May we answered one question, in June there is nothing."""
    living(northwind, signed_on=date(2025, 3, 31))
    scheduling.ensure_upcoming(MONDAY - 60 * DAY, [northwind.pk])
    asked = messages.receive(northwind, "email", "When?", at=MONDAY - 20 * DAY, subject="Dates")
    messages.reply(asked.conversation, "Soon.", by=alice, at=MONDAY - 20 * DAY + timedelta(hours=1))
    digests.switch_on(northwind, by=alice, at=MONDAY)
    return northwind


def test_a_partner_of_the_tail_reads_once_what_the_month_before_brought(
    tail: Partner, alice: User, sink: Sink
) -> None:
    (mail,) = mails(sink, MORNING)
    assert "The month before\n- How we answered each other: Answered in time 1 of 1" in mail
    assert "- The next review: " in mail
    assert mails(sink, MORNING + DAY) == []
    promise(tail, alice)
    (other,) = mails(sink, MORNING + 2 * DAY)
    assert "The month before" not in other
    for days in range(3, 29):
        assert not any("The month before" in each for each in mails(sink, MORNING + days * DAY))


def test_a_mail_that_goes_out_days_later_still_tells_of_its_month(
    tail: Partner, nora: Contact, sink: Sink
) -> None:
    digest_mails.sweep(MORNING)
    (mail,) = mails(sink, MORNING + 3 * DAY)
    assert "The month before\n- How we answered each other: Answered in time 1 of 1" in mail
    assert mails(sink, MORNING + 4 * DAY) == []


def test_a_month_in_which_nothing_happened_is_not_told(tail: Partner, sink: Sink) -> None:
    assert len(mails(sink, MORNING)) == 1
    assert mails(sink, MORNING + 30 * DAY) == []


def test_a_partner_that_is_reviewed_more_often_is_told_no_month(
    tail: Partner, alice: User, sink: Sink
) -> None:
    scheduling.set_rhythm(tail, date(2025, 3, 31), 3, by=alice, at=MONDAY)
    assert mails(sink, MORNING) == []
