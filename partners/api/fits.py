"""How partners fit the Ideal Partner Profile, and the tiers of programmes."""

from __future__ import annotations

from django.db.models import QuerySet

from partners.api import rows
from partners.models import Fit, Tier, seen_by
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Reads
from prm.paging import Order


class Fits(Reads):
    noun, words = "fits", "Scores of partners against one version of the profile, each with its lines."
    model, row = Fit, rows.FitRow
    filterset_class = filters(
        Fit, keys=["partner", "profile"], choices=["verdict"], booleans=["is_current"], moments=["scored_at"]
    )
    sorts = USUAL_SORTS | {"scored_at": Order("scored_at", nullable=False), "score": Order("score")}

    def seen(self) -> QuerySet[Fit]:
        return Fit.objects.filter(seen_by(self.user))


class Tiers(Reads):
    noun, words = "tiers", "Levels within the programmes that partners are members of."
    model, row = Tier, rows.TierRow
    filterset_class = filters(Tier, keys={"programme": "programme", "kind": "programme__kind"})
    sorts = USUAL_SORTS | {"rank": Order("rank", nullable=False)}
    first_sort = "id"

    def seen(self) -> QuerySet[Tier]:
        return Tier.objects.all() if self.user.roles else Tier.objects.none()
