"""Satisfaction is asked after a closed conversation or a finished plan, where an admin has switched it on.

Nothing calls it when something ends: it looks for itself what ended lately and was not asked about yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.models import Conversation, Message
from lifecycle.models import Plan
from partners.models import Contact, Event, Status
from prm import once, references
from prm.references import Reference
from prm.refusals import Refused
from reviews.surveying import asking, drawing, sampling
from reviews.surveying.models import Invitation, Survey
from team.models import Company, User

SETTLED, LATELY = timedelta(days=1), timedelta(days=14)
REMEMBERED = timedelta(days=90)  # how long after its last message a conversation can be asked about
MOST = 100  # of one kind in one sweep
TITLES = {
    Survey.After.CONVERSATION: gettext_lazy("Satisfaction after conversations"),
    Survey.After.PLAN: gettext_lazy("Satisfaction after plans"),
}
WORDS = {
    Survey.After.CONVERSATION: gettext_lazy("It is about “{thing}”."),
    Survey.After.PLAN: gettext_lazy("It is about our plan “{thing}”."),
}
KEY = ("survey", "about_kind", "about_id")


class FollowingRefused(Refused):
    """It is on, or off, already."""


@transaction.atomic
def switch_on(after: str, by: User, at: datetime) -> Survey:
    """Ask from now on after what ends from now on."""
    company = Company.objects.select_for_update().get()
    if on(after) is not None:
        raise FollowingRefused(_("It is on already."))
    title = str(TITLES[Survey.After(after)])
    survey = Survey.objects.create(
        title=title, kind=Survey.Kind.CSAT, after=after, made_by=by, made_at=at, drawn_at=at
    )
    for question in asking.questions(survey.kind, str(company)):
        question.survey = survey
        question.save(force_insert=True)
    Event.record("survey_switched_on", at, by, about=references.to(survey), note=title)
    return survey


@transaction.atomic
def switch_off(after: str, by: User, at: datetime) -> None:
    """Ask nobody any more; what was answered stays."""
    survey = on(after)
    if survey is None or not Survey.objects.filter(pk=survey.pk, closed_at=None).update(closed_at=at):
        raise FollowingRefused(_("It is off already."))
    Invitation.objects.filter(survey=survey).exclude(next_check_at=None).update(next_check_at=None)
    Event.record("survey_switched_off", at, by, about=references.to(survey), note=survey.title)


def on(after: str) -> Survey | None:
    """The survey that asks after such things now; None while it is off."""
    return Survey.objects.asking().filter(after=after).first()


def sweep(at: datetime) -> int:
    return ensure_asked(at)


def ensure_asked(at: datetime) -> int:
    """Ask about everything that ended lately and was not asked about yet; how many invitations were made,
    those left out among them. Twice is once."""
    made = 0
    for survey in Survey.objects.asking().exclude(after=""):
        for about, contact in _ended(survey, at):
            made += _ask(survey, about, contact, at)
    return made


@transaction.atomic
def _ask(survey: Survey, about: Reference, contact: Contact, at: datetime) -> bool:
    Company.objects.select_for_update().get()  # as a draw does, so that nobody is asked twice
    (person,) = drawing.persons([contact], survey.kind, at)
    told = sampling.draw([person], None, "")
    new = drawing.invitation(survey, contact, told[contact.pk], at, about_kind=about.kind, about_id=about.id)
    return once.add(new, KEY)


def _ended(survey: Survey, at: datetime) -> Iterator[tuple[Reference, Contact]]:
    """What ended since it is on, a day ago or longer, and whom to ask about it."""
    if survey.after == Survey.After.PLAN:
        yield from _plans(survey, at)
    else:
        yield from _conversations(survey, at)


def _conversations(survey: Survey, at: datetime) -> Iterator[tuple[Reference, Contact]]:
    assert survey.drawn_at is not None
    found = Conversation.objects.filter(
        Exists(_said().filter(conversation=OuterRef("pk"))),
        ~Exists(_asked_about(survey, "conversation")),
        state=Conversation.State.DONE,
        closed_at__gt=max(survey.drawn_at, at - LATELY),
        closed_at__lte=at - SETTLED,
        last_message_at__gt=at - REMEMBERED,
        private_since=None,
        merged_into=None,
        partner__status=Status.LIVE,
    )
    for conversation in found.order_by("pk")[:MOST]:
        theirs = _said().filter(conversation=conversation).select_related("contact__partner")
        last = theirs.order_by("-occurred_at", "-pk").first()
        if last is not None and last.contact is not None:
            yield references.to(conversation), last.contact


def _said() -> QuerySet[Message]:
    """What people of partners wrote or said themselves."""
    theirs = Message.objects.filter(direction=Message.Direction.IN, withdrawn_at=None, is_automatic=False)
    return theirs.filter(contact__isnull=False, contact__merged_into=None)


def _plans(survey: Survey, at: datetime) -> Iterator[tuple[Reference, Contact]]:
    assert survey.drawn_at is not None
    since = max(survey.drawn_at, at - LATELY)
    found = Plan.objects.filter(
        ~Exists(_asked_about(survey, "plan")),
        finished_at__gt=since,
        finished_at__lte=at - SETTLED,
        stopped_reason="",
        partner__status=Status.LIVE,
    )
    for plan in found.select_related("partner").order_by("pk")[:MOST]:
        people = Contact.objects.current().filter(partner=plan.partner).select_related("partner")
        if (contact := people.order_by("-is_primary", "pk").first()) is not None:
            yield references.to(plan), contact


def _asked_about(survey: Survey, kind: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(survey=survey, about_kind=kind, about_id=OuterRef("pk"))


def words(invitation: Invitation) -> str:
    """What it is about, for its person; "" for a round."""
    if invitation.about_id is None or not invitation.survey.after:
        return ""
    about = Reference(invitation.about_kind, invitation.about_id)
    thing = references.resolve([about]).get(about)
    form = str(WORDS[Survey.After(invitation.survey.after)])
    return form.format(thing=thing) if thing is not None else ""
