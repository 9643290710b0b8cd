"""Templates of plans, under Settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lifecycle.models import PlanTemplate, TemplateTask
from lifecycle.onboarding import offers, templates
from lifecycle.onboarding.forms import TemplateForm, TemplateTaskForm
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

LIST, SCREEN = "lifecycle/onboarding/plan_templates.html", "lifecycle/onboarding/plan_template.html"
TASK = "lifecycle/onboarding/plan_template_task.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_templates(request: PersonRequest) -> HttpResponse:
    """All templates, and the form that adds one."""
    permitted_or_403(request.user, "edit settings")
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = templates.add(**form.cleaned_data, by=request.user, at=clock.now())
            return pages.done(request, added, _("The template is begun. Add its tasks, then publish it."))
        except Refused as refusal:
            form.add_error("name", str(refusal))
    running = Count("plans", filter=Q(plans__finished_at=None), distinct=True)
    published = Max("versions__number", filter=Q(versions__published_at__isnull=False))
    rows = PlanTemplate.objects.select_related("kind", "product").annotate(
        running=running, published=published
    )
    return pages.again(request, LIST, {"form": form, "templates": rows}, 422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_template(request: PersonRequest, pk: int) -> HttpResponse:
    """One template: its tasks, its versions; `do` says what to do with it."""
    template = _template(request, pk)
    first = {name: getattr(template, name) for name in TemplateForm.base_fields}
    form = TemplateForm(request.POST or None, template=template, initial=first)
    if request.method != "POST":
        return _shown(request, template, form, 200)
    do = request.POST.get("do", "save")
    try:
        if do == "save" and not form.is_valid():
            return _shown(request, template, form, 422)
        says = _do(template, do, form, request, clock.now())
    except Refused as refusal:
        return _shown(request, _template(request, pk), form, 409, str(refusal))
    return pages.done(request, template, says)


def _do(template: PlanTemplate, do: str, form: TemplateForm, request: PersonRequest, at: datetime) -> str:
    by = request.user
    if do == "save":
        templates.describe(template, **form.cleaned_data, by=by, at=at)
        return _("The template is saved.")
    if do == "publish":
        version = templates.publish(template, by, at)
        return _("Version {n} is published: new plans are made from it.").format(n=version.number)
    if do == "discard":
        templates.discard(template, by, at)
        return _("The draft is thrown away.")
    if do == "retire":
        templates.retire(template, by, at)
        return _("The template is offered no more. Plans made from it go on.")
    if do == "restore":
        templates.restore(template, by, at)
        return _("The template is offered again.")
    raise templates.TemplateRefused(_("A template can be saved, published, retired or restored."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_template_task(request: PersonRequest, pk: int, key: UUID | None = None) -> HttpResponse:
    """A task of the draft: added, changed, or with `do=remove` taken out."""
    template = _template(request, pk)
    rows = templates.latest(template).tasks.all()
    task = found_or_404(rows, key=key) if key else None
    others = [row for row in rows if row.key != key]
    form = TemplateTaskForm(request.POST or None, others=others, initial=_facts(task))
    if request.method == "POST":
        try:
            if key is not None and request.POST.get("do") == "remove":
                gone = templates.remove(template, key, request.user, clock.now())
                return pages.done(
                    request, template, _("“{task}” is taken out of the draft.").format(task=gone)
                )
            if form.is_valid():
                saved = templates.save(template, key, form.cleaned_data, request.user, clock.now())
                return pages.done(request, template, _("“{task}” is in the draft.").format(task=saved))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"template": template, "task": task, "form": form}
    return pages.again(request, TASK, context, 422 if form.errors else 200)


def _facts(task: TemplateTask | None) -> dict[str, Any]:
    if task is None:
        return {}
    facts = {field: getattr(task, field) for field in templates.KEPT if field != "key"}
    return facts | {"role": f"{task.side}:{task.role}" if task.role else ""}


def _shown(
    request: PersonRequest, template: PlanTemplate, form: TemplateForm, status: int, refusal: str = ""
) -> HttpResponse:
    version = templates.latest(template)
    tasks = list(version.tasks.all())
    texts = {str(task.key): task.text for task in tasks}
    context = {
        "template": template,
        "version": version,
        "published": templates.published(template),
        "tasks": [(task, [texts[key] for key in task.waits_for if key in texts]) for task in tasks],
        "versions": template.versions.select_related("begun_by").order_by("-number"),
        "behind": offers.behind(template).count(),
        "form": form,
        "refusal": refusal,
    }
    return pages.again(request, SCREEN, context, status)


def _template(request: PersonRequest, pk: int) -> PlanTemplate:
    permitted_or_403(request.user, "edit settings")
    template: PlanTemplate = found_or_404(PlanTemplate.objects.select_related("kind", "product"), pk=pk)
    return template
