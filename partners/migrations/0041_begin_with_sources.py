from django.db import migrations

STARTERS = (
    ("A list", "list"),
    ("Our form", "form"),
    ("An event", ""),
    ("Referred by a partner", "partner"),
    ("Referred by a person", ""),
    ("Our own research", ""),
    ("They wrote to us", ""),
)


def begin(apps, schema_editor):
    """A company that stands gets the sources a new one begins with; what it imported came by a list."""
    sources = apps.get_model("partners", "Source").objects
    if not apps.get_model("team", "Company").objects.exists() or sources.exists():
        return
    for position, (name, key) in enumerate(STARTERS):
        sources.create(name=name, key=key, position=position)
    added = apps.get_model("partners", "Event").objects.filter(kind="partner_added", about_kind="import")
    came = apps.get_model("partners", "Partner").objects.filter(pk__in=added.values("partner"))
    came.update(source=sources.get(key="list"))


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0040_keep_sources"),
        ("team", "0001_initial"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
