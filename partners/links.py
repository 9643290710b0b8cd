"""How partners hang together: links of a kind, from a day to a day, never in a circle."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

from django.db import transaction

from partners import history
from partners.history import UndoRefused
from partners.models import Event, Link, Partner
from prm.references import Reference
from prm.refusals import Refused
from team.models import User


class LinkRefused(Refused):
    """These two partners cannot be linked in this way."""


@transaction.atomic
def link(
    of: Partner, to: Partner, kind: str, by: User | str, at: datetime, starts_on: date | None = None
) -> Link:
    """Link two partners: `of` distributes to / is owned by / delivers with / was referred by `to`.

    Refused where it stands already or would close a circle of its kind.
    """
    _lock(of, to)
    words = Link.Kind(kind).label
    if of.pk == to.pk:
        raise LinkRefused("A partner cannot be linked to itself. Choose another one.")
    if Link.objects.filter(of=of, to=to, kind=kind, ends_on=None).exists():
        raise LinkRefused(f"It is said already that {of} {words} {to}.")
    if chain := way_between(to, of, kind):
        way = ", ".join(f"{a} {words} {b}" for a, b in pairwise(chain))
        raise LinkRefused(f"This would close a circle: {way}. End one of these links first.")
    made = Link.objects.create(of=of, to=to, kind=kind, starts_on=starts_on)
    _record("partners_linked", made, by, at)
    return made


@transaction.atomic
def unlink(link: Link, on: date, by: User | str, at: datetime, undoes: Event | None = None) -> Event:
    """End a link on a day; both partners' histories say so."""
    if link.starts_on and on < link.starts_on:
        raise LinkRefused(f"It began on {link.starts_on:%-d %B %Y}; it cannot end before that.")
    if not Link.objects.filter(pk=link.pk, ends_on=None).update(ends_on=on):
        raise LinkRefused("This link ended already.")
    link.ends_on = on
    return _record("partners_unlinked", link, by, at, undoes)


def take_back_linking(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `link`: it ends today, or on its first day."""
    link = _of(event)
    return unlink(link, max(at.date(), link.starts_on or at.date()), by, at, undoes=event)


@transaction.atomic
def take_back_unlinking(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `unlink`, unless the link was made again or would now close a circle."""
    ended = _of(event)
    _lock(ended.of, ended.to)
    again = Link.objects.filter(of=ended.of_id, to=ended.to_id, kind=ended.kind, ends_on=None)
    if again.exists() or way_between(ended.to, ended.of, ended.kind):
        raise UndoRefused("These partners were linked in another way since.")
    Link.objects.filter(pk=ended.pk).update(ends_on=None)
    return _record("partners_linked", ended, by, at, undoes=event)


def _of(event: Event) -> Link:
    return Link.objects.select_related("of", "to").get(pk=history.subject(event))


def _lock(*partners: Partner) -> None:
    """Two who link the same partners do so one after the other, in one order."""
    ids = sorted(partner.pk for partner in partners)
    list(Partner.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))


def way_between(start: Partner, goal: Partner, kind: str) -> list[Partner]:
    """The partners on the way from `start` along current links of a kind to `goal`, or none at all."""
    came: dict[int, int | None] = {start.pk: None}
    edge = [start.pk]
    while edge and goal.pk not in came:
        found = Link.objects.filter(kind=kind, ends_on=None, of__in=edge).values_list("of", "to")
        edge = []
        for of, to in found:
            if to not in came:
                came[to] = of
                edge.append(to)
    if goal.pk not in came:
        return []
    way: list[int] = []
    at: int | None = goal.pk
    while at is not None:
        way.append(at)
        at = came[at]
    partners = Partner.objects.in_bulk(way)
    return [partners[pk] for pk in reversed(way)]


def _record(kind: str, link: Link, by: User | str, at: datetime, undoes: Event | None = None) -> Event:
    """An event on each side; the one of `of` is returned and carries the Undo."""
    note = f"{link.of} {link.get_kind_display()} {link.to}"
    about = Reference("link", link.pk)
    event = Event.record(kind, at, by, link.of, about, note=note, undoes=undoes)
    Event.record(f"{kind}_there", at, by, link.to, about, note=note)
    assert event is not None
    return event
