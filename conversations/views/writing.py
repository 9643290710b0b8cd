"""What a form that sends knows of its place: the draft that stands there, and where to keep the next."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, QueryDict

from conversations import drafts
from conversations.drafts import Place
from conversations.models import Conversation, Draft, Message
from conversations.pressed import names
from prm import clock, pages
from prm.questions import Question, key, totalled
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest

P = ParamSpec("P")
SEAL = signing.Signer(salt="typed by")
UNSENT = "unsent"  # in the session of somebody who is not signed in


@dataclass(frozen=True)
class Beside:
    """What happens in a conversation while somebody writes there: who else writes, what was answered since.

    `seen` is the newest message they have read.
    """

    conversation_id: int
    seen: int
    writers: list[User]
    answered: Sequence[Message] = ()


@dataclass(frozen=True)
class Writing:
    """A place, who writes there, and what they have typed there before.

    `beside`: the form holds something else than the draft, and leaves it as it is.
    """

    place: Place
    writer: User
    draft: Draft | None
    beside: bool = False
    now: Beside | None = None

    @property
    def leaves_it(self) -> bool:
        return self.beside and self.draft is not None

    @property
    def keeps_at(self) -> str:
        """Where what is typed is kept; "" where another draft stands."""
        return "" if self.leaves_it else self.place.keeps_at

    @property
    def initial(self) -> dict[str, Any]:
        return self.draft.initial if self.draft else {}

    @property
    def typed_by(self) -> str:
        """Who types where, sealed: a form sent after its session ended still says so."""
        return SEAL.sign(f"{self.writer.pk} {self.place.kind} {self.place.about or 0}")


def at(place: Place, request: PersonRequest) -> Writing:
    """The place as the person comes to it; what they sent while their session had ended is a draft there."""
    take_up(place, request)
    if place.conversation_id is None:
        return Writing(place, request.user, drafts.find(place, request.user))
    return _reply(place.conversation_id, _newest(place.conversation_id), request.user, clock.now())


def reply_at(conversation: Conversation, seen: int, user: User, at: datetime) -> Writing:
    """As `at`, for a reply where the newest message that is read is known, and what was sent is taken up."""
    return _reply(conversation.pk, seen, user, at)


def _reply(conversation_id: int, seen: int, user: User, at: datetime) -> Writing:
    here = drafts.replies(conversation_id, user, at)
    now = Beside(conversation_id, seen, here.others)
    return Writing(drafts.reply_in(conversation_id), user, here.own, now=now)


NEWEST = Question(lambda: totalled(Message.objects.filter(conversation=key("thread")), newest=Max("pk")))


def _newest(conversation_id: int) -> int:
    (found,) = NEWEST.ask(thread=conversation_id)
    return found["newest"] or 0


def since(seen: int | None, conversation: Conversation, user: User, at: datetime) -> Beside:
    """What goes on in a conversation since the message `seen` was read; None: all of it is read now."""
    others = drafts.replies(conversation.pk, user, at).others
    if seen is None:
        return Beside(conversation.pk, _newest(conversation.pk), others)
    answered = Message.objects.filter(conversation=conversation).replies_since(seen, besides=user)
    return Beside(conversation.pk, seen, others, list(answered[:5]))


def typed(post: QueryDict, kind: str) -> dict[str, list[str]]:
    """What stands in the fields of the form, its files left out."""
    return {name: [str(value) for value in post.getlist(name)] for name in names(kind) if name in post}


def once_of(post: QueryDict) -> uuid.UUID | None:
    """The one-time key of the form, where it carries one."""
    try:
        return uuid.UUID(post.get("once", ""))
    except ValueError:
        return None


def keeps_what_was_typed(
    view: Callable[Concatenate[PersonRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """As `login_required`; but what somebody sends whose session has ended stands in the form once they
    have signed in."""
    for_people = login_required(view)

    @wraps(view)
    def seen(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            place = _put_by(request)
            if place is not None:
                return _to_sign_in(request, place)
        return for_people(cast(PersonRequest, request), *args, **kwargs)

    return seen


def _to_sign_in(request: HttpRequest, place: Place) -> HttpResponse:
    answer = redirect_to_login(place.address)
    return pages.done(request, answer.url) if pages.is_htmx(request) else answer


def _put_by(request: HttpRequest) -> Place | None:
    """Lay what was sent aside in the session, for who typed it; None where no form of ours says who."""
    try:
        writer, kind, about = SEAL.unsign(request.POST.get("typed_by", "")).split()
    except signing.BadSignature:
        return None
    request.session[UNSENT] = [int(writer), kind, int(about), typed(request.POST, kind)]
    return drafts.place(kind, int(about))


def take_up(place: Place, request: PersonRequest) -> None:
    """Make a draft of what was laid aside for this person in this place; of another it is forgotten."""
    if UNSENT not in request.session:
        return
    writer, kind, about, words = request.session[UNSENT]
    if writer == request.user.pk and drafts.place(kind, about) != place:
        return
    del request.session[UNSENT]
    if writer == request.user.pk:
        try:
            drafts.keep(place, words, by=request.user, at=clock.now())
        except Refused:  # too long to be sent, too
            return
