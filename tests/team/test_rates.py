"""Rates of the reporting currency: who keeps them, what is refused, and that nothing is ever overwritten."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from prm.money import Money
from prm.rates import Amount
from team import rates
from team.models import Company, Rate, User
from tests.conftest import MONDAY
from tests.programs import program

PAGE, LIST = "/settings/rates/", "/settings/rates/many/"
NOV, DEC = date(2026, 11, 1), date(2026, 12, 1)
TYPED = {"currency": "USD", "worth": "0.9231", "since_on": "2026-11-01", "source": "ECB"}


def stated(by: User, currency: str, worth: str, since_on: date = NOV) -> Rate:
    return rates.state(rates.Wanted(currency, since_on, Decimal(worth)), by=by, at=MONDAY)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- the record ---


def test_a_correction_is_a_new_row_and_the_former_one_says_why(ravi: User) -> None:
    wrong = stated(ravi, "USD", "9.231")
    right = rates.correct(wrong, Decimal("0.9231"), "A slip.", by=ravi, at=MONDAY)
    wrong.refresh_from_db()
    assert (wrong.worth, wrong.replaced_why, wrong.replaced_by) == (Decimal("9.231"), "A slip.", ravi)
    assert list(Rate.objects.standing()) == [right]


def test_another_rate_of_the_same_day_is_refused(ravi: User) -> None:
    stated(ravi, "USD", "0.9231")
    with pytest.raises(rates.RateRefused, match="Correct that one"):
        stated(ravi, "USD", "0.95")


def test_one_that_was_corrected_cannot_be_corrected_again(ravi: User) -> None:
    wrong = stated(ravi, "USD", "9.231")
    rates.take_back(wrong, "Twice.", by=ravi, at=MONDAY)
    with pytest.raises(rates.RateRefused, match="meanwhile"):
        rates.correct(wrong, Decimal("1"), "So.", by=ravi, at=MONDAY)


def test_taken_back_the_one_before_it_holds_again(ravi: User) -> None:
    stated(ravi, "USD", "0.9")
    late = stated(ravi, "USD", "9.1", DEC)
    rates.take_back(late, "Not ours.", by=ravi, at=MONDAY)
    held = rates.known("EUR", DEC).at("USD", DEC)
    assert held is not None
    assert held.worth == Decimal("0.9")


def test_a_number_of_fifteen_digits_is_kept_to_the_last(ravi: User) -> None:
    made = stated(ravi, "USD", "123456.123456789")
    made.refresh_from_db()
    assert made.worth == Decimal("123456.123456789")


def test_rates_stay_with_the_reporting_currency_they_were_stated_for(ravi: User) -> None:
    stated(ravi, "USD", "0.9231")
    Company.objects.update(reporting_currency="CHF")
    assert rates.known("CHF", NOV).currencies == []
    Company.objects.update(reporting_currency="EUR")
    assert rates.known("EUR", NOV).currencies == ["USD"]


def test_no_currency_has_a_rate_into_itself(ravi: User) -> None:
    with pytest.raises(rates.RateRefused, match="reporting currency"):
        stated(ravi, "EUR", "1")
    with pytest.raises(IntegrityError):
        Rate.objects.create(reporting="EUR", currency="EUR", since_on=NOV, worth=1, by=ravi, at=MONDAY)


# --- sums ---


def test_a_sum_asks_only_for_rates_it_may_need(ravi: User, django_assert_num_queries: Any) -> None:
    for n in range(5):
        stated(ravi, "USD", f"0.9{n}", NOV + timedelta(days=n))
    needed = rates.known("EUR", NOV + timedelta(days=3), ["USD"])
    assert needed.at("USD", NOV + timedelta(days=2)) is None  # from that day on an earlier one is not needed
    with django_assert_num_queries(1):
        total = rates.in_one([Amount(100_00, "USD", DEC), Amount(1_00, "EUR", DEC)], "EUR")
    assert total is not None
    assert total.money == Money(95_00, "EUR")


def test_amounts_of_one_currency_need_no_rate(company: Company, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert rates.in_one([Amount(100, "USD", NOV), Amount(200, "USD", DEC)]) is None


# --- pages ---


def test_a_head_states_a_rate_and_everybody_reads_it(erin: User, bob: User) -> None:
    assert as_(erin).post(PAGE, TYPED).status_code == 303
    page = as_(bob).get(PAGE).content.decode()
    assert "0.9231 EUR" in page
    assert "State it" not in page
    assert "Correct" not in page


def test_others_keep_none(bob: User, ravi: User) -> None:
    rate = stated(ravi, "USD", "0.9")
    their = as_(bob)
    for path, typed in (
        (PAGE, TYPED),
        (f"{PAGE}{rate.pk}/", {}),
        (LIST, {}),
        (f"{PAGE}{rate.pk}/take-back/", {}),
    ):
        assert their.post(path, typed).status_code == 403
    assert Rate.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"worth": "1,083"}, "two ways"),
        ({"worth": "0"}, "more than 0"),
        ({"worth": "abc"}, "no number"),
        ({"worth": "1234567.5"}, "6 digits before"),
        ({"worth": "0.0000000001"}, "9 after"),
        ({"currency": "EUR"}, "valid choice"),
        ({"since_on": "1026-11-01"}, "cannot be right"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_stays_typed(
    ravi: User, typed: dict[str, str], says: str
) -> None:
    answer = as_(ravi).post(PAGE, TYPED | typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(typed)
    assert says in str(answer.context["form"].errors)
    assert answer.context["form"]["source"].value() == "ECB"
    assert not Rate.objects.exists()


def test_a_comma_is_a_decimal_mark_where_it_can_be_nothing_else(ravi: User) -> None:
    assert as_(ravi).post(PAGE, TYPED | {"worth": "0,9231"}).status_code == 303
    assert Rate.objects.get().worth == Decimal("0.9231")


def test_a_correction_asks_for_its_reason(ravi: User) -> None:
    rate = stated(ravi, "USD", "9.231")
    admin = as_(ravi)
    answer = admin.post(f"{PAGE}{rate.pk}/", {"worth": "0.9231", "why": " "})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["why"]
    assert admin.post(f"{PAGE}{rate.pk}/", {"worth": "0.9231", "why": "A slip."}).status_code == 303
    page = admin.get(PAGE).content.decode()
    assert "A slip." in page
    assert "9.231 EUR" in page
    assert admin.get(f"{PAGE}{rate.pk}/").status_code == 404  # it stands no more


def test_a_pasted_table_goes_in_whole(ravi: User) -> None:
    stated(ravi, "GBP", "1.2")
    text = "Currency;From;Rate\nUSD;2026-11-01;0,9231\nGBP;01.11.2026;1.2\nCHF;2026-11-01;1.05\n"
    answer = as_(ravi).post(LIST, {"text": text, "source": "ECB"}, follow=True)
    assert "2 rates are new, 0 corrected, 1 stood already." in answer.content.decode()
    assert set(Rate.objects.filter(source="ECB").values_list("currency", flat=True)) == {"USD", "CHF"}


def test_one_wrong_row_keeps_all_out_and_is_named(ravi: User) -> None:
    text = "Currency,From,Rate\nUSD,2026-11-01,0.9231\nXXX,2026-11-01,1\nCHF,2026-13-01,1\nUSD,2026-11-01,2"
    answer = as_(ravi).post(LIST, {"text": text})
    assert answer.status_code == 422
    faults = " ".join(answer.context["form"].errors["text"])
    assert "Row 3: Currency: “XXX” is no code" in faults
    assert "Row 4: From: “2026-13-01” is no day" in faults
    assert "Row 5: the same currency and day as in row 2" in faults
    assert answer.context["form"]["text"].value() == text
    assert not Rate.objects.exists()


def test_a_list_that_corrects_needs_a_reason(ravi: User) -> None:
    stated(ravi, "USD", "9.231")
    file = SimpleUploadedFile(
        "rates.csv", b"Currency,From,Rate\nUSD,2026-11-01,0.9231\nCHF,2026-11-01,1.05\n"
    )
    admin = as_(ravi)
    answer = admin.post(LIST, {"file": file})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["why"]
    assert Rate.objects.count() == 1
    file.seek(0)
    assert admin.post(LIST, {"file": file, "why": "A slip."}).status_code == 303
    assert str(Rate.objects.standing().get(currency="USD")) == "1 USD = 0.9231 EUR"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Paste a table"),
        ("Currency,From\nUSD,2026-11-01", "No column is called Rate"),
        ("Currency,From,Rate", "no row below it"),
        ("Currency,From,Rate,Into\nUSD,2026-11-01,1,CHF", "the reporting currency is EUR"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(ravi: User, text: str, says: str) -> None:
    answer = as_(ravi).post(LIST, {"text": text})
    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors["text"])


def test_what_is_handed_out_can_be_handed_in_again(ravi: User) -> None:
    rates.state(rates.Wanted("USD", NOV, Decimal("0.9231"), "=HYPERLINK(1)"), by=ravi, at=MONDAY)
    admin = as_(ravi)
    file = b"".join(admin.get(f"{PAGE}rates.csv").streaming_content)  # type: ignore[arg-type]
    assert b"'=HYPERLINK" in file
    answer = admin.post(LIST, {"file": SimpleUploadedFile("rates.csv", file)}, follow=True)
    assert "0 rates are new, 0 corrected, 1 stood already." in answer.content.decode()


# --- other programs ---


def test_a_program_states_and_corrects_as_a_page_does(ravi: User, bob: User) -> None:
    asked = {"currency": "USD", "since_on": "2026-11-01", "worth": "0.9231"}
    assert program(bob).send("/api/v1/rates/", asked).status_code == 403
    ours = program(ravi)
    made = ours.send("/api/v1/rates/", asked)
    assert (made.status_code, made.json()["worth"], made.json()["reporting"]) == (201, "0.9231", "EUR")
    refused = ours.send("/api/v1/rates/", asked | {"worth": "0.95"})
    assert refused.status_code == 409
    assert ours.send("/api/v1/rates/", asked | {"worth": "0.95", "why": "A slip."}).status_code == 201
    rows = program(bob).get("/api/v1/rates/?currency=USD").json()["results"]
    assert [(row["worth"], row["replaced_why"]) for row in rows] == [("0.95", ""), ("0.9231", "A slip.")]
    here = f"/api/v1/rates/{rows[0]['id']}/take-back/"
    assert program(bob).send(here).status_code == 403
    assert ours.send(here).json() == {"why": ["This field is required."]}
    assert ours.send(here, {"why": "It was a holiday."}).json()["replaced_why"] == "It was a holiday."
    assert ours.send(here, {"why": "It was a holiday."}).status_code == 409
