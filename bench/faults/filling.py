"""A great many waits at once: rows are copied in the database, where a million takes a minute.

Only on PostgreSQL.
"""

from datetime import datetime, timedelta

from django.db import connection, models

from bench.faults import company
from conversations.models import Wait

FAR = timedelta(days=300)


def idle(count: int, at: datetime) -> None:
    """`count` open waits that nothing is to be done about for long after `at`."""
    company.ask(range(1), at + FAR, over=timedelta(0))
    wait = Wait.objects.select_related("conversation").order_by("-pk")[0]
    thread = wait.conversation
    times = ("due_at", "warn_at", "lead_at", "next_check_at")
    later = {name: f"{name} + n * interval '1 second'" for name in times}
    copy(thread, count - 1, id=f"{thread.pk} + n")
    there = {"id": f"{wait.pk} + n", "conversation_id": f"{thread.pk} + n", "opened_by_id": "NULL"}
    copy(wait, count - 1, **there, **later)


def copy(row: models.Model, count: int, **other: str) -> None:
    """Copy a row so many times; `other` columns are SQL over the row and n, from 1 on."""
    table, names = row._meta.db_table, [field.column for field in row._meta.local_concrete_fields]
    values = ", ".join(other.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}", generate_series(1, %s) n'
            " WHERE id = %s",
            [count, row.pk],
        )
        last = f'SELECT max(id) FROM "{table}"'
        cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), ({last}))", [table])
        cursor.execute(f'ANALYZE "{table}"')
