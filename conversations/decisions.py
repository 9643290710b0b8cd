"""Our yes or no: asked, decided, taken back. The only closer of waits of metric *decision*.

Whoever decides holds the conversations first, then the matter, then its wait, as whoever writes does.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format

from conversations import deciders, decision_kinds, records, waits
from conversations.decision_kinds import Kind
from conversations.models import Conversation, Decider, Decision, Matter, Message, Wait
from conversations.models.decisions import MatterQuerySet
from partners.models import Contact, Event, Partner
from prm import outbox
from prm.money import Money
from prm.references import Reference
from prm.refusals import Refused
from team import notices
from team.models import Notice, User
from team.roles import permitted_or_403

TO_DECIDE, DECIDED = "to_decide", "decided"  # notices
TAKEN_BACK = "Taken back."
Answer = Decision.Answer
Actor = User | Contact


class DecisionRefused(Refused):
    """It cannot be asked, decided, contested or taken back like this."""


def reference(matter: Matter) -> Reference:
    return Reference("matter", matter.pk)


# --- asked ----------------------------------------------------------------------------------------------


@transaction.atomic
def ask(
    kind: str,
    partner: Partner,
    by: Actor | str,
    at: datetime,
    words: str = "",
    about: Reference | None = None,
    conversation: Conversation | None = None,
    contact: Contact | None = None,
    amount: Money | None = None,
    appeals: Decision | None = None,
) -> Matter:
    """Ask for a yes or no. Its clock runs in `conversation`, or in one of its own; `contact` is for whom
    one of us asks, and words for `by` who is neither of us nor known there. Who decides is told at once."""
    settings = decision_kinds.row(kind, at)
    if about is not None and open_about(kind, about) is not None:
        raise DecisionRefused("This waits for a decision already.")
    wait = _clock(partner, conversation, settings.name, contact, decision_kinds.clock_of(settings), at)
    matter = Matter.objects.create(
        kind=settings,
        partner=partner,
        wait=wait,
        about_kind=about.kind if about else "",
        about_id=about.id if about else None,
        words=records.words(words),
        amount_minor=amount.minor if amount else None,
        currency=amount.currency if amount else "",
        asked_by=by if isinstance(by, User) else None,
        contact=by if isinstance(by, Contact) else contact,
        appeals=appeals,
    )
    tell_new(matter, at)
    if decision_kinds.named(kind).of_partner:
        Event.record("decision_asked", at, by, partner, reference(matter), note=_asked(matter))
    return matter


def _clock(
    partner: Partner,
    conversation: Conversation | None,
    subject: str,
    contact: Contact | None,
    clock: waits.Clock,
    at: datetime,
) -> Wait:
    thread = records.thread(partner, conversation, subject, contact, at)
    Conversation.objects.filter(pk=thread.pk).update(state=Conversation.State.OPEN)
    wait = waits.open_request(thread, Wait.Metric.DECISION, at, at, clock)
    assert wait is not None  # a clock is given
    return wait


def _asked(matter: Matter) -> str:
    return f"{matter.kind}: {matter.words}" if matter.words else str(matter.kind)


def open_about(kind: str, about: Reference) -> Matter | None:
    """What waits for a decision of this kind about a thing."""
    found = Matter.objects.open().filter(kind__key=kind, about_kind=about.kind, about_id=about.id)
    return found.select_related(*deciders.RELATED).first()


def renew(matter: Matter) -> None:
    """What is asked has changed: a decision on what it was before is refused."""
    Matter.objects.filter(pk=matter.pk).update(version=matter.version + 1)
    matter.version += 1


def tell_new(matter: Matter, at: datetime) -> int:
    """Bring the deciders of a matter in line, and tell those who are new; how many."""
    fresh = deciders.bring(matter, at)
    rows = {row.person_id: row.why for row in matter.deciders.all()} if fresh else {}
    text = f"{matter.who or 'Somebody'} waits for your yes or no: {matter}"
    for person in fresh:
        url, why = matter.get_absolute_url(), rows.get(person.pk, "")
        notices.give(person, TO_DECIDE, reference(matter), matter.wait.due_at, at, text, url, why=why)
    return len(fresh)


def follow(at: datetime) -> int:
    """The sweep: who decides on what is open follows roles, leads and leave; how many are new."""
    matters = Matter.objects.open().select_related(*deciders.RELATED)
    read = matters.prefetch_related("deciders", "kind__approvals").order_by("pk")
    return sum(_follow(each.pk, at) for each in read if not deciders.stand(each, at))


@transaction.atomic
def _follow(pk: int, at: datetime) -> int:
    held = _held(pk)
    return tell_new(held, at) if held.ended_at is None else 0


def still_open(notice: Notice) -> bool:
    """Whether the matter of a notice still waits for this person."""
    return Decider.objects.filter(matter=notice.cause_id, person=notice.person).exists()


# --- decided --------------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    matter: Matter,
    answer: str,
    reason: str,
    by: User,
    at: datetime,
    seen: int | None = None,
    sort: str = "",
) -> Decision:
    """Say yes or no, with words whoever asked can read; a yes without any says the first of its kind.

    `seen` is the version of the matter that was decided on; one that changed meanwhile is refused. `sort` is
    what a no is kept under, where its kind asks for that.
    """
    kind = decision_kinds.named(matter.kind.key)
    waits.locked(matter.wait.conversation, *kind.holds(matter))
    held = _held(matter.pk)
    _must_be_open(held)
    if seen is not None and seen != held.version:
        raise DecisionRefused("What is asked has changed meanwhile. Look at it again.")
    if not deciders.may(by, held, at):
        raise DecisionRefused(why_not(by, held, at))
    held.sort = _sort(kind, held, answer, sort)
    decision = record(held, answer, reason, by, at)
    kind.decided(held, decision, at)
    return decision


def _sort(kind: Kind, held: Matter, answer: str, sort: str) -> str:
    if answer != Answer.NO:
        return ""
    offered = dict(kind.look([held])[held.pk].sorts)
    if offered and sort not in offered:
        raise DecisionRefused("Choose what the no is kept under.")
    return sort


@transaction.atomic
def conclude(matter: Matter, answer: str, reason: str, by: User, at: datetime) -> Decision:
    """What was asked has been answered piece by piece: say so, and do nothing more."""
    held = _held(matter.pk)
    _must_be_open(held)
    return record(held, answer, reason, by, at)


def why_not(by: User, matter: Matter, at: datetime) -> str:
    """Why this person may not decide, and who does."""
    people = ", ".join(str(person) for person in deciders.of(matter, at)) or "nobody yet: ask an admin"
    if matter.appeals is not None and matter.appeals.by_id == by.pk:
        return f"A second person decides what is contested: {people}."
    if matter.asked_by_id == by.pk:
        return f"Nobody decides about what they ask for themselves. It is with: {people}."
    return f"This is for others to decide: {people}."


def record(held: Matter, answer: str, reason: str, by: User, at: datetime) -> Decision:
    """Write the decision on a held, open matter, close its wait, and tell who asked. What the answer does
    is the caller's."""
    kind = decision_kinds.named(held.kind.key)
    decision = Decision.objects.create(
        partner=held.partner,
        kind=held.kind.key,
        about_kind=held.about_kind,
        about_id=held.about_id,
        wait=held.wait,
        answer=answer,
        reason=_reason(held, answer, reason),
        appeal_until=_until(held, kind, answer, at),
        visible_to_partner=kind.of_partner,
        by=by,
        at=at,
    )
    waits.close_held(held.wait, at, by, at)
    _end(held, at, decision)
    if kind.of_partner:
        note = f"{held.kind}, {decision.get_answer_display().lower()}: {decision.reason}"
        Event.record("decision_made", at, by, held.partner, reference(held), note=note)
    _tell(held, decision, at)
    return decision


def _reason(held: Matter, answer: str, reason: str) -> str:
    words = records.words(reason)
    if answer == Answer.YES and not words:
        first = held.kind.reasons.filter(answer=Answer.YES).first()
        words = str(first) if first else "Agreed."
    if not words:
        raise DecisionRefused("Say why not: whoever asked reads it.")
    return words


def _until(held: Matter, kind: Kind, answer: str, at: datetime) -> datetime | None:
    """Until when a no can be contested; what was contested once is final."""
    final = held.appeals_id is not None or not kind.of_partner or answer == Answer.YES
    return None if final else contestable_until(held.kind.key, at)


def contestable_until(kind: str, at: datetime) -> datetime | None:
    """Until when a no of this kind, said now, can be contested."""
    days = decision_kinds.row(kind, at).appeal_days
    return None if days is None else at + timedelta(days=days)


# --- taken back -----------------------------------------------------------------------------------------


@transaction.atomic
def withdraw(matter: Matter, reason: str, by: Actor | str, at: datetime) -> None:
    """It is not asked any more."""
    held = _held(matter.pk)
    _must_be_open(held)
    waits.drop_held(held.wait, records.line(reason) or TAKEN_BACK, by if isinstance(by, User) else None, at)
    _end(held, at, None)
    if decision_kinds.named(held.kind.key).of_partner:
        Event.record("decision_withdrawn", at, by, held.partner, reference(held), note=reason)


def may_withdraw_or_403(user: User, matter: Matter) -> None:
    """Who wrote it down takes it back, and who may change the partner."""
    if matter.asked_by_id != user.pk:
        permitted_or_403(user, "change partner", matter.partner)


@transaction.atomic
def take_back(decision: Decision, by: Actor | str, at: datetime) -> None:
    """The decision was a mistake: it stands no more, and what contests it is asked no more."""
    Decision.objects.filter(pk=decision.pk, withdrawn_at=None).update(withdrawn_at=at)
    withdraw_open(Matter.objects.filter(appeals=decision), "The decision was taken back.", by, at)


def withdraw_open(matters: MatterQuerySet, reason: str, by: Actor | str, at: datetime) -> None:
    """None of these that is still open is asked any more."""
    for matter in matters.open():
        withdraw(matter, reason, by, at)


def _held(pk: int) -> Matter:
    """The matter and its wait as they stand now, held until the transaction ends."""
    rows = Matter.objects.select_for_update(of=("self",)).select_related(*deciders.RELATED)
    held = rows.get(pk=pk)
    held.wait = Wait.objects.select_for_update(of=("self",), no_key=True).get(pk=held.wait_id)
    return held


def _must_be_open(held: Matter) -> None:
    if held.decision is not None:
        answer = held.decision.get_answer_display().lower()
        raise DecisionRefused(f"{held.decision.by} decided this already: {answer}.")
    if held.ended_at is not None:
        raise DecisionRefused("This was taken back meanwhile.")


def _end(held: Matter, at: datetime, decision: Decision | None) -> None:
    Matter.objects.filter(pk=held.pk).update(ended_at=at, decision=decision)
    held.ended_at, held.decision = at, decision
    Decider.objects.filter(matter=held).delete()


# --- told -----------------------------------------------------------------------------------------------


def _tell(held: Matter, decision: Decision, at: datetime) -> None:
    """Tell who asked, and who looks after the partner; a person of the partner by a message to it."""
    text = f"{decision.by} decided on “{held}”: {decision.get_answer_display().lower()}. {decision.reason}"
    owner = held.partner.owner if decision.visible_to_partner else None
    url = held.wait.conversation.get_absolute_url()
    for person in {held.asked_by, owner} - {None, decision.by}:
        assert person is not None
        notices.give(person, DECIDED, reference(held), at, at, text, url)
    if decision.visible_to_partner and held.contact is not None:
        _write(held, held.contact, decision, at)


def _write(held: Matter, contact: Contact, decision: Decision, at: datetime) -> None:
    (thread,) = waits.locked(held.wait.conversation)
    mailed = outbox.mails_leave() and bool(contact.email) and contact.left_on is None
    records.store(
        thread,
        at,
        by=decision.by,
        direction=Message.Direction.OUT,
        channel=Message.Channel.EMAIL if mailed else Message.Channel.PORTAL,
        body=in_words(held, decision),
        subject=thread.subject,
        occurred_at=at,
        contact=contact,
        author=decision.by,
        **(records.as_mail(thread, contact.email) if mailed else {}),
    )


def in_words(held: Matter, decision: Decision) -> str:
    """The decision as a message says it."""
    asked = "You contested our decision" if held.appeals_id else "You asked"
    parts = [f"{asked}: {held.words}"] if held.words else []
    parts += [f"We say {decision.get_answer_display().lower()}.", decision.reason]
    if decision.appeal_until is not None:
        until = date_format(decision.appeal_until, "j F Y")
        parts.append(
            f"You can contest this until {until}. {deciders.who_decides_anew(decision, decision.at)}"
        )
    if adds := decision_kinds.named(held.kind.key).adds(held):
        parts.append(adds)
    return "\n\n".join(parts)
