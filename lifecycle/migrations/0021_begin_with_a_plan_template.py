import uuid

from django.db import migrations
from django.utils import timezone

# name, text, side, working days, what it waits for, and what else is so
TASKS = (
    ("people", "Name a sponsor and a technical contact", "theirs", 3, (), {"is_required": True}),
    (
        "kickoff",
        "Hold the kick-off",
        "ours",
        5,
        ("people",),
        {"is_required": True, "evidence": "kick_off_held"},
    ),
    ("access", "Give access to the portal and the material", "ours", 7, (), {}),
    ("sandbox", "Set up the sandbox", "ours", 10, ("people",), {}),
    (
        "plan",
        "Write the joint plan for the first year",
        "theirs",
        12,
        ("kickoff",),
        {"needs_approval": True},
    ),
    (
        "train",
        "Train two people",
        "theirs",
        20,
        ("kickoff",),
        {"is_required": True, "evidence": "training_done"},
    ),
    (
        "customers",
        "List the first ten customers to talk to",
        "theirs",
        25,
        ("plan",),
        {"needs_approval": True},
    ),
    ("account", "Agree the first joint account", "ours", 30, ("customers", "train"), {}),
)


def begin(apps, schema_editor):
    """A company that stands gets the template a new one begins with."""
    templates = apps.get_model("lifecycle", "PlanTemplate").objects
    if not apps.get_model("team", "Company").objects.exists() or templates.exists():
        return
    at = timezone.now()
    template = templates.create(name="Onboarding", created_at=at)
    version = template.versions.create(number=1, begun_at=at, published_at=at)
    keys = {name: uuid.uuid4() for name, *_ in TASKS}
    for name, text, side, days, waits_for, more in TASKS:
        first = [str(keys[each]) for each in waits_for]
        version.tasks.create(key=keys[name], text=text, side=side, offset_days=days, waits_for=first, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0020_make_plans_from_templates"),
        ("team", "0042_tell_partners_of_a_leave"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
