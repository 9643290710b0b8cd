"""Evidence: dated facts that gates ask for, with a note and perhaps a file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile

from lifecycle import transitions
from lifecycle.models import Evidence, FirstEvent
from partners.models import Event, Partner, Status
from partners.organisations import local_day
from prm import references, uploads
from prm.refusals import Refused
from team.companies import zone_of
from team.models import User
from team.roles import may, permitted_or_403


class EvidenceRefused(Refused):
    """The fact cannot be recorded or withdrawn so."""


@transaction.atomic
def record(
    partner: Partner,
    kind: str,
    on: date,
    by: User | str,
    at: datetime,
    file: UploadedFile | None = None,
    note: str = "",
) -> Evidence:
    """Record that `kind` came true on a day, which may not be ahead. The first "agreement signed"
    signs the partner on: a prospect enters the step *signed*."""
    partner = _held(partner)
    _check(partner, kind, on, by, at)
    evidence = Evidence(partner=partner, kind=kind, on=on, note=note, recorded_at=at)
    evidence.by = by if isinstance(by, User) else None
    if file is not None:
        uploads.check(file)
        evidence.file_name = uploads.shown_name(file.name or "")
        evidence.file.save(uploads.stored_name(file.name or ""), file, save=False)
    evidence.save()
    about = references.to(evidence)
    changes: dict[str, Any] = {"kind": kind, "on": on.isoformat()}
    Event.record("evidence_recorded", at, by, partner, about=about, changes=changes, note=note)
    if kind == Evidence.Kind.AGREEMENT_SIGNED:
        transitions.sign(partner, on=on, by=by, at=at, about=about)
    _look_for_first(evidence, at)
    return evidence


@transaction.atomic
def withdraw(
    evidence: Evidence, reason: str, by: User | str, at: datetime, undoes: Event | None = None
) -> Event:
    """Withdraw a fact that was not so. It stays with its reason and counts no more."""
    if not reason.strip():
        raise EvidenceRefused("Say why the evidence is withdrawn.")
    partner = _held(evidence.partner)
    standing = Evidence.objects.standing().filter(pk=evidence.pk)
    if not standing.update(withdrawn_at=at, withdrawn_reason=reason[:300]):
        raise EvidenceRefused("This evidence was withdrawn already.")
    event = Event.record(
        "evidence_withdrawn",
        at,
        by,
        partner,
        about=references.to(evidence),
        changes={"kind": evidence.kind, "on": evidence.on.isoformat()},
        note=reason,
        undoes=undoes,
    )
    assert event is not None  # only a keyed event can stand already
    if evidence.kind == Evidence.Kind.AGREEMENT_SIGNED:
        _unsign(partner, evidence, by, at)
    _look_for_first(evidence, at)
    evidence.withdrawn_at, evidence.withdrawn_reason = at, reason[:300]
    return event


def take_back(event: Event, by: User, at: datetime) -> Event:
    """Undo of `record`: the fact is withdrawn."""
    evidence = Evidence.objects.select_related("partner").get(pk=event.about_id or 0)
    permitted_or_403(by, "record evidence", evidence.partner)
    return withdraw(evidence, "Recorded by mistake.", by=by, at=at, undoes=event)


def opened(evidence: Evidence, by: User, at: datetime) -> FieldFile:
    """Its file, to be read by this person; that an agreement was read is kept in the history."""
    if not may_read_file(by, evidence):
        raise PermissionDenied("An agreement is read by the partner's owner, its lead, heads and operations.")
    if evidence.kind == Evidence.Kind.AGREEMENT_SIGNED:
        about = references.to(evidence)
        Event.record("evidence_read", at, by, evidence.partner, about=about, note=evidence.file_name)
    return evidence.file


def may_read_file(user: User, evidence: Evidence) -> bool:
    """Whether this person may open the file: an agreement's terms are read by the owner, its lead,
    heads and operations; other files by whoever reads the partner."""
    is_agreement = evidence.kind == Evidence.Kind.AGREEMENT_SIGNED
    return not is_agreement or may(user, "read confidential", evidence.partner)


def _check(partner: Partner, kind: str, on: date, by: User | str, at: datetime) -> None:
    if on > local_day(at, zone_of(by)):
        raise EvidenceRefused("Day: it is still to come. Evidence says what has happened.")
    if on.year < 1990:
        raise EvidenceRefused("Day: it is too long ago. Check the year.")
    idle = {Status.PARKED, Status.DECLINED, Status.ENDED}
    if kind == Evidence.Kind.AGREEMENT_SIGNED and partner.status in idle:
        word = str(partner.get_status_display()).lower()
        raise EvidenceRefused(f"{partner} is {word}. Take it up again before it signs.")


def _look_for_first(evidence: Evidence, at: datetime) -> None:
    """Where such a fact is the first commercial event, the next sweep sees that it came, or went."""
    FirstEvent.objects.filter(partner=evidence.partner_id, what=evidence.kind).update(next_check_at=at)


def _held(partner: Partner) -> Partner:
    """The partner as it stands, held until this transaction ends."""
    return Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)


def _unsign(partner: Partner, evidence: Evidence, by: User | str, at: datetime) -> None:
    others = Evidence.objects.standing().filter(partner=partner, kind=evidence.kind)
    earliest = others.order_by("on").values_list("on", flat=True).first()
    transitions.unsign(partner, about=references.to(evidence), on=earliest, by=by, at=at)
