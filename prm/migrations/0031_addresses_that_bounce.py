from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("kept", "Kept here, no mail server is set"),
    ("dropped", "Not needed any more"),
    ("failed", "Could not be sent"),
    ("bounced", "Came back"),
    ("held", "Held back, the address takes no mail"),
]


class Migration(migrations.Migration):
    dependencies = [("prm", "0011_remember_how_files_were_read")]

    operations = [
        migrations.AlterField(
            "outboxitem", "state", models.CharField(choices=STATES, default="waiting", max_length=10)
        ),
        migrations.CreateModel(
            name="BouncedAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("bounces", models.PositiveSmallIntegerField()),
                ("last_bounced_at", models.DateTimeField()),
                ("suppressed_until", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["suppressed_until"],
                        condition=Q(suppressed_until__isnull=False),
                        name="suppressed_addresses",
                    )
                ],
            },
        ),
    ]
