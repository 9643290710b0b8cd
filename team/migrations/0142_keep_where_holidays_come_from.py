import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("team", "0141_find_notices_about_a_thing"),
    ]

    operations = [
        migrations.CreateModel(
            name="HolidaySource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("subdivision", models.CharField(blank=True, max_length=10)),
                (
                    "through",
                    models.PositiveSmallIntegerField(help_text="The last year whose holidays were taken."),
                ),
                ("next_check_at", models.DateTimeField(null=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holiday_sources",
                        to="team.calendar",
                    ),
                ),
            ],
            options={
                "ordering": ["country", "subdivision"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_check_at__isnull", False)),
                        fields=["next_check_at"],
                        name="sources_of_holidays_to_check",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("calendar", "country", "subdivision"), name="one_source_of_holidays_per_place"
                    )
                ],
            },
        ),
    ]
