"""How credits pass to the partner that another one was merged into."""

from __future__ import annotations

from datetime import datetime

from lifecycle.growth.models import Credit
from partners.repointing import Way


def credit_ways(credit: Credit, at: datetime) -> list[Way]:
    """Where the other has that part already, this one ends."""
    return [{"to_at": at}]
