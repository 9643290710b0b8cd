"""The facts that gates ask for, fetched."""

from lifecycle.gates import Facts
from lifecycle.models import Evidence, Task
from partners.models import Fit, Partner, Stage


def of(partner: Partner, end_reason: str = "") -> Facts:
    """How `partner` stands before its gates; three queries."""
    fit = Fit.objects.filter(partner=partner, is_current=True).values_list("coverage", "verdict").first()
    standing = Evidence.objects.standing().filter(partner=partner)
    coverage, verdict = fit or (None, "")
    return Facts(
        status=partner.status,
        stage=partner.stage,
        step=partner.step,
        coverage=coverage,
        verdict=verdict,
        evidence=frozenset(standing.values_list("kind", flat=True)),
        open_required_tasks=Task.objects.open()
        .filter(partner=partner, is_required=True, stage=Stage.ONBOARDING)
        .count(),
        end_reason=end_reason,
    )
