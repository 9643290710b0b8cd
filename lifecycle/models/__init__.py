"""What the road is made of; the models of each part live in its folder."""

from lifecycle.growth.models import Credit, Customer, Deal, DealVersion, Phase, Product, Registration
from lifecycle.models.road import Evidence, Task, UsualStay
from lifecycle.recruitment.models import Agreement, AgreementVersion, Signature

__all__ = [
    "Agreement",
    "AgreementVersion",
    "Credit",
    "Customer",
    "Deal",
    "DealVersion",
    "Evidence",
    "Phase",
    "Product",
    "Registration",
    "Signature",
    "Task",
    "UsualStay",
]
