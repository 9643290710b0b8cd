"""The reviews of the sample company: one closed, one being prepared, one overdue, all others planned."""

from __future__ import annotations

from datetime import datetime, timedelta

from partners.models import Contact, Partner, Stage
from prm.samples import Sample
from reviews import scheduling
from reviews.meetings import actions, dates, sharing, signing, steps, writing
from reviews.models import Review
from team.companies import working_days
from team.models import User

DAY = timedelta(days=1)
AGO = 50 * DAY
MINUTES = """They will lead with the managed offer next quarter, and want two engineers trained by then.
We said that the price list changes in spring, and that they hear it first."""


def make(sample: Sample) -> None:
    maya: User = sample.made["users"]["maya"]
    mine = Partner.objects.filter(owner=maya, stage=Stage.GROWTH, merged_into=None)
    settled = mine.filter(stage_since__lt=sample.at - 70 * DAY).order_by("pk")
    for partner in settled[:1]:
        _closed(partner, maya, sample)
    for partner, days in zip(settled[1:3], (3, -4), strict=False):
        review = _planned(partner, sample, days)
        steps.prepare(review, by=maya, at=sample.at - 5 * DAY)
    scheduling.ensure_upcoming(sample.at)


def _planned(partner: Partner, sample: Sample, days: int) -> Review:
    """A review that takes place in so many days."""
    on = dates.working_day_up_to(working_days(), (sample.at + days * DAY).date())
    review = Review(partner=partner, slot_on=on, since_on=on - 91 * DAY, created_at=sample.at - 60 * DAY)
    scheduling.lay(review, on, working_days())
    review.next_check_at = sample.at
    review.save()
    return review


def _closed(partner: Partner, maya: User, sample: Sample) -> None:
    """Held, and all done since."""
    review, held_at = _planned(partner, sample, -AGO.days), sample.at - AGO
    steps.prepare(review, by=maya, at=held_at - 12 * DAY)
    people = list(Contact.objects.current().filter(partner=partner).exclude(email="")[:2])
    writing.write(review, MINUTES, people, [maya])
    steps.hold(review, review.on, by=maya, at=held_at)
    _act(review, people[:1], maya, held_at)
    steps.decide(review, steps.Result("keep", "They grow by themselves."), by=maya, at=held_at + DAY)
    if people:
        version = sharing.send_minutes(review, by=maya, at=held_at + DAY)
        signing.sign(version, Review.Side.THEIRS, people[0].name, people[0], held_at + 4 * DAY)
        signing.sign(version, Review.Side.OURS, maya.name, maya, held_at + 5 * DAY)
        steps.close(review, by=maya, at=held_at + 6 * DAY)


def _act(review: Review, people: list[Contact], maya: User, at: datetime) -> None:
    """An action of each side, with owner and day."""
    due_on = at.date() + 21 * DAY
    ours = actions.note(review, "Give two sandbox licences", by=maya, at=at)
    actions.write(ours, actions.Wanted(ours.text, "ours", owner=maya, due_on=due_on), by=maya, at=at)
    for person in people:
        theirs = actions.note(review, "Name a second engineer for training", by=maya, at=at)
        wanted = actions.Wanted(theirs.text, "theirs", contact=person, due_on=due_on)
        actions.write(theirs, wanted, by=maya, at=at)
