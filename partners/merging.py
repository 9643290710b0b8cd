"""Two rows that are one partner, or one contact, become one. Undo puts all of it back for 30 days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Max, Min

from partners import assignments, changes, fits, followers, history, links, memberships, repointing, searching
from partners.history import UndoRefused
from partners.models import Contact, ContactAddress, Event, Link, Merge, Partner, Status
from prm import search
from prm.references import Reference
from prm.refusals import Refused
from team.models import User

UNDO_FOR = timedelta(days=30)
STRAYS_FOR = timedelta(minutes=15)
PARTNER_FIELDS = [
    "name",
    "legal_name",
    "website",
    "domain",
    "country",
    "city",
    "zone",
    "region",
    "employees",
    "certifications",
    "about",
    "source",
    "source_detail",
]
CONTACT_FIELDS = ["name", "title", "email", "roles", "zone", "language", "phones", "joined_on"]
M = TypeVar("M", Partner, Contact)


class MergeRefused(Refused):
    """These two cannot become one in this way."""


@transaction.atomic
def merge_partners(kept: Partner, gone: Partner, chosen: Mapping[str, Any], by: User, at: datetime) -> Merge:
    """Merge `gone` into `kept`; `chosen` are the values to have of PARTNER_FIELDS, the rest is as kept.

    What points at the one points at the other; names and domains stay as further ones. Stage,
    status and what follows from them are the kept one's.
    """
    _known(chosen, PARTNER_FIELDS)
    followers.hold([kept.pk, gone.pk])
    kept, gone = _held(kept, gone)
    if gone.status == Status.LIVE and kept.status != Status.LIVE:
        raise MergeRefused(f"{gone} is live and {kept} is not: keep {gone}, and merge {kept} into it.")
    before = {row.pk: _columns(row) for row in (kept, gone)}
    done = repointing.repoint(gone, kept, at)
    _no_circle(kept)
    _set(kept, chosen)
    Partner.objects.filter(pk=kept.pk).update(
        last_touch_at=_of_both(Max, "last_touch_at", kept, gone),
        next_step_on=_of_both(Min, "next_step_on", kept, gone),
    )
    Partner.objects.filter(pk=gone.pk).update(merged_into=kept)
    _follow(kept, at)
    return _record(Merge.Kind.PARTNER, kept, gone, before, done, by, at, partner=kept)


@transaction.atomic
def merge_contacts(kept: Contact, gone: Contact, chosen: Mapping[str, Any], by: User, at: datetime) -> Merge:
    """Merge `gone` into `kept`, a contact of the same partner; every address still finds it."""
    _known(chosen, CONTACT_FIELDS)
    kept, gone = _held(kept, gone)
    if kept.partner_id != gone.partner_id:
        raise MergeRefused(f"{kept} and {gone} are contacts of different partners. Merge the partners first.")
    if kept.withdrawn_at or gone.withdrawn_at:
        raise MergeRefused("A contact that was withdrawn is not merged.")
    if kept.left_on and not gone.left_on:
        raise MergeRefused(f"{kept} has left and {gone} has not: keep {gone}.")
    before = {row.pk: _columns(row) for row in (kept, gone)}
    done = repointing.repoint(gone, kept, at)
    was_primary = gone.is_primary
    Contact.objects.filter(pk=gone.pk).update(merged_into=kept, is_primary=False)
    _set(kept, {**chosen, "is_primary": kept.is_primary or was_primary})
    done["made"] = _keep_addresses(kept, [before[pk]["email"] for pk in (kept.pk, gone.pk)])
    Contact.objects.filter(pk=kept.pk).update(
        search_key=f"{search.fold(kept.name)} {kept.email.lower()}".strip(),
        last_touch_at=_of_both(Max, "last_touch_at", kept, gone),
    )
    searching.refresh([kept.partner_id])
    return _record(Merge.Kind.CONTACT, kept, gone, before, done, by, at, partner=kept.partner)


def _known(chosen: Mapping[str, Any], fields: list[str]) -> None:
    if unknown := set(chosen) - set(fields):
        raise TypeError(f"not to be chosen: {', '.join(sorted(unknown))}")


def _held(kept: M, gone: M) -> tuple[M, M]:
    """Both rows, locked in the order of their ids so that two mergers do not wait for each other."""
    if kept.pk == gone.pk:
        raise MergeRefused("It is the same one. Choose another.")
    rows = type(kept)._base_manager.select_for_update(of=("self",)).filter(pk__in=[kept.pk, gone.pk])
    held = {row.pk: row for row in rows.order_by("pk")}
    for row in held.values():
        if row.merged_into_id is not None:
            raise MergeRefused(f"{row} was merged already.")
    if len(held) < 2:
        raise MergeRefused("One of them is there no more.")
    return held[kept.pk], held[gone.pk]


def _no_circle(partner: Partner) -> None:
    for link in Link.objects.filter(of=partner, ends_on=None).select_related("to"):
        if way := links.way_between(link.to, partner, link.kind):
            names = ", ".join(map(str, way))
            raise MergeRefused(
                f"As one, their links would close a circle: {names}. End one of these links first."
            )


def _set(row: models.Model, chosen: Mapping[str, Any]) -> None:
    for field, value in chosen.items():
        setattr(row, field, value)
    row.save(
        update_fields=[*chosen, *({"sort_name"} if "name" in chosen and isinstance(row, Partner) else ())]
    )


def _of_both(which: Any, column: str, kept: M, gone: M) -> Any:
    """The later (or earlier) value of the two rows that has one."""
    both = type(kept)._base_manager.filter(pk__in=[kept.pk, gone.pk])
    return both.aggregate(found=which(column))["found"]


def _keep_addresses(contact: Contact, addresses: list[str]) -> list[int]:
    """Addresses that would be lost become further ones of the contact; the rows made."""
    kept = {contact.email.lower(), ""} | {row.email.lower() for row in contact.addresses.all()}
    lost = [address for address in dict.fromkeys(addresses) if address.lower() not in kept]
    made = ContactAddress.objects.bulk_create(ContactAddress(contact=contact, email=each) for each in lost)
    return [row.pk for row in made]


def _follow(partner: Partner, at: datetime) -> None:
    """Write anew what follows from the rows a partner now has."""
    assignments.push(partner)
    memberships.push(partner)
    followers.follow([partner.pk])
    searching.refresh([partner.pk])
    fits.refresh(partner, at)


def _columns(row: models.Model) -> dict[str, Any]:
    """Every column of a row as JSON keeps it."""
    return {
        field.attname: changes.kept(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def _record(
    kind: str,
    kept: M,
    gone: M,
    before: dict[int, dict[str, Any]],
    done: dict[str, list[Any]],
    by: User,
    at: datetime,
    partner: Partner,
) -> Merge:
    columns = {}
    for row in (kept, gone):
        now = _columns(type(row)._base_manager.get(pk=row.pk))
        columns[str(row.pk)] = {
            name: [old, now[name]] for name, old in before[row.pk].items() if old != now[name]
        }
    names = f"{before[gone.pk]['name']} into {before[kept.pk]['name']}"
    merge = Merge.objects.create(
        kind=kind,
        kept_id=kept.pk,
        gone_id=gone.pk,
        words=names[:300],
        moved=done,
        columns=columns,
        by=by,
        at=at,
    )
    Event.record(
        f"{kind}s_merged",
        at,
        by,
        partner,
        about=Reference("merge", merge.pk),
        changes={"merged": [gone.pk, kept.pk]},
        note=names,
    )
    return merge


@transaction.atomic
def undo(event: Event, by: User, at: datetime) -> Event:
    """Take a merge back: what moved and nobody changed since stands as before; both rows are there.

    What was said to the kept one since stays with it.
    """
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=history.subject(event))
    model = Partner if merge.kind == Merge.Kind.PARTNER else Contact
    if model is Partner:
        followers.hold([merge.kept_id, merge.gone_id])
    rows = model._base_manager.select_for_update(of=("self",)).filter(pk__in=[merge.kept_id, merge.gone_id])
    held = {row.pk: row for row in rows.order_by("pk")}
    kept, gone = held[merge.kept_id], held[merge.gone_id]
    if kept.merged_into_id is not None:
        raise UndoRefused(f"{kept} was itself merged since. Take that back first.")
    try:
        with transaction.atomic():
            ContactAddress.objects.filter(pk__in=merge.moved.get("made", [])).delete()
            for row in (kept, gone):
                _restore(row, merge.columns[str(row.pk)])
            repointing.put_back(merge.moved, gone.pk, kept.pk)
    except IntegrityError:
        raise UndoRefused("Both changed too much since to be told apart again.")
    Merge.objects.filter(pk=merge.pk).update(undone_at=at)
    partner = kept if isinstance(kept, Partner) else kept.partner
    _follow_both(kept, gone, at)
    undone = Event.record("merge_undone", at, by, partner, changes={}, note=merge.words, undoes=event)
    assert undone is not None
    return undone


def _restore(row: Partner | Contact, columns: dict[str, list[Any]]) -> None:
    """The values before, of the columns that nobody changed again since."""
    now = _columns(row)
    before = {name: old for name, (old, new) in columns.items() if now[name] == new}
    if before:
        type(row)._base_manager.filter(pk=row.pk).update(**before)


def _follow_both(kept: Partner | Contact, gone: Partner | Contact, at: datetime) -> None:
    if isinstance(kept, Contact):
        searching.refresh([kept.partner_id])
        return
    for row in Partner.objects.filter(pk__in=[kept.pk, gone.pk]).order_by("pk"):
        _follow(row, at)


def standing(pk: int) -> int:
    """The id under which a partner stands: its own, or that of the one it was merged into."""
    into = Partner.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
    return into or pk


def gather_strays(at: datetime) -> int:
    """A sweep: what was written to a row while it was merged away follows it; how many merges had any."""
    count = 0
    for recent in Merge.objects.filter(undone_at=None, at__gt=at - STRAYS_FOR):
        with transaction.atomic():
            merge = Merge.objects.select_for_update(of=("self",)).get(pk=recent.pk)
            model = Partner if merge.kind == Merge.Kind.PARTNER else Contact
            held = model._base_manager.in_bulk([merge.kept_id, merge.gone_id])
            kept, gone = held[merge.kept_id], held[merge.gone_id]
            if merge.undone_at or gone.merged_into_id != kept.pk:
                continue
            done = repointing.repoint(gone, kept, at)
            if any(done.values()):
                if isinstance(kept, Partner):
                    followers.follow([kept.pk])
                merged = {name: merge.moved.get(name, []) + rows for name, rows in done.items()}
                Merge.objects.filter(pk=merge.pk).update(moved=merge.moved | merged)
                count += 1
    return count


# --- how rows stand aside where both have what only one may have ----------------------------------------


def membership_ways(row: Any, at: datetime) -> list[repointing.Way]:
    return [{"is_main": False}, {"is_main": False, "ends_on": _not_before(row.starts_on, at)}]


def assignment_ways(row: Any, at: datetime) -> list[repointing.Way]:
    return [{"is_owner": False}, {"is_owner": False, "ends_on": _not_before(row.starts_on, at)}]


def link_ways(row: Any, at: datetime) -> list[repointing.Way]:
    return [{"ends_on": _not_before(row.starts_on, at)}]


def visit_ways(row: Any, at: datetime) -> list[repointing.Way]:
    return [{"left_at": max(at, row.entered_at)}]


def contact_ways(row: Any, at: datetime) -> list[repointing.Way]:
    return [{"is_primary": False}]


def _not_before(day: date | None, at: datetime) -> date:
    return max(day, at.date()) if day else at.date()
