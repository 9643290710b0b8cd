"""What we invest in a partner: hours, funds whose amounts not everybody reads, introductions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from lifecycle.growth.investing import investments
from lifecycle.growth.investing.investments import InvestmentRefused, Spent
from lifecycle.growth.investing.models import Investment
from partners import merging
from partners.models import Contact, Event, Partner
from prm import clock
from reviews import scheduling
from reviews.meetings import sharing, steps
from reviews.meetings.packet import shown
from reviews.models import Review
from team.models import User
from tests.conftest import MONDAY
from tests.programs import program
from tests.reviews.conftest import living

TODAY = MONDAY.date()
HOURS = Spent("hours", TODAY, "Workshop with their pre-sales", minutes=1590)
FUNDS = Spent("funds", TODAY, "A stand at their fair", amount=250_000, currency="EUR", is_shown=True)
INTRODUCED = Spent("introduction", TODAY, "For the roll-out", to="Tailspin", is_shown=True)


def test_it_is_logged_stands_in_the_history_without_its_amount_and_can_be_undone(
    northwind: Partner, alice: User
) -> None:
    for spent in (HOURS, FUNDS, INTRODUCED):
        investments.log(northwind, spent, by=alice, at=MONDAY)
    hours, funds, introduced = Investment.objects.order_by("pk")
    assert (hours.time, str(funds.worth), introduced.to) == ("26 h 30 min", "EUR 2,500", "Tailspin")
    event = Event.objects.get(kind="investment_logged", about_id=funds.pk)
    assert event.note == "Funds: A stand at their fair"
    investments.take_back(event, alice, MONDAY)
    funds.refresh_from_db()
    assert (funds.is_withdrawn, funds.withdrawn_reason) == (True, "Logged by mistake.")
    assert [each.kind for each in Investment.objects.shown()] == ["introduction"]
    with pytest.raises(InvestmentRefused, match="withdrawn already"):
        investments.withdraw(funds, "Again", by=alice, at=MONDAY)
    with pytest.raises(InvestmentRefused, match="withdrawn already"):
        investments.show(funds, True, by=alice, at=MONDAY)
    assert not Event.objects.filter(note__contains="2,500").exists()


@pytest.mark.parametrize(
    ("spent", "why"),
    [
        (Spent("hours", TODAY, "Workshop"), "Say how many hours"),
        (Spent("funds", TODAY, "A stand"), "Say how much"),
        (Spent("introduction", TODAY, "For the roll-out", to="  "), "Say whom"),
        (Spent("hours", TODAY, " ", minutes=5), "Say in a line"),
        (Spent("hours", TODAY, "Workshop", minutes=5, amount=5, currency="EUR"), "Only the kind you chose"),
        (Spent("hours", TODAY + timedelta(days=1), "Workshop", minutes=5), "still to come"),
    ],
)
def test_what_is_not_whole_is_refused_in_words(
    northwind: Partner, alice: User, spent: Spent, why: str
) -> None:
    with pytest.raises(InvestmentRefused, match=why):
        investments.log(northwind, spent, by=alice, at=MONDAY)


@pytest.mark.django_db
def test_the_database_takes_no_half_one(northwind: Partner, alice: User) -> None:
    given: dict[str, Any] = {"partner": northwind, "on": TODAY, "words": "X", "logged_by": alice}
    for kind, more in (("hours", {"amount": 5, "currency": "EUR"}), ("funds", {"amount": 5}), ("hours", {})):
        with pytest.raises(IntegrityError), transaction.atomic():
            Investment.objects.create(kind=kind, logged_at=MONDAY, **given, **more)


def test_it_is_logged_shown_and_withdrawn_on_the_pages(
    client: Client, northwind: Partner, alice: User
) -> None:
    client.force_login(alice)
    here = f"/partners/{northwind.pk}/investments/"
    assert here in client.get(northwind.get_absolute_url()).text
    assert "Nothing is logged yet" in client.get(here).text
    form = {"kind": "hours", "on": TODAY.isoformat(), "words": "Workshop", "currency": "EUR"}
    refused = client.post(f"{here}log/", {**form, "amount": "5"})
    assert refused.status_code == 422
    assert "Say how many hours." in refused.text
    assert client.post(f"{here}log/", {**form, "hours": "1.5"}).status_code == 303
    logged = Investment.objects.get()
    assert (logged.minutes, logged.is_shown) == (90, False)
    assert "1 h 30 min" in client.get(here).text
    client.post(f"/investments/{logged.pk}/show/", {"do": "show"})
    assert Investment.objects.get().is_shown
    assert client.post(f"/investments/{logged.pk}/withdraw/", {"reason": "Twice"}).status_code == 303
    assert "Withdrawn: Twice" in client.get(here).text


def test_amounts_are_withheld_and_reading_them_is_kept(
    client: Client, northwind: Partner, alice: User, bob: User
) -> None:
    investments.log(northwind, FUNDS, by=alice, at=MONDAY)
    here = f"/partners/{northwind.pk}/investments/"
    client.force_login(bob)
    page = client.get(here).text
    assert "amount withheld" in page
    assert "2,500" not in page
    told = program(bob).get("/api/v1/investments/").json()["results"][0]
    assert (told["amount"], told["currency"], told["is_withheld"]) == (None, "", True)
    assert not Event.objects.filter(kind="funds_read").exists()
    client.force_login(alice)
    for _ in range(2):
        assert "EUR 2,500" in client.get(here).text
    assert program(alice).get("/api/v1/investments/").json()["results"][0]["amount"] == "2500.00"
    assert Event.objects.get(kind="funds_read").by_user == alice


def test_another_program_logs_one(northwind: Partner, alice: User, bob: User) -> None:
    sent = {"partner": northwind.pk, "kind": "funds", "on": "2026-05-04", "words": "A stand"}
    alices = program(alice)
    assert alices.send("/api/v1/investments/", sent).json() == {"amount": ["Say how much."]}
    assert "currency" in alices.send("/api/v1/investments/", {**sent, "amount": 5}).json()
    made = alices.send("/api/v1/investments/", {**sent, "amount": 5, "currency": "EUR"})
    assert (made.status_code, made.json()["amount"]) == (201, "5.00")
    sent |= {"amount": 5, "currency": "EUR"}
    assert program(bob).send("/api/v1/investments/", sent).status_code == 403
    here = f"/api/v1/investments/{made.json()['id']}"
    assert alices.send(f"{here}/show/").json()["is_shown"]
    assert not alices.send(f"{here}/hide/").json()["is_shown"]
    assert alices.send(f"{here}/withdraw/", {"reason": "Twice"}).json()["withdrawn_reason"] == "Twice"
    assert alices.send(f"{here}/withdraw/", {"reason": "Twice"}).status_code == 409
    assert program(bob).send(f"{here}/show/").status_code == 403


def test_it_goes_with_a_partner_that_is_merged(northwind: Partner, contoso: Partner, alice: User) -> None:
    investments.log(contoso, INTRODUCED, by=alice, at=MONDAY)
    merging.merge_partners(northwind, contoso, {}, by=alice, at=MONDAY)
    assert Investment.objects.get().partner == northwind


# --- the packet -------------------------------------------------------------------------------------------


@pytest.fixture
def review(northwind: Partner, alice: User) -> Review:
    living(northwind, signed_on=TODAY)
    scheduling.ensure_upcoming(MONDAY)
    review = Review.objects.get(partner=northwind)
    Review.objects.filter(pk=review.pk).update(since_on=TODAY - timedelta(days=90))
    for spent in (HOURS, FUNDS, INTRODUCED):
        investments.log(northwind, spent, by=alice, at=MONDAY)
    review.refresh_from_db()
    return review


def test_the_packet_tells_what_the_partner_may_read(review: Review, alice: User) -> None:
    (exchange,) = [each for each in shown.parts(review, MONDAY) if each.key == "exchange"]
    assert [(each["name"], each["value"]) for each in exchange.values["figures"]] == [
        ("Introductions we made", 1),
        ("Funds", "EUR 2,500"),
    ]
    assert [(each["text"], each["pill"]) for each in exchange.values["lines"]] == [
        ("A stand at their fair", "EUR 2,500"),
        ("For the roll-out", "Tailspin"),
    ]


def test_of_us_not_everybody_reads_its_amounts_and_the_partner_does(
    client: Client, review: Review, nora: Contact, alice: User, bob: User
) -> None:
    steps.prepare(review, by=alice, at=MONDAY)
    sharing.send_pre_read(review, [nora], by=alice, at=MONDAY)
    here = f"/reviews/{review.pk}/"
    client.force_login(bob)
    for page in (here, f"{here}print/"):
        told = client.get(page).text
        assert "A stand at their fair" in told
        assert "withheld" in told
        assert "2,500" not in told
    assert "2,500" not in program(bob).get(f"/api/v1/reviews/{review.pk}/packet/").text
    assert not Event.objects.filter(kind="funds_read").exists()
    client.force_login(alice)
    assert "EUR 2,500" in client.get(here).text
    assert Event.objects.get(kind="funds_read").by_user == alice
    client.logout()
    assert "EUR 2,500" in client.get(f"/reviews/read/{sharing.token(review, nora, clock.now())}/").text


def test_an_amount_that_was_corrected_is_restated_to_those_who_read_it(
    client: Client, review: Review, alice: User, bob: User
) -> None:
    steps.hold(review, TODAY, by=alice, at=MONDAY)
    event = Event.objects.get(kind="investment_logged", note__startswith="Funds")
    investments.take_back(event, alice, MONDAY)
    client.force_login(alice)
    assert "Funds was EUR 2,500, is – by now" in client.get(f"/reviews/{review.pk}/").text
    client.force_login(bob)
    told = client.get(f"/reviews/{review.pk}/").text
    assert "Funds was withheld, is withheld by now" in told
    assert "2,500" not in told
