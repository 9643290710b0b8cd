"""What the road is made of; the models of each part live in its folder."""

from lifecycle.ending.models import Ending, Loose
from lifecycle.growth.helping.models import Help
from lifecycle.growth.models import Credit, Customer, Deal, DealVersion, Phase, Product, Registration
from lifecycle.growth.referrals.models import Offer, Referral
from lifecycle.models.road import Evidence, Side, Task, TaskFile, UsualStay
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
    "Application",
    "ApplicationForm",
    "ApplicationQuestion",
    "Attempt",
    "Certificate",
    "Course",
    "Credit",
    "Customer",
    "Deal",
    "DealVersion",
    "Ending",
    "Enrolment",
    "Evidence",
    "FirstEvent",
    "FirstEventRule",
    "Help",
    "KickOff",
    "Lesson",
    "Loose",
    "Offer",
    "Outreach",
    "Phase",
    "Plan",
    "PlanTemplate",
    "Product",
    "Question",
    "Referral",
    "Registration",
    "Sequence",
    "Side",
    "Signature",
    "Step",
    "Task",
    "TaskFile",
    "TemplateTask",
    "TemplateVersion",
    "Touch",
    "UsualStay",
]
