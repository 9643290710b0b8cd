"""What an address asks of the figures: of which time, compared with which, and of which partners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.insights import periods
from dashboards.insights.periods import Period
from lifecycle.figures import Asked
from partners.filters import ME, NOBODY, Lists, PartnerFilter
from partners.models import Partner, Status
from prm.forms import DayField
from prm.listing import Chip, chips, faults
from team import persons
from team.models import User

SEGMENT = ("kind", "tier", "region", "vertical", "owner")
ON_THE_ROAD = (Status.PROSPECT, Status.LIVE)


class Segment(PartnerFilter):
    """Which partners the figures are of: by what the list filters of who they are, not where they stand."""

    q = stage = step = status = verdict = health = covers = source = reached = None
    came_from = came_until = None  # type: ignore[assignment]

    def __init__(self, data: QueryDict, user: User, lists: Lists) -> None:
        super().__init__(data, Partner.objects.visible_to(user), user, lists)

    @property
    def asks(self) -> bool:
        """Whether it narrows at all."""
        return any(any(self.data.getlist(name)) for name in self.filters)


class TimeForm(forms.Form):
    """Which time: one by its name, or from a day to a day."""

    period = forms.ChoiceField(
        label=gettext_lazy("Time"),
        choices=periods.CHOICES,
        required=False,
    )
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("To"), required=False)
    compare = forms.ChoiceField(
        label=gettext_lazy("Compared with"), choices=periods.COMPARED.items(), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first one."))
        if cleaned.get("period") == periods.OWN and not (since and until):
            self.add_error("since", _("Say from which day to which."))
        return cleaned


@dataclass(frozen=True)
class Asking:
    """One address of the figures. Where there are `faults`, nothing of it may be shown."""

    user: User
    at: datetime
    address: QueryDict
    period: Period
    before: Period | None
    form: TimeForm
    segment: Segment
    faults: list[str]

    def asked(self, period: Period | None = None, stage: str = "") -> Asked:
        """What the figures are given, for its period or another."""
        time = period or self.period
        return Asked(time.from_at, time.until_at, among=self.among, stage=stage, at=self.at)

    @property
    def among(self) -> Any:
        """The partners it is of; None for all there are."""
        everyone = self.user.roles and not (self.segment.asks or self.user.reads_own_only)
        return None if everyone else self.segment.qs.order_by().values("pk")

    @property
    def around(self) -> Period:
        """From the beginning of the earlier time to the end of the later one."""
        period, before = self.period, self.before or self.period
        return Period(min(period.since, before.since), max(period.until, before.until), period.zone)

    @property
    def chips(self) -> list[Chip]:
        return chips(self.segment, self.address)

    @property
    def query(self) -> str:
        """The address's own part of an address: what it asks for."""
        return self.address.urlencode()

    # --- what its forms show ---

    times: ClassVar = periods.CHOICES
    ways: ClassVar = list(periods.COMPARED.items())

    @property
    def time(self) -> str:
        """The name of its time."""
        given = self.form.cleaned_data
        has_days = given.get("since") and given.get("until")
        return given.get("period") or (periods.OWN if has_days else periods.USUAL)

    @property
    def way(self) -> str:
        return self.form.cleaned_data.get("compare") or periods.BEFORE

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What it says of partners: the form of the time goes on with it."""
        return self._said(SEGMENT)

    @property
    def kept_time(self) -> list[tuple[str, str]]:
        """What it says of the time: the form of the partners goes on with it."""
        return self._said(TimeForm.base_fields)

    def _said(self, names: Iterable[str]) -> list[tuple[str, str]]:
        return [(name, value) for name in names for value in self.address.getlist(name) if value]

    @property
    def partners_query(self) -> str:
        """The filters of the list of partners that narrow it as this is narrowed: "&kind=2"."""
        rest = self.address.copy()
        for name in [name for name in rest if name not in SEGMENT or not any(rest.getlist(name))]:
            rest.pop(name)
        return f"&{rest.urlencode()}" if rest else ""

    def url(self, **other: str) -> str:
        """This address with other values; one left empty is taken out."""
        rest = self.address.copy()
        for name, value in other.items():
            rest[name] = value
        for name in [name for name in rest if not any(rest.getlist(name))]:
            rest.pop(name)
        return f"?{rest.urlencode()}"


def read(address: QueryDict, user: User, at: datetime, lists: Lists | None = None) -> Asking:
    """What an address asks for; what it leaves out is the last 90 days beside those before."""
    company = user.company
    zone, begins = (company.zone, company.fiscal_month) if company else ("UTC", 1)
    today = at.astimezone(ZoneInfo(zone)).date()
    form, segment = TimeForm(address), Segment(address, user, lists or Lists.named_in(address))
    wrong = [
        f"{form.fields[name].label}: {error}" for name, errors in form.errors.items() for error in errors
    ]
    period = _period(form, today, zone, begins)
    how = form.cleaned_data.get("compare") or periods.BEFORE
    asking = Asking(user, at, address, period, period.compared(how), form, segment, wrong + faults(segment))
    return asking if asking.faults else replace(asking, faults=_too_personal(asking))


def _period(form: TimeForm, today: date, zone: str, begins: int) -> Period:
    given = form.cleaned_data
    since, until, name = given.get("since"), given.get("until"), given.get("period")
    if name not in periods.NAMES and since and until and not form.errors:
        return Period(since, until, zone)
    return periods.named(name if name in periods.NAMES else periods.USUAL, today, zone, begins)


def _too_personal(asking: Asking) -> list[str]:
    """Why this person may not see figures narrowed to so few owners; nothing where it may. One query, and
    one where they are few; none where they are of all partners."""
    if not asking.segment.asks:
        return []
    chosen = [value for value in asking.address.getlist("owner") if value and value != NOBODY]
    named = {asking.user.pk if value == ME else int(value) for value in chosen}
    owned: Any = asking.segment.qs.filter(owner__isnull=False).order_by().values_list("owner")
    owners = dict(owned.annotate(n=Count("pk", filter=Q(status__in=ON_THE_ROAD))))
    behind = {owner for owner, n in owners.items() if n}
    if persons.may_see(asking.user, behind, named | owners.keys()):
        return []
    return [
        _(
            "Figures of one person are seen by: {who}. Fewer than {n} people own the partners that these are "
            "narrowed to: take a filter away, or choose more."
        ).format(who=persons.rule_words(asking.user), n=persons.LEAST)
    ]
