"""Templates of plans, and what a newer version changes in plans that run, for other programs."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lifecycle.api import rows
from lifecycle.models import Plan, PlanTemplate, Product, Side, TaskFile, TemplateTask, TemplateVersion
from lifecycle.onboarding import offers, templates
from lifecycle.onboarding.forms import TemplateForm
from lifecycle.onboarding.models import LONGEST, WANTED
from partners.models import PartnerType
from prm import clock, downloads
from prm.access import found_or_404
from prm.api.fields import AsInForm, Named
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Makes, Reads, Resource, Typed, file_of, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted, permitted_anywhere
from team.roles import may

Ids = serializers.IntegerField
KEEP = "edit settings"
PLAN = "plan tasks"


class TemplateTaskRow(serializers.Serializer[Any]):
    key = serializers.UUIDField(help_text="The same in all versions.")
    text = serializers.CharField()
    side = serializers.ChoiceField(Side.choices)
    role = serializers.CharField(help_text="Of us or of theirs, as its side says.")
    offset_days = Ids(help_text="Working days from the start to its due day.")
    is_required = serializers.BooleanField()
    needs_approval = serializers.BooleanField()
    evidence = serializers.CharField()
    waits_for = serializers.ListField(child=serializers.CharField(), help_text="Keys.")


class PlanTemplateRow(Row):
    name = serializers.CharField()
    kind = Ids(source="kind_id", allow_null=True, help_text="The type of partners it is for; null: all.")
    product = Ids(source="product_id", allow_null=True, help_text="Whose checklist it is.")
    retired_at = serializers.DateTimeField(allow_null=True, help_text="Since then it is offered no more.")
    created_at = serializers.DateTimeField()
    published = Ids(allow_null=True, help_text="The version that new plans are made from.")
    draft = Ids(allow_null=True, help_text="The version that is being written.")
    tasks = TemplateTaskRow(
        many=True,
        allow_null=True,
        help_text="Of the draft, where there is one, else as published; null for who does not keep them.",
    )
    beside = frozenset({"published", "draft", "tasks"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        ids, keeps = [row["id"] for row in rows], may(user, KEEP)
        versions = TemplateVersion.objects.filter(template__in=ids).order_by("number")
        newest: dict[int, dict[str, int]] = {pk: {} for pk in ids}
        for template, number, published in versions.values_list("template", "number", "published_at"):
            newest[template]["published" if published else "draft"] = number
        tasks: dict[int, list[TemplateTask]] = {pk: [] for pk in ids}
        for task in _tasks(ids) if keeps else ():
            if task.version.number == max(newest[task.version.template_id].values()):
                tasks[task.version.template_id].append(task)
        for row in rows:
            row |= {name: newest[row["id"]].get(name) for name in ("published", "draft")}
            row["tasks"] = TemplateTaskRow(tasks[row["id"]], many=True).data if keeps else None


def _tasks(ids: list[int]) -> QuerySet[TemplateTask]:
    return TemplateTask.objects.filter(version__template__in=ids).select_related("version")


class PlanTemplateChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. Its product stays once a version is published."""

    name = AsInForm(TemplateForm.base_fields["name"])
    kind = Named(
        lambda user: PartnerType.objects.filter(retired_at=None),
        required=False,
        allow_null=True,
        help_text="The type of partners it is for; null: all.",
    )
    product: Any = Named(
        lambda user: Product.objects.filter(retired_at=None),
        required=False,
        allow_null=True,
        help_text="Whose checklist it is; null: it is a plan of onboarding.",
    )


class NewPlanTemplate(PlanTemplateChange):
    """It begins as a draft without tasks."""


class TemplateTaskWritten(serializers.Serializer[Any]):
    """With a key, what differs; a new one without. It stands in the draft, which begins by it."""

    key = serializers.UUIDField(required=False)
    text = serializers.CharField(max_length=300, required=False)
    side = serializers.ChoiceField(Side.choices, required=False)
    role = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text="Empty: the owner, or anybody of theirs."
    )
    offset_days = serializers.IntegerField(min_value=0, max_value=LONGEST, required=False)
    is_required = serializers.BooleanField(required=False)
    needs_approval = serializers.BooleanField(required=False)
    evidence = serializers.ChoiceField([*WANTED, ""], required=False)
    waits_for = serializers.ListField(
        child=serializers.UUIDField(), max_length=templates.MOST, required=False, help_text="Keys."
    )

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "key" not in asked:
            missing = [name for name in ("text", "offset_days") if name not in asked]
            if missing:
                raise serializers.ValidationError({name: [_("A new task needs it.")] for name in missing})
        return asked


class TemplateTaskTaken(serializers.Serializer[Any]):
    key = serializers.UUIDField()


class Templates(Reads, Makes, Changes):
    noun, words = "plan-templates", "What plans are made from, in versions. A published one never changes."
    model, row, new, changed = PlanTemplate, PlanTemplateRow, NewPlanTemplate, PlanTemplateChange
    filterset_class = filters(PlanTemplate, keys=["kind", "product"], texts=["name"])
    sorts = USUAL_SORTS | {"name": Order("name", nullable=False)}
    first_sort = "name"
    may_make = may_change = permitted_anywhere(KEEP)

    def seen(self) -> QuerySet[PlanTemplate]:
        return PlanTemplate.objects.all() if self.user.roles else PlanTemplate.objects.none()

    def make(self, typed: Typed) -> PlanTemplate:
        typed.setdefault("kind", None)
        return templates.add(**typed, by=self.user, at=clock.now())

    def change(self, thing: PlanTemplate, typed: Typed) -> None:
        told = {name: getattr(thing, name) for name in ("name", "kind", "product")} | typed
        templates.describe(thing, **told, by=self.user, at=clock.now())

    @step(permitted_anywhere(KEEP), TemplateTaskWritten, name="write-task")
    def write_task(self, thing: PlanTemplate, typed: Typed) -> None:
        """Write a task of the draft."""
        key: uuid.UUID | None = typed.pop("key", None)
        if "waits_for" in typed:
            others = {task.key for task in templates.latest(thing).tasks.all()} - {key}
            if not others.issuperset(typed["waits_for"]):
                raise serializers.ValidationError({"waits_for": [_("There is no such task beside it.")]})
            typed["waits_for"] = [str(each) for each in typed["waits_for"]]
        templates.save(thing, key, typed, by=self.user, at=clock.now())

    @step(permitted_anywhere(KEEP), TemplateTaskTaken, name="take-out-task")
    def take_out_task(self, thing: PlanTemplate, typed: Typed) -> None:
        """Take a task out of the draft; no other waits for it any more."""
        templates.remove(thing, typed["key"], by=self.user, at=clock.now())

    @step(permitted_anywhere(KEEP))
    def publish(self, thing: PlanTemplate, typed: Typed) -> None:
        """Make new plans from the draft. Those that run stay as they are; see plans/{id}/offer/."""
        templates.publish(thing, by=self.user, at=clock.now())

    @step(permitted_anywhere(KEEP))
    def discard(self, thing: PlanTemplate, typed: Typed) -> None:
        """Throw the draft away; the version before it stands."""
        templates.discard(thing, by=self.user, at=clock.now())

    @step(permitted_anywhere(KEEP))
    def retire(self, thing: PlanTemplate, typed: Typed) -> None:
        """Offer it no more; plans made from it go on."""
        templates.retire(thing, by=self.user, at=clock.now())

    @step(permitted_anywhere(KEEP))
    def restore(self, thing: PlanTemplate, typed: Typed) -> None:
        """Offer it again."""
        templates.restore(thing, by=self.user, at=clock.now())


# --- what a newer version changes ---------------------------------------------------------------------


class ChangedTask(serializers.Serializer[Any]):
    task = Ids(help_text="See tasks.")
    changes = serializers.ListField(child=serializers.CharField(), help_text="Each from what to what.")


class PlanOffer(serializers.Serializer[Any]):
    """What taking it over would change."""

    version = Ids(allow_null=True, help_text="The newest; null: the plan follows it already.")
    added = serializers.ListField(child=serializers.CharField())
    changed = ChangedTask(many=True)
    removed = serializers.ListField(child=Ids(), help_text="Tasks that are left out then.")


class Taking(serializers.Serializer[Any]):
    seen = serializers.IntegerField(min_value=1, max_value=2**31, help_text="The version that was looked at.")


class Offers(Resource):
    noun, words = "plans", "What a newer version of its template changes in a plan."
    model, row = Plan, rows.PlanRow

    def seen(self) -> QuerySet[Plan]:
        return Plan.objects.visible_to(self.user)

    @extend_schema(responses=PlanOffer)
    @action(detail=True, url_name="offer")
    def offer(self, request: Request, pk: str) -> Response:
        """What the newest version of its template would change in it."""
        thing = self.thing(pk, "partner__owner", "template", "version")
        permitted(PLAN)(self, thing)
        found = offers.of_plan(thing)
        told: Told = {"version": None, "added": [], "changed": [], "removed": []}
        if found is not None:
            told = {
                "version": found.version.number,
                "added": [each.text for each in found.difference.added],
                "changed": [{"task": task.pk, "changes": words} for task, words in found.changed],
                "removed": [task.pk for task in found.difference.removed],
            }
        return Response(PlanOffer(told).data)

    @step(permitted(PLAN), Taking, name="take-over", related=("partner__owner", "template", "version"))
    def take_over(self, thing: Plan, typed: Typed) -> None:
        """Let it follow the newest version. What is done or handed in stays as it is."""
        offers.take(thing, typed["seen"], by=self.user, at=clock.now())


# --- files of tasks -----------------------------------------------------------------------------------


class TaskFileRow(Row):
    task = Ids(source="task_id")
    name = serializers.CharField()
    by_contact = Ids(source="by_contact_id", allow_null=True, help_text="Who there attached it.")
    at = serializers.DateTimeField()


class TaskFiles(Reads):
    noun, words = "task-files", "Files that people there attached to their tasks."
    model, row = TaskFile, TaskFileRow
    filterset_class = filters(TaskFile, keys={"task": "task", "partner": "task__partner"}, moments=["at"])

    def seen(self) -> QuerySet[TaskFile]:
        return TaskFile.objects.visible_to(self.user)

    file = file_of(
        "The file as a download.",
        lambda self, thing: downloads.of(
            found_or_404(self.seen().exclude(file=""), pk=thing.pk).file, thing.name
        ),
    )
