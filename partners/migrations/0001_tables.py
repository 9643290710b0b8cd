"""The tables as they stood when the steps that led there became one."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import prm.search
import team.models.people
from prm.migrating import Together


class Migration(migrations.Migration):
    replaces = [
        ("partners", "0001_initial"),
        ("partners", "0002_initial"),
        ("partners", "0003_index_parked_partners"),
        ("partners", "0004_sort_names_folded"),
        ("partners", "0006_mark_visits_since_nobody_knows_when"),
        ("partners", "0007_keep_merges"),
        ("partners", "0009_index_owners_and_columns"),
        ("partners", "0010_count_the_load_from_its_index"),
        ("partners", "0021_say_since_when_criteria_stand"),
        ("partners", "0022_read_lists_from_narrow_indexes"),
        ("partners", "0035_find_partners_by_signing"),
        ("partners", "0040_keep_sources"),
        ("partners", "0041_begin_with_sources"),
        ("partners", "0042_ask_not_to_be_contacted"),
        ("partners", "0054_find_prospects_by_their_age"),
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
                    name="EndReason",
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
                    name="Merge",
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
                                choices=[("partner", "Partners"), ("contact", "Contacts")], max_length=10
                            ),
                        ),
                        ("kept_id", models.BigIntegerField()),
                        ("gone_id", models.BigIntegerField()),
                        ("words", models.CharField(help_text="Contoso into Northwind", max_length=300)),
                        (
                            "moved",
                            models.JSONField(
                                default=dict,
                                help_text="What points elsewhere since; see partners.repointing.",
                            ),
                        ),
                        (
                            "columns",
                            models.JSONField(
                                default=dict, help_text="Columns of both rows: [before, after]."
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
                        ("at", models.DateTimeField()),
                        ("undone_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("undone_at", None)),
                                fields=["at"],
                                name="merges_that_stand",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kept_id", models.F("gone_id")), _negated=True),
                                name="two_rows_are_merged",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at", None)),
                                fields=("kind", "gone_id"),
                                name="a_row_is_merged_away_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PartnerType",
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
                    name="Source",
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
                        ("key", models.SlugField(blank=True, max_length=12)),
                    ],
                    options={
                        "ordering": ["position", "name"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("key", ""), _negated=True),
                                fields=("key",),
                                name="one_source_of_a_key",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Profile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("family", models.CharField(max_length=60)),
                        ("number", models.PositiveIntegerField()),
                        (
                            "kind",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="profiles",
                                to="partners.partnertype",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("published", "Published"),
                                    ("retired", "Retired"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("strong_at", models.PositiveSmallIntegerField(default=75)),
                        ("possible_at", models.PositiveSmallIntegerField(default=60)),
                        ("weak_at", models.PositiveSmallIntegerField(default=40)),
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
                        ("created_at", models.DateTimeField()),
                        (
                            "written_at",
                            models.DateTimeField(
                                help_text="Since when its criteria stand, with the names of then."
                            ),
                        ),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["family", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("family", "number"), name="profile_versions_are_numbered"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "published")),
                                fields=("kind",),
                                name="one_published_profile_per_type",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", None), ("state", "published")),
                                fields=("state",),
                                name="one_published_general_profile",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "draft")),
                                fields=("family",),
                                name="one_draft_per_family",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("possible_at__gt", models.F("weak_at")),
                                    ("strong_at__gt", models.F("possible_at")),
                                    ("strong_at__lte", 100),
                                ),
                                name="thresholds_descend",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Programme",
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
                            "kind",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="programmes",
                                to="partners.partnertype",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "name"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Criterion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "profile",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="criteria",
                                to="partners.profile",
                            ),
                        ),
                        ("key", models.SlugField(max_length=60)),
                        ("name", models.CharField(max_length=120)),
                        ("help", models.CharField(blank=True, max_length=300)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("number", "Number on a curve"),
                                    ("choice", "Choice with points"),
                                    ("yes_no", "Yes or no"),
                                    ("overlap", "Overlap of sets"),
                                    ("rating", "Rating 0–5"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                help_text="The partner field it reads; empty: a person rates.",
                                max_length=40,
                            ),
                        ),
                        ("weight", models.PositiveSmallIntegerField(default=10)),
                        ("must_have", models.BooleanField(default=False)),
                        ("rule", models.JSONField(blank=True, default=dict)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("profile", "key"), name="one_criterion_of_a_key_per_version"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weight__gt", 0)), name="weights_are_positive"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tier",
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
                                related_name="tiers",
                                to="partners.programme",
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("rank", models.PositiveSmallIntegerField(default=1)),
                        ("weight", models.DecimalField(decimal_places=2, default=1, max_digits=4)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["programme", "rank", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("programme", "name"), name="one_tier_of_a_name_per_programme"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Partner",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("sort_name", prm.search.FoldedField(max_length=200, of="name")),
                        ("legal_name", models.CharField(blank=True, max_length=200)),
                        ("website", models.URLField(blank=True, max_length=300)),
                        (
                            "domain",
                            models.CharField(
                                blank=True, help_text="The main registrable domain.", max_length=253
                            ),
                        ),
                        (
                            "country",
                            models.CharField(blank=True, help_text="ISO 3166-1 alpha-2.", max_length=2),
                        ),
                        ("city", models.CharField(blank=True, max_length=120)),
                        (
                            "zone",
                            models.CharField(
                                blank=True, max_length=60, validators=[team.models.people.check_zone]
                            ),
                        ),
                        (
                            "region",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="partners",
                                to="team.region",
                            ),
                        ),
                        ("employees", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "certifications",
                            models.JSONField(
                                blank=True, default=list, help_text="Names of certifications held."
                            ),
                        ),
                        ("about", models.TextField(blank=True)),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.source",
                            ),
                        ),
                        (
                            "source_detail",
                            models.CharField(
                                blank=True, help_text="Which event, list or person.", max_length=200
                            ),
                        ),
                        (
                            "do_not_contact",
                            models.BooleanField(default=False, help_text="They asked for it."),
                        ),
                        (
                            "kind",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.partnertype",
                            ),
                        ),
                        (
                            "tier",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.tier",
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
                            "status",
                            models.CharField(
                                choices=[
                                    ("prospect", "Prospect"),
                                    ("live", "Live"),
                                    ("parked", "Parked"),
                                    ("declined", "Declined"),
                                    ("ended", "Ended"),
                                ],
                                default="prospect",
                                max_length=10,
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
                                default="recruitment",
                                max_length=12,
                            ),
                        ),
                        (
                            "step",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("identified", "Identified"),
                                    ("contacted", "Contacted"),
                                    ("qualified", "Qualified"),
                                    ("negotiating", "Negotiating"),
                                    ("signed", "Signed"),
                                ],
                                default="identified",
                                max_length=12,
                            ),
                        ),
                        ("stage_since", models.DateTimeField()),
                        ("step_since", models.DateTimeField()),
                        ("signed_on", models.DateField(blank=True, null=True)),
                        ("agreement_ends_on", models.DateField(blank=True, null=True)),
                        ("parked_until", models.DateField(blank=True, null=True)),
                        (
                            "end_reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.endreason",
                            ),
                        ),
                        ("end_note", models.TextField(blank=True)),
                        ("score", models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True)),
                        ("coverage", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("verdict", models.CharField(blank=True, max_length=10)),
                        ("last_touch_at", models.DateTimeField(blank=True, null=True)),
                        ("next_step_on", models.DateField(blank=True, null=True)),
                        ("search_key", models.TextField(blank=True, editable=False)),
                        ("created_at", models.DateTimeField()),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "verticals",
                            models.ManyToManyField(blank=True, related_name="partners", to="team.vertical"),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("merged_into", None)),
                                fields=["sort_name", "id"],
                                name="partners_by_name",
                            ),
                            models.Index(fields=["owner", "stage"], name="partners_of_an_owner"),
                            models.Index(
                                condition=models.Q(("signed_on__isnull", False)),
                                fields=["signed_on"],
                                name="partners_by_signing",
                            ),
                            models.Index(
                                condition=models.Q(("merged_into", None)),
                                fields=["owner", "status", "stage", "stage_since", "id"],
                                include=("tier",),
                                name="load_of_an_owner",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("merged_into", None), ("status__in", ["prospect", "live"])
                                ),
                                fields=["stage", "step", "-step_since", "-id"],
                                name="columns_of_the_board",
                            ),
                            models.Index(
                                condition=models.Q(("merged_into", None)),
                                fields=["id"],
                                include=(
                                    "kind",
                                    "tier",
                                    "owner",
                                    "region",
                                    "source",
                                    "status",
                                    "stage",
                                    "step",
                                    "verdict",
                                ),
                                name="what_lists_ask_of_all_partners",
                            ),
                            models.Index(
                                condition=models.Q(("merged_into", None)),
                                fields=["score", "id"],
                                name="partners_by_fit_last",
                            ),
                            models.Index(
                                condition=models.Q(("merged_into", None)),
                                fields=["created_at", "id"],
                                include=("source", "stage", "step", "status"),
                                name="partners_by_age",
                            ),
                            models.Index(fields=["status", "stage", "step"], name="partners_on_the_road"),
                            models.Index(fields=["domain"], name="partners_by_domain"),
                            models.Index(
                                condition=models.Q(("status", "parked")),
                                fields=["parked_until"],
                                name="parked_partners",
                            ),
                            models.Index(fields=["stage_since", "id"], name="partners_by_stage_since"),
                            models.Index(fields=["step_since", "id"], name="partners_by_place_since"),
                            models.Index(fields=["-last_touch_at", "id"], name="partners_by_last_touch"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stage", "recruitment"), models.Q(("step", ""), _negated=True)),
                                    models.Q(models.Q(("stage", "recruitment"), _negated=True), ("step", "")),
                                    _connector="OR",
                                ),
                                name="steps_are_within_recruitment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("stage", "recruitment"),
                                        ("status__in", ["prospect", "parked", "declined"]),
                                    ),
                                    models.Q(
                                        ("stage__in", ["onboarding", "growth", "evaluation"]),
                                        ("status", "live"),
                                    ),
                                    models.Q(("stage", "ended"), ("status", "ended")),
                                    _connector="OR",
                                ),
                                name="status_agrees_with_stage",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("parked_until__isnull", False), ("status", "parked")),
                                    models.Q(("status", "parked"), _negated=True),
                                    _connector="OR",
                                ),
                                name="parked_until_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="partner_has_a_name"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("merged_into", models.F("pk")), _negated=True),
                                name="nobody_merges_into_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
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
                                related_name="contacts",
                                to="partners.partner",
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("title", models.CharField(blank=True, max_length=120)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("roles", models.JSONField(blank=True, default=list)),
                        (
                            "zone",
                            models.CharField(
                                blank=True, max_length=60, validators=[team.models.people.check_zone]
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=10)),
                        ("phones", models.JSONField(blank=True, default=list)),
                        ("is_primary", models.BooleanField(default=False)),
                        ("joined_on", models.DateField(blank=True, null=True)),
                        (
                            "do_not_contact",
                            models.BooleanField(default=False, help_text="This person asked for it."),
                        ),
                        ("left_on", models.DateField(blank=True, null=True)),
                        (
                            "successor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="partners.contact",
                            ),
                        ),
                        ("last_touch_at", models.DateTimeField(blank=True, null=True)),
                        ("search_key", models.TextField(blank=True, editable=False)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-is_primary", "name", "pk"],
                        "indexes": [
                            models.Index(
                                django.db.models.functions.text.Lower("email"), name="contacts_by_address"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_primary", True)),
                                fields=("partner",),
                                name="one_primary_contact_per_partner",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_primary", False),
                                    models.Q(("left_on", None), ("withdrawn_at", None)),
                                    _connector="OR",
                                ),
                                name="the_primary_contact_is_still_there",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Domain",
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
                                related_name="domains",
                                to="partners.partner",
                            ),
                        ),
                        ("domain", models.CharField(db_index=True, max_length=253)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("partner", "domain"), name="one_row_per_partner_and_domain"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Fit",
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
                                related_name="fits",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "profile",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fits",
                                to="partners.profile",
                            ),
                        ),
                        ("score", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                        ("coverage", models.PositiveSmallIntegerField(default=0)),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("strong", "Strong fit"),
                                    ("possible", "Possible fit"),
                                    ("weak", "Weak fit"),
                                    ("not_a_fit", "Not a fit"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("is_current", models.BooleanField(default=True)),
                        ("scored_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-scored_at", "-pk"],
                        "indexes": [models.Index(fields=["profile", "is_current"], name="fits_of_a_version")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_current", True)),
                                fields=("partner",),
                                name="one_current_fit_per_partner",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Link",
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
                                choices=[
                                    ("distributes_to", "distributes to"),
                                    ("owned_by", "is owned by"),
                                    ("delivers_with", "delivers with"),
                                    ("referred_by", "was referred by"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "to",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="linked_from",
                                to="partners.partner",
                            ),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("ends_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on", None)),
                                fields=("kind", "of", "to"),
                                name="one_current_link_of_a_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("of", models.F("to")), _negated=True),
                                name="nobody_links_to_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
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
                                related_name="memberships",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="partners.programme",
                            ),
                        ),
                        (
                            "tier",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="partners.tier",
                            ),
                        ),
                        ("is_main", models.BooleanField(default=False)),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("regions", models.ManyToManyField(blank=True, to="team.region")),
                    ],
                    options={
                        "ordering": ["-is_main", "programme__name"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on", None), ("is_main", True)),
                                fields=("partner",),
                                name="one_main_membership_per_partner",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on", None)),
                                fields=("partner", "programme"),
                                name="one_current_membership_per_programme",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutsideId",
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
                                related_name="outside_ids",
                                to="partners.partner",
                            ),
                        ),
                        ("system", models.CharField(max_length=60)),
                        ("value", models.CharField(max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("system", "value"), name="an_outside_id_names_one_partner"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PartnerName",
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
                                related_name="names",
                                to="partners.partner",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        (
                            "key",
                            models.CharField(
                                db_index=True, help_text="The folded name without legal form.", max_length=200
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("partner", "name"), name="one_row_per_partner_and_name"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rating",
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
                                related_name="ratings",
                                to="partners.partner",
                            ),
                        ),
                        ("key", models.SlugField(max_length=60)),
                        ("value", models.JSONField()),
                        ("note", models.TextField(blank=True)),
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
                        "ordering": ["-at", "-pk"],
                        "indexes": [models.Index(fields=["partner", "key", "-at"], name="newest_rating")],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
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
                                related_name="visits",
                                to="partners.partner",
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
                            ),
                        ),
                        ("entered_at", models.DateTimeField()),
                        (
                            "entry_is_known",
                            models.BooleanField(
                                default=True,
                                help_text="False where it came in at this stage and nobody knows since when.",
                            ),
                        ),
                        ("left_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["entered_at", "pk"],
                        "indexes": [
                            models.Index(fields=["stage", "left_at"], name="visits_closed_by_stage"),
                            models.Index(
                                condition=models.Q(("stage", "recruitment")),
                                fields=["partner"],
                                name="who_came_as_a_prospect",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("left_at", None)),
                                fields=("partner",),
                                name="one_open_visit_per_partner",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("left_at", None),
                                    ("left_at__gte", models.F("entered_at")),
                                    _connector="OR",
                                ),
                                name="a_visit_ends_after_it_starts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Assignment",
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
                                related_name="assignments",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("full_lifecycle", "Full lifecycle"),
                                    ("recruitment", "Recruitment"),
                                    ("growth", "Growth"),
                                    ("marketing", "Marketing"),
                                    ("enablement", "Enablement"),
                                    ("success", "Success"),
                                    ("operations", "Operations"),
                                    ("program", "Program"),
                                    ("head", "Head of partnerships"),
                                    ("admin", "Admin"),
                                ],
                                default="full_lifecycle",
                                max_length=20,
                            ),
                        ),
                        ("is_owner", models.BooleanField(default=False)),
                        (
                            "membership",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.membership",
                            ),
                        ),
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
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-is_owner", "starts_on", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ends_on", None)),
                                fields=["user"],
                                name="current_assignments",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on", None), ("is_owner", True)),
                                fields=("partner",),
                                name="one_current_owner_per_partner",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on", None)),
                                fields=("partner", "user", "role"),
                                name="one_current_assignment_per_person_and_role",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="an_assignment_ends_after_it_starts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactAddress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="addresses",
                                to="partners.contact",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                django.db.models.functions.text.Lower("email"), name="addresses_by_address"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("contact", "email"), name="one_row_per_contact_and_address"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
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
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="events",
                                to="partners.partner",
                            ),
                        ),
                        ("about_kind", models.CharField(blank=True, max_length=40)),
                        ("about_id", models.BigIntegerField(null=True)),
                        ("kind", models.CharField(max_length=60)),
                        ("at", models.DateTimeField()),
                        (
                            "by_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by_contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        ("by_system", models.CharField(blank=True, max_length=40)),
                        ("changes", models.JSONField(default=dict)),
                        ("note", models.TextField(blank=True)),
                        ("key", models.CharField(max_length=200, null=True, unique=True)),
                        (
                            "undoes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="undone_by",
                                to="partners.event",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "indexes": [
                            models.Index(fields=["partner", "-at", "-id"], name="timeline"),
                            models.Index(fields=["about_kind", "about_id"], name="events_about_a_thing"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("by_contact", None), ("by_system", ""), ("by_user__isnull", False)
                                    ),
                                    models.Q(
                                        ("by_contact__isnull", False), ("by_system", ""), ("by_user", None)
                                    ),
                                    models.Q(
                                        ("by_contact", None),
                                        ("by_user", None),
                                        models.Q(("by_system", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="one_actor_did_it",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FitLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "fit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="partners.fit",
                            ),
                        ),
                        (
                            "criterion",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.criterion",
                            ),
                        ),
                        ("answer", models.JSONField(null=True)),
                        ("points", models.FloatField(null=True)),
                    ],
                    options={
                        "ordering": ["criterion__position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("fit", "criterion"), name="one_line_per_criterion"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("points", None),
                                    models.Q(("points__gte", 0), ("points__lte", 1)),
                                    _connector="OR",
                                ),
                                name="points_are_shares",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
