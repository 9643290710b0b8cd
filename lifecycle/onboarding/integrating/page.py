"""What the page of an integration shows, to us and to the partner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lifecycle.models import Environment, Integration, Obstacle
from lifecycle.onboarding import page
from lifecycle.onboarding.integrating import rules
from lifecycle.onboarding.integrating.rules import Condition
from lifecycle.onboarding.page import Line


@dataclass(frozen=True)
class IntegrationPage:
    """One integration on a day."""

    integration: Integration
    lines: list[Line]
    environments: list[Environment]
    obstacles: list[Obstacle]
    conditions: list[Condition]

    @property
    def closed(self) -> int:
        return sum(not line.task.is_open for line in self.lines)

    @property
    def blockers(self) -> list[Condition]:
        return [condition for condition in self.conditions if not condition.met]

    @property
    def met(self) -> int:
        return len(self.conditions) - len(self.blockers)

    @property
    def is_ready(self) -> bool:
        return self.integration.is_running and not self.blockers

    @property
    def open_obstacles(self) -> list[Obstacle]:
        """Those that block it first."""
        return sorted(
            (obstacle for obstacle in self.obstacles if obstacle.is_open),
            key=lambda obstacle: (not obstacle.is_blocking, obstacle.opened_at, obstacle.pk),
        )

    @property
    def solved_obstacles(self) -> list[Obstacle]:
        """The newest first."""
        return [obstacle for obstacle in reversed(self.obstacles) if not obstacle.is_open]


def of(integration: Integration, today: date) -> IntegrationPage:
    """The page of an integration; five queries."""
    lines = page.shared([integration.plan], today)[integration.plan_id]
    tasks = [line.task for line in lines]
    obstacles = _obstacles(integration)
    found = rules.conditions(integration, tasks, obstacles)
    return IntegrationPage(integration, lines, list(integration.environments.all()), obstacles, found)


def _obstacles(integration: Integration) -> list[Obstacle]:
    people = ("owner", "contact", "raised_by", "raised_by_contact", "closed_by", "conversation")
    return list(integration.obstacles.select_related(*people))
