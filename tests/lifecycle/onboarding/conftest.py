"""A template of three tasks, published: a kick-off of ours, then theirs that needs our yes, then ours."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from lifecycle.models import PlanTemplate, Task
from lifecycle.onboarding import templates
from partners import contacts
from partners.models import Contact, Partner
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import onboarded


def facts(text: str, days: int, **more: Any) -> dict[str, Any]:
    plain = {"side": "ours", "is_required": False, "needs_approval": False, "evidence": "", "waits_for": []}
    return {**plain, "text": text, "offset_days": days, **more}


def named(text: str) -> Task:
    return Task.objects.select_related("partner", "plan", "owner", "fact").get(text=text)


@pytest.fixture
def northwind(alice: User) -> Partner:
    return onboarded("Northwind", alice)


@pytest.fixture
def contoso(alice: User) -> Partner:
    return onboarded("Contoso", alice)


@pytest.fixture
def nora(northwind: Partner, alice: User) -> Contact:
    return contacts.add(northwind, "Nora Berg", by=alice, at=MONDAY, email="nora@northwind.example")


@pytest.fixture
def omar(contoso: Partner, alice: User) -> Contact:
    return contacts.add(contoso, "Omar Aziz", by=alice, at=MONDAY, email="omar@contoso.example")


def add(template: PlanTemplate, by: User, text: str, days: int, **more: Any) -> uuid.UUID:
    return templates.save(template, None, facts(text, days, **more), by=by, at=MONDAY).key


@pytest.fixture
def template(ravi: User) -> PlanTemplate:
    made = templates.add("Resellers", None, by=ravi, at=MONDAY)
    kick_off = add(made, ravi, "Hold the kick-off", 2, is_required=True, evidence="kick_off_held")
    theirs = {"side": "theirs", "needs_approval": True, "waits_for": [str(kick_off)]}
    plan = add(made, ravi, "Write the joint plan", 5, **theirs)
    add(made, ravi, "Agree the first account", 10, waits_for=[str(plan)])
    templates.publish(made, by=ravi, at=MONDAY)
    return made
