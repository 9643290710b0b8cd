"""The lists a company begins with, and how the entries of any list are kept."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, models, transaction

from prm.refusals import Refused
from team.models import Named, Region, Renaming, Vertical

REGIONS = (
    "DACH",
    "Benelux",
    "France",
    "UK and Ireland",
    "Nordics",
    "Southern Europe",
    "Eastern Europe",
    "Middle East and Africa",
    "North America",
    "Latin America",
    "Asia-Pacific",
)
VERTICALS = (
    "Manufacturing",
    "Retail",
    "Financial services",
    "Healthcare",
    "Public sector",
    "Education",
    "Energy",
    "Logistics",
    "Telecommunications",
    "Media",
    "Professional services",
    "Software",
)


class ListRefused(Refused):
    """The list would hold a name twice, or nothing at all."""


def seed() -> None:
    """Write the regions and verticals a company begins with; those that stand stay."""
    begin(Region, REGIONS)
    begin(Vertical, VERTICALS)


def begin(noun: type[Named], names: Iterable[str]) -> None:
    """Fill a list with `names` in order, leaving those that stand."""
    noun._default_manager.bulk_create(
        [noun(name=name, position=position) for position, name in enumerate(names)], ignore_conflicts=True
    )


def add(noun: type[Named], name: str, **facts: object) -> Named:
    """A new entry at the end of its list."""
    last = noun._default_manager.aggregate(last=models.Max("position"))["last"]
    entry = noun(name=name, position=0 if last is None else last + 1, **facts)
    return _kept(entry)


@transaction.atomic
def rename(entry: Named, to: str, at: datetime) -> Named:
    """Give the entry another name; what carries it shows the new one."""
    former, entry.name = entry.name, to
    _kept(entry)
    remember_name(entry, former, at)
    return entry


def remember_name(entry: models.Model, former: str, at: datetime) -> None:
    """Write down that an entry, saved under its new `name`, was called otherwise before."""
    name = str(entry)
    if name != former:
        noun = entry._meta.label
        Renaming.objects.create(noun=noun, entry=entry.pk, former=former, name=name, at=at)


def _kept(entry: Named) -> Named:
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        raise ListRefused(f"“{entry.name}” is in the list already, perhaps retired.") from error
    return entry


@transaction.atomic
def move(entry: Named, by: int) -> None:
    """Move the entry one place up (-1) or down (1) among its neighbours."""
    order = _held(entry)
    _put(entry, order.index(entry) + by, order)


@transaction.atomic
def put(entry: Named, at: int) -> None:
    """Give the entry this place in its list, from 0; beyond the end is the end."""
    _put(entry, at, _held(entry))


def _held(entry: Named) -> list[Named]:
    """Its list in order, held until this transaction ends."""
    return list(type(entry)._default_manager.order_by("position", "name").select_for_update())


def _put(entry: Named, at: int, order: list[Named]) -> None:
    order.remove(entry)
    order.insert(min(max(at, 0), len(order)), entry)
    for position, other in enumerate(order):
        other.position = position
    type(entry)._default_manager.bulk_update(order, ["position"])


def retire(entry: Named, at: datetime) -> None:
    """Offer the entry no more; what carries it keeps it."""
    entry.retired_at = at
    entry.save(update_fields=["retired_at"])


def restore(entry: Named) -> None:
    """Offer the entry again."""
    entry.retired_at = None
    entry.save(update_fields=["retired_at"])
