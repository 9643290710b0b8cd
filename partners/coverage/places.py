"""Where partners are: the same question for the list's filters and for what counts them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from partners.models import Membership, Partner


def in_regions(ids: Iterable[int]) -> Q:
    """Partners that work in one of these regions: it is theirs, or one of a membership that runs."""
    wanted = list(ids)
    joined = Membership.objects.filter(ends_on=None, regions__in=wanted)
    return Q(region__in=wanted) | Q(pk__in=joined.values("partner"))


def in_verticals(ids: Iterable[int]) -> Q:
    """Partners that serve one of these verticals."""
    theirs = Partner.verticals.through._default_manager.filter(vertical__in=list(ids))
    return Q(pk__in=theirs.values("partner"))
