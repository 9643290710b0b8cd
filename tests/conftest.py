"""A named cast: Alice manages Northwind; Bob may look and answer; Erin leads; Ravi is admin;
Nora is Northwind's contact; Omar is a contact at Contoso. The week begins on MONDAY."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import translation

from conversations.models import Policy
from partners import contacts, organisations
from partners.models import Contact, Partner, PartnerType, Programme, Tier
from prm import standstill
from prm.models import Heartbeat
from team.models import Calendar, Company, Grant, Role, User
from tests import migrated
from tests.emptied import committed_rows_go_quickly as committed_rows_go_quickly
from tests.scene import scene as scene
from tests.sink import Sink, running

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=BERLIN).astimezone(UTC)
WORKERS_RUN = datetime(2100, 1, 1, tzinfo=UTC)  # a heartbeat that is recent at every moment of a test


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """As pytest-django has it; and on SQLite the database begins as a copy."""
    if connection.vendor == "sqlite":
        migrated.begin_with_a_copy()


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(settings: Any) -> None:
    """Redis knows no rollback: each test counts under a prefix of its own."""
    cache = settings.CACHES["default"]
    if "redis" in cache["BACKEND"]:
        settings.CACHES = {"default": {**cache, "KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture(autouse=True)
def _no_mail_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page of a test sends the mail about a standstill in a thread; tests/team/test_standstill.py does."""
    monkeypatch.setattr(standstill, "_look_again_at", WORKERS_RUN)


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which every word that can be translated stands in «guillemets»."""
    words = translation._trans  # type: ignore[attr-defined]
    monkeypatch.setattr(words, "get_language", lambda: "x-guillemets")
    monkeypatch.setattr(words, "gettext", lambda text: f"«{text}»")
    monkeypatch.setattr(words, "ngettext", lambda one, many, n: f"«{one if n == 1 else many}»")


@pytest.fixture
def company(db: None) -> Company:
    calendar = Calendar.objects.create(
        name="Office", zone="Europe/Berlin", weekly={str(day): [["09:00", "17:00"]] for day in range(5)}
    )
    Policy.objects.create(created_at=MONDAY)
    Heartbeat.objects.create(name="sweep", ended_at=WORKERS_RUN)
    return Company.objects.create(name="Acme", zone="Europe/Berlin", calendar=calendar, set_up_at=MONDAY)


def person(name: str, *roles: str, lead: User | None = None) -> User:
    user = User.objects.create_user(
        f"{name.lower()}@acme.example", "a long enough phrase", name=name, zone="Europe/Berlin", lead=lead
    )
    Grant.objects.bulk_create([Grant(user=user, role=role) for role in roles])
    return user


@pytest.fixture
def erin(company: Company) -> User:
    return person("Erin", Role.HEAD)


@pytest.fixture
def alice(erin: User) -> User:
    return person("Alice", Role.FULL_LIFECYCLE, lead=erin)


@pytest.fixture
def bob(erin: User) -> User:
    return person("Bob", Role.GROWTH, lead=erin)


@pytest.fixture
def ravi(company: Company) -> User:
    return person("Ravi", Role.ADMIN)


@pytest.fixture
def reseller(db: None) -> PartnerType:
    return PartnerType.objects.get_or_create(name="Reseller")[0]


@pytest.fixture
def programme(reseller: PartnerType) -> Programme:
    programme = Programme.objects.create(name="Reseller programme", kind=reseller)
    Tier.objects.create(programme=programme, name="Gold", rank=1)
    Tier.objects.create(programme=programme, name="Silver", rank=2)
    return programme


@pytest.fixture
def northwind(alice: User) -> Partner:
    return organisations.add(
        "Northwind", by=alice, at=MONDAY, owner=alice, website="https://www.northwind.co.uk"
    )


@pytest.fixture
def contoso(alice: User) -> Partner:
    return organisations.add("Contoso", by=alice, at=MONDAY, website="https://www.contoso.com")


@pytest.fixture
def nora(northwind: Partner, alice: User) -> Contact:
    return contacts.add(northwind, "Nora Berg", by=alice, at=MONDAY, email="Nora@northwind.co.uk")


@pytest.fixture
def omar(contoso: Partner, alice: User) -> Contact:
    return contacts.add(contoso, "Omar Aziz", by=alice, at=MONDAY, email="omar@contoso.com")


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server is set, and keeps what it is sent."""
    with running() as sink:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{sink.port}"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "real_data" in item.keywords and not os.environ.get("REAL_DATA"):
            item.add_marker(pytest.mark.skip(reason="REAL_DATA is not set"))
        if "postgres" in item.keywords and "postgres" not in os.environ.get("DATABASE_URL", ""):
            item.add_marker(pytest.mark.skip(reason="DATABASE_URL names no PostgreSQL"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many tests read the real input, so that nobody takes a skip for a pass."""
    ran = {"passed": 0, "failed": 0, "skipped": 0}
    for how in ran:
        reports = terminalreporter.stats.get(how, [])
        ran[how] = sum("real_data" in report.keywords for report in reports)
    if ran["skipped"] and not os.environ.get("REAL_DATA"):
        terminalreporter.write_line(f"REAL_DATA is not set: {ran['skipped']} tests skipped")
    elif read := ran["passed"] + ran["failed"]:
        terminalreporter.write_line(f"real data: {read} tests read it")
