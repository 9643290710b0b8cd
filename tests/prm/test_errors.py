"""What a person reads when something goes wrong."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.http import require_POST

from prm import clock
from prm import urls as ours
from team import tokens
from team.models import User

HTMX = {"HX-Request": "true"}
handler400, handler403 = ours.handler400, ours.handler403
handler404, handler500 = ours.handler404, ours.handler500


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Ask whoever looks after Northwind.")


def break_down(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("no such luck")


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    return HttpResponse("taken")


urlpatterns = [path("refuse/", refuse), path("break/", break_down), path("take/", take), *ours.urlpatterns]


@pytest.fixture
def visitor(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def test_an_address_that_is_not_there(visitor: Client, alice: User) -> None:
    visitor.force_login(alice)
    response = visitor.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_a_refusal_says_why_in_its_own_words(visitor: Client, alice: User) -> None:
    visitor.force_login(alice)
    response = visitor.get("/refuse/")
    assert response.status_code == 403
    assert "Ask whoever looks after Northwind." in response.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/refuse/", 403, "Ask whoever looks after Northwind."),
        ("/nowhere/", 404, "There is nothing at this address, or it is not for you to see."),
        ("/break/", 500, "Something broke on our side. Nothing was changed; it is in the log."),
    ],
)
def test_htmx_gets_one_plain_sentence(
    visitor: Client, alice: User, address: str, status: int, words: str
) -> None:
    visitor.force_login(alice)
    response = visitor.get(address, headers=HTMX)
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode() == words


def test_an_address_that_only_takes_a_press_says_so_and_leads_back(visitor: Client, alice: User) -> None:
    visitor.force_login(alice)
    response = visitor.get("/take/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    page = response.content.decode()
    assert "Nothing was changed." in page
    assert 'href="/"' in page
    by_htmx = visitor.get("/take/", headers=HTMX)
    assert by_htmx["Content-Type"].startswith("text/plain")


def test_a_program_that_asks_in_the_wrong_way_reads_json(visitor: Client, alice: User) -> None:
    token = tokens.make(alice, "A program", clock.now(), "write")[1]
    response = visitor.put("/api/v1/partners/", headers={"Authorization": f"Token {token}"})
    assert (response.status_code, list(response.json())) == (405, ["detail"])


def test_a_form_without_its_token_is_not_taken(visitor: Client, alice: User) -> None:
    visitor.force_login(alice)
    response = visitor.post("/take/")
    assert response.status_code == 403
    assert "Nothing was sent; reload and try again." in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "x" * (3 * 2**20)}, "This is too large: without its files, a request holds at most 2 MB."),
        ({f"field{n}": "x" for n in range(2001)}, "These are too many fields: a request holds at most 2000."),
        (
            {f"file{n}": SimpleUploadedFile("a.txt", b"x") for n in range(101)},
            "These are too many files: a request holds at most 100.",
        ),
    ],
)
def test_a_form_that_holds_too_much_says_so(
    visitor: Client, alice: User, sent: dict[str, Any], words: str
) -> None:
    visitor.force_login(alice)
    visitor.cookies["csrftoken"] = "x" * 32  # its twin is looked for in the form, before any page is asked
    page = visitor.post("/take/", sent)
    assert page.status_code == 413
    assert f"{words} Nothing was changed. Go back and send less." in page.content.decode()
    by_htmx = visitor.post("/take/", sent, headers=HTMX)
    assert (by_htmx.status_code, by_htmx.content.decode()) == (413, words)


def test_something_broke_and_the_page_needs_no_database(visitor: Client) -> None:
    response = visitor.get("/break/")
    assert response.status_code == 500
    assert "That was us, not you." in response.content.decode()


@pytest.mark.django_db
def test_a_foreign_host_is_a_bad_request(visitor: Client) -> None:
    response = visitor.get("/accounts/login/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "cannot be read" in response.content.decode()
