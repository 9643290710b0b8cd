"""The tables as they stood when the steps that led there became one."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from prm.migrating import Together


class Migration(migrations.Migration):
    replaces = [
        ("prm", "0001_initial"),
        ("prm", "0002_initial"),
        ("prm", "0004_import_files"),
        ("prm", "0011_remember_how_files_were_read"),
        ("prm", "0031_addresses_that_bounce"),
        ("prm", "0121_withhold_private_mails"),
    ]

    initial = True

    dependencies = [
        ("team", "0001_tables"),
        ("team", "__first__"),
    ]

    operations = [
        Together(
            [
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
                                condition=models.Q(("suppressed_until__isnull", False)),
                                fields=["suppressed_until"],
                                name="suppressed_addresses",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Heartbeat",
                    fields=[
                        ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ("ended_at", models.DateTimeField()),
                        ("lag_seconds", models.FloatField(default=0)),
                        ("last_error", models.TextField(blank=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Job",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=60)),
                        ("about", models.JSONField(default=dict)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("says", models.TextField(blank=True)),
                        ("lease", models.UUIDField(null=True)),
                        ("leased_until", models.DateTimeField(null=True)),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("created_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "running"])),
                                fields=["created_at"],
                                name="jobs_to_do",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OnceKey",
                    fields=[
                        ("key", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ("spent_at", models.DateTimeField()),
                        ("answer", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["spent_at"], name="once_keys_by_age")],
                    },
                ),
                migrations.CreateModel(
                    name="OutboxItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=60)),
                        (
                            "key",
                            models.CharField(
                                help_text="What it is sent for; a second one is not made.",
                                max_length=200,
                                unique=True,
                            ),
                        ),
                        ("about", models.JSONField(default=dict)),
                        ("message_id", models.CharField(max_length=250, unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sent", "Sent"),
                                    ("kept", "Kept here, no mail server is set"),
                                    ("dropped", "Not needed any more"),
                                    ("failed", "Could not be sent"),
                                    ("bounced", "Came back"),
                                    ("held", "Held back, the address takes no mail"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(null=True)),
                        ("lease", models.UUIDField(null=True)),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("last_error", models.TextField(blank=True)),
                        ("to", models.TextField(blank=True)),
                        ("subject", models.TextField(blank=True)),
                        ("body", models.TextField(blank=True)),
                        (
                            "is_private",
                            models.BooleanField(
                                default=False, help_text="Its words are for who gets it alone."
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["next_check_at"],
                                name="mail_to_send",
                            ),
                            models.Index(fields=["-created_at", "-id"], name="mail_newest_first"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("next_check_at__isnull", False), ("state", "waiting")),
                                    models.Q(("state", "waiting"), _negated=True),
                                    _connector="OR",
                                ),
                                name="waiting_mail_has_a_next_check",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Import",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("noun", models.CharField(max_length=40)),
                        ("file", models.FileField(upload_to="imports/%Y/")),
                        ("file_name", models.CharField(max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("checking", "Being checked"),
                                    ("ready", "Ready to go in"),
                                    ("running", "Going in"),
                                    ("done", "In"),
                                    ("broken", "Cannot be read"),
                                    ("dropped", "Dropped"),
                                ],
                                default="checking",
                                max_length=10,
                            ),
                        ),
                        (
                            "said",
                            models.CharField(blank=True, help_text="How the file was read.", max_length=200),
                        ),
                        (
                            "columns",
                            models.JSONField(
                                default=list, help_text="[{name, samples, values: {text: count}}]"
                            ),
                        ),
                        (
                            "headers",
                            models.CharField(
                                blank=True, help_text="One figure for the column names.", max_length=64
                            ),
                        ),
                        ("mapping", models.JSONField(default=dict)),
                        (
                            "settled_at",
                            models.DateTimeField(
                                help_text="When somebody settled what the columns mean.", null=True
                            ),
                        ),
                        (
                            "read_as",
                            models.ForeignKey(
                                help_text="Whose mapping was taken.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="prm.import",
                            ),
                        ),
                        ("counts", models.JSONField(default=dict)),
                        ("digest", models.CharField(blank=True, help_text="Of the preview.", max_length=64)),
                        ("says", models.TextField(blank=True)),
                        ("skip_rejected", models.BooleanField(default=False)),
                        (
                            "job",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="prm.job",
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["by", "-created_at"], name="imports_of_a_person"),
                            models.Index(
                                condition=models.Q(("settled_at__isnull", False)),
                                fields=["noun", "headers", "-settled_at"],
                                name="how_such_files_were_read",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="prm.import",
                            ),
                        ),
                        (
                            "number",
                            models.PositiveIntegerField(
                                help_text="As the spreadsheet numbers it; the header is 1."
                            ),
                        ),
                        ("cells", models.JSONField()),
                        (
                            "facts",
                            models.JSONField(
                                help_text="What was read from the cells; null where that failed.", null=True
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("changed", "Changed"),
                                    ("same", "Same"),
                                    ("rejected", "Rejected"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("title", models.CharField(blank=True, max_length=200)),
                        (
                            "reason",
                            models.TextField(blank=True, help_text="Why it is rejected, and the way out."),
                        ),
                        ("note", models.TextField(blank=True, help_text="What else is to be known.")),
                        (
                            "together",
                            models.PositiveIntegerField(
                                help_text="The first row of the same thing.", null=True
                            ),
                        ),
                        (
                            "target",
                            models.BigIntegerField(
                                help_text="What stands already, or what it became.", null=True
                            ),
                        ),
                        ("changes", models.JSONField(default=dict)),
                    ],
                    options={
                        "ordering": ["number"],
                        "indexes": [models.Index(fields=["of", "outcome", "number"], name="rows_by_outcome")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("of", "number"), name="one_row_of_a_number_per_import"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
