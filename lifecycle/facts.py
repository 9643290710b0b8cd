"""The facts that gates ask for, fetched."""

from collections.abc import Iterable

from django.db.models import Q

from lifecycle.gates import Facts
from lifecycle.models import Evidence, Task
from partners.models import Fit, Partner, Stage


def of(partner: Partner, end_reason: str = "") -> Facts:
    """How `partner` stands before its gates; three queries."""
    fit = Fit.objects.filter(partner=partner, is_current=True).values_list("coverage", "verdict").first()
    standing = Evidence.objects.standing().filter(partner=partner)
    required = Task.objects.open().filter(partner=partner, is_required=True, stage=Stage.ONBOARDING)
    required = required.filter(Q(plan=None) | Q(plan__template__product=None))
    return _facts(
        partner, fit or (None, ""), standing.values_list("kind", flat=True), required.count(), end_reason
    )


def among(partner: Partner, evidence: Iterable[Evidence], tasks: Iterable[Task]) -> Facts:
    """The same from rows that were fetched already, and the fit that stands on the partner; no query."""
    standing = [fact.kind for fact in evidence if fact.withdrawn_at is None]
    required = [
        task
        for task in tasks
        if task.is_open and task.is_required and task.stage == Stage.ONBOARDING and not task.is_of_checklist
    ]
    return _facts(partner, (partner.coverage, partner.verdict), standing, len(required))


def _facts(
    partner: Partner,
    fit: tuple[int | None, str],
    evidence: Iterable[str],
    open_required_tasks: int,
    end_reason: str = "",
) -> Facts:
    return Facts(
        status=partner.status,
        stage=partner.stage,
        step=partner.step,
        coverage=fit[0],
        verdict=fit[1],
        evidence=frozenset(evidence),
        open_required_tasks=open_required_tasks,
        end_reason=end_reason,
    )
