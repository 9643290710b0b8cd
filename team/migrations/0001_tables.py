"""The tables as they stood when the steps that led there became one."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import team.models.people
from prm.migrating import Together


class Migration(migrations.Migration):
    replaces = [
        ("team", "0001_initial"),
        ("team", "0011_notices_travel_by_a_way"),
        ("team", "0012_fill_the_way_of_notices"),
        ("team", "0013_drop_the_at_once_of_notices"),
        ("team", "0014_notice_times_and_choices"),
        ("team", "0015_one_outgoing_hook"),
        ("team", "0021_remember_former_names"),
        ("team", "0041_keep_the_versions_of_calendars"),
        ("team", "0042_tell_partners_of_a_leave"),
        ("team", "0121_say_what_others_read_of_a_notice"),
        ("team", "0141_find_notices_about_a_thing"),
        ("team", "0142_keep_where_holidays_come_from"),
        ("team", "0143_find_where_holidays_came_from"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="Calendar",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, unique=True)),
                        ("zone", models.CharField(max_length=60, validators=[team.models.people.check_zone])),
                        (
                            "weekly",
                            models.JSONField(
                                default=dict, help_text='{"0": [["09:00", "17:00"]], …}, Monday is 0'
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
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
                            models.CharField(
                                help_text="Its signing secret is worked out from it.", max_length=32
                            ),
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
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="one_hook")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Region",
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
                    name="Renaming",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("noun", models.CharField(help_text="Of the list, like team.Region.", max_length=60)),
                        ("entry", models.BigIntegerField()),
                        ("former", models.CharField(max_length=80)),
                        ("name", models.CharField(max_length=80)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["at"], name="renamings_by_time")],
                    },
                ),
                migrations.CreateModel(
                    name="Vertical",
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
                    name="CalendarDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="days",
                                to="team.calendar",
                            ),
                        ),
                        ("on", models.DateField()),
                        ("windows", models.JSONField(blank=True, default=list)),
                        ("label", models.CharField(blank=True, max_length=80)),
                    ],
                    options={
                        "ordering": ["on"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("calendar", "on"), name="one_entry_per_calendar_and_day"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Company",
                    fields=[
                        (
                            "id",
                            models.PositiveSmallIntegerField(
                                default=1, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        (
                            "zone",
                            models.CharField(
                                default="UTC", max_length=60, validators=[team.models.people.check_zone]
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="team.calendar",
                            ),
                        ),
                        (
                            "reading",
                            models.CharField(
                                choices=[
                                    ("all", "All staff read all partners"),
                                    ("own", "Staff read the partners they look after"),
                                ],
                                default="all",
                                max_length=5,
                            ),
                        ),
                        ("is_sample", models.BooleanField(default=False)),
                        ("set_up_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="one_company")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HolidaySource",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holiday_sources",
                                to="team.calendar",
                            ),
                        ),
                        ("country", models.CharField(max_length=2)),
                        ("subdivision", models.CharField(blank=True, max_length=10)),
                        (
                            "through",
                            models.PositiveSmallIntegerField(
                                help_text="The last year whose holidays were taken."
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(null=True)),
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
                                fields=("calendar", "country", "subdivision"),
                                name="one_source_of_holidays_per_place",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        (
                            "zone",
                            models.CharField(
                                default="UTC", max_length=60, validators=[team.models.people.check_zone]
                            ),
                        ),
                        (
                            "theme",
                            models.CharField(
                                choices=[("system", "As the system"), ("light", "Light"), ("dark", "Dark")],
                                default="system",
                                max_length=6,
                            ),
                        ),
                        ("shortcuts", models.BooleanField(default=True, help_text="Single-key shortcuts")),
                        (
                            "lead",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="reports",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="team.calendar",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        ("joined_at", models.DateTimeField(null=True)),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("lead", models.F("pk")), _negated=True),
                                name="nobody_leads_themselves",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="team.calendar",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("what", models.CharField(max_length=200)),
                        ("kept", models.JSONField(help_text="Zone, weekly, exceptions.")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("calendar", "number"), name="calendar_versions_are_numbered"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Grant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="grants",
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
                                max_length=20,
                            ),
                        ),
                        ("regions", models.ManyToManyField(blank=True, to="team.region")),
                        ("verticals", models.ManyToManyField(blank=True, to="team.vertical")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "role"), name="one_grant_per_person_and_role"
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
                        ("email", models.EmailField(max_length=254)),
                        ("name", models.CharField(max_length=120)),
                        ("roles", models.JSONField(default=list)),
                        (
                            "lead",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        ("sent_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                                fields=("email",),
                                name="one_open_invitation_per_address",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Leave",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="leaves",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "delegate",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="delegations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        (
                            "told_at",
                            models.DateTimeField(
                                help_text="When it was noted that partners had been told.", null=True
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="leave_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("delegate", models.F("user")), _negated=True),
                                name="nobody_stands_in_for_themselves",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("cause_kind", models.CharField(max_length=40)),
                        ("cause_id", models.BigIntegerField()),
                        ("due_at", models.DateTimeField()),
                        ("text", models.CharField(max_length=300)),
                        ("url", models.CharField(blank=True, max_length=300)),
                        (
                            "for_others",
                            models.CharField(
                                blank=True,
                                help_text="What others read instead, where its words are private.",
                                max_length=300,
                            ),
                        ),
                        ("why", models.CharField(blank=True, max_length=300)),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("at_once", "Mail at once"),
                                    ("digest", "Daily digest"),
                                    ("app", "Only here"),
                                    ("off", "Not at all"),
                                ],
                                default="at_once",
                                max_length=7,
                            ),
                        ),
                        (
                            "rings",
                            models.BooleanField(
                                default=True, help_text="It needs the person: the bell shows it."
                            ),
                        ),
                        ("mail_key", models.CharField(blank=True, max_length=200)),
                        ("next_check_at", models.DateTimeField(null=True)),
                        ("snoozed_until", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("read_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["person", "-created_at"], name="notices_of_a_person"),
                            models.Index(
                                condition=models.Q(
                                    ("read_at", None), ("rings", True), ("snoozed_until", None)
                                ),
                                fields=["person"],
                                name="ringing_notices",
                            ),
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="notices_to_mail",
                            ),
                            models.Index(
                                condition=models.Q(("snoozed_until__isnull", False)),
                                fields=["snoozed_until"],
                                name="snoozed_notices",
                            ),
                            models.Index(fields=["cause_kind", "cause_id"], name="notices_about_a_thing"),
                            models.Index(
                                condition=models.Q(("mail_key", ""), _negated=True),
                                fields=["mail_key"],
                                name="notices_of_a_mail",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "kind", "cause_kind", "cause_id", "due_at"),
                                name="one_notice_per_cause",
                            )
                        ],
                    },
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
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notice_choices",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("at_once", "Mail at once"),
                                    ("digest", "Daily digest"),
                                    ("app", "Only here"),
                                    ("off", "Not at all"),
                                ],
                                max_length=7,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("person", "kind"), name="one_choice_per_kind")
                        ],
                    },
                ),
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
                        ("quiet_from", models.TimeField(default=datetime.time(20, 0))),
                        (
                            "quiet_until",
                            models.TimeField(
                                default=datetime.time(8, 0),
                                help_text="The same as its beginning: no quiet hours.",
                            ),
                        ),
                        ("quiet_weekends", models.BooleanField(default=True)),
                    ],
                ),
            ]
        ),
    ]
