"""The filters of the partner list. Each stands in the address; what cannot be read is said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.coverage.places import in_regions, in_verticals
from partners.groups import Group, group
from partners.models import (
    HealthColour,
    Partner,
    PartnerType,
    Source,
    Stage,
    Status,
    Step,
    Tier,
    Verdict,
    Visit,
)
from prm import search
from prm.forms import DayField
from prm.paging import FEW
from team import choosing
from team.choosing import ColleaguesFilter, Offer
from team.models import Region, User, Vertical

Choices = list[tuple[str, str]]
ME, NOBODY, NONE_YET, UNKNOWN = "me", "none", "none", "none"
BY_ID = ("owner", "kind", "tier", "region", "source", "covers", "vertical")


@dataclass(frozen=True)
class Lists:
    """Names one may filter by."""

    people: Choices
    left: Choices
    kinds: Choices
    tiers: Choices
    regions: Choices
    sources: Choices
    covered: Choices
    verticals: Choices
    people_are_typed: bool = field(default=False, kw_only=True)  # too many: those chosen stand here

    @classmethod
    def fetch(cls, address: QueryDict, among: QuerySet[User] | None = None) -> Lists:
        """All of them, or of colleagues those `among` them; of too many for a list, and beside them, those
        that the address filters by. One query."""
        parts, chosen = _parts(), _ids(address)["owner"]
        few = choosing.few(User.objects.all() if among is None else among)
        offered = [few, *([chosen] if chosen else [])]
        owners = [rows.filter(pk__in=some) for rows in parts.pop("owner") for some in offered]
        found = cls._read([*owners, *(rows for others in parts.values() for rows in others)])
        if len(found.people) + len(found.left) <= choosing.MOST_LISTED:
            return found
        people, left = ([one for one in some if int(one[0]) in chosen] for some in (found.people, found.left))
        return replace(found, people=people, left=left, people_are_typed=True)

    @classmethod
    def named_in(cls, address: QueryDict) -> Lists:
        """Those that an address filters by; one query, none where it holds none."""
        ids, typed = _ids(address), choosing.is_asked_in_words(address, "owner")
        if not any(ids.values()):
            return cls([], [], [], [], [], [], [], [], people_are_typed=typed)
        parts = _parts()
        found = cls._read(
            [rows.filter(pk__in=ids[name]) for name in BY_ID if ids[name] for rows in parts[name]]
        )
        return replace(found, people_are_typed=typed)

    @classmethod
    def _read(cls, parts: list[QuerySet[Any, Any]]) -> Lists:
        first, *others = parts
        found: dict[str, Choices] = defaultdict(list)
        for what, pk, name in first.union(*others).order_by("what", "label", "pk"):
            found[what].append((str(pk), name))
        names = ("person", "left", "kind", "tier", "region", "source", "covers", "vertical")
        return cls(*(found[name] for name in names))


def _ids(address: QueryDict) -> dict[str, list[int]]:
    """The ids that an address filters by."""
    return {name: [int(value) for value in address.getlist(name) if is_id(value)] for name in BY_ID}


def _parts() -> dict[str, list[QuerySet[Any, Any]]]:
    """What each filter by id offers."""
    left, tier = Concat("name", Value(" (left)")), Concat("name", Value(" · "), "programme__name")
    return {
        "owner": [
            _named("person", User.objects.filter(is_active=True)),
            _named("left", User.objects.filter(is_active=False), left),
        ],
        "kind": [_named("kind", PartnerType.objects.all())],
        "tier": [_named("tier", Tier.objects.filter(retired_at=None), tier)],
        "region": [_named("region", Region.objects.all())],
        "source": [_named("source", Source.objects.all())],
        "covers": [_named("covers", Region.objects.all())],
        "vertical": [_named("vertical", Vertical.objects.all())],
    }


def _named(what: str, rows: QuerySet[Any], label: Any = None) -> QuerySet[Any, Any]:
    named = rows.order_by().annotate(what=Value(what, output_field=CharField()), label=label or F("name"))
    return named.values_list("what", "pk", "label")


def is_id(text: str) -> bool:
    """Whether this can be the id of a row."""
    return text.isascii() and text.isdigit() and len(text) < 19


def reached(step: Step) -> Q:
    """Partners that got as far as this step of recruitment, wherever they stand now; those that were
    declined or parked got as far as the step where they were left."""
    return Q(step__in=_from(step)) | ~Q(stage=Stage.RECRUITMENT)


def has_reached(step: Step, stage: str, at: str) -> bool:
    """The same of a partner that stands or was left in a stage, at a step of it."""
    return at in _from(step) or stage != Stage.RECRUITMENT


def _from(step: Step) -> list[Step]:
    return [*Step][[*Step].index(step) :]


def looks_for_words(address: QueryDict) -> bool:
    """Whether an index of words finds the rows that an address asks for, in no order."""
    return bool(search.words(address.get("q") or ""))


def midnight(day: date) -> datetime:
    """The beginning of a day, where the reader is."""
    return timezone.make_aware(datetime.combine(day, time()))


CAME_AS_PROSPECT = Exists(Visit.objects.filter(partner=OuterRef("pk"), stage=Stage.RECRUITMENT))
REACHED = [
    (Step.IDENTIFIED.value, gettext_lazy("wherever it stands")),
    (Step.CONTACTED.value, gettext_lazy("was contacted")),
    (Step.QUALIFIED.value, gettext_lazy("was qualified")),
    (Step.NEGOTIATING.value, gettext_lazy("was negotiated with")),
    (Step.SIGNED.value, gettext_lazy("signed")),
]


class DayFilter(django_filters.Filter):
    field_class = DayField


class PartnerFilter(django_filters.FilterSet):
    """Every filter takes any number of values; values of one filter are alternatives."""

    q = django_filters.CharFilter(
        method="search", label=gettext_lazy("Name, domain, contact or e-mail"), max_length=200
    )
    stage = django_filters.MultipleChoiceFilter(
        method="none", choices=Stage.choices, distinct=False, label=gettext_lazy("Stage")
    )
    step = django_filters.MultipleChoiceFilter(
        method="none", choices=Step.choices, distinct=False, label=gettext_lazy("Recruitment step")
    )
    status = django_filters.MultipleChoiceFilter(
        choices=Status.choices, distinct=False, label=gettext_lazy("Status")
    )
    verdict = django_filters.MultipleChoiceFilter(
        method="by_verdict",
        choices=[*Verdict.choices, (NONE_YET, gettext_lazy("No score yet"))],
        distinct=False,
        label=gettext_lazy("Fit"),
    )
    health = django_filters.MultipleChoiceFilter(
        method="by_health",
        choices=[*HealthColour.choices, (NONE_YET, gettext_lazy("Not known"))],
        distinct=False,
        label=gettext_lazy("Health"),
    )
    owner = ColleaguesFilter(method="by_owner", label=gettext_lazy("Owner"))
    kind = django_filters.MultipleChoiceFilter(distinct=False, label=gettext_lazy("Type"))
    tier = django_filters.MultipleChoiceFilter(distinct=False, label=gettext_lazy("Tier"))
    region = django_filters.MultipleChoiceFilter(distinct=False, label=gettext_lazy("Region"))
    covers = django_filters.MultipleChoiceFilter(
        method="by_covered", distinct=False, label=gettext_lazy("Works in")
    )
    vertical = django_filters.MultipleChoiceFilter(
        method="by_vertical", distinct=False, label=gettext_lazy("Vertical")
    )
    source = django_filters.MultipleChoiceFilter(
        method="by_source", distinct=False, label=gettext_lazy("Source")
    )
    reached = django_filters.MultipleChoiceFilter(
        method="by_reached", choices=REACHED, distinct=False, label=gettext_lazy("Came as a prospect and")
    )
    came_from = DayFilter(method="since", label=gettext_lazy("Came from"))
    came_until = DayFilter(method="until", label=gettext_lazy("Came until"))

    class Meta:
        model = Partner
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Partner], user: User, lists: Lists) -> None:
        super().__init__(data, queryset)
        self.user = user
        people = [(ME, _("Me")), (NOBODY, _("Unassigned")), *lists.people, *lists.left]
        sources = [(UNKNOWN, _("Not known")), *lists.sources]
        choices = {
            "owner": people,
            "kind": lists.kinds,
            "tier": lists.tiers,
            "region": lists.regions,
            "source": sources,
            "covers": lists.covered,
            "vertical": lists.verticals,
        }
        for name in choices.keys() & self.filters.keys():
            self.filters[name].extra["choices"] = choices[name]
        choosing.offer(self, "owner", people, user, lists.people_are_typed)

    def search(self, rows: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        """The rows that hold every word."""
        for word in search.words(value):
            rows = rows.filter(search_key__contains=word)
        return rows

    @property
    def found(self) -> QuerySet[Partner]:
        """The rows, by their ids where words are looked for that few of them hold: in an order they would be
        looked for one by one among all."""
        if not looks_for_words(self.data):
            return self.qs
        ids = list(self.qs.order_by().values_list("pk", flat=True)[: FEW + 1])
        return Partner.objects.filter(pk__in=ids) if 0 < len(ids) <= FEW else self.qs

    def none(self, rows: QuerySet[Partner], name: str, value: list[str]) -> QuerySet[Partner]:
        return rows

    def by_verdict(self, rows: QuerySet[Partner], name: str, value: list[str]) -> QuerySet[Partner]:
        return rows.filter(verdict__in=["" if v == NONE_YET else v for v in value]) if value else rows

    def by_health(self, rows: QuerySet[Partner], name: str, value: list[str]) -> QuerySet[Partner]:
        colours = ["" if v == NONE_YET else v for v in value]
        return rows.filter(health_colour__in=colours) if colours else rows

    def by_owner(self, rows: QuerySet[Partner], name: str, value: list[str]) -> QuerySet[Partner]:
        if not value:
            return rows
        people = [self.user.pk if v == ME else int(v) for v in value if v != NOBODY]
        return rows.filter(Q(owner__in=people) | (Q(owner=None) if NOBODY in value else Q(pk__in=[])))

    def by_source(self, rows: QuerySet[Partner], name: str, value: list[str]) -> QuerySet[Partner]:
        if not value:
            return rows
        known = [pk for pk in value if pk != UNKNOWN]
        return rows.filter(Q(source__in=known) | (Q(source=None) if UNKNOWN in value else Q(pk__in=[])))

    def by_covered(self, rows: QuerySet[Partner], name: str, value: list[str]) -> QuerySet[Partner]:
        """In their own region, or in one of a membership that runs."""
        return rows.filter(in_regions(map(int, value))) if value else rows

    def by_vertical(self, rows: QuerySet[Partner], name: str, value: list[str]) -> QuerySet[Partner]:
        return rows.filter(in_verticals(map(int, value))) if value else rows

    def by_reached(self, rows: QuerySet[Partner], name: str, value: list[str]) -> QuerySet[Partner]:
        ways = [reached(Step(step)) for step in value]
        return rows.filter(CAME_AS_PROSPECT, reduce(or_, ways)) if ways else rows

    def since(self, rows: QuerySet[Partner], name: str, value: date) -> QuerySet[Partner]:
        return rows.filter(created_at__gte=midnight(value))

    def until(self, rows: QuerySet[Partner], name: str, value: date) -> QuerySet[Partner]:
        return rows.filter(created_at__lt=midnight(value + timedelta(days=1)))

    def filter_queryset(self, queryset: QuerySet[Partner]) -> QuerySet[Partner]:
        """All filters, and the place on the road: steps narrow recruitment, stages stand beside it."""
        rows = super().filter_queryset(queryset)
        stages = set(self.form.cleaned_data.get("stage") or [])
        steps = self.form.cleaned_data.get("step") or []
        if steps:
            return rows.filter(Q(step__in=steps) | Q(stage__in=stages - {Stage.RECRUITMENT}))
        return rows.filter(stage__in=stages) if stages else rows

    @property
    def days(self) -> list[Any]:
        """The fields that take a day."""
        return [self.form[name] for name in ("came_from", "came_until")]

    @property
    def groups(self) -> list[Group]:
        """The choices of each filter that has some."""
        fields = self.form.fields.items()
        return [group(self, name) for name, field in fields if list(getattr(field, "choices", ()))]

    @property
    def offers(self) -> list[Offer]:
        """Who may be meant by the owner that was typed."""
        return choosing.offers(self, "owner")
