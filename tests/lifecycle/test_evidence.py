"""Evidence: what is recorded, what is refused, and what a signature does."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lifecycle import evidence, transitions
from lifecycle.evidence import EvidenceRefused
from lifecycle.models import Evidence
from partners.models import Event, Partner, Stage, Step
from prm.uploads import UploadRefused
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import KICK_OFF, SIGNED, onboarded

FRIDAY = date(2026, 5, 29)


def test_the_first_signature_signs_the_partner_on(northwind: Partner, alice: User) -> None:
    evidence.record(northwind, SIGNED, on=FRIDAY, by=alice, at=MONDAY, note="Both copies")
    northwind.refresh_from_db()
    assert (northwind.signed_on, northwind.step, northwind.step_since) == (FRIDAY, Step.SIGNED, MONDAY)
    evidence.record(northwind, SIGNED, on=FRIDAY + timedelta(days=2), by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert northwind.signed_on == FRIDAY
    assert Event.objects.filter(kind="signed").count() == 1


def test_withdrawn_it_counts_no_more(northwind: Partner, alice: User) -> None:
    fact = evidence.record(northwind, SIGNED, on=FRIDAY, by=alice, at=MONDAY)
    evidence.withdraw(fact, "Wrong partner", by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert (northwind.signed_on, northwind.step) == (None, Step.NEGOTIATING)
    with pytest.raises(transitions.TransitionRefused):
        transitions.advance(northwind, to=Stage.ONBOARDING, by=alice, at=MONDAY)
    with pytest.raises(EvidenceRefused, match="already"):
        evidence.withdraw(fact, "Again", by=alice, at=MONDAY)


def test_while_another_signature_stands_it_stays_signed(northwind: Partner, alice: User) -> None:
    first = evidence.record(northwind, SIGNED, on=FRIDAY, by=alice, at=MONDAY)
    second = evidence.record(northwind, SIGNED, on=MONDAY.date(), by=alice, at=MONDAY)
    evidence.withdraw(first, "Wrong day", by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert (northwind.signed_on, northwind.step) == (MONDAY.date(), Step.SIGNED)
    evidence.withdraw(second, "Wrong too", by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert (northwind.signed_on, northwind.step) == (None, Step.NEGOTIATING)


def test_a_live_partner_stays_where_it_is(alice: User) -> None:
    partner = onboarded("Contoso", alice)
    evidence.withdraw(Evidence.objects.get(), "Wrong file", by=alice, at=MONDAY)
    partner.refresh_from_db()
    assert (partner.stage, partner.signed_on) == (Stage.ONBOARDING, None)


def test_a_known_signing_day_is_kept(northwind: Partner, alice: User) -> None:
    Partner.objects.filter(pk=northwind.pk).update(signed_on=date(2020, 1, 1))
    fact = evidence.record(northwind, SIGNED, on=FRIDAY, by=alice, at=MONDAY)
    evidence.withdraw(fact, "Wrong file", by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert (northwind.signed_on, northwind.step) == (date(2020, 1, 1), Step.NEGOTIATING)


def test_a_mistyped_year_signs_nobody_on(northwind: Partner, alice: User) -> None:
    with pytest.raises(EvidenceRefused, match="Check the year"):
        evidence.record(northwind, SIGNED, on=date(1026, 5, 29), by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert northwind.signed_on is None


def test_what_is_still_to_come_is_no_evidence(northwind: Partner, alice: User) -> None:
    late_evening = MONDAY.replace(hour=22, minute=30)  # Tuesday 00:30 in Berlin
    evidence.record(northwind, KICK_OFF, on=date(2026, 6, 2), by=alice, at=late_evening)
    with pytest.raises(EvidenceRefused, match="still to come"):
        evidence.record(northwind, KICK_OFF, on=date(2026, 6, 2), by=alice, at=MONDAY)


def test_a_parked_prospect_does_not_sign(northwind: Partner, alice: User) -> None:
    transitions.park(northwind, until=date(2026, 9, 1), by=alice, at=MONDAY)
    with pytest.raises(EvidenceRefused, match="Northwind is parked"):
        evidence.record(northwind, SIGNED, on=FRIDAY, by=alice, at=MONDAY)


def test_a_file_is_kept_under_a_name_nobody_guesses(northwind: Partner, alice: User) -> None:
    file = SimpleUploadedFile("../Agreement final.pdf", b"%PDF-1.7 ".ljust(64))
    fact = evidence.record(northwind, SIGNED, on=FRIDAY, by=alice, at=MONDAY, file=file)
    assert fact.file_name == "Agreement final.pdf"
    assert "Agreement" not in fact.file.name
    assert fact.file.name.endswith(".pdf")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", b"<script>", "no allowed type"),
        ("macro.xlsm", b"PK\x03\x04", "no allowed type"),
        ("really.pdf", b"<html>", "is not that of a .pdf file"),
        ("empty.pdf", b"", "is empty"),
        ("binary.txt", b"\x00\x01", "is not that of a .txt file"),
        ("big.pdf", b"%PDF-" + b"x" * (10 * 1024 * 1024), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    northwind: Partner, alice: User, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(UploadRefused, match=words):
        evidence.record(
            northwind, SIGNED, on=FRIDAY, by=alice, at=MONDAY, file=SimpleUploadedFile(name, content)
        )
    assert not Evidence.objects.exists()
    northwind.refresh_from_db()
    assert northwind.signed_on is None


def test_an_agreement_is_read_by_the_owner_its_lead_and_heads(
    northwind: Partner, alice: User, bob: User, erin: User, ravi: User
) -> None:
    fact = evidence.record(northwind, SIGNED, on=FRIDAY, by=alice, at=MONDAY)
    readers = {user.name for user in (alice, bob, erin, ravi) if evidence.may_read_file(user, fact)}
    assert readers == {"Alice", "Erin"}
    minutes = evidence.record(northwind, KICK_OFF, on=FRIDAY, by=alice, at=MONDAY)
    assert evidence.may_read_file(bob, minutes)
