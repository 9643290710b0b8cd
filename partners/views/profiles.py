"""Settings › Ideal Partner Profile: its versions, the draft as a plain form, publishing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import effects, fits, profile_events, profiles, rules
from partners.facts import FACTS
from partners.forms.profiles import (
    BOUNDS,
    HINTS,
    CriteriaForms,
    DraftForm,
    PublishForm,
    StartForm,
    entries_of,
    rows_of,
    thresholds_of,
)
from partners.models import Criterion, PartnerType, Profile, Verdict
from partners.starters import STARTERS
from prm import clock, pages, spreadsheets
from prm.listing import key_in
from prm.models import Job
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

State = Profile.State
EDITOR, VERSION = "partners/profile/edit.html", "partners/profile/version.html"
MOVERS = (
    *(gettext_lazy("Partner"), gettext_lazy("Owner"), gettext_lazy("Verdict"), gettext_lazy("By the draft")),
    *(gettext_lazy("Score"), gettext_lazy("Score by the draft"), gettext_lazy("In contract talks")),
    gettext_lazy("Because"),
)


@dataclass
class Family:
    """All versions for one type of partner (None: for all without an own profile)."""

    kind: PartnerType | None
    published: Profile | None = None
    draft: Profile | None = None
    retired: int = 0

    @property
    def name(self) -> str:
        return str(self.kind or "All other partners")

    @property
    def starter(self) -> str:
        """The starter that suits it."""
        name = self.kind.name.lower() if self.kind else "general"
        return name if name in STARTERS else ""


def _families() -> list[Family]:
    """Every family, the general one first. Two queries."""
    families: dict[int | None, Family] = {None: Family(None)}
    families |= {kind.pk: Family(kind) for kind in PartnerType.objects.filter(retired_at=None)}
    for profile in Profile.objects.select_related("kind", "by"):
        family = families.setdefault(profile.kind_id, Family(profile.kind))
        if profile.state == State.PUBLISHED:
            family.published = profile
        elif profile.state == State.DRAFT:
            family.draft = profile
        else:
            family.retired += 1
    return list(families.values())


@login_required
@require_safe
def listing(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "read profile")
    return pages.shown(request, "partners/profile/list.html", _listing(request))


def _listing(request: PersonRequest) -> dict[str, Any]:
    return {"families": _families(), "starters": STARTERS, "may_edit": may(request.user, "edit profile")}


@login_required
@require_POST
def start(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit profile")
    form = StartForm(request.POST)
    if form.is_valid():
        kind, starter = form.cleaned_data["kind"], form.cleaned_data["starter"]
        try:
            draft = profiles.start_draft(kind, by=request.user, at=clock.now(), starter=starter)
            return pages.done(request, reverse("partners:profile_edit", args=[draft.pk]))
        except profiles.ProfileRefused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, "partners/profile/list.html", _listing(request) | {"form": form})


@login_required
@require_safe
def show(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "read profile")
    profile = get_object_or_404(Profile.objects.select_related("kind", "by"), pk=pk)
    return pages.shown(request, VERSION, _version(request, profile))


def _version(request: PersonRequest, profile: Profile) -> dict[str, Any]:
    versions = list(Profile.objects.filter(family=profile.family).select_related("by"))
    return {
        "profile": profile,
        "rows": _rows(profile),
        "versions": versions,
        "draft": next((each for each in versions if each.state == State.DRAFT), None),
        "job": Job.objects.filter(kind="score_all", about={"profile": profile.pk}).last(),
        "may_edit": may(request.user, "edit profile"),
    }


def _rows(profile: Profile) -> list[dict[str, Any]]:
    criteria = profiles.criteria(profile)
    whole = sum(each.weight for each in criteria)
    return [
        {
            "criterion": each,
            "share": 100 * each.weight / whole,
            "rule": rules.written(each.kind, each.rule),
            "fact": FACTS.get(each.source),
            "met_from": each.rule.get("passes_at"),
        }
        for each in criteria
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit profile")
    draft = _marked(pk)
    if request.method != "POST":
        if draft.state != State.DRAFT:
            return _never_changes(request, draft)
        form, rows = DraftForm(initial=thresholds_of(draft)), CriteriaForms(initial=rows_of(draft))
        return pages.shown(request, EDITOR, _editor(draft, form, rows, draft.mark))
    form, rows, seen = DraftForm(request.POST), CriteriaForms(request.POST), _seen(request)
    refusal: profiles.ProfileRefused | None = None
    if form.is_valid() & rows.is_valid():
        what = entries_of(rows), form.bounds(), form.cleaned_data["why"]
        try:
            profiles.edit(draft, *what, by=request.user, at=clock.now(), seen=seen)
        except profiles.DraftChanged as changed:
            refusal = changed
        except profiles.ProfileRefused as wrong:
            form.add_error(None, wrong.reasons)
        else:
            goes_on = "publish" in request.POST
            onward = "partners:profile_publish" if goes_on else "partners:profile_edit"
            return pages.done(
                request, reverse(onward, args=[pk]), says="" if goes_on else f"{draft} is saved."
            )
    return pages.again(request, EDITOR, _editor(draft, form, rows, seen) | {"refusal": refusal})


def _marked(pk: int) -> Any:
    """A version, and how it stands as its `mark`; 404 where there is none such."""
    return get_object_or_404(Profile.objects.annotate(mark=profile_events.MARK), pk=pk)


def _seen(request: PersonRequest) -> int:
    """The mark of the draft as it stood on the page that was sent, or as a refusal told it, where the button
    that goes over that was pressed; 0, older than any, without one."""
    return key_in(request.POST.get("over") or request.POST.get("mark", ""))


def _never_changes(request: PersonRequest, profile: Profile) -> HttpResponse:
    return pages.done(request, profile, says=f"{profile} never changes. Start a draft to change it.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def effect(request: PersonRequest, pk: int) -> HttpResponse:
    """What the draft would change: as it is saved, or as it is being written. Nothing is saved."""
    permitted_or_403(request.user, "edit profile")
    draft = get_object_or_404(Profile, pk=pk)
    if draft.state != State.DRAFT and not pages.is_htmx(request):
        return _never_changes(request, draft)
    proposal: effects.Proposal | None = effects.Proposal.of(draft)
    context: dict[str, Any] = {"draft": draft, "is_written": request.method == "POST"}
    if request.method == "POST":
        form, rows = DraftForm(request.POST), CriteriaForms(request.POST)
        is_read = form.is_valid() & rows.is_valid()
        proposal = effects.Proposal.written(draft, entries_of(rows), form.bounds()) if is_read else None
        _weigh(form, rows, profiles.published(draft.kind))
        context |= {"rows": rows, "form": form, "faults": list(_faults(form, rows))}
    if proposal is not None and proposal.criteria and draft.state == State.DRAFT:
        context["effect"] = effects.of(proposal)
    return pages.shown(request, "partners/profile/effect.html#effect", context)


def _faults(form: DraftForm, rows: Any) -> Iterator[str]:
    """What of the draft cannot be read, each with the names of its criterion and its field."""
    told = [("", form), *((row["name"].value() or _("New criterion"), row) for row in rows)]
    for of, each in told:
        for field, errors in each.errors.items():
            label = "" if field == NON_FIELD_ERRORS else str(each[field].label)
            yield from (": ".join(filter(None, (of, label, error))) for error in errors)


@login_required
@require_safe
def movers_csv(request: PersonRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Every partner that would get another verdict by the draft as it is saved, with its reasons."""
    permitted_or_403(request.user, "edit profile")
    permitted_or_403(request.user, "export partners")
    draft = get_object_or_404(Profile, pk=pk)
    if draft.state != State.DRAFT:
        return _never_changes(request, draft)
    movers = effects.of(effects.Proposal.of(draft), most=None).movers
    name = f"movers-{slugify(str(draft))}.csv"
    return spreadsheets.download(name, [str(head) for head in MOVERS], map(_moved, movers))


def _moved(mover: effects.Moved) -> list[Any]:
    now, then = (str(Verdict(each).label) if each else "" for each in (mover.now, mover.then))
    talks = _("yes") if mover.is_in_contract_talks else _("no")
    partner = mover.partner
    return [
        *(partner, partner.owner or "", now, then, mover.score_now, mover.score_then),
        *(talks, ", ".join(mover.reasons)),
    ]


@login_required
@require_safe
def compare(request: PersonRequest, pk: int) -> HttpResponse:
    """Two versions of one family side by side: this one, and the other that the address names or the one
    before it."""
    permitted_or_403(request.user, "read profile")
    profile = get_object_or_404(Profile, pk=pk)
    others = Profile.objects.filter(family=profile.family).exclude(pk=pk)
    wanted = request.GET.get("with", "")
    named = get_object_or_404(others, pk=key_in(wanted)) if wanted else None
    other = named or others.filter(number__lt=profile.number).first() or others.first()
    context = {
        "profile": profile,
        "other": other,
        "others": others,
        "lines": profiles.differences(other, profile) if other else [],
        "bounds": profiles.moved_bounds(other, profile) if other else [],
    }
    return pages.shown(request, "partners/profile/compare.html", context)


def _editor(draft: Profile, form: DraftForm, rows: Any, mark: int) -> dict[str, Any]:
    former = profiles.published(draft.kind)
    _weigh(form, rows, former)
    hints = [(kind.label, HINTS[kind]) for kind in Criterion.Kind]
    return {"draft": draft, "form": form, "rows": rows, "hints": hints, "former": former, "mark": mark}


def _weigh(form: DraftForm, rows: Any, former: Profile | None) -> None:
    """What the weights add to as they are written; beside each criterion its share of that, and beside it and
    each threshold how much more or less it is than in the version that holds."""
    form.moved = {name: _moved_from(form.written(name), getattr(former, name, None)) for name in BOUNDS}
    held = {each.key: each.weight for each in profiles.criteria(former)} if former else {}
    weights = [_weight(row) for row in rows]
    rows.whole = whole = sum(filter(None, weights))
    for place, (row, weight) in enumerate(zip(rows, weights, strict=True)):
        row.is_new = place >= rows.initial_form_count()
        row.share = 100 * weight / whole if weight else None
        row.moved = _moved_from(weight, held.get(row["key"].value() or ""))


@dataclass(frozen=True)
class Difference:
    """How much more or less a number is than it was."""

    by: int

    def __str__(self) -> str:
        return f"{self.by:+d}".replace("-", "−") if self.by else "="


def _moved_from(now: int | None, before: int | None) -> Difference | None:
    """None where one of the two is not known."""
    return None if now is None or before is None else Difference(now - before)


def _weight(row: Any) -> int | None:
    """What a criterion weighs as it is written; None where it says nothing that can be read, or goes."""
    told = (getattr(row, "cleaned_data", None) or {}) if row.is_bound else row.initial
    return None if told.get("DELETE") else told.get("weight")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit profile")
    draft = _marked(pk)
    if request.method != "POST" and draft.state != State.DRAFT:
        return _never_changes(request, draft)
    former = profiles.published(draft.kind) if draft.state == State.DRAFT else None
    form = PublishForm(request.POST if request.method == "POST" else None, draft, former)
    refusal: profiles.ProfileRefused | None = None
    if form.is_valid():
        why = form.cleaned_data["why"]
        try:
            profiles.publish(draft, by=request.user, at=clock.now(), why=why, seen=_seen(request))
        except profiles.ProfileRefused as refused:
            refusal = refused
        else:
            return pages.done(request, draft, says=f"{draft} is published; its partners are being scored.")
        draft = _marked(pk)  # as it stands now, which is what it is refused for
        if draft.state != State.DRAFT:
            return pages.again(request, VERSION, _version(request, draft) | {"refusal": refusal})
    context = {
        "draft": draft,
        "form": form,
        "refusal": refusal,
        "mark": _seen(request) if form.is_bound else draft.mark,
        "former": former,
        "effect": effects.of(effects.Proposal.of(draft)),
        "partners": fits.measured_by(draft).count(),
        "criteria": draft.criteria.count(),
    }
    show = pages.again if form.errors or refusal else pages.shown
    return show(request, "partners/profile/publish.html", context)


@login_required
@require_POST
def discard(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit profile")
    draft = get_object_or_404(Profile, pk=pk)
    try:
        profiles.discard(draft, by=request.user, at=clock.now(), seen=_seen(request))
    except profiles.ProfileRefused as refusal:
        return pages.again(request, VERSION, _version(request, draft) | {"refusal": refusal})
    return pages.done(request, "partners:profiles", says=f"The draft {draft} is discarded.")
