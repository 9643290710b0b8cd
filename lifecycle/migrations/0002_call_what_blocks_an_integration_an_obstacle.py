"""What is in the way of an integration is an obstacle; an issue is another thing, with a promise and a clock."""

import django.db.models.deletion
from django.db import migrations, models

EVENTS = ("raised", "changed", "solved", "reopened")


def rename(apps, schema_editor):
    said(apps, "integration_issue", "integration issue", "obstacle", "obstacle")


def back(apps, schema_editor):
    said(apps, "obstacle", "obstacle", "integration_issue", "integration issue")


def said(apps, kind, cause, new_kind, new_cause):
    """Events, notices and who wants them, as they name it."""
    events = apps.get_model("partners", "Event").objects
    for step in EVENTS:
        events.filter(kind=f"{kind}_{step}").update(kind=f"{new_kind}_{step}")
    notices = apps.get_model("team", "Notice").objects
    notices.filter(kind=kind).update(kind=new_kind)
    notices.filter(cause_kind=cause).update(cause_kind=new_cause)
    apps.get_model("team", "NoticeChoice").objects.filter(kind=kind).update(kind=new_kind)


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0001_tables"),
        ("partners", "0001_tables"),
        ("team", "0001_tables"),
    ]

    operations = [
        migrations.RenameModel("IntegrationIssue", "Obstacle"),
        migrations.AlterField(
            "Obstacle",
            "integration",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="obstacles",
                to="lifecycle.integration",
            ),
        ),
        migrations.RemoveConstraint("Obstacle", "a_closed_integration_issue_says_how"),
        migrations.AddConstraint(
            "Obstacle",
            models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None), models.Q(("resolution", ""), _negated=True), _connector="OR"
                ),
                name="a_closed_obstacle_says_how",
            ),
        ),
        migrations.RunPython(rename, back),
    ]
