from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("team", "0014_notice_times_and_choices")]

    operations = [
        migrations.CreateModel(
            name="Hook",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("url", models.CharField(max_length=500)),
                (
                    "nonce",
                    models.CharField(help_text="Its signing secret is worked out from it.", max_length=32),
                ),
                (
                    "kinds",
                    models.JSONField(default=list, help_text="The kinds of notices it is sent."),
                ),
                ("is_on", models.BooleanField(default=True)),
                ("off_because", models.CharField(blank=True, max_length=300)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("set_up_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=Q(id=1), name="one_hook")],
            },
        ),
    ]
