"""Results of training come in from a file: passed, they give a certificate, and the same file twice
changes nothing."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lifecycle.models import Attempt, Certificate, Course, Enrolment, Evidence
from lifecycle.onboarding.learning import courses, renewing, taking
from partners.models import Contact, Event, Partner
from prm import importing, jobs, sweeper
from prm.models import Import
from team.models import Notice, Role, User
from tests.conftest import MONDAY, person

HEADER = "Partner,Email,Course,Completed on,Result,Score,Certificate number,Valid until\n"
GOOD = (
    HEADER
    + "Northwind,nora@northwind.example,Selling,2026-05-04,,85 %,LMS-17,\n"
    + "Northwind,NORA@northwind.example,setting it up,04.03.2026,pass,,,2027-12-31\n"
    + "Contoso,omar@contoso.example,Selling,2026-05-04,,40,,\n"
)


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


@pytest.fixture(autouse=True)
def _known(northwind: Partner, nora: Contact, omar: Contact, ravi: User) -> None:
    for contact, email in ((nora, "Nora@northwind.example"), (omar, "omar@contoso.example")):
        Contact.objects.filter(pk=contact.pk).update(email=email)
    facts = {"about": "", "link": "", "valid_months": 12}
    Course.objects.create(
        title="Selling", pass_mark=60, counts=True, published_at=MONDAY, created_at=MONDAY, valid_months=12
    )
    setting_up = courses.describe(
        None, {**facts, "title": "Setting it up", "link": "https://learn.example/"}, by=ravi, at=MONDAY
    )
    courses.publish(setting_up, by=ravi, at=MONDAY)
    courses.retire(setting_up, by=ravi, at=MONDAY)  # its results still come in


def checked(text: str | bytes, by: User | None = None, **mapping: Any) -> Import:
    data = text if isinstance(text, bytes) else text.encode()
    imported = importing.receive("results", File(io.BytesIO(data), "r.csv"), "r.csv", by, MONDAY)
    imported.mapping = mapping
    importing.check(imported, quiet)
    return imported


def let_in(imported: Import) -> Import:
    assert not imported.has_rejected, reasons(imported)
    importing.begin(imported)
    importing.run(imported, MONDAY, quiet)
    return imported


def reasons(imported: Import) -> list[str]:
    return list(imported.rows.filter(outcome="rejected").order_by("number").values_list("reason", flat=True))


def outcomes(imported: Import) -> list[str]:
    return list(imported.rows.order_by("number").values_list("outcome", flat=True))


def test_passed_gives_a_certificate_and_evidence_failed_an_attempt(
    northwind: Partner, nora: Contact, omar: Contact, ravi: User
) -> None:
    let_in(checked(GOOD, ravi))
    by_score, by_word = Certificate.objects.order_by("-issued_on")
    assert (by_score.contact, by_score.issued_on, by_score.valid_until) == (
        nora,
        date(2026, 5, 4),
        date(2027, 5, 3),
    )
    assert (by_score.outside_number, by_score.name) == ("LMS-17", nora.name)
    assert (by_word.course.title, by_word.valid_until) == ("Setting it up", date(2027, 12, 31))
    fact = Evidence.objects.get(kind="training_done")
    assert (fact.partner, fact.on, fact.by) == (northwind, date(2026, 5, 4), ravi)
    assert Attempt.objects.get(is_passed=False).score == 40
    assert Enrolment.objects.get(contact=omar).passed_at is None
    assert Event.objects.get(kind="results_imported").note == "r.csv: 3 added"


def test_the_same_file_twice_changes_nothing_whatever_became_of_the_certificate(ravi: User) -> None:
    let_in(checked(GOOD, ravi))
    taking.withdraw(Certificate.objects.latest("issued_on"), "A mistake", by=ravi, at=MONDAY)
    before = (Certificate.objects.count(), Attempt.objects.count(), Event.objects.count())
    again = checked(GOOD, ravi)
    assert outcomes(again) == ["same", "same", "same"]
    assert not again.has_something
    assert (Certificate.objects.count(), Attempt.objects.count(), Event.objects.count()) == before


def test_a_result_twice_in_a_file_is_one_and_a_contradiction_is_none(ravi: User) -> None:
    line = "Northwind,nora@northwind.example,Selling,2026-05-04,Passed,,,\n"
    twice = let_in(checked(HEADER + line + line, ravi))
    assert outcomes(twice) == ["new", "same"]
    other = line.replace("2026-05-04", "2026-05-05")
    assert reasons(checked(HEADER + other + other.replace("Passed", "Failed"), ravi)) == [
        "Row 2 says otherwise of the same person, course and day. Keep one of them."
    ]


def test_the_past_reminds_nobody_and_silences_no_later_certificate(alice: User) -> None:
    line = "Northwind,nora@northwind.example,Selling,{},Passed,,,\n"
    for day in ("2026-05-30", "2025-07-15", "2023-01-31"):
        let_in(checked(HEADER + line.format(day), alice))
    held = Certificate.objects.order_by("-issued_on").values_list("next_check_at", flat=True)
    assert list(held) == [MONDAY, None, None]
    sweeper.run(MONDAY, only="certificates")
    assert not Notice.objects.filter(kind__in=(renewing.ENDS, renewing.ENDED)).exists()
    sweeper.run(MONDAY + timedelta(days=310), only="certificates")
    assert Notice.objects.filter(kind=renewing.ENDS).count() == 1


WHO = "Northwind,nora@northwind.example"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",nora@northwind.example,Selling,2026-05-04,Passed,,,", "Partner is missing"),
        ("Northwind,,Selling,2026-05-04,Passed,,,", "Person’s e-mail is missing"),
        ("Northwind,nora,Selling,2026-05-04,Passed,,,", "is no e-mail address"),
        ("Nobody Ltd,nora@northwind.example,Selling,2026-05-04,Passed,,,", "is no partner here"),
        ("Northwind,omar@contoso.example,Selling,2026-05-04,Passed,,,", "Nobody at Northwind has"),
        (f"{WHO},Flying,2026-05-04,Passed,,,", "choose one of our courses"),
        (f"{WHO},Selling,,Passed,,,", "Day is missing"),
        (f"{WHO},Selling,2026-05-32,Passed,,,", "is no day"),
        (f"{WHO},Selling,2026-06-02,Passed,,,", "still to come"),
        (f"{WHO},Selling,1901-01-01,Passed,,,", "too long ago"),
        (f"{WHO},Selling,2026-05-04,Perhaps,,,", "choose Passed or Failed"),
        (f"{WHO},Selling,2026-05-04,,,,", "Nothing says whether it was passed"),
        (f"{WHO},Selling,2026-05-04,,100000000000000000000,,", "is no whole number"),
        (f"{WHO},Selling,2026-05-04,,101,,", "is more than 100 %"),
        (f"{WHO},Setting it up,2026-05-04,,90,,", "has no pass mark"),
        (f"{WHO},Selling,2026-05-04,Passed,,{'9' * 61},", "60 at most"),
        (f"{WHO},Selling,2026-05-04,Passed,,#REF!,", "an error of the spreadsheet"),
        (f"{WHO},Selling,2026-05-04,Passed,,,2026-05-03", "lies before the day"),
    ],
)
def test_a_row_that_cannot_come_in_says_why(row: str, says: str, ravi: User) -> None:
    (reason,) = reasons(checked(f"{HEADER}{row}\n", ravi))
    assert says in reason


def test_who_has_left_gets_none_and_nothing_goes_in_beside_a_rejected_row(nora: Contact, ravi: User) -> None:
    Contact.objects.filter(pk=nora.pk).update(left_on=date(2026, 5, 1), is_primary=False)
    imported = checked(GOOD, ravi)
    assert reasons(imported) == [f"{nora.name} has left Northwind."] * 2
    with pytest.raises(importing.ImportRefused, match="2 rows rejected"):
        importing.begin(imported)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00\x00",
        b"Email\nnora",
        b"PK\x03\x04 no workbook",
        b"\xff\xfe\x00\xd8",
        b"a,b\n" + b'"' * 999,
    ],
)
def test_a_file_that_is_none_comes_to_nothing(data: bytes, ravi: User) -> None:
    imported = checked(data, ravi)
    assert imported.state == Import.State.BROKEN or not imported.has_something
    assert not Attempt.objects.exists()


def test_a_formula_is_text(ravi: User) -> None:
    row = f'{WHO},Selling,2026-05-04,Passed,,\'=HYPERLINK("x"),\n'
    let_in(checked(HEADER + row, ravi))
    assert Certificate.objects.get().outside_number == '=HYPERLINK("x")'


def test_a_file_goes_in_by_the_pages(client: Client, bob: User) -> None:
    client.force_login(bob)
    assert client.get("/certificates/import/").status_code == 403
    client.force_login(person("Enno", Role.ENABLEMENT))
    text = GOOD.replace(",Selling,", ",LMS: Selling,")
    sent = client.post("/certificates/import/", {"file": SimpleUploadedFile("r.csv", text.encode())})
    page = sent["Location"]
    jobs.run_due(at=MONDAY)
    assert "2 rows are rejected" in client.get(page).text
    assert "“LMS: Selling” is in no list" in client.get(f"{page}rejected.csv").getvalue().decode()
    form = client.get(f"{page}columns/").context["form"]
    (line,) = form.value_lines()
    typed = {name: form[name].value() or "" for name in form.fields}
    client.post(f"{page}columns/", {**typed, line.field.html_name: "=Selling"})
    jobs.run_due(at=MONDAY)
    assert "<b>3</b> new" in client.get(page).text
    client.post(f"{page}run/")
    jobs.run_due(at=MONDAY)
    shown = client.get(f"{page}?show=new").text
    assert Certificate.objects.get(outside_number="LMS-17").get_absolute_url() in shown
    assert "LMS-17" in client.get("/certificates/").text
