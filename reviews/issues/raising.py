"""An issue is raised, given to somebody else, graded anew, escalated. Its clock is a wait like any other.

Who changes one holds its conversation first, then the issue, then its wait.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import messages, privacy, records, responsibility, retiming, threads, waits
from conversations.models import Conversation, Message, Wait
from partners.models import Contact, Event, Partner
from prm import references
from prm.refusals import Refused
from reviews.issues import promises
from reviews.issues.models import Escalation, Issue, Severity
from reviews.models.reviews import Review
from team import notices
from team.models import Notice, User

RAISED, ESCALATED = "issue_raised", "issue_escalated"  # notices
MOST_OPEN = 50  # raised by one partner itself
Actor = User | Contact


class IssueRefused(Refused):
    """The issue cannot be raised or changed like this."""


@transaction.atomic
def raise_one(
    partner: Partner,
    title: str,
    words: str,
    severity: str,
    by: Actor,
    at: datetime,
    contact: Contact | None = None,
    conversation: Conversation | None = None,
    owner: User | None = None,
    review: Review | None = None,
) -> Issue:
    """Say what is wrong. The clock of its severity runs from now on, in `conversation` or in one of its own.

    Raised by us for `contact`, that person is written to; `owner` sees to it instead of whoever would.
    """
    title = records.line(title)[:200]
    if not title:
        raise IssueRefused(_("Title: say in a few words what is wrong."))
    _not_too_many(partner, by)
    thread = _thread(partner, title, records.words(words), by, at, contact, conversation)
    wait = _opened(thread, severity, at)
    issue = Issue.objects.create(
        partner=partner,
        title=title,
        words=records.words(words),
        severity=severity,
        wait=wait,
        raised_by=by if isinstance(by, User) else None,
        contact=by if isinstance(by, Contact) else contact,
        review=review,
        raised_at=at,
    )
    if owner is not None and owner.pk != thread.responsible_id:
        threads.hand_over(thread, to=owner, by=by if isinstance(by, User) else owner, at=at)
    Event.record("issue_raised", at, by, partner, references.to(issue), note=title)
    tell_owner(issue, by, at)
    return issue


def _not_too_many(partner: Partner, by: Actor) -> None:
    if isinstance(by, User):
        return
    if Issue.objects.open().filter(partner=partner, raised_by=None).count() >= MOST_OPEN:
        raise IssueRefused(_("{n} issues of yours are open already.").format(n=MOST_OPEN))


def _thread(
    partner: Partner,
    title: str,
    words: str,
    by: Actor,
    at: datetime,
    contact: Contact | None,
    conversation: Conversation | None,
) -> Conversation:
    """Where it is talked about: what a person there says is a message, and so is what we write to one."""
    if isinstance(by, Contact):
        said = messages.receive(
            partner, Message.Channel.PORTAL, words or title, at, conversation, contact=by, subject=title
        )
        return said.conversation
    if conversation is None and contact is not None:
        return messages.start(partner, title, words or title, by, at, to=contact).conversation
    return records.thread(partner, conversation, title, contact, at)


def _opened(thread: Conversation, severity: str, at: datetime) -> Wait:
    """The wait of an issue in a conversation that has none open."""
    (held,) = waits.locked(thread)
    if held.waits.open().filter(metric=Wait.Metric.ISSUE).exists():
        raise IssueRefused(_("An issue is open in this conversation already."))
    Conversation.objects.filter(pk=held.pk).update(state=Conversation.State.OPEN)
    clock = promises.clock_of(severity, held, at)
    wait = waits.open_request(held, Wait.Metric.ISSUE, at, at, clock)
    assert wait is not None  # a clock is given
    return wait


def wait_anew(issue: Issue, at: datetime) -> Wait:
    """Another wait in the conversation of an issue that is opened again."""
    return _opened(issue.conversation, issue.severity, at)


# --- changed --------------------------------------------------------------------------------------------


def hand_over(issue: Issue, to: User, note: str, by: User, at: datetime) -> Event | None:
    """Somebody else sees to it, and answers in its conversation. No due time moves."""
    must_be_open(issue)
    return threads.hand_over(issue.conversation, to=to, by=by, at=at, note=note)


@transaction.atomic
def regrade(issue: Issue, severity: str, why: str, by: User, at: datetime) -> Issue:
    """It hinders more, or less, than was thought: its clock keeps the promise of the other severity."""
    held = locked(issue)
    must_be_open(held)
    why = records.line(why)
    if not why:
        raise IssueRefused(_("Why: say why it is graded anew."))
    if severity == held.severity:
        word = Severity(severity).label.lower()
        raise IssueRefused(_("Severity: it is {word} already.").format(word=word))
    clock = promises.clock_of(severity, held.conversation, at)
    moved = retiming.promise_anew(held.wait, clock, at)
    changes = {"severity": [held.severity, severity], **moved}
    held.severity = severity
    held.save(update_fields=["severity"])
    Event.record("issue_regraded", at, by, held.partner, references.to(held), changes=changes, note=why)
    return held


@transaction.atomic
def escalate(issue: Issue, to: User, why: str, by: User, at: datetime) -> Escalation:
    """Bring it before somebody further up, who is told at once. Its owner stays."""
    held = locked(issue)
    must_be_open(held)
    why = records.line(why)
    if not why:
        raise IssueRefused(_("Why: say what you need of them."))
    if not to.is_active:
        raise IssueRefused(_("{person} is not with us any more.").format(person=to))
    if held.escalations.filter(to=to, at__gte=held.wait.opened_at).exists():
        raise IssueRefused(_("It stands before {person} already.").format(person=to))
    made = Escalation.objects.create(issue=held, to=to, why=why, by=by, at=at)
    note = f"{held} → {made}"
    Event.record("issue_escalated", at, by, held.partner, references.to(held), note=note)
    words = _("{by} brings an issue with {partner} before you: {issue}. {why}")
    text = words.format(by=by, partner=held.partner, issue=held, why=why)
    _give(to, ESCALATED, held, text, at)
    return made


# --- shared by all --------------------------------------------------------------------------------------


def locked(issue: Issue) -> Issue:
    """The issue as it stands, held with its conversation until this transaction ends."""
    waits.locked(issue.conversation)
    rows = Issue.objects.select_for_update(of=("self",))
    return rows.select_related("partner__owner", "contact", "wait__conversation__responsible").get(
        pk=issue.pk
    )


def must_be_open(issue: Issue) -> None:
    if not issue.is_open:
        raise IssueRefused(_("This issue is solved already."))


def tell_owner(issue: Issue, by: Actor, at: datetime) -> None:
    """Whoever sees to it hears of it, else the heads."""
    thread = Conversation.objects.select_related("responsible").get(pk=issue.wait.conversation_id)
    words = _("{severity} issue with {partner}: {issue}")
    text = words.format(severity=issue.get_severity_display(), partner=issue.partner, issue=issue)
    for person in responsibility.person_or_heads(thread.responsible):
        if person != by:
            _give(person, RAISED, issue, text, at)


def _give(person: User, kind: str, issue: Issue, text: str, at: datetime) -> None:
    private = privacy.for_notices(
        issue.conversation, _("An issue with {partner} is private").format(partner=issue.partner)
    )
    about, url = references.to(issue), issue.get_absolute_url()
    notices.give(person, kind, about, at, at, text[:300], url, private=private)


def still_open(notice: Notice) -> bool:
    """Whether the issue of a notice is still to be solved: asked when its mail is composed."""
    return Issue.objects.open().filter(pk=notice.cause_id).exists()
