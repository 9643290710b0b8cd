"""What the partner's page shows of its integrations."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from lifecycle.models import Integration, Obstacle, Task
from prm.questions import Question, key

SHOWN = 4


def _shown() -> QuerySet[Any]:
    """Those that stand, the newest first, with how far the checklist is and how many obstacles block it."""
    closed = Q(done_at__isnull=False) | Q(skipped_at__isnull=False)
    tasks = Task.objects.filter(plan=OuterRef("plan")).order_by().values("plan")
    obstacles = Obstacle.objects.open().filter(integration=OuterRef("pk"), is_blocking=True)
    counted = obstacles.order_by().values("integration").annotate(n=Count("pk"))
    return (
        Integration.objects.standing()
        .filter(partner=key("partner"))
        .select_related("product", "our_contact", "their_contact")
        .annotate(
            tasks_all=Subquery(tasks.annotate(n=Count("pk")).values("n")),
            tasks_closed=Subquery(tasks.annotate(n=Count("pk", filter=closed)).values("n")),
            blocking=Subquery(counted.values("n")),
        )
        .order_by("-begun_at", "-pk")[:SHOWN]
    )


OF = Question(_shown)
