"""Whose own figures one may see: a setting of the company. They exist to help the person."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from team.models import Company, User

LEAST = 5  # so many people together are no single person
EVERYONE, NOBODY = ~Q(pk__in=[]), Q(pk__in=[])


def _rule(viewer: User) -> Company.Figures:
    return Company.Figures(viewer.company.figures) if viewer.company else Company.Figures.LEAD


def shown_to(viewer: User) -> Q:
    """Of people, those whose own figures this person may see. Who has no lead has the heads for one."""
    rule, own = _rule(viewer), Q(pk=viewer.pk)
    if rule == Company.Figures.NOBODY:
        return NOBODY
    if rule == Company.Figures.PERSON:
        return own
    if rule == Company.Figures.HEADS and viewer.is_head:
        return EVERYONE
    return own | Q(lead=viewer) | (Q(lead=None) if viewer.is_head else NOBODY)


def hidden_from(viewer: User) -> QuerySet[User]:
    """The people whose own figures this person may not see."""
    return User.objects.exclude(shown_to(viewer))


def sees_own(viewer: User) -> bool:
    return _rule(viewer) != Company.Figures.NOBODY


def hide_each_other(hidden: Iterable[object]) -> bool:
    """Whether a figure may be shown that stands for these people (by id), of none of whom one may see its
    own: they are five or more together. Of nobody it may."""
    return not 0 < len(set(hidden)) < LEAST


def rule_words(viewer: User) -> str:
    """Who sees the figures of one person, as the setting says it."""
    return str(_rule(viewer).label)
