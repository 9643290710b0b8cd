"""The places of the shell: which of them a page lies in."""

import pytest
from django.test import Client

from team.models import User


@pytest.mark.parametrize("path", ["/partners/", "/deals/board/", "/agreements/", "/registrations/"])
def test_what_belongs_to_partners_lies_in_their_place(client: Client, alice: User, path: str) -> None:
    client.force_login(alice)
    places = client.get(path).context["places"]
    assert [place["name"] for place in places if place["current"]] == ["Partners"]
