from django.db import migrations, models
from django.db.models import F


def as_old_as_the_version(apps, schema_editor):
    apps.get_model("partners", "Profile").objects.update(written_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("partners", "0010_count_the_load_from_its_index")]

    operations = [
        migrations.AddField("profile", "written_at", models.DateTimeField(null=True)),
        migrations.RunPython(as_old_as_the_version, migrations.RunPython.noop),
        migrations.AlterField(
            "profile",
            "written_at",
            models.DateTimeField(help_text="Since when its criteria stand, with the names of then."),
        ),
    ]
