"""When outreach stops by itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from partners.models import Status, Step

STOPPING = {
    Status.LIVE.value: "It is a partner now.",
    Status.PARKED.value: "It was parked.",
    Status.DECLINED.value: "It was declined.",
    Status.ENDED.value: "The partnership ended.",
}


@dataclass(frozen=True)
class Standing:
    """How things stand with a prospect that is reached out to."""

    status: str = Status.PROSPECT
    step: str = Step.IDENTIFIED
    has_answered: bool = False
    has_bounced: bool = False
    contact_is_gone: bool = False
    forbidden: str = ""  # who asked not to be contacted


def why_it_stops(standing: Standing) -> str:
    """The reason in words; "" where it goes on. That they answered comes before everything else."""
    if standing.has_answered:
        return "They answered."
    if standing.status in STOPPING:
        return STOPPING[standing.status]
    if standing.step == Step.SIGNED:
        return "It has signed."
    if standing.forbidden:
        return standing.forbidden
    if standing.has_bounced:
        return "A mail came back."
    return "The contact is no longer there." if standing.contact_is_gone else ""
