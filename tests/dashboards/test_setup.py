"""The first visit: one code, one company, one admin, and never again."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from conversations.models import Policy
from partners.models import PartnerType, Tier
from prm import clock
from team import setup
from team.models import Company, Region, Role, User
from tests.conftest import MONDAY

PASSWORD = "four plain words here"


@pytest.fixture(autouse=True)
def var_dir(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def answers(**other: str) -> dict[str, str]:
    return {
        "code": setup.open_code() or "",
        "company": "Acme",
        "zone": "Europe/Berlin",
        "promise": "working_days",
        "name": "Maya Okafor",
        "email": "Maya@Acme.example",
        "password": PASSWORD,
        **other,
    }


@pytest.mark.django_db
def test_every_page_leads_to_set_up_until_there_is_a_company(client: Client) -> None:
    for page in ("/notices/", "/accounts/login/", "/settings/"):
        assert client.get(page)["Location"] == "/setup/", page
    assert client.get("/health/live").status_code == 200
    assert client.get("/setup/").status_code == 200


@pytest.mark.django_db
def test_set_up_makes_company_admin_lists_and_promise(
    client: Client, var_dir: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/setup/", answers())
    assert answer["Location"] == "/settings/"
    company = Company.objects.get()
    assert (company.name, company.zone, company.calendar.zone) == ("Acme", "Europe/Berlin", "Europe/Berlin")
    admin = User.objects.get()
    assert admin.email == "maya@acme.example"
    assert admin.roles == {Role.ADMIN, Role.FULL_LIFECYCLE}
    assert Policy.objects.get().mode == Policy.Mode.WORKING_DAYS
    assert (PartnerType.objects.count(), Tier.objects.count()) == (7, 21)
    assert Region.objects.filter(name="DACH").exists()
    assert not (var_dir / "setup_code").exists()
    assert b"Maya Okafor" in client.get("/settings/").content  # signed in, and shown the steps


@pytest.mark.django_db
def test_the_code_is_made_once_and_for_its_owner_only(var_dir: Path) -> None:
    code = setup.open_code()
    assert code == setup.open_code()
    assert (var_dir / "setup_code").stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_the_code_may_be_typed_loosely() -> None:
    code = setup.open_code() or ""
    assert setup.opens(f" {code.lower().replace('-', ' ')} ")
    assert not setup.opens("")


@pytest.mark.django_db
def test_a_start_prints_the_code_until_there_is_a_company() -> None:
    (line,) = setup.welcome("http://127.0.0.1:8000")
    assert (setup.open_code() or "-") in line
    assert "http://127.0.0.1:8000/setup/" in line


def test_there_is_no_code_once_there_is_a_company(company: Company, var_dir: Path) -> None:
    (var_dir / "setup_code").write_text("LEFT-OVER-CODE")
    assert setup.open_code() is None
    assert setup.welcome("http://127.0.0.1:8000") == []
    assert not setup.opens("")
    assert not (var_dir / "setup_code").exists()


def test_a_second_set_up_does_not_exist(client: Client, company: Company) -> None:
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", {}).status_code == 404
    assert client.get("/setup/due/").status_code == 404


@pytest.mark.django_db
def test_a_wrong_code_is_refused_and_says_where_the_code_is(client: Client) -> None:
    answer = client.post("/setup/", answers(code="WRONG"))
    assert answer.status_code == 422
    assert "printed in the terminal" in answer.context["form"].errors["code"][0]
    assert 'value="Acme"' in answer.content.decode(), "what was typed stays"
    assert PASSWORD not in answer.content.decode()
    assert not Company.objects.exists()


@pytest.mark.django_db
def test_after_five_wrong_codes_even_the_right_one_waits(client: Client) -> None:
    cache.clear()
    for _ in range(5):
        client.post("/setup/", answers(code="WRONG"))
    answer = client.post("/setup/", answers())
    assert answer.status_code == 422
    assert "Wait ten minutes" in answer.context["form"].errors["code"][0]
    assert not Company.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "typed"),
    [("zone", "Berlin"), ("password", "short"), ("email", "maya"), ("company", ""), ("promise", "soon")],
)
def test_each_field_says_what_is_wrong_with_it(client: Client, field: str, typed: str) -> None:
    answer = client.post("/setup/", answers(**{field: typed}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


@pytest.mark.django_db
def test_it_shows_when_a_message_of_friday_afternoon_falls_due(client: Client) -> None:
    with clock.fixed(MONDAY):
        page = client.get("/setup/due/", {"zone": "America/New_York"}).content.decode()
    assert "Friday 5 June, 15:00" in page
    assert "Saturday 6 June, 15:00" in page
    assert "Monday 8 June, 15:00" in page


@pytest.mark.django_db
def test_the_example_minds_the_change_of_clocks(client: Client) -> None:
    with clock.fixed(MONDAY.replace(month=3, day=25)):  # the clocks of Berlin change on Sunday 29 March
        page = client.get("/setup/due/", {"zone": "Europe/Berlin"}).content.decode()
    assert "Saturday 28 March, 15:00" in page
    assert "Monday 30 March, 16:00" not in page
    assert "Monday 30 March, 15:00" in page


@pytest.mark.django_db
def test_show_works_without_a_script_and_keeps_what_was_typed(client: Client) -> None:
    answer = client.post("/setup/", {**answers(code=""), "show": "1"})
    assert answer.status_code == 200
    assert "falls due" in answer.content.decode()
    assert 'value="Acme"' in answer.content.decode()
    assert not answer.context["form"].errors


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_that_set_up_at_once_make_one_company() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite in memory has one connection")

    def found(number: int) -> bool:
        try:
            setup.found(f"Acme {number}", "UTC", f"p{number}@acme.example", "P", PASSWORD, MONDAY)
            return True
        except setup.SetUpRefused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(found, range(4))) == 1
    assert User.objects.count() == 1


def test_founding_twice_is_refused_and_leaves_nothing(company: Company) -> None:
    with pytest.raises(setup.SetUpRefused):
        setup.found("Other", "UTC", "other@acme.example", "Other", PASSWORD, MONDAY)
    assert not User.objects.exists()
