"""Finding by name: straight to the partner where there is no doubt."""

import pytest
from django.test import Client

from partners import organisations
from partners.models import Partner
from team.models import User
from tests.conftest import MONDAY


@pytest.fixture
def two(alice: User) -> list[Partner]:
    return [organisations.add(name, by=alice, at=MONDAY) for name in ("Ridge", "Ridge Systems")]


@pytest.mark.parametrize(
    ("words", "leads_to"),
    [
        ("systems", "/partners/{1}/"),
        ("ridge", "/partners/{0}/"),
        ("rid", "/partners/?q=rid"),
        ("nobody", "/partners/?q=nobody"),
        ("", "/partners/?q="),
    ],
)
def test_it_leads_to(client: Client, alice: User, two: list[Partner], words: str, leads_to: str) -> None:
    client.force_login(alice)
    answer = client.get("/partners/find/", {"q": words})
    assert answer.status_code == 302
    assert answer["Location"] == leads_to.format(*(partner.pk for partner in two))
