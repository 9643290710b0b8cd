"""The formula: edited as a draft, shown with its movers, published with a reason, never changed after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import Event, Partner
from prm import clock
from reviews.health import effects, formulas, reckoning
from reviews.health.forms import FormulaForm
from reviews.health.models import HealthFormula, Snapshot
from team.models import Company, Role, User
from tests.conftest import MONDAY, person
from tests.programs import program
from tests.reviews.health.conftest import newest, promised, read, weighing
from tests.reviews.planning.conftest import aim as aim
from tests.reviews.planning.conftest import at as on
from tests.reviews.planning.conftest import sell as sell

DAY = timedelta(days=1)
PAGE, PUBLISH = "reviews:health_formula", "reviews:health_publish"


@pytest.fixture
def admins(client: Client, ravi: User) -> Client:
    client.force_login(ravi)
    return client


def typed(**other: Any) -> dict[str, Any]:
    """What the form sends as it stands, with something else."""
    form = FormulaForm(formula=formulas.draft() or formulas.current(MONDAY))
    return {
        name: field.initial or form.initial[name] if name in form.initial else field.initial
        for name, field in form.fields.items()
    } | other


def test_a_company_begins_with_a_version_that_weighs_all(ravi: User) -> None:
    first = formulas.current(MONDAY)
    assert (first.number, first.state, first.half_life_days) == (1, "published", 60)
    assert set(first.weights) == set(reckoning.MEASURES)
    assert sum(first.weights.values()) == 100
    assert formulas.current(MONDAY + DAY) == first


def test_it_is_edited_shown_with_its_movers_and_published(admins: Client, known: Partner) -> None:
    read(MONDAY)
    only_theirs = {f"weight_{key}": 0 for key in reckoning.MEASURES} | {"weight_theirs": 5}
    assert admins.post(reverse(PAGE), typed(**only_theirs, watch_from=55)).status_code == 303
    draft = formulas.draft()
    assert draft is not None
    assert (draft.weights["theirs"], draft.weights["ours"], draft.watch_from) == (5, 0, 55)
    assert formulas.current(MONDAY).weights["ours"] == 15  # what is published stays
    with clock.fixed(MONDAY):
        effect = admins.get(reverse(PUBLISH)).context["effect"]
    assert (effect.measured, effect.moved) == (1, 1)
    assert effect.ways == [("Healthy", "At risk", 1)]
    (mover,) = effect.movers
    assert mover.partner == known
    assert mover.words == "Healthy 72.6 → At risk 50.3"
    assert mover.reasons[0].name == "They keep theirs"
    assert admins.post(reverse(PUBLISH), {"why": "", "seen": draft.pk}).status_code == 422
    assert admins.post(reverse(PUBLISH), {"why": "New.", "seen": draft.pk + 1}).status_code == 422
    assert admins.post(reverse(PUBLISH), {"why": "Theirs count.", "seen": draft.pk}).status_code == 303
    assert formulas.current(MONDAY) == draft
    assert Event.objects.filter(kind="health_formula_changed", note__contains="Theirs count").exists()
    assert Snapshot.objects.get().score == 726  # what was read stays


def test_who_reads_own_partners_only_is_told_no_others_that_move(
    client: Client, known: Partner, erin: User, ravi: User
) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    read(MONDAY)
    draft = formulas.change(dict.fromkeys(reckoning.MEASURES, 0) | {"theirs": 5}, by=ravi, at=MONDAY)
    sue = person("Sue", Role.SUCCESS, lead=erin)
    client.force_login(sue)
    with clock.fixed(MONDAY):
        page = client.get(reverse(PUBLISH)).text
        told = program(sue).get(f"/api/v1/health-formulas/{draft.pk}/effect/").json()
        assert known.name in page_of(client, ravi)
    assert "of those that move is not named" in page
    assert known.name not in page
    assert (told["moved"], told["movers"], told["hidden"]) == (1, [], 1)


def page_of(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get(reverse(PUBLISH)).text


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"watch_from": 80}, "Watch from"),
        ({"half_life_days": 3}, "greater than or equal to 7"),
        ({"weight_ours": "many"}, "Enter a whole number"),
        ({f"weight_{key}": 0 for key in reckoning.MEASURES}, "at least one measure"),
        ({"weight_ours": "9" * 20}, "less than or equal to 1000"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(
    admins: Client, known: Partner, other: dict[str, Any], says: str
) -> None:
    answer = admins.post(reverse(PAGE), typed(**other))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert formulas.draft() is None


def test_a_draft_is_thrown_away(admins: Client, ravi: User) -> None:
    formulas.change({"ours": 1}, by=ravi, at=MONDAY)
    assert admins.post(reverse("reviews:health_discard")).status_code == 303
    assert not HealthFormula.objects.filter(state="draft").exists()
    assert admins.post(reverse("reviews:health_discard")).status_code == 303  # says so, and does no harm


def test_another_draft_than_the_one_that_is_meant_stays(ravi: User) -> None:
    meant = formulas.change({"ours": 1}, by=ravi, at=MONDAY).pk
    formulas.publish("Ours count.", by=ravi, at=MONDAY)
    other = formulas.change({"ours": 2}, by=ravi, at=MONDAY)
    with pytest.raises(formulas.FormulaRefused):
        formulas.change({"ours": 3}, by=ravi, at=MONDAY, seen=meant)
    with pytest.raises(formulas.FormulaRefused):
        formulas.discard(by=ravi, at=MONDAY, seen=meant)
    other.refresh_from_db()
    assert (other.state, other.weights["ours"]) == ("draft", 2)


def test_another_half_life_is_counted_anew_for_the_preview(grown: Partner, alice: User, ravi: User) -> None:
    promised(grown, alice, MONDAY.date() - 120 * DAY, "broken")
    promised(grown, alice, MONDAY.date() - DAY)
    weighing(ravi, ours=1)
    slower = formulas.change({"ours": 1}, by=ravi, at=MONDAY, half_life_days=365)
    effect = effects.of(slower, formulas.current(MONDAY), MONDAY, ravi)
    assert effect.ways == [("Healthy", "Watch", 1)]
    faster = formulas.change({"ours": 1}, by=ravi, at=MONDAY, half_life_days=30)
    assert effects.of(faster, formulas.current(MONDAY), MONDAY, ravi).moved == 0


def test_targets_of_the_joint_plan_are_read_by_where_they_should_be(
    grown: Partner, ravi: User, sell: Any, aim: Any
) -> None:
    weighing(ravi, plan=1)
    read(MONDAY)
    assert newest(grown).score is None  # no plan, nothing known
    aim("won_sourced", 910_000)  # 62 of 91 days are over on 1 June
    sell("Won one", 310_000, won=on(5, 4))
    sell("In dollars", 900_000, won=on(5, 4), currency="USD")
    read(MONDAY + DAY)
    line = newest(grown).lines["plan"]
    assert line[:3] == [492, 1000, 1]  # 310,000 of 630,000 by its 63rd day
    aim("brought", 2, currency="")
    read(MONDAY + 2 * DAY)
    assert newest(grown).lines["plan"][2] == 2
    assert newest(grown).score == round((310_000 / 640_000 + 1) / 2 * 1000)


def test_its_rows_say_how_far_each_target_is(
    client: Client, grown: Partner, alice: User, sell: Any, aim: Any
) -> None:
    aim("won_sourced", 910_000)
    aim("won_sourced", 50_000, first=date(2026, 7, 1))  # to come
    sell("Won one", 310_000, won=on(5, 4))
    read(MONDAY)
    client.force_login(alice)
    answer = client.get(reverse("reviews:health_rows", args=[grown.pk, "plan"]))
    assert answer.context["behind"].count == newest(grown).lines["plan"][2] == 1
    assert "EUR 3,100, 50 % of where it should be" in answer.content.decode()
