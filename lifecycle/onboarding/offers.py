"""A template's change, offered to the plans that run: previewed, then taken over plan by plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle import tasks
from lifecycle.models import Plan, PlanTemplate, Side, Task, TemplateTask, TemplateVersion
from lifecycle.onboarding import differing, offsets, owners, plans, templates
from lifecycle.onboarding.differing import Change, Difference
from lifecycle.onboarding.models import ROLES
from lifecycle.onboarding.owners import Cast
from lifecycle.onboarding.plans import PlanRefused
from team import companies
from team.models import User

SHOWN = 50
NAMES = {
    "text": gettext_lazy("Task"),
    "side": gettext_lazy("Whose"),
    "role": gettext_lazy("Who does it"),
    "offset_days": gettext_lazy("Working days"),
    "is_required": gettext_lazy("Required"),
    "needs_approval": gettext_lazy("Needs our approval"),
    "evidence": gettext_lazy("Evidence"),
    "waits_for": gettext_lazy("Comes after"),
}


@dataclass(frozen=True)
class Offer:
    """What the newest version would change in one plan."""

    plan: Plan
    version: TemplateVersion
    difference: Difference
    texts: dict[str, str]

    @property
    def changed(self) -> list[tuple[Task, list[str]]]:
        """Each task that changes, and how, in words."""
        return [(change.task, self._words(change)) for change in self.difference.changed]

    def _words(self, change: Change) -> list[str]:
        return [
            f"{NAMES[name]}: {self._said(name, old)} → {self._said(name, new)}"
            for name, (old, new) in change.fields.items()
        ]

    def _said(self, name: str, value: Any) -> str:
        if name == "waits_for":
            return "; ".join(self.texts.get(key, "?") for key in value) or _("nothing")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name == "side":
            return str(Side(value).label)
        if name == "role":
            return ROLES[Side.OURS].get(value) or ROLES[Side.THEIRS].get(value) or _("nobody in particular")
        if name == "evidence":
            return str(dict(TemplateTask._meta.get_field("evidence").flatchoices).get(value) or _("none"))
        return str(value)


def behind(template: PlanTemplate) -> QuerySet[Plan]:
    """Running plans that were made from an older version than what is published."""
    newest = templates.published(template)
    running = Plan.objects.running().filter(template=template)
    return running.exclude(version=newest) if newest is not None else running.none()


def of_template(template: PlanTemplate) -> list[Offer]:
    """The offers to its plans, the first of them, oldest first; a fixed number of queries."""
    newest = templates.published(template)
    if newest is None:
        return []
    rows = behind(template).select_related("partner__owner", "version", "template")
    found = rows.prefetch_related("tasks", "version__tasks").order_by("starts_on", "pk")[:SHOWN]
    after = list(newest.tasks.all())
    return [_offer(plan, newest, after) for plan in found]


def of_plan(plan: Plan) -> Offer | None:
    """The offer to one plan; None where it follows what is published."""
    newest = templates.published(plan.template) if plan.template is not None else None
    if newest is None or not plan.is_running or plan.version_id == newest.pk:
        return None
    return _offer(plan, newest, list(newest.tasks.all()))


def _offer(plan: Plan, newest: TemplateVersion, after: Sequence[TemplateTask]) -> Offer:
    before = list(plan.version.tasks.all()) if plan.version is not None else []
    texts = {str(step.key): step.text for step in [*before, *after]}
    return Offer(plan, newest, differing.between(list(plan.tasks.all()), before, after), texts)


@transaction.atomic
def take(plan: Plan, seen: int, by: User, at: datetime) -> Difference:
    """Change the plan as the newest version says; `seen` is the number of the version that was shown."""
    held = plans.running(plan)
    offer = of_plan(held)
    if offer is None:
        raise PlanRefused(_("This plan follows the newest version already."))
    if offer.version.number != seen:
        raise PlanRefused(_("The template has changed again meanwhile. Look at it once more."))
    difference, cast = offer.difference, owners.around(held.partner, plans.owner_of(held))
    plans.copy(held, difference.added, at)
    for change in difference.changed:
        _apply(held, change, cast)
    plans.chain(held, [*difference.added, *(change.to for change in difference.changed)])
    gone = [task.pk for task in difference.removed]
    left_out = {"skipped_at": at, "skipped_reason": _("Taken out of the template.")}
    Task.objects.open().filter(pk__in=gone).update(next_check_at=None, **left_out)
    Plan.objects.filter(pk=held.pk).update(version=offer.version)
    Task.objects.open().filter(plan=held).update(next_check_at=at)
    tasks.finish_plan(held.pk, at)
    plans.record("plan_changed", held, by, at, _told(offer), _which(difference))
    return difference


def _apply(plan: Plan, change: Change, cast: Cast) -> None:
    """The fields that the template changed, and what hangs on them."""
    task, step = change.task, change.to
    for name in change.fields:
        if name != "waits_for":
            setattr(task, name, getattr(step, name))
    if "offset_days" in change.fields:
        task.due_on = offsets.day_after(companies.working_days(), plan.starts_on, step.offset_days)
    if change.fields.keys() & {"side", "role"}:
        task.owner, task.contact = cast.of(step, step.role)
    task.save()


def _told(offer: Offer) -> str:
    found = offer.difference
    return _("{template} to version {n}: {added} added, {changed} changed, {removed} removed").format(
        template=offer.plan.template,
        n=offer.version.number,
        added=len(found.added),
        changed=len(found.changed),
        removed=len(found.removed),
    )


def _which(found: Difference) -> dict[str, list[str]]:
    return {
        "added": [step.text for step in found.added],
        "changed": [change.task.text for change in found.changed],
        "removed": [task.text for task in found.removed],
    }
