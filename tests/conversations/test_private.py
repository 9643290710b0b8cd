"""A private conversation: its people read it, heads know that it is there, nobody else meets a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from conversations import (
    asks,
    concerned,
    incoming,
    messages,
    moving,
    pasting,
    private_threads,
    steps,
    sweeping,
    threads,
)
from conversations.commitments import Promise
from conversations.messages import Happening
from conversations.models import Conversation, Wait
from conversations.pasting import Said
from conversations.private_threads import PrivacyRefused
from lifecycle.models import Task
from partners import assignments, contacts, history
from partners.models import Contact, Event, Partner
from portal import passes
from prm import clock, outbox
from prm.models import OutboxItem
from team import hooks, notices
from team.models import Hook, Leave, Notice, User
from tests.conftest import MONDAY
from tests.conversations.letters import raw
from tests.scene import Scene
from tests.test_permissions import TABLE

WORD = "xylophone"  # in every text of the private conversation, and nowhere else
MAIL = "<secret@northwind.co.uk>"


@pytest.fixture
def nils(northwind: Partner, alice: User) -> Contact:
    return contacts.add(northwind, "Nils Holm", by=alice, at=clock.now(), email="nils@northwind.co.uk")


@pytest.fixture
def secret(scene: Scene, nora: Contact, nils: Contact, alice: User) -> Conversation:
    """Nora wrote to Alice, who answered, noted, promised and asked; all of it with the word; a second
    mail still waits. It was told to people before it was made private."""
    at = clock.now() - timedelta(days=3)
    mail = raw(
        subject=f"The {WORD} quarter",
        body=f"Quarterly {WORD}, please.",
        html=f"<p>Quarterly {WORD}</p>",
        id=MAIL,
        at=at,
        To="alice@acme.example",
        files={f"{WORD}.pdf": b"%PDF-1.4"},
    )
    message = incoming.accept(mail, at).message
    assert message is not None
    thread = message.conversation
    promise = Promise(f"Tune the {WORD}", (clock.now() + timedelta(days=2)).date())
    messages.reply(
        thread, f"Quarterly {WORD}, yes.", by=alice, at=at + timedelta(hours=1), promises=[promise]
    )
    note = Happening("note", f"Quarterly {WORD} note", occurred_at=at, conversation=thread, subject=WORD)
    messages.log(thread.partner, note, by=alice, at=at)
    messages.receive(
        thread.partner, "email", f"More {WORD}?", at + timedelta(hours=2), thread, contact=nora, subject=WORD
    )
    wait = thread.waits.open().get()
    day = (clock.now() + timedelta(days=2)).date()
    asks.make(wait, "Legal", "legal@acme.example", f"May we {WORD}?", day, by=alice, at=clock.now())
    stranger = raw("Eve <eve@nowhere.example>", id="<eve@x>", In_Reply_To=MAIL, body=f"About the {WORD}")
    incoming.accept(stranger, clock.now())
    call_command("sweep")  # late by now: Alice, her lead and the heads hear of it, with the subject
    assert WORD in " ".join(Notice.objects.filter(person__name="Erin").values_list("text", flat=True))
    private_threads.make_private(thread, by=alice, at=clock.now())
    call_command("sweep")
    thread.refresh_from_db()
    return thread


def shape(url: str) -> str:
    return re.sub(r"\d+", "N", url.partition("?")[0])


def crawl(client: Client, *starts: str) -> Iterator[tuple[str, str]]:
    """The pages at these addresses and those that their links lead to, three more of a kind; what only
    takes what a form sends is not asked for."""
    seen, kinds = set[str](), Counter[str]()
    left = list(reversed(starts))
    while left:
        url = left.pop()
        if url in seen or (url not in starts and kinds[shape(url)] == 3):
            continue
        seen.add(url)
        kinds[shape(url)] += url not in starts
        answer = client.get(url)
        streamed = getattr(answer, "streaming", False)
        content = b"".join(answer.streaming_content) if streamed else answer.content
        text = content.decode("utf-8", "replace")  # some are files
        yield url, text
        asks = re.sub(r'<form[^>]*method="post"[^>]*>', "", text)
        for link in re.findall(r'(?:href|hx-get|action)="(/[^"#]*)', asks):
            link = link.replace("&amp;", "&")
            if not link.startswith(("/static/", "/account", "/p/" if starts[0] == "/" else "/-")):
                left.append(link)


def told(scene: Scene, client: Client, person: str) -> Iterator[tuple[str, str]]:
    """What a person meets: all it is led to, every address of the table, and searches."""
    client.force_login(scene.people[person])
    partner = scene.things["partner"].pk
    table = []
    for name, address in TABLE.items():
        if address.method == "get" and not address.by_token and not name.startswith("portal:"):
            table.append(reverse(name, args=[scene.of(thing) for thing in address.of]) + address.query)
    searches = [
        "/conversations/search/?q=quarterly",
        f"/conversations/search/?q=quarterly&partner={partner}",
        f"/log/?partner={partner}",
    ]
    return crawl(client, "/", f"/partners/{partner}/", "/notices/", *searches, *table)


@pytest.mark.parametrize("person", ["bob", "erin", "ravi"])
def test_nobody_outside_meets_a_word(scene: Scene, client: Client, secret: Conversation, person: str) -> None:
    pages = dict(told(scene, client, person))
    assert len(pages) > 400
    assert [url for url, text in pages.items() if WORD in text.lower()] == []


def test_the_same_crawl_as_alice_finds_it_in_many_places(
    scene: Scene, client: Client, secret: Conversation
) -> None:
    """Else the test above would look in the wrong places."""
    places = {
        "/",
        "/partners/N/",
        "/partners/N/record/",
        "/notices/",
        "/log/",
        "/conversations/search/",
        "/inbox/",
        "/conversations/N/",
        "/conversations/N/merge/",
        "/promises/N/",
        "/asks/N/",
        "/messages/N/formatted/",
        "/mail/unknown/",
        "/mail/unknown/N/",
    }
    pages = told(scene, client, "alice")
    while places and (page := next(pages, None)):
        url, text = page
        if WORD in text.lower():
            places.discard(shape(url))
    assert places == set(), "it is found in none of these"


def test_the_board_shows_no_promise_of_it_to_others(
    scene: Scene, client: Client, secret: Conversation, alice: User, bob: User
) -> None:
    messages.reply(secret, "Done.", by=alice, at=clock.now())
    Task.objects.filter(partner=scene.things["partner"]).delete()  # else they come next
    for wait in scene.things["partner"].waits.open():
        messages.reply(wait.conversation, "Done.", by=alice, at=clock.now())
    boards = {}
    for person in (alice, bob):
        client.force_login(person)
        boards[person] = client.get("/partners/board/").text
    assert WORD in boards[alice]
    assert WORD not in boards[bob]


def test_whoever_is_outside_finds_none_of_its_addresses(
    client: Client, secret: Conversation, bob: User, ravi: User
) -> None:
    message = secret.messages.exclude(external_id="").first()
    assert message is not None
    wait, promise = secret.waits.open().get(), secret.partner.commitments.get(made_in__conversation=secret)
    attachment = message.attachments.get().pk
    gets = [
        f"/conversations/{secret.pk}/{step}" for step in ("", "hand-over/", "resolve/", "merge/", "give/")
    ]
    gets += [
        f"/messages/{message.pk}/{step}/" for step in ("original", "formatted", "withdraw", "move", "delete")
    ]
    gets += [f"/attachments/{attachment}/", f"/promises/{promise.pk}/", f"/waits/{wait.pk}/pause/"]
    gets += [f"/conversations/{secret.pk}/take-back/", f"/asks/{secret.asks.get().pk}/"]
    posts = [f"/conversations/{secret.pk}/{step}/" for step in ("reply", "take-over", "share", "private")]
    posts += [f"/today/{wait.pk}/answer/", f"/promises/{promise.pk}/keep/"]
    undo = Event.objects.filter(about_kind="commitment", about_id=promise.pk).first()
    assert undo is not None
    posts.append(f"/events/{undo.pk}/undo/")
    for person in (bob, ravi):
        client.force_login(person)
        assert {url: client.get(url).status_code for url in gets} == dict.fromkeys(gets, 404)
        assert {url: client.post(url, {"body": "x"}).status_code for url in posts} == dict.fromkeys(
            posts, 404
        )


def test_a_head_sees_that_it_is_there_and_with_whom(client: Client, secret: Conversation, erin: User) -> None:
    client.force_login(erin)
    page = client.get(secret.partner.get_absolute_url()).text
    assert "1 private" in page
    for url in (f"/partners/{secret.partner_id}/private/", secret.get_absolute_url()):
        text = client.get(url).text
        assert "Alice" in text
        assert "Nora Berg" in text
        assert "waits" in text
        assert WORD not in text


def test_who_wrote_was_addressed_or_answers_reads_it(
    client: Client, secret: Conversation, alice: User, bob: User, northwind: Partner
) -> None:
    def reads(person: User) -> bool:
        return Conversation.objects.visible_to(person).filter(pk=secret.pk).exists()

    assert (reads(alice), reads(bob)) == (True, False)
    mail = raw("nora@northwind.co.uk", id="<b@x>", In_Reply_To=MAIL, To="Bob <bob@acme.example>")
    incoming.accept(mail, clock.now())
    assert reads(bob)


def test_whom_it_is_handed_to_reads_it(secret: Conversation, alice: User, bob: User) -> None:
    threads.hand_over(secret, to=bob, by=alice, at=clock.now())
    assert Conversation.objects.visible_to(bob).filter(pk=secret.pk).exists()


def test_only_who_is_in_it_makes_it_private_and_undo_shares_it(
    scene: Scene, client: Client, alice: User, bob: User
) -> None:
    thread = scene.things["conversation"]
    client.force_login(bob)
    client.post(f"/conversations/{thread.pk}/private/")
    thread.refresh_from_db()
    assert not thread.is_private
    with pytest.raises(PrivacyRefused):
        private_threads.make_private(thread, by=bob, at=clock.now())
    client.force_login(alice)
    client.post(f"/conversations/{thread.pk}/private/")
    assert not Conversation.objects.visible_to(bob).filter(pk=thread.pk).exists()
    event = Event.objects.get(kind="conversation_made_private")
    history.undo(event, by=alice, at=clock.now())
    assert Conversation.objects.visible_to(bob).filter(pk=thread.pk).exists()


def warn(person: User, thread: Conversation, at: datetime) -> None:
    wait = thread.waits.open().get()
    notices.give_all(steps.warnings([person], wait, concerned.of_reply(wait)), at)


# --- what others hear ---------------------------------------------------------------------------------


def test_leads_heads_and_who_covers_hear_that_a_private_conversation_waits(
    scene: Scene, alice: User, bob: User, erin: User, nora: Contact
) -> None:
    at = MONDAY
    assignments.assign(nora.partner, bob, "growth", by=alice, at=at)
    message = messages.receive(nora.partner, "email", WORD, at, contact=nora, subject=WORD)
    private_threads.make_private(message.conversation, by=alice, at=at)
    sweeping.sweep_waits(at + timedelta(days=2))
    told = Notice.objects.filter(cause_kind="wait", cause_id=message.conversation.waits.get().pk)
    texts = {
        name: set(told.filter(person__name=name).values_list("text", flat=True))
        for name in ("Alice", "Bob", "Erin")
    }
    assert texts["Alice"] == {f"Northwind has waited too long: {WORD}"}
    assert texts["Bob"] == texts["Erin"] == {"A private conversation with Northwind waits"}


def test_who_stands_in_is_told_without_a_word_of_it(secret: Conversation, alice: User, bob: User) -> None:
    today = clock.now().date()
    Leave.objects.create(
        user=alice, delegate=bob, starts_on=today - timedelta(1), ends_on=today + timedelta(9)
    )
    Notice.objects.all().delete()
    at = clock.now() + timedelta(minutes=1)
    message = messages.receive(secret.partner, "email", WORD, at - timedelta(days=2), secret, occurred_at=at)
    warn(alice, secret, at)
    assert message.conversation == secret
    words = dict(Notice.objects.values_list("person__name", "text"))
    assert WORD in words["Alice"]
    assert words["Bob"] == "A private conversation with Northwind waits"


def test_the_list_of_sent_mail_and_the_hook_say_no_word_of_it(secret: Conversation, alice: User) -> None:
    assert not OutboxItem.objects.filter(is_private=False, body__icontains=WORD).exists()
    assert OutboxItem.objects.filter(is_private=True, body__icontains=WORD).exists()
    Notice.objects.all().delete()
    Hook.objects.create(url="https://chat.example/x", kinds=["wait_warned"], nonce="n", set_up_at=clock.now())
    warn(alice, secret, clock.now())
    call = hooks.compose(OutboxItem.objects.get(kind="hook"))
    assert WORD not in call.subject + call.body
    assert "A private conversation with Northwind waits" in call.body


def test_what_is_written_in_it_later_goes_out_as_a_private_mail(
    sink: Any, secret: Conversation, alice: User
) -> None:
    message = messages.reply(secret, f"One more {WORD}", by=alice, at=clock.now())
    outbox.deliver(clock.now() + timedelta(minutes=1))
    assert message.outbox is not None
    message.outbox.refresh_from_db()
    assert message.outbox.is_private


# --- figures -------------------------------------------------------------------------------------------


def test_figures_count_it_and_say_how_many_rows_are_private(
    client: Client, secret: Conversation, alice: User, bob: User
) -> None:
    pages = {}
    for person in (alice, bob):
        client.force_login(person)
        pages[person] = client.get(f"/partners/{secret.partner_id}/record/").context
    assert pages[alice]["record"].n == pages[bob]["record"].n
    mine, others = pages[alice]["answers"], pages[bob]["answers"]
    assert (len(mine), mine.private) == (len(others) + others.private, 0)
    assert others.private == 2


# --- the portal ----------------------------------------------------------------------------------------


def test_on_the_portal_only_the_contact_in_it_meets_it(
    client: Client, secret: Conversation, nora: Contact, nils: Contact, alice: User
) -> None:
    texts = {}
    for contact in (nora, nils):
        token = passes.token(passes.give(contact, 30, by=alice, at=clock.now()))
        found = crawl(client, f"/p/{token}/", f"/p/{token}/record/")
        texts[contact] = " ".join(text for _, text in found)
        status = client.get(f"/p/{token}/conversations/{secret.pk}/").status_code
        assert status == (200 if contact == nora else 404)
    assert WORD in texts[nora]
    assert WORD not in texts[nils]


# --- moving --------------------------------------------------------------------------------------------


def test_a_message_moved_out_of_it_stays_private(secret: Conversation, alice: User, bob: User) -> None:
    message = secret.messages.last()
    assert message is not None
    moving.move(message, None, by=alice, at=clock.now())
    message.refresh_from_db()
    assert message.conversation.is_private
    assert not Conversation.objects.visible_to(bob).filter(pk=message.conversation_id).exists()


def test_it_is_not_merged_with_what_everybody_reads(scene: Scene, secret: Conversation, alice: User) -> None:
    for one, other in ((secret, scene.things["conversation"]), (scene.things["conversation"], secret)):
        with pytest.raises(moving.MoveRefused, match="private"):
            moving.merge(one, other, by=alice, at=clock.now())


def test_the_form_for_logging_offers_others_nothing_of_it(
    client: Client, secret: Conversation, alice: User, bob: User
) -> None:
    wait = secret.waits.open().get()
    client.force_login(bob)
    typed = {"partner": secret.partner_id, "channel": "call", "body": "A call", "visibility": "internal"}
    for wrong in ({"answers": wait.pk}, {"conversation": secret.pk}):
        assert client.post("/log/", typed | wrong).status_code == 422
    assert Wait.objects.open().filter(pk=wait.pk).exists()


def test_a_chat_that_somebody_else_pastes_goes_on_elsewhere(
    northwind: Partner, nora: Contact, alice: User, bob: User
) -> None:
    at = clock.now()
    chat = [Said(1, at - timedelta(hours=1), "Shall we?", nora)]
    mine = pasting.save(northwind, chat, by=alice, at=at).conversation
    private_threads.make_private(mine, by=alice, at=at)
    more = [*chat, Said(2, at - timedelta(minutes=5), "And when?", nora)]
    assert pasting.save(northwind, more, by=alice, at=at).conversation == mine
    assert pasting.save(northwind, more, by=bob, at=at).conversation != mine
