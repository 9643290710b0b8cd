"""A pointer upward: a row below names a thing above by kind and id."""

from typing import Any

import pytest

from prm import references
from prm.references import Reference
from team.models import Company, Region, User


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "_kinds", {})
    references.register(
        "person", "team.User", title=lambda user: user.name, url=lambda user: f"/u/{user.pk}/"
    )
    references.register("region", "team.Region")


def test_rows_are_found_with_one_query_for_each_kind(
    alice: User, bob: User, django_assert_num_queries: Any
) -> None:
    region = Region.objects.create(name="DACH")
    wanted = [references.to(alice), references.to(bob), references.to(region)]
    with django_assert_num_queries(2):
        found = references.resolve(wanted)
    assert [found[reference] for reference in wanted] == [alice, bob, region]


def test_what_is_gone_or_unknown_is_left_out(alice: User) -> None:
    gone, unknown = Reference("person", 10**9), Reference("removed in an upgrade", 1)
    assert references.resolve([gone, unknown, references.to(alice)]) == {references.to(alice): alice}


def test_title_and_address(alice: User) -> None:
    reference = references.to(alice)
    assert references.title(reference, alice) == "Alice"
    assert references.url(reference, alice) == f"/u/{alice.pk}/"


def test_a_kind_means_one_model() -> None:
    references.register("person", "team.User")  # again is fine: a reload does it
    with pytest.raises(ValueError, match="two models"):
        references.register("person", "team.Region")


def test_a_row_of_no_registered_model_is_refused(company: Company) -> None:
    with pytest.raises(LookupError, match=r"team\.Company"):
        references.to(company)
