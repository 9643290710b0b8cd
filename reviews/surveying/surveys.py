"""Rounds are made, drawn and closed. Whether a round is confidential is said before the draw and stays."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Event
from prm import references, sweeper
from prm.refusals import Refused
from reviews.surveying import asking, comments, drawing
from reviews.surveying.models import Invitation, PublicAnswer, Survey
from team.models import Company, User

OPEN_FOR = timedelta(days=30)
SYSTEM = "sweep"


class SurveyRefused(Refused):
    """The survey cannot be made, drawn, closed or removed so."""


@dataclass(frozen=True)
class Outline:
    """What a round asks, whom, and how the answers are kept."""

    title: str
    kind: str
    words: str = ""
    is_confidential: bool = False
    cut: str = ""
    behaviours: Sequence[str] = ()
    own: Sequence[tuple[str, str]] = ()
    who: dict[str, Any] = field(default_factory=dict)
    size: int | None = None


@transaction.atomic
def make(outline: Outline, by: User, at: datetime) -> Survey:
    """A round that is not sent yet."""
    if outline.cut and not outline.is_confidential:
        raise SurveyRefused(_("Only a confidential round needs to say how it is broken down."))
    company = Company.objects.first()
    questions = asking.questions(outline.kind, str(company or _("us")), outline.behaviours, outline.own)
    survey = Survey.objects.create(
        title=outline.title,
        kind=outline.kind,
        words=outline.words,
        is_confidential=outline.is_confidential,
        cut=outline.cut,
        who=outline.who,
        size=outline.size,
        made_by=by,
        made_at=at,
    )
    for question in questions:
        question.survey = survey
        question.save(force_insert=True)
    Event.record("survey_made", at, by, about=references.to(survey), note=survey.title)
    return survey


@transaction.atomic
def draw(survey: Survey, by: User, at: datetime) -> int:
    """Draw whom to ask, write down who was left out and why, and send; how many are asked."""
    Company.objects.select_for_update().get()  # two draws, one after the other, so that nobody is asked twice
    held = _held(survey)
    if held.drawn_at is not None:
        raise SurveyRefused(_("“{survey}” was sent already.").format(survey=held))
    held.seed, held.drawn_at, held.closes_at = secrets.token_hex(16), at, at + OPEN_FOR
    drawn = drawing.of(held, by, at)
    asked = sum(not each.left_out for each in drawn)
    if not asked:
        raise SurveyRefused(_("Nobody is left to be asked. See below who is left out and why."))
    held.next_check_at = held.closes_at
    held.save(update_fields=["seed", "drawn_at", "closes_at", "next_check_at"])
    Invitation.objects.bulk_create(drawn, batch_size=500)
    note = f"{held.title}: {asked} asked, {len(drawn) - asked} left out"
    Event.record("survey_sent", at, by, about=references.to(held), note=note)
    survey.refresh_from_db()
    return asked


@transaction.atomic
def close(survey: Survey, by: User | str, at: datetime) -> None:
    """Take no more answers, and change none: what it reads from now on stays."""
    mine = Survey.objects.filter(pk=survey.pk, closed_at=None, drawn_at__isnull=False)
    if not mine.update(closed_at=at, next_check_at=None):
        raise SurveyRefused(_("“{survey}” does not ask anybody now.").format(survey=survey))
    Invitation.objects.filter(survey=survey).exclude(next_check_at=None).update(next_check_at=None)
    Event.record("survey_closed", at, by, about=references.to(survey), note=survey.title)
    survey.refresh_from_db()


@transaction.atomic
def remove(survey: Survey, by: User, at: datetime) -> None:
    """Throw away one that was not sent."""
    held = _held(survey)
    if held.drawn_at is not None:
        raise SurveyRefused(_("“{survey}” was sent; close it instead.").format(survey=held))
    Event.record("survey_removed", at, by, note=held.title)
    held.delete()


@transaction.atomic
def answer_all(survey: Survey, words: str, by: User, at: datetime) -> PublicAnswer:
    """Say to all who were asked what we make of what was said; the comments so far count as answered."""
    if not words.strip():
        raise SurveyRefused(_("Write what you want to say."))
    if survey.is_draft:
        raise SurveyRefused(_("Nobody was asked yet."))
    if survey.is_confidential and survey.is_asking:
        raise SurveyRefused(_("Its comments are read when it has closed. Answer them then."))
    said = PublicAnswer.objects.create(survey=survey, words=words.strip(), by=by, at=at)
    comments.settle(survey, said)
    Event.record("survey_answered_publicly", at, by, about=references.to(survey), note=survey.title)
    return said


def sweep(at: datetime) -> int:
    """Close the rounds that ran out."""
    return sweeper.in_batches(Survey.objects.asking(), at, lambda survey, at: close(survey, SYSTEM, at))


def _held(survey: Survey) -> Survey:
    return Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
