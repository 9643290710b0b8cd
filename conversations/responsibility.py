"""Who answers: the person responsible, and who leads it.

`Conversation.responsible` holds what the rule in `whose` says, and each of its waits the same. `hold` and
`follow` keep it so when what it hangs on changes below; whoever makes, takes or moves a conversation calls
`settle`. No due time moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from conversations import whose
from conversations.models import Conversation, Mailbox, Wait
from partners.models import Assignment, Membership, Partner
from team.models import Role, User

BATCH = 500  # partners
ROWS = 5000
HANGS_ON = ("partner", "membership", "taken_by", "mailbox")


# --- the column ---------------------------------------------------------------------------------------


def hold(partners: Sequence[int]) -> None:
    """Lock the conversations with these partners, in the one order, until the transaction ends."""
    held = Conversation.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    for start in range(0, len(partners), BATCH):
        list(held.filter(partner__in=partners[start : start + BATCH]).values_list("pk"))


def follow(partners: Sequence[int]) -> None:
    """Bring all conversations with these partners in line with who looks after them now."""
    for start in range(0, len(partners), BATCH):
        settle(Conversation.objects.filter(partner__in=partners[start : start + BATCH]))


def follow_person(person: User) -> None:
    """Somebody left or came back: what that person took, or looks after, falls to whom it falls now."""
    theirs = Conversation.objects.filter(Q(taken_by=person) | Q(responsible=person))
    assigned = Assignment.objects.current().filter(user=person)
    follow(sorted({*theirs.values_list("partner", flat=True), *assigned.values_list("partner", flat=True)}))


def settle(conversations: QuerySet[Conversation]) -> None:
    """Write who is responsible for these, where it is another than before; a few statements for all."""
    rows = list(conversations.order_by("pk").values_list("pk", "responsible", *HANGS_ON))
    if not rows:
        return
    look = _Look(*({row[n] for row in rows} - {None} for n in (2, 3, 4, 5)))
    changed: dict[int | None, list[int]] = defaultdict(list)
    for pk, before, *hangs_on in rows:
        if (now := look.responsible(*hangs_on)) != before:
            changed[now].append(pk)
    for person, pks in changed.items():
        for start in range(0, len(pks), ROWS):
            some = pks[start : start + ROWS]
            Conversation.objects.filter(pk__in=some).update(responsible=person)
            Wait.objects.filter(conversation__in=some).update(responsible=person)


def settle_one(conversation: Conversation) -> None:
    """The same for one that is held or new, on the row and on the object."""
    settle(Conversation.objects.filter(pk=conversation.pk))
    conversation.refresh_from_db(fields=["responsible"])


class _Look:
    """What the rule needs to know of some partners, memberships, people and mailboxes: six questions at
    most."""

    def __init__(
        self, partners: set[int], memberships: set[int], takers: set[int], mailboxes: set[int]
    ) -> None:
        self.partners = {row.pk: row for row in _partners(partners)}
        self.posts: dict[int, list[whose.Post]] = defaultdict(list)
        for row in Assignment.objects.current().filter(partner__in=partners, user__is_active=True):
            self.posts[row.partner_id].append(_post(row))
        self.regions: dict[int | None, set[int]] = defaultdict(set)
        for membership, region in _regions(memberships) if memberships else ():
            self.regions[membership].add(region)
        here = User.objects.current().filter(pk__in=takers)
        self.here = set(here.values_list("pk", flat=True)) if takers else set()
        self.answer = {each.pk: answers_for(each) for each in _mailboxes(mailboxes)} if mailboxes else {}

    def responsible(
        self, partner: int, membership: int | None, taken_by: int | None, mailbox: int | None
    ) -> int | None:
        row = self.partners[partner]
        here = {row.region_id} if row.region_id is not None else set()
        topic = whose.Topic(row.stage, membership, self.regions.get(membership) or here)
        owner = row.owner_id if row.owner is not None and row.owner.is_active else None
        taker = taken_by if taken_by in self.here else None
        return whose.responsible(taker, topic, self.posts[partner], owner, self.answer.get(mailbox or 0))


def _partners(pks: set[int]) -> QuerySet[Partner]:
    return (
        Partner.objects.filter(pk__in=pks).select_related("owner").only("stage", "region", "owner__is_active")
    )


def _regions(memberships: set[int]) -> QuerySet[Any, tuple[int, int]]:
    places = Membership.regions.through.objects.filter(membership__in=memberships)
    return places.values_list("membership", "region")


def _mailboxes(pks: set[int]) -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(pk__in=pks).select_related("lead").only("region", "lead__is_active")


def answers_for(mailbox: Mailbox) -> int | None:
    """Who answers what comes in by a shared mailbox, where nobody else does: who leads its team, else who
    has been here longest of those whose role is narrowed to its region; None where there is nobody."""
    if mailbox.lead is not None and mailbox.lead.is_active:
        return mailbox.lead.pk
    if mailbox.region_id is None:
        return None
    people = User.objects.current().filter(grants__regions=mailbox.region_id)
    return people.order_by("pk").values_list("pk", flat=True).first()


def came_by(conversation: Conversation, mailbox: Mailbox) -> None:
    """A conversation that is nobody's falls to who answers the mailbox that a mail of it came in by."""
    Conversation.objects.filter(pk=conversation.pk, responsible=None).update(mailbox=mailbox)
    settle_one(conversation)


def follow_mailbox(mailbox: Mailbox) -> None:
    """A mailbox got another region or lead: what began in it falls to whom it falls now."""
    settle(Conversation.objects.filter(mailbox=mailbox))


def _post(row: Assignment) -> whose.Post:
    since = (row.starts_on.isoformat(), row.pk)
    return whose.Post(row.user_id, row.role, since, row.is_owner, row.membership_id, row.region_id)


# --- who answers ---------------------------------------------------------------------------------------


def heads() -> list[User]:
    """The heads; where there is none, the admins."""
    current = User.objects.filter(is_active=True).distinct()
    return list(current.filter(grants__role=Role.HEAD)) or list(current.filter(grants__role=Role.ADMIN))


def lead_of(person: User | None) -> User | None:
    """Whom this person reports to, while that one is here."""
    lead = person.lead if person is not None else None
    return lead if lead is not None and lead.is_active else None


def person_or_heads(person: User | None) -> list[User]:
    """Who is told of what somebody looks after: that person while it is here, else the heads."""
    return [person] if person is not None and person.is_active else heads()


def leads_of(person: User | None) -> list[User]:
    """Whom a step meant for the lead goes to: the lead, else the heads."""
    lead = lead_of(person)
    return [lead] if lead is not None else heads()
