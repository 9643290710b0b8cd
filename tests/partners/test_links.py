"""Links between partners never close a circle."""

from datetime import date

import pytest

from partners import history, links, organisations
from partners.models import Event, Link, Partner
from team.models import User
from tests.conftest import MONDAY

DISTRIBUTES = Link.Kind.DISTRIBUTES_TO


def test_a_link_is_in_both_histories(northwind: Partner, contoso: Partner, alice: User) -> None:
    links.link(northwind, contoso, DISTRIBUTES, by=alice, at=MONDAY)
    assert {e.partner for e in Event.objects.filter(note="Northwind distributes to Contoso")} == {
        northwind,
        contoso,
    }


def test_a_circle_is_refused_with_its_way(northwind: Partner, contoso: Partner, alice: User) -> None:
    fabrikam = organisations.add("Fabrikam", by=alice, at=MONDAY)
    links.link(northwind, contoso, DISTRIBUTES, by=alice, at=MONDAY)
    links.link(contoso, fabrikam, DISTRIBUTES, by=alice, at=MONDAY)
    with pytest.raises(links.LinkRefused, match="to Contoso, Contoso distributes to Fab"):
        links.link(fabrikam, northwind, DISTRIBUTES, by=alice, at=MONDAY)
    links.link(fabrikam, northwind, Link.Kind.REFERRED_BY, by=alice, at=MONDAY)


def test_a_link_to_itself_or_twice_is_refused(northwind: Partner, contoso: Partner, alice: User) -> None:
    with pytest.raises(links.LinkRefused, match="itself"):
        links.link(northwind, northwind, DISTRIBUTES, by=alice, at=MONDAY)
    links.link(northwind, contoso, DISTRIBUTES, by=alice, at=MONDAY)
    with pytest.raises(links.LinkRefused, match="already"):
        links.link(northwind, contoso, DISTRIBUTES, by=alice, at=MONDAY)


def test_an_ended_link_can_be_taken_back_unless_a_circle_would_close(
    northwind: Partner, contoso: Partner, alice: User
) -> None:
    link = links.link(northwind, contoso, DISTRIBUTES, by=alice, at=MONDAY)
    event = links.unlink(link, on=date(2026, 6, 1), by=alice, at=MONDAY)
    links.link(contoso, northwind, DISTRIBUTES, by=alice, at=MONDAY)
    with pytest.raises(history.UndoRefused):
        history.undo(event, by=alice, at=MONDAY)


def test_linking_can_be_taken_back(northwind: Partner, contoso: Partner, alice: User) -> None:
    link = links.link(northwind, contoso, DISTRIBUTES, by=alice, at=MONDAY)
    history.undo(Event.objects.get(kind="partners_linked"), by=alice, at=MONDAY)
    link.refresh_from_db()
    assert link.ends_on == date(2026, 6, 1)
