import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    conversations = apps.get_model("conversations", "Conversation").objects.using(alias)
    whose = conversations.filter(pk=OuterRef("conversation")).values("responsible")
    apps.get_model("conversations", "Wait").objects.using(alias).update(responsible=Subquery(whose))


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0004_keep_when_conversations_are_closed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="wait",
            name="responsible",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                help_text="Pushed by conversations.responsibility: who is responsible for its conversation.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="wait",
            index=models.Index(
                condition=Q(state__in=["open", "late"]),
                fields=["responsible", "due_at"],
                name="open_waits_of_a_person",
            ),
        ),
    ]
