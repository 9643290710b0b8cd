"""Who we are, and what we tell each other; a file for each noun."""

from team.models.holidays import HolidaySource
from team.models.hooks import Hook
from team.models.notices import MOST_COUNTED, Notice, NoticeChoice, NoticeSet, NoticeTimes, Way
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
    known_as,
)
from team.models.rates import Rate
from team.models.tokens import ApiToken

__all__ = [
    "MOST_COUNTED",
    "ApiToken",
    "Calendar",
    "CalendarDay",
    "CalendarVersion",
    "Company",
    "Grant",
    "HolidaySource",
    "Hook",
    "Invitation",
    "Leave",
    "Named",
    "Notice",
    "NoticeChoice",
    "NoticeSet",
    "NoticeTimes",
    "PersonManager",
    "Rate",
    "Reach",
    "Region",
    "Renaming",
    "Role",
    "User",
    "Vertical",
    "Way",
    "check_zone",
    "known_as",
]
