"""The query over stored points and the pure function come to the same, on either database."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners import fitting, organisations, scoring
from partners.models import Criterion, Fit, FitLine, Profile
from tests.conftest import MONDAY

KEYS = "abcde"
weights = st.integers(1, 32_767)
points = st.none() | st.integers(0, scoring.STEPS).map(lambda units: units / scoring.STEPS)
asked = st.lists(
    st.builds(
        scoring.Criterion,
        st.sampled_from(KEYS),
        weights,
        st.just(scoring.Stars()),
        st.booleans(),
        st.none() | st.sampled_from([0.2, 0.3333, 0.5, 1.0]),
    ),
    min_size=1,
    unique_by=lambda criterion: criterion.key,
)
bounds = st.lists(st.integers(1, 100), min_size=3, max_size=3, unique=True).map(
    lambda three: scoring.Thresholds(*sorted(three, reverse=True))
)


@pytest.fixture
def profile(db: None) -> Profile:
    profile = Profile.objects.create(family="General", number=1, created_at=MONDAY, written_at=MONDAY)
    for key in KEYS:
        profile.criteria.create(key=key, name=key, kind=Criterion.Kind.RATING)
    return profile


@pytest.fixture
def fits(profile: Profile) -> list[Fit]:
    return [
        Fit.objects.create(
            partner=organisations.add(name, by="test", at=MONDAY), profile=profile, scored_at=MONDAY
        )
        for name in ("Northwind", "Contoso", "Fabrikam")
    ]


@given(st.lists(st.lists(points, min_size=5, max_size=5), min_size=3, max_size=3), asked, bounds)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_query_and_pure_function_agree(
    fits: list[Fit],
    table: list[list[float | None]],
    criteria: list[scoring.Criterion],
    at: scoring.Thresholds,
) -> None:
    FitLine.objects.all().delete()
    by_key: dict[str, Any] = {each.key: each for each in fits[0].profile.criteria.all()}
    FitLine.objects.bulk_create(
        FitLine(fit=fit, criterion=by_key[key], points=share)
        for fit, row in zip(fits, table, strict=True)
        for key, share in zip(KEYS, row, strict=True)
    )
    expected = []
    for fit, row in zip(fits, table, strict=True):
        shares = dict(zip(KEYS, row, strict=True))
        lines = tuple(scoring.Line(each, None, shares[each.key]) for each in criteria)
        pure = scoring.result(lines, at)
        expected.append((fit.pk, pure.score, pure.coverage, pure.verdict))
    scale = scoring.Scale.of(criteria, at)
    found = [(each.fit, *scale.judged(each.sums)) for each in fitting.summed(Fit.objects.all(), criteria)]
    assert set(found) == set(expected)


def test_any_number_of_fits_is_one_query(fits: list[Fit], django_assert_num_queries: Any) -> None:
    criteria = [scoring.Criterion("a", 10, scoring.Stars(), must_have=True)]
    with django_assert_num_queries(1):
        assert len(fitting.summed(Fit.objects.all(), criteria)) == 3
