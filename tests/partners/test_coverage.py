"""The coverage wanted: set in a matrix or by a list, with why; partners listed by where they work."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from partners import memberships
from partners.coverage import wanting
from partners.coverage.wanting import Numbers
from partners.models import Event, Partner, PartnerType, Programme, Segment
from team.models import Region, User, Vertical
from tests.conftest import MONDAY
from tests.programs import program

PAGE, LIST = "/settings/coverage/", "/settings/coverage/list/"


@pytest.fixture
def dach(db: None) -> Region:
    return Region.objects.create(name="DACH")


@pytest.fixture
def retail(db: None) -> Vertical:
    return Vertical.objects.create(name="Retail")


@pytest.fixture
def erins(client: Client, erin: User) -> Client:
    client.force_login(erin)
    return client


def typed(erins: Client, address: str, **cells: str) -> dict[str, Any]:
    """The form as the page shows it, with other cells."""
    form = erins.get(address).context["form"]
    return {"why": "The plan of 2027.", "mark": form["mark"].value(), **cells}


# --- the matrix ---


def test_a_head_sets_the_numbers_of_a_type_and_says_why(
    erins: Client, reseller: PartnerType, dach: Region, retail: Vertical
) -> None:
    address = f"{PAGE}?type={reseller.pk}"
    cells = {f"p-{dach.pk}-{retail.pk}": "3", f"c-{dach.pk}-{retail.pk}": "6", f"p-{dach.pk}-0": "5"}
    assert erins.post(address, typed(erins, address, **cells)).status_code == 303
    assert wanting.wanted() == {
        (reseller.pk, dach.pk, retail.pk): Numbers(3, 6),
        (reseller.pk, dach.pk, None): Numbers(5, 0),
    }
    page = erins.get(address).content.decode()
    assert 'aria-label="DACH, Retail, live partners"' in page
    assert "Reseller · DACH · Retail: 0 / 0 → 3 / 6" in page
    assert "The plan of 2027." in page


def test_an_emptied_segment_is_wanted_no_more(
    erins: Client, erin: User, dach: Region, retail: Vertical
) -> None:
    wanting.want({(None, dach.pk, retail.pk): Numbers(3, 6)}, "So.", by=erin, at=MONDAY)
    assert erins.post(PAGE, typed(erins, PAGE)).status_code == 303
    assert not Segment.objects.exists()


def test_a_wrong_number_is_named_and_nothing_is_kept(erins: Client, dach: Region, retail: Vertical) -> None:
    cells = {f"p-{dach.pk}-{retail.pk}": "many", f"c-{dach.pk}-{retail.pk}": "6"}
    answer = erins.post(PAGE, typed(erins, PAGE, **cells))
    assert answer.status_code == 422
    assert answer.context["faults"] == ["DACH, Retail, live partners: “many” is no number from 0 to 9999."]
    page = answer.content.decode()
    assert 'value="many"' in page
    assert 'value="6"' in page
    assert not Segment.objects.exists()


def test_a_change_without_a_reason_is_refused(erins: Client, dach: Region) -> None:
    answer = erins.post(PAGE, typed(erins, PAGE, **{f"p-{dach.pk}-0": "3"}) | {"why": ""})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["why"]


def test_nobody_overwrites_what_another_changed_meanwhile(erins: Client, erin: User, dach: Region) -> None:
    stale = typed(erins, PAGE, **{f"p-{dach.pk}-0": "3"})
    wanting.want({(None, dach.pk, None): Numbers(7)}, "So.", by=erin, at=MONDAY)
    answer = erins.post(PAGE, stale)
    assert answer.status_code == 422
    assert (
        "any type · DACH · any vertical: 7 / 0 now, 3 / 0 by you" in answer.context["form"].errors.as_text()
    )
    assert wanting.wanted() == {(None, dach.pk, None): Numbers(7)}
    again = stale | {"mark": answer.context["form"]["mark"].value()}
    assert erins.post(PAGE, again).status_code == 303  # it was told, and is meant
    assert wanting.wanted() == {(None, dach.pk, None): Numbers(3)}


def test_what_another_changed_elsewhere_stands_in_nobodys_way(
    erins: Client, erin: User, dach: Region, reseller: PartnerType
) -> None:
    stale = typed(erins, PAGE, **{f"p-{dach.pk}-0": "3"})
    wanting.want({(reseller.pk, dach.pk, None): Numbers(7)}, "So.", by=erin, at=MONDAY)
    assert erins.post(PAGE, stale).status_code == 303
    assert wanting.wanted() == {(reseller.pk, dach.pk, None): Numbers(7), (None, dach.pk, None): Numbers(3)}


def test_what_was_retired_is_shown_while_something_is_wanted_there(
    erins: Client, erin: User, dach: Region, retail: Vertical
) -> None:
    wanting.want({(None, dach.pk, None): Numbers(7)}, "So.", by=erin, at=MONDAY)
    Region.objects.update(retired_at=MONDAY)
    Vertical.objects.update(retired_at=MONDAY)
    answer = erins.get(PAGE)
    assert [row.name for row in answer.context["rows"]] == ["Any region", "DACH"]
    assert answer.context["verticals"] == ["Any vertical"]


def test_a_type_that_is_not_there_is_not_found(erins: Client) -> None:
    assert erins.get(f"{PAGE}?type=99").status_code == 404
    assert erins.get(f"{PAGE}?type=no").status_code == 404


def test_who_steers_nothing_sets_nothing(client: Client, bob: User, dach: Region) -> None:
    client.force_login(bob)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"why": "So.", f"p-{dach.pk}-0": "3"}).status_code == 403
    assert not Segment.objects.exists()


def test_a_segment_has_one_row_whatever_is_any(dach: Region) -> None:
    Segment.objects.create(region=dach, partners=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Segment.objects.create(region=dach, partners=2)
    with pytest.raises(IntegrityError):
        Segment.objects.create(region=dach, kind=None, partners=0, people=0)


# --- lists ---


def test_a_list_sets_the_segments_it_names(
    erins: Client, erin: User, reseller: PartnerType, dach: Region, retail: Vertical
) -> None:
    wanting.want({(None, dach.pk, None): Numbers(7), (None, None, None): Numbers(9)}, "A", erin, MONDAY)
    rows = "any,dach,ANY,0,0\nReseller,DACH,Retail,3,\n"
    text = f"Type,Region,Vertical,Live partners,Certified people\n{rows}"
    answer = erins.post(LIST, typed(erins, LIST, text=text, why="The plan."), follow=True)
    assert "2 segments changed." in answer.content.decode()
    assert wanting.wanted() == {
        (None, None, None): Numbers(9),
        (reseller.pk, dach.pk, retail.pk): Numbers(3),
    }
    assert Event.objects.filter(kind=wanting.KIND).latest("pk").note == "The plan."


def test_one_wrong_row_keeps_the_list_out(erins: Client, dach: Region) -> None:
    rows = "any,DACH,any,3,\nany,Mars,any,3,\nany,DACH,,x,\nany,DACH,any,4,"
    text = f"Type,Region,Vertical,Live partners,Certified people\n{rows}"
    answer = erins.post(LIST, {"text": text, "why": "The plan."})
    assert answer.status_code == 422
    faults = " ".join(answer.context["form"].errors["text"])
    assert "Row 3: Region: “Mars” is not in the list" in faults
    assert "Row 4: Live partners: “x” is no number" in faults
    assert "Row 5: the same segment as in row 2" in faults
    assert not Segment.objects.exists()


def test_a_list_overwrites_nothing_that_another_changed_meanwhile(
    erins: Client, erin: User, dach: Region, retail: Vertical
) -> None:
    wanting.want({(None, dach.pk, None): Numbers(1)}, "So.", by=erin, at=MONDAY)
    rows = "any,DACH,any,3,\nany,any,Retail,2,\n"
    text = f"Type,Region,Vertical,Live partners,Certified people\n{rows}"
    stale = typed(erins, LIST, text=text)
    wanting.want({(None, dach.pk, None): Numbers(7)}, "So.", by=erin, at=MONDAY)
    answer = erins.post(LIST, stale)
    assert answer.status_code == 422
    assert (
        "any type · DACH · any vertical: 7 / 0 now, 3 / 0 by you" in answer.context["form"].errors.as_text()
    )
    assert wanting.wanted() == {(None, dach.pk, None): Numbers(7)}
    again = stale | {"mark": answer.context["form"]["mark"].value()}
    assert erins.post(LIST, again).status_code == 303
    assert wanting.wanted() == {(None, dach.pk, None): Numbers(3), (None, None, retail.pk): Numbers(2)}


def test_what_is_handed_out_can_be_handed_in_again(
    erins: Client, erin: User, dach: Region, reseller: PartnerType
) -> None:
    wanting.want({(reseller.pk, dach.pk, None): Numbers(7, 2)}, "So.", by=erin, at=MONDAY)
    file = b"".join(erins.get(f"{PAGE}wanted.csv").streaming_content)  # type: ignore[arg-type]
    Segment.objects.all().delete()
    handed = typed(erins, LIST, file=SimpleUploadedFile("wanted.csv", file))
    answer = erins.post(LIST, handed)
    assert answer.status_code == 303
    assert wanting.wanted() == {(reseller.pk, dach.pk, None): Numbers(7, 2)}


# --- the list of partners ---


def test_the_list_narrows_to_where_partners_work(
    erins: Client,
    alice: User,
    northwind: Partner,
    contoso: Partner,
    programme: Programme,
    dach: Region,
    retail: Vertical,
) -> None:
    nordics = Region.objects.create(name="Nordics")
    Partner.objects.filter(pk=northwind.pk).update(region=dach)
    memberships.join(contoso, programme, by=alice, at=MONDAY, is_main=True, regions=[dach, nordics])
    contoso.verticals.add(retail, Vertical.objects.create(name="Energy"))

    def found(query: str) -> list[str]:
        return [row.name for row in erins.get(f"/partners/?{query}").context["rows"]]

    assert found(f"covers={dach.pk}") == ["Contoso", "Northwind"]
    assert found(f"covers={nordics.pk}") == ["Contoso"]
    assert found(f"covers={nordics.pk}&covers={dach.pk}") == ["Contoso", "Northwind"]
    assert found(f"vertical={retail.pk}") == ["Contoso"]
    both = "&".join(f"vertical={each.pk}" for each in Vertical.objects.all())
    assert found(both) == ["Contoso"]
    assert found(f"covers={dach.pk}&vertical={retail.pk}") == ["Contoso"]
    assert found("") == ["Contoso", "Northwind"]
    memberships.end(contoso.memberships.get(), on=MONDAY.date(), by=alice, at=MONDAY)
    assert found(f"covers={nordics.pk}") == []
    assert "Works in" in erins.get(f"/partners/?covers={nordics.pk}").content.decode()
    assert erins.get("/partners/?covers=x&vertical=999999").context["faults"]


# --- by other programs ---


def test_a_program_sets_segments_all_or_none(erin: User, reseller: PartnerType, dach: Region) -> None:
    here = "/api/v1/coverage-wanted/"
    wanting.want({(None, None, None): Numbers(9, 0)}, "So.", by=erin, at=MONDAY)
    segments = [{"kind": "Reseller", "region": dach.pk, "partners": 3, "people": 6}, {"partners": 0}]
    set_anew = program(erin).send(f"{here}want/", {"segments": segments, "why": "The plan of 2027."})
    assert (set_anew.status_code, set_anew.json()) == (200, {"changed": 2})
    (told,) = program(erin).get(here).json()["results"]
    assert {name: told[name] for name in ("kind", "region", "vertical", "partners", "people")} == {
        "kind": reseller.pk,
        "region": dach.pk,
        "vertical": None,
        "partners": 3,
        "people": 6,
    }
    again = program(erin).send(f"{here}want/", {"segments": segments, "why": "The same."})
    assert again.json() == {"changed": 0}


def test_a_program_is_told_what_cannot_be_wanted(erin: User, bob: User, dach: Region) -> None:
    here = "/api/v1/coverage-wanted/want/"
    good = {"segments": [{"region": "DACH", "partners": 3}], "why": "The plan."}
    assert program(bob).send(here, {"no": "matter"}).status_code == 403
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"why": ""}, "why"),
        ({"segments": []}, "segments"),
        ({"segments": [{"region": "Atlantis", "partners": 3}]}, "segments"),
        ({"segments": [{"region": "DACH", "partners": -1}]}, "segments"),
        ({"segments": [{"region": "DACH"}, {"region": dach.pk, "people": 1}]}, "segments"),
    ]
    for other, field in wrong:
        answer = program(erin).send(here, good | other)
        assert (answer.status_code, set(answer.json())) == (400, {field}), answer.content
    assert not Segment.objects.exists()


def test_a_program_overwrites_nothing_that_it_did_not_see(erin: User, dach: Region) -> None:
    here = "/api/v1/coverage-wanted/want/"
    wanting.want({(None, dach.pk, None): Numbers(7)}, "So.", by=erin, at=MONDAY)
    wanted = {"region": "DACH", "partners": 3, "seen": {"partners": 1}}
    answer = program(erin).send(here, {"segments": [wanted], "why": "The plan."})
    assert answer.status_code == 409
    assert answer.json()["reasons"] == ["any type · DACH · any vertical: 7 / 0 now, 3 / 0 by you"]
    assert wanting.wanted() == {(None, dach.pk, None): Numbers(7)}
    seen = wanted | {"seen": {"partners": 7}}
    assert program(erin).send(here, {"segments": [seen], "why": "The plan."}).json() == {"changed": 1}
    unseen = {"region": "DACH", "partners": 4}
    assert program(erin).send(here, {"segments": [unseen], "why": "The plan."}).json() == {"changed": 1}


def test_a_program_sets_segments_once_under_a_key(erin: User, dach: Region) -> None:
    here, key = "/api/v1/coverage-wanted/want/", {"headers": {"Idempotency-Key": "plan 2027"}}
    asked = {"segments": [{"region": "DACH", "partners": 3}], "why": "The plan."}
    assert program(erin).send(here, asked, **key).json() == {"changed": 1}
    wanting.want({(None, dach.pk, None): Numbers(7)}, "So.", by=erin, at=MONDAY)
    again = program(erin).send(here, asked, **key)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == ({"changed": 1}, "true")
    assert wanting.wanted() == {(None, dach.pk, None): Numbers(7)}
    other = program(erin).send(here, asked | {"why": "Another."}, **key)
    assert other.status_code == 409
