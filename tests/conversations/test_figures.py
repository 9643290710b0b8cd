"""How we answer, in figures: what each counts, and that its number opens onto as many rows."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from conversations import figures, messages, sweeping, waits
from conversations.figures import Asked
from conversations.messages import Happening
from conversations.models import Conversation, Wait
from partners.models import Contact, Partner
from prm import clock
from prm.figures import Figure, Share
from team.models import User
from tests.conftest import BERLIN


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


JUNE = Asked(moment(1), moment(30))


def asks(nora: Contact, at: datetime, thread: Conversation | None = None) -> Conversation:
    return messages.receive(
        nora.partner, "email", "?", at, thread, contact=nora, subject="Dates"
    ).conversation


def read(figure: Figure[Asked], asked: Asked = JUNE) -> Share:
    value = figure.value(figure.rows(asked))
    assert figure.counted(asked).count() == value.k
    return value


def test_in_time_counts_what_fell_due(nora: Contact, alice: User) -> None:
    messages.reply(asks(nora, moment(3)), "Here.", alice, moment(3, 11))
    messages.reply(asks(nora, moment(3)), "Sorry.", alice, moment(5))
    asks(nora, moment(3))
    sweeping.sweep_waits(moment(9))
    asks(nora, moment(29, 12))  # due in July
    waits.cancel(asks(nora, moment(3)).waits.get(), "Thanks only", alice, moment(3, 11))
    assert read(figures.IN_TIME) == Share(1, 3)
    assert read(figures.EXCLUDED) == Share(1, 4)


def test_late_figures_split_off_what_fell_due_while_nobody_works(nora: Contact, alice: User) -> None:
    messages.reply(asks(nora, moment(3)), "Sorry.", alice, moment(5))
    messages.reply(asks(nora, moment(5, 20)), "Sorry.", alice, moment(8))  # due on Saturday
    assert read(figures.LATE_OUTSIDE) == Share(1, 2)


def test_answered_by_the_owner(nora: Contact, alice: User, bob: User) -> None:
    messages.reply(asks(nora, moment(3)), "Here.", alice, moment(3, 11))
    messages.reply(asks(nora, moment(3)), "Here.", bob, moment(3, 10, 30))
    assert read(figures.OWNER) == Share(1, 2)


def test_asked_again_within_two_working_days(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(5))
    messages.reply(thread, "Here.", alice, moment(5, 16))  # Friday
    asks(nora, moment(9, 15), thread)  # Tuesday, under two working days later
    assert read(figures.ASKED_AGAIN) == Share(1, 1)


def test_later_than_that_it_is_a_new_question(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(5))
    messages.reply(thread, "Here.", alice, moment(5, 16))
    asks(nora, moment(9, 17), thread)
    assert read(figures.ASKED_AGAIN) == Share(0, 1)


def test_after_something_more_from_us_it_is_not_asked_again(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(3))
    messages.reply(thread, "Here.", alice, moment(3, 11))
    messages.log(nora.partner, Happening("note", "Quiet", conversation=thread), alice, moment(3, 12))
    messages.reply(thread, "And the file.", alice, moment(3, 13))
    asks(nora, moment(3, 14), thread)
    assert read(figures.ASKED_AGAIN) == Share(0, 1)


def test_a_note_is_nothing_more_and_thanks_are_left_out(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(3))
    messages.reply(thread, "Here.", alice, moment(3, 11))
    messages.log(nora.partner, Happening("note", "Quiet", conversation=thread), alice, moment(3, 12))
    asks(nora, moment(3, 14), thread)
    assert read(figures.ASKED_AGAIN) == Share(1, 1)
    event = waits.cancel(thread.waits.open().get(), "Thanks only", alice, moment(3, 15))
    assert read(figures.ASKED_AGAIN) == Share(0, 1)
    waits.reopen(thread.waits.get(state="cancelled"), alice, moment(3, 16), undoes=event)
    assert read(figures.ASKED_AGAIN) == Share(1, 1)


def test_a_figure_of_one_partner(nora: Contact, omar: Contact, alice: User, contoso: Partner) -> None:
    for contact in (nora, omar):
        messages.reply(asks(contact, moment(3)), "Here.", alice, moment(3, 11))
    assert read(figures.IN_TIME, Asked(moment(1), moment(30), contoso)) == Share(1, 1)


@pytest.mark.parametrize("name", list(figures.FIGURES))
def test_each_figure_opens_onto_its_rows(client: Client, nora: Contact, alice: User, name: str) -> None:
    now = clock.now()
    for hours in (200, 100):
        thread = asks(nora, now - timedelta(hours=hours))
        messages.reply(thread, "Here.", alice, now - timedelta(hours=hours - 60))
    client.force_login(alice)
    answer = client.get(f"/partners/{nora.partner_id}/record/", {"show": name})
    value = {figure.name: value for figure, value in answer.context["figures"]}[name]
    assert len(answer.context["answers"]) == value.k
    assert f"{value.k} of {value.n}" in answer.content.decode()


def test_a_wait_answered_and_settled_again_keeps_its_seconds(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(3))
    messages.reply(thread, "Here.", alice, moment(3, 11))
    before = Wait.objects.values().get()
    asks(nora, moment(3, 12), thread)
    after = Wait.objects.values().get(pk=before["id"])
    assert {**after, "asked_again": False} == before
