"""What can stand when a partnership ends. Each app says how its things are found and what usually becomes
of them; what it closes by itself on the last day needs no task."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from conversations.models import Commitment
from lifecycle.growth import registrations
from lifecycle.growth.models import Customer, Deal, Registration
from lifecycle.onboarding.integrating.models import Integration
from lifecycle.onboarding.learning.models import Certificate
from lifecycle.recruitment.models import Agreement
from partners.models import Partner
from team.models import User

Find = Callable[[Partner], Iterable[Model]]
Close = Callable[[Partner, User, datetime], object]
MOST = 50  # things of a sort


@dataclass(frozen=True)
class Part:
    """A sort of thing: its heading, how those of a partner are found, what usually becomes of one, and
    what is done by itself on the last day, in the name of whoever planned the end."""

    key: str
    title: str
    usual: str
    find: Find
    close: Close | None = None

    @property
    def closes_itself(self) -> bool:
        return self.close is not None


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    _parts[part.key] = part


def all_parts() -> list[Part]:
    return list(_parts.values())


def titled(key: str) -> str:
    return _parts[key].title if key in _parts else key


def deals(partner: Partner) -> Iterable[Model]:
    return Deal.objects.open().filter(partner=partner).select_related("customer").order_by("pk")[:MOST]


def customers(partner: Partner) -> Iterable[Model]:
    """Customers the partner won with us."""
    won = Deal.objects.filter(partner=partner, state=Deal.State.WON)
    return Customer.objects.filter(pk__in=won.values("customer")).order_by("pk")[:MOST]


def agreements(partner: Partner) -> Iterable[Model]:
    return (
        Agreement.objects.in_force().filter(partner=partner).select_related("partner").order_by("pk")[:MOST]
    )


def certificates(partner: Partner) -> Iterable[Model]:
    standing = Certificate.objects.standing().filter(partner=partner)
    return standing.select_related("course").order_by("pk")[:MOST]


def integrations(partner: Partner) -> Iterable[Model]:
    rows = Integration.objects.standing().filter(partner=partner).select_related("partner", "product")
    return rows.order_by("pk")[:MOST]


def promises(partner: Partner) -> Iterable[Model]:
    ours = Commitment.objects.open().filter(partner=partner, side=Commitment.Side.OURS)
    return ours.order_by("promised_for", "pk")[:MOST]


def protections(partner: Partner) -> Iterable[Model]:
    standing = Registration.objects.standing().filter(partner=partner)
    return standing.select_related("customer").order_by("pk")[:MOST]


def end_protections(partner: Partner, by: User, at: datetime) -> None:
    for registration in list(protections(partner)):
        assert isinstance(registration, Registration)
        registrations.withdraw(registration, "The partnership has ended.", by, at)
