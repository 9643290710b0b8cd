"""The editor of response policies: what it shows before saving, and what saving does."""

from typing import Any

import pytest
from django.test import Client

from conversations import messages, policies
from conversations.models import Policy
from partners.models import Contact, Programme
from prm import clock
from team.models import User
from tests.conftest import MONDAY

TYPED: dict[str, Any] = {
    "name": "Gold, quickly",
    "mode": "business_hours",
    "first_hours": "4",
    "next_hours": "2.5",
    "warn_percent": "50",
    "lead_hours": "4",
    "head_after_days": "2",
    "priority": "10",
    "channel": "",
}


@pytest.fixture
def admin(client: Client, ravi: User) -> Client:
    client.force_login(ravi)
    return client


def test_a_policy_is_added_for_a_tier(admin: Client, programme: Programme) -> None:
    gold = programme.tiers.get(name="Gold")
    assert admin.post("/settings/policies/add/", TYPED | {"tiers": [gold.pk]}).status_code == 303
    made = policies.in_order().first()
    assert made is not None
    assert (made.name, made.first_seconds, made.next_seconds) == ("Gold, quickly", 4 * 3600, 9000)
    assert (float(made.warn_share), made.lead_after_seconds, made.head_after_days) == (0.5, 4 * 3600, 2)
    assert list(made.tiers.all()) == [gold]
    page = admin.get("/settings/policies/").content.decode()
    assert page.index("Gold, quickly") < page.index("Standard")


def test_it_says_when_a_message_of_friday_would_be_due_before_anything_is_saved(admin: Client) -> None:
    with clock.fixed(MONDAY):
        shown = admin.post("/settings/policies/add/", TYPED | {"show": "1"})
        fragment = admin.post("/settings/policies/preview/", TYPED, headers={"HX-Request": "true"})
    assert shown.status_code == 200
    for answer in (shown, fragment):
        words = answer.content.decode()
        assert "A message of Friday 5 June, 15:00" in words
        assert "Monday 8 June, 11:00" in words  # four hours of work
        assert "Monday 8 June, 09:30" in words  # two and a half
        assert "Monday 8 June, 15:00" in words  # the lead
    assert Policy.objects.count() == 1


def test_an_edit_is_a_new_version_with_what_stood_there(admin: Client) -> None:
    held = Policy.objects.get()
    form = admin.get(f"/settings/policies/{held.pk}/").context["form"]
    assert (form.initial["first_hours"], form.initial["warn_percent"]) == ("24", 75)
    assert admin.post(f"/settings/policies/{held.pk}/", TYPED).status_code == 303
    newest = Policy.objects.get(is_active=True)
    assert (newest.version, newest.name) == (2, "Gold, quickly")
    page = admin.get(f"/settings/policies/{held.pk}/").content.decode()
    assert "version 2" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("mode", "sometimes"),
        ("first_hours", "0"),
        ("next_hours", "99999"),
        ("warn_percent", "100"),
        ("lead_hours", "soon"),
        ("head_after_days", "-1"),
        ("channel", "note"),
        ("tiers", ["999999"]),
    ],
)
def test_what_cannot_be_read_is_named_and_stays_typed(admin: Client, field: str, value: Any) -> None:
    answer = admin.post("/settings/policies/add/", TYPED | {field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Policy.objects.count() == 1
    assert "Fill in the hours" in answer.content.decode()


def test_switching_off_stops_its_open_clocks_and_says_how_many(admin: Client, nora: Contact) -> None:
    messages.receive(nora.partner, "email", "?", clock.now())
    held = Policy.objects.get()
    answer = admin.post(f"/settings/policies/{held.pk}/off/", follow=True)
    assert "that were stopped: 1" in answer.content.decode()
    assert "No policy is in force" in answer.content.decode()
    again = admin.post(f"/settings/policies/{held.pk}/off/", follow=True)
    assert "switched off already" in again.content.decode()
    assert "switched on" in admin.post(f"/settings/policies/{held.pk}/on/", follow=True).content.decode()
    assert Policy.objects.get().is_active


def test_a_policy_that_is_off_is_not_edited_in_silence(admin: Client, ravi: User) -> None:
    held = Policy.objects.get()
    policies.switch_off(held, ravi, clock.now())
    answer = admin.post(f"/settings/policies/{held.pk}/", TYPED)
    assert answer.status_code == 422
    assert "Switch it on first" in answer.content.decode()
