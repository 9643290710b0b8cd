"""Recording evidence on its page, and who may open its file."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lifecycle import evidence
from lifecycle.models import Evidence
from partners.models import Event, Partner, Step
from prm import clock
from team.models import Company, User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import KICK_OFF, SIGNED

PDF = b"%PDF-1.7 a signed agreement"


@pytest.fixture
def agreement(northwind: Partner, alice: User) -> Evidence:
    file = SimpleUploadedFile("Agreement.pdf", PDF)
    return evidence.record(northwind, SIGNED, on=date(2026, 5, 29), by=alice, at=MONDAY, file=file)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def add(partner: Partner) -> str:
    return reverse("lifecycle:evidence", args=[partner.pk])


def file_of(fact: Evidence) -> str:
    return reverse("lifecycle:evidence_file", args=[fact.pk])


def test_it_is_recorded_with_day_file_and_note(northwind: Partner, alice: User) -> None:
    client = signed_in(alice)
    assert (
        'value="agreement_signed" selected'
        in client.get(add(northwind) + "?kind=agreement_signed").content.decode()
    )
    asked = {"kind": SIGNED, "on": "2026-05-29", "note": "Both copies"}
    response = client.post(add(northwind), asked | {"file": SimpleUploadedFile("a.pdf", PDF)})
    assert response.status_code == 303
    northwind.refresh_from_db()
    assert (northwind.step, northwind.signed_on) == (Step.SIGNED, date(2026, 5, 29))
    page = client.get(reverse("lifecycle:road", args=[northwind.pk])).content.decode()
    assert "Both copies" in page
    assert "a.pdf" in page


def test_what_is_wrong_is_said_and_what_was_typed_stays(northwind: Partner, alice: User) -> None:
    tomorrow = (clock.now() + timedelta(days=2)).date()
    asked = {"kind": KICK_OFF, "on": tomorrow, "note": "With all of them"}
    response = signed_in(alice).post(add(northwind), asked)
    assert response.status_code == 422
    assert "still to come" in response.content.decode()
    assert "With all of them" in response.content.decode()
    asked = {"kind": KICK_OFF, "on": "2026-05-29", "file": SimpleUploadedFile("a.exe", b"MZ")}
    assert "no allowed type" in signed_in(alice).post(add(northwind), asked).content.decode()
    assert not Evidence.objects.exists()


def test_a_double_press_records_once(northwind: Partner, alice: User) -> None:
    asked = {"kind": KICK_OFF, "on": "2026-05-29", "once": "0d4b1f5e-9f4e-4f6e-8d8e-0d6f2f2b7a11"}
    client = signed_in(alice)
    assert [client.post(add(northwind), asked).status_code for _ in range(2)] == [303, 303]
    assert Evidence.objects.count() == 1


def test_its_file_is_a_download_that_nothing_runs(agreement: Evidence, alice: User) -> None:
    response = signed_in(alice).get(file_of(agreement))
    assert b"".join(response) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="Agreement.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert Event.objects.get(kind="evidence_read").actor == "Alice"


def test_an_agreement_is_withheld_from_others(
    agreement: Evidence, bob: User, erin: User, northwind: Partner
) -> None:
    assert signed_in(bob).get(file_of(agreement)).status_code == 403
    assert signed_in(erin).get(file_of(agreement)).status_code == 200
    page = signed_in(bob).get(reverse("lifecycle:road", args=[northwind.pk])).content.decode()
    assert "file withheld" in page
    Company.objects.update(reading=Company.Reading.OWN)
    assert signed_in(bob).get(file_of(agreement)).status_code == 404


def test_it_is_withdrawn_with_a_reason(agreement: Evidence, alice: User, bob: User) -> None:
    address = reverse("lifecycle:evidence_withdraw", args=[agreement.pk])
    assert signed_in(bob).post(address, {"reason": "No"}).status_code == 403
    assert signed_in(alice).post(address, {}).status_code == 422
    assert signed_in(alice).post(address, {"reason": "Wrong partner"}).status_code == 303
    agreement.refresh_from_db()
    assert agreement.withdrawn_reason == "Wrong partner"
    assert "was withdrawn already" in signed_in(alice).post(address, {"reason": "Again"}).content.decode()
    assert signed_in(alice).put(address).status_code == 405
