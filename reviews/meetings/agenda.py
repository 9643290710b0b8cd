"""What a review spends its time on: a fifth looks back, four fifths ahead. Partners read it, too."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reviews.models import Review

BACK = 20  # per cent of the time; the rest looks ahead


def shares() -> str:
    """How its time is shared, in one line for both sides."""
    words = _("{back} % of the time looks back, first at what we promised each other; {ahead} % looks ahead.")
    return words.format(back=BACK, ahead=100 - BACK)


def default(review: Review) -> str:
    """The agenda an invitation begins with: its parts with their share of the time, and what either side
    wants talked about."""
    back = [_("What we promised each other"), _("Results of both sides")]
    ahead = [
        _("Goals, targets and deals of the next quarter"),
        *(str(topic) for topic in review.topics.all()),
        _("Who does what by when"),
    ]
    numbered = [f"{n}. {each}" for n, each in enumerate([*back, *ahead], start=1)]
    return "\n".join(
        [
            _("Looking back: {n} % of the time").format(n=BACK),
            *numbered[: len(back)],
            _("Looking ahead: {n} % of the time").format(n=100 - BACK),
            *numbered[len(back) :],
        ]
    )
