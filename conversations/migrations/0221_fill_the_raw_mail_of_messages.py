"""Each message that was a mail names its raw mail, as the raw mail named its message."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    message, raw = (apps.get_model("conversations", name) for name in ("Message", "RawMail"))
    its_own = raw.objects.filter(message=OuterRef("pk")).values("pk")[:1]
    filed = raw.objects.exclude(message=None).values("message")
    message.objects.filter(pk__in=filed).update(raw=Subquery(its_own))


def fill_back(apps, schema_editor):
    """Of several copies of a mail the first."""
    message, raw = (apps.get_model("conversations", name) for name in ("Message", "RawMail"))
    first = message.objects.filter(raw=OuterRef("pk")).order_by("pk").values("pk")[:1]
    raw.objects.filter(pk__in=message.objects.exclude(raw=None).values("raw")).update(message=Subquery(first))


class Migration(migrations.Migration):
    dependencies = [("conversations", "0220_let_messages_point_at_their_raw_mail")]

    operations = [migrations.RunPython(fill, fill_back)]
