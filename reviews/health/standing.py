"""The measures read as things stand: deals against their own year, certificates, contact, answers."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from conversations.models import Message
from lifecycle.growth.tiering import criteria
from lifecycle.growth.tiering.measuring import CERTIFIED
from lifecycle.models import Course, Deal
from partners.models import Partner
from reviews.health.measures import MOST, Asked, Measure, Row, Rows
from reviews.health.scoring import ONE, Fact
from reviews.models import Mark, SurveyQuestion
from reviews.surveying import results
from team.models import User

QUARTER, BEFORE = timedelta(days=90), timedelta(days=360)  # the last 90 days, after the 270 before them
LEAST_DEALS = 3
QUIET_AFTER = 30  # days without contact that take nothing away
Scale = SurveyQuestion.Scale

# --- the trend of deals ---------------------------------------------------------------------------------


def _opened(asked: Asked) -> QuerySet[Deal]:
    return Deal.objects.filter(**asked.them(), created_at__gt=asked.at - BEFORE, created_at__lte=asked.at)


def _won(asked: Asked) -> QuerySet[Deal]:
    days = (asked.day - BEFORE + timedelta(days=1), asked.day)
    return Deal.objects.filter(**asked.them(), state=Deal.State.WON, closed_on__range=days)


def _trend(asked: Asked) -> dict[int, Fact]:
    """Deals opened and won in 90 days against a third of those in the 270 days before; two queries."""
    latest = Count("pk", filter=Q(created_at__gt=asked.at - QUARTER))
    opened = _opened(asked).order_by().values_list("partner")
    seen: dict[int, list[tuple[int, int, date]]] = {}
    zone = ZoneInfo(asked.zone)
    for partner, late, n, newest in opened.annotate(late=latest, n=Count("pk"), newest=Max("created_at")):
        seen.setdefault(partner, []).append((late, n, newest.astimezone(zone).date()))
    lately = Count("pk", filter=Q(closed_on__gt=asked.day - QUARTER))
    won = _won(asked).order_by().values_list("partner")
    for partner, late, n, newest in won.annotate(late=lately, n=Count("pk"), newest=Max("closed_on")):
        seen.setdefault(partner, []).append((late, n, newest))
    return {
        partner: _against(sum(each[0] for each in found), n, max(each[2] for each in found))
        for partner, found in seen.items()
        if (n := sum(each[1] for each in found)) >= LEAST_DEALS
    }


def _against(late: int, n: int, newest: date) -> Fact:
    before = n - late
    return Fact(min(3 * late, before), before, n, newest) if before else Fact(1, 1, n, newest)


def _trend_rows(asked: Asked, user: User) -> Rows:
    """Each opening and each winning is a row."""
    zone, rows = ZoneInfo(asked.zone), []
    opened, won = list(_opened(asked)), list(_won(asked))
    seen = Deal.objects.visible_to(user)
    read = set(seen.filter(pk__in=[deal.pk for deal in (*opened, *won)]).values_list("pk", flat=True))
    for deal in opened:
        rows.append((deal, deal.created_at.astimezone(zone).date(), _("opened")))
    for deal in won:
        rows.append((deal, deal.closed_on or asked.day, _("won")))
    shown = [
        Row(deal.name, on, says, True if on > asked.day - QUARTER else None, deal.get_absolute_url())
        for deal, on, says in sorted(rows, key=lambda row: (row[1], row[0].pk), reverse=True)
        if deal.pk in read
    ]
    return Rows(shown[:MOST], len(rows), len(rows) - len(shown))


# --- enablement and engagement --------------------------------------------------------------------------


def _for_certified(asked: Asked) -> criteria.Asked:
    whom = {key.replace("partner", "pk", 1): value for key, value in asked.them().items()}
    return criteria.Asked(Partner.objects.filter(**whom).values("pk"), asked.day)


def _certified(asked: Asked) -> dict[int, Fact]:
    """People there with a certificate, against the number wanted; unknown where nothing is taught."""
    if not Course.objects.filter(published_at__isnull=False).exists():
        return {}
    held, wanted = CERTIFIED.measure(_for_certified(asked)), asked.rules.certified_wanted
    whom = {key.replace("partner", "pk", 1): value for key, value in asked.them().items()}
    everybody = Partner.objects.live().filter(**whom).values_list("pk", flat=True)
    return {pk: Fact(min(held.get(pk, 0), wanted), wanted, held.get(pk, 0)) for pk in everybody}


def _certified_rows(asked: Asked, user: User) -> Rows:
    rows = CERTIFIED.rows(_for_certified(asked))
    shown = [Row(row.words, row.on, _("holds on the day"), True, row.url) for row in rows]
    return Rows(shown, len(shown))


def _contacts(asked: Asked) -> QuerySet[Message]:
    """What they wrote, and talks with them; what only we wrote is none."""
    both = Q(direction=Message.Direction.IN) | Q(channel__in=[Message.Channel.CALL, Message.Channel.MEETING])
    kept = {"is_automatic": False, "withdrawn_at": None, "declined_at": None, "unconfirmed": False}
    return Message.objects.filter(both, **kept, **asked.them(), occurred_at__lte=asked.at)


def _contact(asked: Asked) -> dict[int, Fact]:
    """How long ago the last one was: the first 30 days take nothing away, then it fades."""
    year = Count("pk", filter=Q(occurred_at__gt=asked.moment(asked.since)))
    last = _contacts(asked).order_by().values_list("partner")
    zone = ZoneInfo(asked.zone)
    found = {}
    for partner, newest_at, n in last.annotate(newest=Max("occurred_at"), n=year):
        newest = newest_at.astimezone(zone).date()
        found[partner] = Fact(asked.weight(newest + timedelta(days=QUIET_AFTER)), ONE, n, newest)
    return found


def _contact_rows(asked: Asked, user: User) -> Rows:
    rows = _contacts(asked).filter(occurred_at__gt=asked.moment(asked.since))
    seen, count, zone = (
        rows.filter(pk__in=Message.objects.visible_to(user).values("pk")),
        rows.count(),
        asked.zone,
    )
    shown = [
        Row(
            row.subject or row.conversation.subject,
            row.occurred_at.astimezone(ZoneInfo(zone)).date(),
            str(row.get_channel_display()),
            None,
            row.conversation.get_absolute_url(),
        )
        for row in seen.select_related("conversation").order_by("-occurred_at", "-pk")[:MOST]
    ]
    return Rows(shown, count, count - seen.count())


# --- sentiment ------------------------------------------------------------------------------------------


def _marks(asked: Asked) -> QuerySet[Mark]:
    """The first marks of attributed answers that have not expired; confidential ones are in no health."""
    return Mark.objects.filter(
        **asked.them("answer__invitation__partner"),
        answer__invitation__survey__is_confidential=False,
        answer__at__gt=asked.moment(asked.answers_since),
        answer__at__lte=asked.at,
        question__place=0,
        question__scale__in=[Scale.TEN, Scale.FIVE],
        value__isnull=False,
    )


def _said(asked: Asked) -> dict[int, Fact]:
    """The mean of their marks, each on its scale from nothing to all; answers do not fade, they expire."""
    rows = _marks(asked).order_by().values_list("answer__invitation__partner", "question__scale")
    zone = ZoneInfo(asked.zone)
    found: dict[int, Fact] = {}
    for partner, scale, n, total, last in rows.annotate(n=Count("pk"), t=Sum("value"), at=Max("answer__at")):
        good = 4 * total if scale == Scale.TEN else 10 * (total - n)  # of 40 each: 0 to 10, and 1 to 5
        was, newest = found.get(partner, Fact(0, 0, 0)), last.astimezone(zone).date()
        newest = max(was.newest or newest, newest)
        found[partner] = Fact(was.good + good, was.of + 40 * n, was.n + n, newest)
    return found


def _said_rows(asked: Asked, user: User) -> Rows:
    rows = _marks(asked).filter(results.seen(user, "answer__invitation__"))
    related = ("question", "answer__invitation__survey", "answer__invitation__contact")
    zone = ZoneInfo(asked.zone)
    shown = [
        Row(
            f"{row.answer.invitation.contact or '–'}, {row.answer.invitation.survey}",
            row.answer.at.astimezone(zone).date(),
            _("{value} of {most}").format(value=row.value, most=row.question.most),
            None,
            row.answer.invitation.survey.get_absolute_url(),
        )
        for row in rows.select_related(*related).order_by("-answer__at", "-pk")[:MOST]
    ]
    return Rows(shown, rows.count())


MEASURES = [
    Measure(
        "trend",
        "commercial",
        "Deals against their own year",
        "Deals opened and won in 90 days, against a third of those in the 270 days before, at most all of "
        "it. Unknown under three.",
        _trend,
        _trend_rows,
        10,
    ),
    Measure(
        "certified",
        "engagement",
        "Certified people",
        "People there who hold a certificate on the day, against the number the formula wants. Unknown where "
        "no course is taught.",
        _certified,
        _certified_rows,
        8,
    ),
    Measure(
        "contact",
        "engagement",
        "Contact",
        "How long ago they last wrote, or we last talked: 30 days take nothing away, then it fades. Visits "
        "to the portal count for nothing.",
        _contact,
        _contact_rows,
        12,
    ),
    Measure(
        "said",
        "sentiment",
        "What they answer",
        "The mean of their marks in attributed surveys, from nothing to all. An answer counts until it "
        "expires; confidential ones are not in it.",
        _said,
        _said_rows,
        10,
    ),
]
