"""The inbox: what stands in which view, for whom, and what one does from there."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from conversations import corrections, inbox, incoming, messages, threads
from conversations.messages import Happening
from conversations.models import Conversation, Message, Wait
from partners import assignments
from partners.models import Contact, Partner
from prm import clock
from team import people
from team.models import Company, Role, User
from tests.conftest import MONDAY
from tests.conversations.letters import raw

HOUR = timedelta(hours=1)


@pytest.fixture
def talk(nora: Contact) -> Conversation:
    return messages.receive(
        nora.partner, "email", "When is it?", MONDAY, contact=nora, subject="Dates"
    ).conversation


@pytest.fixture
def copied(nora: Contact) -> Conversation:
    message = messages.receive(
        nora.partner, "email", "For your information.", MONDAY, contact=nora, subject="FYI", is_copy=True
    )
    return message.conversation


def seen(user: User, view: str) -> list[str]:
    return [row.conversation.subject for row in inbox.read(user, view, MONDAY + HOUR).rows]


def counts(user: User) -> dict[str, str]:
    return {tab.name: tab.count for tab in inbox.read(user, "", MONDAY + HOUR).tabs}


def test_a_row_says_who_wrote_what_and_how_long_is_left(talk: Conversation, alice: User) -> None:
    (row,) = inbox.read(alice, "mine", MONDAY + HOUR).rows
    assert (row.partner.name, row.who, row.conversation.subject, row.said) == (
        "Northwind",
        "Nora Berg",
        "Dates",
        "When is it?",
    )
    assert row.clock is not None
    assert row.clock.words == "23 h left"


def test_an_answered_one_stays_until_it_is_done(talk: Conversation, alice: User) -> None:
    messages.reply(talk, "On Monday.", by=alice, at=MONDAY + HOUR)
    (row,) = inbox.read(alice, "mine", MONDAY + HOUR).rows
    assert (row.clock, row.said_by, row.said) == (None, "You", "On Monday.")
    threads.resolve(talk, by=alice, at=MONDAY + HOUR)
    assert (seen(alice, "mine"), seen(alice, "done")) == ([], ["Dates"])
    messages.receive(talk.partner, "email", "And where?", MONDAY + 2 * HOUR, talk)
    assert (seen(alice, "mine"), seen(alice, "done")) == (["Dates"], [])


def test_each_view_has_its_own(talk: Conversation, omar: Contact, alice: User, bob: User, erin: User) -> None:
    messages.receive(omar.partner, "email", "Hello?", MONDAY, contact=omar, subject="Prices")
    assert (seen(alice, "mine"), seen(bob, "mine")) == (["Dates"], [])
    assert (seen(bob, "team"), seen(bob, "unassigned")) == (["Prices", "Dates"], ["Prices"])
    assert inbox.read(erin, "", MONDAY).view == "team"
    assert inbox.read(alice, "nonsense", MONDAY).view == "mine"


def test_the_tabs_count_what_stands_in_them(
    talk: Conversation, copied: Conversation, alice: User, bob: User
) -> None:
    incoming.accept(raw("who@nowhere.example", at=MONDAY), MONDAY)
    assert counts(alice) == {"Mine": "2", "Team": "2", "Copied in": "1", "Unknown senders": "1", "Done": ""}
    assert counts(bob) == {"Mine": "0", "Team": "2", "Copied in": "0", "Unknown senders": "1", "Done": ""}


def test_a_long_view_is_counted_to_a_hundred(alice: User, northwind: Partner) -> None:
    Conversation.objects.bulk_create(
        Conversation(
            partner=northwind, subject=f"{n}", created_at=MONDAY, last_message_at=MONDAY, responsible=alice
        )
        for n in range(120)
    )
    assert counts(alice)["Mine"] == "99+"


def test_covering_holds_what_is_whose_answerer_is_away(talk: Conversation, alice: User, bob: User) -> None:
    assert seen(bob, "covering") == []
    today = MONDAY.date()
    people.go_on_leave(alice, today, today, delegate=bob)
    assert seen(bob, "covering") == ["Dates"]
    assert counts(bob)["Covering"] == "1"


def test_covering_holds_what_is_late_where_one_stands_beside(
    talk: Conversation, alice: User, bob: User
) -> None:
    assignments.assign(talk.partner, bob, Role.GROWTH, by=alice, at=MONDAY)
    assert seen(bob, "covering") == []
    wait = Wait.objects.get()
    Wait.objects.update(state="late", breached_at=wait.due_at)
    assert (seen(bob, "covering"), seen(alice, "covering")) == (["Dates"], [])


def test_copied_in_lists_mail_until_something_is_made_of_it(copied: Conversation, alice: User) -> None:
    (row,) = inbox.read(alice, "copied", MONDAY).rows
    message = Message.objects.get(pk=row.copy)
    assert (row.said, row.clock) == ("For your information.", None)
    corrections.start_clock(message, by=alice, at=MONDAY + HOUR)
    assert seen(alice, "copied") == []
    assert Wait.objects.get().opened_at == MONDAY


def test_a_copy_is_off_the_list_once_we_answer_or_it_is_done(copied: Conversation, alice: User) -> None:
    messages.log(copied.partner, Happening("note", "Seen.", conversation=copied), by=alice, at=MONDAY + HOUR)
    assert seen(alice, "copied") == ["FYI"]  # a note is no answer
    threads.resolve(copied, by=alice, at=MONDAY + HOUR)
    assert seen(alice, "copied") == []
    threads.reopen(copied, by=alice, at=MONDAY + HOUR)
    messages.reply(copied, "Thank you, we have seen it.", by=alice, at=MONDAY + HOUR)
    assert seen(alice, "copied") == []


def test_a_withdrawn_copy_is_off_the_list(copied: Conversation, alice: User) -> None:
    corrections.withdraw(copied.messages.get(), "Not ours", by=alice, at=MONDAY + HOUR)
    assert seen(alice, "copied") == []


def test_a_mail_in_cc_is_listed_as_it_comes(nora: Contact, alice: User) -> None:
    incoming.accept(raw(subject="For all", at=MONDAY, To="omar@contoso.com", Cc="partners@localhost"), MONDAY)
    assert seen(alice, "copied") == ["For all"]


def test_older_ones_follow_by_a_mark_and_none_is_lost(northwind: Partner, alice: User) -> None:
    for n in range(2 * inbox.ROWS + 3):
        at = MONDAY - (n // 2) * HOUR  # two of a moment
        messages.receive(northwind, "email", "Hello?", at, subject=f"{n}")
    found: list[str] = []
    before = None
    for _ in range(3):
        page = inbox.read(alice, "mine", MONDAY, before)
        found += [row.conversation.subject for row in page.rows]
        before = inbox.Mark.read(page.older_url.partition("before=")[2].replace("%2B", "+"))
    assert page.older_url == ""
    assert sorted(found, key=int) == [str(n) for n in range(2 * inbox.ROWS + 3)]


def test_a_conversation_knows_its_neighbours_in_the_view(northwind: Partner, alice: User) -> None:
    a, b, c = (
        messages.receive(northwind, "email", "Hello?", MONDAY - n * HOUR, subject=f"{n}").conversation
        for n in range(3)
    )
    url = "/conversations/{}/?in=mine"
    assert inbox.neighbours(alice, "mine", b, MONDAY) == (url.format(a.pk), url.format(c.pk))
    assert inbox.neighbours(alice, "mine", a, MONDAY) == ("", url.format(b.pk))
    assert inbox.neighbours(alice, "mine", c, MONDAY) == (url.format(b.pk), "")


def test_who_reads_own_partners_only_sees_no_others(talk: Conversation, bob: User, company: Company) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    bob = User.objects.get(pk=bob.pk)
    assert seen(bob, "team") == []
    assert counts(bob)["Team"] == "0"


# --- the page ------------------------------------------------------------------------------------------


def test_the_page_shows_a_row_with_its_ways(client: Client, talk: Conversation, alice: User) -> None:
    client.force_login(alice)
    page = client.get("/inbox/").content.decode()
    assert "Nora Berg" in page
    assert "When is it?" in page
    assert f'href="/conversations/{talk.pk}/?in=mine"' in page
    assert f'href="/conversations/{talk.pk}/?in=mine&amp;reply=1"' in page
    assert f"/conversations/{talk.pk}/resolve/?next={quote('/inbox/?view=mine', safe='')}" in page


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("mine", "Your inbox is empty"),
        ("covering", "Nothing to cover"),
        ("team", "inbox is empty"),
        ("unassigned", "Every conversation has somebody"),
        ("copied", "Nothing to look through"),
        ("done", "Nothing is done yet"),
    ],
)
def test_an_empty_view_says_what_stands_there(client: Client, alice: User, view: str, words: str) -> None:
    client.force_login(alice)
    assert words in client.get("/inbox/", {"view": view}).content.decode()


@pytest.mark.parametrize("mark", ["nonsense", "2026-06-01~1", "~", "2026-06-01T09:00:00+00:00~x", "\0~1"])
def test_an_unreadable_mark_is_as_none(client: Client, talk: Conversation, alice: User, mark: str) -> None:
    client.force_login(alice)
    assert "When is it?" in client.get("/inbox/", {"before": mark}).content.decode()


def test_done_from_the_inbox_comes_back_there_and_can_be_undone(
    client: Client, talk: Conversation, alice: User
) -> None:
    messages.reply(talk, "On Monday.", by=alice, at=clock.now())
    client.force_login(alice)
    answer = client.post(f"/conversations/{talk.pk}/resolve/", {"next": "/inbox/?view=mine"}, follow=True)
    assert answer.redirect_chain == [("/inbox/?view=mine", 303)]
    (said,) = answer.context["messages"]
    assert Conversation.objects.get().state == "done"
    client.post(said.extra_tags)
    assert Conversation.objects.get().state == "open"


def test_opened_again_from_done_and_that_taken_back(client: Client, talk: Conversation, alice: User) -> None:
    messages.reply(talk, "On Monday.", by=alice, at=clock.now())
    threads.resolve(talk, by=alice, at=clock.now())
    client.force_login(alice)
    answer = client.post(f"/conversations/{talk.pk}/reopen/", {"next": "/inbox/?view=done"}, follow=True)
    assert answer.redirect_chain == [("/inbox/?view=done", 303)]
    assert Conversation.objects.get().state == "open"
    (said,) = answer.context["messages"]
    client.post(said.extra_tags)
    assert Conversation.objects.get().state == "done"


def test_opening_an_open_one_is_refused_in_words(client: Client, talk: Conversation, alice: User) -> None:
    client.force_login(alice)
    answer = client.post(f"/conversations/{talk.pk}/reopen/", follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["This conversation is open already."]


def test_the_clock_of_a_copy_starts_from_the_inbox(client: Client, copied: Conversation, alice: User) -> None:
    client.force_login(alice)
    message = copied.messages.get()
    assert f"/messages/{message.pk}/start-clock/" in client.get("/inbox/?view=copied").content.decode()
    answer = client.post(f"/messages/{message.pk}/start-clock/", {"next": "/inbox/?view=copied"}, follow=True)
    assert answer.redirect_chain == [("/inbox/?view=copied", 303)]
    assert Wait.objects.get().opened_at == MONDAY


def test_the_inbox_is_a_place_beside_today(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.get("/inbox/").content.decode()
    assert page.count('href="/inbox/" data-go="i" aria-current="page"') == 1
