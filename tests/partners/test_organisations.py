"""Facts of a partner change with a trace, and can be taken back."""

from datetime import timedelta

import pytest

from partners import history, organisations
from partners.models import Event, Partner
from partners.searching import refresh
from team.models import Region, User, Vertical
from tests.conftest import MONDAY

LATER = MONDAY + timedelta(hours=1)


def test_a_former_name_and_domain_stay_as_aliases(northwind: Partner, alice: User) -> None:
    organisations.change(
        northwind, {"name": "Westwind", "website": "https://westwind.example"}, by=alice, at=LATER
    )
    assert northwind.domain == "westwind.example"
    assert {n.name for n in northwind.names.all()} == {"Northwind", "Westwind"}
    assert {d.domain for d in northwind.domains.all()} == {"northwind.co.uk", "westwind.example"}
    for words in ("northwind", "westwind.example"):
        assert Partner.objects.filter(search_key__contains=words).exists()


def test_the_event_says_old_and_new_field_by_field(northwind: Partner, alice: User) -> None:
    region = Region.objects.create(name="Nordics")
    event = organisations.change(northwind, {"city": "Oslo", "region": region}, by=alice, at=LATER)
    assert event is not None
    assert event.changes == {"city": ["", "Oslo"], "region": [None, region.pk]}
    assert history.sentence(event) == "changed it: City: nothing → Oslo; Region: nothing → Nordics"


def test_the_same_facts_again_change_nothing(northwind: Partner, alice: User) -> None:
    assert organisations.change(northwind, {"name": "Northwind"}, by=alice, at=LATER) is None


def test_undo_brings_back_names_lists_and_columns(northwind: Partner, alice: User) -> None:
    retail = Vertical.objects.create(name="Retail")
    event = organisations.change(
        northwind,
        {"name": "Westwind", "employees": 12, "verticals": [retail], "names": ["NW Traders"]},
        by=alice,
        at=LATER,
    )
    assert event is not None
    undone = history.undo(event, by=alice, at=LATER)
    northwind.refresh_from_db()
    assert undone.undoes == event
    assert (northwind.name, northwind.employees) == ("Northwind", None)
    assert [n.name for n in northwind.names.all()] == ["Northwind"]
    assert not northwind.verticals.exists()
    with pytest.raises(history.UndoRefused, match="already"):
        history.undo(event, by=alice, at=LATER)


def test_undo_is_refused_where_the_field_changed_again(northwind: Partner, alice: User) -> None:
    event = organisations.change(northwind, {"city": "Oslo"}, by=alice, at=LATER)
    organisations.change(northwind, {"city": "Bergen"}, by=alice, at=LATER)
    assert event is not None
    with pytest.raises(history.UndoRefused, match="City was changed again"):
        history.undo(event, by=alice, at=LATER)


def test_a_wrong_alias_can_be_removed(northwind: Partner, alice: User) -> None:
    organisations.change(northwind, {"website": "https://wrong.example"}, by=alice, at=LATER)
    organisations.change(
        northwind,
        {"website": "https://northwind.co.uk", "domains": []},
        by=alice,
        at=LATER,
        keep_former=False,
    )
    assert [d.domain for d in northwind.domains.all()] == ["northwind.co.uk"]


def test_an_unknown_fact_is_a_mistake_of_the_program(northwind: Partner, alice: User) -> None:
    with pytest.raises(TypeError, match="stage"):
        organisations.change(northwind, {"stage": "growth"}, by=alice, at=LATER)
    assert Event.objects.filter(kind="partner_changed").count() == 0


def test_search_keys_can_be_written_anew(northwind: Partner) -> None:
    Partner.objects.update(search_key="")
    refresh([northwind.pk])
    assert Partner.objects.filter(search_key="northwind northwind.co.uk").exists()


def test_names_sort_folded(alice: User) -> None:
    for name in ("Zeta", "ärzte", "Beta"):
        organisations.add(name, by=alice, at=MONDAY)
    assert [p.name for p in Partner.objects.order_by("sort_name")] == ["ärzte", "Beta", "Zeta"]
