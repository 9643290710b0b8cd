"""The section of the packet about announcements: what we told this partner, and how soon after the first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lifecycle.growth.announcing.standing import SOON
from lifecycle.models import Announcement, Copy
from prm.questions import Asked as Unasked
from prm.questions import Question, key, moment
from reviews.meetings.packet.drawn import MOST, figure, line
from reviews.meetings.packet.sections import Asked, Section, Values

OF = [f"announcement__{name}" for name in ("title", "kind", "state", "first_told_at")]


def _told() -> QuerySet[Any, Any]:
    theirs = Copy.objects.arrived().filter(partner=key("partner"))
    told = theirs.values("announcement", *OF).annotate(told_at=Min("mail__sent_at"))
    within = told.filter(told_at__gte=moment("begin"), told_at__lt=moment("end"))
    return within.order_by("told_at", "announcement").values_list(*OF, "told_at")


TOLD = Question(_told)


def told(asked: Asked) -> Unasked[Any]:
    """The announcements whose first mail to this partner left in the time, in that order."""
    since, until = asked.moments
    return TOLD.of(partner=asked.partner.pk, begin=since, end=until)


def announcements(asked: Asked) -> Values:
    """Those whose first mail to this partner left in the time and did not come back, in that order."""
    rows = asked.rows(told)
    if not rows:
        return {}
    soon = sum(told_at - (first or told_at) <= SOON for *_rest, first, told_at in rows)
    figures = [
        figure("told", _("Announcements to you"), len(rows)),
        figure("soon", _("Of them within a day of the first partner told"), f"{soon} / {len(rows)}"),
    ]
    return {"figures": figures, "lines": [_line(*row) for row in rows[:MOST]]}


def _line(title: str, kind: str, state: str, first: datetime | None, told_at: datetime) -> Values:
    after = told_at - (first or told_at)
    how = _("within a day of the first partner") if after <= SOON else _later(after.days)
    day = date_format(timezone.localtime(told_at), "j M Y")
    note = f"{Announcement.Kind(kind).label} · {day} · {how}"
    is_withdrawn = state == Announcement.State.WITHDRAWN
    return line(title, note, str(_("withdrawn")) if is_withdrawn else "", "warn" if is_withdrawn else "")


def _later(n: int) -> str:
    return ngettext("{n} day after the first partner", "{n} days after the first partner", n).format(n=n)


SECTION = Section(
    "announcements",
    gettext_lazy("What we told you"),
    gettext_lazy(
        "Announcements whose mail left in the time for one of your people whom they are for, and did not "
        "come back; how long after the first partner that was told the same. Whether a mail was opened is "
        "not tracked."
    ),
    announcements,
    restates=True,
    reads=(told,),
)
