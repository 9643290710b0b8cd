"""An invitation is answered, once, and the answer can be changed for a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Contact, Event
from prm import once, references
from prm.refusals import Refused
from reviews.surveying import comments
from reviews.surveying.models import Answer, Invitation, Mark, OptOut, SurveyQuestion

CHANGEABLE = timedelta(hours=24)
MOST_CHANGES = 20


class AnswerRefused(Refused):
    """It cannot be answered, or not any more."""


def why_closed(invitation: Invitation, at: datetime) -> str:
    """Why nothing can be answered or changed here, for its person; "" while it can."""
    answer: Answer | None = getattr(invitation, "answer", None)
    if invitation.survey.closed_at is not None:
        return _("This survey has closed. Thank you for having looked.")
    if invitation.contact is None or invitation.contact.left_on or invitation.contact.withdrawn_at:
        return _("This address was closed.")
    if answer is not None:
        return "" if at <= answer.at + CHANGEABLE else _("You have answered. It can be changed for a day.")
    if invitation.expires_at is None or at >= invitation.expires_at:
        return _("This address has expired: it was open for 30 days.")
    return ""


@transaction.atomic
def answer(
    invitation: Invitation, marks: Mapping[int, int | str | None], comment: str, at: datetime
) -> Answer:
    """Take the answer: by question its mark or words, None where it is left open; and a comment. Within a day
    of the first answer it is changed. Refused where nothing is answered."""
    held = _held(invitation)
    if closed := why_closed(held, at):
        raise AnswerRefused(closed)
    given = {pk: value for pk, value in marks.items() if value not in {None, ""}}
    if not given:
        raise AnswerRefused(_("Answer at least one question."))
    mine, before = Answer(invitation=held, at=at, comment=comment.strip()), ""
    if once.add(mine, ("invitation",)):
        Invitation.objects.filter(pk=held.pk).update(next_check_at=None)
    else:
        mine = Answer.objects.select_related("conversation").get(invitation=held)
        before = comments.written(mine)
        _change(mine, comment, at)
    _mark(mine, list(held.survey.questions.all()), given)
    if not held.survey.is_confidential:
        comments.hear(held, mine, before, at)
        _record(held, mine, at)
    return mine


def _held(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",))
    return rows.select_related("survey", "contact__partner", "partner", "answer").get(pk=invitation.pk)


def _change(mine: Answer, comment: str, at: datetime) -> None:
    if mine.changes >= MOST_CHANGES:
        raise AnswerRefused(_("It was changed {n} times. Leave it now.").format(n=MOST_CHANGES))
    mine.comment, mine.changed_at, mine.changes = comment.strip(), at, mine.changes + 1
    mine.save(update_fields=["comment", "changed_at", "changes"])


def _mark(mine: Answer, asked: list[SurveyQuestion], given: Mapping[int, int | str | None]) -> None:
    mine.marks.all().delete()
    rows = [
        Mark(answer=mine, question=question, words=str(given[question.pk]))
        if question.scale == SurveyQuestion.Scale.WORDS
        else Mark(answer=mine, question=question, value=_on_scale(question, given[question.pk]))
        for question in asked
        if question.pk in given
    ]
    Mark.objects.bulk_create(rows)


def _on_scale(question: SurveyQuestion, value: int | str | None) -> int:
    if not isinstance(value, int) or value not in question.steps:
        steps = question.steps
        raise AnswerRefused(_("Choose between {a} and {b}.").format(a=steps[0], b=steps[-1]))
    return value


def _record(held: Invitation, mine: Answer, at: datetime) -> None:
    """The partner's history says that it was answered, and how; of a confidential one nothing."""
    if mine.changes or held.contact is None:
        return
    about = references.to(held.survey)
    Event.record("survey_answered", at, held.contact, held.partner, about, note=held.survey.title)


# --- wanting no surveys ----------------------------------------------------------------------------------


@transaction.atomic
def stop(contact: Contact, at: datetime) -> None:
    """Its person wants no surveys any more. Twice is once."""
    if once.add(OptOut(contact=contact, at=at), ("contact",)):
        Invitation.objects.filter(contact=contact).exclude(next_check_at=None).update(next_check_at=None)
        Event.record("surveys_stopped", at, contact, contact.partner)


@transaction.atomic
def resume(contact: Contact, at: datetime) -> None:
    """Its person may be asked again."""
    gone, _rows = OptOut.objects.filter(contact=contact).delete()
    if gone:
        Event.record("surveys_resumed", at, contact, contact.partner)


def has_stopped(contact: Contact) -> bool:
    return OptOut.objects.filter(contact=contact).exists()
