"""Two calls of the sample company that Maya reported long afterwards, so that her lead has to decide."""

from __future__ import annotations

from datetime import timedelta

from conversations import late_logs
from conversations.models import Message
from prm.samples import Sample

REPORTS = 2


def make(sample: Sample) -> None:
    maya = sample.made["users"]["maya"]
    calls = Message.objects.filter(author=maya, channel=Message.Channel.CALL).order_by("-occurred_at", "pk")
    at = sample.at - timedelta(hours=5)
    for call in calls.select_related("author", "conversation", "partner")[:REPORTS]:
        call.recorded_at, call.answers, call.unconfirmed = at, True, True
        call.save(update_fields=["recorded_at", "answers", "unconfirmed"])
        late_logs.ask(call, at)
