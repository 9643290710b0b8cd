"""The template a company begins with."""

from __future__ import annotations

import uuid
from datetime import datetime

from lifecycle.models import Evidence, PlanTemplate, Side, TemplateTask
from lifecycle.onboarding import templates
from partners.models import Contact
from team.models import Role

NAME = "Onboarding"
KICK_OFF, TRAINING = Evidence.Kind.KICK_OFF_HELD, Evidence.Kind.TRAINING_DONE
OURS, THEIRS = Side.OURS, Side.THEIRS
TECHNICAL = Contact.Role.TECHNICAL
# name, text, side, working days, what it waits for, and what else is so
TASKS: tuple[tuple[str, str, str, int, tuple[str, ...], dict[str, object]], ...] = (
    ("people", "Name a sponsor and a technical contact", THEIRS, 3, (), {"is_required": True}),
    ("kickoff", "Hold the kick-off", OURS, 5, ("people",), {"is_required": True, "evidence": KICK_OFF}),
    ("access", "Give access to the portal and the material", OURS, 7, (), {}),
    ("plan", "Write the joint plan for the first year", THEIRS, 12, ("kickoff",), {"needs_approval": True}),
    ("sandbox", "Set up the sandbox", OURS, 10, ("people",), {"role": Role.ENABLEMENT}),
    (
        "train",
        "Train two people",
        THEIRS,
        20,
        ("kickoff",),
        {"is_required": True, "evidence": TRAINING, "role": TECHNICAL},
    ),
    ("customers", "List the first ten customers to talk to", THEIRS, 25, ("plan",), {"needs_approval": True}),
    ("account", "Agree the first joint account", OURS, 30, ("customers", "train"), {}),
)


def seed(at: datetime) -> None:
    """Write the template a company begins with, where it has none."""
    if PlanTemplate.objects.exists():
        return
    template = templates.add(NAME, None, None, at)
    keys = {name: uuid.uuid4() for name, *_ in TASKS}
    TemplateTask.objects.bulk_create(
        TemplateTask(
            version=templates.latest(template),
            key=keys[name],
            text=text,
            side=side,
            offset_days=days,
            waits_for=[str(keys[first]) for first in waits_for],
            **more,
        )
        for name, text, side, days, waits_for, more in TASKS
    )
    templates.publish(template, None, at)
