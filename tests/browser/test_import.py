"""Importing a list in a real browser: upload, watch, map, let in."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from partners.models import Partner, PartnerType
from prm import jobs
from team.models import User
from tests.conftest import MONDAY

LIST = (
    "Company,Web site,Country,Type,Stage,Signed on,Contact,E-mail\n"
    "Northwind GmbH,https://northwind.com/partners,Germany,Reseller,Growth,2024-03-01,Nora,nora@northwind.com\n"
    "Contoso,contoso.com,UK,Training,,,Omar,omar@contoso.com\n"
    "Fabrikam,fabrikam.com,Atlantis,Reseller,,,,\n"
    "Northwind Cloud,https://cloud.northwind.com,DE,Reseller,,,Nils,nils@northwind.com\n"
)


def test_a_list_goes_in(
    page: Page, alice: User, reseller: PartnerType, tmp_path: Path, accessible: Callable[[Page], None]
) -> None:
    path = tmp_path / "partners.csv"
    path.write_text(LIST)
    page.goto("/partners/import/")
    accessible(page)
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("The file is being read and checked")).to_be_visible()
    accessible(page)

    jobs.run_due(at=MONDAY)
    expect(page.get_by_text("2 rows are rejected.")).to_be_visible()  # the page asks by itself
    accessible(page)
    page.get_by_role("link", name="Columns and values").click()
    accessible(page)
    page.get_by_label("Training").select_option("Leave the value out")
    page.get_by_label("Atlantis").select_option("Greece")
    page.get_by_label("Rows without an owner go to").select_option("me")
    page.get_by_role("button", name="Check again").click()

    jobs.run_due(at=MONDAY)
    page.get_by_role("button", name="Let them in").click()
    expect(page.get_by_text("The partners are going in")).to_be_visible()
    jobs.run_due(at=MONDAY)
    expect(page.get_by_text("3 partners added, 0 changed")).to_be_visible()
    accessible(page)
    assert Partner.objects.filter(owner=alice).count() == 3
    assert page.complaints == []  # type: ignore[attr-defined]
