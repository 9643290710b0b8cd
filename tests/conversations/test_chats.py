"""A pasted chat: read in every shape people copy, looked at, and kept whole, once, by the times in it."""

import time
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from conversations import chats, messages, pasting, sweeping
from conversations.models import Conversation, Matter, Message, Wait
from conversations.pasting import Said
from conversations.records import MessageRefused
from partners import contacts
from partners.models import Contact
from prm import clock
from team.models import User
from tests.conftest import BERLIN

TODAY = date(2026, 6, 8)


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


def read(text: str, on: date | None = None) -> list[tuple[str, str, str]]:
    lines = chats.read(text, TODAY, on).lines
    return [(f"{line.at:%d.%m.%y %H:%M:%S}", line.author, line.text) for line in lines]


HELLO = ("03.06.26 10:15:00", "Nora Berg", "Hallo")
YES = ("03.06.26 22:16:00", "Alice", "Ja: gern")


@pytest.mark.parametrize(
    "text",
    [
        "[03.06.26, 10:15:00] Nora Berg: Hallo\n[03.06.26, 22:16:00] Alice: Ja: gern",
        "\u200e[03.06.26, 10:15:00] Nora Berg: \u200eHallo\r\n[03.06.26, 22:16:00] ~\u202fAlice: Ja: gern",
        "03.06.26, 10:15 - Nora Berg: Hallo\n03.06.26, 22:16 - Alice: Ja: gern",
        "03.06.2026, 10:15 – Nora Berg: Hallo\n03.06.2026, 22:16 – Alice: Ja: gern",
        "6/3/26, 10:15 AM - Nora Berg: Hallo\n6/3/26, 10:16\u202fPM - Alice: Ja: gern",
        "[6/3/26, 10:15:00 AM] Nora Berg: Hallo\n[6/3/26, 10:16:00 PM] Alice: Ja: gern",
        "[10:15, 3.6.2026] Nora Berg: Hallo\n[22:16, 3.6.2026] Alice: Ja: gern",
        "[10:15 AM, 6/3/2026] Nora Berg: Hallo\n[10:16 PM, 6/3/2026] Alice: Ja: gern",
        "[03.06., 10:15] Nora Berg: Hallo\n[03.06., 22:16] Alice: Ja: gern",
        "[6/3, 10:15 AM] Nora Berg: Hallo\n[6/3, 10:16 PM] Alice: Ja: gern",
        "[03.06. 10:15] Nora Berg\nHallo\n\n[03.06. 22:16] Alice\nJa: gern",
        "[03.06.2026 10:15] Nora Berg\nHallo\n[22:16] Alice\nJa: gern",
        "Nora Berg 03.06.2026 10:15\nHallo\nAlice 03.06.2026 22:16\nJa: gern",
    ],
)
def test_every_shape_people_copy_is_read_alike(text: str) -> None:
    assert read(text) == [HELLO, YES]


def test_slack_says_the_name_once_and_no_day() -> None:
    text = "Nora Berg  [10:15 AM]\nHi there\n[10:16 AM]\nOne more\nAlice  10:20 AM\nOk"
    assert read(text, date(2026, 6, 3)) == [
        ("03.06.26 10:15:00", "Nora Berg", "Hi there"),
        ("03.06.26 10:16:00", "Nora Berg", "One more"),
        ("03.06.26 10:20:00", "Alice", "Ok"),
    ]
    assert read("[10:15] Nora: Hi")[0][0] == "08.06.26 10:15:00"


def test_a_line_without_a_time_belongs_to_the_one_before() -> None:
    text = "[03.06.26, 10:15] Nora: Hallo\nsee you at 10:15\n- one\n\n[25:99] no time"
    assert read(text) == [("03.06.26 10:15:00", "Nora", "Hallo\nsee you at 10:15\n- one\n\n[25:99] no time")]


def test_what_the_app_says_itself_and_what_stands_before_is_left_out() -> None:
    chat = chats.read(
        "Chat with Nora\n03.06.26, 10:14 - Messages are end-to-end encrypted.\n03.06.26, 10:15 - Nora: Hi",
        TODAY,
    )
    assert [line.text for line in chat.lines] == ["Hi"]
    assert chat.before == ["Chat with Nora"]


def test_the_month_stands_where_the_whole_text_says() -> None:
    assert read("13/05/2026, 10:15 - N: a\n03/06/2026, 10:15 - N: b")[1][0] == "03.06.26 10:15:00"
    assert read("05/13/2026, 10:15 - N: a\n06/03/2026, 10:15 - N: b")[1][0] == "03.06.26 10:15:00"


def test_a_day_without_a_year_is_the_last_there_was() -> None:
    assert read("[24.12., 10:15] N: a")[0][0] == "24.12.25 10:15:00"
    assert read("[29.02., 10:15] N: a") == []


@given(st.text(max_size=400) | st.text("[]0123456789:., -/APMNora\n\u200e", max_size=400))
def test_whatever_is_pasted_it_never_fails(text: str) -> None:
    chat = chats.read(text, TODAY)
    assert all(line.text and line.author for line in chat.lines)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "a " * 100_000,
        ("N " * 75 + "10:1\n") * 1300,
        "[10:15] N: x\n" + "a\n" * 99_000,
        ("[03.06.26, 10:15:32] " + "x" * 300 + "\n") * 600,
    ],
)
def test_it_reads_the_longest_text_at_once(text: str) -> None:
    began = time.perf_counter()
    chats.read(text, TODAY)
    assert time.perf_counter() - began < 5


# --- kept ---------------------------------------------------------------------------------------------


def said(nora: Contact, *lines: tuple[datetime, str, bool]) -> list[Said]:
    return [Said(n, at, text, nora if theirs else None) for n, (at, text, theirs) in enumerate(lines, 1)]


def test_the_waits_open_and_close_by_the_times_in_it(nora: Contact, alice: User) -> None:
    chat = said(
        nora, (moment(8, 9), "When?", True), (moment(8, 10), "Friday", False), (moment(8, 11), "And?", True)
    )
    saved = pasting.save(nora.partner, chat, alice, moment(8, 12))
    assert (saved.written, saved.known, saved.unconfirmed) == (3, 0, 0)
    assert Conversation.objects.count() == 1
    first, second = Wait.objects.order_by("opened_at")
    assert (first.state, first.answered_at, first.answered_by) == ("met", moment(8, 10), alice)
    assert (second.state, second.opened_at, second.metric) == ("open", moment(8, 11), "next")
    nora.refresh_from_db()
    assert nora.last_touch_at == moment(8, 11)
    assert {m.channel for m in Message.objects.all()} == {"chat"}


def test_what_stands_there_already_is_left_out_and_the_chat_goes_on(nora: Contact, alice: User) -> None:
    chat = said(nora, (moment(8, 9), "When?", True), (moment(8, 10), "Friday", False))
    pasting.save(nora.partner, chat, alice, moment(8, 12))
    again = pasting.save(nora.partner, chat, alice, moment(8, 13))
    assert (again.written, again.known) == (0, 2)
    more = pasting.save(nora.partner, [*chat, Said(3, moment(8, 11), "Thanks", nora)], alice, moment(8, 14))
    assert (more.written, more.known) == (1, 2)
    assert Conversation.objects.count() == 1
    assert Message.objects.count() == 3


def test_what_is_reported_late_waits_for_the_lead(nora: Contact, alice: User, erin: User) -> None:
    chat = said(nora, (moment(1, 9), "When?", True), (moment(1, 10), "Friday", False))
    saved = pasting.save(nora.partner, chat, alice, moment(8, 12))
    sweeping.sweep_waits(moment(8, 12))
    assert saved.unconfirmed == 1
    wait = Wait.objects.for_reply().get()
    assert (wait.state, wait.reply_reported) == ("late", True)
    assert Matter.objects.open().get().asked_by == alice
    assert (
        pasting.save(nora.partner, said(nora, (moment(2, 9), "Hi", False)), erin, moment(8)).unconfirmed == 0
    )


def test_a_refused_line_is_named_and_nothing_is_kept(nora: Contact, omar: Contact, alice: User) -> None:
    ahead = said(nora, (moment(8, 9), "When?", True), (moment(8, 15), "Later", False))
    with pytest.raises(MessageRefused, match="Line 2: This lies ahead"):
        pasting.save(nora.partner, ahead, alice, moment(8, 12))
    with pytest.raises(MessageRefused, match="501 messages; paste 500"):
        pasting.save(
            nora.partner, [Said(n, moment(8, 9), str(n), nora) for n in range(501)], alice, moment(8)
        )
    with pytest.raises(MessageRefused, match="no contact of"):
        pasting.save(nora.partner, [Said(1, moment(8, 9), "Hi", omar)], alice, moment(8, 12))
    assert not Message.objects.exists()
    assert not Conversation.objects.exists()


def test_five_hundred_messages_are_kept_at_once(nora: Contact, alice: User) -> None:
    chat = [Said(n, moment(8, 1) + timedelta(minutes=n), str(n), nora if n % 2 else None) for n in range(500)]
    began = time.perf_counter()
    assert pasting.save(nora.partner, chat, alice, moment(8, 12)).written == 500
    assert time.perf_counter() - began < 30
    assert Wait.objects.count() == 250


# --- the page -----------------------------------------------------------------------------------------

TEXT = "[08.06.26, 09:00] Nora Berg: When?\n[08.06.26, 10:00] Alice: Friday\nin the morning"


def test_it_is_looked_at_before_it_is_saved(nora: Contact, alice: User, client: Client) -> None:
    client.force_login(alice)
    address = f"/partners/{nora.partner_id}/chat/"
    assert address in client.get(f"/log/?partner={nora.partner_id}").content.decode()
    with clock.fixed(moment(8, 12)):
        looked = client.post(address, {"text": TEXT, "look": "1"}).content.decode()
        assert "What is read" in looked
        assert not Message.objects.exists()
        typed = {"text": TEXT, "as_0": "Nora Berg", "who_0": str(nora.pk), "as_1": "Alice", "who_1": "us"}
        says = client.post(address, {**typed, "save": "1"}, follow=True).content.decode()
        assert "2 messages saved." in says
        twice = client.post(address, {**typed, "save": "1"}, follow=True).content.decode()
        assert "2 stood there already and were left out." in twice
    theirs, ours = Message.objects.order_by("occurred_at")
    assert (theirs.direction, theirs.contact, theirs.occurred_at) == ("in", nora, moment(8, 9))
    assert (ours.direction, ours.author, ours.body) == ("out", alice, "Friday\nin the morning")


def test_a_colleague_is_not_taken_for_the_only_contact(
    nora: Contact, alice: User, bob: User, client: Client
) -> None:
    client.force_login(alice)
    typed = {"text": "[08.06.26, 10:00] Bob: Friday", "look": "1"}
    looked = client.post(f"/partners/{nora.partner_id}/chat/", typed)
    assert looked.context["form"]["who_0"].value() == "us"


def test_who_is_not_known_is_asked_for(nora: Contact, alice: User, client: Client) -> None:
    contacts.add(nora.partner, "Jan Berg", by=alice, at=moment(1))
    client.force_login(alice)
    address = f"/partners/{nora.partner_id}/chat/"
    text = "[08.06.26, 09:00] Berg: When?\n[08.06.26, 10:00] Support bot: Hello"
    with clock.fixed(moment(8, 12)):
        refused = client.post(address, {"text": text, "save": "1"})
        assert refused.status_code == 422
        assert "Say who Berg is." in refused.content.decode()
        named = {"as_0": "Berg", "who_0": str(nora.pk), "as_1": "Support bot", "who_1": "out"}
        says = client.post(address, {"text": text, "save": "1", **named}, follow=True).content.decode()
    assert "1 message saved." in says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Paste the chat first"),
        ("Hello there", "No line of it begins with a time"),
        ("[09.06.26, 09:00] Nora Berg: Soon", "Line 1: This lies ahead"),
        ("x" * 200_001, "200000"),
    ],
)
def test_what_cannot_be_read_comes_back(
    text: str, says: str, nora: Contact, alice: User, client: Client
) -> None:
    client.force_login(alice)
    with clock.fixed(moment(8, 12)):
        answer = client.post(f"/partners/{nora.partner_id}/chat/", {"text": text, "save": "1"})
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_chat_answers_what_was_asked_by_mail_only_in_its_thread(nora: Contact, alice: User) -> None:
    asked = messages.receive(nora.partner, "email", "?", moment(8, 8), contact=nora, subject="Dates")
    pasting.save(nora.partner, said(nora, (moment(8, 9), "Hi", False)), alice, moment(8, 12))
    assert asked.conversation.waits.get().is_open
    more = said(nora, (moment(8, 10), "Friday", False))
    pasting.save(nora.partner, more, alice, moment(8, 12), conversation=asked.conversation)
    assert asked.conversation.waits.get().state == "met"


def test_each_line_is_changed_or_left_out_before_it_is_saved(
    nora: Contact, alice: User, client: Client
) -> None:
    client.force_login(alice)
    address, kept = f"/partners/{nora.partner_id}/chat/", {"text": f"{TEXT}\n[08.06.26, 10:30] Alice: Oh no"}

    def post(**pressed: str) -> Any:
        """Press a button with all that the page carries on."""
        answer = client.post(address, {**kept, **pressed})
        if answer.context:
            form = answer.context["form"]
            typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
            rows = [row for row in form.rows if row.fields or row.is_dropped]
            kept.update(typed | {f"was_{row.line.number}": row.mark for row in rows})
            kept.update({f"drop_{row.line.number}": "1" for row in rows if row.is_dropped})
            kept.update({f"as_{n}": who for n, (who, _) in enumerate(form.people)})
        return answer

    with clock.fixed(moment(8, 12)):
        post(look="1")
        page = post(edit="2").content.decode()
        assert 'name="text_2"' in page
        assert 'value="2026-06-08T10:00:00"' in page
        assert "left out" in post(drop="4").content.decode()
        kept.update({"at_2": "2026-06-08T10:05", "from_2": str(nora.pk), "text_2": ""})
        assert "Write the words, or leave it out." in post(save="1").content.decode()
        kept["text_2"] = "Friday at noon"
        assert post(save="1").status_code == 303
    said = Message.objects.order_by("occurred_at").values_list("occurred_at", "direction", "body")
    assert list(said) == [
        (moment(8, 9), "in", "When?"),
        (moment(8, 10, 5), "in", "Friday at noon"),
    ]


def test_what_was_changed_is_forgotten_where_the_text_reads_otherwise(
    nora: Contact, alice: User, client: Client
) -> None:
    client.force_login(alice)
    changed = {"was_1": "0123456789ab", "at_1": "2026-06-08T08:00", "from_1": "us", "text_1": "Changed"}
    with clock.fixed(moment(8, 12)):
        page = client.post(f"/partners/{nora.partner_id}/chat/", {"text": TEXT, "look": "1", **changed})
    assert "Changed" not in page.content.decode()
