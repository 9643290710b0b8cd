"""Steps of migrations that go together. Django draws all related models anew after each step; with a hundred
and seventy tables that takes minutes, and once for all of them a moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation


class Together(Operation):
    """Steps of one kind, like `CreateModel`, each for itself: none changes what another made."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        if len({type(each) for each in operations}) != 1:
            raise ValueError("steps of one kind go together, and at least one")
        self.operations = operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        vars(state).pop("apps", None)  # drawn once, when it is asked for
        for each in self.operations:
            each.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for each in self.operations:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for each in reversed(self.operations):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(each.describe() for each in self.operations)
