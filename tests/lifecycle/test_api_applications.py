"""Applications handed in by a program, and the forms they come by: the rules of the pages."""

from __future__ import annotations

import pytest

from lifecycle.models import Application, ApplicationForm
from lifecycle.recruitment.applications import applying
from partners.models import Contact, Partner
from prm import clock
from prm.models import OutboxItem
from team.models import User
from tests.programs import Program, program

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


@pytest.fixture
def form(ravi: User, alice: User) -> ApplicationForm:
    """Written and opened by the admin's program; it asks for a country, and whether somebody is trained."""
    ravis = program(ravi)
    made = ravis.send(
        f"{API}/application-forms/", {"name": "Resellers", "slug": "Resell", "owner": alice.pk}
    ).json()
    of = {"form": made["id"]}
    where = {
        **of,
        "words": "Where are you?",
        "kind": "country",
        "is_required": True,
        "maps_to": "field:country",
    }
    assert ravis.send(f"{API}/application-questions/", where).status_code == 201
    assert ravis.send(f"{API}/application-questions/", where).status_code == 409  # another goes there already
    trained = {**of, "words": "Is somebody trained?", "kind": "yes_no"}
    assert ravis.send(f"{API}/application-questions/", trained).json()["position"] == 1
    assert ravis.send(f"{API}/application-forms/{made['id']}/open/").json()["is_open"]
    return ApplicationForm.objects.get(slug="resell")


def handed_in(them: Program, form: ApplicationForm, *said: object, **more: object) -> object:
    asked = form.questions.values_list("pk", flat=True)
    answers = [{"question": pk, "said": each} for pk, each in zip(asked, said, strict=False)]
    who = {"organisation": "Fabrikam", "person": "Zoe Lind", "email": "zoe@fabrikam.example"}
    return them.send(f"{API}/applications/", {"form": form.pk, **who, "answers": answers, **more})


def test_it_waits_for_its_address_and_becomes_a_prospect(
    alices: Program, alice: User, form: ApplicationForm
) -> None:
    sent = handed_in(alices, form, "DE", True)
    assert sent.status_code == 201, sent.content
    told = sent.json()
    assert (told["state"], told["partner"], [each["said"] for each in told["answers"]]) == (
        "sent",
        None,
        ["Germany", "Yes"],
    )
    here = f"{API}/applications/{told['id']}/"
    assert alices.get(here).status_code == 404
    assert OutboxItem.objects.filter(kind="application_confirm").count() == 1
    assert not Partner.objects.filter(name="Fabrikam").exists()
    applying.confirm(Application.objects.get(), clock.now())
    confirmed = alices.get(here).json()
    partner = Partner.objects.get(name="Fabrikam")
    assert (confirmed["state"], confirmed["partner"], partner.country) == ("asked", partner.pk, "DE")
    (wait,) = confirmed["waits"]
    decided = alices.send(f"{API}/decisions/", {"wait": wait, "answer": "yes", "reason": "Welcome."})
    assert decided.status_code == 201, decided.content
    assert alices.get(here).json()["state"] == "accepted"


def test_a_firm_that_is_here_stays_one_and_nobody_is_flooded(
    alices: Program, form: ApplicationForm, northwind: Partner, nora: Contact
) -> None:
    told = handed_in(alices, form, "DE", email=nora.email).json()
    assert (told["was_known"], told["partner"]) == (False, None)  # nobody is told
    applying.confirm(Application.objects.get(), clock.now())
    assert alices.get(f"{API}/applications/{told['id']}/").json()["partner"] == northwind.pk
    key = {"HTTP_IDEMPOTENCY_KEY": "form 7"}
    path, again = f"{API}/applications/", {"form": form.pk, "organisation": "A", "person": "B"}
    again |= {"email": "b@a.example", "answers": [{"question": form.questions.first().pk, "said": "DE"}]}
    first, second = (alices.send(path, again, **key) for _ in range(2))
    assert (first.status_code, second.status_code, first.json()) == (201, 200, second.json())
    assert {alices.send(path, again).status_code for _ in range(2)} == {201}
    flooded = alices.send(path, again)
    assert (flooded.status_code, "came from this e-mail address today" in flooded.json()["detail"]) == (
        409,
        True,
    )


def test_what_does_not_fit_the_form_is_named(alices: Program, form: ApplicationForm) -> None:
    first, second = form.questions.values_list("pk", flat=True)
    nowhere = handed_in(alices, form)
    assert (nowhere.status_code, list(nowhere.json()["answers"])) == (400, [str(first)])
    strange = handed_in(alices, form, "Atlantis", ["yes"], email="no address").json()
    assert list(strange) == ["email"]
    assert set(handed_in(alices, form, "Atlantis", ["yes"]).json()["answers"]) == {str(first), str(second)}
    other = [{"question": first, "said": "DE"}, {"question": 0, "said": "?"}]
    assert list(handed_in(alices, form, answers=other).json()["answers"]) == ["0"]
    assert not Application.objects.exists()


def test_who_keeps_forms_changes_them_and_others_see_the_open_ones(
    alices: Program, ravi: User, form: ApplicationForm
) -> None:
    ravis, here = program(ravi), f"{API}/application-forms/{form.pk}/"
    assert alices.get(here).json()["slug"] == "resell"
    assert alices.send(f"{here}close/").status_code == 403
    assert ravis.send(here, {"intro": "Tell us."}, "patch").json()["name"] == "Resellers"
    last = form.questions.last()
    at = f"{API}/application-questions/{last.pk}/"
    assert ravis.send(f"{at}up/").json()["position"] == 0
    assert ravis.send(at, {"is_required": True}, "patch").json()["words"] == "Is somebody trained?"
    assert ravis.send(at, method="delete").status_code == 204
    assert not ravis.send(f"{here}close/").json()["is_open"]
    assert (alices.get(here).status_code, handed_in(alices, form, "DE").status_code) == (404, 400)
    assert handed_in(ravis, form, "DE").status_code == 409  # it is closed
    assert ravis.send(here, method="delete").status_code == 204
    assert not ApplicationForm.objects.exists()
