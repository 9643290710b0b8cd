"""Steps of migrations that go together do what they do one by one."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from prm.migrating import Together


def steps() -> list[migrations.CreateModel]:
    key = ("id", models.BigAutoField(primary_key=True))
    to_shelf = ("shelf", models.ForeignKey("prm.Shelf", on_delete=models.CASCADE))
    return [
        migrations.CreateModel("Shelf", [key]),
        migrations.CreateModel(
            "Book", [key, to_shelf], {"indexes": [models.Index("shelf", name="by_shelf")]}
        ),
    ]


def tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor)) & {"prm_shelf", "prm_book"}


@pytest.mark.django_db(transaction=True)
def test_they_end_in_the_same_state_and_are_made_and_taken_back() -> None:
    before, after, one_by_one = ProjectState(), ProjectState(), ProjectState()
    assert before.apps
    assert after.apps  # drawn already, as in a run of several migrations
    both = Together(steps())
    both.state_forwards("prm", after)
    for each in steps():
        each.state_forwards("prm", one_by_one)
    assert after.models == one_by_one.models
    with connection.schema_editor() as editor:
        both.database_forwards("prm", editor, before, after)
    try:
        assert tables() == {"prm_shelf", "prm_book"}
    finally:
        with connection.schema_editor() as editor:
            both.database_backwards("prm", editor, after, before)
    assert tables() == set()
    assert both.describe() == "Create model Shelf; Create model Book"


def test_steps_of_two_kinds_do_not_go_together() -> None:
    with pytest.raises(ValueError, match="one kind"):
        Together([*steps(), migrations.DeleteModel("Shelf")])
