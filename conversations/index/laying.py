"""How an index is laid, and how one tells whether it stands."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

READS = frozenset({"conversations_message", "partners_partner", "partners_contact"})


@dataclass(frozen=True)
class Laying:
    """The statements of an index. Each trigger is "CREATE TRIGGER {name} …"; its name tells the version
    of all of them, so that those that stand say whether the index is the one written here."""

    standing: str  # asks for the names of the triggers that stand, and their tables
    drop: str  # drops the trigger {name} of {table}
    unmake: tuple[str, ...]
    make: tuple[str, ...]
    triggers: tuple[str, ...]
    fill: tuple[str, ...]

    @property
    def version(self) -> str:
        written = repr((self.unmake, self.make, self.triggers, self.fill))
        return sha256(written.encode()).hexdigest()[:8]

    @property
    def names(self) -> list[str]:
        return [f"words_{self.version}_{n}" for n in range(len(self.triggers))]

    def lay(self) -> list[str]:
        """Make it, fill it with all messages, and keep it from then on."""
        named = zip(self.triggers, self.names, strict=True)
        return [
            *self.unmake,
            *self.make,
            *self.fill,
            *(trigger.replace("{name}", name) for trigger, name in named),
        ]

    def lift(self, standing: list[tuple[str, str]]) -> list[str]:
        """Drop the triggers that stand, given as name and table."""
        return [self.drop.format(name=name, table=table) for name, table in standing]
