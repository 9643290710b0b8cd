import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0002_call_what_blocks_an_integration_an_obstacle"),
        ("partners", "0055_keep_the_health"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Investment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("hours", "Hours"), ("funds", "Funds"), ("introduction", "Introduction")],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField()),
                ("minutes", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "amount",
                    models.BigIntegerField(
                        blank=True, help_text="In minor units of the currency.", null=True
                    ),
                ),
                ("currency", models.CharField(blank=True, help_text="ISO 4217.", max_length=3)),
                ("to", models.CharField(blank=True, help_text="Whom we introduced them to.", max_length=200)),
                ("words", models.CharField(max_length=300)),
                (
                    "is_shown",
                    models.BooleanField(default=False, help_text="The partner reads it in its review."),
                ),
                ("logged_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
                (
                    "logged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="investments",
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
                "indexes": [models.Index(fields=["partner", "-on", "-id"], name="investments_of_a_partner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount", None),
                                ("currency", ""),
                                ("kind", "hours"),
                                ("minutes__gt", 0),
                                ("minutes__isnull", False),
                                ("to", ""),
                            ),
                            models.Q(
                                ("amount__gt", 0),
                                ("amount__isnull", False),
                                ("kind", "funds"),
                                ("minutes", None),
                                ("to", ""),
                                models.Q(("currency", ""), _negated=True),
                            ),
                            models.Q(
                                ("amount", None),
                                ("currency", ""),
                                ("kind", "introduction"),
                                ("minutes", None),
                                models.Q(("to", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_investment_says_how_much_or_to_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            models.Q(("withdrawn_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_withdrawn_investment_says_why",
                    ),
                ],
            },
        ),
    ]
