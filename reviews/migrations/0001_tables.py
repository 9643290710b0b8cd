"""The tables as they stood when the steps that led there became one."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from prm.migrating import Together


class Migration(migrations.Migration):
    replaces = [
        ("reviews", "0001_plan_reviews"),
        ("reviews", "0002_hold_reviews"),
        ("reviews", "0003_open_feeds"),
        ("reviews", "0004_invite_to_reviews"),
        ("reviews", "0020_ask_what_partners_think"),
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
                    name="Cadence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tier",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="partners.tier",
                            ),
                        ),
                        (
                            "months",
                            models.PositiveSmallIntegerField(
                                choices=[(3, "every quarter"), (6, "every half year"), (12, "every year")]
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Feed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="OptOut",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "contact",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="opt_out",
                                to="partners.contact",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Review",
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
                                related_name="reviews",
                                to="partners.partner",
                            ),
                        ),
                        ("slot_on", models.DateField(help_text="Its day by the cadence; it is never moved.")),
                        ("since_on", models.DateField(help_text="The first day it looks back at.")),
                        ("on", models.DateField(help_text="The day it takes place.")),
                        ("prepare_on", models.DateField()),
                        ("pre_read_on", models.DateField()),
                        ("held_on", models.DateField(blank=True, null=True)),
                        ("minutes_by", models.DateField(blank=True, null=True)),
                        ("sign_by", models.DateField(blank=True, null=True)),
                        ("due_on", models.DateField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("preparing", "Preparing"),
                                    ("pre_read", "Pre-read sent"),
                                    ("held", "Held"),
                                    ("minutes", "Minutes sent"),
                                    ("signed", "Signed by both"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="planned",
                                max_length=10,
                            ),
                        ),
                        ("minutes", models.TextField(blank=True, help_text="As they are being written.")),
                        (
                            "in_window",
                            models.BooleanField(
                                help_text="Held within 14 days of its day by the cadence.", null=True
                            ),
                        ),
                        ("our_moves", models.PositiveSmallIntegerField(default=0)),
                        ("their_moves", models.PositiveSmallIntegerField(default=0)),
                        (
                            "cancelled_by",
                            models.CharField(
                                blank=True, choices=[("ours", "Us"), ("theirs", "The partner")], max_length=6
                            ),
                        ),
                        ("cancelled_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("invest", "Invest"),
                                    ("keep", "Keep"),
                                    ("repair", "Repair"),
                                    ("part", "Part ways"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("outcome_note", models.TextField(blank=True)),
                        ("outcome_is_shared", models.BooleanField(default=False)),
                        (
                            "look_again_on",
                            models.DateField(
                                blank=True, help_text="When a repair is looked at again.", null=True
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "readers",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Who there gets the pre-read and the minutes.",
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        (
                            "came",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Who of them was there.",
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        (
                            "came_of_us",
                            models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "ordering": ["on", "pk"],
                        "indexes": [
                            models.Index(fields=["partner", "-slot_on"], name="reviews_of_a_partner"),
                            models.Index(fields=["on", "id"], name="reviews_by_day"),
                            models.Index(fields=["state", "on", "id"], name="reviews_by_state"),
                            models.Index(
                                condition=models.Q(("due_on__isnull", False)),
                                fields=["due_on", "id"],
                                name="reviews_by_next_step",
                            ),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="reviews_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("partner", "slot_on"), name="one_review_per_partner_and_day"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["planned", "preparing", "pre_read"])),
                                fields=("partner",),
                                name="one_review_ahead_per_partner",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "cancelled"), _negated=True),
                                    models.Q(
                                        models.Q(("cancelled_reason", ""), _negated=True),
                                        models.Q(("cancelled_by", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_cancelled_review_says_why_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ["held", "minutes", "signed", "closed"]), _negated=True
                                    ),
                                    models.Q(("held_on__isnull", False), ("in_window__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_held_review_has_its_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    models.Q(("outcome", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_closed_review_has_its_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("pre_read_on__lte", models.F("on")), ("prepare_on__lte", models.F("on"))
                                ),
                                name="a_review_is_prepared_beforehand",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rhythm",
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
                                related_name="rhythm",
                                to="partners.partner",
                            ),
                        ),
                        ("anchor_on", models.DateField()),
                        (
                            "months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[(3, "every quarter"), (6, "every half year"), (12, "every year")],
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("months", None), ("months__in", [3, 6, 12]), _connector="OR"
                                ),
                                name="a_rhythm_is_a_known_cadence",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Survey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("words", models.TextField(blank=True, help_text="What stands above the questions.")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("nps", "Recommendation (NPS)"),
                                    ("csat", "Satisfaction (CSAT)"),
                                    ("how", "How we work"),
                                    ("own", "Own questions"),
                                ],
                                max_length=4,
                            ),
                        ),
                        (
                            "after",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("conversation", "After a closed conversation"),
                                    ("plan", "After a finished plan"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("is_confidential", models.BooleanField(default=False)),
                        (
                            "cut",
                            models.CharField(
                                blank=True,
                                choices=[("region", "Region"), ("kind", "Partner type"), ("tier", "Tier")],
                                help_text="The one way a confidential one is broken down.",
                                max_length=6,
                            ),
                        ),
                        (
                            "who",
                            models.JSONField(
                                default=dict, help_text="{types, tiers, regions, roles}: keys; none is all."
                            ),
                        ),
                        (
                            "size",
                            models.PositiveIntegerField(
                                blank=True, help_text="How many are drawn; null is all.", null=True
                            ),
                        ),
                        (
                            "seed",
                            models.CharField(
                                default="",
                                help_text="Of the draw, so that it can be repeated.",
                                max_length=32,
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
                        ("drawn_at", models.DateTimeField(blank=True, null=True)),
                        ("closes_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("next_check_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-made_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["-made_at", "-id"], name="surveys_by_age"),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="surveys_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("after", ""), ("is_confidential", False), _connector="OR"
                                ),
                                name="what_follows_something_is_attributed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("is_confidential", True), ("cut", ""), _connector="OR"),
                                name="only_a_confidential_survey_has_one_cut",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    models.Q(("after", ""), _negated=True), ("closed_at", None)
                                ),
                                fields=("after",),
                                name="one_survey_after_a_thing",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Action",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="actions",
                                to="reviews.review",
                            ),
                        ),
                        ("text", models.CharField(max_length=300)),
                        (
                            "side",
                            models.CharField(
                                choices=[("ours", "We owe"), ("theirs", "They owe")],
                                default="ours",
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
                        ("due_on", models.DateField(blank=True, null=True)),
                        (
                            "commitment",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review_action",
                                to="conversations.commitment",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="an_action_has_words"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Arranged",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="arranged",
                                to="reviews.review",
                            ),
                        ),
                        ("key", models.CharField(max_length=30)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("is_hidden", models.BooleanField(default=False)),
                        ("comment", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "key"), name="a_section_stands_once_in_a_review"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="reviews.survey",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="invitations",
                                to="partners.contact",
                            ),
                        ),
                        ("email", models.EmailField(blank=True, help_text="As it was then.", max_length=254)),
                        ("cell", models.CharField(blank=True, max_length=80)),
                        (
                            "left_out",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("gone", "Has left"),
                                    ("no_address", "No e-mail address"),
                                    ("do_not_contact", "Asked not to be contacted"),
                                    ("opted_out", "Wants no surveys"),
                                    ("bounced", "Mail comes back"),
                                    ("asked", "Asked not long ago"),
                                    ("same", "Same address as another"),
                                    ("not_drawn", "Not drawn"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("about_kind", models.CharField(blank=True, max_length=40)),
                        ("about_id", models.BigIntegerField(null=True)),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "token_hash",
                            models.CharField(editable=False, max_length=64, null=True, unique=True),
                        ),
                        ("drawn_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("reminded_at", models.DateTimeField(null=True)),
                        ("next_check_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(fields=["survey", "left_out", "id"], name="invitations_of_a_survey"),
                            models.Index(
                                condition=models.Q(("left_out", "")),
                                fields=["-drawn_at"],
                                name="who_was_asked_lately",
                            ),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="invitations_to_look_at",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("about_id", None)),
                                fields=("survey", "contact"),
                                name="asked_once_in_a_round",
                            ),
                            models.UniqueConstraint(
                                fields=("survey", "about_kind", "about_id"), name="asked_once_about_a_thing"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("left_out", ""), _negated=True),
                                    models.Q(("expires_at__isnull", False), ("token_hash__isnull", False)),
                                    _connector="OR",
                                ),
                                name="who_is_asked_has_an_address_that_expires",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Minutes",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="reviews.review",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("text", models.TextField()),
                        (
                            "promises",
                            models.JSONField(default=list, help_text="Who promised what by when, in words."),
                        ),
                        (
                            "fingerprint",
                            models.CharField(
                                help_text="SHA-256 over words, promises and packet.", max_length=64
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("sent_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "number"), name="versions_of_minutes_are_numbered"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Packet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "review",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="packet",
                                to="reviews.review",
                            ),
                        ),
                        ("values", models.JSONField()),
                        (
                            "fingerprint",
                            models.CharField(help_text="SHA-256 over the values.", max_length=64),
                        ),
                        ("frozen_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="PublicAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="public_answers",
                                to="reviews.survey",
                            ),
                        ),
                        ("words", models.TextField()),
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
                        "ordering": ["at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewInvitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "review",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitation",
                                to="reviews.review",
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
                        ("sequence", models.PositiveIntegerField(default=0)),
                        ("is_off", models.BooleanField(default=False)),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="a_review_meeting_ends_after_it_begins",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SurveyQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="reviews.survey",
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField()),
                        (
                            "scale",
                            models.CharField(
                                choices=[("ten", "0 to 10"), ("five", "1 to 5"), ("words", "In words")],
                                max_length=5,
                            ),
                        ),
                        (
                            "behaviour",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("performance", "Performance"),
                                    ("openness", "Openness and honesty"),
                                    ("responsiveness", "Responsiveness"),
                                    ("commitment", "Commitment"),
                                    ("fairness", "Fairness"),
                                    ("sharing", "Information sharing"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("words", models.CharField(max_length=300)),
                    ],
                    options={
                        "ordering": ["place"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("survey", "place"), name="one_question_at_a_place_of_a_survey"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Topic",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="topics",
                                to="reviews.review",
                            ),
                        ),
                        ("text", models.CharField(max_length=300)),
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
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "invitation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answer",
                                to="reviews.invitation",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField(null=True)),
                        ("changes", models.PositiveSmallIntegerField(default=0)),
                        ("comment", models.TextField(blank=True)),
                        (
                            "conversation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "settled_in",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="settles",
                                to="reviews.publicanswer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("comment", ""), _negated=True),
                                fields=["-at", "-id"],
                                name="comments_by_age",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignedMinutes",
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
                                to="reviews.minutes",
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("ours", "Us"), ("theirs", "The partner")], max_length=6
                            ),
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
                                fields=("version", "side"), name="one_name_per_side_under_minutes"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="a_name_under_minutes_is_typed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="marks",
                                to="reviews.answer",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="marks",
                                to="reviews.surveyquestion",
                            ),
                        ),
                        ("value", models.PositiveSmallIntegerField(null=True)),
                        ("words", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ["question__place"],
                        "indexes": [models.Index(fields=["question", "value"], name="marks_of_a_question")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("answer", "question"), name="one_mark_for_a_question"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
