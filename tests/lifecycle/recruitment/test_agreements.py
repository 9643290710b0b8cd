"""Agreements: versions, both names, what follows from them, and how they end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lifecycle.models import Evidence
from lifecycle.recruitment import agreements, expiry
from lifecycle.recruitment.agreements import AgreementRefused
from lifecycle.recruitment.models import Agreement, Signature
from partners import contacts
from partners.models import Contact, Event, Partner, Step
from prm import clock, outbox, sweeper
from prm.models import OutboxItem
from prm.refusals import Refused
from team.models import Notice, User
from tests.conftest import BERLIN, MONDAY
from tests.lifecycle.conftest import prospect
from tests.lifecycle.recruitment.conftest import OURS, THEIRS, signed, terms_of
from tests.sink import Sink

DAY = timedelta(days=1)
PDF = b"%PDF-1.4\n%%EOF\n"
State = Agreement.State


def pdf(name: str = "contract.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def at_noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=BERLIN)


# --- versions ----------------------------------------------------------------------------------------


def test_a_draft_that_nobody_saw_is_changed_in_place(agreement: Agreement, alice: User) -> None:
    agreements.revise(agreement, terms_of(notice_days=30), by=alice, at=MONDAY)
    assert [version.number for version in agreement.versions.all()] == [1]
    assert agreement.current.terms == terms_of(notice_days=30)


def test_what_was_sent_stays_and_its_names_do_not_count_for_the_next_version(
    agreement: Agreement, nora: Contact, alice: User
) -> None:
    first = agreements.send(agreement, nora, by=alice, at=MONDAY)
    agreements.sign(first, THEIRS, "Nora Berg", nora, MONDAY, "192.0.2.7")
    second = agreements.revise(agreement, terms_of(notice_days=30), by=alice, at=MONDAY + DAY)
    assert (second.number, agreement.state, second.signatures.count()) == (2, State.DRAFT, 0)
    first.refresh_from_db()
    assert (first.terms, first.signatures.get().name) == (terms_of(), "Nora Berg")
    with pytest.raises(AgreementRefused, match="not open to be signed"):
        agreements.sign(first, OURS, "Alice", alice, MONDAY + DAY, None)


def test_a_revision_that_changes_nothing_is_refused(agreement: Agreement, alice: User) -> None:
    with pytest.raises(AgreementRefused, match="Nothing differs"):
        agreements.revise(agreement, terms_of(), by=alice, at=MONDAY)


def test_a_file_goes_from_version_to_version_until_it_is_taken_out(
    northwind: Partner, nora: Contact, alice: User
) -> None:
    agreement = agreements.draft(northwind, terms_of(), by=alice, at=MONDAY, file=pdf())
    stamp = agreements.send(agreement, nora, by=alice, at=MONDAY).fingerprint
    kept = agreements.revise(agreement, terms_of(notice_days=30), by=alice, at=MONDAY)
    assert kept.file_name == "contract.pdf"
    without = agreements.revise(agreement, terms_of(notice_days=30), alice, MONDAY, keep_file=False)
    assert (without.file_name, bool(without.file)) == ("", False)
    assert len({stamp, kept.fingerprint, without.fingerprint}) == 3


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"term_months": None}, "Renewal: what has no term"),
        ({"term_months": 3, "notice_days": 90}, "Notice: it is longer"),
        ({"products": ("Nothing",)}, "Products: Nothing"),
    ],
)
def test_terms_that_cannot_be_are_refused(
    northwind: Partner, alice: User, wanted: dict[str, object], words: str
) -> None:
    with pytest.raises(AgreementRefused, match=words):
        agreements.draft(northwind, terms_of(**wanted), by=alice, at=MONDAY)
    assert not Agreement.objects.exists()


def test_a_file_that_is_not_what_it_says_leaves_nothing(northwind: Partner, alice: User) -> None:
    with pytest.raises(Refused, match="is not that of a"):
        agreements.draft(northwind, terms_of(), alice, MONDAY, file=SimpleUploadedFile("a.pdf", b"<script>"))
    assert not Agreement.objects.exists()


# --- sending and signing --------------------------------------------------------------------------------


def test_it_is_sent_by_mail_with_an_address_that_opens_it(
    agreement: Agreement, nora: Contact, alice: User, sink: Sink
) -> None:
    version = agreements.send(agreement, nora, by=alice, at=clock.now())
    outbox.deliver(clock.now())
    (mail,) = sink.mails
    assert mail["To"] == "Nora@northwind.co.uk"
    assert mail["Subject"] == "Reseller agreement with Acme, to be signed"
    assert agreements.token(version) in mail.get_content().replace("=\n", "")


def test_a_mail_for_a_version_that_changed_meanwhile_does_not_go(
    agreement: Agreement, nora: Contact, alice: User
) -> None:
    agreements.send(agreement, nora, by=alice, at=MONDAY)
    item = OutboxItem.objects.get(kind=agreements.MAIL)
    assert agreements.still_stands(item)
    agreements.revise(agreement, terms_of(notice_days=30), by=alice, at=MONDAY)
    assert not agreements.still_stands(item)


def test_who_is_not_there_gets_nothing(
    agreement: Agreement, omar: Contact, nora: Contact, alice: User
) -> None:
    with pytest.raises(AgreementRefused, match="no contact of Northwind"):
        agreements.send(agreement, omar, by=alice, at=MONDAY)
    contacts.leave(nora, on=MONDAY.date(), by=alice, at=MONDAY)
    nora.refresh_from_db()
    with pytest.raises(AgreementRefused, match="no contact of Northwind"):
        agreements.send(agreement, nora, by=alice, at=MONDAY)


def test_both_names_bring_it_into_force_and_sign_the_partner_on(
    agreement: Agreement, northwind: Partner, nora: Contact, alice: User
) -> None:
    version = agreements.send(agreement, nora, by=alice, at=MONDAY)
    agreements.sign(version, THEIRS, "  Nora   Berg ", nora, MONDAY, "2001:db8::7")
    northwind.refresh_from_db()
    assert (northwind.step, northwind.signed_on) == (Step.NEGOTIATING, None)
    assert Notice.objects.get(kind=agreements.TO_SIGN).person == alice
    agreements.sign(version, OURS, "Alice", alice, MONDAY + DAY, "192.0.2.8")
    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_on) == (State.SIGNED, date(2026, 6, 2))
    assert (agreement.starts_on, agreement.ends_on) == (date(2026, 6, 2), date(2027, 6, 1))
    assert agreement.notice_on == date(2027, 3, 3)
    northwind.refresh_from_db()
    assert (northwind.step, northwind.signed_on) == (Step.SIGNED, date(2026, 6, 2))
    assert northwind.agreement_ends_on == date(2027, 6, 1)
    assert Evidence.objects.get().kind == Evidence.Kind.AGREEMENT_SIGNED
    theirs = version.signatures.get(side=THEIRS)
    assert (theirs.name, theirs.contact, theirs.address) == ("Nora Berg", nora, "2001:db8::7")
    assert theirs.fingerprint == version.fingerprint


def test_a_side_signs_once(agreement: Agreement, nora: Contact, alice: User) -> None:
    version = agreements.send(agreement, nora, by=alice, at=MONDAY)
    agreements.sign(version, THEIRS, "Nora Berg", nora, MONDAY, None)
    with pytest.raises(AgreementRefused, match="signed already"):
        agreements.sign(version, THEIRS, "Nora Berg", nora, MONDAY, None)
    with pytest.raises(AgreementRefused, match="full name"):
        agreements.sign(version, OURS, " \0 ", alice, MONDAY, None)


def test_a_draft_is_not_signed(agreement: Agreement, alice: User) -> None:
    with pytest.raises(AgreementRefused, match="not open to be signed"):
        agreements.sign(agreement.current, OURS, "Alice", alice, MONDAY, None)


def test_a_signature_is_never_changed(agreement: Agreement, nora: Contact, alice: User) -> None:
    signature = signed(agreement, nora, alice).current.signatures.first()
    assert signature is not None
    signature.name = "Somebody else"
    with pytest.raises(TypeError):
        signature.save()


def test_what_was_signed_elsewhere_keeps_its_file(
    agreement: Agreement, northwind: Partner, alice: User
) -> None:
    agreements.signed_elsewhere(agreement, pdf("signed.pdf"), date(2026, 5, 20), by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert (agreement.state, agreement.signed_file_name) == (State.SIGNED, "signed.pdf")
    assert northwind.signed_on == date(2026, 5, 20)
    assert not Signature.objects.exists()


def test_a_signing_that_is_still_to_come_is_refused(agreement: Agreement, alice: User) -> None:
    with pytest.raises(AgreementRefused, match="still to come"):
        agreements.signed_elsewhere(agreement, pdf(), date(2026, 6, 2), by=alice, at=MONDAY)


def test_a_confidentiality_agreement_signs_nobody_on(northwind: Partner, nora: Contact, alice: User) -> None:
    signed(agreements.draft(northwind, terms_of(kind="nda"), by=alice, at=MONDAY), nora, alice)
    northwind.refresh_from_db()
    assert northwind.signed_on is None
    assert not Evidence.objects.exists()


# --- exclusivity -------------------------------------------------------------------------------------------


def test_a_collision_with_an_exclusive_agreement_is_found_before_it_is_sent(
    agreement: Agreement, nora: Contact, alice: User
) -> None:
    contoso = prospect("Contoso", alice)
    omar = contacts.add(contoso, "Omar Aziz", by=alice, at=MONDAY, email="omar@contoso.com")
    held = agreements.draft(contoso, terms_of(is_exclusive=True), by=alice, at=MONDAY)
    assert agreements.conflicts(agreement) == []  # a draft holds nobody
    signed(held, omar, alice)
    (met,) = agreements.conflicts(agreement)
    assert (met.agreement, met.where.territory, met.where.products) == (held, "Germany", "Platform")
    with pytest.raises(AgreementRefused, match="Contoso: Germany, Platform"):
        agreements.send(agreement, nora, by=alice, at=MONDAY)
    agreements.send(agreement, nora, by=alice, at=MONDAY, anyway=True)
    assert "in spite of" in Event.objects.filter(kind="agreement_sent").first().note  # type: ignore[union-attr]
    agreements.end(held, MONDAY.date() - DAY * 0, "By agreement", by=alice, at=MONDAY)
    sweeper.run(MONDAY + DAY, only="agreements")
    assert agreements.conflicts(agreement) == []


# --- the end, notice, renewal ---------------------------------------------------------------------------


def test_it_reminds_before_notice_and_renews_by_itself_without_drift(
    agreement: Agreement, nora: Contact, alice: User, northwind: Partner
) -> None:
    agreements.revise(
        agreement, terms_of(starts_on=date(2026, 1, 31), term_months=1, notice_days=5), alice, MONDAY
    )
    at = at_noon(date(2026, 6, 1))
    signed(agreement, nora, alice, at)
    assert agreement.ends_on == date(2026, 2, 27)
    sweeper.run(at, only="agreements")
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ends_on) == (State.SIGNED, date(2026, 3, 30))
    for _turn in range(6):
        sweeper.run(at, only="agreements")
    agreement.refresh_from_db()
    assert agreement.ends_on == date(2026, 6, 29)
    northwind.refresh_from_db()
    assert northwind.agreement_ends_on == date(2026, 6, 29)
    assert Event.objects.filter(kind=expiry.RENEWED).count() == 4


def test_the_last_day_for_notice_is_told_once(agreement: Agreement, nora: Contact, alice: User) -> None:
    signed(agreement, nora, alice)
    for day in (date(2027, 1, 31), date(2027, 2, 2), date(2027, 2, 20)):
        sweeper.run(at_noon(day), only="agreements")
    told = Notice.objects.get(kind=expiry.NOTICE)
    assert "unless notice is given by 2 March 2027" in told.text
    assert expiry.still_stands(told)
    agreements.end(agreement, date(2027, 6, 1), "Another road", by=alice, at=at_noon(date(2027, 2, 21)))
    assert not expiry.still_stands(told)


def test_what_has_a_term_ends_with_it(
    agreement: Agreement, northwind: Partner, nora: Contact, alice: User
) -> None:
    agreements.revise(agreement, terms_of(renewal="none", notice_days=0), alice, MONDAY)
    signed(agreement, nora, alice)
    told = Notice.objects.filter(kind__startswith="agreement_end")
    counts = []
    for day in (date(2027, 3, 5), date(2027, 5, 5), date(2027, 5, 31), date(2027, 6, 2)):
        sweeper.run(at_noon(day), only="agreements")
        sweeper.run(at_noon(day), only="agreements")
        counts.append(told.count())
    assert counts == [1, 2, 2, 3]  # 90 days before, 30 days before, the end
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_on) == (State.ENDED, date(2027, 5, 31))
    assert agreement.ended_reason == "Its term is over."
    northwind.refresh_from_db()
    assert northwind.agreement_ends_on is None


def test_notice_lets_it_hold_until_its_day(agreement: Agreement, nora: Contact, alice: User) -> None:
    signed(agreement, nora, alice)
    agreements.end(agreement, date(2026, 8, 31), "Goals missed", by=alice, at=MONDAY + DAY)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ends_on) == (State.SIGNED, date(2026, 8, 31))
    sweeper.run(at_noon(date(2026, 9, 1)), only="agreements")
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_reason) == (State.ENDED, "Goals missed")


def test_what_was_sent_is_taken_back_with_a_reason(agreement: Agreement, nora: Contact, alice: User) -> None:
    version = agreements.send(agreement, nora, by=alice, at=MONDAY)
    with pytest.raises(AgreementRefused, match="Reason"):
        agreements.end(agreement, MONDAY.date(), " ", by=alice, at=MONDAY)
    agreements.end(agreement, MONDAY.date(), "Wrong file", by=alice, at=MONDAY)
    assert agreement.state == State.ENDED
    version.refresh_from_db()
    assert agreements.why_closed(version) == "These terms are no longer offered."


def test_a_renewal_keeps_the_terms_and_begins_when_the_former_ends(
    northwind: Partner, nora: Contact, alice: User
) -> None:
    former = signed(agreements.draft(northwind, terms_of(), by=alice, at=MONDAY, file=pdf()), nora, alice)
    renewal = agreements.renew(former, by=alice, at=MONDAY + DAY)
    assert renewal.current.terms == terms_of(starts_on=date(2027, 6, 1))
    assert (renewal.renews, renewal.current.file_name) == (former, "contract.pdf")
    with pytest.raises(AgreementRefused, match="renewal of this agreement is there"):
        agreements.renew(former, by=alice, at=MONDAY + DAY)


def test_a_draft_is_not_renewed(agreement: Agreement, alice: User) -> None:
    with pytest.raises(AgreementRefused, match="Only what was signed"):
        agreements.renew(agreement, by=alice, at=MONDAY)
