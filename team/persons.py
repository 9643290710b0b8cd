"""Whose own figures one may see: a setting of the company. They exist to help the person."""

from __future__ import annotations

from collections.abc import Collection

from team.models import Company, User

LEAST = 5  # so many people together are no single person


def shows(viewer: User, person: User) -> bool:
    """Whether this person may see the figures of that one. Who has no lead has the heads for one."""
    rule = viewer.company.figures if viewer.company else Company.Figures.LEAD
    if rule == Company.Figures.NOBODY:
        return False
    if person.pk == viewer.pk:
        return True
    leads = viewer.is_head if person.lead_id is None else person.lead_id == viewer.pk
    return (rule == Company.Figures.HEADS and viewer.is_head) or (rule != Company.Figures.PERSON and leads)


def may_see(viewer: User, people: Collection[int], named: Collection[int] = ()) -> bool:
    """Whether a figure that these people (by id) stand behind may be shown: of five or more together, or of
    people each of whose own figures this person may see. Who is only `named` hides nobody: it is not counted,
    but must be seen too where there are fewer. Of nobody in particular it may."""
    if len(set(people)) >= LEAST:
        return True
    asked = {*people, *named}
    found = User.objects.filter(pk__in=asked).only("lead")
    return len(found) == len(asked) and all(shows(viewer, person) for person in found)


def rule_words(viewer: User) -> str:
    """Who sees the figures of one person, as the setting says it."""
    rule = viewer.company.figures if viewer.company else Company.Figures.LEAD
    return str(Company.Figures(rule).label)
