"""What the sweep does with joint plans: it reminds of marks, and of the day an experiment is judged."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from conversations import responsibility
from partners.models import Status
from prm import references, sweeper
from reviews.planning import moments
from reviews.planning.models import Objective
from team import notices
from team.companies import zone_of
from team.models import Notice


def sweep(at: datetime) -> int:
    """Look at every objective of which a day has come."""
    due = Objective.objects.select_related("partner__owner").prefetch_related("marks")
    return sweeper.in_batches(due, at, check)


def check(objective: Objective, at: datetime) -> None:
    """Remind whoever looks after the partner of each day that has come; a day is told of once."""
    zone, marks = zone_of(objective.partner.owner), objective.marks.all()
    for kind, moment, words in moments.of(objective, marks, zone):
        if moment <= at and objective.partner.status != Status.ENDED:
            _remind(objective, kind, moment, words, at)
    following = moments.next_look(objective, marks, zone, at)
    Objective.objects.filter(pk=objective.pk).update(next_check_at=following)


def _remind(objective: Objective, kind: str, moment: datetime, words: str, at: datetime) -> None:
    if kind == moments.MARK:
        said = _("{partner}: was the mark “{words}” met?")
    elif objective.is_experiment:
        said = _("{partner}: the experiment “{words}” ends. How did it go?")
    else:
        said = _("{partner}: the objective “{words}” ends. Was it reached?")
    text, about = said.format(partner=objective.partner, words=words), references.to(objective)
    for person in responsibility.person_or_heads(objective.partner.owner):
        notices.give(person, kind, about, moment, at, text, objective.get_absolute_url())


def still_stands(notice: Notice) -> bool:
    """Whether nothing was said of it yet, and its day is as it was: asked when the mail is composed."""
    rows = Objective.objects.running().select_related("partner__owner").prefetch_related("marks")
    objective = rows.filter(pk=notice.cause_id).first()
    if objective is None:
        return False
    found = moments.of(objective, objective.marks.all(), zone_of(objective.partner.owner))
    return (notice.kind, notice.due_at) in {(kind, moment) for kind, moment, _words in found}
