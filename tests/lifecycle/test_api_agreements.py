"""Agreements and courses from other programs: the verbs of the pages, and terms for few alone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lifecycle.models import Agreement, Course, Product
from partners.models import Contact, Event, Partner
from prm import clock
from team.models import User
from tests.programs import Program, program

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    Product.objects.create(name="Platform")
    return program(alice)


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("contract.pdf", b"%PDF-1.4\n%%EOF\n")


def drafted(them: Program, partner: Partner, **more: Any) -> Any:
    terms = {"partner": partner.pk, "kind": "reseller", "term_months": 12, "margin": "20.00", **more}
    made = them.send(f"{API}/agreements/", terms)
    assert made.status_code == 201, made.content
    return made.json()


def test_an_agreement_is_drafted_changed_sent_and_signed_elsewhere(
    alices: Program, northwind: Partner, nora: Contact
) -> None:
    made = drafted(alices, northwind, territory=["Germany"], products=["platform"], words="One.\r\nTwo.")
    here = f"{API}/agreements/{made['id']}"
    assert "margin" not in made
    alices.send(f"{here}/", {"notice_days": 30}, "patch")
    terms = alices.get(f"{here}/terms/").json()
    assert (terms["territory"], terms["products"], terms["margin"]) == (["DE"], ["Platform"], "20.00")
    assert (terms["words"], terms["notice_days"], terms["version"]) == ("One.\nTwo.", 30, 1)
    same = alices.send(f"{here}/", {"notice_days": 30}, "patch")
    assert (same.status_code, same.json()["detail"]) == (409, "Nothing differs from version 1.")
    assert alices.send(f"{here}/send/", {"to": nora.pk}).json()["state"] == "sent"
    signed = {"data": json.dumps({"on": clock.now().date().isoformat()}), "file": pdf()}
    assert alices.send(f"{here}/signed-elsewhere/", {"on": "2026-06-01"}).status_code == 400
    assert alices.post(f"{here}/signed-elsewhere/", signed).json()["state"] == "signed"
    assert alices.get(f"{API}/partners/{northwind.pk}/").json()["step"] == "signed"
    renewal = alices.send(f"{here}/renew/").json()
    assert (renewal["renews"], renewal["state"]) == (made["id"], "draft")
    until = (clock.now() + timedelta(days=60)).date().isoformat()
    assert alices.send(f"{here}/end/", {"on": until, "reason": "Over."}).json()["ends_on"] == until


def test_our_side_signs_what_was_sent(alices: Program, northwind: Partner, nora: Contact) -> None:
    here = f"{API}/agreements/{drafted(alices, northwind)['id']}"
    name = {"name": "Alice Arnold", "authorised": True}
    assert alices.send(f"{here}/sign/", name).status_code == 409
    alices.send(f"{here}/send/", {"to": nora.pk})
    unread = alices.send(f"{here}/sign/", {**name, "authorised": False})
    assert (unread.status_code, list(unread.json())) == (400, ["authorised"])
    assert alices.send(f"{here}/sign/", name).status_code == 200
    (signature,) = alices.get(f"{here}/terms/").json()["signatures"]
    assert (signature["side"], signature["name"]) == ("ours", "Alice Arnold")


def test_terms_are_withheld_and_who_reads_them_is_kept(
    alices: Program, bob: User, northwind: Partner
) -> None:
    made = alices.post(
        f"{API}/agreements/",
        {"data": json.dumps({"partner": northwind.pk, "kind": "reseller", "words": "CANARY"}), "file": pdf()},
    )
    assert made.status_code == 201, made.content
    here = f"{API}/agreements/{made.json()['id']}"
    bobs = program(bob)
    assert "CANARY" not in bobs.get(f"{API}/agreements/").content.decode()
    for path in ("terms", "file"):
        assert bobs.get(f"{here}/{path}/").status_code == 403
    assert bobs.send(f"{here}/", {"words": "Mine"}, "patch").status_code == 403
    elsewhere = {"data": json.dumps({"on": "2026-06-01"}), "file": pdf()}
    assert bobs.post(f"{here}/signed-elsewhere/", elsewhere).status_code == 403
    assert not Event.objects.filter(kind="agreement_read").exists()
    assert alices.get(f"{here}/terms/").json()["words"] == "CANARY"
    file = alices.get(f"{here}/file/")
    assert file.headers["Content-Disposition"] == 'attachment; filename="contract.pdf"'
    assert Event.objects.filter(kind="agreement_read").count() == 1
    assert Agreement.objects.get().current.terms.words == "CANARY"


def test_somebody_is_enrolled_once_and_a_certificate_withdrawn(
    alices: Program, bob: User, northwind: Partner, nora: Contact
) -> None:
    at = clock.now()
    course = Course.objects.create(title="Selling", published_at=at, created_at=at)
    sent = {"course": course.pk, "contact": nora.pk}
    first, second = (alices.send(f"{API}/enrolments/", sent).json() for _try in range(2))
    assert (first["id"], first["partner"]) == (second["id"], northwind.pk)
    Course.objects.update(retired_at=at)
    assert alices.send(f"{API}/enrolments/", sent).status_code == 409
    certificate = course.certificates.create(
        number="2345-6789-ABCD", partner=northwind, name="Nora", issued_on=at.date()
    )
    here = f"{API}/certificates/{certificate.pk}/withdraw/"
    assert program(bob).send(here, {"reason": "Wrong."}).status_code == 403
    assert alices.send(here, {"reason": "Wrong."}).json()["withdrawn_at"]
