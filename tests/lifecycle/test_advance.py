"""Moving along the road: what is written, what is refused, and by whom a gate is overridden."""

from datetime import date, timedelta

import pytest

from lifecycle import evidence, tasks, transitions
from lifecycle.transitions import TransitionRefused
from partners import history
from partners.models import EndReason, Event, Fit, Partner, Stage, Status, Step
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import KICK_OFF, SIGNED, onboarded

TUESDAY = MONDAY + timedelta(days=1)


def test_it_refuses_while_the_agreement_is_unsigned(northwind: Partner, alice: User) -> None:
    with pytest.raises(TransitionRefused) as refusal:
        transitions.advance(northwind, to=Stage.ONBOARDING, by=alice, at=MONDAY)
    assert refusal.value.reasons == ["Agreement is signed"]
    assert refusal.value.can_override
    northwind.refresh_from_db()
    assert (northwind.stage, northwind.step) == (Stage.RECRUITMENT, Step.NEGOTIATING)
    assert not Event.objects.filter(kind="moved").exists()


def test_steps_are_free_forth_and_back(northwind: Partner, alice: User) -> None:
    transitions.advance(northwind, to=Step.QUALIFIED, by=alice, at=TUESDAY)
    event = transitions.advance(northwind, to="contacted", by=alice, at=TUESDAY)
    northwind.refresh_from_db()
    assert (northwind.step, northwind.step_since, northwind.stage_since) == ("contacted", TUESDAY, MONDAY)
    assert history.sentence(event) == "moved it from Qualified to Contacted"
    assert northwind.visits.count() == 1


def test_entering_a_stage_closes_one_visit_and_opens_the_next(northwind: Partner, alice: User) -> None:
    evidence.record(northwind, SIGNED, on=date(2026, 5, 29), by=alice, at=MONDAY)
    northwind.refresh_from_db()
    transitions.advance(northwind, to=Stage.ONBOARDING, by=alice, at=TUESDAY)
    northwind.refresh_from_db()
    assert (northwind.status, northwind.stage, northwind.step) == (Status.LIVE, Stage.ONBOARDING, "")
    assert northwind.stage_since == TUESDAY
    assert [(visit.stage, visit.entered_at, visit.left_at) for visit in northwind.visits.all()] == [
        (Stage.RECRUITMENT, MONDAY, TUESDAY),
        (Stage.ONBOARDING, TUESDAY, None),
    ]


def test_growth_asks_for_the_kick_off_and_the_required_tasks(alice: User) -> None:
    partner = onboarded("Contoso", alice)
    task = tasks.add(partner, "Sandbox is set up", by=alice, at=TUESDAY, is_required=True)
    tasks.add(partner, "Send a mug", by=alice, at=TUESDAY)
    with pytest.raises(TransitionRefused) as refusal:
        transitions.advance(partner, to=Stage.GROWTH, by=alice, at=TUESDAY)
    assert refusal.value.reasons == ["Kick-off is held", "Required tasks are done"]
    evidence.record(partner, KICK_OFF, on=date(2026, 6, 2), by=alice, at=TUESDAY)
    tasks.done(task, by=alice, at=TUESDAY)
    transitions.advance(partner, to=Stage.GROWTH, by=alice, at=TUESDAY)
    transitions.advance(partner, to=Stage.EVALUATION, by=alice, at=TUESDAY)
    transitions.advance(partner, to=Stage.GROWTH, by=alice, at=TUESDAY)
    assert Partner.objects.get(pk=partner.pk).stage == Stage.GROWTH


def test_an_old_fit_opens_no_gate(northwind: Partner, alice: User) -> None:
    Fit.objects.update(is_current=False)
    evidence.record(northwind, SIGNED, on=date(2026, 5, 29), by=alice, at=MONDAY)
    northwind.refresh_from_db()
    with pytest.raises(TransitionRefused) as refusal:
        transitions.advance(northwind, to=Stage.ONBOARDING, by=alice, at=TUESDAY)
    assert refusal.value.reasons == ["Fit covers 60 % or more", "Verdict is strong or possible"]


def test_a_head_overrides_with_a_reason_that_stays(northwind: Partner, erin: User) -> None:
    event = transitions.advance(
        northwind, to=Stage.ONBOARDING, by=erin, at=TUESDAY, reason="Signed on paper, scan follows"
    )
    assert event.changes["overridden"] == ["Agreement is signed"]
    assert history.sentence(event) == (
        "moved it from Negotiating to Onboarding, overriding “Agreement is signed”: "
        "Signed on paper, scan follows"
    )


def test_refusals_can_be_translated_and_what_is_written_down_stays(
    northwind: Partner, erin: User, strategy: EndReason, translated: None
) -> None:
    refused = {
        "move to Growth. «It is a prospect: onboarding comes first».": lambda: transitions.advance(
            northwind, to=Stage.GROWTH, by=erin, at=TUESDAY
        ),
        "yet. Still missing: «Agreement is signed»": lambda: transitions.advance(
            northwind, to=Stage.ONBOARDING, by=erin, at=TUESDAY
        ),
        "be ended. «It is a prospect: decline it instead": lambda: transitions.end(
            northwind, strategy, "", by=erin, at=TUESDAY
        ),
        "stands in Negotiating already": lambda: transitions.advance(
            northwind, to=Step.NEGOTIATING, by=erin, at=TUESDAY
        ),
        "is not parked": lambda: transitions.unpark(northwind, by=erin, at=TUESDAY),
        "is not declined": lambda: transitions.reopen(northwind, by=erin, at=TUESDAY),
        "still to come": lambda: transitions.park(northwind, date(2026, 1, 1), by=erin, at=TUESDAY),
    }
    for words, move in refused.items():
        with pytest.raises(TransitionRefused) as refusal:
            move()
        assert str(refusal.value).startswith("«")
        assert words in str(refusal.value)
    event = transitions.advance(northwind, to=Stage.ONBOARDING, by=erin, at=TUESDAY, reason="On paper")
    event.refresh_from_db()
    assert event.changes["overridden"] == ["«Agreement is signed»"]


def test_without_a_reason_a_head_overrides_nothing(northwind: Partner, erin: User) -> None:
    with pytest.raises(TransitionRefused):
        transitions.advance(northwind, to=Stage.ONBOARDING, by=erin, at=TUESDAY, reason="  ")


def test_a_reason_of_a_manager_overrides_nothing(northwind: Partner, alice: User) -> None:
    with pytest.raises(TransitionRefused):
        transitions.advance(northwind, to=Stage.ONBOARDING, by=alice, at=TUESDAY, reason="I say so")


def test_nobody_overrides_the_road_itself(northwind: Partner, erin: User) -> None:
    for to in (Stage.GROWTH, Step.SIGNED):
        with pytest.raises(TransitionRefused) as refusal:
            transitions.advance(northwind, to=to, by=erin, at=TUESDAY, reason="I say so")
        assert not refusal.value.can_override


def test_where_it_stands_already_it_cannot_go(northwind: Partner, alice: User) -> None:
    with pytest.raises(TransitionRefused, match="Northwind stands in Negotiating already"):
        transitions.advance(northwind, to=Step.NEGOTIATING, by=alice, at=TUESDAY)


def test_who_looks_at_an_old_page_is_told_where_it_stands_now(northwind: Partner, alice: User) -> None:
    stale = Partner.objects.get(pk=northwind.pk)
    transitions.advance(northwind, to=Step.QUALIFIED, by=alice, at=TUESDAY)
    with pytest.raises(TransitionRefused, match="it stands in Qualified now"):
        transitions.advance(stale, to=Step.CONTACTED, by=alice, at=TUESDAY)
    assert Event.objects.filter(kind="moved").count() == 1


def test_ending_names_its_reason(alice: User, strategy: EndReason) -> None:
    partner = onboarded("Contoso", alice)
    with pytest.raises(TransitionRefused) as refusal:
        transitions.advance(partner, to=Stage.ENDED, by=alice, at=TUESDAY)
    assert str(refusal.value) == "Contoso cannot be ended yet. Still missing: A reason for the end is given."
    assert refusal.value.reasons == ["A reason for the end is given"]
    with pytest.raises(TransitionRefused, match="“Boredom” is no end reason"):
        transitions.advance(partner, to=Stage.ENDED, by=alice, at=TUESDAY, reason="Boredom")
    later = TUESDAY + timedelta(days=30)
    transitions.advance(partner, to="ended", by=alice, at=later, reason="strategy changed: they build it")
    partner.refresh_from_db()
    assert (partner.status, partner.stage, partner.end_reason, partner.end_note) == (
        Status.ENDED,
        Stage.ENDED,
        strategy,
        "they build it",
    )
    assert not partner.visits.filter(left_at=None).exists()


def test_a_prospect_is_not_ended(northwind: Partner, alice: User, strategy: EndReason) -> None:
    with pytest.raises(TransitionRefused, match=r"It is a prospect: decline it instead") as refusal:
        transitions.end(northwind, strategy, "", by=alice, at=TUESDAY)
    assert str(refusal.value).startswith("Northwind cannot be ended. It is a prospect")
