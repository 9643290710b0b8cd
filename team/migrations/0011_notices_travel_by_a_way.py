from django.db import migrations, models

WAYS = [("at_once", "Mail at once"), ("digest", "Daily digest"), ("app", "Only here"), ("off", "Not at all")]


class Migration(migrations.Migration):
    dependencies = [("team", "0042_tell_partners_of_a_leave")]

    operations = [
        migrations.AddField("notice", "way", models.CharField(choices=WAYS, default="at_once", max_length=7)),
        migrations.AddField(
            "notice",
            "rings",
            models.BooleanField(default=True, help_text="It needs the person: the bell shows it."),
        ),
        migrations.AddField("notice", "next_check_at", models.DateTimeField(null=True)),
        migrations.AddField("notice", "snoozed_until", models.DateTimeField(null=True)),
    ]
