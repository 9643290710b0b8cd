"""What stands in a form in which somebody writes is sent or logged, by a press of theirs on a page or by a
program. It is no draft any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.datastructures import MultiValueDict

from conversations import drafts, messages, promise_fields
from conversations.drafts import DraftRefused, SentAlready
from conversations.forms.logs import LogForm
from conversations.forms.writing import ReplyForm, StartForm
from conversations.meetings import settling
from conversations.messages import Happening
from conversations.models import Conversation, Draft, Meeting, Message
from partners.models import Partner
from prm.models import OnceKey
from team.models import User

Kind = Draft.Kind
FORMS: dict[str, Any] = {Kind.REPLY: ReplyForm, Kind.MAIL: StartForm, Kind.LOG: LogForm}
NOT_KEPT = {"once", "attached", "seen"}
AT_A_PRESS = "goes_out_at"  # of a reply that another button lets go out later


def names(kind: str) -> list[str]:
    """The fields of the form of this kind that a draft keeps."""
    fields = [*FORMS[kind].base_fields, *promise_fields.NAMES]
    return [name for name in fields if name not in NOT_KEPT]


def reply(conversation: Conversation, form: ReplyForm, by: User, at: datetime) -> Message:
    """Send what the valid form says."""
    said = form.cleaned_data
    message = messages.reply(
        conversation,
        said["body"],
        by=by,
        at=at,
        holding=said["holding"],
        promises=form.promises(),
        seen=said["seen"],
        files=said["attached"],
        wanted_by=said["wanted_by"],
    )
    drafts.sent(drafts.reply_in(conversation.pk), by)
    return message


def start(partner: Partner, form: StartForm, by: User, at: datetime) -> Message:
    """Send the mail that the valid form says; it begins a conversation."""
    said = form.cleaned_data
    drafts.sent(drafts.mail_to(partner.pk), by)
    return messages.start(
        partner,
        said["subject"],
        said["body"],
        by=by,
        at=at,
        to=said["contact"],
        files=said["attached"],
        membership=said.get("membership"),
        wanted_by=said["wanted_by"],
    )


def log(partner: Partner, form: LogForm, meeting: Meeting | None, by: User, at: datetime) -> Message:
    """Write down what the valid form says. A planned meeting that it was is asked for no more."""
    said = form.cleaned_data
    message = messages.log(
        partner,
        Happening(
            said["channel"],
            said["body"],
            occurred_at=form.occurred(at),
            conversation=said["conversation"],
            contact=said["contact"],
            minutes=said["minutes"],
            subject=meeting.title if meeting else "",
            shared=said["visibility"] == "shared",
            membership=said.get("membership"),
        ),
        by=by,
        at=at,
        answers=list(said["answers"]),
        still_waiting=said["still_waiting"],
        promises=form.promises(said["contact"]),
    )
    if meeting is not None:
        settling.logged(meeting, message, at)
    return message


@transaction.atomic
def send(draft: Draft, by: User, at: datetime) -> Message:
    """Send a draft, or log it, as the press on its page does; a field that cannot be read is named."""
    standing = Draft.objects.of(by).standing().select_related("partner__owner", "conversation__partner")
    held = standing.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if held is None or (held.once is not None and not OnceKey.is_fresh(held.once, at)):
        raise SentAlready("It was sent or thrown away meanwhile.")
    words = _as_sent(held)
    if held.conversation is not None:
        words["seen"] = str(_newest_read(held))
        return reply(held.conversation, _valid(ReplyForm(words)), by, at)
    if held.partner is None:
        raise DraftRefused("It names no partner yet: write it as a log of one.")
    if held.kind == Kind.MAIL:
        return start(held.partner, _valid(StartForm(words, partner=held.partner)), by, at)
    form = _valid(LogForm(words, partner=held.partner, user=by))
    message = log(held.partner, form, _meeting(form, held.partner, by), by, at)
    drafts.sent(drafts.log_of(held.partner_id), by)
    return message


def _newest_read(draft: Draft) -> int:
    """The newest message there was when its writer last wrote: what a colleague answers later is to be read
    first, and to write anew is to have read it."""
    assert draft.conversation is not None
    before = draft.conversation.messages.filter(recorded_at__lte=draft.changed_at)
    return before.order_by("pk").values_list("pk", flat=True).last() or 0


def _as_sent(draft: Draft) -> MultiValueDict[str, str]:
    """What its form would send: where nothing was typed, what stands there at first."""
    at_first = {
        name: [field.initial] for name, field in FORMS[draft.kind].base_fields.items() if field.initial
    }
    return MultiValueDict(
        at_first | {name: values for name, values in draft.typed.items() if name != AT_A_PRESS}
    )


def _valid(form: Any) -> Any:
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form


def _meeting(form: LogForm, partner: Partner, by: User) -> Meeting | None:
    """The planned meeting that the form names, where it is one of theirs."""
    named = form.cleaned_data["meeting"] or 0
    return Meeting.objects.visible_to(by).filter(person=by, partner=partner, pk=named).first()
