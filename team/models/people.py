"""Who we are: people, roles, regions, calendars, leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from prm import standstill
from prm.calendars import WorkCalendar
from prm.search import FoldedField
from team.models.notices import MOST_COUNTED, Notice
from team.zones import is_zone

MONTHS = [(month, f"{date(2000, month, 1):%B}") for month in range(1, 13)]


def check_zone(name: str) -> None:
    """Refuse what is no IANA time zone."""
    if not is_zone(name):
        raise ValidationError(
            "“%(name)s” is no time zone. Write it like Europe/Berlin.", params={"name": name}
        )


class Role(models.TextChoices):
    FULL_LIFECYCLE = "full_lifecycle", "Full lifecycle"
    RECRUITMENT = "recruitment", "Recruitment"
    GROWTH = "growth", "Growth"
    MARKETING = "marketing", "Marketing"
    ENABLEMENT = "enablement", "Enablement"
    SUCCESS = "success", "Success"
    OPERATIONS = "operations", "Operations"
    PROGRAM = "program", "Program"
    HEAD = "head", "Head of partnerships"
    ADMIN = "admin", "Admin"


class Named(models.Model):
    """An entry of a list kept under Settings."""

    name = models.CharField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Region(Named):
    class Meta(Named.Meta):
        pass


class Vertical(Named):
    class Meta(Named.Meta):
        pass


class Renaming(models.Model):
    """An entry of a list was given another name; what was written before goes on meaning the entry."""

    noun = models.CharField(max_length=60, help_text="Of the list, like team.Region.")
    entry = models.BigIntegerField()
    former = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="renamings_by_time")]

    def __str__(self) -> str:
        return f"{self.former} → {self.name}"


class Calendar(models.Model):
    """Working time: windows of a week in a zone, and days that differ."""

    name = models.CharField(max_length=80, unique=True)
    zone = models.CharField(max_length=60, validators=[check_zone])
    weekly = models.JSONField(default=dict, help_text='{"0": [["09:00", "17:00"]], …}, Monday is 0')
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def as_rule(self, days: list[CalendarDay] | None = None) -> WorkCalendar:
        """The pure calendar. `days` spares a query where they were fetched already."""
        days = list(self.days.all()) if days is None else days
        return WorkCalendar(
            self.zone,
            {
                int(day): [(opens, closes) for opens, closes in windows]
                for day, windows in self.weekly.items()
            },
            {day.on: [(opens, closes) for opens, closes in day.windows] for day in days},
        )


class CalendarVersion(models.Model):
    """A calendar as it was from a moment on: what was changed, by whom, and all of it."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=200)
    kept = models.JSONField(help_text="Zone, weekly, exceptions.")
    by = models.ForeignKey("User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_versions_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}: {self.what}"


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, a half day, a closure."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    windows = models.JSONField(default=list, blank=True)
    label = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on"], name="one_entry_per_calendar_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.label}".strip()


class Company(models.Model):
    """Us: one row, written at set-up."""

    class Reading(models.TextChoices):
        ALL = "all", "All staff read all partners"
        OWN = "own", "Staff read the partners they look after"

    class Figures(models.TextChoices):
        """Who sees the figures of one person; each step sees what those before it see."""

        NOBODY = "nobody", "Nobody"
        PERSON = "person", "The person"
        LEAD = "lead", "The person and its lead"
        HEADS = "heads", "The person, its lead and heads"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=60, default="UTC", validators=[check_zone])
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    reading = models.CharField(max_length=5, choices=Reading, default=Reading.ALL)
    fiscal_month = models.PositiveSmallIntegerField(
        choices=MONTHS, default=1, help_text="The month in which the fiscal year begins; quarters follow it."
    )
    figures = models.CharField(max_length=6, choices=Figures, default=Figures.LEAD)
    reporting_currency = models.CharField(
        max_length=3,
        default="EUR",
        help_text="Sums of several currencies are told in it too, at rates that are stated with them.",
    )
    is_sample = models.BooleanField(default=False)
    set_up_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_company"),
            models.CheckConstraint(
                condition=Q(fiscal_month__range=(1, 12)), name="a_fiscal_year_begins_in_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Reach:
    """Regions and verticals (by id) a role is narrowed to; none of a sort means all of it."""

    regions: frozenset[int]
    verticals: frozenset[int]


class PersonManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """A person who can sign in with `email`; addresses are kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def visible_to(self, reader: User) -> models.QuerySet[User]:
        """All of us, for whoever has a role here; else oneself."""
        return self.all() if reader.roles else self.filter(pk=reader.pk)

    def current(self) -> models.QuerySet[User]:
        return self.filter(is_active=True)


def known_as(name: str | None, email: str | None) -> str:
    """What one of us is called; nobody is ""."""
    return name or email or ""


class User(AbstractBaseUser, PermissionsMixin):
    """One of us. What it may do follows from its roles and assignments: `team.roles.may`."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    search_key = FoldedField(max_length=400, of=["name", "email"])
    zone = models.CharField(max_length=60, default="UTC", validators=[check_zone])
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    shortcuts = models.BooleanField(default=True, help_text="Single-key shortcuts")
    lead = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    calendar = models.ForeignKey(Calendar, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(lead=F("pk")), name="nobody_leads_themselves")]

    def __str__(self) -> str:
        return known_as(self.name, self.email)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles this person has; fetched once."""
        return frozenset(grant.role for grant in self.grants.all())

    @cached_property
    def reaches(self) -> dict[str, Reach]:
        """Where each role of this person holds; fetched once."""
        reaches: dict[str, tuple[set[int], set[int]]] = {}
        for role, region, vertical in self.grants.values_list("role", "regions", "verticals"):
            regions, verticals = reaches.setdefault(role, (set(), set()))
            regions |= {region} - {None}
            verticals |= {vertical} - {None}
        return {role: Reach(frozenset(r), frozenset(v)) for role, (r, v) in reaches.items()}

    @cached_property
    def company(self) -> Company | None:
        """The company this person works for; fetched once."""
        return Company.objects.first()

    @cached_property
    def unread(self) -> int:
        """How many notices that need this person are unread; no more than MOST_COUNTED are counted."""
        return Notice.objects.filter(person=self).ringing()[:MOST_COUNTED].count()

    @cached_property
    def swept_at(self) -> datetime | None:
        """When the last sweep ended; before the first one, when the company was set up. Fetched once."""
        last: datetime | None = standstill.last_sweep().first()
        return last or Company.objects.values_list("set_up_at", flat=True).first()

    @property
    def reads_own_only(self) -> bool:
        """Whether the company narrows this person's reading to the partners it looks after."""
        if self.roles & {Role.HEAD, Role.OPERATIONS, Role.ADMIN} or self.company is None:
            return False
        return self.company.reading == Company.Reading.OWN

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles

    @property
    def is_head(self) -> bool:
        return Role.HEAD in self.roles

    @property
    def only_steers(self) -> bool:
        """A head with no partners' work of its own: it opens on the figures, not on the day."""
        return self.is_head and self.roles <= {Role.HEAD, Role.OPERATIONS, Role.ADMIN}

    @property
    def role_words(self) -> str:
        """The roles as a person reads them: "Growth, Admin"."""
        return ", ".join(str(role.label) for role in Role if role in self.roles)

    is_person = True

    @property
    def colour(self) -> int:
        """Which of the eight avatar colours."""
        return (self.pk or 0) % 8

    @property
    def given_name(self) -> str:
        """How a greeting calls this person."""
        return str(self).split()[0]

    @property
    def initials(self) -> str:
        words = str(self).split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


class Grant(models.Model):
    """A role a person has, for everything or narrowed to regions or verticals."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    regions = models.ManyToManyField(Region, blank=True)
    verticals = models.ManyToManyField(Vertical, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="one_grant_per_person_and_role")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Leave(models.Model):
    """Days a person is away, and who stands in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="leaves")
    delegate = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="delegations"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    told_at = models.DateTimeField(null=True, help_text="When it was noted that partners had been told.")

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="leave_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(delegate=F("user")), name="nobody_stands_in_for_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.starts_on}–{self.ends_on}"

    def runs_on(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def span(self) -> tuple[datetime, datetime]:
        """From 0:00 of the first day to 24:00 of the last, where the person is."""
        here = ZoneInfo(self.user.zone)
        after = self.ends_on + timedelta(days=1)
        return datetime.combine(self.starts_on, time.min, here), datetime.combine(after, time.min, here)


class Invitation(models.Model):
    """An invitation by signed link; the link carries this row's id and dies with it."""

    email = models.EmailField()
    name = models.CharField(max_length=120)
    roles = models.JSONField(default=list)
    lead = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.email
