"""The tables as they stood when the steps that led there became one."""

import uuid

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import prm.search
from prm.migrating import Together


class Migration(migrations.Migration):
    replaces = [
        ("lifecycle", "0001_initial"),
        ("lifecycle", "0002_initial"),
        ("lifecycle", "0003_keep_usual_stays"),
        ("lifecycle", "0004_keep_deals"),
        ("lifecycle", "0005_begin_with_phases"),
        ("lifecycle", "0006_keep_agreements"),
        ("lifecycle", "0007_register_deals"),
        ("lifecycle", "0010_ask_by_application_forms"),
        ("lifecycle", "0020_make_plans_from_templates"),
        ("lifecycle", "0021_begin_with_a_plan_template"),
        ("lifecycle", "0022_keep_files_of_tasks"),
        ("lifecycle", "0023_plan_kick_offs"),
        ("lifecycle", "0024_look_for_first_events"),
        ("lifecycle", "0025_teach_and_certify"),
        ("lifecycle", "0026_read_deals_along_indexes"),
        ("lifecycle", "0040_plan_outreach"),
        ("lifecycle", "0041_plan_ends"),
        ("lifecycle", "0042_renew_deals"),
        ("lifecycle", "0043_ask_for_help"),
        ("lifecycle", "0044_pass_referrals"),
        ("lifecycle", "0050_set_tiers_by_rules"),
        ("lifecycle", "0060_let_templates_name_a_product"),
        ("lifecycle", "0061_keep_integrations"),
        ("lifecycle", "0070_bring_results_from_elsewhere"),
        ("lifecycle", "0071_list_plans_along_indexes"),
        ("lifecycle", "0072_say_that_a_referral_met"),
        ("lifecycle", "0073_let_tasks_fall_to_roles"),
        ("lifecycle", "0090_read_lists_along_indexes"),
    ]

    initial = True

    dependencies = [
        ("conversations", "0001_tables"),
        ("partners", "0001_tables"),
        ("team", "0001_tables"),
        ("team", "__first__"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="ApplicationForm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=60, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("intro", models.TextField(blank=True)),
                        (
                            "programme",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.programme",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                help_text="Who looks after those that apply.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("is_open", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Benefit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="benefits",
                                to="partners.tier",
                            ),
                        ),
                        ("text", models.CharField(max_length=300)),
                        ("within_days", models.PositiveSmallIntegerField(default=30)),
                        (
                            "repeats",
                            models.CharField(
                                choices=[
                                    ("once", "Once"),
                                    ("quarter", "Every quarter"),
                                    ("year", "Every year"),
                                ],
                                default="once",
                                max_length=7,
                            ),
                        ),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["tier__rank", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="a_benefit_has_words"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Course",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=200, unique=True)),
                        ("about", models.CharField(blank=True, max_length=500)),
                        (
                            "link",
                            models.URLField(
                                blank=True, help_text="Where it is held, if not here.", max_length=300
                            ),
                        ),
                        (
                            "pass_mark",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="In percent of the questions; empty, there is no quiz.",
                                null=True,
                            ),
                        ),
                        (
                            "valid_months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How long a certificate holds; empty, for good.",
                                null=True,
                            ),
                        ),
                        (
                            "counts",
                            models.BooleanField(
                                default=False,
                                help_text="Passed by somebody there, it is evidence of training.",
                            ),
                        ),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["title"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("pass_mark", None),
                                    models.Q(("pass_mark__gte", 1), ("pass_mark__lte", 100)),
                                    _connector="OR",
                                ),
                                name="a_pass_mark_is_a_percentage",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Customer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        (
                            "key",
                            models.CharField(help_text="The folded name without legal form.", max_length=200),
                        ),
                        ("website", models.URLField(blank=True, max_length=300)),
                        (
                            "domain",
                            models.CharField(blank=True, help_text="The registrable domain.", max_length=253),
                        ),
                        (
                            "country",
                            models.CharField(blank=True, help_text="ISO 3166-1 alpha-2.", max_length=2),
                        ),
                        ("is_ours", models.BooleanField(default=False, help_text="We sell there ourselves.")),
                        (
                            "our_seller",
                            models.CharField(
                                blank=True, help_text="Who of us looks after it.", max_length=120
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["key"], name="customers_by_name")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("domain", ""), _negated=True),
                                fields=("domain",),
                                name="one_customer_per_domain",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="a_customer_has_a_name"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Ending",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="endings",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("ours", "We end it"),
                                    ("theirs", "They end it"),
                                    ("mutual", "By mutual agreement"),
                                    ("insolvency", "Insolvency"),
                                    ("merger", "Merged with another firm"),
                                    ("term", "The agreement ran out"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "end_reason",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.endreason",
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        (
                            "last_on",
                            models.DateField(
                                help_text="The last day of the partnership; access ends with it."
                            ),
                        ),
                        ("settle_by", models.DateField(help_text="By when what stands is to be settled.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("done", "Ended"),
                                    ("called_off", "Called off"),
                                ],
                                default="planned",
                                max_length=10,
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-made_at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="ends_to_look_at",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "planned")),
                                fields=("partner",),
                                name="one_planned_end_per_partner",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="evidence",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("agreement_signed", "Agreement signed"),
                                    ("kick_off_held", "Kick-off held"),
                                    ("training_done", "Training done"),
                                    ("review_held", "Review held"),
                                    ("integration_live", "Integration live"),
                                    ("project_delivered", "Project delivered"),
                                    ("referral_met", "Referral met"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("on", models.DateField()),
                        ("note", models.TextField(blank=True)),
                        ("file", models.FileField(blank=True, upload_to="evidence/%Y/")),
                        ("file_name", models.CharField(blank=True, max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["on", "pk"],
                        "indexes": [models.Index(fields=["partner", "kind"], name="evidence_of_a_partner")],
                    },
                ),
                migrations.CreateModel(
                    name="FirstEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "partner",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="first_event",
                                to="partners.partner",
                            ),
                        ),
                        ("signed_on", models.DateField()),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("registration_accepted", "Deal registration accepted"),
                                    ("deal_won", "Deal won"),
                                    ("project_delivered", "Project delivered"),
                                    ("integration_live", "Integration live"),
                                    ("referral_met", "Referral met"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("happened_on", models.DateField(blank=True, null=True)),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="first_events_to_look_at",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FirstEventRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="partners.partnertype",
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("registration_accepted", "Deal registration accepted"),
                                    ("deal_won", "Deal won"),
                                    ("project_delivered", "Project delivered"),
                                    ("integration_live", "Integration live"),
                                    ("referral_met", "Referral met"),
                                ],
                                max_length=30,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("from_at", models.DateTimeField()),
                        ("to_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-from_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.comparison.Coalesce(
                                    "kind", 0, output_field=models.BigIntegerField()
                                ),
                                condition=models.Q(("to_at", None)),
                                name="one_current_first_event_per_type",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KickOff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="kick_offs",
                                to="partners.partner",
                            ),
                        ),
                        ("title", models.CharField(max_length=300)),
                        (
                            "organiser",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        ("place", models.CharField(blank=True, max_length=300)),
                        ("agenda", models.TextField(blank=True)),
                        ("uid", models.CharField(max_length=300, unique=True)),
                        (
                            "sequence",
                            models.PositiveIntegerField(
                                default=0, help_text="Goes up with each change that is mailed."
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("held", "Held"),
                                    ("called_off", "Called off"),
                                ],
                                default="planned",
                                max_length=10,
                            ),
                        ),
                        ("minutes", models.TextField(blank=True, help_text="What was said.")),
                        (
                            "reason",
                            models.CharField(blank=True, help_text="Why it was called off.", max_length=300),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.message",
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        (
                            "colleagues",
                            models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "contacts",
                            models.ManyToManyField(blank=True, related_name="+", to="partners.contact"),
                        ),
                    ],
                    options={
                        "ordering": ["-starts_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="a_kick_off_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "called_off"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_kick_off_called_off_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OwnMeasure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, unique=True)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["position", "name"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Phase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, unique=True)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "ends",
                            models.CharField(
                                choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                                default="open",
                                max_length=4,
                            ),
                        ),
                        (
                            "probability",
                            models.PositiveSmallIntegerField(
                                help_text="In percent, where a deal has none of its own."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "name"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("probability__lte", 100)),
                                name="a_phase_is_at_most_certain",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends", "open"), _negated=True),
                                fields=("ends",),
                                name="one_won_one_lost",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Product",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, unique=True)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["position", "name"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Sequence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, unique=True)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                        ("sends_by_itself", models.BooleanField(default=False)),
                        (
                            "switched_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("switched_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["position", "name"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sends_by_itself", False),
                                    ("switched_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_person_lets_a_sequence_send",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TierCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "programme",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tier_check",
                                to="partners.programme",
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "day",
                            models.DateField(
                                blank=True, help_text="The day of the newest measuring.", null=True
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="tiers_to_measure",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TierRules",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tier_rules",
                                to="partners.programme",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("published", "Published"),
                                    ("retired", "Retired"),
                                ],
                                default="draft",
                                max_length=9,
                            ),
                        ),
                        (
                            "notice_days",
                            models.PositiveSmallIntegerField(
                                default=90, help_text="From the day a partner is told until it can go down."
                            ),
                        ),
                        ("why", models.TextField(blank=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["programme", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("programme", "number"), name="tier_rules_are_numbered"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "draft")),
                                fields=("programme",),
                                name="one_draft_of_tier_rules",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "published")),
                                fields=("programme",),
                                name="one_published_version_of_tier_rules",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"),
                                    models.Q(
                                        ("published_at__isnull", False), models.Q(("why", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="published_tier_rules_say_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UsualStay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("recruitment", "Recruitment"),
                                    ("onboarding", "Onboarding"),
                                    ("growth", "Growth"),
                                    ("evaluation", "Evaluation"),
                                    ("ended", "Ended"),
                                ],
                                max_length=12,
                                unique=True,
                            ),
                        ),
                        ("days", models.FloatField()),
                        ("measured_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Application",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="lifecycle.applicationform",
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("sent", "Not confirmed"),
                                    ("asked", "To be decided"),
                                    ("accepted", "Accepted"),
                                    ("declined", "Declined"),
                                ],
                                default="sent",
                                max_length=8,
                            ),
                        ),
                        ("organisation", models.CharField(max_length=200)),
                        ("website", models.URLField(blank=True, max_length=300)),
                        ("person", models.CharField(max_length=120)),
                        ("email", models.EmailField(max_length=254)),
                        (
                            "answers",
                            models.JSONField(
                                default=list, help_text="[{words, kind, said}], as asked and answered."
                            ),
                        ),
                        (
                            "mapped",
                            models.JSONField(default=dict, help_text="{where an answer goes: its value}"),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="applications",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        (
                            "was_known",
                            models.BooleanField(default=False, help_text="Its partner was here before."),
                        ),
                        (
                            "address",
                            models.GenericIPAddressField(
                                help_text="Kept for three days, against floods.", null=True
                            ),
                        ),
                        ("sent_at", models.DateTimeField()),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("next_check_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-sent_at", "-pk"],
                        "indexes": [
                            models.Index(
                                fields=["state", "confirmed_at", "id"], name="applications_by_state"
                            ),
                            models.Index(fields=["email", "sent_at"], name="applications_of_an_address"),
                            models.Index(fields=["address", "sent_at"], name="applications_of_a_network"),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="applications_to_check",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_at", None), ("partner", None), ("state", "sent")),
                                    models.Q(
                                        models.Q(("state", "sent"), _negated=True),
                                        ("confirmed_at__isnull", False),
                                        ("partner__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_confirmed_application_has_its_partner",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="lifecycle.applicationform",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("words", models.CharField(max_length=300)),
                        ("help", models.CharField(blank=True, max_length=300)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("text", "One line"),
                                    ("long", "Several lines"),
                                    ("number", "Number"),
                                    ("choice", "One of several"),
                                    ("choices", "Some of several"),
                                    ("yes_no", "Yes or no"),
                                    ("country", "Country"),
                                    ("url", "Web address"),
                                    ("email", "E-mail address"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("choices", models.JSONField(blank=True, default=list)),
                        ("is_required", models.BooleanField(default=False)),
                        ("maps_to", models.CharField(blank=True, max_length=80)),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("maps_to", ""), _negated=True),
                                fields=("form", "maps_to"),
                                name="one_question_per_place",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=20, unique=True)),
                        (
                            "outside_number",
                            models.CharField(
                                blank=True,
                                help_text="In the system that gave it; ours can be checked by anybody.",
                                max_length=60,
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to="lifecycle.course",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="certificates",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="certificates",
                                to="partners.contact",
                            ),
                        ),
                        ("name", models.CharField(help_text="As it was when it was given.", max_length=200)),
                        ("issued_on", models.DateField()),
                        ("valid_until", models.DateField(blank=True, help_text="Its last day.", null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-issued_on", "-pk"],
                        "indexes": [
                            models.Index(fields=["-issued_on", "-id"], name="certificates_by_issue"),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="certificates_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("withdrawn_at", None),
                                    models.Q(("withdrawn_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_withdrawn_certificate_says_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("sort_name", prm.search.FoldedField(max_length=200, of="name")),
                        (
                            "partner",
                            models.ForeignKey(
                                help_text="Who has the primary credit.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deals",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deals",
                                to="lifecycle.customer",
                            ),
                        ),
                        (
                            "phase",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deals",
                                to="lifecycle.phase",
                            ),
                        ),
                        ("phase_since", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                                default="open",
                                max_length=4,
                            ),
                        ),
                        (
                            "amount",
                            models.BigIntegerField(
                                blank=True, help_text="In minor units of the currency.", null=True
                            ),
                        ),
                        ("currency", models.CharField(default="EUR", help_text="ISO 4217.", max_length=3)),
                        (
                            "probability",
                            models.PositiveSmallIntegerField(
                                blank=True, help_text="In percent; empty, the phase's.", null=True
                            ),
                        ),
                        ("expected_close_on", models.DateField(blank=True, null=True)),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        ("lost_reason", models.CharField(blank=True, max_length=300)),
                        ("next_step", models.CharField(blank=True, max_length=300)),
                        ("next_step_on", models.DateField(blank=True, null=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deals",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "seller_name",
                            models.CharField(
                                blank=True, help_text="Who of us sells; needs no account.", max_length=120
                            ),
                        ),
                        ("seller_email", models.EmailField(blank=True, max_length=254)),
                        (
                            "outside_id",
                            models.CharField(
                                blank=True, help_text="What another system calls it.", max_length=200
                            ),
                        ),
                        (
                            "term_months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="For how long it holds, from the day it closed.",
                                null=True,
                            ),
                        ),
                        (
                            "renews",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="renewal",
                                to="lifecycle.deal",
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "products",
                            models.ManyToManyField(blank=True, related_name="deals", to="lifecycle.product"),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["state", "expected_close_on", "id"], name="deals_by_expected_close"
                            ),
                            models.Index(
                                fields=["state", "phase", "expected_close_on", "id"], name="deals_of_a_phase"
                            ),
                            models.Index(
                                fields=["partner", "state", "expected_close_on"], name="deals_of_a_partner"
                            ),
                            models.Index(
                                fields=["owner", "state", "expected_close_on"], name="deals_of_an_owner"
                            ),
                            models.Index(fields=["state", "-closed_on", "-id"], name="deals_by_closing"),
                            models.Index(
                                fields=["expected_close_on", "id"], name="all_deals_by_expected_close"
                            ),
                            models.Index(fields=["sort_name", "id"], name="deals_by_name"),
                            models.Index(fields=["amount", "id"], name="deals_by_amount"),
                            models.Index(
                                fields=["state", "currency"],
                                include=("phase", "amount", "partner"),
                                name="deals_summed",
                            ),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="deals_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="a_deal_has_a_name"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount", None), ("amount__gte", 0), _connector="OR"),
                                name="a_deal_is_worth_nothing_or_more",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("probability", None), ("probability__lte", 100), _connector="OR"
                                ),
                                name="a_deal_is_at_most_certain",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_on", None), ("state", "open")),
                                    models.Q(
                                        models.Q(("state", "open"), _negated=True),
                                        ("closed_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_closed_deal_has_its_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "lost"), _negated=True),
                                    models.Q(("lost_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_lost_deal_says_why",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("outside_id", ""), _negated=True),
                                fields=("outside_id",),
                                name="an_outside_id_names_one_deal",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Enrolment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="enrolments",
                                to="lifecycle.course",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="enrolments",
                                to="partners.contact",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                help_text="Who of us asked for it; nobody where the person began by itself.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("enrolled_at", models.DateTimeField()),
                        ("passed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-enrolled_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("course", "contact"), name="one_enrolment_per_course_and_person"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Lesson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lessons",
                                to="lifecycle.course",
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        ("body", models.TextField(blank=True)),
                        ("file", models.FileField(blank=True, upload_to="courses/%Y/")),
                        ("file_name", models.CharField(blank=True, max_length=200)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Measurement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="measurements",
                                to="lifecycle.ownmeasure",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="partners.partner",
                            ),
                        ),
                        ("value", models.PositiveBigIntegerField()),
                        ("on", models.DateField()),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-on", "-pk"],
                        "indexes": [
                            models.Index(fields=["measure", "partner", "on"], name="measurements_by_day")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Outreach",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outreaches",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "sequence",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lifecycle.sequence",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                help_text="Who writes and calls.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("running", "Running"),
                                    ("answered", "They answered"),
                                    ("stopped", "Stopped"),
                                    ("done", "Through, no answer"),
                                ],
                                default="running",
                                max_length=8,
                            ),
                        ),
                        ("began_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_why", models.CharField(blank=True, max_length=300)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who let its mails leave as they stand.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "conversation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.conversation",
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-began_at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="outreaches_to_look_at",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "running")),
                                fields=("partner",),
                                name="one_running_outreach_per_partner",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("state", "running")),
                                    models.Q(
                                        models.Q(("state", "running"), _negated=True),
                                        ("ended_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_outreach_that_ended_says_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=100, unique=True)),
                        (
                            "kind",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_templates",
                                to="partners.partnertype",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checklists",
                                to="lifecycle.product",
                            ),
                        ),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="lifecycle.course",
                            ),
                        ),
                        ("text", models.CharField(max_length=500)),
                        ("choices", models.JSONField(default=list)),
                        ("right", models.JSONField(default=list)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Requirement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "rules",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="requirements",
                                to="lifecycle.tierrules",
                            ),
                        ),
                        (
                            "tier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.tier",
                            ),
                        ),
                        (
                            "criterion",
                            models.CharField(help_text="The key of a registered criterion.", max_length=60),
                        ),
                        (
                            "wanted",
                            models.PositiveBigIntegerField(help_text="Money in minor units of the currency."),
                        ),
                        ("currency", models.CharField(blank=True, help_text="ISO 4217.", max_length=3)),
                        ("months", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["tier__rank", "criterion", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("rules", "tier", "criterion"),
                                name="one_requirement_of_a_tier_and_criterion",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("wanted__gte", 1)), name="a_requirement_wants_something"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Standing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "membership",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="standing",
                                to="partners.membership",
                            ),
                        ),
                        (
                            "rules",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="standings",
                                to="lifecycle.tierrules",
                            ),
                        ),
                        ("day", models.DateField()),
                        (
                            "earned",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.tier",
                            ),
                        ),
                        (
                            "to",
                            models.ForeignKey(
                                help_text="Where a change would lead.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.tier",
                            ),
                        ),
                        (
                            "direction",
                            models.CharField(
                                choices=[("rise", "Would rise"), ("stay", "Stays"), ("fall", "Would fall")],
                                default="stay",
                                max_length=4,
                            ),
                        ),
                        ("since", models.DateField(help_text="Since when it would go there.")),
                        (
                            "values",
                            models.JSONField(
                                default=dict, help_text="By the id of the requirement; null is not known."
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["direction", "since", "id"], name="standings_by_direction"),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="standings_to_look_at",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Step",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sequence",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="lifecycle.sequence",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("mail", "Mail"), ("call", "Call"), ("other", "Other")],
                                default="mail",
                                max_length=5,
                            ),
                        ),
                        (
                            "after_days",
                            models.PositiveSmallIntegerField(default=3, help_text="Working days."),
                        ),
                        ("subject", models.CharField(blank=True, max_length=200)),
                        (
                            "text",
                            models.TextField(
                                help_text="The mail, or what to do; {contact} and the like are filled in."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="a_step_says_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TierChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tier_changes",
                                to="partners.membership",
                            ),
                        ),
                        (
                            "rules",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lifecycle.tierrules",
                            ),
                        ),
                        (
                            "before",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.tier",
                            ),
                        ),
                        (
                            "to",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.tier",
                            ),
                        ),
                        ("is_rise", models.BooleanField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("notice", "Under notice"),
                                    ("asked", "To be decided"),
                                    ("done", "Changed"),
                                    ("kept", "As before"),
                                    ("lifted", "No longer due"),
                                ],
                                max_length=6,
                            ),
                        ),
                        (
                            "values",
                            models.JSONField(
                                default=dict, help_text="The values it was found by, as on a standing."
                            ),
                        ),
                        ("reason", models.TextField(blank=True, help_text="Of who proposed it by hand.")),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("found_at", models.DateTimeField()),
                        ("found_on", models.DateField(help_text="The day of the standing it was found by.")),
                        (
                            "told_in",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.message",
                            ),
                        ),
                        ("told_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "notice_until",
                            models.DateField(
                                blank=True, help_text="Its last day to come up again.", null=True
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_told_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-found_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["state", "-found_at", "-id"], name="tier_changes_by_state"),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="tier_changes_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["notice", "asked"])),
                                fields=("membership",),
                                name="one_open_tier_change_per_membership",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("notice_until", None), ("told_at", None)),
                                    models.Q(("notice_until__isnull", False), ("told_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_notice_has_its_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attempts",
                                to="lifecycle.enrolment",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "score",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="In percent; unknown where a list said only how it ended.",
                                null=True,
                            ),
                        ),
                        ("is_passed", models.BooleanField()),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Credit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="credits",
                                to="lifecycle.deal",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credits",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("sourced", "Sourced"),
                                    ("influenced", "Influenced"),
                                    ("resold", "Resold"),
                                    ("fulfilled", "Fulfilled"),
                                    ("delivered", "Delivered"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("from_at", models.DateTimeField()),
                        ("to_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["from_at", "pk"],
                        "indexes": [models.Index(fields=["partner", "to_at"], name="credits_of_a_partner")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("to_at", None)),
                                fields=("deal", "partner", "role"),
                                name="one_current_credit_of_a_kind",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DealVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="lifecycle.deal",
                            ),
                        ),
                        ("from_at", models.DateTimeField()),
                        ("to_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")], max_length=4
                            ),
                        ),
                        (
                            "phase",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lifecycle.phase",
                            ),
                        ),
                        ("amount", models.BigIntegerField(null=True)),
                        ("currency", models.CharField(max_length=3)),
                        ("likely", models.PositiveSmallIntegerField(help_text="In percent.")),
                        ("expected_close_on", models.DateField(null=True)),
                        ("closed_on", models.DateField(null=True)),
                    ],
                    options={
                        "ordering": ["from_at", "pk"],
                        "indexes": [models.Index(fields=["from_at", "to_at"], name="versions_by_moment")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("to_at", None)),
                                fields=("deal",),
                                name="one_current_version_per_deal",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("to_at", None), ("to_at__gte", models.F("from_at")), _connector="OR"
                                ),
                                name="a_version_ends_after_it_starts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GivenBenefit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "benefit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="given",
                                to="lifecycle.benefit",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="given",
                                to="partners.membership",
                            ),
                        ),
                        (
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="given",
                                to="lifecycle.tierchange",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("began_on", models.DateField()),
                        (
                            "given",
                            models.PositiveSmallIntegerField(
                                default=0, help_text="How often it was promised."
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="given_benefits_to_look_at",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("change", "benefit"), name="a_change_gives_a_benefit_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Help",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="helps",
                                to="lifecycle.deal",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("pre_sales", "Pre-sales"),
                                    ("quote", "Quote"),
                                    ("price", "Special price"),
                                    ("executive", "Executive call"),
                                ],
                                max_length=9,
                            ),
                        ),
                        ("words", models.TextField()),
                        (
                            "price",
                            models.BigIntegerField(
                                blank=True, help_text="Wanted, in minor units.", null=True
                            ),
                        ),
                        ("currency", models.CharField(blank=True, help_text="ISO 4217.", max_length=3)),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="conversations.conversation",
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-asked_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "price"), ("price__isnull", False)),
                                    models.Q(models.Q(("kind", "price"), _negated=True), ("price", None)),
                                    _connector="OR",
                                ),
                                name="only_a_special_price_names_a_price",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Referral",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="lifecycle.customer",
                            ),
                        ),
                        ("name", models.CharField(help_text="What it is about.", max_length=200)),
                        (
                            "words",
                            models.TextField(blank=True, help_text="What we know; the partner reads it."),
                        ),
                        (
                            "amount",
                            models.BigIntegerField(
                                blank=True, help_text="In minor units of the currency.", null=True
                            ),
                        ),
                        ("currency", models.CharField(default="EUR", help_text="ISO 4217.", max_length=3)),
                        (
                            "region",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="team.region",
                            ),
                        ),
                        (
                            "vertical",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="team.vertical",
                            ),
                        ),
                        (
                            "rule",
                            models.CharField(
                                choices=[
                                    ("turn", "Next in turn"),
                                    ("tier", "Highest tier first"),
                                    ("chosen", "Chosen by hand"),
                                ],
                                max_length=6,
                            ),
                        ),
                        (
                            "rule_words",
                            models.CharField(
                                help_text="By which rule it was passed, as it was then.", max_length=300
                            ),
                        ),
                        (
                            "days",
                            models.PositiveSmallIntegerField(default=3, help_text="Working days to answer."),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Offered"),
                                    ("taken", "Taken"),
                                    ("nobody", "Nobody took it"),
                                    ("back", "Pulled back"),
                                ],
                                default="open",
                                max_length=6,
                            ),
                        ),
                        (
                            "deal",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referral",
                                to="lifecycle.deal",
                            ),
                        ),
                        (
                            "fact",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="referral",
                                to="lifecycle.evidence",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-made_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["state", "-made_at", "-id"], name="referrals_by_age")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "taken"), _negated=True),
                                    ("deal__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_taken_referral_has_its_deal",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Registration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="registrations",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="registrations",
                                to="lifecycle.customer",
                            ),
                        ),
                        ("name", models.CharField(help_text="What the deal is about.", max_length=200)),
                        (
                            "words",
                            models.TextField(
                                blank=True, help_text="What was done there so far, and what is planned."
                            ),
                        ),
                        (
                            "amount",
                            models.BigIntegerField(
                                blank=True, help_text="In minor units of the currency.", null=True
                            ),
                        ),
                        ("currency", models.CharField(default="EUR", help_text="ISO 4217.", max_length=3)),
                        ("expected_close_on", models.DateField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "To be decided"),
                                    ("protected", "Protected"),
                                    ("declined", "Declined"),
                                    ("expired", "Run out"),
                                    ("withdrawn", "Taken back"),
                                ],
                                default="asked",
                                max_length=9,
                            ),
                        ),
                        (
                            "protected_until",
                            models.DateField(
                                blank=True, help_text="The last day of its protection.", null=True
                            ),
                        ),
                        (
                            "deal",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="registration",
                                to="lifecycle.deal",
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                        ("asked_at", models.DateTimeField()),
                        (
                            "products",
                            models.ManyToManyField(blank=True, related_name="+", to="lifecycle.product"),
                        ),
                    ],
                    options={
                        "ordering": ["-asked_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["customer", "state"], name="registrations_of_a_customer"),
                            models.Index(fields=["partner", "-asked_at"], name="registrations_of_a_partner"),
                            models.Index(
                                fields=["state", "protected_until", "id"], name="registrations_by_their_end"
                            ),
                            models.Index(fields=["asked_at", "id"], name="all_registrations_by_age"),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="registrations_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "protected"), _negated=True),
                                    models.Q(("deal__isnull", False), ("protected_until__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_protected_registration_has_its_deal_and_its_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="a_registration_has_a_name",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TemplateVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="lifecycle.plantemplate",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "begun_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("template", "number"), name="one_template_version_of_a_number"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("published_at", None)),
                                fields=("template",),
                                name="one_draft_per_template",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BenefitPromise",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "given_benefit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="promises",
                                to="lifecycle.givenbenefit",
                            ),
                        ),
                        ("period", models.PositiveSmallIntegerField()),
                        (
                            "commitment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="granted",
                                to="conversations.commitment",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["period"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("given_benefit", "period"), name="a_benefit_is_promised_once_a_period"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Offer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="offers",
                                to="lifecycle.referral",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="offers",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("offered", "To be answered"),
                                    ("accepted", "Accepted"),
                                    ("declined", "Declined"),
                                    ("lapsed", "Not answered"),
                                    ("back", "Pulled back"),
                                ],
                                default="offered",
                                max_length=8,
                            ),
                        ),
                        ("offered_at", models.DateTimeField()),
                        ("answer_by", models.DateTimeField()),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["offered_at", "pk"],
                        "indexes": [
                            models.Index(fields=["partner", "-offered_at"], name="offers_of_a_partner"),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="offers_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("referral", "partner"), name="offered_once_to_a_partner"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "accepted")),
                                fields=("referral",),
                                name="one_partner_takes_a_referral",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Plan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="plans",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plans",
                                to="lifecycle.plantemplate",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plans",
                                to="lifecycle.templateversion",
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("stopped_reason", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["-starts_on", "-pk"],
                        "indexes": [
                            models.Index(fields=["template", "finished_at"], name="plans_of_a_template"),
                            models.Index(fields=["-starts_on", "-id"], name="plans_by_start"),
                            models.Index(
                                condition=models.Q(("finished_at", None)),
                                fields=["-starts_on", "-id"],
                                name="running_plans_by_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TemplateTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tasks",
                                to="lifecycle.templateversion",
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4)),
                        ("text", models.CharField(max_length=300)),
                        (
                            "side",
                            models.CharField(
                                choices=[("ours", "Ours"), ("theirs", "Theirs")], default="ours", max_length=6
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                blank=True, help_text="Of us or of theirs, as its side says.", max_length=20
                            ),
                        ),
                        (
                            "offset_days",
                            models.PositiveSmallIntegerField(
                                help_text="Working days from the start to its due day."
                            ),
                        ),
                        ("is_required", models.BooleanField(default=False)),
                        (
                            "needs_approval",
                            models.BooleanField(
                                default=False, help_text="Done by them, it waits for our yes."
                            ),
                        ),
                        (
                            "evidence",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("kick_off_held", "Kick-off held"),
                                    ("training_done", "Training done"),
                                    ("review_held", "Review held"),
                                    ("integration_live", "Integration live"),
                                    ("project_delivered", "Project delivered"),
                                    ("referral_met", "Referral met"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("waits_for", models.JSONField(blank=True, default=list)),
                    ],
                    options={
                        "ordering": ["offset_days", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "key"), name="one_template_task_of_a_key"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("side", "theirs"), ("needs_approval", False), _connector="OR"
                                ),
                                name="only_theirs_waits_for_our_yes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Integration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="integrations",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="integrations",
                                to="lifecycle.product",
                            ),
                        ),
                        (
                            "plan",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="integration",
                                to="lifecycle.plan",
                            ),
                        ),
                        ("about", models.TextField(blank=True, help_text="What is connected with what.")),
                        (
                            "our_contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="integrations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "their_contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="integrations",
                                to="partners.contact",
                            ),
                        ),
                        (
                            "target_on",
                            models.DateField(
                                blank=True, help_text="The day it is meant to be live.", null=True
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("running", "Being built"),
                                    ("live", "Live"),
                                    ("ended", "Ended"),
                                    ("stopped", "Stopped"),
                                ],
                                default="running",
                                max_length=7,
                            ),
                        ),
                        ("live_on", models.DateField(blank=True, null=True)),
                        (
                            "fact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="lifecycle.evidence",
                            ),
                        ),
                        (
                            "begun_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "reason",
                            models.CharField(
                                blank=True, help_text="Why it was stopped or ended.", max_length=300
                            ),
                        ),
                        (
                            "ours_missed_at",
                            models.DateTimeField(
                                blank=True, help_text="When a successor was asked for.", null=True
                            ),
                        ),
                        ("theirs_missed_at", models.DateTimeField(blank=True, null=True)),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-begun_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["state", "-begun_at", "-id"], name="integrations_by_age"),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="integrations_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["running", "live"])),
                                fields=("partner", "product"),
                                name="one_standing_integration_per_partner_and_product",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "live"), _negated=True),
                                    ("live_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_live_integration_has_its_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["running", "live"]),
                                    models.Q(
                                        ("closed_at__isnull", False), models.Q(("reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="an_integration_that_is_over_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Task",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tasks",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tasks",
                                to="lifecycle.plan",
                            ),
                        ),
                        ("key", models.UUIDField(blank=True, null=True)),
                        ("offset_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("recruitment", "Recruitment"),
                                    ("onboarding", "Onboarding"),
                                    ("growth", "Growth"),
                                    ("evaluation", "Evaluation"),
                                    ("ended", "Ended"),
                                ],
                                default="onboarding",
                                max_length=12,
                            ),
                        ),
                        ("text", models.CharField(max_length=300)),
                        (
                            "side",
                            models.CharField(
                                choices=[("ours", "Ours"), ("theirs", "Theirs")], default="ours", max_length=6
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                help_text="Of theirs.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="tasks",
                                to="partners.contact",
                            ),
                        ),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("is_required", models.BooleanField(default=False)),
                        ("needs_approval", models.BooleanField(default=False)),
                        (
                            "evidence",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("agreement_signed", "Agreement signed"),
                                    ("kick_off_held", "Kick-off held"),
                                    ("training_done", "Training done"),
                                    ("review_held", "Review held"),
                                    ("integration_live", "Integration live"),
                                    ("project_delivered", "Project delivered"),
                                    ("referral_met", "Referral met"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("note", models.TextField(blank=True, help_text="What was said when it was done.")),
                        (
                            "fact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="lifecycle.evidence",
                            ),
                        ),
                        (
                            "handed_in_at",
                            models.DateTimeField(
                                blank=True, help_text="Since when it waits for our yes.", null=True
                            ),
                        ),
                        ("sent_back", models.TextField(blank=True, help_text="Why it is to be done again.")),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "done_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "done_by_contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        ("skipped_at", models.DateTimeField(blank=True, null=True)),
                        ("skipped_reason", models.CharField(blank=True, max_length=300)),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "waits_for",
                            models.ManyToManyField(
                                blank=True, related_name="awaited_by", to="lifecycle.task"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["due_on", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("done_at", None)),
                                fields=["owner", "due_on"],
                                name="open_tasks",
                            ),
                            models.Index(fields=["partner"], name="tasks_of_a_partner"),
                            models.Index(
                                condition=models.Q(
                                    ("done_at", None), ("plan__isnull", False), ("skipped_at", None)
                                ),
                                fields=["plan", "due_on"],
                                name="open_tasks_of_a_plan",
                            ),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="tasks_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("key__isnull", False)),
                                fields=("plan", "key"),
                                name="one_task_of_a_key_per_plan",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Environment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "integration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="environments",
                                to="lifecycle.integration",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("sandbox", "Sandbox"),
                                    ("test", "Test"),
                                    ("production", "Production"),
                                    ("other", "Other"),
                                ],
                                default="sandbox",
                                max_length=10,
                            ),
                        ),
                        ("name", models.CharField(max_length=100)),
                        ("address", models.URLField(blank=True, max_length=500)),
                        (
                            "note",
                            models.CharField(
                                blank=True, help_text="Region, version, limits.", max_length=300
                            ),
                        ),
                        (
                            "host",
                            models.CharField(
                                choices=[("ours", "Ours"), ("theirs", "Theirs")], default="ours", max_length=6
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("planned", "Planned"), ("ready", "Ready"), ("closed", "Closed")],
                                default="planned",
                                max_length=7,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("integration", "name"),
                                name="one_environment_of_a_name_per_integration",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IntegrationIssue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "integration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="issues",
                                to="lifecycle.integration",
                            ),
                        ),
                        ("text", models.TextField()),
                        (
                            "is_blocking",
                            models.BooleanField(default=False, help_text="Going live waits for it."),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("ours", "Ours"), ("theirs", "Theirs")],
                                default="ours",
                                help_text="Who solves it.",
                                max_length=6,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        (
                            "raised_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "raised_by_contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("resolution", models.TextField(blank=True)),
                        (
                            "conversation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.conversation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["opened_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_at", None),
                                    models.Q(("resolution", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_closed_integration_issue_says_how",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Loose",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ending",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="loose_ends",
                                to="lifecycle.ending",
                            ),
                        ),
                        (
                            "part",
                            models.CharField(help_text="The sort of thing, as registered.", max_length=30),
                        ),
                        ("about_kind", models.CharField(max_length=40)),
                        ("about_id", models.BigIntegerField()),
                        ("words", models.CharField(max_length=300)),
                        ("outcome", models.CharField(help_text="What happens to it.", max_length=300)),
                        (
                            "task",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="lifecycle.task",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ending", "about_kind", "about_id"), name="each_thing_once_per_ending"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaskFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="lifecycle.task",
                            ),
                        ),
                        ("file", models.FileField(upload_to="tasks/%Y/")),
                        ("name", models.CharField(max_length=200)),
                        (
                            "by_contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Touch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outreach",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="touches",
                                to="lifecycle.outreach",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("mail", "Mail"), ("call", "Call"), ("other", "Other")], max_length=5
                            ),
                        ),
                        (
                            "after_days",
                            models.PositiveSmallIntegerField(
                                help_text="Working days after the one before it."
                            ),
                        ),
                        ("subject", models.CharField(blank=True, max_length=200)),
                        ("text", models.TextField()),
                        ("due_on", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("due", "Due"),
                                    ("done", "Done"),
                                    ("skipped", "Left out"),
                                ],
                                default="planned",
                                max_length=7,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "note",
                            models.CharField(
                                blank=True, help_text="Why it did not leave, or was left out.", max_length=300
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.message",
                            ),
                        ),
                        (
                            "task",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="touch",
                                to="lifecycle.task",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                        "indexes": [models.Index(fields=["state", "due_on", "id"], name="touches_by_day")],
                    },
                ),
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="agreements",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("sent", "Sent"),
                                    ("signed", "Signed"),
                                    ("ended", "Ended"),
                                ],
                                default="draft",
                                max_length=6,
                            ),
                        ),
                        (
                            "sent_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        ("signed_on", models.DateField(null=True)),
                        ("starts_on", models.DateField(null=True)),
                        (
                            "ends_on",
                            models.DateField(help_text="Its last day; empty, it has none.", null=True),
                        ),
                        (
                            "notice_on",
                            models.DateField(
                                help_text="The last day for notice, where it renews by itself.", null=True
                            ),
                        ),
                        ("ended_on", models.DateField(null=True)),
                        ("ended_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "renews",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="renewed_by",
                                to="lifecycle.agreement",
                            ),
                        ),
                        ("signed_file", models.FileField(blank=True, upload_to="agreements/%Y/")),
                        ("signed_file_name", models.CharField(blank=True, max_length=200)),
                        ("next_check_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["partner", "state"], name="agreements_of_a_partner"),
                            models.Index(fields=["state", "ends_on", "id"], name="agreements_by_their_end"),
                            models.Index(fields=["ends_on", "id"], name="all_agreements_by_their_end"),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="agreements_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "signed"), _negated=True),
                                    models.Q(("signed_on__isnull", False), ("starts_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_signed_agreement_has_its_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "ended"), _negated=True),
                                    models.Q(
                                        ("ended_on__isnull", False),
                                        models.Q(("ended_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_ended_agreement_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgreementVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="lifecycle.agreement",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("reseller", "Reseller agreement"),
                                    ("distribution", "Distribution agreement"),
                                    ("referral", "Referral agreement"),
                                    ("services", "Services agreement"),
                                    ("technology", "Technology agreement"),
                                    ("nda", "Non-disclosure agreement"),
                                    ("other", "Other agreement"),
                                ],
                                default="reseller",
                                max_length=12,
                            ),
                        ),
                        (
                            "territory",
                            models.JSONField(
                                blank=True, default=list, help_text="ISO countries; none is everywhere."
                            ),
                        ),
                        ("is_exclusive", models.BooleanField(default=False)),
                        (
                            "margin",
                            models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
                        ),
                        (
                            "commission",
                            models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("term_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "renewal",
                            models.CharField(
                                choices=[
                                    ("none", "It ends with its term"),
                                    ("agreed", "By agreement of both"),
                                    ("automatic", "By itself, unless notice is given"),
                                ],
                                default="none",
                                max_length=9,
                            ),
                        ),
                        ("renewal_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("notice_days", models.PositiveSmallIntegerField(default=0)),
                        ("words", models.TextField(blank=True)),
                        ("file", models.FileField(blank=True, upload_to="agreements/%Y/")),
                        ("file_name", models.CharField(blank=True, max_length=200)),
                        (
                            "fingerprint",
                            models.CharField(help_text="SHA-256 over the terms and the file.", max_length=64),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "products",
                            models.ManyToManyField(blank=True, related_name="+", to="lifecycle.product"),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agreement", "number"), name="versions_of_agreements_are_numbered"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Signature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="signatures",
                                to="lifecycle.agreementversion",
                            ),
                        ),
                        (
                            "side",
                            models.CharField(choices=[("ours", "Ours"), ("theirs", "Theirs")], max_length=6),
                        ),
                        ("name", models.CharField(help_text="As it was typed.", max_length=120)),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "address",
                            models.GenericIPAddressField(
                                help_text="Of the machine it was typed on.", null=True
                            ),
                        ),
                        ("fingerprint", models.CharField(help_text="Of what was signed.", max_length=64)),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "side"), name="one_signature_per_side"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="a_signature_has_a_name"
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="agreement",
            name="version",
            field=models.OneToOneField(
                help_text="The newest one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="lifecycle.agreementversion",
            ),
        ),
    ]
