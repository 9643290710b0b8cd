"""By what prospects come: the list a company begins with, and the entries the app chooses by itself."""

from __future__ import annotations

from partners.models import Source
from team import lists

LIST, FORM, PARTNER = "list", "form", "partner"
STARTERS = (
    ("A list", LIST),
    ("Our form", FORM),
    ("An event", ""),
    ("Referred by a partner", PARTNER),
    ("Referred by a person", ""),
    ("Our own research", ""),
    ("They wrote to us", ""),
)


def seed() -> None:
    """Write the sources a company begins with; those that stand stay."""
    lists.begin(Source, [name for name, _ in STARTERS])
    for name, key in STARTERS:
        if key and not Source.objects.filter(key=key).exists():
            Source.objects.filter(name=name).update(key=key)


def known(key: str) -> Source:
    """The source the app chooses by itself (`LIST`, `FORM`, `PARTNER`), whatever it is called by now."""
    found = Source.objects.filter(key=key).first()
    if found is None:
        seed()
        found = Source.objects.get(key=key)
    return found
