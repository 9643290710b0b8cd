"""Two people move one partner in the same moment: one wins, the other is told."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from lifecycle import transitions
from lifecycle.transitions import TransitionRefused
from partners.models import Event, Partner, Stage, Visit
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import onboarded


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory has one writer at a time")
def test_one_of_two_moves_wins(erin: User) -> None:
    partner = onboarded("Contoso", erin)
    together, outcomes = Barrier(4), []

    def move() -> None:
        seen = Partner.objects.get(pk=partner.pk)
        together.wait()
        try:
            transitions.advance(seen, to=Stage.GROWTH, by=erin, at=MONDAY, reason="Fair")
            outcomes.append("moved")
        except TransitionRefused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=move) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("moved") == 1
    assert all("stands in Growth now" in outcome for outcome in outcomes if outcome != "moved")
    assert Visit.objects.filter(partner=partner, left_at=None).count() == 1
    assert Event.objects.filter(kind="moved", changes__stage__1="growth").count() == 1
