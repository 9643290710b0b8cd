"""A log in one line: taken apart, and turned into the filled-in form."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import one_line
from conversations.models import Commitment, Message
from conversations.one_line import Line
from partners import contacts, organisations
from partners.models import Contact, Partner
from prm import clock
from team.models import Company, User
from tests.conftest import MONDAY
from tests.conversations.test_catching import NOW, OFFICE

LOG = "/log/"


def read(text: str) -> Line:
    return one_line.read(text, NOW, OFFICE)


def test_a_line_is_taken_apart() -> None:
    line = read("call meridian 20m tier worry, promise prep pack fri")
    assert (line.kind, line.minutes, line.naming) == ("call", 20, ("meridian",))
    assert line.note({0}) == "tier worry"
    assert (line.promise, line.promised_for, line.side) == ("Prep pack", date(2026, 6, 5), "ours")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("call meridian", "call"),
        ("Anruf Meridian", "call"),
        ("meridian call 5m", "call"),
        ("treffen meridian", "meeting"),
        ("met nora", "meeting"),
        ("notiz meridian", "note"),
        ("mail meridian", "email"),
        ("whatsapp nora", "chat"),
        ("meridian worries", ""),
    ],
)
def test_it_names_a_kind_in_either_language(text: str, kind: str) -> None:
    assert read(text).kind == kind


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        *[
            ("20m", 20),
            ("90 min", 90),
            ("1h", 60),
            ("1h30", 90),
            ("1h 30m", 90),
            ("1.5h", 90),
            ("2 hours", 120),
        ],
        *[("45 Minuten", 45), ("1,5 Std", 90), ("99999m", None), ("30h", None), ("version 20", None)],
    ],
)
def test_it_says_how_long(said: str, minutes: int | None) -> None:
    line = read(f"call meridian {said} tier worry")
    assert line.minutes == minutes
    assert (said in line.note()) == (minutes is None)


@pytest.mark.parametrize(
    ("text", "promise", "on", "side"),
    [
        ("call a, promise to send the deck by 12 June", "Send the deck", date(2026, 6, 12), "ours"),
        ("anruf a, verspreche paket bis freitag", "Paket", date(2026, 6, 5), "ours"),
        ("anruf a, zugesagt: paket mi", "Paket", date(2026, 6, 3), "ours"),
        ("call a, they promised numbers mon", "Numbers", date(2026, 6, 8), "theirs"),
        ("call a, sie versprechen nichts", "", None, "ours"),
        ("call a, promise a deck", "A deck", None, "ours"),
    ],
)
def test_what_follows_promise_is_promised(text: str, promise: str, on: date | None, side: str) -> None:
    line = read(text)
    assert (line.promise, line.promised_for, line.side) == (promise, on, side)


def test_words_that_named_somebody_are_no_part_of_what_happened() -> None:
    assert read("call with nora at meridian about tiers").note({1, 3}) == "about tiers"


def test_a_line_that_only_promises_still_says_what_happened() -> None:
    assert read("call meridian, promise deck fri").note({0}) == "promise deck fri"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Meridian", "Meridian Foods"),  # all of the name
        ("Meridian Foods", "Royal Meridian"),  # its beginning
        ("Royal Meridian", "Contoso"),  # a part of it
        ("Meridian", "Tier One"),  # what is named first
    ],
)
def test_the_nearest_name_comes_first(better: str, worse: str) -> None:
    naming = ["meridian", "tier", "worry"]
    first, second = (
        one_line.match(naming, better),
        one_line.match(naming, worse, "nora@meridian.example meridian"),
    )
    assert first is not None
    assert second is None or first.rank < second.rank


def test_a_beginning_of_three_letters_names_and_one_of_two_does_not() -> None:
    assert one_line.match(["mer"], "Meridian") is not None
    assert one_line.match(["me"], "Meridian") is None


def holds(text: str) -> None:
    line = read(text)
    assert line.minutes is None or 0 <= line.minutes <= 1440
    assert line.promised_for is None or line.promised_for >= NOW.date()
    taken = one_line.match(line.naming, "Meridian Foods", "meridian foods")
    assert "\0" not in line.note(taken.taken if taken else ())


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_line_is_read(text: str) -> None:
    holds(text)
    holds(f"call {text} 20m {text}, promise {text} fri")


@pytest.mark.real_data
def test_naughty_lines_are_read() -> None:
    for text in json.loads((Path(os.environ["REAL_DATA"]) / "naughty_strings.json").read_text()):
        holds(f"call {text} 20m, promise {text} fri")


# --- the page ---------------------------------------------------------------------------------------


@pytest.fixture
def meridian(alice: User) -> Partner:
    return organisations.add("Meridian Systems", by=alice, at=MONDAY, owner=alice)


def asked(client: Client, user: User, line: str, **more: Any) -> Any:
    client.force_login(user)
    with clock.fixed(MONDAY):
        return client.get(LOG, {"line": line, **more})


def test_a_line_fills_in_the_form(client: Client, alice: User, meridian: Partner) -> None:
    ina = contacts.add(meridian, "Ina Holm", by=alice, at=MONDAY)
    answer = asked(client, alice, "call ina at meridian 20m tier worry, promise prep pack fri")
    assert answer.context["partner"] == meridian
    form = answer.context["form"]
    filled = {name: form[name].value() for name in ("channel", "minutes", "body", "contact", "promise")}
    assert filled == {
        "channel": "call",
        "minutes": 20,
        "body": "tier worry",
        "contact": ina.pk,
        "promise": "Prep pack",
    }
    assert 'value="2026-06-05"' in answer.content.decode()
    assert not Message.objects.exists()
    assert not Commitment.objects.exists()


def test_the_filled_in_form_is_saved_by_its_own_press(client: Client, alice: User, meridian: Partner) -> None:
    form = asked(client, alice, "call meridian 20m tier worry, they promise numbers fri").context["form"]
    typed = {field.name: field.value() for field in form if field.value() is not None}
    with clock.fixed(MONDAY):
        assert client.post(f"{LOG}?partner={meridian.pk}", typed).status_code == 303
    message, promise = Message.objects.get(), Commitment.objects.get()
    assert (message.channel, message.minutes, message.body) == ("call", 20, "tier worry")
    assert (promise.side, promise.text, promise.promised_for) == ("theirs", "Numbers", date(2026, 6, 5))


def test_several_partners_are_chosen_from(client: Client, alice: User, meridian: Partner) -> None:
    foods = organisations.add("Meridian Foods", by=alice, at=MONDAY)
    answer = asked(client, alice, "call meridian 20m tier worry")
    page = answer.content.decode()
    assert "Several partners are called so." in page
    assert f"partner={foods.pk}" in page
    assert f"partner={meridian.pk}" in page
    chosen = asked(client, alice, "call meridian 20m tier worry", partner=foods.pk)
    assert chosen.context["partner"] == foods
    assert chosen.context["form"]["body"].value() == "tier worry"


def test_the_whole_name_wins_and_the_other_is_one_press_away(
    client: Client, alice: User, meridian: Partner
) -> None:
    organisations.add("Meridian", by=alice, at=MONDAY)
    answer = asked(client, alice, "call meridian 20m tier worry")
    assert answer.context["partner"].name == "Meridian"
    assert answer.context["others"] == [meridian]


def test_none_found_says_so_and_keeps_the_line(client: Client, alice: User, meridian: Partner) -> None:
    page = asked(client, alice, "call nobody <b>20m tier worry").content.decode()
    assert "The line names no partner you can see." in page
    assert 'value="call nobody &lt;b&gt;20m tier worry"' in page
    assert f"partner={meridian.pk}" in page  # those I looked after last, with the line


def test_a_line_that_is_too_long_is_kept_and_refused(client: Client, alice: User, meridian: Partner) -> None:
    page = asked(client, alice, "call meridian " + "x" * 400).content.decode()
    assert "Keep the line to 300 letters" in page
    assert "x" * 400 in page
    form = asked(client, alice, "x" * 400, partner=meridian.pk).context["form"]
    assert form["body"].value() == "x" * 400


def test_a_partner_one_may_not_read_is_not_named(client: Client, bob: User, meridian: Partner) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    page = asked(client, bob, "call meridian 20m").content.decode()
    assert "The line names no partner you can see." in page
    assert "Meridian Systems" not in page
    assert asked(client, bob, "call meridian 20m", partner=meridian.pk).status_code == 404


def test_on_a_partners_page_the_line_needs_no_name(client: Client, alice: User, meridian: Partner) -> None:
    form = asked(client, alice, "call 20m tier worry", partner=meridian.pk).context["form"]
    assert (form["minutes"].value(), form["body"].value()) == (20, "tier worry")


def test_two_of_one_name_leave_the_contact_open(client: Client, alice: User, meridian: Partner) -> None:
    for name in ("Ina Holm", "Ina Berg"):
        contacts.add(meridian, name, by=alice, at=MONDAY)
    assert asked(client, alice, "call meridian ina 20m").context["form"]["contact"].value() is None
    assert Contact.objects.count() == 2


def test_a_line_asks_as_much_with_30_partners_as_with_3(client: Client, alice: User) -> None:
    counts = []
    for rows in (3, 27):
        for n in range(rows):
            organisations.add(f"Meridian {rows} {n}", by=alice, at=MONDAY, owner=alice)
        asked(client, alice, "call meridian 20m")
        with CaptureQueriesContext(connection) as queries:
            asked(client, alice, "call meridian 20m")
        counts.append(len(queries))
    assert counts[0] == counts[1]
