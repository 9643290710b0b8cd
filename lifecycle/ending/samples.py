"""One partnership of the sample company comes to its end in some weeks."""

from __future__ import annotations

from datetime import timedelta

from lifecycle.ending import endings
from lifecycle.ending.models import Ending
from lifecycle.growth.models import Deal
from partners.models import EndReason, Partner, Stage
from prm.samples import Sample


def make(sample: Sample) -> None:
    live = [one for one in sample.made["partners"] if one.stage == Stage.GROWTH and one.owner]
    selling = set(Deal.objects.open().filter(partner__in=live).values_list("partner", flat=True))
    chosen: Partner | None = next((one for one in live if one.pk in selling), None)
    reason = EndReason.objects.filter(name="Goals missed").first()
    if chosen is None or chosen.owner is None or reason is None:
        return
    last = sample.at.date() + timedelta(days=40)
    endings.plan(
        chosen,
        Ending.Kind.MUTUAL,
        reason,
        "Both sides want to part as friends.",
        last,
        last - timedelta(days=14),
        by=chosen.owner,
        at=sample.at - timedelta(days=2),
    )
