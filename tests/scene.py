"""One of everything: the scene that the tables of permissions, axe and page sizes play on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from conversations import commitments, messages
from conversations.commitments import Promise
from conversations.models import Commitment, Conversation, Message, Wait
from partners.models import Contact, Event, Partner
from prm import clock
from team.models import User


@dataclass
class Scene:
    roleless: User
    bob: User
    alice: User
    erin: User
    ravi: User
    partner: Partner
    contact: Contact
    conversation: Conversation
    message: Message
    wait: Wait
    promise: Commitment
    event: Event


@pytest.fixture
def scene(alice: User, bob: User, erin: User, ravi: User, northwind: Partner, nora: Contact) -> Scene:
    at = clock.now()
    roleless = User.objects.create_user("rolf@acme.example", "a long enough phrase", name="Rolf")
    asked = messages.receive(northwind, "email", "When?", at=at, contact=nora, subject="Dates")
    logged = messages.log(northwind, "call", "A call.", by=alice, at=at)
    promise = commitments.make(
        northwind, Promise("Send it", (at + timedelta(days=3)).date()), by=alice, at=at
    )
    event = Event.objects.filter(partner=northwind).order_by("pk").first()
    assert event is not None
    return Scene(
        roleless=roleless,
        bob=bob,
        alice=alice,
        erin=erin,
        ravi=ravi,
        partner=northwind,
        contact=nora,
        conversation=asked.conversation,
        message=logged,
        wait=Wait.objects.get(),
        promise=promise,
        event=event,
    )
