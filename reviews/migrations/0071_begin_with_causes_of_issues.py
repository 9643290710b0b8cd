"""A company that stands gets the causes of issues that a new one begins with."""

from django.db import migrations

STARTERS = (
    "Fault in the product",
    "Missing or wrong documentation",
    "Unclear agreement or price",
    "Wrong order or delivery",
    "Late answer of ours",
    "Training or enablement missing",
    "Conflict with another partner or our sales",
    "On the partner’s side",
    "Raised by mistake",
)


def begin(apps, schema_editor):
    causes = apps.get_model("reviews", "Cause").objects
    if not apps.get_model("team", "Company").objects.exists() or causes.exists():
        return
    for position, name in enumerate(STARTERS):
        causes.create(name=name, position=position)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0070_keep_issues")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
