"""To whom a referral goes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lifecycle.growth.referrals.models import Referral

Rule = Referral.Rule


@dataclass(frozen=True)
class Candidate:
    """A live partner that a referral could go to; `rank` 1 is the highest tier, None has none."""

    pk: int
    name: str
    rank: int | None
    offered_at: datetime | None  # when it was last offered one
    offered: int  # how many in the last year


def in_order(candidates: Iterable[Candidate], rule: str) -> list[Candidate]:
    """The candidates as the rule has them: whose turn it is comes first, where tiers count within a tier."""
    by_tier = rule == Rule.TIER
    return sorted(
        candidates, key=lambda each: (_tier(each) if by_tier else 0, _turn(each), each.name, each.pk)
    )


def _tier(candidate: Candidate) -> int:
    return candidate.rank if candidate.rank is not None else 1_000


def _turn(candidate: Candidate) -> tuple[bool, float]:
    """Who was never offered one comes first, then whose last offer is longest ago."""
    last = candidate.offered_at
    return last is not None, last.timestamp() if last else 0.0


def in_words(rule: str, region: str, vertical: str) -> str:
    """The rule as it was applied: "Live partners in DACH that serve Retail; …"."""
    who = (
        "Live partners"
        + (f" in {region}" if region else "")
        + (f" that serve {vertical}" if vertical else "")
    )
    return {
        Rule.TURN.value: f"{who}; first whose last offer is longest ago.",
        Rule.TIER.value: f"{who}; the highest tier first, and there whose last offer is longest ago.",
        Rule.CHOSEN.value: f"{who}; chosen by hand.",
    }[rule]
