"""Response policies, kept by other programs as under Settings."""

from __future__ import annotations

from typing import Any

import pytest

from conversations import messages
from conversations.models import Policy
from partners.models import Partner, Programme, Tier
from prm import clock
from team.models import User
from tests.programs import Program, program

POLICIES = "/api/v1/policies/"


@pytest.fixture
def ravis(ravi: User) -> Program:
    return program(ravi)


def test_a_policy_for_a_tier_is_added_revised_and_switched_off_and_on(
    ravis: Program, programme: Programme, northwind: Partner
) -> None:
    gold = Tier.objects.get(programme=programme, name="Gold")
    sent = {"name": "Gold", "first_seconds": 14_400, "tiers": [gold.pk], "kinds": [programme.kind.name]}
    made = ravis.send(POLICIES, {**sent, "channel": "portal"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["version"], told["is_active"], told["warn_share"]) == (1, True, 0.75)
    assert (told["first_seconds"], told["next_seconds"], told["channel"]) == (14_400, 86_400, "portal")
    assert (told["tiers"], told["kinds"], told["regions"]) == ([gold.pk], [programme.kind.pk], [])
    here = f"{POLICIES}{told['id']}/"
    second = ravis.send(f"{here}revise/", {"first_seconds": 7200, "channel": ""}).json()
    assert (second["version"], second["first_seconds"], second["channel"]) == (2, 7200, "")
    assert (second["tiers"], second["family"]) == ([gold.pk], told["family"])
    assert ravis.get(here).json()["is_active"] is False
    assert ravis.send(f"{here}revise/", {"first_seconds": 7200}).json()["id"] == second["id"]
    assert ravis.send(f"{here}switch-off/").status_code == 200
    assert ravis.get(f"{POLICIES}?family={told['family']}&is_active=true").json()["results"] == []
    refused = ravis.send(f"{here}revise/", {"first_seconds": 3600})
    assert (refused.status_code, "switched off" in refused.json()["detail"]) == (409, True)
    assert ravis.send(f"{here}switch-on/").json()["id"] == second["id"]


def test_a_wait_keeps_the_version_it_was_opened_under(ravis: Program, northwind: Partner) -> None:
    asked = messages.receive(northwind, "email", "When?", at=clock.now())
    wait = asked.conversation.waits.get()
    revised = ravis.send(f"{POLICIES}{wait.policy_id}/revise/", {"first_seconds": 3600})
    assert revised.status_code == 200, revised.content
    held = ravis.get(f"/api/v1/waits/{wait.pk}/").json()
    assert (held["policy"], held["target_seconds"]) == (wait.policy_id, wait.target_seconds)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"first_seconds": 3600}, "name"),
        ({"name": "Fast", "first_seconds": 0}, "first_seconds"),
        ({"name": "Fast", "warn_share": "1.00"}, "warn_share"),
        ({"name": "Fast", "channel": "call"}, "channel"),
        ({"name": "Fast", "mode": "sometimes"}, "mode"),
        ({"name": "Fast", "tiers": [999_999]}, "tiers"),
        ({"name": "Fast", "decides": "deal"}, "decides"),
    ],
)
def test_a_term_that_cannot_be_read_is_named(ravis: Program, sent: dict[str, Any], field: str) -> None:
    answer = ravis.send(POLICIES, sent)
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not Policy.objects.filter(name="Fast").exists()


def test_only_admins_read_and_keep_policies(erin: User, northwind: Partner) -> None:
    heads = program(erin)
    assert heads.get(POLICIES).json()["results"] == []
    assert heads.send(POLICIES, {"name": "Fast"}).status_code == 403
