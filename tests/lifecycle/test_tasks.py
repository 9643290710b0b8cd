"""Tasks: done once, skipped with a reason, taken up again."""

import pytest
from django.core.exceptions import PermissionDenied

from lifecycle import tasks
from lifecycle.tasks import TaskRefused
from partners.models import Partner
from team.models import User
from tests.conftest import MONDAY


def test_ours_without_an_owner_is_the_owners(northwind: Partner, alice: User) -> None:
    assert tasks.add(northwind, "Call them", by=alice, at=MONDAY).owner == alice
    assert tasks.add(northwind, "Name a sponsor", by=alice, at=MONDAY, side="theirs").owner is None


def test_it_is_done_once(northwind: Partner, alice: User) -> None:
    task = tasks.add(northwind, "Call them", by=alice, at=MONDAY)
    tasks.done(task, by=alice, at=MONDAY)
    with pytest.raises(TaskRefused, match="already"):
        tasks.done(task, by=alice, at=MONDAY)
    tasks.undone(task, by=alice, at=MONDAY)
    with pytest.raises(TaskRefused, match="open already"):
        tasks.undone(task, by=alice, at=MONDAY)


def test_it_is_skipped_with_a_reason(northwind: Partner, alice: User) -> None:
    task = tasks.add(northwind, "Call them", by=alice, at=MONDAY, is_required=True)
    with pytest.raises(TaskRefused, match="say why"):
        tasks.skip(task, " ", by=alice, at=MONDAY)
    tasks.skip(task, "They came by", by=alice, at=MONDAY)
    task.refresh_from_db()
    assert (task.is_open, task.skipped_reason) == (False, "They came by")


def test_whose_task_it_is_may_tick_it(northwind: Partner, alice: User, bob: User) -> None:
    task = tasks.add(northwind, "Write the integration guide", by=alice, at=MONDAY, owner=bob)
    tasks.allowed_or_403(bob, task)
    with pytest.raises(PermissionDenied):
        tasks.allowed_or_403(bob, tasks.add(northwind, "Call them", by=alice, at=MONDAY))
