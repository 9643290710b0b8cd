"""Templates of plans: kept in versions. A published version never changes; editing begins a draft."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lifecycle.models import Evidence, PlanTemplate, Product, Side, TemplateTask, TemplateVersion
from lifecycle.onboarding import order
from lifecycle.onboarding.models import ROLES
from partners.models import Event, Partner, PartnerType
from prm.refusals import Refused
from team.models import User

KEPT = (
    "key",
    "text",
    "side",
    "role",
    "offset_days",
    "is_required",
    "needs_approval",
    "evidence",
    "waits_for",
)
MOST = 100  # tasks


class TemplateRefused(Refused):
    """The template cannot be kept so."""


@transaction.atomic
def add(
    name: str, kind: PartnerType | None, by: User | None, at: datetime, product: Product | None = None
) -> PlanTemplate:
    """A new template, its first version a draft without tasks; of a product, it is a checklist."""
    template = _kept(PlanTemplate(name=" ".join(name.split()), kind=kind, product=product, created_at=at))
    TemplateVersion.objects.create(template=template, number=1, begun_by=by, begun_at=at)
    _record(template, _("begun"), by, at)
    return template


@transaction.atomic
def describe(
    template: PlanTemplate,
    name: str,
    kind: PartnerType | None,
    by: User,
    at: datetime,
    product: Product | None = None,
) -> None:
    """Call it something else, or let it be for another type of partner. What it is a checklist of stays
    once a version is published: plans hang on it."""
    if product != template.product and published(template) is not None:
        raise TemplateRefused(_("Product: it stays once a version is published. Begin another template."))
    template.name, template.kind, template.product = " ".join(name.split()), kind, product
    _kept(template)
    _record(template, _("described anew"), by, at)


@transaction.atomic
def save(
    template: PlanTemplate, key: uuid.UUID | None, facts: Mapping[str, Any], by: User, at: datetime
) -> TemplateTask:
    """Write a task of the draft, a new one without a `key`. Refused where tasks would wait in a circle."""
    draft = _draft(template, by, at)
    rows = {task.key: task for task in draft.tasks.all()}
    if key is None and len(rows) >= MOST:
        raise TemplateRefused(_("A plan has {n} tasks at most.").format(n=MOST))
    task = TemplateTask(version=draft) if key is None else _named(rows, key)
    for field, value in facts.items():
        setattr(task, field, value)
    if task.needs_approval and task.side != Side.THEIRS:
        raise TemplateRefused(_("Needs our approval: only what they do waits for our yes."))
    if task.role and task.role not in ROLES[task.side]:
        raise TemplateRefused(_("Role: choose one of the side that does it."))
    _refuse_circle({**rows, task.key: task})
    task.save()
    return task


@transaction.atomic
def remove(template: PlanTemplate, key: uuid.UUID, by: User, at: datetime) -> TemplateTask:
    """Take a task out of the draft; no other waits for it any more."""
    draft = _draft(template, by, at)
    rows = {task.key: task for task in draft.tasks.all()}
    gone = _named(rows, key)
    for task in rows.values():
        if str(key) in task.waits_for:
            task.waits_for = [each for each in task.waits_for if each != str(key)]
            task.save(update_fields=["waits_for"])
    gone.delete()
    return gone


@transaction.atomic
def publish(template: PlanTemplate, by: User | None, at: datetime) -> TemplateVersion:
    """Let new plans be made from the draft. Those that run stay as they are."""
    draft = _locked(template).versions.filter(published_at=None).first()
    if draft is None:
        raise TemplateRefused(_("There is no draft: what stands is published."))
    if not draft.tasks.exists():
        raise TemplateRefused(_("The draft has no task. Add one first."))
    proves = draft.tasks.filter(evidence=Evidence.Kind.INTEGRATION_LIVE).first()
    if template.product_id is not None and proves is not None:
        said = _(
            "“{task}” records “Integration live”, which an integration does itself. Ask no evidence there."
        )
        raise TemplateRefused(said.format(task=proves))
    draft.published_at = at
    draft.save(update_fields=["published_at"])
    _record(template, _("published as version {n}").format(n=draft.number), by, at)
    return draft


@transaction.atomic
def discard(template: PlanTemplate, by: User, at: datetime) -> None:
    """Throw the draft away; the version before it stands."""
    draft = _locked(template).versions.filter(published_at=None, number__gt=1).first()
    if draft is None:
        raise TemplateRefused(_("There is no draft beside a published version."))
    draft.delete()
    _record(template, _("draft thrown away"), by, at)


def retire(template: PlanTemplate, by: User, at: datetime) -> None:
    """Offer it no more; plans made from it go on."""
    _set_retired(template, at, _("offered no more"), by, at)


def restore(template: PlanTemplate, by: User, at: datetime) -> None:
    """Offer it again."""
    _set_retired(template, None, _("offered again"), by, at)


def published(template: PlanTemplate) -> TemplateVersion | None:
    """What new plans are made from; None before the first is published."""
    return newest().filter(template=template).first()


def newest() -> QuerySet[TemplateVersion]:
    """What was published of all templates, the newest first."""
    return TemplateVersion.objects.filter(published_at__isnull=False).order_by("-number")


def latest(template: PlanTemplate) -> TemplateVersion:
    """The draft, where there is one, else what is published."""
    return template.versions.order_by("-number")[0]


def offered(partner: Partner) -> list[PlanTemplate]:
    """The templates a plan of this partner can be made from: those of its type first, then those for all."""
    return _fitting(PlanTemplate.objects.filter(product=None), partner)


def checklists(partner: Partner) -> list[PlanTemplate]:
    """The checklists an integration of this partner can begin with, in the same order."""
    rows = PlanTemplate.objects.filter(product__isnull=False, product__retired_at=None)
    return _fitting(rows.select_related("product"), partner)


def _fitting(rows: QuerySet[PlanTemplate], partner: Partner) -> list[PlanTemplate]:
    fits = rows.filter(retired_at=None, versions__published_at__isnull=False)
    found = fits.filter(Q(kind=None) | Q(kind=partner.kind_id)).distinct()
    return sorted(found, key=lambda template: (template.kind_id is None, template.name))


def copy_of(task: TemplateTask, to: TemplateVersion) -> TemplateTask:
    """The same task for another version."""
    return TemplateTask(version=to, **{field: getattr(task, field) for field in KEPT})


def _draft(template: PlanTemplate, by: User, at: datetime) -> TemplateVersion:
    """The draft, begun from what is published where there is none."""
    newest = latest(_locked(template))
    if newest.published_at is None:
        return newest
    draft = TemplateVersion.objects.create(
        template=template, number=newest.number + 1, begun_by=by, begun_at=at
    )
    TemplateTask.objects.bulk_create(copy_of(task, draft) for task in newest.tasks.all())
    return draft


def _locked(template: PlanTemplate) -> PlanTemplate:
    return PlanTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)


def _named(rows: Mapping[uuid.UUID, TemplateTask], key: uuid.UUID) -> TemplateTask:
    if key not in rows:
        raise TemplateRefused(_("This task is not in the template any more."))
    return rows[key]


def _refuse_circle(rows: Mapping[uuid.UUID, TemplateTask]) -> None:
    found = order.circle({str(key): task.waits_for for key, task in rows.items()})
    if found:
        names = [rows[uuid.UUID(key)].text for key in found]
        if len(names) == 1:
            raise TemplateRefused(_("“{task}” cannot wait for itself.").format(task=names[0]))
        others = _(" which waits for ").join(f"“{name}”," for name in [*names[1:], names[0]])
        said = _("“{task}” would wait for {others}").format(task=names[0], others=others)
        raise TemplateRefused(said.rstrip(",") + ".")


def _set_retired(template: PlanTemplate, to: datetime | None, what: str, by: User, at: datetime) -> None:
    with transaction.atomic():
        PlanTemplate.objects.filter(pk=template.pk).update(retired_at=to)
        _record(template, what, by, at)
    template.retired_at = to


def _kept(template: PlanTemplate) -> PlanTemplate:
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise TemplateRefused(
            _("There is a template “{name}” already.").format(name=template.name)
        ) from error
    return template


def _record(template: PlanTemplate, what: str, by: User | None, at: datetime) -> None:
    Event.record("plan_template_changed", at, by or "set-up", note=f"{template}: {what}")
