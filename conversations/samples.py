"""What was said in the sample company: threads, the waits they opened, and promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from conversations import drafts, hours, later, reply_templates, responsibility, thanks
from conversations.models import Commitment, Conversation, Message, Policy, Wait
from partners.models import Contact, Partner, Status
from prm.calendars import WorkCalendar
from prm.samples import Sample
from team.models import Calendar, User

BATCH = 1000
STAYS_OPEN = timedelta(days=4)  # so long a thread that was answered stands in the inbox
TALKS = [
    (
        "Revised margin for the public-sector bundle",
        "We have a tender closing soon. Can the margin be revised for it?",
    ),
    (
        "Can we move the certification date?",
        "Our two leads are on a customer rollout. Would a later session work?",
    ),
    ("Sandbox keys stopped working", "Since Friday our sandbox keys are refused. Can somebody look?"),
    (
        "Joint webinar: speaker list",
        "Here is our speaker. Who speaks for you, and when is the landing page up?",
    ),
    ("Who approves deal registrations?", "We registered a deal last week and heard nothing. Who decides?"),
    ("Price list for next year", "Our customers plan their budgets now. When is the new price list out?"),
    ("Introduction to your delivery team", "A customer asks for a combined team. Whom should we talk to?"),
    ("Feedback on the onboarding plan", "Two steps depend on each other. Could the training come first?"),
    ("Renewal terms", "The agreement runs out next quarter. Which terms do you propose?"),
    ("Roadmap preview", "A customer asks what comes after the spring release. What may we tell them?"),
]
PRIVATE = "Renewal terms"
ANSWERS = [
    "Thank you for asking. Yes, that works; I have written it down and will confirm the details.",
    "I have looked into it: it is solved on our side. Please try again and tell me if it is not.",
    "Here is what we can do, and by when. Let me know whether that helps you.",
    "I have talked to the team. The answer is yes, with the conditions we agreed in the spring.",
]
NOTES = [
    "They sound pressed for time; keep the next call short.",
    "New budget owner on their side since this month.",
    "Asked about references in their region; we have two.",
]
COPIED = "Keeping you in the loop: our customer has confirmed the dates. Nothing for you to do yet."
PROMISES = [
    "Send the co-sell rules of engagement",
    "Confirm the fund decision and its reason",
    "Share the roadmap preview",
    "Introduce them to the delivery lead",
    "Send the preparation pack",
]
THEIRS = ["Nominate two engineers for training", "Send the target account list", "Return the signed plan"]


@dataclass
class Said:
    """What the makers of messages and waits share."""

    sample: Sample
    rng: Random
    copies: Random
    policy: Policy
    office: WorkCalendar
    calendar: Calendar
    kept: dict[str, object]
    users: dict[str, User]
    contacts: dict[int, list[Contact]]


def make(sample: Sample) -> None:
    thanks.seed()
    reply_templates.seed()
    policy = Policy.objects.create(created_at=sample.at - timedelta(days=730))
    calendar: Calendar = sample.made["calendar"]
    office = calendar.as_rule()
    said = Said(
        sample,
        sample.random("conversations"),
        sample.random("copies"),
        policy,
        office,
        calendar,
        office.as_json(),
        sample.made["users"],
        sample.made["contacts"],
    )
    partners: list[Partner] = sample.made["partners"]
    for start in range(0, len(partners), BATCH):
        _talk(said, partners[start : start + BATCH])
    _begin_to_answer(said)
    _answer_later(said)


def _begin_to_answer(said: Said) -> None:
    """One who waits is being answered; the answer is not finished."""
    waits = Wait.objects.open().exclude(partner__owner=None).select_related("partner__owner")
    wait = waits.order_by("due_at", "pk").last()
    if wait is not None and wait.partner.owner is not None:
        begun = {"body": ["Thank you for the question. I have asked our finance team, and will"]}
        place, at = drafts.reply_in(wait.conversation_id), said.sample.at - timedelta(minutes=12)
        drafts.keep(place, begun, by=wait.partner.owner, at=at)


def _answer_later(said: Said) -> None:
    """Another who waits gets its answer the next morning at its own desk."""
    waits = Wait.objects.open().exclude(partner__owner=None).exclude(partner__zone="")
    waits = waits.filter(opened_by__contact__isnull=False).exclude(opened_by__contact__email="")
    wait = waits.select_related("partner__owner", "conversation__partner").order_by("due_at", "pk").first()
    if wait is None or wait.partner.owner is None:
        return
    hour = hours.suggested(said.sample.at, wait.partner.zone)[0]
    words, at = said.rng.choice(ANSWERS), said.sample.at - timedelta(minutes=20)
    later.schedule(wait.conversation, words, hour, by=wait.partner.owner, at=at)


def _talk(said: Said, partners: list[Partner]) -> None:
    """The threads of some partners, written at once."""
    conversations: list[Conversation] = []
    messages: list[Message] = []
    waits: list[Wait] = []
    promises: list[Commitment] = []
    for partner in partners:
        for thread in _threads(said, partner):
            conversations.append(thread.conversation)
            messages += thread.messages
            waits += thread.waits
        promises += _promises(said, partner)
    Conversation.objects.bulk_create(conversations, BATCH)
    Message.objects.bulk_create(messages, BATCH)
    Wait.objects.bulk_create(waits, BATCH)
    responsibility.follow([partner.pk for partner in partners])
    Commitment.objects.bulk_create(promises, BATCH)
    _keep_private(conversations, messages)
    _touch(partners, messages, said.contacts)


def _keep_private(conversations: list[Conversation], messages: list[Message]) -> None:
    """One thread, about money, is private to who wrote in it."""
    thread = next((each for each in conversations if each.subject == PRIVATE), None)
    if thread is not None:
        Conversation.objects.filter(pk=thread.pk).update(private_since=thread.created_at)
        wrote = {each.author_id for each in messages if each.conversation_id == thread.pk}
        thread.people.add(*(pk for pk in wrote if pk is not None))


def _touch(partners: list[Partner], messages: list[Message], contacts: dict[int, list[Contact]]) -> None:
    """The last touch of each partner and contact."""
    last: dict[int, datetime] = {}
    met: dict[int, datetime] = {}
    for message in messages:
        last[message.partner_id] = max(message.occurred_at, last.get(message.partner_id, message.occurred_at))
        if message.contact_id:
            met[message.contact_id] = max(
                message.occurred_at, met.get(message.contact_id, message.occurred_at)
            )
    for partner in partners:
        partner.last_touch_at = last.get(partner.pk)
    Partner.objects.bulk_update(partners, ["last_touch_at"], 500)
    people = [person for partner in partners for person in contacts.get(partner.pk, []) if person.pk in met]
    for person in people:
        person.last_touch_at = met[person.pk]
    Contact.objects.bulk_update(people, ["last_touch_at"], 500)


@dataclass
class Thread:
    conversation: Conversation
    messages: list[Message]
    waits: list[Wait]


def _threads(said: Said, partner: Partner) -> Iterator[Thread]:
    """Threads of two to six messages, until the partner has as many messages as were asked for."""
    rng, left = said.rng, said.sample.messages
    people = said.contacts[partner.pk]
    waiting = partner.status in {Status.LIVE, Status.PROSPECT} and rng.random() < 0.16
    spans = max(timedelta(days=1), said.sample.at - partner.created_at - timedelta(days=2))
    starts = sorted(partner.created_at + spans * rng.random() for _ in range(max(1, left // 3)))
    while left > 0 and starts:
        size = min(left, rng.randint(2, 6)) if len(starts) > 1 else left
        is_last = size == left
        begins = _in_hours(said, starts.pop(0))
        if is_last and waiting and size > 1:
            yield _settled(said, _thread(said, partner, people, begins, size - 1))
            yield _open_thread(said, partner, people)
        else:
            thread = _thread(said, partner, people, begins, size)
            if is_last and size > 1 and size % 2 and said.copies.random() < 0.3:
                thread.messages.pop()  # what stands aside at its end makes room
                yield _copied_thread(said, partner, people)
            yield _settled(said, thread)
        left -= size


def _in_hours(said: Said, moment: datetime) -> datetime:
    return said.office.due(moment, said.rng.randint(60, 4 * 3600))


def _thread(said: Said, partner: Partner, people: list[Contact], begins: datetime, size: int) -> Thread:
    """Question, answer, question, answer; now and then a call, a meeting or a note between."""
    rng = said.rng
    subject, question = rng.choice(TALKS)
    thread = Thread(_conversation(partner, subject, begins, Conversation.State.DONE), [], [])
    at, contact, author = begins, rng.choice(people), partner.owner or rng.choice(list(said.users.values()))
    for n in range(size):
        end = said.sample.at - timedelta(minutes=5 * (size - n))
        at = min(at, end)
        if n % 2 == 0 and n + 1 < size:
            asked = _message(
                thread, Message.Direction.IN, Message.Channel.EMAIL, at, question, contact=contact
            )
            later = min(at + _pause(rng), end)
            thread.waits.append(_wait(said, thread, asked, answered_at=later, by=author))
            at = later
        elif n % 2 == 1:
            _message(
                thread, Message.Direction.OUT, Message.Channel.EMAIL, at, rng.choice(ANSWERS), contact, author
            )
            thread.waits[-1].answer = thread.messages[-1]
            at = at + timedelta(hours=rng.uniform(2, 60))
        else:
            _aside(thread, at, contact, author, rng)
    return thread


def _settled(said: Said, thread: Thread) -> Thread:
    """The thread with what follows from its last message."""
    last = thread.messages[-1].occurred_at
    thread.conversation.last_message_at = last
    if last > said.sample.at - STAYS_OPEN:
        thread.conversation.state = Conversation.State.OPEN
    return thread


def _pause(rng: Random) -> timedelta:
    """How long we took: mostly a few hours, now and then more than a day."""
    return timedelta(hours=min(90.0, rng.lognormvariate(1.6, 0.85)))


def _aside(thread: Thread, at: datetime, contact: Contact, author: User, rng: Random) -> None:
    channel = rng.choice([Message.Channel.NOTE, Message.Channel.CALL, Message.Channel.MEETING])
    body = (
        rng.choice(NOTES)
        if channel == Message.Channel.NOTE
        else "We went through what is open; see the promises."
    )
    message = _message(thread, Message.Direction.OUT, channel, at, body, contact, author)
    message.visible_to_partner = channel == Message.Channel.MEETING
    message.minutes = None if channel == Message.Channel.NOTE else rng.choice([15, 20, 30, 45])


def _open_thread(said: Said, partner: Partner, people: list[Contact]) -> Thread:
    """One message of the partner, still unanswered: some late, most with hours left."""
    rng = said.rng
    subject, question = rng.choice(TALKS)
    at = said.sample.at - timedelta(minutes=rng.choice([20, 95, 240, 500, 900, 1250, 1330, 1475, 1600]))
    thread = Thread(_conversation(partner, subject, at, Conversation.State.OPEN), [], [])
    asked = _message(thread, Message.Direction.IN, Message.Channel.EMAIL, at, question, rng.choice(people))
    thread.waits.append(_wait(said, thread, asked, answered_at=None, by=None))
    return thread


def _copied_thread(said: Said, partner: Partner, people: list[Contact]) -> Thread:
    """A mail to somebody else in which we stand in Cc."""
    at = said.sample.at - timedelta(minutes=said.copies.randint(200, 9000))
    subject, _ = said.copies.choice(TALKS)
    thread = Thread(_conversation(partner, f"Fwd: {subject}", at, Conversation.State.OPEN), [], [])
    copy = _message(thread, Message.Direction.IN, Message.Channel.EMAIL, at, COPIED, people[-1])
    copy.is_copy = True
    thread.conversation.copied_at = at
    return thread


def _conversation(partner: Partner, subject: str, at: datetime, state: str) -> Conversation:
    return Conversation(partner=partner, subject=subject, state=state, created_at=at, last_message_at=at)


def _message(
    thread: Thread,
    direction: str,
    channel: str,
    at: datetime,
    body: str,
    contact: Contact | None = None,
    author: User | None = None,
) -> Message:
    message = Message(
        conversation=thread.conversation,
        partner=thread.conversation.partner,
        direction=direction,
        channel=channel,
        occurred_at=at,
        recorded_at=at,
        subject=thread.conversation.subject,
        body=body,
        contact=contact,
        author=author,
        visible_to_partner=channel != Message.Channel.NOTE,
    )
    thread.messages.append(message)
    return message


def _wait(said: Said, thread: Thread, asked: Message, answered_at: datetime | None, by: User | None) -> Wait:
    """The clock of one question, under the round-the-clock promise."""
    policy, opened = said.policy, asked.occurred_at
    metric = Wait.Metric.NEXT if thread.waits else Wait.Metric.FIRST
    target = policy.next_seconds if thread.waits else policy.first_seconds
    due = opened + timedelta(seconds=target)
    lead = said.office.due(due, policy.lead_after_seconds)
    late = answered_at is not None and answered_at > due
    breached = late or (answered_at is None and said.sample.at > due)
    state = Wait.State.LATE if breached else Wait.State.OPEN
    if answered_at is not None:
        state = Wait.State.MET_LATE if late else Wait.State.MET
    warn = opened + timedelta(seconds=target * float(policy.warn_share))
    nexts = [moment for moment in (warn, due, lead) if moment > said.sample.at]
    return Wait(
        conversation=thread.conversation,
        partner=thread.conversation.partner,
        opened_by=asked,
        metric=metric,
        state=state,
        opened_at=opened,
        due_at=due,
        warn_at=warn,
        lead_at=lead,
        due_outside=not said.office.is_open(due),
        next_check_at=nexts[0] if answered_at is None and nexts else None,
        policy=policy,
        target_seconds=target,
        calendar=said.kept,
        calendar_of=said.calendar,
        calendar_version=said.calendar.version,
        answered_at=answered_at,
        answered_by=by,
        elapsed_seconds=int((answered_at - opened).total_seconds()) if answered_at else None,
        working_seconds=int(said.office.elapsed(opened, answered_at)) if answered_at else None,
        breached_at=due if breached else None,
        detected_at=due if breached else None,
    )


def _promises(said: Said, partner: Partner) -> list[Commitment]:
    """Promises made and mostly kept, and a few that are due about now."""
    rng, at = said.rng, said.sample.at
    if partner.owner is None or not said.sample.messages:
        return []
    rows = [
        _promise(said, partner, at - timedelta(days=rng.uniform(15, 300)), rng.choice(PROMISES))
        for _ in range(3)
    ]
    for row in rows:
        _settle(row, rng, at)
    if rng.random() < 0.35:
        rows.append(_promise(said, partner, at + timedelta(days=rng.randint(-1, 9)), rng.choice(PROMISES)))
    if rng.random() < 0.2:
        theirs = _promise(said, partner, at + timedelta(days=rng.randint(0, 12)), rng.choice(THEIRS))
        theirs.side, theirs.owner = Commitment.Side.THEIRS, None
        theirs.contact = said.contacts[partner.pk][0]
        rows.append(theirs)
    return rows


def _promise(said: Said, partner: Partner, due: datetime, text: str) -> Commitment:
    owner = partner.owner
    assert owner is not None
    zone = ZoneInfo(owner.zone)
    day = due.astimezone(zone).date()
    ends = datetime.combine(day + timedelta(days=1), time.min, zone)
    return Commitment(
        partner=partner,
        side=Commitment.Side.OURS,
        owner=owner,
        text=text,
        promised_for=day,
        original_promised_for=day,
        ends_at=ends,
        next_check_at=ends if ends > said.sample.at else None,
        visible_to_partner=True,
        created_by=owner,
        created_at=min(due - timedelta(days=9), said.sample.at - timedelta(days=1)),
    )


def _settle(row: Commitment, rng: Random, at: datetime) -> None:
    """Long past: kept in nine of ten, else late."""
    late = rng.random() < 0.1
    row.status = Commitment.Status.LATE if late else Commitment.Status.KEPT
    row.done_at = min(row.ends_at + timedelta(days=2 if late else -1), at - timedelta(hours=1))
    row.next_check_at = None
