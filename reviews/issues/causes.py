"""Why issues come about: the list a company begins with."""

from reviews.issues.models import Cause
from team import lists

STARTERS = (
    "Fault in the product",
    "Missing or wrong documentation",
    "Unclear agreement or price",
    "Wrong order or delivery",
    "Late answer of ours",
    "Training or enablement missing",
    "Conflict with another partner or our sales",
    "On the partner’s side",
    "Raised by mistake",
)


def seed() -> None:
    """Write the causes a company begins with, where it has none."""
    if not Cause.objects.exists():
        lists.begin(Cause, STARTERS)
