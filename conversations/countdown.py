"""How a wait's clock reads: the words on the button, the bar, the tone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from conversations.models import Wait
from prm.templatetags.ui import span

SOON = timedelta(hours=3)


@dataclass(frozen=True)
class Countdown:
    """`words` ("1 h 12 min left"), `percent` of the time used, `tone` bad, warn or muted, with an icon."""

    words: str
    percent: int
    tone: str
    icon: str


def read(wait: Wait, at: datetime) -> Countdown:
    """The clock of an open wait at a moment. Due exactly now is still in time; a paused one shows what is
    left until its due time, the pause included."""
    left = (wait.due_at - at).total_seconds()
    whole = max(1.0, (wait.due_at - wait.opened_at).total_seconds())
    percent = max(0, min(100, round(100 * (whole - left) / whole)))
    if wait.paused_until is not None and at < wait.paused_until:
        return Countdown(_("Paused, {span} left").format(span=span(left)), percent, "muted", "player-pause")
    if left < 0:
        return Countdown(_("Overdue {span}").format(span=span(left)), 100, "bad", "alert-triangle")
    is_near = at >= wait.warn_at or left <= SOON.total_seconds()
    words = _("{span} left").format(span=span(left))
    return Countdown(words, percent, "warn" if is_near else "muted", "clock")
