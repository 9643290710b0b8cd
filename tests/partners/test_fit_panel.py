"""The panel that shows how a partner fits."""

from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string

from partners import fit_panel, fits, organisations, profiles, ratings
from partners.models import Criterion, Partner, Profile
from partners.profiles import Entry
from partners.scoring import Thresholds
from team.models import User
from tests.conftest import MONDAY

Kind = Criterion.Kind
LATER = MONDAY + timedelta(hours=1)
ENTRIES = [
    Entry("size", "Size", Kind.NUMBER, 20, {"curve": [[0, 0], [100, 1]]}, "employees"),
    Entry("skill", "Technical skill", Kind.RATING, 30, must_have=True, help="0 none · 5 a lot"),
    Entry("people", "People who sell", Kind.NUMBER, 10, {"curve": [[0, 0], [10, 1]]}),
    Entry("conflict", "Competing products", Kind.CHOICE, 10, {"options": [["None", 1], ["Some", 0.5]]}),
    Entry("clean", "Trades cleanly", Kind.YES_NO, 10, {"wanted": True}, must_have=True),
    Entry("fields", "Fields it knows", Kind.OVERLAP, 20, {"wanted": ["Health", "Retail"]}),
]


@pytest.fixture
def profile(ravi: User) -> Profile:
    draft = profiles.start_draft(None, by=ravi, at=MONDAY)
    profiles.edit(draft, ENTRIES, Thresholds(), "We learnt", by=ravi, at=MONDAY)
    return profiles.publish(draft, by=ravi, at=MONDAY)


@pytest.fixture
def partner(alice: User) -> Partner:
    return organisations.add("Northwind", by=alice, at=MONDAY, owner=alice, employees=80)


def test_the_panel_has_a_line_for_each_criterion_in_two_queries(
    profile: Profile, partner: Partner, alice: User, django_assert_num_queries: Any
) -> None:
    given = {"skill": ratings.Answer(0), "people": ratings.Answer(10)}
    fits.refresh(partner, at=MONDAY)
    ratings.assess(partner, given, by=alice, at=LATER)
    with django_assert_num_queries(2):
        panel = fit_panel.of(partner)
        page = render_to_string(
            "partners/panels/fit.html", {"fit_panel": panel, "partner": partner, "may_rate": True}
        )
    assert [(line.name, line.earned, line.weight) for line in panel.lines[:3]] == [
        ("Size", "16", 20),
        ("Technical skill", "0", 30),
        ("People who sell", "10", 10),
    ]
    assert (panel.failed, panel.open) == (["Technical skill"], ["Trades cleanly"])
    for words in ("Not a fit", "was 80 before", "60 % of the weight", "Must-have not met:", "16 of 20"):
        assert words in page
    assert "provisional" not in page


def test_the_panel_names_the_version_before(profile: Profile, partner: Partner, ravi: User) -> None:
    fits.refresh(partner, at=MONDAY)
    draft = profiles.start_draft(None, by=ravi, at=LATER)
    half = Entry("size", "Size", Kind.NUMBER, 20, {"curve": [[0, 0], [160, 1]]}, "employees")
    profiles.edit(draft, [half], Thresholds(), "We learnt", by=ravi, at=LATER)
    profiles.publish(draft, by=ravi, at=LATER)
    fits.refresh(partner, at=LATER)
    panel = fit_panel.of(partner)
    assert panel.former_words == "was 80 in v1"
    assert panel.fit is not None
    assert panel.fit.score == 50


def test_the_panel_without_a_fit_says_why(partner: Partner) -> None:
    panel = fit_panel.of(partner)
    page = render_to_string("partners/panels/fit.html", {"fit_panel": panel, "partner": partner})
    assert "no profile is published for its type" in page
