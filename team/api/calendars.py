"""Working time under Settings: calendars, the days that differ, and the public holidays that follow."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from prm import clock
from prm.api.fields import Among, AsInForm, Day
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Drops, Makes, Reads, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team import public_holidays, working_time
from team.api.permits import permitted_anywhere
from team.forms import CalendarDayForm, CalendarForm, ClosureForm, HolidaysForm, HoursField, people_choices
from team.models import Calendar, CalendarDay, Company, HolidaySource, User
from team.roles import may

KEEP = "edit settings"
Ids = serializers.IntegerField
WINDOW = {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}


@extend_schema_field({"type": "array", "items": WINDOW, "example": [["09:00", "12:00"], ["13:00", "17:00"]]})
class Hours(serializers.Field[Any, Any, Any, Any]):
    """The hours of a day, each from and until when; none: closed."""

    default_error_messages = {"pairs": _('Give each as two times, such as ["09:00", "17:00"].')}

    def to_internal_value(self, given: Any) -> Any:
        if not isinstance(given, list) or not all(map(_is_pair, given)):
            self.fail("pairs")
        try:
            return HoursField().clean(", ".join("–".join(pair) for pair in given))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages)

    def to_representation(self, windows: Any) -> Any:
        return windows


def _is_pair(given: Any) -> bool:
    """Whether it is two texts that may be times."""
    return (
        isinstance(given, list)
        and len(given) == 2
        and all(isinstance(each, str) and len(each) <= len("00:00") for each in given)
    )


class Week(serializers.DictField):
    """The hours of each weekday, by its number."""

    child = Hours()
    default_error_messages = {"day": _("There is no weekday {day}. Monday is 0, Sunday 6.")}

    def to_internal_value(self, given: Any) -> Any:
        week = super().to_internal_value(given)
        for day in week:
            if day not in {"0", "1", "2", "3", "4", "5", "6"}:
                self.fail("day", day=day)
        return {int(day): windows for day, windows in week.items()}


class OfAdmins(Reads):
    """What is kept under Settings and read by who keeps it."""

    def seen(self) -> QuerySet[Any]:
        return _kept(self.user, self.model)


def _kept(user: User, model: type[Model]) -> QuerySet[Any]:
    rows = model._default_manager.all()
    return rows if may(user, KEEP) else rows.none()


class CalendarRow(Row):
    name = serializers.CharField()
    zone = serializers.CharField(help_text="Its hours are read in it.")
    weekly = Week(help_text="The hours of each weekday, Monday is 0; those left out are closed.")
    version = serializers.IntegerField(help_text="Every change makes another.")
    is_ours = serializers.BooleanField(help_text="It is the company's: it holds for who has no other.")
    people = serializers.ListField(child=Ids(), help_text="Who works by it in its stead; see people.")
    beside = frozenset({"is_ours", "people"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        ours = set(Company.objects.values_list("calendar", flat=True))
        workers: dict[int, list[int]] = {row["id"]: [] for row in rows}
        found = User.objects.filter(calendar__in=workers).order_by("pk")
        for calendar, person in found.values_list("calendar", "pk"):
            workers[calendar].append(person)
        for row in rows:
            row["is_ours"], row["people"] = row["id"] in ours, workers[row["id"]]


class NewCalendar(serializers.Serializer[Any]):
    """It begins with the hours and days of the company's."""

    name = AsInForm(CalendarForm.base_fields["name"])
    zone = AsInForm(CalendarForm.base_fields["zone"])


class CalendarChange(NewCalendar):
    """What differs; what is left out stays."""

    weekly = Week(
        required=False, help_text="The hours of each weekday, Monday is 0; those left out are closed."
    )


class Closing(serializers.Serializer[Any]):
    first = Day(help_text="The first day closed.")
    last = Day(help_text="The last day closed.")
    label: Any = AsInForm(ClosureForm.base_fields["label"])


class Workers(serializers.Serializer[Any]):
    people = serializers.ListField(
        child=Among(lambda user: people_choices()), max_length=1000, help_text="All who work by it."
    )


class Calendars(OfAdmins, Makes, Changes):
    noun, words = "calendars", "Working time: the hours of a week in a zone. Open clocks follow a change."
    model, row = Calendar, CalendarRow
    new, changed = NewCalendar, CalendarChange
    filterset_class = filters(Calendar, texts=["name", "zone"])
    sorts = USUAL_SORTS | {"name": Order("name", nullable=False)}
    may_make = may_change = permitted_anywhere(KEEP)

    def make(self, typed: Typed) -> Calendar:
        ours = Company.objects.select_related("calendar").get().calendar
        return working_time.add(**typed, by=self.user, at=clock.now(), like=ours)

    def change(self, thing: Calendar, typed: Typed) -> None:
        at, weekly = clock.now(), typed.pop("weekly", None)
        if typed:
            told = {"name": thing.name, "zone": thing.zone} | typed
            working_time.describe(thing, **told, by=self.user, at=at)
        if weekly is not None:
            working_time.change_week(thing, weekly, self.user, at)

    @step(permitted_anywhere(KEEP), Closing)
    def close(self, thing: Calendar, typed: Typed) -> None:
        """Close from one day to another, both included."""
        working_time.close(thing, **typed, by=self.user, at=clock.now())

    @step(permitted_anywhere(KEEP), Workers)
    def give(self, thing: Calendar, typed: Typed) -> None:
        """Let exactly these people work by it; who else did goes by the company's. No open clock moves."""
        working_time.give(thing, typed["people"])


class CalendarDayRow(Row):
    calendar = Ids(source="calendar_id")
    on = serializers.DateField()
    windows = Hours(help_text="Its hours; none: closed.")
    label: Any = serializers.CharField()


class NewCalendarDay(serializers.Serializer[Any]):
    calendar = Among(lambda user: _kept(user, Calendar))
    on = Day()
    windows = Hours(required=False, default=list, help_text="Its hours; none: closed.")
    label: Any = AsInForm(CalendarDayForm.base_fields["label"])


class CalendarDays(OfAdmins, Makes, Drops):
    noun, words = "calendar-days", "Days that differ from their weekday: holidays, half days, closures."
    model, row, new = CalendarDay, CalendarDayRow, NewCalendarDay
    related = ("calendar",)
    filterset_class = filters(CalendarDay, keys=["calendar"], days=["on"])
    sorts = USUAL_SORTS | {"on": Order("on", nullable=False)}
    may_make = permitted_anywhere(KEEP)

    def make(self, typed: Typed) -> CalendarDay:
        calendar, on = typed["calendar"], typed["on"]
        working_time.set_day(calendar, on, typed["windows"], typed["label"], self.user, clock.now())
        return CalendarDay.objects.get(calendar=calendar, on=on)

    def drop(self, thing: CalendarDay) -> None:
        working_time.remove_day(thing, self.user, clock.now())


class HolidaysRow(Row):
    calendar = Ids(source="calendar_id")
    country = serializers.CharField(help_text="ISO 3166.")
    subdivision = serializers.CharField(help_text="The code of a part of it; empty: all of it.")
    through = serializers.IntegerField(help_text="The last year whose holidays were taken.")


class NewHolidays(serializers.Serializer[Any]):
    """Close on the public holidays of a place. Days that are in the calendar already stay as they are."""

    calendar = Among(lambda user: _kept(user, Calendar))
    country = serializers.ChoiceField(public_holidays.countries())
    subdivision = AsInForm(HolidaysForm.base_fields["subdivision"], default="")
    year = serializers.IntegerField(min_value=2000, max_value=2100, help_text="The first year.")
    years = serializers.IntegerField(
        min_value=1, max_value=10, default=2, help_text="So many of them. Later ones follow, two ahead."
    )

    def validate_subdivision(self, code: str) -> str:
        return code.strip().upper()


class Holidays(OfAdmins, Makes, Drops):
    noun, words = (
        "holidays",
        "Places whose public holidays a calendar keeps, each year; see calendar-days.",
    )
    model, row, new = HolidaySource, HolidaysRow, NewHolidays
    related = ("calendar",)
    filterset_class = filters(HolidaySource, keys=["calendar"], texts=["country"])
    may_make = permitted_anywhere(KEEP)

    def make(self, typed: Typed) -> HolidaySource:
        calendar, place = typed["calendar"], (typed["country"], typed["subdivision"])
        years = range(typed["year"], typed["year"] + typed["years"])
        public_holidays.add(calendar, *place, years, self.user, clock.now())
        return HolidaySource.objects.get(calendar=calendar, country=place[0], subdivision=place[1])

    def drop(self, thing: HolidaySource) -> None:
        """Let no more of them follow. The days that are in the calendar stay."""
        public_holidays.stop(thing, self.user, clock.now())
