"""The lists partners are sorted by: types, programmes with their tiers, sources, reasons to end."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from partners import sources
from partners.models import EndReason, PartnerType, Programme, Tier
from team import lists
from team.lists import ListRefused

TYPES = (
    "Reseller",
    "Distributor",
    "System integrator",
    "Technology",
    "Referral",
    "Managed service",
    "Agency",
)
TIERS = (("Gold", Decimal("1.5")), ("Silver", Decimal("1")), ("Registered", Decimal("0.5")))
END_REASONS = (
    "Does not fit our profile",
    "No answer",
    "Chose another vendor",
    "Terms not agreed",
    "No business in sight",
    "Closed or acquired",
    "Conflict of interest",
    "Goals missed",
    "By mutual agreement",
)


def seed() -> None:
    """Write the lists a company begins with: each type with one programme of three tiers."""
    lists.begin(PartnerType, TYPES)
    lists.begin(EndReason, END_REASONS)
    sources.seed()
    for position, kind in enumerate(PartnerType.objects.filter(name__in=TYPES, programmes=None)):
        programme = Programme.objects.create(name=f"{kind} programme", kind=kind, position=position)
        Tier.objects.bulk_create(
            [
                Tier(programme=programme, name=name, rank=rank, weight=weight)
                for rank, (name, weight) in enumerate(TIERS, start=1)
            ]
        )


def add_programme(name: str, kind: PartnerType) -> Programme:
    """A new programme for partners of a type, at the end of the list."""
    added = lists.add(Programme, name, kind=kind)
    assert isinstance(added, Programme)
    return added


def add_tier(programme: Programme, name: str, weight: Decimal) -> Tier:
    """A new tier under the programme's lowest."""
    lowest = programme.tiers.order_by("-rank").first()
    return _kept(Tier(programme=programme, name=name, weight=weight, rank=lowest.rank + 1 if lowest else 1))


@transaction.atomic
def change_tier(tier: Tier, name: str, weight: Decimal, at: datetime) -> Tier:
    """Give the tier another name or another share of its manager's load."""
    former, tier.name, tier.weight = tier.name, name, weight
    _kept(tier)
    lists.remember_name(tier, former, at)
    return tier


def _kept(tier: Tier) -> Tier:
    try:
        with transaction.atomic():
            tier.save()
    except IntegrityError as error:
        raise ListRefused(f"“{tier.name}” is a tier of this programme already.") from error
    return tier


@transaction.atomic
def move_tier(tier: Tier, by: int) -> None:
    """Move the tier one rank up (-1) or down (1) within its programme; by more, as far as there are tiers."""
    order = list(Tier.objects.filter(programme=tier.programme).order_by("rank", "name").select_for_update())
    place = next(n for n, other in enumerate(order) if other.pk == tier.pk)
    to = min(max(place + by, 0), len(order) - 1)
    order.insert(to, order.pop(place))
    for rank, other in enumerate(order, start=1):
        other.rank = rank
    Tier.objects.bulk_update(order, ["rank"])


def retire_tier(tier: Tier, at: datetime) -> None:
    """Offer the tier no more; memberships that carry it keep it."""
    tier.retired_at = at
    tier.save(update_fields=["retired_at"])


def restore_tier(tier: Tier) -> None:
    """Offer the tier again."""
    tier.retired_at = None
    tier.save(update_fields=["retired_at"])
