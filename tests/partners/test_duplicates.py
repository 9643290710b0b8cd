"""Who looks like whom: precision before recall."""

import csv
import os
from pathlib import Path

import pytest

from partners import duplicates, merging, organisations
from partners.models import Partner
from team.models import User
from tests.conftest import MONDAY


def add(name: str, by: User, website: str = "", country: str = "") -> Partner:
    return organisations.add(name, by=by, at=MONDAY, website=website, country=country)


def found(name: str, *domains: str, country: str = "", exclude: int | None = None) -> list[tuple[str, bool]]:
    return [
        (match.name, match.is_certain) for match in duplicates.like(name, domains, country, exclude=exclude)
    ]


def test_a_shared_domain_is_certain_whatever_the_name(alice: User) -> None:
    add("Northwind", alice, "https://www.northwind.co.uk:8443/p")
    assert found("Somebody else", "shop.northwind.co.uk") == [("Northwind", True)]


def test_a_further_domain_counts_as_well(alice: User) -> None:
    partner = organisations.add("Northwind", by=alice, at=MONDAY, domains=["northwind.nl"])
    assert [match.pk for match in duplicates.like("X", ["northwind.nl"])] == [partner.pk]


@pytest.mark.parametrize("shared", ["gmail.com", "linkedin.com", "github.io", "myshopify.com", ""])
def test_what_many_share_is_no_sign(alice: User, shared: str) -> None:
    organisations.add("Northwind", by=alice, at=MONDAY, domain=shared, domains=[shared])
    assert found("Contoso", shared) == []


@pytest.mark.parametrize(
    "name",
    [
        "Nordlicht Systeme",
        "NORDLICHT SYSTEME GMBH",
        "Nordlicht-Systeme AG",
        "Nordlichtsysteme",
        "Systeme Nordlicht",
        "The Nordlicht Systeme",
        "Nordlicht Sisteme",
        "Nórdlicht Systeme, Inc.",
    ],
)
def test_a_similar_name_is_suggested(alice: User, name: str) -> None:
    add("Nordlicht Systeme GmbH", alice)
    assert found(name) == [("Nordlicht Systeme GmbH", False)]


@pytest.mark.parametrize("name", ["Nordwind Systeme", "Nordlicht", "Systeme", "", "GmbH", "%", "_"])
def test_another_name_is_not(alice: User, name: str) -> None:
    add("Nordlicht Systeme GmbH", alice)
    assert found(name) == []


def test_another_country_is_another_firm_an_unknown_one_may_be_it(alice: User) -> None:
    add("Nordlicht Systeme", alice, country="DE")
    add("Nordlicht Systeme", alice)
    assert len(found("Nordlicht Systeme", country="DE")) == 2
    assert len(found("Nordlicht Systeme", country="AT")) == 1


def test_itself_and_what_was_merged_away_are_left_out(alice: User) -> None:
    kept, gone = add("Nordlicht Systeme", alice), add("Nordlicht Systeme GmbH", alice)
    assert found("Nordlicht Systeme", exclude=kept.pk) == [("Nordlicht Systeme GmbH", False)]
    merging.merge_partners(kept, gone, {}, by=alice, at=MONDAY)
    assert found("Nordlicht Systeme GmbH") == [("Nordlicht Systeme", False)]
    assert found("Nordlicht Systeme", exclude=kept.pk) == []


def test_it_asks_two_questions_however_many_there_are(alice: User, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(30):
        add(f"Nordlicht Systeme {number}", alice, f"https://nordlicht{number}.example.com")
    with django_assert_num_queries(2):
        assert len(duplicates.like("Nordlicht Systeme 7", ["nordlicht7.de"])) == 10


@pytest.mark.real_data
def test_names_are_told_apart_on_labelled_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    with (Path(os.environ["REAL_DATA"]) / "company_name_pairs.csv").open(
        newline="", encoding="utf-8"
    ) as file:
        pairs = [row for row in csv.DictReader(file) if row["schema"] in {"Company", "Organization"}]
    said = [
        (
            duplicates.likeness(pair["name1"], pair["name2"]) >= duplicates.ALIKE_FROM,
            pair["is_match"] == "true",
        )
        for pair in pairs
    ]
    right = sum(alike and true for alike, true in said)
    precision = right / sum(alike for alike, _ in said)
    recall = right / sum(true for _, true in said)
    with capsys.disabled():
        print(f"\n{len(pairs)} pairs of company names: precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.9
    assert recall >= 0.75
