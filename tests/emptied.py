"""Tests that commit leave rows behind; here is how these go. Django's own way empties every table there is
and then lays the permissions of all models anew, which takes longer than the test did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

LAID_BY_MIGRATE = {"django_content_type", "auth_permission", "django_migrations"}


def empty(alias: str) -> None:
    """Delete all rows of all tables but those that migrating fills; their ties are looked at in the end."""
    connection = connections[alias]
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        for table in list(_with_rows(connection)):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _with_rows(connection: BaseDatabaseWrapper) -> Iterable[str]:
    tables = connection.introspection.django_table_names(only_existing=False, include_views=False)
    name = connection.ops.quote_name
    asked = (
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name(table)})"
        for table in sorted(set(tables) - LAID_BY_MIGRATE)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


@pytest.fixture(scope="session", autouse=True)
def committed_rows_go_quickly() -> Iterator[None]:
    """Let Django's tests that commit be cleared up so."""

    def clear_up(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
            empty(alias)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", clear_up)
        yield
