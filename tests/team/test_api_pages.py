"""The API as a person reads it."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from team.models import User


def test_the_page_names_every_resource_and_each_has_its_own(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.get(reverse("team:api"))
    guides = list(page.context["guides"])
    assert {"partners", "messages", "waits", "deals", "health"} <= {guide.name for guide in guides}
    for guide in guides:
        assert client.get(reverse("team:api_resource", args=[guide.name])).status_code == 200
    assert client.get(reverse("team:api_resource", args=["nothing"])).status_code == 404


def test_it_says_how_files_are_sent(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "multipart/form-data" in client.get(reverse("team:api")).content.decode()
    page = client.get(reverse("team:api_resource", args=["evidence"])).content.decode()
    assert "PDF, picture, office file or text" in page


def test_it_says_what_a_door_takes_and_a_list_is_narrowed_by(client: Client, alice: User) -> None:
    client.force_login(alice)
    doors = {
        (door.method, door.path): door
        for door in client.get(reverse("team:api_resource", args=["partners"])).context["guide"].doors
    }
    advance = doors["POST", "/api/v1/partners/{id}/advance/"]
    assert [(each.name, each.is_required) for each in advance.takes] == [
        ("to", True),
        ("reason", False),
        ("seen", False),
    ]
    assert {"owner", "stage", "q"} <= {each.name for each in doors["GET", "/api/v1/partners/"].filters}
    assert "-name" in doors["GET", "/api/v1/partners/"].sorts
