"""What was written beside the marks. A comment of an attributed survey begins a conversation, so that it
waits for our reply as any message does; one of a confidential survey has no writer to reply to, and is
answered to all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from conversations import countdown, messages
from conversations.countdown import Countdown
from conversations.models import Message, Wait, hidden_from
from partners.models import seen_by
from prm.stats import FEW
from reviews.surveying import results
from reviews.surveying.models import Answer, Invitation, Mark, PublicAnswer, Survey, SurveyQuestion
from team.models import User


def hear(invitation: Invitation, answer: Answer, at: datetime) -> None:
    """Bring a comment into its conversation; one that was changed comes as another message there."""
    if not answer.comment or invitation.contact is None or _stands_there(answer):
        return
    said = messages.receive(
        invitation.partner,
        Message.Channel.PORTAL,
        _("{comment}\n\n(Beside “{survey}”: {marks})").format(
            comment=answer.comment, survey=invitation.survey, marks=_marks(answer)
        ),
        at,
        conversation=answer.conversation,
        contact=invitation.contact,
        subject=_("Comment on “{survey}”").format(survey=invitation.survey),
    )
    Answer.objects.filter(pk=answer.pk).update(conversation=said.conversation)


def _stands_there(answer: Answer) -> bool:
    if answer.conversation is None:
        return False
    newest = answer.conversation.messages.filter(direction=Message.Direction.IN).order_by("-pk").first()
    return newest is not None and newest.body.startswith(f"{answer.comment}\n\n(")


def forget(deleted: Sequence[Message]) -> None:
    """Messages are deleted for good: the words of a comment that became one of them go with it."""
    threads = {message.conversation_id for message in deleted}
    there = Q(conversation__in=threads) | Q(conversation__merged_into__in=threads)
    bodies = [message.body for message in deleted]
    for answer in Answer.objects.filter(there).exclude(comment=""):
        if any(body.startswith(f"{answer.comment}\n\n(") for body in bodies):
            Answer.objects.filter(pk=answer.pk).update(comment="")


def _marks(answer: Answer) -> str:
    marks = Mark.objects.filter(answer=answer).exclude(value=None).select_related("question")
    return ", ".join(_("{mark} of {most}").format(mark=each, most=each.question.most) for each in marks)


def attributed(user: User) -> QuerySet[Answer]:
    """The comments this person may read, with whom they are of and where they are answered."""
    written = Answer.objects.exclude(comment="").filter(invitation__survey__is_confidential=False)
    seen = written.filter(seen_by(user, "invitation__partner"), ~hidden_from(user, "conversation"))
    related = ("invitation__survey", "invitation__partner", "invitation__contact", "conversation")
    return seen.select_related(*related)


def waiting(user: User) -> QuerySet[Answer]:
    """Those of them that wait for our reply."""
    return attributed(user).filter(conversation__in=Wait.objects.open().values("conversation"))


def with_clocks(rows: list[Answer], at: datetime) -> list[tuple[Answer, Countdown | None]]:
    """Each with the clock of the wait it stands in, where one runs; one query."""
    waits = Wait.objects.open().filter(conversation__in=[each.conversation_id for each in rows])
    found = {wait.conversation_id: countdown.read(wait, at) for wait in waits.order_by("-due_at", "-pk")}
    return [(each, found.get(each.conversation_id or 0)) for each in rows]


def rounds_unanswered(user: User) -> QuerySet[Survey]:
    """Confidential rounds with comments that may be read and were not answered to all; `n` of them."""
    rounds = Survey.objects.visible_to(user).filter(is_confidential=True, closed_at__isnull=False)
    left = Q(invitations__answer__settled_in=None) & ~Q(invitations__answer__comment="")
    counted = rounds.annotate(
        answers=Count("invitations__answer"), n=Count("invitations__answer", filter=left)
    )
    return counted.filter(answers__gte=FEW, n__gt=0)


def of_confidential(survey: Survey) -> list[Answer]:
    """The comments of a confidential round in no order that says anything; none while it asks, nor of fewer
    answers than may be shown."""
    if not results.may_show(survey):
        return []
    written = (
        Answer.objects.filter(invitation__survey=survey).exclude(comment="").select_related("settled_in")
    )
    return sorted(written, key=lambda answer: answer.comment.casefold())


def words_of(survey: Survey) -> list[tuple[SurveyQuestion, list[str]]]:
    """What was answered in words in a confidential round, by question, in no order that says anything; held
    back as its comments are."""
    if not results.may_show(survey):
        return []
    said: dict[int, list[str]] = defaultdict(list)
    rows = Mark.objects.filter(question__survey=survey).exclude(words="")
    for question, words in rows.values_list("question", "words"):
        said[question].append(words)
    return [
        (each, sorted(said[each.pk], key=str.casefold)) for each in survey.questions.all() if said[each.pk]
    ]


def settle(survey: Survey, said: PublicAnswer) -> None:
    """What was commented until now is answered by this."""
    if survey.is_confidential:
        Answer.objects.filter(invitation__survey=survey, settled_in=None).exclude(comment="").update(
            settled_in=said
        )
