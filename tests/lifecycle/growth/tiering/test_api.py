"""What tiers want, give and count by, kept by other programs as on the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lifecycle.growth.tiering.models import Benefit, TierRules
from partners.models import Membership, Partner, Programme
from prm import clock
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.growth.tiering.conftest import night, standing_of, tier
from tests.programs import Program, program

API = "/api/v1"


@pytest.fixture
def ravis(ravi: User) -> Program:
    return program(ravi)


def test_rules_are_drafted_tried_out_and_published(
    ravis: Program, programme: Programme, silver: Membership, rules: TierRules
) -> None:
    night(rules)
    here = f"{API}/tier-rules/{programme.pk}/"
    stood = ravis.get(here).json()
    assert (stood["published"], stood["draft"], len(stood["requirements"])) == (rules.pk, None, 3)
    assert ravis.get(f"{here}effect/").status_code == 409  # there is no draft

    more = {"tier": tier("Silver").pk, "criterion": "revenue", "wanted": "20000", "months": 12}
    told = ravis.send(f"{here}want/", more | {"currency": "EUR"}).json()
    draft = told["draft"]
    assert [each["id"] for each in told["versions"]] == [draft, rules.pk]
    silvers = [each for each in told["requirements"] if each["tier"] == tier("Silver").pk]
    assert [(each["wanted"], each["currency"]) for each in silvers] == [("20000.00", "EUR")]
    assert ravis.send(here, {"notice_days": 60}, "patch").json()["versions"][0]["notice_days"] == 60
    (people,) = [each["id"] for each in told["requirements"] if each["criterion"] == "certified"]
    dropped = ravis.send(f"{here}drop-requirement/", {"requirement": people}).json()
    assert {each["criterion"] for each in dropped["requirements"]} == {"revenue"}

    with clock.fixed(MONDAY):
        effect = ravis.get(f"{here}effect/").json()
    assert (effect["draft"], effect["rise"], effect["fall"], effect["stay"]) == (draft, 0, 1, 0)
    falls = {"membership": silver.pk, "partner": silver.partner_id, "to": "Registered"}
    assert effect["falling"] == [falls]
    outdated = ravis.send(f"{here}publish/", {"why": "Anew.", "seen": rules.pk})
    assert outdated.status_code == 409
    held = ravis.send(f"{here}publish/", {"why": "Silver was too cheap.", "seen": draft}).json()
    assert (held["published"], held["draft"]) == (draft, None)
    assert held["versions"][0]["why"] == "Silver was too cheap."
    rules.refresh_from_db()
    assert rules.state == "retired"


def test_a_draft_is_thrown_away_and_read_by_nobody_else(
    ravis: Program, alice: User, programme: Programme, rules: TierRules
) -> None:
    here = f"{API}/tier-rules/{programme.pk}/"
    ravis.send(here, {"notice_days": 30}, "patch")
    told = program(alice).get(here).json()
    assert (told["draft"], [each["state"] for each in told["versions"]]) == (None, ["published"])
    assert program(alice).get(f"{here}effect/").status_code == 403
    assert ravis.send(f"{here}discard/").json()["draft"] is None
    assert ravis.send(f"{here}discard/").status_code == 409


def test_what_a_tier_cannot_want_is_named(ravis: Program, programme: Programme, rules: TierRules) -> None:
    here = f"{API}/tier-rules/{programme.pk}/"

    def faults(**more: Any) -> set[str]:
        told = {"tier": tier("Gold").pk, "criterion": "certified", "wanted": 3}
        answer = ravis.send(f"{here}want/", told | more)
        assert answer.status_code == 400, answer.content
        return set(answer.json())

    assert faults(criterion="charm") == {"criterion"}
    assert faults(wanted="2.5") == {"wanted"}
    assert faults(wanted=0) == {"wanted"}
    assert faults(currency="EUR") == {"currency"}
    assert faults(criterion="revenue", months=12) == {"currency"}
    assert faults(criterion="revenue", currency="EUR") == {"months"}
    assert faults(criterion="revenue", currency="JPY", months=12, wanted="1.5") == {"wanted"}
    other = Programme.objects.create(name="Another", kind=programme.kind)
    lone = {"requirement": rules.requirements.earliest("pk").pk}
    strange = ravis.send(f"{API}/tier-rules/{other.pk}/drop-requirement/", lone)
    assert (strange.status_code, set(strange.json())) == (400, {"requirement"})
    assert not TierRules.objects.filter(state="draft").exists()


def test_benefits_are_added_and_retired(ravis: Program, alice: User, rules: TierRules) -> None:
    new = {"tier": tier("Gold").pk, "text": "A joint event", "repeats": "year"}
    assert program(alice).send(f"{API}/tier-benefits/", new).status_code == 403
    made = ravis.send(f"{API}/tier-benefits/", new)
    assert made.status_code == 201, made.content
    assert (made.json()["within_days"], made.json()["programme"]) == (30, rules.programme_id)
    retired = ravis.send(f"{API}/tier-benefits/{made.json()['id']}/retire/").json()
    assert retired["retired_at"] is not None
    assert Benefit.objects.get().retired_at is not None
    assert program(alice).get(f"{API}/tier-benefits/{made.json()['id']}/").json()["text"] == "A joint event"


def test_a_number_of_our_own_is_recorded_and_counts(
    ravis: Program, alice: User, bob: User, silver: Membership, rules: TierRules
) -> None:
    staff = ravis.send(f"{API}/tier-measures/", {"name": "Dedicated staff"}).json()
    wants = {"tier": tier("Gold").pk, "criterion": f"own:{staff['id']}", "wanted": 2}
    here = f"{API}/tier-rules/{rules.programme_id}/"
    assert ravis.send(f"{here}want/", wants).status_code == 200
    ravis.send(f"{here}publish/", {"why": "Staff counts."})

    new = {"partner": silver.partner_id, "measure": "Dedicated staff", "value": 3, "on": "2026-06-01"}
    assert program(bob).send(f"{API}/tier-measurements/", new).status_code == 403
    with clock.fixed(MONDAY):
        later = program(alice).send(f"{API}/tier-measurements/", new | {"on": "2026-06-02"})
        assert (later.status_code, set(later.json())) == (400, {"on"})
        made = program(alice).send(f"{API}/tier-measurements/", new)
    assert made.status_code == 201, made.content
    assert (made.json()["value"], made.json()["by"]) == (3, alice.pk)
    night(TierRules.objects.get(state="published"), MONDAY + timedelta(hours=1))
    wanted = TierRules.objects.get(state="published").requirements.get(criterion=f"own:{staff['id']}")
    assert standing_of(silver).values[str(wanted.pk)] == 3


def test_rules_of_a_programme_without_any(ravis: Program, programme: Programme, northwind: Partner) -> None:
    (told,) = ravis.get(f"{API}/tier-rules/").json()["results"]
    assert (told["name"], told["published"], told["draft"]) == (str(programme), None, None)
    assert (told["requirements"], told["versions"]) == ([], [])
