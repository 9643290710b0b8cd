"""Agreements: drafted, revised, sent, signed by both sides, renewed, ended.

What was sent is never changed: a revision is the next version, and the names under the former one do not
count for it. The last signature makes the evidence that gates ask for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from lifecycle import evidence
from lifecycle.growth.models import Product
from lifecycle.models.road import Evidence
from lifecycle.recruitment import expiry, terms
from lifecycle.recruitment.models import KINDS, Agreement, AgreementVersion, Signature
from lifecycle.recruitment.terms import Overlap, Terms
from partners.models import Contact, Event, Partner
from partners.organisations import local_day
from prm import outbox, references, uploads
from prm.models import OutboxItem
from prm.outbox import Mail
from prm.refusals import Refused
from team import notices
from team.companies import zone_of
from team.models import Company, Notice, User
from team.roles import may

MAIL, TO_SIGN = "agreement", "agreement_to_sign"
APART = frozenset({AgreementVersion.Kind.NDA, AgreementVersion.Kind.OTHER})  # sign nobody on, exclude nobody
COLUMNS = (
    "kind",
    "is_exclusive",
    "margin",
    "commission",
    "starts_on",
    "term_months",
    "renewal",
    "renewal_months",
    "notice_days",
    "words",
)
By = User | Contact | str
State = Agreement.State
_signer = signing.Signer(salt="lifecycle.agreements")


class AgreementRefused(Refused):
    """The agreement cannot be changed, sent, signed or ended so."""


# --- drafting -------------------------------------------------------------------------------------------


@transaction.atomic
def draft(
    partner: Partner,
    wanted: Terms,
    by: User,
    at: datetime,
    file: UploadedFile | None = None,
    renews: Agreement | None = None,
) -> Agreement:
    """A new agreement with its first version."""
    agreement = Agreement.objects.create(partner=partner, renews=renews, created_at=at, created_by=by)
    version = AgreementVersion(agreement=agreement, number=1, created_at=at, created_by=by)
    _fill(version, wanted, file)
    _record("agreement_drafted", agreement, by, at, note=str(version))
    return agreement


@transaction.atomic
def revise(
    agreement: Agreement,
    wanted: Terms,
    by: User,
    at: datetime,
    file: UploadedFile | None = None,
    keep_file: bool = True,
) -> AgreementVersion:
    """Other terms: the next version, or the same one where it was not sent yet. One that was sent is a
    draft again, and nobody has signed it."""
    held = _held(agreement)
    if not held.is_open:
        raise AgreementRefused(
            _("This agreement is {state}. Renew it to agree on other terms.").format(state=_word(held))
        )
    former = held.current
    if former.terms == wanted and file is None and keep_file:
        raise AgreementRefused(_("Nothing differs from version {n}.").format(n=former.number))
    before = former.terms
    version = former
    if former.sent_at is not None:
        version = AgreementVersion(
            agreement=held,
            number=former.number + 1,
            file=former.file if keep_file else "",
            file_name=former.file_name if keep_file else "",
            created_at=at,
            created_by=by,
        )
    elif not keep_file:
        version.file, version.file_name = "", ""
    _fill(version, wanted, file)
    Agreement.objects.filter(pk=held.pk).update(state=State.DRAFT, sent_to=None)
    agreement.refresh_from_db()
    names = ", ".join(found.name for found in terms.differences(before, wanted, KINDS))
    _record("agreement_revised", held, by, at, note=f"{version}: {names or _('the file')}")
    return version


def _fill(version: AgreementVersion, wanted: Terms, file: UploadedFile | None) -> None:
    """Give a version these terms, this file or the one it has, and the stamp over both."""
    _check(wanted)
    for column in COLUMNS:
        setattr(version, column, getattr(wanted, column))
    version.territory = list(wanted.territory)
    if file is not None:
        uploads.check(file)
        version.file_name = uploads.shown_name(file.name or "")
        version.file.save(uploads.stored_name(file.name or ""), file, save=False)
    version.fingerprint = terms.fingerprint(wanted, _bytes(version))
    version.save()
    version.agreement.version = version
    version.agreement.save(update_fields=["version"])
    version.products.set(Product.objects.filter(name__in=wanted.products))


def _check(wanted: Terms) -> None:
    if wanted.renewal != terms.Renewal.NONE and wanted.term_months is None:
        raise AgreementRefused(_("Renewal: what has no term does not renew. Give it a term, or no renewal."))
    if known := set(wanted.products) - set(Product.objects.values_list("name", flat=True)):
        raise AgreementRefused(_("Products: {names} is not in the list.").format(names=", ".join(known)))
    days = (wanted.term_months or 0) * 28
    if wanted.term_months is not None and wanted.notice_days >= days:
        raise AgreementRefused(_("Notice: it is longer than the term."))


def _bytes(version: AgreementVersion) -> bytes | None:
    if not version.file:
        return None
    with version.file.open("rb") as file:
        data: bytes = file.read()
    return data


# --- exclusivity ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conflict:
    """An agreement in force with another partner that cannot hold beside this one, and where they meet."""

    agreement: Agreement
    where: Overlap

    def said_to(self, person: User) -> str:
        """It in words: whose terms this person may not read stays unnamed."""
        place = f"{self.where.territory}, {self.where.products}"
        if may(person, "read confidential", self.agreement.partner):
            return f"{self.agreement.partner}: {place}"
        return _("another partner: {place}").format(place=place)


def conflicts(agreement: Agreement) -> list[Conflict]:
    """What stands against this one being agreed."""
    version = agreement.current
    if version.kind in APART:
        return []
    others = Agreement.objects.in_force().exclude(partner=agreement.partner_id)
    others = others.exclude(version__kind__in=APART)
    if not version.is_exclusive:
        others = others.filter(version__is_exclusive=True)
    rows = others.select_related("partner__owner", "version").prefetch_related("version__products")
    met = [(other, terms.overlap(version.terms, other.current.terms)) for other in rows]
    return [Conflict(other, where) for other, where in met if where is not None]


# --- sending and signing -----------------------------------------------------------------------------------


@transaction.atomic
def send(agreement: Agreement, to: Contact, by: User, at: datetime, anyway: bool = False) -> AgreementVersion:
    """Send the newest version to a contact, who signs it under a signed address. What collides with an
    exclusive agreement is sent only `anyway`."""
    held = _held(agreement)
    if not held.is_open:
        raise AgreementRefused(_("This agreement is {state}.").format(state=_word(held)))
    if to.partner_id != held.partner_id or not _is_there(to):
        raise AgreementRefused(
            _("{contact} is no contact of {partner}.").format(contact=to, partner=held.partner)
        )
    if not to.email:
        raise AgreementRefused(_("{contact} has no e-mail address. Add one first.").format(contact=to))
    if (met := conflicts(held)) and not anyway:
        others = "; ".join(conflict.said_to(by) for conflict in met)
        raise AgreementRefused(
            _("It collides with what is agreed exclusively: {others}.").format(others=others)
        )
    version = held.current
    AgreementVersion.objects.filter(pk=version.pk, sent_at=None).update(sent_at=at)
    Agreement.objects.filter(pk=held.pk).update(state=State.SENT, sent_to=to)
    agreement.refresh_from_db()
    outbox.put(MAIL, f"{MAIL}:{version.pk}:{at.isoformat()}", at, {"version": version.pk, "contact": to.pk})
    note = f"{version}, to {to}" + (_(", in spite of what is exclusive elsewhere") if met else "")
    _record("agreement_sent", held, by, at, note=note)
    return version


@transaction.atomic
def sign(
    version: AgreementVersion, side: str, name: str, by: User | Contact, at: datetime, address: str | None
) -> Signature:
    """Put a typed name to a version that was sent. The second side's name signs the agreement."""
    name = " ".join(name.replace("\0", "").split())
    if len(name) < 2:
        raise AgreementRefused(_("Name: type your full name."))
    held = _held(version.agreement)
    if held.state != State.SENT or held.version_id != version.pk:
        raise AgreementRefused(_("This version is not open to be signed any more."))
    if version.signatures.filter(side=side).exists():
        raise AgreementRefused(_("This side has signed already."))
    signature = Signature.objects.create(
        version=version,
        side=side,
        name=name[:120],
        user=by if isinstance(by, User) else None,
        contact=by if isinstance(by, Contact) else None,
        at=at,
        address=address,
        fingerprint=version.fingerprint,
    )
    _record("agreement_signed_by", held, by, at, note=f"{signature.get_side_display()}: {name}")
    if version.signatures.count() == len(Signature.Side.choices):
        _conclude(held, local_day(at, zone_of()), by, at)
    elif side == Signature.Side.THEIRS:
        _tell_our_side(held, at)
    return signature


@transaction.atomic
def signed_elsewhere(agreement: Agreement, file: UploadedFile, on: date, by: User, at: datetime) -> None:
    """It was signed by both on paper or with another service: the signed file is kept."""
    held = _held(agreement)
    if not held.is_open:
        raise AgreementRefused(_("This agreement is {state}.").format(state=_word(held)))
    if on > local_day(at, by.zone):
        raise AgreementRefused(_("Day: it is still to come."))
    uploads.check(file)
    held.signed_file_name = uploads.shown_name(file.name or "")
    held.signed_file.save(uploads.stored_name(file.name or ""), file, save=False)
    held.save(update_fields=["signed_file", "signed_file_name"])
    _conclude(held, on, by, at)
    agreement.refresh_from_db()


def _conclude(agreement: Agreement, on: date, by: By, at: datetime) -> None:
    """Both have signed: it is in force, and the partner is signed on unless the kind says nothing of that."""
    version = agreement.current
    starts_on = version.starts_on or on
    ends_on = version.last_day_from(starts_on)
    agreement.state, agreement.signed_on, agreement.starts_on, agreement.ends_on = (
        State.SIGNED,
        on,
        starts_on,
        ends_on,
    )
    agreement.notice_on = terms.notice_by(version.terms, ends_on)
    agreement.next_check_at = at  # the sweep looks at once what is near already
    agreement.save()
    _record("agreement_signed", agreement, by, at, note=str(version))
    if version.kind in APART:
        return
    who = by if isinstance(by, User) else str(by)[:40]
    kind = Evidence.Kind.AGREEMENT_SIGNED
    evidence.record(agreement.partner, kind, on=on, by=who, at=at, note=str(version))
    expiry.push(agreement.partner)


def _tell_our_side(agreement: Agreement, at: datetime) -> None:
    """They have signed: whoever sent it is asked to sign, too."""
    person = agreement.partner.owner or agreement.created_by
    if person is not None:
        words = _("{partner} has signed the agreement. It waits for our signature.")
        notices.give(
            person,
            TO_SIGN,
            references.to(agreement),
            at,
            at,
            words.format(partner=agreement.partner),
            agreement.get_absolute_url(),
        )


def waits_for_us(notice: Notice) -> bool:
    """Whether it is still to be signed by us: asked when the mail is composed."""
    return Agreement.objects.filter(pk=notice.cause_id, state=State.SENT).exists()


# --- renewing and ending ---------------------------------------------------------------------------------


def renew(agreement: Agreement, by: User, at: datetime) -> Agreement:
    """A new draft with the terms of this one, to begin on the day after its last."""
    if agreement.state not in {State.SIGNED, State.ENDED}:
        raise AgreementRefused(_("Only what was signed is renewed."))
    if agreement.renewed_by.exclude(state=State.ENDED).exists():
        raise AgreementRefused(_("A renewal of this agreement is there already."))
    starts_on = agreement.ends_on + timedelta(days=1) if agreement.ends_on else None
    former = agreement.current
    wanted = replace(former.terms, starts_on=starts_on)
    file = None
    if former.file:
        file = SimpleUploadedFile(former.file_name, _bytes(former) or b"")
    return draft(agreement.partner, wanted, by, at, file=file, renews=agreement)


@transaction.atomic
def end(agreement: Agreement, on: date, reason: str, by: User, at: datetime) -> Event:
    """End it: at once, or with notice on a day to come. A draft or what was sent is taken back."""
    held = _held(agreement)
    reason = reason.strip()[:300]
    if held.state == State.ENDED:
        raise AgreementRefused(_("This agreement has ended already."))
    if not reason:
        raise AgreementRefused(_("Reason: say why it ends."))
    if held.starts_on and on < held.starts_on:
        raise AgreementRefused(_("Day: it had not begun then."))
    if held.state == State.SIGNED and on >= local_day(at, by.zone):
        return _give_notice(held, on, reason, by, at)
    event = expiry.close(held, min(on, local_day(at, by.zone)), reason, by, at)
    agreement.refresh_from_db()
    return event


def _give_notice(agreement: Agreement, on: date, reason: str, by: User, at: datetime) -> Event:
    """It holds until that day and is not renewed."""
    agreement.ends_on, agreement.notice_on, agreement.ended_reason = on, None, reason
    agreement.next_check_at = at
    agreement.save(update_fields=["ends_on", "notice_on", "ended_reason", "next_check_at"])
    expiry.push(agreement.partner)
    return _record("agreement_notice", agreement, by, at, note=f"{on:%-d %B %Y}: {reason}")


# --- the address it is signed under --------------------------------------------------------------------


def token(version: AgreementVersion) -> str:
    return _signer.sign(version.key.hex)


def behind(signed: str) -> AgreementVersion | None:
    """The version of an address; None where the address is not one of ours."""
    try:
        key = UUID(hex=_signer.unsign(signed))
    except (signing.BadSignature, ValueError):
        return None
    related = ("agreement__partner", "agreement__sent_to")
    return AgreementVersion.objects.select_related(*related).filter(key=key).first()


def why_closed(version: AgreementVersion) -> str:
    """Why it cannot be signed under its address; "" while it can."""
    agreement = version.agreement
    to = agreement.sent_to
    if agreement.version_id != version.pk or agreement.state not in {State.SENT, State.SIGNED}:
        return _("These terms are no longer offered.")
    return _("This address was closed.") if to is None or not _is_there(to) else ""


def still_stands(item: OutboxItem) -> bool:
    """Whether the version that a mail is about is still the one to sign, and not signed by them."""
    version = AgreementVersion.objects.select_related("agreement").filter(pk=item.about["version"]).first()
    if version is None or version.signatures.filter(side=Signature.Side.THEIRS).exists():
        return False
    return version.agreement.state == State.SENT and version.agreement.version_id == version.pk


def compose(item: OutboxItem) -> Mail:
    related = ("agreement__partner__owner", "created_by")
    version = AgreementVersion.objects.select_related(*related).get(pk=item.about["version"])
    contact = Contact.objects.get(pk=item.about["contact"])
    address = settings.BASE_URL + reverse("lifecycle:sign", args=[token(version)])
    context = {"version": version, "contact": contact, "address": address, "company": Company.objects.first()}
    person = version.agreement.partner.owner or version.created_by
    return Mail(
        to=[contact.email],
        subject=render_to_string("emails/agreement.subject.txt", context).strip(),
        body=render_to_string("emails/agreement.txt", context).strip() + "\n",
        reply_to=[person.email] if person else [],
        headers={outbox.GENERATOR: MAIL, "Auto-Submitted": "auto-generated"},
    )


# --- what they share --------------------------------------------------------------------------------------


def must_be_readable(agreement: Agreement, by: User) -> None:
    """Refuse, in words, whoever may not read its terms."""
    if not may(by, "read confidential", agreement.partner):
        raise PermissionDenied("An agreement is read by the partner's owner, its lead, heads and operations.")


def was_read(agreement: Agreement, by: User, at: datetime) -> None:
    """That somebody opened the terms stands in the history, once a day for each person."""
    key = f"agreement_read:{agreement.pk}:{by.pk}:{local_day(at, by.zone)}"
    Event.record("agreement_read", at, by, agreement.partner, references.to(agreement), key=key)


def _held(agreement: Agreement) -> Agreement:
    """The agreement as it stands, held until this transaction ends."""
    rows = Agreement.objects.select_for_update(of=("self",))
    return rows.select_related("partner__owner", "version", "created_by").get(pk=agreement.pk)


def _is_there(contact: Contact) -> bool:
    return Contact.objects.current().filter(pk=contact.pk).exists()


def _word(agreement: Agreement) -> str:
    return str(agreement.get_state_display()).lower()


def _record(kind: str, agreement: Agreement, by: By, at: datetime, note: str = "") -> Event:
    event = Event.record(kind, at, by, agreement.partner, references.to(agreement), note=note)
    assert event is not None  # only a keyed event can stand already
    return event
