"""The tables as they stood when the steps that led there became one."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from prm.migrating import Together


class Migration(migrations.Migration):
    replaces = [
        ("conversations", "0001_initial"),
        ("conversations", "0002_initial"),
        ("conversations", "0003_initial"),
        ("conversations", "0004_say_what_a_message_counts_for"),
        ("conversations", "0005_index_meetings_and_their_promises"),
        ("conversations", "0006_ask_colleagues"),
        ("conversations", "0007_index_open_waits_of_a_partner"),
        ("conversations", "0020_keep_raw_mails_and_attachments"),
        ("conversations", "0021_read_mailboxes"),
        ("conversations", "0030_scope_policies"),
        ("conversations", "0031_tell_the_heads"),
        ("conversations", "0032_find_open_waits_by_calendar"),
        ("conversations", "0033_pause_clocks_on_a_ground"),
        ("conversations", "0034_decide_on_late_reports"),
        ("conversations", "0035_delete_messages_with_a_trace"),
        ("conversations", "0036_know_who_asked_again"),
        ("conversations", "0037_audit_waits_every_night"),
        ("conversations", "0038_find_absences_by_their_end"),
        ("conversations", "0101_tell_who_took_it_from_who_is_responsible"),
        ("conversations", "0102_fill_who_is_responsible"),
        ("conversations", "0103_index_conversations_by_who_is_responsible"),
        ("conversations", "0104_list_what_we_are_copied_in"),
        ("conversations", "0105_index_what_we_are_copied_in"),
        ("conversations", "0121_keep_conversations_private_or_take_them_back"),
        ("conversations", "0122_know_short_thanks"),
        ("conversations", "0123_let_mailboxes_say_who_answers"),
        ("conversations", "0151_keep_drafts"),
        ("conversations", "0171_decide_on_matters"),
        ("conversations", "0191_plan_meetings"),
        ("conversations", "0201_keep_reply_templates"),
        ("conversations", "0202_begin_with_reply_templates"),
        ("conversations", "0210_keep_replies_for_later"),
        ("conversations", "0220_let_messages_point_at_their_raw_mail"),
        ("conversations", "0221_fill_the_raw_mail_of_messages"),
        ("conversations", "0222_let_a_mail_be_a_message_with_each_partner"),
        ("conversations", "0223_count_open_waits_from_an_index"),
    ]

    initial = True

    dependencies = [
        ("partners", "0001_tables"),
        ("prm", "0001_tables"),
        ("team", "0001_tables"),
        ("team", "__first__"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="Audit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("on", models.DateField(unique=True)),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("conversations", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["-on"],
                    },
                ),
                migrations.CreateModel(
                    name="BlockedSender",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("pattern", models.CharField(max_length=320, unique=True)),
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
                        "ordering": ["pattern"],
                    },
                ),
                migrations.CreateModel(
                    name="DecisionKind",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=40, unique=True)),
                        ("name", models.CharField(max_length=80)),
                        (
                            "calendar",
                            models.ForeignKey(
                                blank=True,
                                help_text="Whose working time the clock keeps; none: the company's.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="team.calendar",
                            ),
                        ),
                        (
                            "lead_decides",
                            models.BooleanField(
                                default=True, help_text="The lead of who asks decides, where there is one."
                            ),
                        ),
                        (
                            "appeal_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How long a no can be contested; none: not at all.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Mailbox",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        (
                            "address",
                            models.EmailField(
                                help_text="Mail to this address is mail to us.", max_length=254
                            ),
                        ),
                        (
                            "person",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mailbox",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "region",
                            models.ForeignKey(
                                blank=True,
                                help_text="Whose it is.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="team.region",
                            ),
                        ),
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
                        ("host", models.CharField(max_length=253)),
                        ("port", models.PositiveIntegerField(default=993)),
                        (
                            "security",
                            models.CharField(
                                choices=[
                                    ("tls", "TLS from the start (port 993)"),
                                    ("starttls", "TLS after STARTTLS (port 143)"),
                                    ("none", "None, on this machine only"),
                                ],
                                default="tls",
                                max_length=8,
                            ),
                        ),
                        (
                            "sign_in",
                            models.CharField(
                                choices=[
                                    ("password", "User name and password"),
                                    ("google", "OAuth of Google"),
                                    ("microsoft", "OAuth of Microsoft"),
                                ],
                                default="password",
                                max_length=9,
                            ),
                        ),
                        ("username", models.CharField(max_length=320)),
                        ("client_id", models.CharField(blank=True, max_length=300)),
                        ("sealed", models.TextField(blank=True, help_text="Encrypted: see `prm.vault`.")),
                        ("inbox", models.CharField(default="INBOX", max_length=200)),
                        ("sent", models.CharField(blank=True, default="Sent", max_length=200)),
                        ("is_active", models.BooleanField(default=True)),
                        ("next_check_at", models.DateTimeField(null=True)),
                        (
                            "read_at",
                            models.DateTimeField(
                                help_text="When it was last read without a fault.", null=True
                            ),
                        ),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("failing_since", models.DateTimeField(null=True)),
                        ("last_error", models.CharField(blank=True, max_length=500)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_active", True)),
                                fields=["next_check_at"],
                                name="mailboxes_to_read",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("host", "username"), name="one_row_per_mailbox"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("is_active", True), ("next_check_at__isnull", False)),
                                    ("is_active", False),
                                    _connector="OR",
                                ),
                                name="an_active_mailbox_has_a_next_check",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Policy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("family", models.CharField(default="standard", max_length=60)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("name", models.CharField(default="Standard", max_length=80)),
                        ("priority", models.SmallIntegerField(default=0)),
                        (
                            "channel",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("email", "E-mail"),
                                    ("call", "Call"),
                                    ("meeting", "Meeting"),
                                    ("portal", "Portal message"),
                                    ("chat", "Chat"),
                                    ("note", "Note"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "decides",
                            models.CharField(
                                blank=True,
                                help_text="The kind of decision it is the promise of; empty: of replies.",
                                max_length=40,
                            ),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("elapsed", "Round the clock"),
                                    ("working_days", "On working days"),
                                    ("business_hours", "In business hours"),
                                ],
                                default="elapsed",
                                max_length=20,
                            ),
                        ),
                        ("first_seconds", models.PositiveIntegerField(default=86400)),
                        ("next_seconds", models.PositiveIntegerField(default=86400)),
                        ("warn_share", models.DecimalField(decimal_places=2, default="0.75", max_digits=3)),
                        (
                            "lead_after_seconds",
                            models.PositiveIntegerField(
                                default=14400, help_text="Working time after the due time."
                            ),
                        ),
                        (
                            "head_after_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                default=2,
                                help_text="Working days after the due time; empty: no head is told.",
                                null=True,
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField()),
                        ("tiers", models.ManyToManyField(blank=True, related_name="+", to="partners.tier")),
                        (
                            "kinds",
                            models.ManyToManyField(blank=True, related_name="+", to="partners.partnertype"),
                        ),
                        ("regions", models.ManyToManyField(blank=True, related_name="+", to="team.region")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("family", "version"), name="policy_versions_are_numbered"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)),
                                fields=("family",),
                                name="one_active_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("first_seconds__gt", 0), ("next_seconds__gt", 0)),
                                name="targets_are_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("warn_share__gt", 0), ("warn_share__lt", 1)),
                                name="warned_before_it_is_due",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReplyTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("de", "German")], default="en", max_length=2
                            ),
                        ),
                        ("text", models.TextField()),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                help_text="Whose it is; none: the company's.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reply_templates",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "language", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("owner", None)),
                                fields=("name", "language"),
                                name="one_shared_template_of_a_name",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("owner__isnull", False)),
                                fields=("owner", "name", "language"),
                                name="one_own_template_of_a_name",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="a_template_has_words"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Thanks",
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
                        "verbose_name_plural": "thanks",
                        "ordering": ["position", "name"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Approval",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="approvals",
                                to="conversations.decisionkind",
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
                        (
                            "from_minor",
                            models.PositiveBigIntegerField(
                                default=0, help_text="In the smallest unit of the currency."
                            ),
                        ),
                        ("currency", models.CharField(blank=True, max_length=3)),
                    ],
                    options={
                        "ordering": ["currency", "from_minor", "role"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "role", "currency", "from_minor"),
                                name="one_approval_per_role_and_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("currency", ""), ("from_minor", 0)),
                                    models.Q(
                                        ("from_minor__gt", 0), models.Q(("currency", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="an_amount_has_its_currency",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
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
                                related_name="conversations",
                                to="partners.partner",
                            ),
                        ),
                        ("subject", models.CharField(max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("done", "Done")], default="open", max_length=5
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "responsible",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                editable=False,
                                help_text="Pushed by conversations.responsibility: who took it, else whose it is by assignment.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                            "mailbox",
                            models.ForeignKey(
                                blank=True,
                                help_text="The shared mailbox that it began in.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.mailbox",
                            ),
                        ),
                        (
                            "private_since",
                            models.DateTimeField(
                                blank=True,
                                help_text="Since then only its people read it, and who answers it.",
                                null=True,
                            ),
                        ),
                        ("last_message_at", models.DateTimeField(null=True)),
                        (
                            "copied_at",
                            models.DateTimeField(
                                editable=False,
                                help_text="When we were last copied in, while nothing was made of it.",
                                null=True,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "people",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Who of us its mails were addressed to; of a private one, who wrote in it, too.",
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["partner", "-last_message_at"], name="conversations_of_a_partner"
                            ),
                            models.Index(
                                fields=["responsible", "state", "-last_message_at", "-id"],
                                name="conversations_of_a_person",
                            ),
                            models.Index(
                                condition=models.Q(("merged_into", None)),
                                fields=["state", "-last_message_at", "-id"],
                                name="conversations_of_the_team",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("copied_at__isnull", False), ("merged_into", None), ("state", "open")
                                ),
                                fields=["-copied_at", "-id"],
                                name="conversations_we_are_copied_in",
                            ),
                            models.Index(
                                condition=models.Q(("private_since__isnull", False)),
                                fields=["partner"],
                                name="private_conversations",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DecisionReason",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reasons",
                                to="conversations.decisionkind",
                            ),
                        ),
                        ("answer", models.CharField(choices=[("yes", "Yes"), ("no", "No")], max_length=3)),
                        ("words", models.CharField(max_length=300)),
                    ],
                    options={
                        "ordering": ["answer", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "answer", "words"), name="one_reason_of_the_same_words"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True), name="a_reason_has_words"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MailboxFolder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "mailbox",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="folders",
                                to="conversations.mailbox",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("uid_validity", models.BigIntegerField()),
                        ("last_uid", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("mailbox", "name"), name="one_row_per_mailbox_and_folder"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TakenBack",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "mailbox",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="conversations.mailbox",
                            ),
                        ),
                        ("external_id", models.CharField(max_length=995)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("mailbox", "external_id"), name="taken_back_once_per_mailbox"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Ask",
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
                                related_name="asks",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="asks",
                                to="conversations.conversation",
                            ),
                        ),
                        ("about_kind", models.CharField(max_length=40)),
                        ("about_id", models.BigIntegerField()),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "name",
                            models.CharField(
                                help_text="Who is asked: a person or a department.", max_length=120
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                        ("question", models.TextField()),
                        ("wanted_by", models.DateField()),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("next_check_at", models.DateTimeField(null=True)),
                        ("reminded_at", models.DateTimeField(null=True)),
                        ("answer", models.TextField(blank=True)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["asked_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="asks_to_check",
                            ),
                            models.Index(fields=["about_kind", "about_id"], name="asks_about_a_thing"),
                            models.Index(
                                condition=models.Q(("answered_at", None), ("withdrawn_at", None)),
                                fields=["partner"],
                                name="open_asks",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("question", ""), _negated=True),
                                name="an_ask_has_a_question",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_at", None)),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_answered_ask_has_its_answer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_at", None), ("withdrawn_at", None), _connector="OR"
                                ),
                                name="an_ask_ends_in_one_way",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "writer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("reply", "Reply"), ("mail", "New mail"), ("log", "Log")],
                                max_length=5,
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                help_text="Whom a mail goes to, whom a log is about. A log may name nobody yet.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="partners.partner",
                            ),
                        ),
                        ("typed", models.JSONField(default=dict, help_text="{field: [values]}")),
                        (
                            "once",
                            models.UUIDField(
                                help_text="The one-time key of the form it was typed in.", null=True
                            ),
                        ),
                        ("changed_at", models.DateTimeField()),
                        ("thrown_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("thrown_at__isnull", False)),
                                fields=["thrown_at"],
                                name="drafts_thrown_away",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("conversation__isnull", False), ("kind", "reply"), ("partner", None)
                                    ),
                                    models.Q(
                                        ("conversation", None), ("kind", "mail"), ("partner__isnull", False)
                                    ),
                                    models.Q(("conversation", None), ("kind", "log")),
                                    _connector="OR",
                                ),
                                name="a_draft_has_its_place",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "reply"), ("thrown_at", None)),
                                fields=("conversation", "writer"),
                                name="one_draft_of_a_reply",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("partner__isnull", False), ("thrown_at", None)),
                                fields=("partner", "writer", "kind"),
                                name="one_draft_to_a_partner",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "log"), ("partner", None), ("thrown_at", None)),
                                fields=("writer",),
                                name="one_draft_of_a_log_of_nobody_yet",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LaterReply",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="later_replies",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "writer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="later_replies",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                help_text="Whom it goes to.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="partners.contact",
                            ),
                        ),
                        ("body", models.TextField()),
                        ("holding", models.BooleanField(default=False)),
                        (
                            "promises",
                            models.JSONField(default=list, help_text="[{text, promised_for, side, owner}]"),
                        ),
                        (
                            "seen",
                            models.PositiveBigIntegerField(
                                help_text="The newest message the writer knew of."
                            ),
                        ),
                        ("goes_out_at", models.DateTimeField()),
                        (
                            "next_check_at",
                            models.DateTimeField(
                                db_index=True,
                                help_text="Empty while it goes out, or is taken back.",
                                null=True,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name_plural": "later replies",
                        "ordering": ["goes_out_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="RawMail",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("external_id", models.CharField(help_text="Its Message-ID.", max_length=995)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("filed", "In a conversation"),
                                    ("unknown", "Of an unknown sender"),
                                    ("report", "A delivery report"),
                                    ("blocked", "Of a blocked sender"),
                                    ("dropped", "Put away"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "mailbox",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.mailbox",
                            ),
                        ),
                        (
                            "claims",
                            models.ForeignKey(
                                help_text="The thread it says it answers, though its sender does not belong there.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.conversation",
                            ),
                        ),
                        ("sender", models.CharField(blank=True, max_length=320)),
                        ("sender_name", models.CharField(blank=True, max_length=120)),
                        ("subject", models.CharField(blank=True, max_length=300)),
                        ("text", models.CharField(blank=True, help_text="How it begins.", max_length=1000)),
                        ("written_at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        ("size", models.PositiveIntegerField()),
                        (
                            "doubt",
                            models.CharField(
                                blank=True, help_text="Why its sender is not believed.", max_length=200
                            ),
                        ),
                        ("has_html", models.BooleanField(default=False)),
                        ("is_automatic", models.BooleanField(default=False)),
                        ("file", models.FileField(upload_to="mail/%Y/%m/")),
                        (
                            "handled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("handled_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "unknown")),
                                fields=["is_automatic", "-received_at", "-id"],
                                name="mails_of_unknown_senders",
                            ),
                            models.Index(
                                condition=models.Q(("state", "unknown")),
                                fields=["sender"],
                                name="unknown_mails_by_sender",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("external_id",), name="one_raw_mail_per_message_id"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LaterFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reply",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="conversations.laterreply",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("file", models.FileField(upload_to="later/%Y/%m/")),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "direction",
                            models.CharField(
                                choices=[("in", "From the partner"), ("out", "From us")], max_length=3
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("email", "E-mail"),
                                    ("call", "Call"),
                                    ("meeting", "Meeting"),
                                    ("portal", "Portal message"),
                                    ("chat", "Chat"),
                                    ("note", "Note"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("occurred_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "clamped",
                            models.BooleanField(
                                default=False, help_text="The provider's time was later than ours."
                            ),
                        ),
                        ("subject", models.CharField(blank=True, max_length=300)),
                        ("body", models.TextField(blank=True)),
                        ("minutes", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="messages",
                                to="partners.contact",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("visible_to_partner", models.BooleanField(default=True)),
                        ("is_automatic", models.BooleanField(default=False)),
                        ("is_holding", models.BooleanField(default=False)),
                        (
                            "is_copy",
                            models.BooleanField(
                                default=False, help_text="We stand only in Cc: it opens no wait by itself."
                            ),
                        ),
                        (
                            "is_thanks",
                            models.BooleanField(
                                default=False,
                                help_text="Its words only say thanks, by the table as it stood.",
                            ),
                        ),
                        (
                            "asks",
                            models.BooleanField(
                                default=False,
                                help_text="Opens a wait though its kind does not: a call after which they still wait.",
                            ),
                        ),
                        (
                            "answers",
                            models.BooleanField(
                                default=False,
                                help_text="Answers though its kind does not: a call, a holding reply with a promise.",
                            ),
                        ),
                        (
                            "unconfirmed",
                            models.BooleanField(
                                default=False,
                                help_text="Reported too long afterwards: answers only once a lead has approved it.",
                            ),
                        ),
                        (
                            "declined_at",
                            models.DateTimeField(
                                blank=True, help_text="A lead did not confirm it.", null=True
                            ),
                        ),
                        (
                            "erased_at",
                            models.DateTimeField(
                                blank=True, help_text="An admin deleted its words.", null=True
                            ),
                        ),
                        ("bounced_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "address",
                            models.CharField(
                                blank=True, help_text="The other side's mail address.", max_length=320
                            ),
                        ),
                        (
                            "external_id",
                            models.CharField(
                                blank=True, help_text="The Message-ID of a mail.", max_length=995
                            ),
                        ),
                        (
                            "in_reply_to",
                            models.TextField(
                                blank=True,
                                help_text="Message-IDs it answers, from In-Reply-To and References.",
                            ),
                        ),
                        (
                            "raw",
                            models.ForeignKey(
                                db_index=False,
                                help_text="The mail as it came; one of ours to people of several partners is a message with each.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to="conversations.rawmail",
                            ),
                        ),
                        (
                            "outbox",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="message",
                                to="prm.outboxitem",
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "corrects",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrected_by",
                                to="conversations.message",
                            ),
                        ),
                        (
                            "also_answers",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Other threads it answers.",
                                related_name="answered_elsewhere",
                                to="conversations.conversation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["occurred_at", "recorded_at", "pk"],
                        "indexes": [
                            models.Index(
                                fields=["partner", "-occurred_at", "-id"], name="messages_of_a_partner"
                            ),
                            models.Index(
                                fields=["conversation", "occurred_at", "id"], name="messages_of_a_thread"
                            ),
                            models.Index(
                                condition=models.Q(("raw__isnull", False)),
                                fields=["raw"],
                                name="messages_of_a_raw_mail",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("external_id", "partner"),
                                name="one_message_per_message_id_and_partner",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("channel", "note"), _negated=True),
                                    ("visible_to_partner", False),
                                    _connector="OR",
                                ),
                                name="a_note_is_internal",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attachments",
                                to="conversations.message",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("size", models.PositiveIntegerField()),
                        ("file", models.FileField(blank=True, upload_to="attachments/%Y/%m/")),
                        (
                            "refused",
                            models.CharField(blank=True, help_text="Why it is not kept.", max_length=300),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("file", ""), ("refused__gt", "")),
                                    models.Q(models.Q(("file", ""), _negated=True), ("refused", "")),
                                    _connector="OR",
                                ),
                                name="an_attachment_is_kept_or_says_why_not",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Commitment",
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
                                related_name="commitments",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("ours", "We owe"), ("theirs", "They owe")], max_length=6
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="commitments",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="commitments",
                                to="partners.contact",
                            ),
                        ),
                        ("text", models.CharField(max_length=500)),
                        ("promised_for", models.DateField()),
                        ("original_promised_for", models.DateField()),
                        (
                            "ends_at",
                            models.DateTimeField(help_text="24:00 of the promised day in its owner's zone."),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("kept", "Kept by its first date"),
                                    ("renegotiated", "Kept by a date moved beforehand"),
                                    ("late", "Kept late"),
                                    ("broken", "Broken"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="open",
                                max_length=12,
                            ),
                        ),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "made_in",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="commitments",
                                to="conversations.message",
                            ),
                        ),
                        ("visible_to_partner", models.BooleanField(default=False)),
                        (
                            "moved_beforehand",
                            models.BooleanField(
                                default=False, help_text="Each move was before the date, with consent."
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("next_check_at", models.DateTimeField(null=True)),
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
                        "ordering": ["promised_for", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="promises_to_check",
                            ),
                            models.Index(
                                condition=models.Q(("status", "open")),
                                fields=["owner", "promised_for"],
                                name="open_promises",
                            ),
                            models.Index(fields=["partner", "status"], name="promises_of_a_partner"),
                            models.Index(
                                condition=models.Q(("side", "theirs"), ("status", "open")),
                                fields=["promised_for"],
                                name="open_promises_of_theirs",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("side", "ours"), _negated=True),
                                    ("owner__isnull", False),
                                    _connector="OR",
                                ),
                                name="our_promise_has_an_owner",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="a_promise_has_words"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Meeting",
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
                                related_name="meetings",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="meetings",
                                to="partners.partner",
                            ),
                        ),
                        ("title", models.CharField(max_length=300)),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        ("uid", models.CharField(max_length=500)),
                        ("sequence", models.PositiveIntegerField(default=0)),
                        (
                            "recurrence",
                            models.CharField(blank=True, help_text="Like 20260603T080000Z.", max_length=16),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("logged", "Logged"),
                                    ("not_held", "Did not take place"),
                                    ("called_off", "Called off"),
                                ],
                                default="planned",
                                max_length=10,
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                blank=True,
                                help_text="What was logged of it.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="conversations.message",
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        (
                            "contacts",
                            models.ManyToManyField(blank=True, related_name="+", to="partners.contact"),
                        ),
                    ],
                    options={
                        "ordering": ["starts_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "planned")),
                                fields=["partner", "starts_at"],
                                name="planned_meetings_of_a_partner",
                            ),
                            models.Index(
                                condition=models.Q(("state", "planned")),
                                fields=["person", "starts_at"],
                                name="planned_meetings_of_a_person",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "uid", "recurrence"), name="one_row_per_meeting_of_a_person"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gte", models.F("starts_at"))),
                                name="a_meeting_ends_after_it_begins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Wait",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="waits",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="waits",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opened_waits",
                                to="conversations.message",
                            ),
                        ),
                        (
                            "metric",
                            models.CharField(
                                choices=[
                                    ("first", "First reply"),
                                    ("next", "Next reply"),
                                    ("decision", "Decision"),
                                    ("issue", "Issue"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Waiting"),
                                    ("late", "Waiting, late"),
                                    ("met", "Answered in time"),
                                    ("met_late", "Answered late"),
                                    ("cancelled", "No reply needed"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("warn_at", models.DateTimeField()),
                        ("lead_at", models.DateTimeField()),
                        (
                            "head_at",
                            models.DateTimeField(
                                help_text="When the head hears of it; empty: never.", null=True
                            ),
                        ),
                        (
                            "paused_until",
                            models.DateTimeField(help_text="The end of its last pause.", null=True),
                        ),
                        (
                            "due_outside",
                            models.BooleanField(
                                default=False, help_text="It falls due outside working time."
                            ),
                        ),
                        ("next_check_at", models.DateTimeField(null=True)),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="waits",
                                to="conversations.policy",
                            ),
                        ),
                        ("target_seconds", models.PositiveIntegerField()),
                        (
                            "calendar",
                            models.JSONField(
                                help_text="The office hours as they were: zone, weekly, exceptions."
                            ),
                        ),
                        (
                            "calendar_of",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="waits",
                                to="team.calendar",
                            ),
                        ),
                        ("calendar_version", models.PositiveIntegerField(default=1)),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "answer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="closed_waits",
                                to="conversations.message",
                            ),
                        ),
                        ("elapsed_seconds", models.PositiveBigIntegerField(null=True)),
                        ("working_seconds", models.PositiveBigIntegerField(null=True)),
                        ("breached_at", models.DateTimeField(null=True)),
                        ("detected_at", models.DateTimeField(null=True)),
                        (
                            "reply_reported",
                            models.BooleanField(
                                default=False, help_text="Somebody reports a reply; not confirmed."
                            ),
                        ),
                        (
                            "asked_again",
                            models.BooleanField(
                                default=False,
                                help_text="They wrote again within two working days of the answer.",
                            ),
                        ),
                        (
                            "only_thanks",
                            models.BooleanField(
                                default=False, help_text="All they wrote since it opened only says thanks."
                            ),
                        ),
                        (
                            "cleared",
                            models.BooleanField(
                                default=False, help_text="It was put away as thanks, with one press."
                            ),
                        ),
                        ("breach_voided_reason", models.CharField(blank=True, max_length=300)),
                        ("cancelled_reason", models.CharField(blank=True, max_length=300)),
                        ("cancelled_at", models.DateTimeField(null=True)),
                        (
                            "cancelled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["due_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_check_at__isnull", False)),
                                fields=["next_check_at"],
                                name="waits_to_check",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["open", "late"])),
                                fields=["due_at"],
                                name="open_waits",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["open", "late"])),
                                fields=["partner", "due_at"],
                                name="open_waits_of_a_partner",
                            ),
                            models.Index(fields=["partner", "state"], name="waits_of_a_partner"),
                            models.Index(
                                condition=models.Q(("only_thanks", True), ("state__in", ["open", "late"])),
                                fields=["due_at"],
                                name="open_waits_of_thanks",
                            ),
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["calendar_of", "calendar_version"],
                                name="open_waits_by_calendar",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("metric__in", ["first", "next"]), ("state__in", ["open", "late"])
                                ),
                                fields=("conversation",),
                                include=("partner", "due_at", "state", "only_thanks"),
                                name="one_open_reply_wait_per_conversation",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_at__isnull", False), ("state__in", ["met", "met_late"])
                                    ),
                                    models.Q(("state__in", ["met", "met_late"]), _negated=True),
                                    _connector="OR",
                                ),
                                name="an_answered_wait_has_its_answer_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "met"), _negated=True),
                                    ("answered_at__lte", models.F("due_at")),
                                    _connector="OR",
                                ),
                                name="met_means_in_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "met_late"), _negated=True),
                                    ("answered_at__gt", models.F("due_at")),
                                    _connector="OR",
                                ),
                                name="met_late_means_late",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "late"), _negated=True),
                                    ("breached_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_late_wait_has_its_breach",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("breached_at", None),
                                    ("breached_at", models.F("due_at")),
                                    _connector="OR",
                                ),
                                name="the_breach_is_the_due_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "cancelled"), _negated=True),
                                    models.Q(("cancelled_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_cancelled_wait_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
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
                                related_name="decisions",
                                to="partners.partner",
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("about_kind", models.CharField(blank=True, max_length=40)),
                        ("about_id", models.BigIntegerField(null=True)),
                        (
                            "wait",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="decisions",
                                to="conversations.wait",
                            ),
                        ),
                        ("answer", models.CharField(choices=[("yes", "Yes"), ("no", "No")], max_length=3)),
                        ("reason", models.TextField()),
                        ("appeal_until", models.DateTimeField(blank=True, null=True)),
                        ("visible_to_partner", models.BooleanField(default=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "indexes": [
                            models.Index(fields=["partner", "-at", "-id"], name="decisions_of_a_partner")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="a_decision_says_why"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Finding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "audit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="findings",
                                to="conversations.audit",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="conversations.conversation",
                            ),
                        ),
                        (
                            "wait",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="conversations.wait",
                            ),
                        ),
                        ("what", models.CharField(max_length=300)),
                    ],
                    options={
                        "ordering": ["conversation", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Pause",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "wait",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pauses",
                                to="conversations.wait",
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
                                choices=[
                                    ("they_asked", "They asked us to wait"),
                                    ("we_asked", "We asked them for something"),
                                    ("absence", "Away, as partners were told"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        (
                            "leave",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="team.leave",
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
                        ("withdrawn_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["starts_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ground", "absence"), ("withdrawn_at", None)),
                                fields=["ends_at"],
                                name="absences_by_end",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gte", models.F("starts_at"))),
                                name="a_pause_ends_after_it_starts",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("leave__isnull", False), ("withdrawn_at", None)),
                                fields=("wait", "leave"),
                                name="one_pause_per_wait_and_leave",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Matter",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matters",
                                to="conversations.decisionkind",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="matters",
                                to="partners.partner",
                            ),
                        ),
                        (
                            "wait",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="matter",
                                to="conversations.wait",
                            ),
                        ),
                        ("about_kind", models.CharField(blank=True, max_length=40)),
                        ("about_id", models.BigIntegerField(null=True)),
                        ("words", models.TextField(blank=True)),
                        ("amount_minor", models.PositiveBigIntegerField(null=True)),
                        ("currency", models.CharField(blank=True, max_length=3)),
                        (
                            "asked_by",
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
                                help_text="Who asks, there.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="matters",
                                to="partners.contact",
                            ),
                        ),
                        (
                            "appeals",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="appeal",
                                to="conversations.decision",
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="matter",
                                to="conversations.decision",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=1, help_text="Goes up when what is asked changes."
                            ),
                        ),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)), fields=["kind"], name="open_matters"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("about_id__isnull", False), ("ended_at", None)),
                                fields=("kind", "about_kind", "about_id"),
                                name="one_open_matter_about_a_thing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount_minor", None), ("currency", "")),
                                    models.Q(
                                        ("amount_minor__isnull", False),
                                        models.Q(("currency", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_asked_amount_has_its_currency",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decider",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deciders",
                                to="conversations.matter",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="to_decide",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("why", models.CharField(max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("matter", "person"), name="one_decider_per_matter_and_person"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
