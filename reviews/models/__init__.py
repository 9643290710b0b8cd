"""What the evaluation is made of; the models of each part live in its file or folder."""

from reviews.health.models import HealthFormula, HealthRun, Snapshot
from reviews.issues.models import (
    Cause,
    Escalation,
    Issue,
    IssueRules,
    Resolution,
    Severity,
)
from reviews.models.cadences import Cadence, Every, Rhythm
from reviews.models.feeds import Feed
from reviews.models.invitations import ReviewInvitation
from reviews.models.minutes import Action, Minutes, SignedMinutes
from reviews.models.packets import Arranged, Packet, Topic
from reviews.models.reviews import Review, ReviewState
from reviews.planning.models import CompanyObjective, Goal, Objective, Target, YearMark
from reviews.surveying.models import (
    Answer,
    Behaviour,
    Invitation,
    Mark,
    OptOut,
    PublicAnswer,
    Survey,
    SurveyQuestion,
)

__all__ = [
    "Action",
    "Answer",
    "Arranged",
    "Behaviour",
    "Cadence",
    "Cause",
    "CompanyObjective",
    "Escalation",
    "Every",
    "Feed",
    "Goal",
    "HealthFormula",
    "HealthRun",
    "Invitation",
    "Issue",
    "IssueRules",
    "Mark",
    "Minutes",
    "Objective",
    "OptOut",
    "Packet",
    "PublicAnswer",
    "Resolution",
    "Review",
    "ReviewInvitation",
    "ReviewState",
    "Rhythm",
    "Severity",
    "SignedMinutes",
    "Snapshot",
    "Survey",
    "SurveyQuestion",
    "Target",
    "Topic",
    "YearMark",
]
