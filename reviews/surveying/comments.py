"""What was written: beside the marks, and in answer to questions that want words. In an attributed survey it
begins a conversation, so that it waits for our reply as any message does; in a confidential one it has no
writer to reply to, and is answered to all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from conversations import countdown, messages
from conversations.countdown import Countdown
from conversations.models import Message, Wait, hidden_from
from partners.models import seen_by
from prm.stats import FEW
from reviews.surveying import results
from reviews.surveying.models import Answer, Invitation, Mark, PublicAnswer, Survey, SurveyQuestion
from team.models import User


def hear(invitation: Invitation, answer: Answer, before: str, at: datetime) -> None:
    """Bring what was written into its conversation, where `before` is what had been written until now; what
    was changed comes as another message there."""
    words = written(answer)
    if not words or invitation.contact is None or (answer.conversation is not None and words == before):
        return
    said = messages.receive(
        invitation.partner,
        Message.Channel.PORTAL,
        f"{words}\n\n({_of_which(invitation, answer)})",
        at,
        conversation=answer.conversation,
        contact=invitation.contact,
        subject=_("Comment on “{survey}”").format(survey=invitation.survey),
    )
    Answer.objects.filter(pk=answer.pk).update(conversation=said.conversation)


def written(answer: Answer) -> str:
    """The words of an answer: its comment, and what was answered in words, each under its question."""
    return "\n\n".join([*filter(None, [answer.comment]), *map(_piece, _in_words(answer))])


def _in_words(answer: Answer) -> QuerySet[Mark]:
    return answer.marks.exclude(words="").select_related("question")


def _piece(mark: Mark) -> str:
    return f"{mark.question}\n{mark.words}"


def _of_which(invitation: Invitation, answer: Answer) -> str:
    marks = answer.marks.exclude(value=None).select_related("question")
    said = ", ".join(_("{mark} of {most}").format(mark=each, most=each.question.most) for each in marks)
    if not said:
        return _("In answer to “{survey}”").format(survey=invitation.survey)
    return _("Beside “{survey}”: {marks}").format(survey=invitation.survey, marks=said)


def forget(deleted: Sequence[Message]) -> None:
    """Messages are deleted for good: the words of an answer that became one of them go with it."""
    threads = {message.conversation_id for message in deleted}
    there = Q(conversation__in=threads) | Q(conversation__merged_into__in=threads)
    bodies = [message.body for message in deleted]
    for answer in Answer.objects.filter(there):
        gone = [mark.pk for mark in _in_words(answer) if any(_piece(mark) in body for body in bodies)]
        Mark.objects.filter(pk__in=gone).delete()
        if answer.comment and any(body.startswith(f"{answer.comment}\n\n") for body in bodies):
            Answer.objects.filter(pk=answer.pk).update(comment="")


def _with_words() -> QuerySet[Answer]:
    """Answers in which something is written."""
    words = Mark.objects.filter(answer=OuterRef("pk")).exclude(words="")
    return Answer.objects.filter(~Q(comment="") | Exists(words))


def attributed(user: User) -> QuerySet[Answer]:
    """What was written and this person may read, with whom it is of and where it is answered."""
    words = _with_words().filter(invitation__survey__is_confidential=False)
    seen = words.filter(seen_by(user, "invitation__partner"), ~hidden_from(user, "conversation"))
    related = ("invitation__survey", "invitation__partner", "invitation__contact", "conversation")
    return seen.select_related(*related).prefetch_related("marks__question")


def waiting(user: User) -> QuerySet[Answer]:
    """Those of them that wait for our reply."""
    return attributed(user).filter(conversation__in=Wait.objects.open().values("conversation"))


def with_clocks(rows: list[Answer], at: datetime) -> list[tuple[Answer, Countdown | None]]:
    """Each with the clock of the wait it stands in, where one runs; one query."""
    waits = Wait.objects.open().filter(conversation__in=[each.conversation_id for each in rows])
    found = {wait.conversation_id: countdown.read(wait, at) for wait in waits.order_by("-due_at", "-pk")}
    return [(each, found.get(each.conversation_id or 0)) for each in rows]


def rounds_unanswered(user: User) -> QuerySet[Survey]:
    """Confidential rounds with words that may be read and were not answered to all; `n` answers of them."""
    rounds = Survey.objects.visible_to(user).filter(is_confidential=True, closed_at__isnull=False)
    left = Q(invitations__answer__in=_with_words().filter(settled_in=None))
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
    """What was written until now is answered by this."""
    if survey.is_confidential:
        _with_words().filter(invitation__survey=survey, settled_in=None).update(settled_in=said)
