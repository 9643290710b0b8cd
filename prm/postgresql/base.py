"""PostgreSQL: what is asked again and again is planned once, and whether it is still there is asked only
when there is a reason to."""

import select
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django.db.backends.postgresql import base
from psycopg2.extensions import AsIs

# What a page asks for lies in memory or on a disk that seeks for nothing: PostgreSQL supposes a turning one,
# unless who keeps it said otherwise, and reads whole tables for few rows.
SEEKS_CHEAPLY = """SELECT set_config('random_page_cost', '1.1', false)
    FROM pg_settings WHERE name = 'random_page_cost' AND source = 'default'"""


class DatabaseWrapper(base.DatabaseWrapper):
    """A kept connection is checked before each request without a round trip.

    Between two queries the server says nothing. When it restarts or ends the connection it says
    so, or hangs up: the socket can be read. Only then, or after an error, is it asked.
    """

    def is_usable(self) -> bool:
        if self.connection is not None and not self.errors_occurred and self._is_silent():
            return True
        return bool(super().is_usable())

    def _is_silent(self) -> bool:
        if self.connection.closed:
            return False
        heard = select.poll()
        heard.register(self.connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
        return not heard.poll(0)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self._asked: set[Hashable] = set()
        self._statements: dict[Hashable, str] = {}
        if not self._is_pooled:  # else the planner goes on planning many statements at each asking
            with self.connection.cursor() as cursor:
                cursor.execute(f"SET plan_cache_mode = force_generic_plan; {SEEKS_CHEAPLY}")

    @property
    def _is_pooled(self) -> bool:
        """Whether a pooler may give the next query to another connection."""
        return bool(self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"))

    def statement(
        self, asked: Hashable, sql: str, params: Sequence[Any], types: Mapping[int, str]
    ) -> str | None:
        """The name of a statement kept by this connection for what is asked again and again: to plan a
        query with its joins takes longer than to answer it. `types` are those of the parameters that
        differ from one asking to the next, by their place in `params`; they are given in this order.

        None where it is asked for the first time, and behind a pooler (DISABLE_SERVER_SIDE_CURSORS).
        """
        if self.connection is None or self._is_pooled:
            return None
        if asked not in self._asked:
            self._asked.add(asked)
            return None
        if asked not in self._statements:
            self._statements[asked] = self._prepare(sql, params, types)
        return self._statements[asked]

    def _prepare(self, sql: str, params: Sequence[Any], types: Mapping[int, str]) -> str:
        name = f"question_{len(self._statements)}"
        places = {place: AsIs(f"${number}") for number, place in enumerate(types, start=1)}
        fixed = tuple(places.get(place, value) for place, value in enumerate(params))
        taking = f" ({', '.join(types.values())})" if types else ""
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name}{taking} AS {sql}", fixed)
        return name
