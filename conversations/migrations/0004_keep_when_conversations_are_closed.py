from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def fill(apps, schema_editor):
    conversations = apps.get_model("conversations", "Conversation").objects.using(
        schema_editor.connection.alias
    )
    events = apps.get_model("partners", "Event").objects.using(schema_editor.connection.alias)
    closings = events.filter(about_kind="conversation", about_id=OuterRef("pk"), kind="conversation_resolved")
    last = closings.order_by("-at", "-pk").values("at")[:1]
    conversations.filter(state="done").update(closed_at=Subquery(last))


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0003_drop_indexes_that_others_cover"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="closed_at",
            field=models.DateTimeField(
                editable=False, help_text="When it was last said to be done.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=Q(closed_at__isnull=False, merged_into=None, state="done"),
                fields=["closed_at"],
                name="conversations_by_closing",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
