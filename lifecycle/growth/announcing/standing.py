"""How far an announcement has got: each partner once, told or why not. A count is the length of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from lifecycle.growth.announcing import audience
from lifecycle.growth.announcing.models import Announcement, Copy, Entitlement
from partners.models import Partner, seen_by
from team.models import User

SOON = timedelta(days=1)  # told within it after the first partner is told with it


class Why(models.TextChoices):
    """Where a partner stands towards an announcement."""

    TOLD = "told", _("Told")
    WAY = "way", _("On its way")
    CAN = "can", _("Can be told now")
    BACK = "back", _("Mail did not arrive")
    ASKED = "asked", _("Asked not to be contacted")
    NOBODY = "nobody", _("Nobody with such a role")
    ADDRESS = "address", _("No address that takes mail")
    FORMER = "former", _("Entitled no more")


@dataclass(frozen=True)
class Meter:
    """How many of the partners entitled now were told; `by` counts each `Why`, `soon` is of those entitled
    from the beginning (`first`) the number told within a day of the first."""

    by: dict[str, int]
    soon: int
    first: int

    @property
    def entitled(self) -> int:
        return sum(n for why, n in self.by.items() if why != Why.FORMER)

    @property
    def told(self) -> int:
        return self.by.get(Why.TOLD, 0)

    @property
    def can(self) -> int:
        return self.by.get(Why.CAN, 0)

    @property
    def left_out(self) -> int:
        """Those whom no press of ours reaches now."""
        return sum(self.by.get(why, 0) for why in (Why.BACK, Why.ASKED, Why.NOBODY, Why.ADDRESS))

    @property
    def is_whole(self) -> bool:
        return self.told == self.entitled

    @property
    def percent(self) -> int:
        return round(100 * self.told / self.entitled) if self.entitled else 0


def partners(announcement: Announcement, user: User, at: datetime) -> QuerySet[Any]:
    """The partners entitled now or told before that this person reads, each with `told_at` and `why` as a
    `Why`. Sets are asked for once, not for each partner: there may be ten thousand."""
    entitled = _keys(audience.partners(announcement.who), "pk")
    before = _keys(Entitlement.objects.filter(announcement=announcement))
    found = Partner.objects.visible_to(user).filter(Q(pk__in=entitled) | Q(pk__in=before))
    first = _arrived(announcement).filter(partner=OuterRef("pk")).order_by("mail__sent_at")
    cases = Case(*_cases(announcement, entitled, at), default=Value(Why.ADDRESS), output_field=CharField())
    return found.annotate(told_at=Subquery(first.values("mail__sent_at")[:1]), why=cases)


def _cases(announcement: Announcement, entitled: QuerySet[Any], at: datetime) -> list[When]:
    copies = Copy.objects.filter(announcement=announcement)
    meant = audience.people(announcement.roles)
    told = _keys(_arrived(announcement))
    way = _keys(copies.filter(mail__state__in=Copy.UNDER_WAY))
    can = _keys(audience.to_tell(announcement, at))
    willing = _keys(meant.filter(do_not_contact=False))
    return [
        When(~Q(pk__in=entitled), then=Value(Why.FORMER)),
        When(pk__in=told, then=Value(Why.TOLD)),
        When(pk__in=way, then=Value(Why.WAY)),
        When(pk__in=can, then=Value(Why.CAN)),
        When(pk__in=_keys(copies), then=Value(Why.BACK)),
        When(~Q(pk__in=_keys(meant)), then=Value(Why.NOBODY)),
        When(Q(do_not_contact=True) | ~Q(pk__in=willing), then=Value(Why.ASKED)),
    ]


def _keys(rows: QuerySet[Any], of: str = "partner") -> QuerySet[Any]:
    return rows.order_by().values(of)


def _arrived(announcement: Announcement) -> QuerySet[Copy]:
    return Copy.objects.arrived().filter(announcement=announcement)


def _first(announcement: Announcement) -> Q:
    """Entitled when it went out."""
    if announcement.sent_at is None:
        return Q(pk=None)
    since = Entitlement.objects.filter(announcement=announcement, since=announcement.sent_at)
    return Q(pk__in=_keys(since))


def _soon(announcement: Announcement) -> Q:
    """Entitled when it went out, and told within a day of the first."""
    if announcement.first_told_at is None:
        return Q(pk=None)
    until = announcement.first_told_at + SOON
    return _first(announcement) & Q(pk__in=_keys(_arrived(announcement).filter(mail__sent_at__lte=until)))


def soon(rows: QuerySet[Any], announcement: Announcement) -> QuerySet[Any]:
    """Those of such partners who were told within a day of the first."""
    return rows.filter(_soon(announcement), why=Why.TOLD)


def meter(announcement: Announcement, user: User, at: datetime) -> Meter:
    """The counts over those partners; one query."""
    rows = partners(announcement, user, at).order_by().values("why")
    counts = {"first": _first(announcement), "soon": _soon(announcement)}
    counted: list[dict[str, Any]] = list(
        rows.annotate(n=Count("pk"), **{name: Count("pk", filter=which) for name, which in counts.items()})
    )
    return Meter(
        {row["why"]: row["n"] for row in counted},
        soon=sum(row["soon"] for row in counted if row["why"] == Why.TOLD),
        first=sum(row["first"] for row in counted if row["why"] != Why.FORMER),
    )


def reached(announcements: list[int], user: User) -> tuple[dict[int, int], dict[int, int]]:
    """By announcement how many partners that this person reads were told, and how many were entitled when it
    last went out; two queries."""
    theirs = {"announcement__in": announcements}
    told = Copy.objects.arrived().filter(seen_by(user), **theirs).order_by().values_list("announcement")
    entitled = Entitlement.objects.filter(seen_by(user), **theirs).values_list("announcement")
    return dict(told.annotate(n=Count("partner", distinct=True))), dict(entitled.annotate(n=Count("pk")))


@dataclass(frozen=True)
class Person:
    """One of a partner's people whom an announcement is for, and how it stands with it."""

    name: str
    email: str
    words: str
    at: datetime | None = None


def persons(announcement: Announcement, of: list[Partner], at: datetime) -> dict[int, list[Person]]:
    """By partner the people there whom it is for or was sent to; two queries for all of them."""
    found: dict[int, list[Person]] = {each.pk: [] for each in of}
    copies = Copy.objects.filter(announcement=announcement, partner__in=of).select_related("contact", "mail")
    had: set[int] = set()
    for copy in copies.order_by("pk"):
        had |= {copy.contact_id} if copy.contact_id else set()
        name = str(copy.contact) if copy.contact else ""
        state = str(copy.mail.get_state_display())
        found[copy.partner_id].append(Person(name, copy.email, state, copy.mail.sent_at))
    able = Exists(audience.to_tell(announcement, at).filter(pk=OuterRef("pk")))
    meant = audience.people(announcement.roles).filter(partner__in=of).exclude(pk__in=had)
    for each in meant.annotate(able=able).order_by("-is_primary", "name", "pk"):
        asked = each.do_not_contact
        words = Why.CAN if each.able else Why.ASKED if asked else Why.ADDRESS
        found[each.partner_id].append(Person(each.name, each.email, str(words.label)))
    return found
