"""What moved a score, and who hears that a colour changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from conversations import responsibility
from partners.models import Event, HealthColour, Partner
from prm.references import Reference
from reviews.health import reckoning
from reviews.health.models import Snapshot
from team import notices

CHANGED, SYSTEM = "health_changed", "health"
NAMED = 3  # reasons in a sentence


@dataclass(frozen=True)
class Change:
    """A colour that is another than the one read the time before. `before` is the last reading that had a
    colour, that time or earlier; None where none ever had."""

    was: Snapshot
    now: Snapshot
    before: Snapshot | None

    @property
    def is_told(self) -> bool:
        """Whether somebody hears of it: not of a first colour, nor of one that comes back as it went."""
        return self.before is not None and self.before.stands != self.now.stands

    @property
    def since(self) -> Snapshot:
        """The reading that it is compared with."""
        return self.before or self.was


Changed = Mapping[int, Change]


@dataclass(frozen=True)
class Reason:
    """What one measure added to a score, or took from it, in tenths of a point."""

    key: str
    name: str
    moved: int

    @property
    def words(self) -> str:
        return moved(self.moved)

    @property
    def tone(self) -> str:
        return "ok" if self.moved > 0 else "bad"


def points(tenths: int | None) -> str:
    """Tenths of a point in words: 643 is “64.3”."""
    return "–" if tenths is None else f"{tenths / 10:.1f}"


def moved(tenths: int) -> str:
    """By how much something moved: -41 tenths are “−4.1”."""
    return f"{tenths / 10:+.1f}".replace("-", "−")


def colour_words(colour: str) -> str:
    return str(HealthColour(colour).label) if colour else _("insufficient data")


def stood(colour: str, score: int | None) -> str:
    """Like “Watch 64.3”."""
    return colour_words(colour) if score is None else f"{colour_words(colour)} {points(score)}"


def reasons(was: Snapshot, now: Snapshot) -> list[Reason]:
    """By how much each measure moved the score, the most first; together they are the whole move."""
    before, after = ({key: line[0] for key, line in row.lines.items()} for row in (was, now))
    return differences(before, after)


def differences(before: Mapping[str, int], after: Mapping[str, int]) -> list[Reason]:
    """What differs between the points of the measures, the most first."""
    found = [
        Reason(key, measure.name, moved)
        for key, measure in reckoning.MEASURES.items()
        if (moved := after.get(key, 0) - before.get(key, 0))
    ]
    return sorted(found, key=lambda each: -abs(each.moved))


def tell(changed: Changed, at: datetime) -> None:
    """Write what became of each partner whose colour changed, and tell who looks after it; once for a day."""
    if not changed:
        return
    partners = Partner.objects.select_related("owner").in_bulk(list(changed))
    said = {pk: sentence(change) for pk, change in changed.items()}
    Event.record_all(
        [
            Event.drafted(
                CHANGED,
                at,
                SYSTEM,
                partners[pk],
                changes={
                    "health": [change.since.score, change.now.score],
                    "colour": [change.since.stands, change.now.stands],
                },
                note=said[pk],
                key=f"health:{pk}:{change.now.day}",
            )
            for pk, change in changed.items()
        ]
    )
    news = [
        notices.News(
            person,
            CHANGED,
            Reference("partner", pk),
            at,
            f"{partners[pk]}: {said[pk]}",
            reverse("reviews:health", args=[pk]),
        )
        for pk, change in changed.items()
        if change.is_told
        for person in responsibility.person_or_heads(partners[pk].owner)
    ]
    notices.give_all(news, at)


def event_words(event: Event) -> str:
    """What an event says after its actor, which is the health: "is Watch, was Healthy"."""
    return _("is {words}").format(words=event.note)


def sentence(change: Change) -> str:
    """Like “Watch, was Healthy: 64.3, was 72.5. Contact −4.1.”."""
    was, now = change.since, change.now
    if not now.stands:
        return _("{now}, was {was} {points}: {coverage} % of what is weighed is known.").format(
            now=colour_words(now.stands),
            was=colour_words(was.stands),
            points=points(was.score),
            coverage=now.coverage,
        )
    said = _("{now}, was {was}: {points}, was {before}.").format(
        now=colour_words(now.stands),
        was=colour_words(was.stands),
        points=points(now.score),
        before=points(was.score),
    )
    if was.pk != change.was.pk:
        said += " " + _("In between there was insufficient data.")
    if was.score is None:
        return said
    if was.formula_id != now.formula_id:
        return said + " " + _("The formula is another since.")
    why = ", ".join(f"{each.name} {each.words}" for each in reasons(was, now)[:NAMED])
    return f"{said} {why}." if why else said
