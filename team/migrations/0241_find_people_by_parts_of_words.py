"""People are found by what their names and addresses hold; on PostgreSQL by a trigram index, where it can be."""

from django.db import DatabaseError, migrations, transaction

import prm.search

INDEX = "people_by_parts_of_words"


def fill(apps, schema_editor):
    people = apps.get_model("team", "User").objects.using(schema_editor.connection.alias)
    for person in people.only("name", "email").iterator():
        key = prm.search.fold(f"{person.name} {person.email}")[:400]
        people.filter(pk=person.pk).update(search_key=key)


def add_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON team_user USING gin (search_key gin_trgm_ops)")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("team", "0230_state_rates_of_the_reporting_currency")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="search_key",
            field=prm.search.FoldedField(max_length=400, of=["name", "email"]),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(add_index, drop_index),
    ]
