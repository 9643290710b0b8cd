"""Gates: what must be true to enter a place on the road, in words. Pure.

A place is a step of recruitment or a stage after it. The checklist on the page and the verb that
moves a partner ask the same `conditions`, so the screen cannot promise what the rule refuses.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lifecycle.models import Evidence
from partners.models import Stage, Status, Step, Verdict

Place = Step | Stage

BOARD: tuple[Place, ...] = (*Step, Stage.ONBOARDING, Stage.GROWTH, Stage.EVALUATION)
PLACES: tuple[Place, ...] = (*BOARD, Stage.ENDED)

COVERAGE_WANTED = 60
VERDICTS_WANTED = frozenset({Verdict.STRONG, Verdict.POSSIBLE})


@dataclass(frozen=True)
class Facts:
    """What the gates read of a partner. `coverage` is in per cent; None and "" mean: no current fit."""

    status: str = Status.PROSPECT
    stage: str = Stage.RECRUITMENT
    step: str = Step.IDENTIFIED
    coverage: int | None = None
    verdict: str = ""
    evidence: frozenset[str] = frozenset()
    open_required_tasks: int = 0
    end_reason: str = ""


@dataclass(frozen=True)
class Condition:
    """One line of the checklist: a claim, whether it is true, and how things stand; or why the road does not
    lead there.

    `asks` names what would meet it: a kind of evidence, "fit", "tasks" or "". What is not
    `of_the_gate` belongs to the road itself, and nobody overrides it.
    """

    text: str
    met: bool
    now: str = ""
    asks: str = ""
    of_the_gate: bool = True

    @property
    def asks_evidence(self) -> bool:
        return self.asks in Evidence.Kind.values

    @property
    def asks_fit(self) -> bool:
        return self.asks == "fit"


def place(value: str) -> Place:
    """The place with this name. Raises ValueError for any other word."""
    for known in PLACES:
        if known == value:
            return known
    raise ValueError(f"“{value}” is no place on the road. Places: {', '.join(PLACES)}.")


def here(stage: str, step: str) -> Place:
    """Where a partner in this stage and step stands."""
    return Step(step) if step else Stage(stage)


def following(stage: str, step: str) -> Place | None:
    """The next place along the road; growth follows evaluation, nothing follows the end."""
    if stage == Stage.EVALUATION:
        return Stage.GROWTH
    at = BOARD.index(here(stage, step)) if stage != Stage.ENDED else len(BOARD)
    return BOARD[at + 1] if at + 1 < len(BOARD) else None


def reachable(stage: str, step: str) -> list[Place]:
    """The places of the board that the road leads to from here, their gates aside."""
    facts = Facts(Status.PROSPECT if step else Status.LIVE, stage, step)
    if stage == Stage.ENDED:
        return []
    return [to for to in BOARD if to != here(stage, step) and not wrong_turn(facts, to)]


def conditions(facts: Facts, to: Place) -> list[Condition]:
    """Every condition for entering `to`, met or not; without one where the way is free.

    Where the road does not lead there from here, only that is said.
    """
    why = wrong_turn(facts, to)
    return [Condition(why, met=False, of_the_gate=False)] if why else _gate(facts, to)


def unmet(facts: Facts, to: Place) -> list[Condition]:
    """The conditions that are not met; none where the move is allowed."""
    return [condition for condition in conditions(facts, to) if not condition.met]


def wrong_turn(facts: Facts, to: Place) -> str:
    """Why the road does not lead from here to `to`, and what does instead; "" where it leads there."""
    idle = {
        Status.PARKED.value: _("It is parked: take it up again first"),
        Status.DECLINED.value: _("It was declined: reopen it first"),
        Status.ENDED.value: _("The partnership has ended"),
    }
    if facts.status in idle:
        return idle[facts.status]
    is_prospect = facts.stage == Stage.RECRUITMENT
    if to == Stage.RECRUITMENT and is_prospect:
        return _("It is in recruitment: name the step it moves to")
    if isinstance(to, Step) or to in {Stage.RECRUITMENT, Stage.ONBOARDING}:
        return "" if is_prospect else _("It is live: the road does not lead back there")
    if to == Stage.ENDED:
        return _("It is a prospect: decline it instead of ending it") if is_prospect else ""
    if is_prospect:
        return _("It is a prospect: onboarding comes first")
    if to == Stage.EVALUATION and facts.stage != Stage.GROWTH:
        return _("It is in onboarding: growth comes first")
    return ""


def _gate(facts: Facts, to: Place) -> list[Condition]:
    if to == Step.SIGNED:
        return [_agreement_signed(facts, of_the_gate=False)]
    if to == Stage.ONBOARDING:
        return [*_fit_is_good(facts), _agreement_signed(facts)]
    if to == Stage.GROWTH and facts.stage == Stage.ONBOARDING:
        return [_kick_off_held(facts), _tasks_done(facts)]
    if to == Stage.ENDED:
        return [Condition(_("A reason for the end is given"), bool(facts.end_reason), of_the_gate=False)]
    return []


def _fit_is_good(facts: Facts) -> list[Condition]:
    coverage, verdict = facts.coverage, facts.verdict
    return [
        Condition(
            _("Fit covers {least} or more").format(least=f"{COVERAGE_WANTED} %"),
            coverage is not None and coverage >= COVERAGE_WANTED,
            now=_("no fit yet") if coverage is None else f"{coverage} %",
            asks="fit",
        ),
        Condition(
            _("Verdict is strong or possible"),
            verdict in VERDICTS_WANTED,
            now=str(Verdict(verdict).label).lower() if verdict else _("no verdict yet"),
            asks="fit",
        ),
    ]


def _agreement_signed(facts: Facts, of_the_gate: bool = True) -> Condition:
    kind = Evidence.Kind.AGREEMENT_SIGNED.value
    return Condition(_("Agreement is signed"), kind in facts.evidence, asks=kind, of_the_gate=of_the_gate)


def _kick_off_held(facts: Facts) -> Condition:
    kind = Evidence.Kind.KICK_OFF_HELD.value
    return Condition(_("Kick-off is held"), kind in facts.evidence, asks=kind)


def _tasks_done(facts: Facts) -> Condition:
    still = facts.open_required_tasks
    return Condition(
        _("Required tasks are done"),
        still == 0,
        now=_("{n} open").format(n=still) if still else "",
        asks="tasks",
    )
