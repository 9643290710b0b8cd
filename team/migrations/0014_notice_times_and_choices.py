import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WAYS = [("at_once", "Mail at once"), ("digest", "Daily digest"), ("app", "Only here"), ("off", "Not at all")]


class Migration(migrations.Migration):
    dependencies = [("team", "0013_drop_the_at_once_of_notices")]

    operations = [
        migrations.CreateModel(
            name="NoticeTimes",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="notice_times",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("digest_at", models.TimeField(default=datetime.time(8, 30))),
                ("quiet_from", models.TimeField(default=datetime.time(20))),
                (
                    "quiet_until",
                    models.TimeField(
                        default=datetime.time(8), help_text="The same as its beginning: no quiet hours."
                    ),
                ),
                ("quiet_weekends", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("way", models.CharField(choices=WAYS, max_length=7)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind"), name="one_choice_per_kind")
                ],
            },
        ),
    ]
