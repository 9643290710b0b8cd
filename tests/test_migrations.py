"""Migrations and models agree, and every model that waits for a moment has its sweep."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from prm import sweeper


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes detected" in out.getvalue()


def test_every_next_check_at_has_its_sweep() -> None:
    waiting = {
        model._meta.label
        for model in apps.get_models()
        if any(field.name == "next_check_at" for field in model._meta.get_fields())
    }
    swept = sweeper.swept_models() | {"prm.OutboxItem"}  # the outbox delivers its own rows
    assert waiting - swept == set()
