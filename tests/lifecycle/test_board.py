"""The board: true counts, the first cards, what is next, and who may move them."""

import gzip
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations import messages
from conversations.models import Commitment, Meeting
from lifecycle import board, tasks, transitions
from partners import assignments, organisations
from partners.models import Contact, Partner, Stage, Step
from prm import clock
from team.models import Company, Grant, User, Vertical
from tests.lifecycle.conftest import onboarded, prospect

BOARD = "/partners/board/"


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def test_cards_stand_in_their_columns(alices: Client, alice: User) -> None:
    at = clock.now() - timedelta(days=12)
    prospect("Kestrel", alice, at=at, step=Step.CONTACTED)
    onboarded("Contoso", alice, at=at)
    parked = prospect("Pelican", alice, at=at)
    transitions.park(parked, until=at.date() + timedelta(days=99), by=alice, at=at)
    page = alices.get(BOARD)
    filled = {
        column.place.value: [(card.name, card.days) for card in column.cards]
        for column in page.context["columns"]
        if column.count
    }
    assert filled == {"contacted": [("Kestrel", 12)], "onboarding": [("Contoso", 11)]}
    assert [column.place for column in page.context["columns"]] == [*Step, *list(Stage)[1:4]]
    assert reverse("lifecycle:board") == BOARD


def test_a_card_says_what_is_next(alices: Client, alice: User) -> None:
    at = clock.now()
    prospect("Idle", alice, at=at - timedelta(days=200))
    busy = prospect("Busy", alice, at=at - timedelta(days=200))
    tasks.add(busy, "Prepare the offer", by=alice, at=at, due_on=date(2031, 1, 2))
    Commitment.objects.create(
        partner=busy,
        side="ours",
        owner=alice,
        text="Send terms",
        promised_for=date(2031, 1, 1),
        original_promised_for=date(2031, 1, 1),
        ends_at=at,
        created_by=alice,
        created_at=at,
    )
    page = alices.get(BOARD).content.decode()
    assert "Send terms, " in page
    assert "Prepare the offer" not in page
    assert "Stalled: usual 60 days, nothing ahead" in page


def test_a_column_shows_its_first_cards_and_its_true_count(alices: Client, alice: User) -> None:
    for number in range(board.SHOWN + 3):
        prospect(f"Kestrel {number}", alice, step=Step.IDENTIFIED)
    page = alices.get(BOARD + "?owner=me")
    (column,) = [column for column in page.context["columns"] if column.count]
    assert (column.count, len(column.cards), column.more) == (board.SHOWN + 3, board.SHOWN, 3)
    assert "3 more in the table" in page.content.decode()
    assert "/partners/?step=identified&amp;status=prospect&amp;owner=me" in page.content.decode()


def test_it_narrows_to_an_owner(alices: Client, alice: User, bob: User) -> None:
    prospect("Kestrel", alice)
    prospect("Pelican", bob)
    nobodys = prospect("Lumen", bob)
    assignments.set_owner(nobodys, to=None, by=bob, at=clock.now())

    def shown(query: str) -> set[str]:
        columns = alices.get(BOARD + query).context["columns"]
        return {card.name for column in columns for card in column.cards}

    assert shown("?owner=me") == {"Kestrel"}
    assert shown(f"?owner={bob.pk}") == {"Pelican"}
    assert shown("?owner=none") == {"Lumen"}
    assert shown("?q=kestrel&owner=me") == {"Kestrel"}
    assert shown("?owner=rubbish") == {"Kestrel", "Pelican", "Lumen"}
    assert "rubbish" in alices.get(BOARD + "?owner=rubbish").content.decode()


def test_of_very_many_a_column_says_so(alices: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        prospect(f"P{number}", alice, at=clock.now())
    monkeypatch.setattr(board, "MOST_COUNTED", 3)
    assert "data-count>3+<" in alices.get(f"{BOARD}?status=prospect").text


def test_who_sees_nobody_sees_an_empty_board(client: Client, alice: User) -> None:
    prospect("Kestrel", alice, at=clock.now())
    client.force_login(User.objects.create(name="No role yet", email="new@acme.example"))
    for address in (BOARD, f"{BOARD}?status=prospect"):
        assert {column.count for column in client.get(address).context["columns"]} == {0}


def test_more_leads_to_a_list_of_that_count(alices: Client, alice: User) -> None:
    for number in range(board.SHOWN + 3):
        prospect(f"Kestrel {number}", alice, step=Step.IDENTIFIED)
    parked = prospect("Pelican", alice, step=Step.IDENTIFIED)
    transitions.park(parked, until=clock.now().date() + timedelta(days=99), by=alice, at=clock.now())
    (column,) = [each for each in alices.get(BOARD).context["columns"] if each.count]
    listed = alices.get(f"/partners/?{column.filter}")
    assert listed.context["count"] == column.count == board.SHOWN + 3


def test_only_who_may_move_a_card_is_offered_to(
    client: Client, northwind: Partner, bob: User, erin: User
) -> None:
    client.force_login(bob)
    assert "Move Northwind" not in client.get(BOARD).content.decode()
    client.force_login(erin)
    assert "Move Northwind" in client.get(BOARD).content.decode()
    Company.objects.update(reading=Company.Reading.OWN)
    client.force_login(bob)
    page = client.get(BOARD).content.decode()
    assert "Northwind" not in page
    assert "Nobody is on the road" in page


def test_a_role_narrowed_to_a_vertical_moves_cards_there_only(
    client: Client, erin: User, northwind: Partner, contoso: Partner
) -> None:
    retail = Vertical.objects.create(name="Retail")
    Grant.objects.get(user=erin).verticals.add(retail)
    northwind.verticals.add(retail)
    client.force_login(erin)
    page = client.get(BOARD).content.decode()
    assert "Move Northwind" in page
    assert "Contoso" in page
    assert "Move Contoso" not in page


def test_a_second_who_looks_after_a_partner_may_move_it(
    client: Client, northwind: Partner, bob: User
) -> None:
    assignments.assign(northwind, bob, "growth", by=bob, at=clock.now())
    client.force_login(bob)
    assert "Move Northwind" in client.get(BOARD).content.decode()


def test_a_reply_owed_stands_before_all_and_a_meeting_counts(
    alices: Client, alice: User, northwind: Partner, nora: Contact
) -> None:
    at = clock.now()
    met = prospect("Kestrel", alice, at=at - timedelta(days=200))
    Meeting.objects.create(
        person=alice,
        partner=met,
        title="Kick-off",
        starts_at=at + timedelta(days=2),
        ends_at=at + timedelta(days=2, hours=1),
        uid="kick-off",
        created_at=at,
    )
    tasks.add(northwind, "Prepare the offer", by=alice, at=at, due_on=date(2031, 1, 2))
    messages.receive(northwind, "email", "When?", at=at, contact=nora, subject="Dates")
    page = alices.get(BOARD).content.decode()
    assert "Kick-off, " in page
    assert "Reply in" in page
    assert "Prepare the offer" not in page
    assert "Stalled" not in page


def test_strangers_and_wrong_methods(client: Client, alice: User) -> None:
    assert client.get(BOARD).status_code == 302
    client.force_login(alice)
    assert client.post(BOARD).status_code == 405


def test_it_asks_the_same_and_stays_small(alices: Client, alice: User) -> None:
    counts = []
    alices.get(BOARD)
    for more in (3, 27):
        for number in range(more):
            partner = organisations.add(
                f"Kestrel Data Systems {more} {number}", by=alice, at=clock.now(), owner=alice
            )
            tasks.add(partner, f"Send terms {number}", by=alice, at=clock.now())
            onboarded(f"Contoso Integrators {more} {number}", alice, at=clock.now() - timedelta(days=90))
        with CaptureQueriesContext(connection) as queries:
            response = alices.get(BOARD)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 18
    assert len(gzip.compress(response.content)) < 50 * 1024
