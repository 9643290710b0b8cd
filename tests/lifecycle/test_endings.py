"""A partnership ends on a planned day, and what stands is settled before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations import commitments
from conversations.commitments import Promise
from lifecycle import tasks
from lifecycle.ending import endings
from lifecycle.ending.endings import EndingRefused
from lifecycle.growth import customers, deals, phases, registrations
from lifecycle.models import Certificate, Course, Ending, Phase, Registration, Task
from partners.models import Contact, EndReason, Event, Partner, Stage, Status
from portal import passes
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import onboarded

LAST = date(2026, 6, 30)
AFTER = MONDAY + timedelta(days=31)


@pytest.fixture
def reason(db: None) -> EndReason:
    return EndReason.objects.create(name="Goals missed")


@pytest.fixture
def live(alice: User) -> Partner:
    partner = onboarded("Fabrikam", alice)
    partner.refresh_from_db()
    return partner


@pytest.fixture
def things(live: Partner, alice: User) -> None:
    """An open deal, a customer it won, a promise of ours, a registration; a contact with a pass and two
    certificates, one of them withdrawn."""
    phases.seed()
    baker = customers.found("Baker Foods", MONDAY)
    deals.start(live, "Roll-out", baker, by=alice, at=MONDAY)
    won = deals.start(live, "Pilot", customers.found("Linden Bank", MONDAY), by=alice, at=MONDAY, amount=5)
    deals.move(won, Phase.objects.get(ends="won"), by=alice, at=MONDAY)
    commitments.make(live, Promise("Send the pack", date(2026, 7, 31)), by=alice, at=MONDAY)
    registrations.ask(live, "Second site", customers.found("Harbour", MONDAY), by=alice, at=MONDAY)
    who = Contact.objects.create(partner=live, name="Finn", created_at=MONDAY)
    course = Course.objects.create(title="Basics", created_at=MONDAY)
    for number, gone in (("A1", None), ("A2", MONDAY)):
        Certificate.objects.create(
            number=number,
            course=course,
            partner=live,
            contact=who,
            name="Finn",
            issued_on=MONDAY.date(),
            withdrawn_at=gone,
            withdrawn_reason="A mistake." if gone else "",
        )
    passes.give(who, 200, by=alice, at=MONDAY)


@pytest.fixture
def ending(live: Partner, things: None, reason: EndReason, alice: User) -> Ending:
    return endings.plan(live, "mutual", reason, "", LAST, date(2026, 6, 15), by=alice, at=MONDAY)


def test_what_stands_is_listed_with_a_task_for_each_that_does_not_close_itself(
    ending: Ending, alice: User
) -> None:
    listed = {loose.part: (loose.words, loose.task is not None) for loose in ending.loose_ends.all()}
    assert listed == {
        "deals": ("Roll-out", True),
        "customers": ("Linden Bank", True),
        "certificates": ("Basics, Finn", True),
        "promises": ("Send the pack", True),
        "protections": ("Second site, Harbour", False),
        "access": ("pass of Finn", False),
    }
    due = set(Task.objects.filter(pk__in=ending.loose_ends.values("task")).values_list("due_on", "owner"))
    assert due == {(date(2026, 6, 15), alice.pk)}
    assert endings.look_again(ending, by=alice, at=MONDAY) == 0


def test_on_the_day_after_the_last_one_it_ends_once_and_access_with_it(
    ending: Ending, live: Partner, alice: User
) -> None:
    endings.sweep(AFTER - timedelta(days=2))
    live.refresh_from_db()
    assert live.status == Status.LIVE
    for _ in range(2):
        endings.sweep(AFTER)
    live.refresh_from_db()
    ending.refresh_from_db()
    assert (live.status, live.stage, ending.state) == (Status.ENDED, Stage.ENDED, Ending.State.DONE)
    assert live.end_reason == ending.end_reason
    assert Event.objects.filter(kind="ended", partner=live).count() == 1
    given = live.contacts.get().passes.get()
    assert passes.why_closed(given, AFTER) == "This address was closed."
    assert Event.objects.filter(kind="pass_ended").count() == 1
    assert Registration.objects.get().state == Registration.State.WITHDRAWN
    (notice,) = alice.notices.filter(kind="partnership_ended")
    assert "4 things are still to be settled" in notice.text


def test_called_off_the_partnership_goes_on(ending: Ending, live: Partner, alice: User) -> None:
    endings.call_off(ending, "They stay.", by=alice, at=MONDAY)
    endings.sweep(AFTER)
    live.refresh_from_db()
    assert live.status == Status.LIVE
    assert set(Task.objects.filter(partner=live).values_list("skipped_reason", flat=True)) == {"They stay."}
    with pytest.raises(EndingRefused):
        endings.call_off(ending, "", by=alice, at=MONDAY)


def test_an_end_that_cannot_be_is_refused_in_words(
    live: Partner, northwind: Partner, reason: EndReason, alice: User
) -> None:
    with pytest.raises(EndingRefused, match="a prospect is declined"):
        endings.plan(northwind, "ours", reason, "", LAST, None, by=alice, at=MONDAY)
    with pytest.raises(EndingRefused, match="today or a day to come"):
        endings.plan(live, "ours", reason, "", date(2026, 5, 1), None, by=alice, at=MONDAY)
    with pytest.raises(EndingRefused, match="not after the last day"):
        endings.plan(live, "ours", reason, "", LAST, date(2026, 7, 1), by=alice, at=MONDAY)


def test_its_page_plans_it_and_says_what_happens_to_each(
    client: Client, live: Partner, things: None, reason: EndReason, alice: User, bob: User
) -> None:
    client.force_login(alice)
    page = reverse("lifecycle:ending", args=[live.pk])
    form = {"kind": "theirs", "end_reason": reason.pk, "last_on": "2099-06-30"}
    assert client.post(page, {**form, "last_on": "2001-06-30"}).status_code == 422
    assert client.post(page, {**form, "last_on": "2040-06-30"}).status_code == 303
    ending = Ending.objects.get()
    deal = ending.loose_ends.get(part="deals")
    client.post(f"/endings/loose/{deal.pk}/", {"outcome": "Contoso takes it over.", "do": "done"})
    deal.refresh_from_db()
    assert deal.task is not None
    assert (deal.outcome, deal.task.text) == ("Contoso takes it over.", "Roll-out: Contoso takes it over.")
    assert deal.task.done_at is not None
    answer = client.get(page)
    assert "Contoso takes it over." in answer.text
    assert "settled" in answer.text
    assert (
        "Say what happens to it."
        in client.post(f"/endings/loose/{deal.pk}/", {"outcome": " "}, follow=True).text
    )
    client.force_login(bob)
    assert "Save" not in client.get(page).text


def test_a_pass_of_an_ended_partner_opens_nothing(live: Partner, things: None) -> None:
    Partner.objects.filter(pk=live.pk).update(status=Status.ENDED, stage=Stage.ENDED)
    given = live.contacts.get().passes.get()
    assert (
        passes.why_closed(passes.behind(passes.token(given)) or given, MONDAY) == "This address was closed."
    )


def test_the_page_costs_the_same_with_3_things_and_with_30(
    client: Client, live: Partner, reason: EndReason, alice: User
) -> None:
    client.force_login(alice)
    counts = []
    for many in (3, 27):
        for n in range(many):
            commitments.make(live, Promise(f"Send {n} of {many}", date(2026, 7, 31)), by=alice, at=MONDAY)
        ending = Ending.objects.first() or endings.plan(
            live, "ours", reason, "", LAST, None, by=alice, at=MONDAY
        )
        endings.look_again(ending, by=alice, at=MONDAY)
        client.get(ending.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(ending.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert tasks.Task.objects.count() == 30
