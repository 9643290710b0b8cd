"""When we were last copied in, while nothing was made of it. Filled for the conversations there are."""

from django.db import migrations, models
from django.db.models import Max


def fill(apps, schema_editor):
    message = apps.get_model("conversations", "Message")
    conversation = apps.get_model("conversations", "Conversation")
    copies = message.objects.filter(is_copy=True, asks=False, withdrawn_at=None)
    for pk, last in copies.values_list("conversation").annotate(last=Max("occurred_at")).order_by():
        ours = message.objects.filter(conversation=pk, direction="out", visible_to_partner=True)
        if not ours.filter(occurred_at__gt=last, withdrawn_at=None, is_automatic=False).exists():
            conversation.objects.filter(pk=pk).update(copied_at=last)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0171_decide_on_matters")]

    operations = [
        migrations.AddField(
            "conversation",
            "copied_at",
            models.DateTimeField(
                null=True,
                editable=False,
                help_text="When we were last copied in, while nothing was made of it.",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
