"""What the sweep does with reviews: plans the next one, begins to prepare it on its day, reminds of steps."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from conversations import responsibility
from partners.models import Status
from prm import references, sweeper
from reviews import scheduling
from reviews.meetings import moments, steps
from reviews.models import Review
from team import notices
from team.companies import zone_of
from team.models import Notice

SYSTEM = "sweep"
State = Review.State


def sweep(at: datetime) -> int:
    """Every live partner has its next review; each whose moment has come is looked at."""
    _drop(at)
    made = scheduling.ensure_upcoming(at)
    due = Review.objects.select_related("partner__owner")
    return made + sweeper.in_batches(due, at, check)


def _drop(at: datetime) -> None:
    """Reviews ahead with partners that are live no more do not take place."""
    gone = Review.objects.ahead().exclude(partner__status=Status.LIVE, partner__merged_into=None)
    sweeper.one_by_one(list(gone.order_by("pk")[: sweeper.BATCH]), at, _end)


def _end(review: Review, at: datetime) -> None:
    steps.cancel(review, Review.Side.OURS, _("The partnership is not live any more."), SYSTEM, at)


def check(review: Review, at: datetime) -> None:
    """Begin to prepare it where its day has come; then remind of what has come by now,
    of its next step in the latest words only."""
    zone = zone_of(review.partner.owner)
    if review.state == State.PLANNED and moments.start_of(review.prepare_on, zone) <= at:
        review = steps.prepare(review, SYSTEM, at)
    come = [(kind, moment) for kind, moment in moments.of(review, zone) if moment <= at]
    step = [each for each in come if each[0] != moments.AGAIN]
    for kind, moment in [*step[-1:], *(each for each in come if each[0] == moments.AGAIN)]:
        _remind(review, kind, moment, at)
    following = min((moment for _kind, moment in moments.of(review, zone) if moment > at), default=None)
    Review.objects.filter(pk=review.pk).update(next_check_at=following)


def _remind(review: Review, kind: str, moment: datetime, at: datetime) -> None:
    about, url = references.to(review), review.get_absolute_url()
    for person in responsibility.person_or_heads(review.partner.owner):
        notices.give(person, kind, about, moment, at, _words(review, kind), url)


def _words(review: Review, kind: str) -> str:
    if kind == moments.AGAIN:
        return _("Look again at the repair with {partner}").format(partner=review.partner)
    if kind == moments.OVERDUE and review.state == State.MINUTES:
        return _("Not both signed the review with {partner}; silence is not answered").format(
            partner=review.partner
        )
    late = _("Review with {partner}: “{step}” was due on {day}")
    soon = _("Review with {partner}: “{step}” is due on {day}")
    words = late if kind == moments.OVERDUE else soon
    return words.format(partner=review.partner, step=review.next_step, day=f"{review.due_on:%-d %B %Y}")


def still_stands(notice: Notice) -> bool:
    """Whether the step is still to be taken, on that day: asked when the mail is composed."""
    review = Review.objects.select_related("partner__owner").filter(pk=notice.cause_id).first()
    if review is None:
        return False
    return (notice.kind, notice.due_at) in set(moments.of(review, zone_of(review.partner.owner)))
