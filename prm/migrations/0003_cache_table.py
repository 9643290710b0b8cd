"""The cache without Redis is a table: rate limits then hold over processes."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    call_command("createcachetable", "prm_cache", database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute('DROP TABLE IF EXISTS "prm_cache"')


class Migration(migrations.Migration):
    dependencies = [("prm", "0001_tables")]

    operations = [migrations.RunPython(make, drop)]
