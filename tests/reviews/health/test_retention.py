"""Who stayed, who ended and who fell silent: figures by cohort that open onto exactly their rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations import messages
from conversations.models import Message
from lifecycle import transitions
from lifecycle.ending import endings
from partners import lists, organisations
from partners.models import EndReason, Partner
from prm import clock
from reviews.health import retention
from reviews.health.retention import Asked
from team.models import Company, User
from tests.conftest import MONDAY
from tests.reviews.conftest import living

DAY = timedelta(days=1)
START, END = date(2025, 6, 1), date(2026, 6, 1)
PAGE, WHO = "reviews:retention", "reviews:who_stayed"


def asked(user: User, **more: Any) -> Asked:
    return Asked(user, START, END, "Europe/Berlin", **more)


def firm(name: str, alice: User, signed_on: date | None, wrote_at: datetime | None = None) -> Partner:
    """A live partner that signed on a day, and last wrote at a moment."""
    partner = living(organisations.add(name, by=alice, at=MONDAY, owner=alice), signed_on=signed_on)
    if wrote_at is not None:
        messages.receive(partner, "email", "Hello", at=wrote_at, subject="Hello")
    return partner


@pytest.fixture
def firms(alice: User, company: Company) -> dict[str, Partner]:
    """Of 2024 one that stays and one that ended; of 2025 one that is silent; one that signed later."""
    lists.seed()
    wrote = MONDAY - 30 * DAY
    made = {
        "stays": firm("Stays", alice, date(2024, 3, 1), wrote),
        "ended": firm("Ended", alice, date(2024, 5, 1), wrote),
        "silent": firm("Silent", alice, date(2025, 2, 1), MONDAY - 370 * DAY),
        "later": firm("Later", alice, date(2025, 6, 2), wrote),
        "gone before": firm("Gone before", alice, date(2023, 5, 1)),
    }
    reason = EndReason.objects.earliest("pk")
    transitions.end(made["gone before"], reason, "", by=alice, at=datetime.fromisoformat("2025-05-31T12:00Z"))
    held = Partner.objects.get(pk=made["ended"].pk)
    endings.plan(held, "theirs", reason, "A rival.", MONDAY.date() - DAY, None, by=alice, at=MONDAY - 9 * DAY)
    endings.sweep(MONDAY)
    return made


def names(figure: Any, asked: Asked) -> list[str]:
    return sorted(figure.counted(asked).values_list("name", flat=True))


def test_ended_and_silent_are_two_figures(firms: dict[str, Partner], alice: User) -> None:
    assert names(retention.START, asked(alice)) == ["Ended", "Silent", "Stays"]
    assert names(retention.STAYED, asked(alice)) == ["Silent", "Stays"]
    assert names(retention.ENDED, asked(alice)) == ["Ended"]
    assert names(retention.SILENT, asked(alice)) == ["Silent"]
    (whole, latest, first) = retention.lines(asked(alice))
    assert [(line.key, line.n, line.ended, line.silent) for line in (whole, latest, first)] == [
        ("", 3, 1, 1),
        ("2025", 1, 0, 1),
        ("2024", 2, 1, 0),
    ]
    assert (whole.stayed.k, whole.stayed.is_too_few, whole.stayed.percent) == (2, True, None)


def test_what_we_write_alone_is_no_sign_and_a_talk_is_one(firms: dict[str, Partner], alice: User) -> None:
    silent = firms["silent"]
    about = Message.objects.filter(partner=silent)[0].conversation
    messages.reply(about, "Still there?", by=alice, at=MONDAY - 5 * DAY)
    assert names(retention.SILENT, asked(alice)) == ["Silent"]
    Message.objects.filter(partner=silent, direction="out").update(channel="call")
    assert names(retention.SILENT, asked(alice)) == []


def test_silence_is_as_long_as_is_asked(firms: dict[str, Partner], alice: User) -> None:
    Message.objects.filter(partner=firms["stays"]).update(occurred_at=MONDAY - 250 * DAY)
    assert names(retention.SILENT, asked(alice)) == ["Silent"]
    assert names(retention.SILENT, asked(alice, quiet_months=6)) == ["Silent", "Stays"]


def test_without_a_day_of_signing_it_counts_from_when_it_was_live(
    firms: dict[str, Partner], alice: User
) -> None:
    unknown = firm("Unknown", alice, None)
    assert "Unknown" not in names(retention.START, asked(alice))  # live for 100 days only
    unknown.visits.update(entered_at=MONDAY - 500 * DAY)
    assert "Unknown" in names(retention.START, asked(alice, cohort="none"))


def test_the_fiscal_year_makes_the_cohorts(firms: dict[str, Partner], alice: User) -> None:
    lines = retention.lines(asked(alice, begins=4))
    assert [(line.name, line.n) for line in lines[1:]] == [("2024/25", 2), ("2023/24", 1)]
    for line in lines[1:]:
        assert len(names(retention.START, asked(alice, begins=4, cohort=line.key))) == line.n


def test_reasons_are_kept_with_whose_wish_it_was(firms: dict[str, Partner], alice: User) -> None:
    (reason,) = retention.reasons(asked(alice))
    assert (reason.n, reason.by) == (1, "They end it 1")
    assert names(retention.ENDED, asked(alice, reason=reason.pk)) == ["Ended"]


def test_each_figure_opens_onto_exactly_its_rows(
    client: Client, firms: dict[str, Partner], alice: User
) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY):
        page = client.get(reverse(PAGE))
        query = page.context["query"]
        for line in [page.context["whole"], *page.context["cohorts"]]:
            counts = {"start": line.n, "stayed": line.stayed.k, "ended": line.ended, "silent": line.silent}
            for show, n in counts.items():
                address = f"{reverse(WHO)}?{query}&show={show}&cohort={line.key}"
                answer = client.get(address)
                assert (answer.context["count"], len(answer.context["rows"])) == (n, n)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("since=2026-06-01&until=2026-05-01", "Choose a later day"),
        ("until=2027-01-01", "has not come yet"),
        ("since=yesterday", "Enter a valid date"),
        ("quiet=7", "Select a valid choice"),
    ],
)
def test_a_period_that_cannot_be_is_said(client: Client, alice: User, query: str, says: str) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY):
        answer = client.get(f"{reverse(PAGE)}?{query}")
    assert answer.status_code == 422
    assert says in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["cohort=99999999999999999999", "reason=99999999999999999999", "cohort=x", "show=x", "since=x"]
)
def test_odd_addresses_of_the_rows_are_answered(
    client: Client, firms: dict[str, Partner], alice: User, query: str
) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY):
        assert client.get(f"{reverse(WHO)}?{query}").status_code == 200


def test_colours_of_all_lead_to_their_partners(
    client: Client, firms: dict[str, Partner], alice: User
) -> None:
    client.force_login(alice)
    Partner.objects.filter(pk=firms["stays"].pk).update(health=820, health_colour="healthy")
    counts = {}
    for each in client.get(reverse("reviews:health_of_all")).context["colours"]:
        counts[each.name] = each.n
        assert client.get(each.url).context["count"] == each.n
    assert counts == {"Healthy": 1, "Watch": 0, "At risk": 0, "Not known": 2}
