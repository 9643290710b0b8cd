"""What an address asks of the figures: of which time, compared with which, and of which partners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Case, Q, Value, When
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.insights import hiding, periods
from dashboards.insights.hiding import Chosen, Matched
from dashboards.insights.periods import Period
from lifecycle.figures import Asked
from partners.filters import ME, NOBODY, Lists, PartnerFilter
from partners.models import Partner, Status
from prm import listing
from prm.forms import DayField
from prm.forms import faults as forms_faults
from prm.listing import Chip, chips, faults
from team import persons
from team.models import User

OF_WHAT_IS_OWNED = ("kind", "tier", "region", "vertical")
SEGMENT = (*OF_WHAT_IS_OWNED, "owner")
DAYS = ("since", "until")
ALL_LOADS = "loads"  # says that all owners are shown, not only the first of them
MOST_SHOWN = 100  # owners that an address names
ON_THE_ROAD = (Status.PROSPECT, Status.LIVE)


class Segment(PartnerFilter):
    """Which partners the figures are of: by what the list filters of who they are, not where they stand."""

    q = stage = step = status = verdict = health = covers = source = reached = None
    came_from = came_until = None  # type: ignore[assignment]

    def __init__(self, data: QueryDict, user: User, lists: Lists) -> None:
        super().__init__(data, Partner.objects.visible_to(user), user, lists)
        self.lists = lists

    @property
    def asks(self) -> bool:
        """Whether it narrows at all."""
        return any(any(self.data.getlist(name)) for name in self.filters)


class TimeForm(forms.Form):
    """Which time: one by its name, or from a day to a day. Days that are typed win over a name; those that
    the form was `shown` with are not typed: who chooses a name then means it."""

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

    def __init__(self, address: QueryDict, today: date) -> None:
        given = address.dict()
        if _days(given) == given.get("shown") and given.get("period") in periods.NAMES:
            given |= dict.fromkeys(DAYS, "")
        super().__init__(given)
        self.today = today

    @property
    def shown(self) -> str:
        """The days it is shown with."""
        return _days(self.data) if self._is_typed else ""

    @property
    def _is_typed(self) -> bool:
        return any(self.data.get(name) for name in DAYS)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self._is_typed and "period" in cleaned:
            cleaned["period"] = periods.OWN
        if cleaned.get("period") == periods.OWN and not any(self.has_error(name) for name in DAYS):
            self._own(cleaned)
        return cleaned

    def _own(self, cleaned: dict[str, Any]) -> None:
        """From a day to a day; where the last is left out, to today."""
        since, until = cleaned["since"], cleaned["until"] or self.today
        if not since:
            is_begun = cleaned["until"]
            self.add_error(
                "since", _("Say from which day on.") if is_begun else _("Say from which day to which.")
            )
        elif until < since:
            is_said = cleaned["until"]
            ahead = _("The first day lies ahead: say until which.")
            self.add_error("until", _("The last day is before the first one.") if is_said else ahead)
        elif (until - since).days >= periods.LONGEST:
            self.add_error(
                "until", _("At most three years: choose a later first day or an earlier last one.")
            )
        else:
            cleaned["until"] = until


def _days(given: Any) -> str:
    """The days as they are written: "2026-06-01/2026-06-29"."""
    return "/".join(given.get(name) or "" for name in DAYS)


def _further(said: list[tuple[str, str]]) -> str:
    return f"&{urlencode(said)}" if said else ""


OF_TIME = (*TimeForm.base_fields, "shown")


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
    unknown: list[Chip]
    faults: list[str]

    @property
    def withheld_words(self) -> str:
        """Why a figure is not shown."""
        return _(
            "Not shown: it would tell of fewer than {n} owners. Figures of one person are seen by: {who}."
        ).format(n=persons.LEAST, who=persons.rule_words(self.user))

    @property
    def withheld_in_part_words(self) -> str:
        """Why some weeks or stages are not shown, though the whole is."""
        return _(
            "“–”: not shown, it would tell of fewer than {n} owners, by itself or together with the others. "
            "Figures of one person are seen by: {who}."
        ).format(n=persons.LEAST, who=persons.rule_words(self.user))

    def of_shown_url(self) -> str:
        """This address of the owners whose figures this person may see; "" where these own nothing. One
        query."""
        shown = User.objects.filter(persons.shown_to(self.user), pk__in=self.segment.qs.values("owner"))
        owners = shown.order_by("pk").values_list("pk", flat=True)[:MOST_SHOWN]
        rest = self.address.copy()
        rest.setlist("owner", [ME if pk == self.user.pk else str(pk) for pk in owners])
        return f"?{rest.urlencode()}" if rest.getlist("owner") else ""

    def asked(self, period: Period | None = None, stage: str = "") -> Asked:
        """What the figures are given, for its period or another, as far as it has passed: what is due later
        today has not fallen due."""
        return self._of(self.among, period or self.period, stage)

    def of_all(self, period: Period) -> Asked:
        """The same of all partners that this person may read."""
        return self._of(self._readable, period)

    def _of(self, among: Any, period: Period, stage: str = "") -> Asked:
        return Asked(period.from_at, self.passed(period), among=among, stage=stage, at=self.at)

    def passed(self, period: Period) -> datetime:
        """The end of a period, or now where it runs still."""
        return min(period.until_at, self.at)

    @property
    def among(self) -> Any:
        """The partners it is of; None for all there are."""
        return self.segment.qs.order_by().values("pk") if self.segment.asks else self._readable

    @property
    def _readable(self) -> Any:
        """The partners that this person may read; None for all there are."""
        if self.user.roles and not self.user.reads_own_only:
            return None
        return Partner.objects.visible_to(self.user).order_by().values("pk")

    @cached_property
    def chosen(self) -> list[Chosen]:
        """The filters that narrow it by what is owned, each with one of its values."""
        return list(dict.fromkeys(self._said(OF_WHAT_IS_OWNED)))

    @property
    def narrows_by_owner(self) -> bool:
        return bool(self._said(["owner"]))

    def matches(self, partner: str) -> list[Any]:
        """Columns: whether a row's partner (the path to it) matches each of what is chosen."""
        segments = [
            Segment(QueryDict(urlencode([one])), self.user, self.segment.lists) for one in self.chosen
        ]
        within = [Q(**{f"{partner}__in": each.qs.order_by().values("pk")}) for each in segments]
        return [Case(When(each, then=Value(True)), default=Value(False)) for each in within]

    def matched(self, columns: Sequence[Any]) -> Matched:
        """What of the chosen these columns say is matched."""
        return frozenset(one for one, is_matched in zip(self.chosen, columns, strict=True) if is_matched)

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

    @property
    def before_query(self) -> str:
        """The address of the same of the time that it is compared with."""
        rest = self.address.copy()
        for name in ("shown", "compare"):
            rest.pop(name, None)
        if self.before:
            rest["period"] = periods.OWN
            rest["since"], rest["until"] = str(self.before.since), str(self.before.until)
        return rest.urlencode()

    # --- what its forms show ---

    times: ClassVar = periods.CHOICES
    ways: ClassVar = list(periods.COMPARED.items())

    @property
    def time(self) -> str:
        """The name of its time."""
        return self.form.cleaned_data.get("period") or periods.USUAL

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
        return self._said(OF_TIME)

    @property
    def time_query(self) -> str:
        """The address's own part of an address of the same time, of all partners."""
        return urlencode(self.kept_time)

    def _said(self, names: Iterable[str]) -> list[tuple[str, str]]:
        return [(name, value) for name in names for value in self.address.getlist(name) if value]

    @property
    def partners_query(self) -> str:
        """The filters of the list of partners that narrow it as this is narrowed: "&kind=2"."""
        return _further(self._said(SEGMENT))

    @property
    def partners_query_but_owner(self) -> str:
        """The same of any owner, for a link that says itself of which."""
        return _further(self._said(OF_WHAT_IS_OWNED))

    @property
    def is_of_part(self) -> bool:
        """Whether it may leave out some of the partners that an owner has."""
        return bool(self._said(OF_WHAT_IS_OWNED))

    def url(self, **other: str) -> str:
        """This address with other values; one left empty is taken out."""
        rest = self.address.copy()
        for name, value in other.items():
            rest[name] = value
        for name in [name for name in rest if not any(rest.getlist(name))]:
            rest.pop(name)
        return f"?{rest.urlencode()}"


def read(
    address: QueryDict, user: User, at: datetime, lists: Lists | None = None, also: Sequence[str] = ()
) -> Asking:
    """What an address asks for; what it leaves out is the last 90 days beside those before. `also` names what
    else its page knows."""
    company = user.company
    zone, begins = (company.zone, company.fiscal_month) if company else ("UTC", 1)
    today = at.astimezone(ZoneInfo(zone)).date()
    form, segment = TimeForm(address, today), Segment(address, user, lists or Lists.named_in(address))
    unknown = listing.unknown(address, {*OF_TIME, *SEGMENT, ALL_LOADS, *also})
    wrong = [*forms_faults(form), *faults(segment), *listing.unknown_faults(unknown)]
    period = _period(form, today, zone, begins)
    how = form.cleaned_data.get("compare") or periods.BEFORE
    asking = Asking(user, at, address, period, period.compared(how), form, segment, unknown, wrong)
    return asking if asking.faults or not segment.asks else replace(asking, faults=_whose(asking))


def _period(form: TimeForm, today: date, zone: str, begins: int) -> Period:
    given = form.cleaned_data
    name = given.get("period")
    if name == periods.OWN and not form.errors:
        return Period(given["since"], given["until"], zone)
    return periods.named(name if name in periods.NAMES else periods.USUAL, today, zone, begins)


def _whose(asking: Asking) -> list[str]:
    """Why figures of these partners are not shown; nothing where they are. Of people that are chosen each
    must be one whose own figures this person sees: else what is left out would tell of the others. Otherwise
    their owners must hide each other. Two queries."""
    told = asking.address.getlist("owner")
    chosen = {asking.user.pk if each == ME else int(each) for each in told if each and each != NOBODY}
    hidden = persons.hidden_from(asking.user)
    if hidden.filter(pk__in=chosen).exists():
        words = _(
            "Owner: figures of one person are seen by: {who}. Take the filter away, or choose people whose "
            "figures you may see."
        )
        return [words.format(who=persons.rule_words(asking.user))]
    if asking.narrows_by_owner:
        return []
    on_the_road = Partner.objects.visible_to(asking.user).filter(status__in=ON_THE_ROAD, owner__in=hidden)
    theirs: dict[Matched, set[int]] = defaultdict(set)
    for owner, *columns in on_the_road.order_by().values_list("owner", *asking.matches("pk")).distinct():
        theirs[asking.matched(columns)].add(owner)
    if hiding.hides(theirs, hiding.selection(asking.chosen)):
        return []
    words = _(
        "Figures of one person are seen by: {who}. Fewer than {n} people own the partners that these are "
        "narrowed to, or those that one filter or value more would leave: take a filter or a value away."
    )
    return [words.format(who=persons.rule_words(asking.user), n=persons.LEAST)]
