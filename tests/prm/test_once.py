"""What is written once: whoever comes second finds that it stands, and is told so."""

import pytest
from django.db import IntegrityError, transaction

from partners.models import Event
from prm import once
from prm.models import OutboxItem
from team.models import Notice, User
from tests.conftest import MONDAY

CAUSE = ("person", "kind", "cause_kind", "cause_id", "due_at")


def mail(key: str, message_id: str = "") -> OutboxItem:
    return OutboxItem(
        key=key, kind="test", message_id=message_id or f"<{key}@x>", next_check_at=MONDAY, created_at=MONDAY
    )


def notice(person: User, cause: int) -> Notice:
    return Notice(
        person=person,
        kind="k",
        cause_kind="wait",
        cause_id=cause,
        due_at=MONDAY,
        text="Due",
        created_at=MONDAY,
    )


@pytest.mark.django_db
def test_the_second_row_with_a_key_is_not_written() -> None:
    first, second = mail("a", "<1@x>"), mail("a", "<2@x>")
    assert (once.add(first, ["key"]), once.add(second, ["key"])) == (True, False)
    assert OutboxItem.objects.get() == first
    assert OutboxItem.objects.get().message_id == "<1@x>"
    assert second.pk is None


@pytest.mark.django_db
def test_of_many_those_that_stand_already_are_left_out() -> None:
    once.add(mail("b"), ["key"])
    made = once.add_all([mail(key) for key in "abc"], ["key"])
    assert [row.key for row in made] == ["a", "c"]
    assert {row.pk for row in made} == set(OutboxItem.objects.exclude(key="b").values_list("pk", flat=True))
    assert once.add_all([mail("a"), mail("b")], ["key"]) == []
    assert once.add_all([], ["key"]) == []


def test_twins_in_one_go_are_one_row(alice: User) -> None:
    first, twin, other = notice(alice, 7), notice(alice, 7), notice(alice, 8)
    twin.text = "Never seen"
    assert once.add_all([first, twin, other], CAUSE) == [first, other]
    assert list(Notice.objects.order_by("cause_id").values_list("text", flat=True)) == ["Due", "Due"]


def test_a_row_written_once_is_as_any_other(alice: User) -> None:
    made = notice(alice, 7)
    once.add(made, CAUSE)
    made.text = "Later"
    made.save()
    assert Notice.objects.get().text == "Later"


@pytest.mark.django_db
def test_what_breaks_another_rule_is_refused_aloud() -> None:
    once.add(mail("a", "<same@x>"), ["key"])
    with pytest.raises(IntegrityError), transaction.atomic():
        once.add(mail("b", "<same@x>"), ["key"])


@pytest.mark.django_db
def test_events_without_a_key_are_all_written() -> None:
    assert Event.record("looked", MONDAY, "test") != Event.record("looked", MONDAY, "test")
    assert Event.record("looked", MONDAY, "test", key="once") is not None
    assert Event.record("looked", MONDAY, "test", key="once") is None
