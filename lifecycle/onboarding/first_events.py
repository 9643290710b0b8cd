"""The first commercial event after signing, and the alarm when day 90 comes near without one.

Which event it is is chosen for each type of partner, in versions: a partner keeps what was chosen when it
was first looked at. Whoever was signed within the last 90 days is looked at once a day until it happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations import responsibility
from conversations.commitments import end_of
from lifecycle.models import Credit, Deal, Evidence, FirstEvent, FirstEventRule, Registration
from partners.models import Event, Partner, PartnerType, Status
from partners.organisations import local_day
from prm import once, references, sweeper
from prm.questions import Asked, Question, key
from prm.refusals import Refused
from team import notices
from team.companies import zone_of
from team.models import Notice, User

MISSING = "first_event_missing"
WITHIN = 90  # days from signing
WARN_AFTER = (75, WITHIN)
LOOKED_AT_FOR = 180  # days from signing
DAY = timedelta(days=1)
BATCH = 200
What = FirstEventRule.What
DEFAULT = What.DEAL_WON


class RuleRefused(Refused):
    """The event stays as it was chosen."""


# --- chosen ---------------------------------------------------------------------------------------------


@transaction.atomic
def choose(kind: PartnerType | None, what: str, by: User, at: datetime) -> FirstEventRule:
    """Choose the event for a type, or for all without a choice of their own; it holds for partners that are
    signed from then on."""
    former = FirstEventRule.objects.select_for_update().filter(kind=kind, to_at=None).first()
    if former is not None and former.what == what:
        raise RuleRefused(_("This is chosen already."))
    FirstEventRule.objects.filter(kind=kind, to_at=None).update(to_at=at)
    chosen = FirstEventRule.objects.create(kind=kind, what=what, by=by, from_at=at)
    Event.record("first_event_chosen", at, by, note=str(chosen))
    return chosen


def chosen_for(kinds: dict[int | None, str], kind: int | None) -> str:
    """The event of a type: its own, else that for all."""
    return kinds.get(kind) or kinds.get(None) or DEFAULT.value


def chosen() -> dict[int | None, str]:
    """What is chosen now, by type; None is for all."""
    return dict(FirstEventRule.objects.filter(to_at=None).values_list("kind", "what"))


# --- looked at ------------------------------------------------------------------------------------------


def sweep(at: datetime) -> int:
    """Begin to look at whoever was signed lately, then look at each whose day has come."""
    begin(at)
    due = FirstEvent.objects.select_related("partner__owner__lead")
    return sweeper.in_batches(due, at, check)


def begin(at: datetime) -> int:
    """A row for everybody signed within the last 90 days who has none; how many."""
    since = local_day(at, zone_of()) - WITHIN * DAY
    lately = Partner.objects.filter(signed_on__gt=since, merged_into=None, first_event=None)
    rows = list(lately.order_by("signed_on", "pk").values_list("pk", "signed_on", "kind")[:BATCH])
    kinds = chosen() if rows else {}
    new = [
        FirstEvent(partner_id=pk, signed_on=on, what=chosen_for(kinds, kind), next_check_at=at)
        for pk, on, kind in rows
        if on is not None
    ]
    return len(once.add_all(new, ("partner",)))


def check(row: FirstEvent, at: datetime) -> None:
    """See whether it has happened; from day 75 on tell that it has not."""
    signed_on = row.partner.signed_on
    if signed_on is None:
        row.delete()
        return
    row.signed_on, row.happened_on = signed_on, _first(row.partner, row.what, signed_on)
    late = local_day(at, zone_of(row.partner.owner)) > signed_on + LOOKED_AT_FOR * DAY
    gone = row.partner.status == Status.ENDED or row.partner.merged_into_id is not None
    is_over = row.happened_on is not None or late or gone
    row.next_check_at = None if is_over else at + DAY
    row.save(update_fields=["signed_on", "happened_on", "next_check_at"])
    come = [(days, moment) for days, moment in _moments(row) if moment <= at]
    if come and not is_over:
        _warn(row, *come[-1], at)


def _first(partner: Partner, what: str, signed_on: date) -> date | None:
    """The day the event first happened; what was before signing does not count."""
    if what == What.REGISTRATION_ACCEPTED:
        rows = Registration.objects.filter(partner=partner, deal__isnull=False)
        asked = rows.aggregate(first=Min("asked_at"))["first"]
        return max(local_day(asked, zone_of()), signed_on) if asked else None
    if what == What.DEAL_WON:
        mine = Credit.objects.current().filter(partner=partner).values("deal")
        won = Deal.objects.filter(pk__in=mine, state=Deal.State.WON, closed_on__gte=signed_on)
        return won.aggregate(first=Min("closed_on"))["first"]
    facts = Evidence.objects.standing().filter(partner=partner, kind=what, on__gte=signed_on)
    return facts.aggregate(first=Min("on"))["first"]


def _moments(row: FirstEvent) -> Iterator[tuple[int, datetime]]:
    """When day 75 begins and when day 90 is over, in the owner's zone."""
    zone = zone_of(row.partner.owner)
    for days in WARN_AFTER:
        whole = days if days == WITHIN else days - 1
        yield days, end_of(row.signed_on + whole * DAY, zone)


def _warn(row: FirstEvent, days: int, moment: datetime, at: datetime) -> None:
    """The owner and its lead, or the heads, are told once for each of the two days."""
    partner, about = row.partner, references.to(row)
    note = f"{row.get_what_display()}, day {days}"
    key_ = f"{MISSING}:{row.partner_id}:{row.signed_on.isoformat()}:{days}"
    if Event.record(MISSING, at, "sweep", partner, about, note=note, key=key_) is None:
        return
    said = _("{partner} was signed {days} days ago, and there is no “{what}” yet")
    text = said.format(partner=partner, days=days, what=row.get_what_display())
    told = [*responsibility.person_or_heads(partner.owner), *responsibility.leads_of(partner.owner)]
    for person in dict.fromkeys(told):
        notices.give(person, MISSING, about, moment, at, text, partner.get_absolute_url())


def still_stands(notice: Notice) -> bool:
    """Whether it has not happened meanwhile: asked when the mail is composed."""
    row = FirstEvent.objects.select_related("partner__owner").filter(pk=notice.cause_id).first()
    if row is None or row.partner.signed_on is None or row.partner.status == Status.ENDED:
        return False
    return _first(row.partner, row.what, row.partner.signed_on) is None


# --- shown ----------------------------------------------------------------------------------------------

OF = Question(lambda: FirstEvent.objects.filter(partner=key("partner")))


def asked(partner: Partner) -> list[Asked[FirstEvent]]:
    """What `line` asks."""
    return [OF.of(partner=partner.pk)]


@dataclass(frozen=True)
class Line:
    """What the partner's page says of it."""

    words: str
    tone: str


def line(partner: Partner, today: date) -> Line | None:
    """None where it was signed too long ago, or not; then nothing is asked of the database either."""
    if partner.signed_on is None or not 0 <= (today - partner.signed_on).days <= LOOKED_AT_FOR:
        return None
    row = next(iter(OF.ask(partner=partner.pk)), None)
    if row is None:
        return None
    what, day = str(row.get_what_display()), (today - partner.signed_on).days
    if row.happened_on is not None:
        on = date_format(row.happened_on, "j F Y")
        return Line(_("First “{what}” on {day}").format(what=what, day=on), "ok")
    tone = "warn" if day >= WARN_AFTER[0] else "muted"
    return Line(_("No “{what}” yet, day {n} of {all}").format(what=what, n=day, all=WITHIN), tone)
