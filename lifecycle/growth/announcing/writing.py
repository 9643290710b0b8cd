"""Announcements are written, changed while they are drafts, sent, told to those who came later, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from lifecycle.growth.announcing import sending
from lifecycle.growth.announcing.models import Announcement
from partners.models import Event
from prm import references, uploads
from prm.refusals import Refused
from team.models import User
from team.roles import TABLE, may, refusal_words

SOME, ALL = "announce", "announce to all"
State = Announcement.State


class AnnouncementRefused(Refused):
    """The announcement cannot be written, sent or withdrawn so."""


@dataclass(frozen=True)
class Outline:
    """What is announced, to whom. `who` names partners as `Announcement.who` does."""

    title: str
    body: str
    kind: str = Announcement.Kind.PRODUCT
    roles: Sequence[str] = ()
    who: dict[str, Any] = field(default_factory=dict)
    corrects: Announcement | None = None
    file: UploadedFile | None = None
    drops_file: bool = False  # the one that went along until now, where no other comes

    @property
    def columns(self) -> dict[str, Any]:
        who = {name: value for name, value in self.who.items() if value}
        return {
            "title": self.title,
            "body": self.body,
            "kind": self.kind,
            "roles": list(self.roles),
            "who": who,
            "corrects": self.corrects,
        }


def reaches_all(user: User, who: dict[str, Any]) -> bool:
    """Whether a role of this person lets it announce to all partners that `who` names, not its own alone."""
    if not user.is_active or user.reads_own_only:
        return False
    reaches = [user.reaches[role] for role in user.roles & TABLE[ALL].roles]
    return any(
        _lies_in(who.get("regions"), each.regions) and _lies_in(who.get("verticals"), each.verticals)
        for each in reaches
    )


def _lies_in(named: Sequence[int] | None, reach: frozenset[int]) -> bool:
    return not reach or (bool(named) and set(named or ()) <= reach)


def may_change(user: User, announcement: Announcement) -> bool:
    """Whether this person may change, send or withdraw it: its author, and who announces to all."""
    return may(user, SOME) and (announcement.made_by_id == user.pk or may(user, ALL))


def changeable_or_403(user: User, announcement: Announcement) -> None:
    """Raise PermissionDenied, in words, unless this person may change it."""
    if not may_change(user, announcement):
        raise PermissionDenied(_("Its author may, or: ") + refusal_words(ALL))


@transaction.atomic
def write(outline: Outline, by: User, at: datetime) -> Announcement:
    """A draft; nobody is told yet."""
    _check(outline, by)
    made = Announcement(**outline.columns, made_by=by, made_at=at)
    _attach(made, outline.file)
    made.save()
    Event.record("announcement_written", at, by, about=references.to(made), note=made.title)
    return made


@transaction.atomic
def change(announcement: Announcement, outline: Outline, by: User, at: datetime) -> None:
    """Write the draft anew; a file replaces the one before, or that is dropped. What was sent stays as it
    is."""
    held = _held(announcement)
    if not held.is_draft:
        raise AnnouncementRefused(_("“{it}” was sent; write a correction instead.").format(it=held))
    _check(outline, by)
    if outline.file is not None or outline.drops_file:
        _detach(held)
    _attach(held, outline.file)
    file = {"file": held.file.name, "file_name": held.file_name}
    Announcement.objects.filter(pk=held.pk).update(**outline.columns, **file)
    Event.record("announcement_changed", at, by, about=references.to(held), note=outline.title)
    announcement.refresh_from_db()


@transaction.atomic
def send(announcement: Announcement, by: User, at: datetime) -> int:
    """Send it to everybody it is for at the partners entitled now; how many people. All of it stands in the
    outbox, or nothing."""
    held = _held(announcement)
    if not held.is_draft:
        raise AnnouncementRefused(_("“{it}” was sent already.").format(it=held))
    _check_reach(held.who, by)
    held.state, held.sent_by, held.sent_at = State.SENT, by, at
    held.save(update_fields=["state", "sent_by", "sent_at"])
    told = sending.tell(held, by, at)
    if not told:
        raise AnnouncementRefused(_("Nobody can be told. See below who is left out and why."))
    _sent(held, told, by, at)
    announcement.refresh_from_db()
    return told


@transaction.atomic
def tell_rest(announcement: Announcement, by: User, at: datetime) -> int:
    """Tell the partners that came to be entitled, or reachable, since; how many people."""
    held = _held(announcement)
    if not held.is_sent:
        raise AnnouncementRefused(_("“{it}” is not out.").format(it=held))
    _check_reach(held.who, by)
    told = sending.tell(held, by, at)
    if not told:
        raise AnnouncementRefused(_("Everybody who can be told was told."))
    _sent(held, told, by, at)
    return told


@transaction.atomic
def withdraw(announcement: Announcement, reason: str, by: User, at: datetime) -> None:
    """It holds no more: mails still under way do not leave, and its readers see that and why."""
    held = _held(announcement)
    if not held.is_sent:
        raise AnnouncementRefused(_("“{it}” is not out.").format(it=held))
    if not reason.strip():
        raise AnnouncementRefused(_("Say why it is withdrawn; those who were told read it."))
    held.state, held.withdrawn_by, held.withdrawn_at = State.WITHDRAWN, by, at
    held.withdrawn_reason = reason.strip()[:300]
    held.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    Event.record("announcement_withdrawn", at, by, about=references.to(held), note=held.title)
    announcement.refresh_from_db()


@transaction.atomic
def remove(announcement: Announcement, by: User, at: datetime) -> None:
    """Throw a draft away."""
    held = _held(announcement)
    if not held.is_draft:
        raise AnnouncementRefused(_("“{it}” was sent; withdraw it instead.").format(it=held))
    Event.record("announcement_removed", at, by, note=held.title)
    _detach(held)
    held.delete()


def _detach(announcement: Announcement) -> None:
    """No file goes with it; what was kept goes with the transaction."""
    if name := announcement.file.name:
        transaction.on_commit(partial(announcement.file.storage.delete, name))
    announcement.file, announcement.file_name = "", ""


def _attach(announcement: Announcement, file: UploadedFile | None) -> None:
    if file is not None:
        uploads.check(file)
        announcement.file_name = uploads.shown_name(file.name or "")
        announcement.file.save(uploads.stored_name(file.name or ""), file, save=False)


def _check(outline: Outline, by: User) -> None:
    if outline.corrects is not None and outline.corrects.is_draft:
        raise AnnouncementRefused(_("Only what was sent can be corrected; change the draft."))
    _check_reach(outline.who, by)


def _check_reach(who: dict[str, Any], by: User) -> None:
    if who.get("of") != by.pk and not reaches_all(by, who):
        raise AnnouncementRefused(
            _("Your roles let you announce to the partners you look after: choose only those, or ask a head.")
        )


def _sent(held: Announcement, told: int, by: User, at: datetime) -> None:
    note = f"{held.title}: {told}"
    Event.record("announcement_sent", at, by, about=references.to(held), note=note)


def _held(announcement: Announcement) -> Announcement:
    return Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
