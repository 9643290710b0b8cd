"""Importing on the page: upload, columns and values, preview, in; and the command beside it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from partners.importing import writing
from partners.models import Partner, PartnerType, Programme
from prm import jobs, tables
from prm.models import Import, Job
from team.models import Role, User
from tests.conftest import MONDAY, person
from tests.team.test_choosing import hire

GOOD = "Name,Website,Type\nNorthwind,northwind.com,Reseller\nContoso,contoso.com,Training\n"


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


def upload(client: Client, text: str = GOOD, name: str = "list.csv") -> Import:
    file = SimpleUploadedFile(name, text.encode())
    answer = client.post("/partners/import/", {"file": file})
    assert answer.status_code == 303, answer.content.decode()
    jobs.run_due(at=MONDAY)
    return Import.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def page(client: Client, imported: Import, query: str = "") -> str:
    answer = client.get(f"/partners/import/{imported.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_list_goes_in_by_the_page(
    signed_in: Callable[[User], Client], ravi: User, reseller: PartnerType
) -> None:
    client = signed_in(ravi)
    imported = upload(client)
    shown = page(client, imported)
    assert "1 row is rejected" in shown
    assert "“Training” is in no list" in shown
    form = client.get(f"/partners/import/{imported.pk}/columns/").context["form"]
    (line,) = form.value_lines()
    typed = {name: form[name].value() or "" for name in form.fields} | {
        line.field.html_name: "+",
        "owner": "mine",
    }
    assert client.post(f"/partners/import/{imported.pk}/columns/", typed).status_code == 303
    jobs.run_due(at=MONDAY)
    assert "Let them in" in page(client, imported)
    assert client.post(f"/partners/import/{imported.pk}/run/").status_code == 303
    jobs.run_due(at=MONDAY)
    assert "2 partners added" in page(client, imported)
    assert set(Partner.objects.values_list("name", "owner__name", "kind__name")) == {
        ("Northwind", "Ravi", "Reseller"),
        ("Contoso", "Ravi", "Training"),
    }


ODD = "Firma,Type\nNorthwind,VAR\n"
HEADERS = "FIRMA,type\n"


def settle(client: Client, imported: Import, **typed: str) -> None:
    """Choose on the form what columns and values mean; the other fields stay as they are."""
    form = client.get(f"/partners/import/{imported.pk}/columns/").context["form"]
    (line,) = form.value_lines()
    shown = {name: form[name].value() or "" for name in form.fields}
    sent = shown | {line.field.html_name: typed.pop("value")} | typed
    assert client.post(f"/partners/import/{imported.pk}/columns/", sent).status_code == 303
    jobs.run_due(at=MONDAY)


def test_a_file_with_known_headers_is_read_as_the_earlier_one(
    signed_in: Callable[[User], Client], alice: User, ravi: User, reseller: PartnerType
) -> None:
    settle(signed_in(alice), upload(signed_in(alice), ODD, "spring.csv"), value="=Reseller", stage="growth")
    client = signed_in(ravi)
    imported = upload(client, f"{HEADERS}Contoso,VAR\n", "summer.csv")
    shown = page(client, imported)
    assert "The headers are those of spring.csv, so columns and values are read as there (Alice" in shown
    assert f"/partners/import/{imported.pk}/columns/" in shown
    assert not imported.has_rejected
    assert imported.mapping["stage"] == "identified", "it says nothing of the rows themselves"


def test_what_was_recalled_can_be_changed_and_is_then_remembered(
    signed_in: Callable[[User], Client], alice: User, reseller: PartnerType, programme: Programme
) -> None:
    client = signed_in(alice)
    settle(client, upload(client, ODD, "spring.csv"), value="=Reseller")
    imported = upload(client, f"{HEADERS}Contoso,VAR\n", "summer.csv")
    settle(client, imported, value="-")
    assert "The headers are those of" not in page(client, imported)
    again = upload(client, f"{HEADERS}Fabrikam,VAR\n", "autumn.csv")
    assert "The headers are those of summer.csv" in page(client, again)
    assert again.mapping["values"]["kind"] == {"var": "-"}


def test_other_headers_and_a_mapping_nobody_settled_recall_nothing(
    signed_in: Callable[[User], Client], alice: User, reseller: PartnerType
) -> None:
    client = signed_in(alice)
    first = upload(client, ODD)
    assert upload(client, ODD).read_as is None, "nobody looked at the first one"
    settle(client, first, value="=Reseller")
    assert upload(client, "Firma,Type,City\nNorthwind,VAR,Oslo\n").read_as is None


def test_an_earlier_word_adds_nothing_to_our_lists(
    signed_in: Callable[[User], Client], ravi: User, alice: User, company: Any
) -> None:
    admin = signed_in(ravi)
    settle(admin, upload(admin, ODD), value="+")
    imported = upload(signed_in(alice), f"{HEADERS}Contoso,VAR\n")
    assert imported.read_as is not None
    assert imported.has_rejected
    assert not PartnerType.objects.filter(name="VAR").exists()


def test_a_list_of_which_nothing_can_go_in_is_not_called_ready(
    signed_in: Callable[[User], Client], alice: User, reseller: PartnerType
) -> None:
    client = signed_in(alice)
    imported = upload(client, "Name,Type\nContoso,Training\n")
    shown = page(client, imported)
    assert "Nothing can go in yet" in shown
    assert "Ready to go in" not in shown
    assert "then check again" in shown


def test_nobody_but_an_admin_adds_to_the_lists(
    signed_in: Callable[[User], Client], alice: User, reseller: PartnerType
) -> None:
    client = signed_in(alice)
    imported = upload(client)
    form = client.get(f"/partners/import/{imported.pk}/columns/").context["form"]
    (line,) = form.value_lines()
    typed = {name: form[name].value() or "" for name in form.fields} | {line.field.html_name: "+"}
    answer = client.post(f"/partners/import/{imported.pk}/columns/", typed)
    assert answer.status_code == 422
    assert "is not one of the available choices" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [({"column_0": ""}, "which column holds"), ({"column_1": "name"}, "cannot all be “Name”")],
)
def test_columns_that_make_no_sense_are_refused_and_stay_as_typed(
    signed_in: Callable[[User], Client], alice: User, change: dict[str, str], words: str
) -> None:
    client = signed_in(alice)
    imported = upload(client)
    form = client.get(f"/partners/import/{imported.pk}/columns/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | change | {"owner": "mine"}
    answer = client.post(f"/partners/import/{imported.pk}/columns/", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert answer.context["form"]["owner"].value() == "mine"


def test_rejected_rows_are_left_out_only_when_asked(
    signed_in: Callable[[User], Client], alice: User, reseller: PartnerType
) -> None:
    client = signed_in(alice)
    imported = upload(client)
    answer = client.post(f"/partners/import/{imported.pk}/run/")
    assert answer.status_code == 422
    assert "1 row rejected" in answer.content.decode()
    client.post(f"/partners/import/{imported.pk}/run/", {"skip_rejected": "1"})
    jobs.run_due(at=MONDAY)
    assert Partner.objects.get().name == "Northwind"
    assert client.post(f"/partners/import/{imported.pk}/run/", {"skip_rejected": "1"}).status_code == 422


def test_rejected_rows_come_back_as_a_file_that_runs_nothing(
    signed_in: Callable[[User], Client], alice: User
) -> None:
    client = signed_in(alice)
    imported = upload(client, "Name,Country\n=cmd|' /C calc'!A0,Atlantis\n")
    answer = client.get(f"/partners/import/{imported.pk}/rejected.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    header, row = text.splitlines()
    assert header == "Name,Country,Row,Why it was rejected"
    assert row.startswith("'=cmd")
    assert "attachment" in answer["Content-Disposition"]
    assert "'=cmd" not in upload(client, text.replace("Atlantis", "DE")).rows.get().title


def test_a_broken_file_says_why_and_the_way_out(signed_in: Callable[[User], Client], alice: User) -> None:
    client = signed_in(alice)
    imported = upload(client, "Name,Name\nA,B\n")
    assert "Two columns are called" in page(client, imported)
    assert "Choose another file" in page(client, imported)


def test_a_file_too_large_is_refused_before_it_is_kept(
    signed_in: Callable[[User], Client], alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    answer = signed_in(alice).post("/partners/import/", {"file": SimpleUploadedFile("x.csv", b"x" * 11)})
    assert answer.status_code == 422
    assert "20 MB at most" in answer.content.decode()
    assert not Import.objects.exists()


def test_a_page_at_work_asks_again_and_reads_without_script(
    signed_in: Callable[[User], Client], alice: User
) -> None:
    client = signed_in(alice)
    answer = client.post("/partners/import/", {"file": SimpleUploadedFile("list.csv", GOOD.encode())})
    shown = client.get(answer["Location"]).content.decode()
    assert 'hx-trigger="every 1500ms"' in shown
    assert "Look again" in shown
    part = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="where"')
    jobs.run_due(at=MONDAY)
    assert "hx-trigger" not in client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()


def test_an_import_whose_job_stopped_says_so_and_is_checked_again(
    signed_in: Callable[[User], Client], alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(alice)
    imported = upload(client, "Name\nNorthwind\n")

    def fail(*args: Any) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(writing, "make_ready", fail)
        client.post(f"/partners/import/{imported.pk}/run/")
        jobs.run_due(at=MONDAY)
    assert "It stopped: the disk is full" in page(client, imported)
    assert not Partner.objects.exists()
    client.post(f"/partners/import/{imported.pk}/again/")
    jobs.run_due(at=MONDAY)
    client.post(f"/partners/import/{imported.pk}/run/")
    jobs.run_due(at=MONDAY)
    assert Partner.objects.count() == 1


def test_a_job_taken_up_again_gives_the_same_result(signed_in: Callable[[User], Client], alice: User) -> None:
    client = signed_in(alice)
    imported = upload(client, "Name\nNorthwind\nContoso\n")
    client.post(f"/partners/import/{imported.pk}/run/")
    job = Job.objects.get(state=Job.State.WAITING)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, leased_until=MONDAY)  # its worker died
    jobs.run_due(at=MONDAY + jobs.LEASE)
    assert Partner.objects.count() == 2
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, leased_until=MONDAY)
    jobs.run_due(at=MONDAY + jobs.LEASE)
    assert Partner.objects.count() == 2


def test_a_dropped_file_is_gone(signed_in: Callable[[User], Client], alice: User) -> None:
    client = signed_in(alice)
    imported = upload(client)
    assert client.post(f"/partners/import/{imported.pk}/drop/").status_code == 303
    assert client.get(f"/partners/import/{imported.pk}/").status_code == 404
    assert not imported.rows.exists()


def test_who_sees_an_import(
    signed_in: Callable[[User], Client], alice: User, bob: User, erin: User, ravi: User
) -> None:
    imported = upload(signed_in(alice))
    address = f"/partners/import/{imported.pk}/"
    assert signed_in(bob).get(address).status_code == 404
    assert signed_in(bob).post(f"{address}run/").status_code == 404
    assert signed_in(erin).get(address).status_code == 200
    assert signed_in(ravi).get(address).status_code == 200
    assert signed_in(person("Mia", Role.MARKETING)).get("/partners/import/").status_code == 403
    signed_in(alice).logout()
    assert signed_in(alice).post(address).status_code == 405


def test_anonymous_people_are_sent_to_sign_in(client: Client, company: Any) -> None:
    assert client.get("/partners/import/").status_code == 302


def test_rows_are_paged_and_the_queries_stay_few(
    signed_in: Callable[[User], Client], alice: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(alice)
    imported = upload(client, "Name\n" + "".join(f"Firm {n}\n" for n in range(60)))
    page(client, imported)
    with django_assert_max_num_queries(16):
        shown = page(client, imported, "?show=new&after=26")
    assert "Firm 25<" in shown
    assert "Firm 24<" not in shown
    assert "after=51" in shown
    page(client, imported, "?show=nonsense&after=%D9%A3")


# --- the command ------------------------------------------------------------------------------------------


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "list.csv"
        path.write_text(text)
        return str(path)

    return write


def command(*args: str) -> tuple[int, str]:
    """The exit status and the last line."""
    out = io.StringIO()
    status = 0
    try:
        call_command("import_partners", *args, stdout=out)
    except SystemExit as stop:
        status = int(str(stop.code))
    return status, out.getvalue().strip().splitlines()[-1]


def test_the_command_lets_in_what_it_was_asked_for(company: Any, listed: Callable[[str], str]) -> None:
    file = listed("Name,Country\nNorthwind,DE\nContoso,AT\n")
    assert command(file, "--dry-run") == (
        0,
        "Dry run: 2 partners added, 0 changed, 0 rows the same, 0 rejected. Nothing was changed.",
    )
    assert not Partner.objects.exists()
    assert not Import.objects.exists()
    assert command(file) == (0, "2 partners added, 0 changed, 0 rows the same, 0 rejected.")
    assert command(file) == (0, "0 partners added, 0 changed, 2 rows the same, 0 rejected.")


def test_the_command_lets_nothing_in_while_a_row_is_rejected(
    company: Any, listed: Callable[[str], str]
) -> None:
    file = listed("Name,Country\nNorthwind,DE\nContoso,Atlantis\n")
    assert command(file) == (1, "Nothing went in: 1 of 2 rows rejected.")
    assert command(file, "--dry-run")[0] == 1
    assert not Partner.objects.exists()
    status, line = command(file, "--skip-rejected")
    assert (status, line) == (0, "1 partner added, 0 changed, 0 rows the same, 1 rejected.")
    assert Partner.objects.get().name == "Northwind"


def test_the_command_gives_partners_to_whoever_imports(alice: User, listed: Callable[[str], str]) -> None:
    command(listed("Name\nNorthwind\n"), "--by", "alice@acme.example", "--mine", "--stage", "growth")
    partner = Partner.objects.get()
    assert (partner.owner, partner.stage) == (alice, "growth")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["/nowhere.csv"], "cannot be read"),
        (["{file}", "--by", "nobody@acme.example"], "Nobody here has the address"),
        (["{file}", "--mine"], "--mine needs --by"),
        (["{file}", "--stage", "moon"], "is no stage a partner can come in at"),
    ],
)
def test_the_command_says_what_is_wrong(
    company: Any, listed: Callable[[str], str], args: list[str], words: str
) -> None:
    file = listed("Name\nNorthwind\n")
    with pytest.raises(CommandError, match=words):
        call_command("import_partners", *[arg.format(file=file) for arg in args])
    assert not Import.objects.exists()


def test_the_command_refuses_a_broken_file(company: Any, listed: Callable[[str], str]) -> None:
    with pytest.raises(CommandError, match="no row below"):
        call_command("import_partners", listed("Name\n"))


def test_the_command_is_told_what_columns_and_values_mean(
    programme: Programme, listed: Callable[[str], str]
) -> None:
    file = listed("Who,Name,Type,Level,Area\nNorthwind,Nora Berg,VAR,none,Nordics\n")
    said = ["--column", "Who=name", "--column", "Name=Contact: name", "--column", "Area=region"]
    mapped = ["--map", "Type:VAR=reseller", "--map", "Level:none=-", "--map", "Region:Nordics=+"]
    assert command(file, *said, *mapped)[0] == 0
    partner = Partner.objects.get()
    assert (partner.name, partner.kind and partner.kind.name) == ("Northwind", "Reseller")
    assert partner.region is not None
    assert (partner.region.name, partner.contacts.get().name) == ("Nordics", "Nora Berg")


def test_the_command_reads_known_headers_as_before_and_says_so(
    reseller: PartnerType, listed: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(listed(ODD), "--map", "Type:VAR=Reseller")[0] == 0
    out = io.StringIO()
    call_command("import_partners", listed(f"{HEADERS}Contoso,VAR\n"), stdout=out)
    assert "Columns and values are read as in list.csv." in out.getvalue()
    assert "1 partner added" in out.getvalue()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--column", "Firma"], "Write it like “Firma=name”"),
        (["--column", "Company=name"], "no column “Company”. It has: Firma, Type."),
        (["--column", "Firma=colour"], "“colour” is nothing a column can be. It can be: name, legal_name"),
        (["--map", "VAR=Reseller"], "Write it like “Type:VAR=Reseller”"),
        (["--map", "Name:Northwind=Reseller"], "The file has no column “Name”"),
        (["--map", "Firma:Northwind=Reseller"], "“Firma” has no list of values. These have one: Country"),
        (["--map", "Type:VAR=Retailer"], "“Retailer” stands in no list of ours. Type can be: Reseller"),
        (["--map", "Country:Narnia=+"], "stands in no list of ours. Country can be"),
    ],
)
def test_the_command_says_what_it_did_not_understand(
    reseller: PartnerType, listed: Callable[[str], str], args: list[str], words: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("import_partners", listed(ODD), *args)
    assert words in str(refusal.value)
    assert not Import.objects.exists()


def test_of_many_entries_the_command_names_those_spelt_like_what_was_said(
    alice: User, listed: Callable[[str], str]
) -> None:
    hire(500 - User.objects.current().count())
    User.objects.filter(name="Ada Berg 007").update(name="Érika Nordmann", email="erika@acme.example")

    def says(of: str) -> str:
        with pytest.raises(CommandError) as refusal:
            call_command("import_partners", listed("Name,Owner\nNorthwind,E. N.\n"), "--map", of)
        return str(refusal.value)

    owner = "Owner can be one of 500, such as: Érika Nordmann · erika@acme.example, "
    assert owner in says("Owner:E. N.=Erica Nordman")
    assert owner in says("Owner:E. N.=erika@acme.exmaple")
    assert says("Owner:E. N.=nobody").count("@acme.example") == 5
    assert " such as: Germany, " in says("Country:x=Germny")


@pytest.mark.parametrize("number", [3, 60])
def test_whom_an_unknown_owner_means_is_chosen_or_called(
    signed_in: Callable[[User], Client], alice: User, bob: User, reseller: PartnerType, number: int
) -> None:
    hire(number)
    erika = User.objects.create_user("erika@acme.example", name="Érika Nordmann")
    client = signed_in(alice)
    imported = upload(client, "Name,Owner\nNorthwind,E. N.\nContoso,Robert\nFabrikam,gone\nTailspin,\n")
    columns = f"/partners/import/{imported.pk}/columns/"
    page = client.get(columns)
    assert page.text.count("Ada Berg") == (4 * 3 if number == 3 else 0)
    form = page.context["form"]
    names = {line.text: line.field.html_name for line in form.value_lines()}
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {names["E. N."]: str(erika.pk), names["Robert"]: "bob@acme.example", names["gone"]: "-"}
    unclear = client.post(columns, typed | {names["Robert"]: "nobody here", "owner": "mine"})
    assert unclear.status_code == 422
    assert "Robert: No colleague is called “nobody here”." in unclear.text
    assert client.post(columns, typed | {"owner": "erika"}).status_code == 303
    jobs.run_due(at=MONDAY)
    imported.refresh_from_db()
    meant = {"e. n.": f"={erika.pk}", "robert": f"={bob.pk}", "gone": "-"}
    assert imported.mapping["values"]["owner"] == meant
    assert imported.mapping["owner"] == str(erika.pk)
    again = client.get(columns).text
    shown = "Érika Nordmann</option>" if number == 3 else 'value="Érika Nordmann &lt;erika@acme.example&gt;"'
    assert again.count(shown) == (4 if number == 3 else 2)
