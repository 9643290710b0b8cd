"""Gates: the rule behind the checklist and the verb."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle import gates
from lifecycle.gates import Facts
from lifecycle.models import Evidence
from partners.models import Stage, Status, Step, Verdict

SIGNED, KICK_OFF = Evidence.Kind.AGREEMENT_SIGNED.value, Evidence.Kind.KICK_OFF_HELD.value
READY = Facts(step=Step.SIGNED, coverage=60, verdict=Verdict.POSSIBLE, evidence=frozenset({SIGNED}))
ONBOARDING = Facts(status=Status.LIVE, stage=Stage.ONBOARDING, step="")
GROWTH = replace(ONBOARDING, stage=Stage.GROWTH)
EVALUATION = replace(ONBOARDING, stage=Stage.EVALUATION)


@pytest.mark.parametrize(
    ("facts", "to", "words"),
    [
        (READY, Stage.ONBOARDING, []),
        (replace(READY, evidence=frozenset()), Stage.ONBOARDING, ["Agreement is signed"]),
        (replace(READY, coverage=59), Stage.ONBOARDING, ["Fit covers 60 % or more"]),
        (replace(READY, verdict=Verdict.WEAK), Stage.ONBOARDING, ["Verdict is strong or possible"]),
        (
            Facts(),
            Stage.ONBOARDING,
            ["Fit covers 60 % or more", "Verdict is strong or possible", "Agreement is signed"],
        ),
        (Facts(), Step.NEGOTIATING, []),
        (replace(READY, step=Step.SIGNED), Step.IDENTIFIED, []),
        (Facts(), Step.SIGNED, ["Agreement is signed"]),
        (Facts(), Stage.GROWTH, ["It is a prospect: onboarding comes first"]),
        (Facts(), Stage.RECRUITMENT, ["It is in recruitment: name the step it moves to"]),
        (Facts(), Stage.ENDED, ["It is a prospect: decline it instead of ending it"]),
        (replace(READY, status=Status.PARKED), Stage.ONBOARDING, ["It is parked: take it up again first"]),
        (replace(READY, status=Status.DECLINED), Step.CONTACTED, ["It was declined: reopen it first"]),
        (ONBOARDING, Stage.GROWTH, ["Kick-off is held"]),
        (
            replace(ONBOARDING, evidence=frozenset({KICK_OFF}), open_required_tasks=2),
            Stage.GROWTH,
            ["Required tasks are done"],
        ),
        (replace(ONBOARDING, evidence=frozenset({KICK_OFF})), Stage.GROWTH, []),
        (ONBOARDING, Step.CONTACTED, ["It is live: the road does not lead back there"]),
        (ONBOARDING, Stage.EVALUATION, ["It is in onboarding: growth comes first"]),
        (GROWTH, Stage.EVALUATION, []),
        (EVALUATION, Stage.GROWTH, []),
        (GROWTH, Stage.ONBOARDING, ["It is live: the road does not lead back there"]),
        (GROWTH, Stage.ENDED, ["A reason for the end is given"]),
        (replace(GROWTH, end_reason="Insolvent"), Stage.ENDED, []),
    ],
)
def test_what_stands_before_a_place(facts: Facts, to: gates.Place, words: list[str]) -> None:
    assert [missing.text for missing in gates.unmet(facts, to)] == words


def test_the_checklist_shows_what_is_met_beside_what_is_not() -> None:
    facts = replace(READY, coverage=41)
    assert [(line.text, line.met, line.now) for line in gates.conditions(facts, Stage.ONBOARDING)] == [
        ("Fit covers 60 % or more", False, "41 %"),
        ("Verdict is strong or possible", True, "possible fit"),
        ("Agreement is signed", True, ""),
    ]


@pytest.mark.parametrize(
    ("facts", "to"),
    [
        *(
            (facts, Stage.ONBOARDING)
            for facts in (Facts(), replace(Facts(), coverage=9, verdict=Verdict.WEAK))
        ),
        *((replace(ONBOARDING, open_required_tasks=2), to) for to in (Stage.GROWTH, Step.CONTACTED)),
        *((replace(READY, status=status), Stage.GROWTH) for status in Status),
        *((Facts(), to) for to in (*Stage, Step.SIGNED)),
        (ONBOARDING, Stage.EVALUATION),
        (GROWTH, Stage.ENDED),
    ],
)
def test_what_the_gates_say_can_be_translated(facts: Facts, to: gates.Place, translated: None) -> None:
    for line in gates.conditions(facts, to):
        assert (line.text[0], line.text[-1]) == ("«", "»")
        assert line.now in {"", "9 %", "weak fit"} or line.now.startswith("«")


def test_places_read_like_their_names() -> None:
    assert gates.place("negotiating") is Step.NEGOTIATING
    assert gates.place("growth") is Stage.GROWTH
    with pytest.raises(ValueError, match="“moon” is no place on the road"):
        gates.place("moon")


@pytest.mark.parametrize(
    ("stage", "step", "after"),
    [
        (Stage.RECRUITMENT, Step.IDENTIFIED, Step.CONTACTED),
        (Stage.RECRUITMENT, Step.SIGNED, Stage.ONBOARDING),
        (Stage.GROWTH, "", Stage.EVALUATION),
        (Stage.EVALUATION, "", Stage.GROWTH),
        (Stage.ENDED, "", None),
    ],
)
def test_what_follows(stage: str, step: str, after: gates.Place | None) -> None:
    assert gates.following(stage, step) == after


places = st.sampled_from(gates.PLACES)
standing = st.one_of(
    st.sampled_from(list(Step)).map(lambda step: (Stage.RECRUITMENT, step)),
    st.sampled_from([Stage.ONBOARDING, Stage.GROWTH, Stage.EVALUATION]).map(lambda stage: (stage, "")),
)


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    stage, step = draw(standing)
    idle = [Status.PARKED, Status.DECLINED] if stage == Stage.RECRUITMENT else []
    running = Status.PROSPECT if stage == Stage.RECRUITMENT else Status.LIVE
    return Facts(
        status=draw(st.sampled_from([running, running, *idle])),
        stage=stage,
        step=step,
        coverage=draw(st.none() | st.integers(0, 100)),
        verdict=draw(st.sampled_from(["", *Verdict.values])),
        evidence=draw(st.frozensets(st.sampled_from(Evidence.Kind.values))),
        open_required_tasks=draw(st.integers(0, 5)),
        end_reason=draw(st.sampled_from(["", "Insolvent"])),
    )


@given(any_facts(), places, st.sampled_from(Evidence.Kind.values))
def test_a_further_fact_never_leaves_more_unmet(facts: Facts, to: gates.Place, kind: str) -> None:
    before = {missing.text for missing in gates.unmet(facts, to)}
    better = [
        replace(facts, evidence=facts.evidence | {kind}),
        replace(facts, coverage=100),
        replace(facts, verdict=Verdict.STRONG),
        replace(facts, open_required_tasks=0),
        replace(facts, end_reason="Insolvent"),
    ]
    assert all({missing.text for missing in gates.unmet(more, to)} <= before for more in better)


@given(any_facts())
def test_what_follows_is_a_place_the_road_leads_to(facts: Facts) -> None:
    after = gates.following(facts.stage, facts.step)
    if after is not None and facts.status in {Status.PROSPECT, Status.LIVE}:
        assert all(line.of_the_gate or line.asks for line in gates.conditions(facts, after))
