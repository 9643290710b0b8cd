"""Help is asked for; a special price is decided on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import decisions, messages
from conversations.decision_kinds import DAY, Fact, Kind, Look, Starter
from conversations.messages import Happening
from conversations.models import Conversation, Decision, Matter, Message, Wait
from lifecycle.growth.helping.models import Help
from lifecycle.growth.models import Credit, Deal
from partners.models import Contact, Event, Partner
from prm import references
from prm.refusals import Refused
from team.models import User

KIND = "special price"
MOST_OPEN = 20  # of one partner
STARTER = Starter(
    name="Special prices",
    seconds=DAY,
    yes=["Agreed: quote this price to the customer."],
    no=["We cannot go this low. What would the customer need at the usual price?"],
    appeal_days=7,
)


class HelpRefused(Refused):
    """Help cannot be asked for like this."""


@transaction.atomic
def ask(
    deal: Deal,
    partner: Partner,
    kind: str,
    words: str,
    by: User | Contact,
    at: datetime,
    contact: Contact | None = None,
    price: int | None = None,
) -> Help:
    """Ask for help on a deal the partner has a part in. `by` is somebody there, or one of us who was told by
    `contact`. `price` is what a special price comes to, in minor units of the deal's currency."""
    _must_be_open(deal, partner)
    words = words.strip()
    if not words:
        raise HelpRefused(_("Say what you need."))
    if (kind == Help.Kind.PRICE) != (price is not None):
        raise HelpRefused(_("Price: a special price names one, and nothing else does."))
    asked = Help.objects.create(
        deal=deal,
        partner=partner,
        kind=kind,
        words=words,
        price=price,
        currency=deal.currency if price is not None else "",
        contact=by if isinstance(by, Contact) else contact,
        asked_by=by if isinstance(by, User) else None,
        asked_at=at,
    )
    asked.conversation = _begin(asked, by, at)
    asked.save(update_fields=["conversation"])
    Event.record("help_asked", at, by, partner, references.to(deal), note=str(asked))
    return asked


def _must_be_open(deal: Deal, partner: Partner) -> None:
    if not deal.is_open:
        raise HelpRefused(_("“{deal}” is closed.").format(deal=deal))
    if not Credit.objects.current().filter(deal=deal, partner=partner).exists():
        raise HelpRefused(_("{partner} has no part in this deal.").format(partner=partner))
    theirs = Help.objects.filter(partner=partner).values("conversation")
    waiting = Wait.objects.open().filter(partner=partner, conversation__in=theirs)
    if waiting.count() >= MOST_OPEN:
        raise HelpRefused(_("{n} requests for help wait for us already.").format(n=MOST_OPEN))


def _begin(asked: Help, by: User | Contact, at: datetime) -> Conversation:
    """The conversation with the clock: a decision for a price, else a message of theirs to answer."""
    if asked.kind == Help.Kind.PRICE:
        matter = decisions.ask(
            KIND,
            asked.partner,
            by,
            at,
            words=f"{asked}\n{asked.words}",
            about=references.to(asked),
            contact=asked.contact,
            amount=asked.worth,
        )
        return matter.wait.conversation
    if isinstance(by, Contact):
        said = messages.receive(
            asked.partner, Message.Channel.PORTAL, asked.words, at, contact=by, subject=str(asked)
        )
    else:
        told = Happening("call", asked.words, contact=asked.contact, subject=str(asked))
        said = messages.log(asked.partner, told, by=by, at=at, still_waiting=True)
    return said.conversation


# --- how it stands ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A request and where it stands: until when we answer, or what was decided."""

    help: Help
    due_at: datetime | None
    decision: Decision | None

    @property
    def is_open(self) -> bool:
        return self.due_at is not None


def standing(rows: Iterable[Help]) -> list[Standing]:
    """These requests with where each stands; two queries."""
    found = list(rows)
    waits = Wait.objects.open().filter(conversation__in=[each.conversation_id for each in found])
    due = dict(waits.order_by("-due_at").values_list("conversation", "due_at"))
    about = Decision.objects.filter(about_kind="help", about_id__in=[each.pk for each in found])
    decided = {each.about_id: each for each in about.filter(withdrawn_at=None).order_by("at")}
    return [Standing(each, due.get(each.conversation_id or 0), decided.get(each.pk)) for each in found]


# --- special prices --------------------------------------------------------------------------------------


def look(matters: Sequence[Matter]) -> Mapping[int, Look]:
    """What one sees before deciding: the deal, what it is worth, and the price wanted."""
    ids = [matter.about_id for matter in matters if matter.about_id is not None]
    found = Help.objects.select_related("deal__customer", "deal__phase", "partner").in_bulk(ids)
    return {matter.pk: _look(found[matter.about_id]) for matter in matters if matter.about_id in found}


def _look(asked: Help) -> Look:
    deal = asked.deal
    facts = [
        Fact(_("Deal"), f"{deal}, {deal.customer}", deal.get_absolute_url()),
        Fact(_("Amount"), str(deal.worth or _("not said"))),
        Fact(_("Price wanted"), str(asked.worth)),
    ]
    if deal.amount and asked.price is not None and asked.price < deal.amount:
        share = 100 * (deal.amount - asked.price) / deal.amount
        facts.append(Fact(_("Below the amount by"), f"{share:.1f} %"))
    facts.append(Fact(_("Phase"), str(deal.phase)))
    return Look(f"{asked.partner}: {asked}", facts)


def decided(matter: Matter, decision: Decision, at: datetime) -> None:
    """The deal's history says what was decided; its amount stays until it is changed there."""
    asked = Help.objects.select_related("deal", "partner").get(pk=matter.about_id or 0)
    note = f"{asked.deal}: {asked.worth}, {str(decision.get_answer_display()).lower()}"
    Event.record("price_decided", at, decision.by, asked.partner, references.to(asked.deal), note=note)


def contested(decision: Decision) -> None:
    """Only for a deal that is open still."""
    if not Help.objects.filter(pk=decision.about_id or 0, deal__state=Deal.State.OPEN).exists():
        raise decisions.DecisionRefused(_("This deal is closed."))


DECIDES = Kind(KIND, STARTER, look, decided, has_amounts=True, contested=contested)
