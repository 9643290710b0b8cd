"""What the values of listed columns of deals mean."""

from __future__ import annotations

from functools import cached_property

from lifecycle.growth.models import Credit, Phase, Product
from partners import countries
from partners.importing.lists import Lists
from prm import money
from prm.search import fold


class DealLists(Lists):
    """Our phases, products, parts, currencies and people, as they stand."""

    @cached_property
    def _entries(self) -> dict[str, dict[str, str]]:
        phases = {fold(phase.name): phase.name for phase in Phase.objects.filter(retired_at=None)}
        ends = {fold(phase.ends): phase.name for phase in Phase.objects.exclude(ends=Phase.Ends.OPEN)}
        return {
            "phase": ends | {"closed won": ends.get("won", ""), "closed lost": ends.get("lost", "")} | phases,
            "products": {fold(each.name): each.name for each in Product.objects.filter(retired_at=None)},
            "role": {
                fold(word): str(role.value) for role in Credit.Role for word in (role.value, role.label)
            },
            "currency": {fold(code): code for code in money.currencies()},
            "owner": self._people,
        }

    def choices(self, name: str) -> list[tuple[str, str]]:
        if name == "role":
            return [(str(value), str(label)) for value, label in Credit.Role.choices]
        if name == "country":
            return sorted(countries.COUNTRIES.items(), key=lambda item: item[1])
        return super().choices(name)
