"""What the road is made of; the models of each part live in its folder."""

from lifecycle.ending.models import Ending, Loose
from lifecycle.growth.announcing.models import Announcement, Copy, Entitlement
from lifecycle.growth.helping.models import Help
from lifecycle.growth.investing.models import Investment
from lifecycle.growth.models import Credit, Customer, Deal, DealVersion, Phase, Product, Registration
from lifecycle.growth.referrals.models import Offer, Referral
from lifecycle.growth.tiering.models import (
    Benefit,
    BenefitPromise,
    GivenBenefit,
    Measurement,
    OwnMeasure,
    Requirement,
    Standing,
    TierChange,
    TierCheck,
    TierRules,
)
from lifecycle.models.road import Evidence, Side, Task, TaskFile, UsualStay
from lifecycle.onboarding.integrating.models import Environment, Integration, Obstacle
from lifecycle.onboarding.learning.models import (
    Attempt,
    Certificate,
    Course,
    Enrolment,
    Lesson,
    Question,
)
from lifecycle.onboarding.models import (
    FirstEvent,
    FirstEventRule,
    KickOff,
    Plan,
    PlanTemplate,
    TemplateTask,
    TemplateVersion,
)
from lifecycle.recruitment.applications.models import Application, ApplicationForm, ApplicationQuestion
from lifecycle.recruitment.models import Agreement, AgreementVersion, Signature
from lifecycle.recruitment.outreach.models import Outreach, Sequence, Step, Touch

__all__ = [
    "Agreement",
    "AgreementVersion",
    "Announcement",
    "Application",
    "ApplicationForm",
    "ApplicationQuestion",
    "Attempt",
    "Benefit",
    "BenefitPromise",
    "Certificate",
    "Copy",
    "Course",
    "Credit",
    "Customer",
    "Deal",
    "DealVersion",
    "Ending",
    "Enrolment",
    "Entitlement",
    "Environment",
    "Evidence",
    "FirstEvent",
    "FirstEventRule",
    "GivenBenefit",
    "Help",
    "Integration",
    "Investment",
    "KickOff",
    "Lesson",
    "Loose",
    "Measurement",
    "Obstacle",
    "Offer",
    "Outreach",
    "OwnMeasure",
    "Phase",
    "Plan",
    "PlanTemplate",
    "Product",
    "Question",
    "Referral",
    "Registration",
    "Requirement",
    "Sequence",
    "Side",
    "Signature",
    "Standing",
    "Step",
    "Task",
    "TaskFile",
    "TemplateTask",
    "TemplateVersion",
    "TierChange",
    "TierCheck",
    "TierRules",
    "Touch",
    "UsualStay",
]
