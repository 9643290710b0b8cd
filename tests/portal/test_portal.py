"""The partner's own page: what is shared and nothing else, and a box that starts our clock."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations import commitments, corrections, incoming, messages
from conversations.commitments import Promise
from conversations.messages import Happening
from conversations.models import Attachment, Commitment, Conversation, Message, Policy, Wait
from partners import contacts
from partners.models import Contact, Partner
from portal import passes, words
from prm import clock
from team.models import User
from tests.conftest import MONDAY
from tests.conversations.letters import raw

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CANARY = "canary"


@pytest.fixture
def token(nora: Contact, alice: User) -> str:
    return passes.token(passes.give(nora, 30, by=alice, at=MONDAY))


def read(client: Client, name: str, *args: Any, at: Any = MONDAY + HOUR, **query: str) -> str:
    with clock.fixed(at):
        answer = client.get(reverse(f"portal:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def ours(partner: Partner, text: str, alice: User, shared: bool = True, days: int = 3) -> Commitment:
    day = (MONDAY + days * DAY).date()
    return commitments.make(partner, Promise(text, day), by=alice, at=MONDAY, visible_to_partner=shared)


# --- what is there --------------------------------------------------------------------------------------


def test_it_says_what_we_owe_each_other(
    client: Client, token: str, northwind: Partner, nora: Contact, alice: User
) -> None:
    ours(northwind, "Send the pack", alice)
    theirs = Promise("Name two engineers", (MONDAY + DAY).date(), side="theirs", contact=nora)
    commitments.make(northwind, theirs, by=alice, at=MONDAY, visible_to_partner=True)
    page = read(client, "home", token)
    assert re.search(r"Send the pack</div><div[^>]*>Acme owes you", page)
    assert re.search(r"Name two engineers</div><div[^>]*>You owe Acme · Nora Berg", page)


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (Policy.Mode.ELAPSED, "24 hours, round the clock"),
        (Policy.Mode.WORKING_DAYS, "24 hours of working days"),
        (Policy.Mode.BUSINESS_HOURS, "24 business hours"),
    ],
)
def test_it_says_our_promise_in_its_own_words(client: Client, token: str, mode: str, said: str) -> None:
    Policy.objects.update(mode=mode)
    assert f"Acme answers within {said}" in read(client, "home", token)


def test_what_is_usual_is_said_from_twenty_answers_on(
    client: Client, token: str, northwind: Partner, nora: Contact, alice: User
) -> None:
    for n in range(20):
        if n == 19:
            assert "19 answers in 90 days</a>, too few to say what is usual" in read(client, "home", token)
        asked = messages.receive(
            northwind, "email", "When?", at=MONDAY - 5 * DAY, contact=nora, subject=f"{n}"
        )
        messages.reply(asked.conversation, "Then.", by=alice, at=MONDAY - 5 * DAY + (n + 1) * HOUR)
    page = read(client, "home", token)
    assert "usually in 5 h 15 min to 15 h 45 min" in page
    assert ">from 20 answers</a>" in page
    rows = read(client, "record", token)
    assert rows.count(">in time<") == 20
    assert "Alice" not in rows  # the portal speaks of the company


# --- what is said ---------------------------------------------------------------------------------------


def test_a_message_starts_our_clock_and_says_until_when(
    client: Client, token: str, nora: Contact, northwind: Partner
) -> None:
    Contact.objects.filter(pk=nora.pk).update(zone="Asia/Tokyo")
    with clock.fixed(MONDAY):
        answer = client.post(
            reverse("portal:write", args=[token]), {"body": "Can we move the date?"}, follow=True
        )
    assert "You have our answer by Tuesday 2 June, 16:00 (JST)." in answer.content.decode()
    wait = Wait.objects.get()
    assert (wait.opened_at, wait.due_at) == (MONDAY, MONDAY + DAY)
    message = Message.objects.get()
    assert (message.channel, message.contact, message.partner) == ("portal", nora, northwind)
    assert message.conversation.subject == "Can we move the date?"


def test_an_answer_stays_in_its_conversation(
    client: Client, token: str, northwind: Partner, nora: Contact, alice: User
) -> None:
    asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    messages.reply(asked.conversation, "On Friday.", by=alice, at=MONDAY + HOUR / 2)
    assert "On Friday." in read(client, "conversation", token, asked.conversation_id)
    with clock.fixed(MONDAY + 2 * HOUR):
        reply = reverse("portal:reply", args=[token, asked.conversation_id])
        assert client.post(reply, {"body": "And when exactly?"}).status_code == 303
    assert asked.conversation.messages.count() == 3
    assert Wait.objects.open().get().metric == Wait.Metric.NEXT


def test_a_double_press_sends_once(client: Client, token: str) -> None:
    typed = {"body": "Hello?", "once": "0d0e9a5e-4b4e-4a39-9b55-6b0f1a6a0c01"}
    with clock.fixed(MONDAY):
        for _ in range(2):
            assert client.post(reverse("portal:write", args=[token]), typed).status_code == 303
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "said"), [("  ", "Write a few words first."), ("x" * 20_001, "at most 20000 characters")]
)
def test_what_cannot_be_sent_is_said_and_stays(client: Client, token: str, body: str, said: str) -> None:
    with clock.fixed(MONDAY):
        answer = client.post(reverse("portal:write", args=[token]), {"body": body})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert body.strip() in answer.content.decode()
    assert not Message.objects.exists()


def test_more_than_a_person_writes_is_refused(client: Client, token: str) -> None:
    with clock.fixed(MONDAY):
        for _ in range(words.MOST_AN_HOUR):
            client.post(reverse("portal:write", args=[token]), {"body": "Hello?"})
        answer = client.post(reverse("portal:write", args=[token]), {"body": "One more."})
    assert answer.status_code == 422
    assert "One more." in answer.content.decode()
    assert Message.objects.count() == words.MOST_AN_HOUR
    with clock.fixed(MONDAY + 2 * HOUR):
        assert client.post(reverse("portal:write", args=[token]), {"body": "Later."}).status_code == 303


def test_it_works_without_script_and_without_an_account(token: str) -> None:
    visitor = Client(enforce_csrf_checks=True)
    page = read(visitor, "home", token)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    typed = {"body": "Hello?", "csrfmiddlewaretoken": found[1]}
    with clock.fixed(MONDAY):
        assert visitor.post(reverse("portal:write", args=[token]), typed).status_code == 303


# --- what is not there ------------------------------------------------------------------------------------


def internal_of(northwind: Partner, nora: Contact, alice: User) -> None:
    """What stands with Northwind and is not for it."""
    asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    thread = asked.conversation
    messages.log(northwind, Happening("note", f"{CANARY} note", conversation=thread), by=alice, at=MONDAY)
    messages.log(
        northwind, Happening("call", f"{CANARY} call", subject=f"{CANARY} subject"), by=alice, at=MONDAY
    )
    said = messages.reply(thread, f"{CANARY} withdrawn", by=alice, at=MONDAY + HOUR / 2)
    corrections.withdraw(said, f"{CANARY} reason", by=alice, at=MONDAY + HOUR / 2)
    ours(northwind, f"{CANARY} promise", alice, shared=False)
    late = ours(northwind, f"{CANARY} late promise", alice, shared=False, days=0)
    Commitment.objects.filter(pk=late.pk).update(ends_at=MONDAY - DAY)


def all_of(contoso: Partner, omar: Contact, alice: User) -> list[int]:
    """Another partner's things, with a canary in every field of theirs."""
    Partner.objects.filter(pk=contoso.pk).update(name=f"{CANARY} Ltd", city=CANARY)
    Contact.objects.filter(pk=omar.pk).update(name=f"{CANARY} Omar", title=CANARY)
    asked = messages.receive(contoso, "email", CANARY, at=MONDAY, contact=omar, subject=f"{CANARY} Dates")
    messages.reply(asked.conversation, f"{CANARY} reply", by=alice, at=MONDAY)
    ours(contoso, f"{CANARY} Contoso", alice)
    return [asked.conversation_id]


def crawled(client: Client, token: str) -> dict[str, str]:
    """Every page of the portal that can be reached from its home."""
    found: dict[str, str] = {}
    ahead = [reverse("portal:home", args=[token])]
    with clock.fixed(MONDAY + HOUR):
        while ahead:
            address = ahead.pop()
            found[address] = client.get(address).content.decode()
            links = re.findall(r'href="(/p/[^"#]+)', found[address])
            ahead += [link for link in links if link not in found and link not in ahead]
    return found


def test_no_page_shows_what_is_internal_or_another_partners(
    client: Client,
    token: str,
    northwind: Partner,
    nora: Contact,
    contoso: Partner,
    omar: Contact,
    alice: User,
) -> None:
    internal_of(northwind, nora, alice)
    all_of(contoso, omar, alice)
    pages = crawled(client, token)
    assert len(pages) >= 3
    assert [address for address, text in pages.items() if CANARY in text.lower()] == []


def test_another_partners_conversation_is_not_found(
    client: Client, token: str, contoso: Partner, omar: Contact, alice: User
) -> None:
    (theirs,) = all_of(contoso, omar, alice)
    with clock.fixed(MONDAY + HOUR):
        assert client.get(reverse("portal:conversation", args=[token, theirs])).status_code == 404
        answer = client.post(reverse("portal:reply", args=[token, theirs]), {"body": "Hello?"})
    assert answer.status_code == 404
    assert Message.objects.filter(body="Hello?").count() == 0


def test_a_thread_of_notes_alone_is_not_found(
    client: Client, token: str, northwind: Partner, alice: User
) -> None:
    note = messages.log(northwind, Happening("note", "Between us."), by=alice, at=MONDAY)
    with clock.fixed(MONDAY + HOUR):
        assert (
            client.get(reverse("portal:conversation", args=[token, note.conversation_id])).status_code == 404
        )


def test_a_colleague_there_sees_the_same(
    client: Client, northwind: Partner, nora: Contact, alice: User
) -> None:
    ben = contacts.add(northwind, "Ben Moss", by=alice, at=MONDAY, email="ben@northwind.co.uk")
    messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    assert "Dates" in read(client, "home", passes.token(passes.give(ben, 7, by=alice, at=MONDAY)))


# --- what it costs ------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(
    client: Client, token: str, northwind: Partner, nora: Contact, alice: User
) -> None:
    counts = []
    for many in (3, 27):
        for n in range(many):
            asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject=f"{n}")
            messages.receive(northwind, "email", "And?", MONDAY, asked.conversation, contact=nora)
            ours(northwind, f"{n} of {many}", alice)
        read(client, "home", token)
        with CaptureQueriesContext(connection) as counted:
            read(client, "home", token)
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 12
    assert len(Conversation.objects.all()) == 30


# --- files ----------------------------------------------------------------------------------------------


def test_files_of_its_conversations_are_downloads(
    client: Client, token: str, nora: Contact, omar: Contact, alice: User
) -> None:
    def with_file(sender: str, id: str) -> Message:
        mail = raw(sender, id=id, at=MONDAY, files={"plan.pdf": b"%PDF-1.4", "run.exe": b"MZ"})
        message = incoming.accept(mail, MONDAY).message
        assert message is not None
        return message

    theirs, others = with_file("nora@northwind.co.uk", "<1@x>"), with_file("omar@contoso.com", "<2@x>")
    page = read(client, "conversation", token, theirs.conversation_id)
    kept = theirs.attachments.exclude(file="").get()
    url = reverse("portal:attachment", args=[token, kept.pk])
    assert url in page
    assert "run.exe" in page  # named, and not kept
    with clock.fixed(MONDAY + HOUR):
        answer = client.get(url)
        assert b"".join(answer.streaming_content) == b"%PDF-1.4"  # type: ignore[attr-defined]
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        foreign = others.attachments.exclude(file="").get()
        assert client.get(reverse("portal:attachment", args=[token, foreign.pk])).status_code == 404
        corrections.withdraw(theirs, "Wrong", by=alice, at=MONDAY)
        assert client.get(url).status_code == 404


def test_files_of_notes_stay_ours(client: Client, token: str, northwind: Partner, alice: User) -> None:
    note = messages.log(northwind, Happening("note", "Ours"), by=alice, at=MONDAY)
    kept = Attachment.objects.create(message=note, name="a.pdf", size=1, file="attachments/none.pdf")
    with clock.fixed(MONDAY + HOUR):
        assert client.get(reverse("portal:attachment", args=[token, kept.pk])).status_code == 404
