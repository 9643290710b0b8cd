"""What was filed in the wrong place goes where it belongs; waits keep their times, and none is lost."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from conversations import corrections, messages, moving, sweeping, waits
from conversations.commitments import Promise
from conversations.messages import Happening
from conversations.models import Conversation, Message, Wait
from conversations.threads import take_over
from partners import contacts, history
from partners.models import Contact, Event, Partner
from prm import clock
from team.models import User
from tests.conftest import BERLIN, MONDAY
from tests.conversations.agreement import assert_agreement


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


def asks(
    nora: Contact, at: datetime, thread: Conversation | None = None, subject: str = "Margins"
) -> Message:
    return messages.receive(nora.partner, "email", "?", at, thread, contact=nora, subject=subject)


def states(thread: Conversation) -> list[tuple[str, datetime]]:
    return [(wait.state, wait.due_at) for wait in thread.waits.order_by("opened_at")]


# --- merging ------------------------------------------------------------------------------------------


def test_the_earliest_wait_stays_and_the_other_can_never_breach(nora: Contact, alice: User) -> None:
    kept = asks(nora, moment(3, 11)).conversation
    gone = asks(nora, moment(3, 10), subject="Again").conversation
    moving.merge(gone, kept, alice, moment(3, 12))
    assert states(kept) == [("open", moment(4, 10)), ("cancelled", moment(4, 11))]
    assert not gone.waits.exists()
    sweeping.sweep_waits(moment(5))
    assert Event.objects.filter(kind="wait_breached").count() == 1
    assert kept.waits.get(state="cancelled").breached_at is None
    assert_agreement(kept, gone)


def test_a_reply_in_either_answers_both(nora: Contact, alice: User) -> None:
    kept = asks(nora, moment(3, 10)).conversation
    gone = asks(nora, moment(3, 9), subject="Again").conversation
    messages.reply(gone, "Here.", alice, moment(3, 11))
    asks(nora, moment(3, 12), gone)
    moving.merge(gone, kept, alice, moment(3, 13))
    assert [(wait.state, wait.metric) for wait in kept.waits.order_by("opened_at")] == [
        ("met", "first"),
        ("cancelled", "first"),
        ("open", "next"),
    ]
    assert_agreement(kept)


def test_who_waits_in_the_one_is_not_dismissed_by_a_thanks_in_the_other(nora: Contact, alice: User) -> None:
    kept = asks(nora, moment(3, 10)).conversation
    gone = asks(nora, moment(3, 11), subject="Thanks").conversation
    waits.cancel(gone.waits.get(), "Thanks only", alice, moment(3, 12))
    moving.merge(gone, kept, alice, moment(3, 13))
    assert kept.waits.open().get().due_at == moment(4, 10)
    assert_agreement(kept)


def test_a_merge_is_taken_back_with_every_wait_as_it_was(nora: Contact, alice: User) -> None:
    kept = asks(nora, moment(3, 11)).conversation
    gone = asks(nora, moment(3, 10), subject="Again").conversation
    request = waits.open_request(gone, "decision", moment(3), moment(3))
    call = messages.log(
        nora.partner,
        Happening("call", "Both"),
        alice,
        moment(3, 12),
        answers=list(Wait.objects.exclude(metric="decision")),
    )
    event = moving.merge(gone, kept, alice, moment(3, 13))
    asks(nora, moment(3, 14), kept)
    assert (request and Wait.objects.get(pk=request.pk).conversation) == kept
    history.undo(event, alice, moment(3, 15))
    gone.refresh_from_db()
    assert (gone.merged_into, gone.messages.count()) == (None, 1 if call.conversation == kept else 2)
    assert [wait.state for wait in gone.waits.order_by("pk")] == ["met", "open"]
    assert [wait.state for wait in kept.waits.order_by("opened_at")] == ["met", "open"]
    assert_agreement(kept, gone)


def test_who_waits_is_whose_the_conversation_is(nora: Contact, alice: User, bob: User) -> None:
    kept = asks(nora, moment(3, 11)).conversation
    gone = asks(nora, moment(3, 10), subject="Again").conversation
    waits.open_request(gone, "decision", moment(3), moment(3))
    take_over(kept, bob, moment(3, 12))
    event = moving.merge(gone, kept, alice, moment(3, 13))
    assert {wait.responsible for wait in kept.waits.all()} == {bob}
    history.undo(event, alice, moment(3, 15))
    assert {wait.responsible for wait in gone.waits.all()} == {alice}
    assert {wait.responsible for wait in kept.waits.all()} == {bob}


def test_mail_to_a_merged_conversation_arrives_in_the_kept_one(nora: Contact, alice: User) -> None:
    kept = asks(nora, moment(3, 10)).conversation
    gone = asks(nora, moment(3, 11), subject="Again").conversation
    moving.merge(gone, kept, alice, moment(3, 12))
    gone.refresh_from_db()
    assert asks(nora, moment(3, 13), gone).conversation == kept


def test_what_cannot_be_merged_is_refused(nora: Contact, omar: Contact, alice: User) -> None:
    one, two = asks(nora, moment(3)).conversation, asks(nora, moment(3)).conversation
    theirs = asks(omar, moment(3)).conversation
    for into in (one, theirs):
        with pytest.raises(moving.MoveRefused):
            moving.merge(one, into, alice, moment(3, 11))
    moving.merge(one, two, alice, moment(3, 11))
    with pytest.raises(moving.MoveRefused, match="merged already"):
        moving.merge(one, two, alice, moment(3, 12))


# --- messages -----------------------------------------------------------------------------------------


def test_a_message_moves_with_the_wait_it_opened(nora: Contact, alice: User) -> None:
    thread = asks(nora, moment(3, 10)).conversation
    messages.reply(thread, "Here.", alice, moment(3, 11))
    stray = asks(nora, moment(3, 12), thread)
    event = moving.move(stray, None, alice, moment(3, 13))
    stray.refresh_from_db()
    own = stray.conversation
    assert own != thread
    assert (own.state, [wait.metric for wait in own.waits.all()]) == ("open", ["first"])
    assert states(own) == [("open", moment(4, 12))]
    assert not thread.waits.open().exists()
    history.undo(event, alice, moment(3, 14))
    assert thread.waits.open().get().due_at == moment(4, 12)
    own.refresh_from_db()
    assert own.merged_into == thread
    assert_agreement(thread, own)


def test_an_answer_that_moves_lets_them_wait_again(nora: Contact, alice: User) -> None:
    asked, other = asks(nora, moment(3, 10)).conversation, asks(nora, moment(3, 9)).conversation
    reply = messages.reply(asked, "Here.", alice, moment(3, 11))
    moving.move(reply, other, alice, moment(3, 12))
    assert states(asked) == [("open", moment(4, 10))]
    assert [state for state, _ in states(other)] == ["met"]
    assert_agreement(asked, other)


def test_the_only_message_of_a_conversation_leaves_no_empty_one(nora: Contact, alice: User) -> None:
    into = asks(nora, moment(3, 10)).conversation
    only = asks(nora, moment(3, 9))
    left = only.conversation
    event = moving.move(only, into, alice, moment(3, 12))
    left.refresh_from_db()
    assert left.merged_into == into
    assert states(into)[0] == ("open", moment(4, 9))
    history.undo(event, alice, moment(3, 13))
    left.refresh_from_db()
    assert (left.merged_into, states(left)) == (None, [("open", moment(4, 9))])
    assert_agreement(into, left)


def test_a_message_of_another_partner_or_withdrawn_stays(nora: Contact, omar: Contact, alice: User) -> None:
    stray, theirs = asks(nora, moment(3)), asks(omar, moment(3)).conversation
    with pytest.raises(moving.MoveRefused, match="another partner"):
        moving.move(stray, theirs, alice, moment(3, 11))
    corrections.withdraw(stray, "Wrong", alice, moment(3, 12))
    stray.refresh_from_db()
    with pytest.raises(moving.MoveRefused, match="withdrawn"):
        moving.move(stray, None, alice, moment(3, 13))


# --- to another partner -------------------------------------------------------------------------------


def test_a_conversation_goes_to_another_partner_with_all_it_holds(
    nora: Contact, alice: User, contoso: Partner
) -> None:
    there = contacts.add(contoso, "Nora Berg", by=alice, at=MONDAY, email="nora@northwind.co.uk")
    thread = asks(nora, moment(3)).conversation
    promise = Promise("Send it", date(2026, 6, 9))
    messages.reply(thread, "Soon.", alice, moment(3, 11), holding=True, promises=[promise])
    asks(nora, moment(3, 12), thread)
    event = moving.give(thread, contoso, alice, moment(3, 13))
    thread.refresh_from_db()
    assert thread.partner == contoso
    assert set(Message.objects.values_list("partner", "contact")) == {(contoso.pk, there.pk)}
    assert set(Wait.objects.values_list("partner", flat=True)) == {contoso.pk}
    assert contoso.commitments.count() == 1
    assert thread.waits.open().get().due_at == moment(4, 12)
    contoso.refresh_from_db()
    assert contoso.last_touch_at == moment(3, 12)
    assert Partner.objects.get(pk=nora.partner_id).last_touch_at is None
    history.undo(event, alice, moment(3, 14))
    thread.refresh_from_db()
    assert thread.partner == nora.partner
    assert set(Message.objects.values_list("partner", "contact")) == {(nora.partner_id, nora.pk)}
    assert_agreement(thread)


def test_it_stays_while_a_decision_is_open(nora: Contact, alice: User, contoso: Partner) -> None:
    thread = asks(nora, moment(3)).conversation
    waits.open_request(thread, "decision", moment(3), moment(3))
    for to, why in ((contoso, "decision"), (nora.partner, "another partner")):
        with pytest.raises(moving.MoveRefused, match=why):
            moving.give(thread, to, alice, moment(3, 11))


# --- pages --------------------------------------------------------------------------------------------


@pytest.fixture
def threads(client: Client, alice: User, nora: Contact) -> tuple[Conversation, Conversation]:
    client.force_login(alice)
    now = clock.now()
    return asks(nora, now).conversation, asks(nora, now, subject="Again").conversation


def test_the_pages_merge_move_and_give(client: Client, threads: Any, contoso: Partner, alice: User) -> None:
    one, two = threads
    page = f"/conversations/{two.pk}/merge/"
    assert client.post(page, {"into": ""}).status_code == 422
    assert client.post(page, {"into": contoso.pk + 10**6}).status_code == 422
    answer = client.post(page, {"into": one.pk}, follow=True)
    assert "Merged into “Margins”." in answer.content.decode()
    stray = one.messages.last()
    moved = client.post(f"/messages/{stray.pk}/move/", {"into": ""}, follow=True)
    assert "stands here now" in moved.content.decode()
    Partner.objects.filter(pk=contoso.pk).update(owner=alice)
    give = f"/conversations/{one.pk}/give/"
    assert "Contoso" in client.get(give, {"q": "conto"}).content.decode()
    assert "Choose the partner" in client.post(give, {"to": "x"}).content.decode()
    assert "stands with Contoso" in client.post(give, {"to": contoso.pk}, follow=True).content.decode()


def test_a_conversation_of_another_partner_is_no_choice(client: Client, threads: Any, omar: Contact) -> None:
    theirs = asks(omar, clock.now()).conversation
    assert client.post(f"/conversations/{threads[0].pk}/merge/", {"into": theirs.pk}).status_code == 422
