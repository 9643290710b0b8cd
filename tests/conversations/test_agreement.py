"""Whatever is done in whatever order, the stored waits are those the rules make of what was said."""

import random
from datetime import datetime, timedelta

import pytest

from conversations import corrections, messages, sweeping, waits
from conversations.messages import Happening
from conversations.models import Conversation, Message, Wait
from partners.models import Contact, Partner
from prm.refusals import Refused
from team.models import User
from tests.conftest import BERLIN
from tests.conversations.agreement import assert_agreement

START = datetime(2026, 6, 3, 10, 0, tzinfo=BERLIN)


class Office:
    """Somebody who does one thing after the other, at random, as time goes on."""

    def __init__(self, seed: int, partner: Partner, nora: Contact, alice: User) -> None:
        self.rng, self.at = random.Random(seed), START
        self.partner, self.nora, self.alice = partner, nora, alice

    def earlier(self) -> datetime:
        """Now, or up to two days back."""
        return self.at - timedelta(hours=self.rng.choice([0, 0, 1, 5, 20, 48]))

    def any_thread(self) -> Conversation | None:
        return self.rng.choice([None, *Conversation.objects.order_by("pk")])

    def receive(self) -> None:
        messages.receive(
            self.partner, "email", "?", self.at, self.any_thread(), self.earlier(), self.nora, "Thread"
        )

    def reply(self) -> None:
        thread = self.any_thread()
        if thread is not None:
            messages.reply(thread, "!", self.alice, self.at, holding=self.rng.random() < 0.2)

    def call(self) -> None:
        answered = list(Wait.objects.exclude(state="cancelled").order_by("pk"))
        self.rng.shuffle(answered)
        messages.log(
            self.partner,
            Happening("call", "…", self.earlier(), conversation=self.any_thread()),
            self.alice,
            self.at,
            answers=answered[: self.rng.randint(0, 2)],
            still_waiting=self.rng.random() < 0.3,
        )

    def withdraw(self) -> None:
        corrections.withdraw(self.any_message(), "Wrong", self.alice, self.at)

    def restore(self) -> None:
        corrections.restore(self.any_message(), self.alice, self.at)

    def correct(self) -> None:
        corrections.correct(self.any_message(), self.alice, self.at, occurred_at=self.earlier())

    def bounce(self) -> None:
        corrections.bounced(self.any_message(), self.at)

    def cancel(self) -> None:
        waits.cancel(self.any_wait(), "Thanks only", self.alice, self.at)

    def reopen(self) -> None:
        waits.reopen(self.any_wait(), self.alice, self.at)

    def sweep(self) -> None:
        sweeping.sweep_waits(self.at)

    def any_message(self) -> Message:
        return self.rng.choice(list(Message.objects.order_by("pk")) or [Message()])

    def any_wait(self) -> Wait:
        return self.rng.choice(list(Wait.objects.order_by("pk")) or [Wait()])

    def do_something(self) -> None:
        often = [self.receive] * 4 + [self.reply] * 3 + [self.call] * 3 + [self.sweep] * 2
        step = self.rng.choice(
            [*often, self.withdraw, self.restore, self.correct, self.bounce, self.cancel, self.reopen]
        )
        try:
            if (Message.objects.exists() and Wait.objects.exists()) or step == self.receive:
                step()
        except Refused:
            pass
        self.at += timedelta(minutes=self.rng.choice([1, 30, 120, 600]))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_stored_is_what_the_rules_say(
    seed: int, northwind: Partner, nora: Contact, alice: User
) -> None:
    office = Office(seed, northwind, nora, alice)
    for _ in range(20):
        office.do_something()
        assert_agreement(*Conversation.objects.all())
    for wait in Wait.objects.open():
        assert wait.next_check_at is not None or wait.state == "late"
    for wait in Wait.objects.exclude(state__in=["open", "late"]):
        assert wait.next_check_at is None
