"""The search page: what was typed stays, what was found is marked, nothing of it is markup."""

from __future__ import annotations

import pytest
from django.test import Client

from conversations import messages, searching
from conversations.messages import Happening
from partners.models import Contact, Partner
from team.models import Company, User
from tests.conftest import MONDAY

PAGE = "/conversations/search/"


@pytest.fixture
def said(northwind: Partner, nora: Contact, alice: User) -> None:
    body = "Is the <b>budget</b> & the margin decided?"
    messages.receive(northwind, "email", body, MONDAY, contact=nora, subject="Budget <script>")


def shown(client: Client, user: User, **asked: object) -> str:
    client.force_login(user)
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_marks_what_was_found_and_escapes_the_rest(client: Client, alice: User, said: None) -> None:
    page = shown(client, alice, q="budget nora")
    assert "Is the &lt;b&gt;<mark>budget</mark>&lt;/b&gt; &amp; the margin decided?" in page
    assert "<mark>Budget</mark> &lt;script&gt;" in page
    assert "<mark>Nora</mark> Berg" in page
    assert 'value="budget nora"' in page


def test_a_row_leads_to_the_message_in_its_thread(client: Client, alice: User, said: None) -> None:
    message = searching.search(alice, "budget").messages[0]
    assert f'href="/conversations/{message.conversation_id}/#m{message.pk}"' in shown(
        client, alice, q="budget"
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Find what was said"),
        ("b", "Type at least two letters"),
        ("unsaid", "Nothing found"),
        ("<script>alert(1)</script>", "Nothing found"),
    ],
)
def test_it_says_why_nothing_is_shown(
    client: Client, alice: User, said: None, typed: str, words: str
) -> None:
    page = shown(client, alice, q=typed)
    assert words in page
    assert "<script>alert" not in page


def test_with_one_partner_it_says_so_and_leads_to_all(
    client: Client, alice: User, said: None, northwind: Partner, contoso: Partner
) -> None:
    assert "Search messages with Northwind" in shown(client, alice, q="budget", partner=northwind.pk)
    page = shown(client, alice, q="budget", partner=contoso.pk)
    assert "Nothing found with this partner" in page
    assert 'href="?q=budget"' in page


@pytest.mark.parametrize("which", ["0", "999999", "x", "9" * 40, "-1"])
def test_an_unknown_partner_is_not_found(client: Client, alice: User, which: str) -> None:
    client.force_login(alice)
    assert client.get(PAGE, {"q": "budget", "partner": which}).status_code == 404


def test_a_partner_one_may_not_read_is_not_found(
    client: Client, bob: User, said: None, northwind: Partner
) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    client.force_login(bob)
    assert client.get(PAGE, {"q": "budget", "partner": northwind.pk}).status_code == 404
    assert "Nothing found" in shown(client, bob, q="budget")


def test_older_and_newest_lead_on_and_back(client: Client, alice: User, northwind: Partner) -> None:
    for n in range(searching.PAGE + 1):
        messages.log(northwind, Happening("call", f"Budget {n}."), by=alice, at=MONDAY)
    first = shown(client, alice, q="budget")
    assert first.count("data-row") == searching.PAGE
    older = searching.search(alice, "budget").older
    second = shown(client, alice, q="budget", before=older)
    assert second.count("data-row") == 1
    assert ">Newest</a>" in second
    assert "Older" not in second


def test_htmx_gets_what_was_found_alone(client: Client, alice: User, said: None) -> None:
    client.force_login(alice)
    answer = client.get(PAGE, {"q": "budget"}, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<div id="found">')
    assert "HX-Request" in answer["Vary"]


def test_the_finder_and_the_timeline_lead_here(client: Client, alice: User, northwind: Partner) -> None:
    client.force_login(alice)
    listed = client.get("/partners/", {"q": "budget & co"}).content.decode()
    assert 'href="/conversations/search/?q=budget%20%26%20co"' in listed
    assert "Search messages for “budget &amp; co”" in listed
    page = client.get(f"/partners/{northwind.pk}/").content.decode()
    assert f'href="/conversations/search/?partner={northwind.pk}"' in page
    assert "Search messages for" not in client.get("/partners/").content.decode()
