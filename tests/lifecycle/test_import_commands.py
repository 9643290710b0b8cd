"""The commands by which deals and results come in: statuses and last lines as those of partners."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lifecycle.growth import phases
from lifecycle.models import Certificate, Course, Deal
from partners.models import Contact, Partner
from prm.models import Import
from team.models import Role, User
from tests.conftest import MONDAY, person

DEALS = "Deal id,Partner,Customer,Stage\nA1,Northwind,Baker Foods,Proposal\nA2,Northwind,Linden,{}\n"
RESULTS = (
    "Partner,Email,Course,Day,Result\n"
    "Northwind,nora@northwind.example,Selling,2026-05-04,Passed\n"
    "Northwind,nora@northwind.example,Selling,2026-05-05,{}\n"
)
BOTH = pytest.mark.parametrize(
    ("name", "text", "good", "things"),
    [("deals", DEALS, "Proposal", "deals"), ("results", RESULTS, "Failed", "results")],
)


@pytest.fixture(autouse=True)
def _known(northwind: Partner, nora: Contact) -> None:
    Contact.objects.filter(pk=nora.pk).update(email="nora@northwind.example")
    phases.seed()
    Course.objects.create(title="Selling", published_at=MONDAY, created_at=MONDAY)


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "list.csv"
        path.write_text(text)
        return str(path)

    return write


def command(name: str, *args: str) -> tuple[int, str]:
    """The exit status and the last line."""
    out, status = io.StringIO(), 0
    try:
        call_command(f"import_{name}", *args, stdout=out)
    except SystemExit as stop:
        status = int(str(stop.code))
    return status, out.getvalue().strip().splitlines()[-1]


def held() -> int:
    return Deal.objects.count() + Certificate.objects.count()


@BOTH
def test_it_lets_in_what_it_was_asked_for_once(
    name: str, text: str, good: str, things: str, listed: Callable[[str], str]
) -> None:
    file = listed(text.format(good))
    dry = f"Dry run: 2 {things} added, 0 changed, 0 rows the same, 0 rejected. Nothing was changed."
    assert command(name, file, "--dry-run") == (0, dry)
    assert (held(), Import.objects.count()) == (0, 0)
    assert command(name, file) == (0, f"2 {things} added, 0 changed, 0 rows the same, 0 rejected.")
    assert command(name, file) == (0, f"0 {things} added, 0 changed, 2 rows the same, 0 rejected.")


@BOTH
def test_nothing_goes_in_while_a_row_is_rejected(
    name: str, text: str, good: str, things: str, listed: Callable[[str], str]
) -> None:
    file = listed(text.format("Dreaming"))
    assert command(name, file) == (1, "Nothing went in: 1 of 2 rows rejected.")
    assert command(name, file, "--dry-run")[0] == 1
    assert held() == 0
    told = f"1 {things.removesuffix('s')} added, 0 changed, 0 rows the same, 1 rejected."
    assert command(name, file, "--skip-rejected") == (0, told)
    column = "phase" if name == "deals" else "result"
    assert command(name, file, "--map", f"{column}:Dreaming={good}")[0] == 0


@BOTH
def test_it_says_what_is_wrong_and_asks_what_somebody_may(
    name: str, text: str, good: str, things: str, listed: Callable[[str], str], alice: User
) -> None:
    person("Mia", Role.MARKETING)
    file = listed(text.format(good))
    for args, words in (
        (["--by", "mia@acme.example"], "Your roles do not allow this"),
        (["--column", "Partner=moon"], "is nothing a column can be"),
        (["--map", "Partner:a=b"], "has no list of values"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command(f"import_{name}", file, *args)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command(f"import_{name}", "/nowhere.csv")
    assert (held(), Import.objects.count()) == (0, 0)
    assert command(name, file, "--by", "alice@acme.example")[0] == 0
