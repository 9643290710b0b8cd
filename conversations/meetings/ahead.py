"""Which of one's meetings are to be logged, and which come next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from conversations.models import Meeting
from prm.questions import Asked, Question, key, moment
from team.models import User
from team.readers import Reader, reader

MOST = 8
SOON = timedelta(hours=36)
SHOWN = ("title", "starts_at", "ends_at", "partner__name")


@dataclass(frozen=True)
class Meetings:
    """Planned meetings of a person, the earliest first: those that are over, and those that are not."""

    to_log: list[Meeting]
    coming: list[Meeting]

    def __bool__(self) -> bool:
        return bool(self.to_log or self.coming)


def _planned(who: Reader, most: int) -> QuerySet[Meeting]:
    planned = Meeting.objects.visible_to(who).planned().filter(person=who.pk, starts_at__lt=moment("until"))
    return planned.select_related("partner").only(*SHOWN).order_by("starts_at", "pk")[:most]


PLANNED = Question(_planned)
NEXT_WITH = Question(
    lambda: (
        Meeting.objects.planned()
        .filter(partner=key("partner"), ends_at__gt=moment("at"))
        .select_related("person")
        .only("title", "starts_at", "person__name", "person__email")
        .order_by("starts_at", "pk")[:1]
    )
)


def of(person: User, at: datetime, within: timedelta = SOON, most: int = MOST) -> Meetings:
    """The first `most` of this person: what is to be logged stands before what comes."""
    rows = PLANNED.ask(reader(person), most, reader=person.pk, until=at + within)
    over = [meeting for meeting in rows if meeting.is_over(at)]
    return Meetings(over, [meeting for meeting in rows if meeting not in over])


def asked(partner: int, at: datetime) -> list[Asked[Meeting]]:
    """What `next_with` asks."""
    return [NEXT_WITH.of(partner=partner, at=at)]


def asked_by(person: User, at: datetime, within: timedelta = SOON, most: int = MOST) -> list[Asked[Meeting]]:
    """What `of` asks."""
    return [PLANNED.of(reader(person), most, reader=person.pk, until=at + within)]


def next_with(partner: int, at: datetime) -> Meeting | None:
    """The next meeting of one of us with this partner, for whoever may read the partner."""
    return next(iter(NEXT_WITH.ask(partner=partner, at=at)), None)
