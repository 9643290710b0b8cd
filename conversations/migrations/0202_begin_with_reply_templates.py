"""A company that stands gets the templates that a new one begins with."""

from django.db import migrations

from conversations.starter_templates import STARTERS


def begin(apps, schema_editor):
    template = apps.get_model("conversations", "ReplyTemplate")
    if not apps.get_model("team", "Company").objects.exists() or template.objects.exists():
        return
    template.objects.bulk_create(
        template(name=name, language=language, text=text) for name, language, text in STARTERS
    )


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0201_keep_reply_templates"),
        ("team", "0143_find_where_holidays_came_from"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
