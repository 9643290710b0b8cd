"""What conversations plug into the kernel and the history."""

from anymail.signals import inbound, tracking
from django.urls import reverse

from conversations import (
    absences,
    ahead,
    asks,
    auditing,
    commitments,
    copies,
    corrections,
    decision_kinds,
    decisions,
    drafts,
    handed_in,
    history,
    incoming,
    late_logs,
    later,
    outgoing,
    responsibility,
    retiming,
    sample_ends,
    sample_meetings,
    sample_reports,
    samples,
    sent,
    sweeping,
    threads,
    webhooks,
)
from conversations.mail import fetching
from conversations.models import (
    Ask,
    Audit,
    Commitment,
    Conversation,
    Decider,
    Mailbox,
    Matter,
    Meeting,
    Message,
    RawMail,
    Wait,
)
from partners import followers, repointing
from prm import jobs, outbox, references, sweeper
from prm.samples import register as sample
from team import badges, notices, people, public_holidays, settings_pages

sweeper.register("absences", absences.sweep)
sweeper.register("calendars", retiming.catch_up)
sweeper.register("mailboxes", fetching.sweep, ("conversations.Mailbox",))
jobs.register(fetching.JOB, fetching.work)
incoming.register(handed_in.take)
incoming.register(sent.take)
inbound.connect(webhooks.mail_came, dispatch_uid="conversations.webhooks.mail_came")
tracking.connect(webhooks.mail_told_of, dispatch_uid="conversations.webhooks.mail_told_of")
sweeper.register("waits", sweeping.sweep_waits, ("conversations.Wait",))
decision_kinds.register(late_logs.DECIDES)
sweeper.register("later replies", later.sweep, ("conversations.LaterReply",))
sweeper.register("late reports", late_logs.catch_up)
sweeper.register("deciders", decisions.follow)
badges.register(decisions.TO_DECIDE, lambda person: Decider.objects.filter(person=person))
sweeper.register("asks", asks.sweep, ("conversations.Ask",))
sweeper.register("audit", auditing.nightly)
sweeper.register("drafts", drafts.tidy)
jobs.register(auditing.JOB, auditing.run)
sweeper.register("nights", ahead.warn_ahead)
sweeper.register("promises", sweeping.sweep_promises, ("conversations.Commitment",))

outbox.register(asks.MAIL, asks.still_stands, asks.compose)
outbox.register(asks.REMINDER, asks.still_stands, asks.compose)
outbox.register(outgoing.REPLY, outgoing.still_stands, outgoing.compose, failed=corrections.did_not_leave)

followers.register(responsibility.hold, responsibility.follow)
repointing.register(Message._meta.label, copies.aside)
people.register(responsibility.follow_person)

references.register("conversation", Conversation._meta.label)
references.register("message", Message._meta.label, url=lambda it: it.conversation.get_absolute_url())
references.register("meeting", Meeting._meta.label, url=lambda it: it.partner.get_absolute_url())
references.register("raw_mail", RawMail._meta.label)
references.register("mailbox", Mailbox._meta.label)
references.register("wait", Wait._meta.label, url=lambda it: it.conversation.get_absolute_url())
references.register("ask", Ask._meta.label)
references.register("audit", Audit._meta.label, url=lambda it: reverse("conversations:audits"))
references.register("matter", Matter._meta.label)
references.register("commitment", Commitment._meta.label, url=lambda it: it.partner.get_absolute_url())

notices.register(
    "wait_warned",
    True,
    "You answer this partner.",
    sweeping.still_waits,
    name="A reply is due soon",
    deadline=True,
)
notices.register(
    "wait_breached",
    True,
    "You answer this partner, or cover for who does.",
    name="A reply is late",
    may_be_off=False,
    deadline=True,
)
notices.register(
    "wait_raised",
    True,
    "You lead who answers this partner.",
    sweeping.still_waits,
    name="A late reply is raised to you",
    may_be_off=False,
    deadline=True,
)
notices.register(
    "wait_raised_higher",
    False,
    "You lead partnerships.",
    sweeping.still_waits,
    name="A late reply is raised to the heads",
    may_be_off=False,
    deadline=True,
)
notices.register(
    "audit_differs",
    False,
    "You are an admin.",
    name="The nightly audit found a difference",
    for_admins=True,
)
notices.register(
    "promise_overdue",
    False,
    "You look after this promise.",
    sweeping.still_owed,
    name="A promise is overdue",
    deadline=True,
)
notices.register("ask_answered", True, "You asked.", name="A colleague answered what you asked")
notices.register("ask_overdue", False, "You asked.", asks.still_open, name="What you asked is not answered")
notices.register(
    "breach_voided",
    False,
    "You were told that this reply was late.",
    name="A late reply was in time after all",
)
notices.register(
    threads.GIVEN,
    True,
    "A colleague handed it over.",
    threads.still_theirs,
    name="A conversation is handed to you",
)
notices.register(
    commitments.GIVEN,
    True,
    "A colleague wrote it down as yours.",
    commitments.still_given,
    name="A promise is given to you",
)
notices.register(
    decisions.TO_DECIDE,
    True,
    "You decide on this.",
    decisions.still_open,
    name="Something waits for your yes or no",
    deadline=True,
)
notices.register(decisions.DECIDED, True, "You asked, or look after this partner.", name="It was decided")
notices.register("late_log_declined", False, "You reported it.", name="Your late report was declined")
notices.register("reply_bounced", True, "You wrote it.", name="A mail of yours came back")
notices.register(
    later.HELD_BACK, True, "You wrote it, or answer now.", name="A reply for later was held back"
)
notices.register("mail_crossed", True, "You answer this partner.", name="A mail crossed with a reply")
notices.register(
    handed_in.NOWHERE, False, "You sent it to your own address.", name="A mail of yours was filed nowhere"
)
notices.register("mailbox_failing", True, "You look after this mailbox.", name="A mailbox cannot be read")
notices.register(
    "unknown_sender",
    True,
    "You answer the conversation it names.",
    lambda notice: RawMail.objects.unknown().filter(pk=notice.cause_id).exists(),
    name="Mail of an unknown sender names your conversation",
)

settings_pages.register(
    "Working time",
    "conversations:calendars",
    "Hours, holidays and closures, here and elsewhere.",
    icon="calendar",
)
settings_pages.register_step(
    "Put holidays in the calendar", "conversations:calendars", public_holidays.are_there
)
settings_pages.register(
    "Response policies", "conversations:policies", "How soon you answer, for whom.", icon="clock-check"
)

settings_pages.register(
    "Decisions",
    "conversations:decision_kinds",
    "How soon you decide, who, and in which words.",
    icon="gavel",
)
settings_pages.register(
    "Audit of clocks",
    "conversations:audits",
    "What each night’s replay of the waits found.",
    icon="shield-check",
)
settings_pages.register(
    "Reply templates", "conversations:templates", "Words everybody can begin with.", icon="template"
)
settings_pages.register(
    "Your reply templates",
    "conversations:own_templates",
    "Words you begin with.",
    icon="template",
    action="write to partner",
)
settings_pages.register("Mailboxes", "conversations:mailboxes", "Whose mail is read.", icon="inbox")
settings_pages.register(
    "Your mailbox",
    "conversations:own_mailbox",
    "Mail sent elsewhere counts.",
    icon="at",
    action="file mail",
)

settings_pages.register_list(
    "Short thanks", "conversations:thanks", "Phrases of messages that only say thanks."
)

history.register()

sample(30, "conversations", samples.make)
sample(31, "late reports", sample_reports.make)
sample(32, "meetings", sample_meetings.make)
sample(33, "thanks", sample_ends.make)
