"""What tiers want and give, and where memberships stand."""

from lifecycle.growth.tiering.models.benefits import Benefit, BenefitPromise, GivenBenefit
from lifecycle.growth.tiering.models.changes import TierChange
from lifecycle.growth.tiering.models.rulesets import OwnMeasure, Requirement, TierRules
from lifecycle.growth.tiering.models.standings import Measurement, Standing, TierCheck

__all__ = [
    "Benefit",
    "BenefitPromise",
    "GivenBenefit",
    "Measurement",
    "OwnMeasure",
    "Requirement",
    "Standing",
    "TierChange",
    "TierCheck",
    "TierRules",
]
