"""Which partner a row means: by its id in another system, its domain, or its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Model

from partners.importing.matching import chunks
from partners.keys import name_key, registrable_domain
from partners.models import Domain, OutsideId, Partner, PartnerName
from team.models import User


@dataclass
class Named:
    """The partners that some texts could mean, fetched in a few queries."""

    partners: dict[int, Partner] = field(default_factory=dict)
    by_text: dict[str, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str], by: User | None) -> Named:
        wanted = sorted(set(texts))
        seen = Partner.objects.visible_to(by) if by else Partner.objects.filter(merged_into=None)
        ids = _found(OutsideId, "value", {text: text for text in wanted})
        domains = _found(Domain, "domain", {text: registrable_domain(text) for text in wanted})
        names = _found(PartnerName, "key", {text: name_key(text) for text in wanted})
        by_text = {text: ids[text] or domains[text] or names[text] for text in wanted}
        pks = {pk for found in by_text.values() for pk in found}
        partners: dict[int, Partner] = {}
        for some in chunks(pks):
            partners |= {row.pk: row for row in seen.filter(pk__in=some).select_related("owner")}
        return cls(partners, {text: found & partners.keys() for text, found in by_text.items()})

    def one(self, text: str) -> Partner | None:
        """The partner meant, where it is only one."""
        found = self.by_text.get(text, set())
        return self.partners[next(iter(found))] if len(found) == 1 else None

    def several(self, text: str) -> list[str]:
        found = self.by_text.get(text, set())
        return sorted(self.partners[pk].name for pk in found) if len(found) > 1 else []


def _found(model: type[Model], column: str, keys: dict[str, str]) -> dict[str, set[int]]:
    """The partners that have the key of each text."""
    rows: dict[str, set[int]] = defaultdict(set)
    for some in chunks({key for key in keys.values() if key}):
        pairs = model._default_manager.filter(**{f"{column}__in": some}).values_list(column, "partner")
        for key, pk in pairs:
            rows[key].add(pk)
    return {text: rows[key] if key else set() for text, key in keys.items()}
