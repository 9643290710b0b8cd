"""Who we are, and what we tell each other; a file for each noun."""

from team.models.notices import MOST_COUNTED, Notice
from team.models.people import (
    Calendar,
    CalendarDay,
    CalendarVersion,
    Company,
    Grant,
    Invitation,
    Leave,
    Named,
    PersonManager,
    Reach,
    Region,
    Renaming,
    Role,
    User,
    Vertical,
    check_zone,
)

__all__ = [
    "MOST_COUNTED",
    "Calendar",
    "CalendarDay",
    "CalendarVersion",
    "Company",
    "Grant",
    "Invitation",
    "Leave",
    "Named",
    "Notice",
    "PersonManager",
    "Reach",
    "Region",
    "Renaming",
    "Role",
    "User",
    "Vertical",
    "check_zone",
]
