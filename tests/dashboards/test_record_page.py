"""Our record towards a partner: the page shows the rows that its figures count."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations import commitments, messages
from conversations.commitments import Promise
from conversations.messages import Happening
from conversations.models import Wait
from dashboards import record
from partners.models import Contact, Partner
from prm import clock, sweeper
from team.models import Company, User
from tests.conftest import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ask_and_answer(partner: Partner, who: Contact, by: User, subject: str, after: timedelta) -> None:
    asked = messages.receive(partner, "email", "When?", at=MONDAY, contact=who, subject=subject)
    messages.reply(asked.conversation, "Then.", by=by, at=MONDAY + after)


@pytest.fixture
def page(client: Client, alice: User, northwind: Partner, nora: Contact) -> Client:
    ask_and_answer(northwind, nora, alice, "The quick one", 2 * HOUR)
    ask_and_answer(northwind, nora, alice, "The slow one", 30 * HOUR)
    messages.receive(northwind, "email", "And?", at=MONDAY + HOUR, contact=nora, subject="The open one")
    with clock.fixed(MONDAY + 2 * DAY):
        sweeper.run(MONDAY + 2 * DAY)
    client.force_login(alice)
    return client


def shown(client: Client, partner: Partner, **query: str) -> str:
    with clock.fixed(MONDAY + 2 * DAY):
        return client.get(reverse("dashboards:record", args=[partner.pk]), query).content.decode()


def test_the_figure_of_late_replies_opens_onto_just_those(page: Client, northwind: Partner) -> None:
    address = f"{reverse('dashboards:record', args=[northwind.pk])}?show=late"
    with clock.fixed(MONDAY + 2 * DAY):
        assert (
            f'<b class="t-warn">2</b><span><a href="{address}">'
            in page.get(reverse("dashboards:partner", args=[northwind.pk])).content.decode()
        )
    late = shown(page, northwind, show="late")
    assert "The slow one" in late
    assert "The open one" in late
    assert "not yet" in late
    assert "The quick one" not in late


def test_all_of_it_says_how_long_each_answer_took(page: Client, northwind: Partner) -> None:
    text = shown(page, northwind)
    assert text.count(">in time<") == 1
    assert text.count(">late<") == 2
    assert "1 d 6 h" in text
    assert "2 answered: too few for a median" in text


def test_promises_that_fell_due_stand_with_their_first_day(
    page: Client, northwind: Partner, alice: User
) -> None:
    for text in ("Send the pack", "Name a person"):
        commitments.make(northwind, Promise(text, MONDAY.date()), by=alice, at=MONDAY - HOUR)
    later = Promise("Far ahead", (MONDAY + 9 * DAY).date())
    commitments.make(northwind, later, by=alice, at=MONDAY - HOUR)
    commitments.keep(northwind.commitments.get(text="Send the pack"), by=alice, at=MONDAY)
    text = shown(page, northwind)
    assert "1 of 2 kept by their first date, too few for a share" in text
    assert "overdue" in text
    assert "Far ahead" not in text


def test_without_a_history_it_says_so(client: Client, bob: User, contoso: Partner) -> None:
    client.force_login(bob)
    text = shown(client, contoso)
    assert "Nothing was asked" in text
    assert "No promise has fallen due" in text


def test_who_may_not_see_the_partner_does_not_find_its_record(
    client: Client, bob: User, northwind: Partner
) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    client.force_login(bob)
    assert client.get(reverse("dashboards:record", args=[northwind.pk])).status_code == 404


def test_the_number_of_queries_does_not_grow(
    client: Client, alice: User, northwind: Partner, nora: Contact
) -> None:
    client.force_login(alice)
    shown(client, northwind)
    counts = []
    for many in (3, 27):
        for n in range(many):
            ask_and_answer(northwind, nora, alice, f"{n} of {many}", HOUR)
            commitments.make(northwind, Promise(f"{n}", MONDAY.date()), by=alice, at=MONDAY - HOUR)
        with CaptureQueriesContext(connection) as counted:
            shown(client, northwind)
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 19


def test_how_long_answers_took_is_their_median_whenever_they_were_written_down(
    northwind: Partner, nora: Contact, alice: User
) -> None:  # R05
    ask_and_answer(northwind, nora, alice, "In ten minutes", timedelta(minutes=10))
    asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="In five")
    call = Happening("call", "Then.", MONDAY + timedelta(minutes=5))
    messages.log(northwind, call, alice, MONDAY + 3 * HOUR, answers=[asked.conversation.waits.get()])
    found = record.towards(northwind, MONDAY + DAY)
    assert (found.n, found.median_seconds) == (2, 7.5 * 60)
    took = Wait.objects.filter(partner=northwind).values_list("elapsed_seconds", flat=True)
    assert sorted(took) == [300, 600]
