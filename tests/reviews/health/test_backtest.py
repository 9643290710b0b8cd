"""The back-test: readings separate partners that were lost from those that stayed, or do not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lifecycle.growth import customers, phases
from lifecycle.models import Deal, Phase
from partners.models import Partner, Stage, Status
from prm import clock
from reviews.health import backtest, formulas
from reviews.health.backtest import Asked
from reviews.health.models import HealthRun, Snapshot
from team.models import Company, User
from tests.conftest import MONDAY

DAY = timedelta(days=1)
TODAY = MONDAY.date()
READ = TODAY - 180 * DAY
PAGE, ROWS = "reviews:back_test", "reviews:back_test_readings"


def asked(user: User, **more: int) -> Asked:
    return Asked(user, TODAY, "Europe/Berlin", **more)


def firms(count: int, ended_at: datetime | None = None) -> list[Partner]:
    """So many live partners, or partners that ended at a moment."""
    gone = {"status": Status.ENDED, "stage": Stage.ENDED} if ended_at else {}
    columns = {"status": Status.LIVE, "stage": Stage.GROWTH, "step": "", **gone}
    since = ended_at or MONDAY - 900 * DAY
    first = Partner.objects.count()
    return Partner.objects.bulk_create(
        Partner(name=f"Firm {first + n}", stage_since=since, step_since=since, created_at=MONDAY, **columns)
        for n in range(count)
    )


def read(partners: list[Partner], scores: list[int | None], day: date = READ, number: int = 1) -> None:
    """What was read of these partners on a day."""
    formula = formulas.current(MONDAY)
    HealthRun.objects.get_or_create(day=day, defaults={"formula": formula, "at": MONDAY, "ended_at": MONDAY})
    Snapshot.objects.bulk_create(
        Snapshot(partner=partner, day=day, formula=formula, score=score, coverage=80 if score else 10)
        for partner, score in zip(partners, scores, strict=True)
    )


@pytest.fixture
def told(company: Company) -> None:
    """Thirty that were lost scored under 300, seventy that stayed from 300 on."""
    read(firms(30, MONDAY - 90 * DAY), [10 * n for n in range(30)])
    read(firms(70), [300 + 10 * n for n in range(70)])


def test_a_score_that_told_them_apart(told: None, alice: User) -> None:
    found = backtest.result(asked(alice))
    assert (found.n, found.lost, found.stayed, found.is_validated) == (100, 30, 70, True)
    assert found.score is not None
    assert (found.score.value, found.score.interval, found.score.tells) == (1.0, (1.0, 1.0), True)
    assert found.lift == pytest.approx(10 / 3)  # the lowest ten were all lost, of all 30 in 100
    assert [(fifth.lost.k, fifth.lost.n) for fifth in found.fifths] == [(20, 20), (10, 20), *[(0, 20)] * 3]
    assert found.trend is not None
    assert found.trend.value == 0.5  # nobody sold anything
    assert found.is_better is True


def test_the_baseline_is_last_quarters_trend(told: None, alice: User) -> None:
    phases.seed()
    customer = customers.found("Baker Foods", MONDAY)
    lost = Partner.objects.filter(status=Status.ENDED)
    Deal.objects.bulk_create(
        Deal(
            name="Roll-out",
            partner=partner,
            customer=customer,
            phase=Phase.objects.earliest("pk"),
            phase_since=MONDAY,
            created_at=MONDAY - 180 * DAY - 120 * DAY,  # a quarter before the last
        )
        for partner in lost
    )
    found = backtest.result(asked(alice))
    assert found.trend is not None
    assert found.trend.value == 1.0
    assert found.is_better is None


def test_under_30_losses_it_is_not_validated(client: Client, company: Company, alice: User) -> None:
    read(firms(29, MONDAY - 90 * DAY), [10 * n for n in range(29)])
    read(firms(70), [300 + 10 * n for n in range(70)])
    found = backtest.result(asked(alice))
    assert (found.lost, found.is_validated) == (29, False)
    client.force_login(alice)
    with clock.fixed(MONDAY):
        page = client.get(reverse(PAGE)).content.decode()
    assert "not validated" in page
    assert "it told them apart" not in page


def test_without_any_reading_that_old_it_is_too_early(client: Client, company: Company, alice: User) -> None:
    read(firms(10), [500] * 10, day=TODAY - 100 * DAY)
    assert backtest.result(asked(alice)).n == 0
    assert backtest.result(asked(alice, horizon=90)).n == 10
    client.force_login(alice)
    with clock.fixed(MONDAY):
        assert "Too early to judge" in client.get(reverse(PAGE)).content.decode()


def test_each_loss_counts_once_and_only_within_its_span(company: Company, alice: User) -> None:
    in_first = firms(1, MONDAY - 250 * DAY)
    in_second = firms(1, MONDAY - 10 * DAY)
    stayed = firms(2)
    older = READ - 181 * DAY
    read([*in_first, *in_second, *stayed], [100, 200, 800, 900], day=older)
    read([*in_second, *stayed], [150, 850, None], day=READ)
    read(stayed, [1, 2], day=READ - 90 * DAY)  # between the two: it would count again what they count
    found = backtest.result(asked(alice))
    assert found.days == [READ, older]
    assert (found.n, found.lost, found.unscored) == (6, 2, 1)
    lost = backtest.rows(asked(alice), found.days).filter(lost=True)
    assert sorted(lost.values_list("day", "score")) == [(older, 100), (READ, 150)]


def test_the_same_partners_read_again_make_nothing_more_certain(
    client: Client, company: Company, alice: User
) -> None:
    lost, stayed = firms(30, MONDAY - 90 * DAY), firms(30)
    scores: list[int | None] = [10 * n for n in range(30)]
    read(lost, scores)
    read(stayed, [100 + 10 * n for n in range(30)])
    once = backtest.result(asked(alice))
    again = [READ - n * 181 * DAY for n in range(1, 6)]
    for day in again:
        read(stayed, [100 + 10 * n for n in range(30)], day=day)
    found = backtest.result(asked(alice))
    assert (found.n, found.stayed, found.partners) == (210, 180, 30)
    assert once.score is not None
    assert found.score == once.score
    assert found.trend == once.trend
    Snapshot.objects.filter(partner=stayed[0]).delete()
    assert not backtest.result(asked(alice)).is_validated  # of 29 partners, in 174 readings
    client.force_login(alice)
    with clock.fixed(MONDAY):
        assert "counts each partner once" in client.get(reverse(PAGE)).content.decode()


def test_a_version_is_tested_by_its_own_readings(told: None, alice: User, ravi: User) -> None:
    formulas.change({"ours": 1}, by=ravi, at=MONDAY)
    formulas.publish("Only ours.", by=ravi, at=MONDAY)
    read(firms(5), [500] * 5, day=READ - DAY)
    assert backtest.result(asked(alice, number=1)).days == [READ]
    assert backtest.result(asked(alice, number=2)).n == 5


def test_each_number_opens_onto_exactly_its_readings(client: Client, told: None, alice: User) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY):
        page = client.get(reverse(PAGE))
        found, query = page.context["result"], page.context["query"]
        assert client.get(f"{reverse(ROWS)}?{query}").context["count"] == found.n
        assert client.get(f"{reverse(ROWS)}?{query}&show=lost").context["count"] == found.lost
        for fifth in found.fifths:
            address = f"{reverse(ROWS)}?{query}&low={fifth.low}&high={fifth.high}"
            assert client.get(address).context["count"] == fifth.lost.n
            assert client.get(f"{address}&show=lost").context["count"] == fifth.lost.k


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        (PAGE, "horizon=7", 422),
        (PAGE, "formula=99", 422),
        (PAGE, "formula=99999999999999999999", 422),
        (ROWS, "low=99999999999999999999&high=x", 200),
        (ROWS, "horizon=x", 200),
    ],
)
def test_odd_addresses_are_answered(
    client: Client, told: None, alice: User, name: str, query: str, status: int
) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY):
        assert client.get(f"{reverse(name)}?{query}").status_code == status
