"""Who they are. A file per noun."""

from partners.models.coverage import Segment
from partners.models.history import Event
from partners.models.merges import Merge
from partners.models.organisations import (
    Domain,
    EndReason,
    HealthColour,
    OutsideId,
    Partner,
    PartnerName,
    Source,
    Stage,
    Status,
    Step,
    Visit,
    initials,
    place_label,
    seen_by,
)
from partners.models.people import Assignment, Contact, ContactAddress
from partners.models.profile import Criterion, Fit, FitLine, Profile, Rating, Verdict
from partners.models.programmes import Link, Membership, PartnerType, Programme, Tier

__all__ = [
    "Assignment",
    "Contact",
    "ContactAddress",
    "Criterion",
    "Domain",
    "EndReason",
    "Event",
    "Fit",
    "FitLine",
    "HealthColour",
    "Link",
    "Membership",
    "Merge",
    "OutsideId",
    "Partner",
    "PartnerName",
    "PartnerType",
    "Profile",
    "Programme",
    "Rating",
    "Segment",
    "Source",
    "Stage",
    "Status",
    "Step",
    "Tier",
    "Verdict",
    "Visit",
    "initials",
    "place_label",
    "seen_by",
]
