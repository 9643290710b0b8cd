"""The sections every packet has, in the order it begins with."""

from django.utils.translation import gettext_lazy as _

from reviews.meetings.packet import drawn, record
from reviews.meetings.packet.sections import Section

SECTIONS = [
    Section(
        "promises",
        _("What we promised each other"),
        _(
            "Promises of the last review, then those shared with you that fell due since or are still owed "
            "from before. Of those done, broken or past their day: kept by the first date promised; by one "
            "moved before it had passed and agreed by the other side; late or broken. What was withdrawn in "
            "the time counts nowhere and is listed with who and why."
        ),
        drawn.promises,
        version=3,
        restates=True,
        anew=drawn.promises_anew,
        reads=(record.last, record.promises, record.withdrawn),
    ),
    Section(
        "topics",
        _("To talk about"),
        _("What either side put on the agenda."),
        drawn.topics,
        reads=(record.topics,),
    ),
    Section(
        "exchange",
        _("What you got from us, and what we got"),
        _(
            "Referrals offered, certificates issued, and help asked for in the time, and what we invested in "
            "it: introductions, hours, and funds, each currency apart; deals opened in it that you sourced, "
            "and what of yours was won in it."
        ),
        drawn.exchange,
        version=2,
        restates=True,
        reads=(record.given, record.invested, record.won),
    ),
    Section(
        "results",
        _("Results"),
        _(
            "Deals won in the time, by your part in them. Parts are not added up; where there are several "
            "currencies, the sum names the rates of the days the deals closed."
        ),
        drawn.results,
        version=2,
        restates=True,
        reads=(record.won, record.known_rates),
    ),
    Section(
        "deals",
        _("Open deals"),
        _(
            "Deals with a part of yours that are open on the day. Where there are several currencies, the "
            "sum names the rates of the day."
        ),
        drawn.deals,
        version=2,
        reads=(record.open_deals, record.known_rates),
    ),
    Section(
        "responses",
        _("How we answered each other"),
        _(
            "Questions of yours that fell due in the time and were answered by then; the median of all "
            "answers given in it, from five on. Answers of yours only where we said by which day we wanted "
            "one."
        ),
        drawn.responses,
        version=2,
        restates=True,
        reads=(record.in_time, record.took, record.their_answers),
    ),
    Section(
        "plan",
        _("Plan and training"),
        _("Steps of the plan that runs, and certificates valid on the day."),
        drawn.plan,
        reads=(record.tasks, record.held),
    ),
    Section(
        "following",
        _("What is next"),
        _("In the three months after: deals expected to close, steps due, agreements that end."),
        drawn.following,
        reads=(record.open_deals, record.due, record.ending),
    ),
    Section("ask", _("Our honest ask"), _("What would help most, in our own words."), drawn.ask),
]
