"""The partner's page joins what every app knows."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from conversations import commitments, messages
from conversations.commitments import Promise
from conversations.messages import Happening
from partners import history, organisations
from partners.models import Contact, Event, Partner
from prm import clock
from prm.templatetags.ui import drawings
from team.models import User
from tests.conftest import MONDAY
from tests.dashboards.test_today import HOUR


def test_it_shows_who_waits_and_for_how_long(
    client: Client, alice: User, northwind: Partner, nora: Contact
) -> None:
    messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    client.force_login(alice)
    with clock.fixed(MONDAY + 2 * HOUR):
        page = client.get(northwind.get_absolute_url()).content.decode()
    assert "Reply · 22 h left" in page
    assert "When?" in page


def test_its_timeline_holds_messages_and_events(client: Client, alice: User, northwind: Partner) -> None:
    messages.log(northwind, Happening("call", "They like the plan."), by=alice, at=MONDAY + HOUR)
    client.force_login(alice)
    page = client.get(northwind.get_absolute_url()).content.decode()
    assert "They like the plan." in page
    assert "added" in page


def test_all_its_forms_carry_one_token(client: Client, alice: User, northwind: Partner) -> None:
    for text in ("Send prices", "Send dates"):
        commitments.make(northwind, Promise(text, MONDAY.date() + timedelta(days=9)), by=alice, at=MONDAY)
    client.force_login(alice)
    page = client.get(northwind.get_absolute_url()).content.decode()
    tokens = re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert len(tokens) > 3  # those of the two promises and of what undoes them among them
    assert len(set(tokens)) == 1


def test_an_entry_says_its_note_once(client: Client, alice: User, northwind: Partner) -> None:
    Event.record("plan_made", MONDAY + HOUR, alice, northwind, note="Onboarding, 8 tasks")
    said = {"text": "Sandbox"}
    Event.record("task_done", MONDAY + HOUR, alice, northwind, changes=said, note="They are ready.")
    client.force_login(alice)
    page = client.get(f"{northwind.get_absolute_url()}?show=road").content.decode()
    assert (page.count("Onboarding, 8 tasks"), page.count("They are ready.")) == (1, 1)


def test_what_was_written_is_shown_as_it_was_written(client: Client, alice: User, northwind: Partner) -> None:
    people = Contact.objects.create(partner=northwind, name="<b>Nora</b>", created_at=MONDAY)
    messages.receive(
        northwind, "email", "<script>1</script>\nBye", MONDAY, contact=people, subject="<i>Hi</i>"
    )
    client.force_login(alice)
    page = client.get(northwind.get_absolute_url()).content.decode()
    assert '<p class="small">&lt;script&gt;1&lt;/script&gt;<br>Bye</p>' in page
    assert "&lt;i&gt;Hi&lt;/i&gt;</a>" in page
    assert '<b class="b6">&lt;b&gt;Nora&lt;/b&gt;</b>' in page


def test_every_kind_of_event_has_its_icon() -> None:
    assert {kind.icon for kind in history.kinds()} <= drawings().keys()


def test_the_timeline_says_the_time_of_an_old_entry(client: Client, alice: User, northwind: Partner) -> None:
    messages.log(northwind, Happening("call", "They like the plan."), by=alice, at=MONDAY + HOUR)
    client.force_login(alice)
    with clock.fixed(MONDAY + 240 * HOUR):
        page = client.get(northwind.get_absolute_url()).content.decode()
    assert ">Mon 1 Jun<" in page
    assert ">10:00<" in page


def test_the_timeline_goes_on_where_it_ended(client: Client, alice: User, northwind: Partner) -> None:
    for n in range(50):
        messages.log(northwind, Happening("note", f"note number {n:02d}."), by=alice, at=MONDAY + n * HOUR)
    client.force_login(alice)
    seen: list[str] = []
    address = f"{northwind.get_absolute_url()}?show=conversations"
    with clock.fixed(MONDAY + timedelta(days=5)):
        while address:
            answer = client.get(address)
            seen += [i.text for _, items in answer.context["timeline"].days for i in items]
            older = answer.context["older_url"]
            address = northwind.get_absolute_url() + older if older else ""
    assert seen == [f"note number {n:02d}." for n in range(49, -1, -1)]


def test_entries_of_one_moment_are_neither_lost_nor_shown_twice(
    client: Client, alice: User, northwind: Partner
) -> None:
    for n in range(30):
        messages.log(northwind, Happening("note", f"note {n}"), by=alice, at=MONDAY + HOUR)
        commitments.make(northwind, Promise(f"promise {n}", MONDAY.date()), by=alice, at=MONDAY + HOUR)
    client.force_login(alice)
    seen: list[str] = []
    address = northwind.get_absolute_url()
    with clock.fixed(MONDAY + 2 * HOUR):
        while address:
            answer = client.get(address)
            entries = [i for _, items in answer.context["timeline"].days for i in items]
            assert len(entries) <= 20
            seen += [i.text or i.title.rpartition(": ")[2] for i in entries]
            older = answer.context["older_url"]
            address = northwind.get_absolute_url() + older if older else ""
    expected = [f"{what} {n}" for what in ("note", "promise") for n in range(30)]
    assert sorted(text for text in seen if text.startswith(("note", "promise"))) == sorted(expected)


def test_our_record_says_when_it_is_too_few(
    client: Client, alice: User, northwind: Partner, nora: Contact
) -> None:
    messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora)
    conversation = northwind.conversations.get()
    messages.reply(conversation, "Now.", by=alice, at=MONDAY + HOUR)
    client.force_login(alice)
    with clock.fixed(MONDAY + 2 * HOUR):
        page = client.get(northwind.get_absolute_url()).content.decode()
    assert "too few for a median" in page


def test_open_promises_stand_beside_it(client: Client, alice: User, northwind: Partner) -> None:
    promise = Promise("Send the pack", MONDAY.date() + timedelta(days=3))
    commitments.make(northwind, promise, by=alice, at=MONDAY)
    client.force_login(alice)
    with clock.fixed(MONDAY + HOUR):
        assert b"Send the pack" in client.get(northwind.get_absolute_url()).content


@pytest.mark.parametrize(
    "junk",
    [
        *("?before=yesterday", "?before=2026-99-99T00:00:00Z~0~1", "?before=2026-01-01~0~1"),
        *("?before=2026-01-01T00:00:00Z~0~999999999999999999999", "?show=%00", "?write=nothing"),
    ],
)
def test_a_broken_address_is_no_crash(client: Client, alice: User, northwind: Partner, junk: str) -> None:
    client.force_login(alice)
    assert client.get(northwind.get_absolute_url() + junk).status_code == 200


def test_it_is_not_found_by_a_stranger(client: Client, northwind: Partner) -> None:
    client.force_login(User.objects.create_user("s@acme.example", "a long enough phrase", name="No Role"))
    assert client.get(northwind.get_absolute_url()).status_code == 404


def test_the_number_of_queries_does_not_grow(client: Client, alice: User, company: object) -> None:
    client.force_login(alice)
    client.get("/")  # what a process asks once
    few = _busy("Few", alice, 3)
    many = _busy("Many", alice, 30)
    counts = [_queries(client, partner) for partner in (few, many)]
    assert counts[0] == counts[1]
    assert counts[0] <= 6


def _busy(name: str, alice: User, count: int) -> Partner:
    partner = organisations.add(name, by=alice, at=MONDAY, owner=alice)
    for n in range(count):
        person = Contact.objects.create(partner=partner, name=f"Person {n}", created_at=MONDAY)
        messages.receive(partner, "email", "Hello?", at=MONDAY + n * HOUR, contact=person, subject=f"No {n}")
        commitments.make(
            partner, Promise(f"Promise {n}", (MONDAY + timedelta(days=9)).date()), by=alice, at=MONDAY
        )
    return partner


def _queries(client: Client, partner: Partner) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with clock.fixed(MONDAY + timedelta(days=2)), CaptureQueriesContext(connection) as counted:
        assert client.get(partner.get_absolute_url()).status_code == 200
    return len(counted)
