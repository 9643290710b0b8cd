from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0021_read_mailboxes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("conversation", "responsible", "taken_by"),
        migrations.AddField(
            "conversation",
            "responsible",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                PROTECT,
                null=True,
                blank=True,
                editable=False,
                db_index=False,
                related_name="+",
                help_text="Pushed by conversations.responsibility: who took it, else whose it is by assignment.",
            ),
        ),
    ]
