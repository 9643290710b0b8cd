"""What sections ask of the record, put into SQL once; what two sections read is asked once for both.

A source says what is asked about a partner and a time, `asked.rows(source)` gives its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from conversations import figures
from conversations.models import Commitment, Conversation
from lifecycle.growth.helping.models import Help
from lifecycle.growth.investing.models import Investment
from lifecycle.growth.models import Credit, Deal
from lifecycle.models import Agreement, Certificate, Offer, Plan, Task
from partners.models import Event, Partner
from prm.questions import Asked as Unasked
from prm.questions import Given, Question, day, key, moment, totalled
from reviews.meetings.packet.sections import Asked
from reviews.models import Review, Topic
from team import rates

Recorded = Callable[[Given], Q]  # rows that were recorded from a moment on

# --- the review -------------------------------------------------------------------------------------------


def _last() -> QuerySet[Review]:
    before = Review.objects.filter(partner=key("partner"), held_on__isnull=False, slot_on__lt=day("slot"))
    return before.order_by("-slot_on")[:1]


LAST = Question(_last)
TOPICS = Question(
    lambda: Topic.objects.filter(review=key("review")).select_related("by_user", "by_contact").order_by("pk")
)


def last(asked: Asked) -> Unasked[Review]:
    """The review that was held before."""
    return LAST.of(partner=asked.partner.pk, slot=asked.review.slot_on)


def topics(asked: Asked) -> Unasked[Topic]:
    """What one of us wants talked about."""
    return TOPICS.of(review=asked.review.pk)


# --- days in the time -------------------------------------------------------------------------------------


def _in_time(on: str, recorded: Recorded) -> Q:
    """Rows of a day in the time. A day on which a packet was frozen is shared by it and the next: what was
    recorded by then is in the one, the rest in the other, so that each row is in one of them."""
    within = Q(**{f"{on}__gte": day("since"), f"{on}__lte": day("until")})
    too_late = Q(**{on: day("last")}) & recorded(moment("end"))
    left_over = Q(**{on: day("eve")}) & recorded(moment("begin"))
    return within & ~too_late | left_over


def _from(name: str) -> Recorded:
    """By a column that holds when a row was recorded."""
    return lambda at: Q(**{f"{name}__gte": at})


def _issued_from(at: Given) -> Q:
    events = Event.objects.filter(kind="certificate_issued", about_kind="certificate")
    return Q(Exists(events.filter(about_id=OuterRef("pk"), at__gte=at)))


# --- promises ---------------------------------------------------------------------------------------------


def _promises() -> QuerySet[Any, Any]:
    broken = Event.objects.filter(about_kind="commitment", about_id=OuterRef("pk"), kind="promise_broken")
    settled = Q(done_at__gte=moment("begin")) | Q(
        Exists(broken.filter(at__gte=moment("begin"))), status=Commitment.Status.BROKEN
    )
    wanted = Q(promised_for__gte=day("since")) | Q(status=Commitment.Status.OPEN) | settled
    shared = wanted & Q(visible_to_partner=True, promised_for__lte=day("until"))
    private = Q(made_in__conversation__in=Conversation.objects.private().values("pk"))
    made = Q(review_action__review__in=_last().values("pk"))
    rows = Commitment.objects.filter(made | shared & ~private)
    rows = rows.filter(partner=key("partner")).exclude(status=Commitment.Status.WITHDRAWN)
    told = rows.select_related("owner", "contact").annotate(made_at=F("review_action__review"))
    return told.order_by("promised_for", "pk")


PROMISES = Question(_promises)


def promises(asked: Asked) -> Unasked[Any]:
    """Those made in the last review, and those shared that fell due in the time, or were owed from before and
    are still, or were settled in it."""
    return PROMISES.of(slot=asked.review.slot_on, **_times(asked))


def _withdrawn() -> QuerySet[Any, Any]:
    about = Event.objects.filter(about_kind="commitment", about_id=OuterRef("pk"), kind="promise_withdrawn")
    last = about.order_by("-at", "-pk")
    rows = Commitment.objects.filter(partner=key("partner"), status=Commitment.Status.WITHDRAWN).annotate(
        withdrawn_at=Subquery(last.values("at")[:1]),
        withdrawn_by=Subquery(last.values("by_user__name")[:1]),
        reason=Subquery(last.values("note")[:1]),
        undid=Subquery(last.values("undoes")[:1]),
    )
    private = Q(made_in__conversation__in=Conversation.objects.private().values("pk"))
    shared = Q(visible_to_partner=True, withdrawn_at__gte=moment("begin")) & ~private
    made = Q(review_action__review__in=_last().values("pk"))
    rows = rows.filter(made | shared, withdrawn_at__lt=moment("end"), undid=None)  # not as if never said
    return rows.select_related("owner", "contact").order_by("withdrawn_at", "pk")


WITHDRAWN = Question(_withdrawn)


def withdrawn(asked: Asked) -> Unasked[Any]:
    """Those made in the last review or shared that were withdrawn in the time: by whom, and why."""
    return WITHDRAWN.of(slot=asked.review.slot_on, **_times(asked))


# --- what each side got -----------------------------------------------------------------------------------


def _counted(rows: QuerySet[Any], what: str = "pk") -> Coalesce:
    """How many there are of one partner."""
    counted = rows.order_by().values("partner").annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)


def _given() -> QuerySet[Any, Any]:
    its, begin, end = key("partner"), moment("begin"), moment("end")
    offers = Offer.objects.filter(partner=its, offered_at__gte=begin, offered_at__lt=end)
    won = {"referral__deal__state": Deal.State.WON, "state": Offer.State.ACCEPTED}
    issued = Certificate.objects.filter(_in_time("issued_on", _issued_from), partner=its, withdrawn_at=None)
    opened = {"deal__created_at__gte": begin, "deal__created_at__lt": end, "role": Credit.Role.SOURCED}
    rows = Partner.objects.filter(pk=its).annotate(
        referrals=_counted(offers),
        referrals_won=_counted(offers.filter(**won)),
        trained=_counted(issued),
        helped=_counted(Help.objects.filter(partner=its, asked_at__gte=begin, asked_at__lt=end)),
        brought=_counted(Credit.objects.current().filter(partner=its, **opened), "deal"),
    )
    return rows.values_list("referrals", "referrals_won", "trained", "helped", "brought", named=True)


GIVEN = Question(_given)


def given(asked: Asked) -> Unasked[Any]:
    """How many referrals, certificates, helps and deals there were in the time; one row."""
    return GIVEN.of(**_times(asked))


def _invested() -> QuerySet[Any, Any]:
    rows = Investment.objects.shown().filter(partner=key("partner"))
    return rows.filter(_in_time("on", _from("logged_at"))).order_by("on", "pk")


INVESTED = Question(_invested)


def invested(asked: Asked) -> Unasked[Any]:
    """What we invested in the time, as far as the partner is to read it."""
    return INVESTED.of(**_times(asked))


# --- deals ------------------------------------------------------------------------------------------------


def _won() -> QuerySet[Any, Any]:
    mine = Credit.objects.current().filter(partner=key("partner"), deal__state=Deal.State.WON)
    rows = mine.filter(_in_time("deal__closed_on", _from("deal__phase_since")))
    return rows.select_related("deal__customer").order_by("-deal__closed_on", "pk")


def _open() -> QuerySet[Any, Any]:
    mine = Credit.objects.current().filter(partner=key("partner")).values("deal")
    rows = Deal.objects.open().filter(pk__in=mine).select_related("customer", "phase")
    return rows.order_by("expected_close_on", "pk")


WON, OPEN = Question(_won), Question(_open)


def won(asked: Asked) -> Unasked[Any]:
    """The partner's parts in what was won in the time, the newest first."""
    return WON.of(**_times(asked))


def open_deals(asked: Asked) -> Unasked[Any]:
    """The open deals it has a part in, by the day they are expected to close."""
    return OPEN.of(**_its(asked))


def known_rates(asked: Asked) -> list[Unasked[Any]]:
    """The rates that amounts of the time, and of its last day, are told at."""
    return rates.asked(asked.since)


# --- answers ----------------------------------------------------------------------------------------------

OF_TIME: Any = figures.Asked(moment("begin"), moment("end"), key("partner"))  # type: ignore[arg-type]
IN_TIME = Question(
    lambda: totalled(
        figures.IN_TIME.rows(OF_TIME), n=Count("pk"), k=Count("pk", filter=figures.IN_TIME.counts)
    )
)
TOOK = Question(lambda: figures.answered(OF_TIME).values_list("elapsed_seconds", flat=True))
THEIRS = Question(lambda: figures.THEIR_ANSWERS.rows(OF_TIME).select_related("message"))


def in_time(asked: Asked) -> Unasked[Any]:
    """How many questions that fell due in the time were answered by then, of how many; one row."""
    return IN_TIME.of(**_times(asked))


def took(asked: Asked) -> Unasked[Any]:
    """How many seconds each answer of ours in the time took."""
    return TOOK.of(**_times(asked))


def their_answers(asked: Asked) -> Unasked[Any]:
    """Answers of theirs, where we said by which day we wanted one."""
    return THEIRS.of(**_times(asked))


# --- plan, training, agreements ---------------------------------------------------------------------------

SHARED = Plan.objects.filter(partner=key("partner"), is_shared=True)
TASKS = Question(lambda: Task.objects.filter(plan__in=SHARED.running()).order_by("due_on", "pk"))
HELD = Question(
    lambda: Certificate.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day("on")), partner=key("partner"), withdrawn_at=None
    ).select_related("course")
)
DUE = Question(
    lambda: (
        Task.objects.open()
        .filter(plan__in=SHARED, due_on__gte=day("since"), due_on__lte=day("until"))
        .order_by("due_on", "pk")
    )
)
ENDING = Question(
    lambda: Agreement.objects.in_force().filter(
        partner=key("partner"), ends_on__gte=day("since"), ends_on__lte=day("until")
    )
)


def tasks(asked: Asked) -> Unasked[Task]:
    """The steps of the shared plans that run."""
    return TASKS.of(**_its(asked))


def held(asked: Asked) -> Unasked[Certificate]:
    """The certificates that are valid on the last day."""
    return HELD.of(on=asked.until, **_its(asked))


def due(asked: Asked) -> Unasked[Task]:
    """The steps of shared plans that come due in the months after."""
    return DUE.of(**_after(asked))


def ending(asked: Asked) -> Unasked[Agreement]:
    """The agreements that end in the months after."""
    return ENDING.of(**_after(asked))


# --- of which partner, and when ---------------------------------------------------------------------------


def _its(asked: Asked) -> dict[str, int]:
    return {"partner": asked.partner.pk}


def _days(asked: Asked) -> dict[str, Any]:
    return {**_its(asked), "since": asked.since, "until": asked.until}


def _times(asked: Asked) -> dict[str, Any]:
    (begin, end), (eve, last) = asked.moments, asked.edges
    return {**_days(asked), "begin": begin, "end": end, "eve": eve, "last": last}


def _after(asked: Asked) -> dict[str, Any]:
    since, until = asked.after
    return {**_its(asked), "since": since, "until": until}
