from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("team", "0012_fill_the_way_of_notices")]

    operations = [
        migrations.RemoveIndex("notice", "unread_notices"),
        migrations.RemoveIndex("notice", "unmailed_notices"),
        migrations.RemoveField("notice", "at_once"),
        migrations.AddIndex(
            "notice",
            models.Index(
                fields=["person"],
                condition=Q(read_at=None, rings=True, snoozed_until=None),
                name="ringing_notices",
            ),
        ),
        migrations.AddIndex(
            "notice",
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="notices_to_mail"
            ),
        ),
        migrations.AddIndex(
            "notice",
            models.Index(
                fields=["snoozed_until"], condition=Q(snoozed_until__isnull=False), name="snoozed_notices"
            ),
        ),
        migrations.AddIndex(
            "notice",
            models.Index(fields=["mail_key"], condition=~Q(mail_key=""), name="notices_of_a_mail"),
        ),
    ]
