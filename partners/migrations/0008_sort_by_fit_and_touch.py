"""On PostgreSQL the sorts people use most read an index; rows without a value come last."""

from django.db import migrations

INDEXES = {
    "partners_by_fit_first": "score DESC NULLS LAST, id DESC",
    "partners_by_touch_first": "last_touch_at DESC NULLS LAST, id DESC",
    "partners_by_touch_last": "last_touch_at, id",
}


def add_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, columns in INDEXES.items():
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {name} ON partners_partner ({columns}) WHERE merged_into_id IS NULL"
        )


def drop_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_search_by_parts_of_words")]

    operations = [migrations.RunPython(add_indexes, drop_indexes)]
