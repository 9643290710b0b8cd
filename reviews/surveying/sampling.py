"""Who is asked: drawn by chance among those who may be, before anything is answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from reviews.surveying.models import Invitation, Survey

LeftOut = Invitation.LeftOut
EVERY = {
    Survey.Kind.NPS: timedelta(days=180),
    Survey.Kind.CSAT: timedelta(days=90),
    Survey.Kind.HOW: timedelta(days=90),
    Survey.Kind.OWN: timedelta(0),
}


@dataclass(frozen=True)
class Person:
    """Somebody who could be asked, and what speaks against it."""

    pk: int
    email: str
    has_left: bool = False
    do_not_contact: bool = False
    opted_out: bool = False
    bounces: bool = False
    was_asked: bool = False

    @property
    def left_out(self) -> str:
        """Why this person is not to be asked; "" where nothing speaks against it."""
        grounds = {
            LeftOut.GONE: self.has_left,
            LeftOut.DO_NOT_CONTACT: self.do_not_contact,
            LeftOut.OPTED_OUT: self.opted_out,
            LeftOut.NO_ADDRESS: not self.email,
            LeftOut.BOUNCED: self.bounces,
            LeftOut.ASKED: self.was_asked,
        }
        return next((str(ground) for ground, holds in grounds.items() if holds), "")


def draw(people: Iterable[Person], size: int | None, seed: str) -> Mapping[int, str]:
    """Whom to ask ("") and why not the others, by key. The same people, size and seed draw the same."""
    told: dict[int, str] = {}
    first: dict[str, int] = {}
    for person in sorted(people, key=lambda person: person.pk):
        told[person.pk] = person.left_out
        if not person.left_out and first.setdefault(person.email.lower(), person.pk) != person.pk:
            told[person.pk] = LeftOut.SAME
    able = [pk for pk, ground in told.items() if not ground]
    if size is not None and size < len(able):
        for pk in set(able) - set(Random(seed).sample(able, size)):
            told[pk] = LeftOut.NOT_DRAWN
    return told
