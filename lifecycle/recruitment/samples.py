"""The agreements of the sample company: whoever has signed has one, some of them near their end."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from lifecycle.recruitment import terms
from lifecycle.recruitment.models import Agreement, AgreementVersion, Signature
from lifecycle.recruitment.terms import Renewal, Terms
from partners.models import Partner, Status, Step
from prm.samples import Sample

BATCH = 1000
KINDS = {
    "Distributor": AgreementVersion.Kind.DISTRIBUTION,
    "Referral": AgreementVersion.Kind.REFERRAL,
    "Technology": AgreementVersion.Kind.TECHNOLOGY,
    "System integrator": AgreementVersion.Kind.SERVICES,
}
WORDS = "Both sides name one person who answers questions within two working days."


def make(sample: Sample) -> None:
    rng = sample.random("agreements")
    agreements: list[Agreement] = []
    versions: list[AgreementVersion] = []
    for partner in sample.made["partners"]:
        is_draft = partner.step == Step.NEGOTIATING and partner.status == Status.PROSPECT
        if partner.signed_on or is_draft:
            agreement = _agreement(partner, sample.at, rng)
            agreements.append(agreement)
            versions.append(_version(agreement, rng))
    Agreement.objects.bulk_create(agreements, BATCH)
    AgreementVersion.objects.bulk_create(versions, BATCH)
    for agreement, version in zip(agreements, versions, strict=True):
        agreement.version = version
    Agreement.objects.bulk_update(agreements, ["version"], BATCH)
    partners = [_ends(agreement) for agreement in agreements if agreement.ends_on]
    Partner.objects.bulk_update(partners, ["agreement_ends_on"], BATCH)
    Signature.objects.bulk_create(
        [signature for version in versions for signature in _signatures(version)], BATCH
    )


def _agreement(partner: Partner, at: datetime, rng: Random) -> Agreement:
    signed_on = partner.signed_on
    agreement = Agreement(partner=partner, created_at=partner.created_at, created_by=partner.owner)
    if signed_on is None:
        return agreement
    agreement.state, agreement.signed_on, agreement.starts_on = Agreement.State.SIGNED, signed_on, signed_on
    years = max(1, -(-(at.date() - signed_on).days // 365) + rng.randint(0, 1))
    agreement.ends_on = terms.last_day(signed_on, 12 * years)
    if partner.status == Status.ENDED:
        agreement.state, agreement.ended_on = Agreement.State.ENDED, at.date() - timedelta(days=30)
        agreement.ended_reason = "By mutual agreement"
    else:
        agreement.next_check_at = at
    return agreement


def _ends(agreement: Agreement) -> Partner:
    """The partner, with the day its agreement ends; none where that has ended."""
    in_force = agreement.state == Agreement.State.SIGNED
    agreement.partner.agreement_ends_on = agreement.ends_on if in_force else None
    return agreement.partner


def _version(agreement: Agreement, rng: Random) -> AgreementVersion:
    partner = agreement.partner
    kind = KINDS.get(partner.kind.name if partner.kind else "", AgreementVersion.Kind.RESELLER)
    margin = Decimal(rng.choice([15, 20, 25, 30]))
    wanted = Terms(
        kind=kind.value,
        territory=(partner.country,) if partner.country else (),
        margin=None if kind == AgreementVersion.Kind.REFERRAL else margin,
        commission=Decimal(10) if kind == AgreementVersion.Kind.REFERRAL else None,
        starts_on=agreement.starts_on,
        term_months=12,
        renewal=Renewal.AGREED,
        notice_days=rng.choice([30, 60, 90]),
        words=WORDS,
    )
    return AgreementVersion(
        agreement=agreement,
        number=1,
        kind=wanted.kind,
        territory=list(wanted.territory),
        margin=wanted.margin,
        commission=wanted.commission,
        starts_on=wanted.starts_on,
        term_months=wanted.term_months,
        renewal=wanted.renewal,
        notice_days=wanted.notice_days,
        words=wanted.words,
        fingerprint=terms.fingerprint(wanted),
        sent_at=partner.created_at if agreement.signed_on else None,
        created_at=partner.created_at,
        created_by=partner.owner,
    )


def _signatures(version: AgreementVersion) -> list[Signature]:
    agreement = version.agreement
    if agreement.signed_on is None:
        return []
    names = {
        Signature.Side.OURS: str(version.created_by or "Ingrid Solberg"),
        Signature.Side.THEIRS: "Managing director",
    }
    at = version.created_at
    return [
        Signature(version=version, side=side, name=name, at=at, fingerprint=version.fingerprint)
        for side, name in names.items()
    ]
