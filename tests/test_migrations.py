"""Migrations and models agree, and every model that waits for a moment has its sweep."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from prm import sweeper


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes detected" in out.getvalue()


@pytest.mark.django_db
def test_who_took_the_former_steps_one_by_one_has_nothing_to_do() -> None:
    steps, taken = MigrationExecutor(connection).loader, MigrationRecorder(connection)
    joined = {key: step.replaces for key, step in steps.disk_migrations.items() if step.replaces}
    assert len(joined) == 7
    for (app, name), former in joined.items():
        taken.record_unapplied(app, name)
        for each in former:
            taken.record_applied(*each)
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_every_next_check_at_has_its_sweep() -> None:
    waiting = {
        model._meta.label
        for model in apps.get_models()
        if any(field.name == "next_check_at" for field in model._meta.get_fields())
    }
    swept = sweeper.swept_models() | {"prm.OutboxItem"}  # the outbox delivers its own rows
    assert waiting - swept == set()
