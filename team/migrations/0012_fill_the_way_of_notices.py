from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    notices = apps.get_model("team", "Notice").objects
    notices.filter(at_once=False).update(way="digest", rings=False)
    notices.filter(mail_key="").update(next_check_at=F("created_at"))


def empty(apps, schema_editor):
    notices = apps.get_model("team", "Notice").objects
    notices.update(at_once=F("rings"))


class Migration(migrations.Migration):
    dependencies = [("team", "0011_notices_travel_by_a_way")]

    operations = [migrations.RunPython(fill, empty)]
