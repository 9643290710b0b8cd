from django.db import migrations

STARTERS = (
    ("Qualifying", 10, "open"),
    ("Solution", 30, "open"),
    ("Proposal", 50, "open"),
    ("Negotiation", 75, "open"),
    ("Won", 100, "won"),
    ("Lost", 0, "lost"),
)


def begin(apps, schema_editor):
    """A company that stands gets the phases a new one begins with."""
    phases = apps.get_model("lifecycle", "Phase").objects
    if not apps.get_model("team", "Company").objects.exists() or phases.exists():
        return
    for position, (name, probability, ends) in enumerate(STARTERS):
        phases.create(name=name, probability=probability, ends=ends, position=position)


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0004_keep_deals"),
        ("team", "0042_tell_partners_of_a_leave"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
