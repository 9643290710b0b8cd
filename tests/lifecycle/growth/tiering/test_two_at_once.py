"""Two who meet on one change: it is begun once, and decided once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from conversations import decisions
from conversations.models import Commitment, Decision, Matter
from lifecycle.growth.tiering import benefits, changing, evaluating
from lifecycle.growth.tiering.models import Standing, TierChange, TierRules
from partners.models import Membership
from prm.refusals import Refused
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.growth.tiering.conftest import TODAY, certify, tier, won


def twice(press: object) -> list[str]:
    """What becomes of two presses at once."""

    def one(_n: int) -> str:
        try:
            press()  # type: ignore[operator]
        except Refused as refusal:
            return f"refused: {refusal}"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


@pytest.fixture
def earned(silver: Membership, rules: TierRules, alice: User) -> Membership:
    won(silver.partner, alice, 4_000_000)
    for name in ("Ada", "Bo"):
        certify(silver.partner, name, alice)
    evaluating.keep(rules, TODAY, MONDAY)
    return silver


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sweepers_ask_once_and_two_heads_decide_once(earned: Membership, erin: User, ravi: User) -> None:
    benefits.add(tier("Gold"), "A joint event", 30, "once", by=ravi, at=MONDAY)
    assert twice(lambda: changing.sweep(MONDAY)) == ["done", "done"]
    assert (TierChange.objects.count(), Matter.objects.count()) == (1, 1)
    pk = Matter.objects.get().pk

    def decide() -> None:
        related = ("kind", "partner__owner", "wait__conversation")
        matter = Matter.objects.select_related(*related).get(pk=pk)
        decisions.decide(matter, Decision.Answer.YES, "", by=erin, at=MONDAY + timedelta(hours=1))

    assert sorted(answer[:7] for answer in twice(decide)) == ["done", "refused"]
    assert (Decision.objects.count(), Commitment.objects.count()) == (1, 1)
    earned.refresh_from_db()
    assert str(earned.tier) == "Gold"


def test_the_database_keeps_one_open_change(earned: Membership, rules: TierRules) -> None:
    changing.sweep(MONDAY)
    Standing.objects.update(next_check_at=MONDAY)
    changing.sweep(MONDAY)
    found = TierChange.objects.get()
    found.pk = None
    with pytest.raises(IntegrityError, match="membership"), transaction.atomic():
        found.save(force_insert=True)
