"""Two people merge the same two partners in the same moment: one wins, the other is told."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from lifecycle.models import Task
from partners import merging
from partners.models import Merge, Partner
from team.models import User
from tests.conftest import MONDAY


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory has one writer at a time")
def test_one_of_two_merges_wins(northwind: Partner, contoso: Partner, alice: User) -> None:
    Task.objects.bulk_create(
        Task(partner=partner, text="Call", created_at=MONDAY) for partner in (northwind, contoso)
    )
    together, outcomes = Barrier(4), []

    def merge(kept: Partner, gone: Partner) -> None:
        together.wait()
        try:
            merging.merge_partners(kept, gone, {}, by=alice, at=MONDAY)
            outcomes.append("merged")
        except merging.MergeRefused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    pairs = [(northwind, contoso), (contoso, northwind)] * 2
    threads = [Thread(target=merge, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("merged") == 1
    assert all("was merged already" in outcome for outcome in outcomes if outcome != "merged")
    merged = Merge.objects.get()
    assert Task.objects.filter(partner=merged.kept_id).count() == 2
