"""What each section shows: a question or two, values that JSON keeps. Only what both sides may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from statistics import median
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.models import Commitment
from lifecycle.growth.investing.models import Investment, in_hours
from lifecycle.growth.models import Credit, Deal
from lifecycle.models import Certificate, Task
from partners.organisations import local_day
from prm.figures import Share
from prm.money import Money, in_each
from prm.rates import Amount, Rates
from prm.templatetags.ui import span
from reviews.meetings.packet import record
from reviews.meetings.packet.sections import CONFIDENTIAL, Asked, Values
from team import rates

MOST = 40  # lines of a section
KEPT, MOVED = Commitment.Status.KEPT, Commitment.Status.RENEGOTIATED
TONES = {"kept": "ok", "renegotiated": "ok", "late": "warn", "broken": "bad"}


def line(text: str, note: str = "", pill: str = "", tone: str = "") -> Values:
    return {"text": text, "note": note, "pill": pill, "tone": tone}


def figure(key: str, name: str, value: Any) -> Values:
    return {"key": key, "name": name, "value": value}


def _day(on: date | None) -> str:
    return date_format(on, "j M Y") if on else ""


def moments(asked: Asked) -> tuple[datetime, datetime]:
    return asked.moments


# --- promises ---------------------------------------------------------------------------------------------


def promises(asked: Asked) -> Values:
    """Those of the last review first, then the others that were shared and fell due up to now; apart from
    them what was withdrawn."""
    last = next(iter(asked.rows(record.last)), None)
    found, withdrawn = asked.rows(record.promises), asked.rows(record.withdrawn)
    if not found and not withdrawn:
        return {}
    stood = {str(each.pk): _stands(each, asked) for each in found}
    shown: Values = {
        "figures": _kept([(each.side, stood[str(each.pk)]) for each in found]),
        "last": [_promise(each, asked) for each in found if last and each.made_at == last.pk][:MOST],
        "lines": [_promise(each, asked) for each in found if not last or each.made_at != last.pk][:MOST],
        "stood": stood,
    }
    return (
        shown | {"withdrawn": [_withdrawn(each, asked) for each in withdrawn[:MOST]]} if withdrawn else shown
    )


def promises_anew(kept: Values, asked: Asked) -> Values:
    """Their figures where what was settled when they were kept is otherwise by now: not kept after all, or
    withdrawn. What became since of those that were open is told by the next packet."""
    stood = kept.get("stood", {})
    found = Commitment.objects.filter(pk__in=[int(pk) for pk in stood])
    told = []
    for each in found:
        was = stood[str(each.pk)]
        stands = was if was in {OPEN, PAST} else _stands(each, asked)
        if stands != Commitment.Status.WITHDRAWN:
            told.append((each.side, stands))
    return {"figures": _kept(told)}


SAID = {  # of each side: kept by the first date, moved with consent and kept, failed, still to come
    Commitment.Side.OURS: (
        gettext_lazy("We kept by the first date"),
        gettext_lazy("We kept by a date agreed beforehand"),
        gettext_lazy("We were late with, or broke"),
        gettext_lazy("We owe, not due yet"),
    ),
    Commitment.Side.THEIRS: (
        gettext_lazy("You kept by the first date"),
        gettext_lazy("You kept by a date agreed beforehand"),
        gettext_lazy("You were late with, or broke"),
        gettext_lazy("You owe, not due yet"),
    ),
}


OPEN, PAST = Commitment.Status.OPEN, "past"


def _stands(each: Any, asked: Asked) -> str:
    """Its state; past where it is open still after its day."""
    return PAST if _is_late(each, asked) else each.status


def _kept(told: list[tuple[str, str]]) -> list[Values]:
    """Of each side the three figures of what fell due, side by side, and how many are open still."""
    return [
        each
        for side in Commitment.Side
        for each in _of_side([stands for of, stands in told if of == side], side)
    ]


def _of_side(stands: list[str], side: Commitment.Side) -> Iterator[Values]:
    due = [each for each in stands if each != OPEN]
    kept, moved, failed, ahead = SAID[side]
    by_first, by_moved = due.count(KEPT), due.count(MOVED)
    if due:
        yield figure(side.value, str(kept), _share(by_first, len(due)))
        yield figure(f"{side.value}_moved", str(moved), _share(by_moved, len(due)))
        late = len(due) - by_first - by_moved
        yield figure(f"{side.value}_failed", str(failed), _share(late, len(due)))
    if len(stands) > len(due):
        yield figure(f"{side.value}_open", str(ahead), len(stands) - len(due))


def _share(k: int, n: int) -> str:
    return _("{k} of {n}").format(k=k, n=n)


def _is_late(each: Any, asked: Asked) -> bool:
    """Still open after its day."""
    return bool(each.is_open and each.promised_for < asked.until)


def _who(each: Any, asked: Asked) -> Any:
    return each.owner if each.side == Commitment.Side.OURS else each.contact or asked.partner


def _promise(each: Any, asked: Asked) -> Values:
    is_late = _is_late(each, asked)
    tone = "bad" if is_late else TONES.get(each.status, "")
    word = _("overdue") if is_late else str(each.get_status_display()).lower()
    return line(each.text, f"{_who(each, asked)} · {_when(each)}", word, tone)


def _when(each: Any) -> str:
    """The day it is promised for, and whether that is another than the first."""
    day, first = _day(each.promised_for), _day(each.original_promised_for)
    if day == first:
        return day
    moved = _("{day}, moved from {first} with consent beforehand")
    return (moved if each.moved_beforehand else _("{day}, moved from {first}")).format(day=day, first=first)


def _withdrawn(each: Any, asked: Asked) -> Values:
    on = local_day(each.withdrawn_at, asked.zone)
    why = _("withdrawn on {day} by {person}: {reason}").format(
        day=_day(on), person=each.withdrawn_by, reason=each.reason
    )
    return line(each.text, f"{_who(each, asked)} · {_when(each)} · {why}")


# --- what each side got -----------------------------------------------------------------------------------


def exchange(asked: Asked) -> Values:
    """What you got from us, beside what we got from you."""
    (counted,) = asked.rows(record.given)
    given = [
        figure("referrals", _("Referrals passed to you"), counted.referrals),
        figure("referrals_won", _("Of them won"), counted.referrals_won),
        figure("trained", _("Certificates of your people"), counted.trained),
        figure("helped", _("Help with deals you asked for"), counted.helped),
        *_invested(asked),
    ]
    sourced = [each for each in asked.rows(record.won) if each.role == Credit.Role.SOURCED]
    got = [
        figure("brought", _("Deals you brought"), counted.brought),
        *(figure(f"sourced_{e.currency}", _("Won of what you brought"), str(e)) for e in _worth(sourced)),
    ]
    shown = {"figures": [each for each in given if each["value"]], "got": [e for e in got if e["value"]]}
    lines = [_investment(each) for each in asked.rows(record.invested)]
    return shown | {"lines": lines[:MOST]} if lines else shown


def _invested(asked: Asked) -> Iterator[Values]:
    """Introductions, hours and funds; funds of each currency apart, and not for everybody of us to read."""
    rows = asked.rows(record.invested)
    introduced = sum(each.kind == Investment.Kind.INTRODUCTION for each in rows)
    yield figure("introduced", _("Introductions we made"), introduced)
    yield figure("hours", _("Time of ours"), in_hours(sum(each.minutes or 0 for each in rows)))
    for each in in_each((row.currency, row.amount) for row in rows if row.amount is not None):
        yield figure(f"funds_{each.currency}", _("Funds"), str(each)) | CONFIDENTIAL


def _investment(each: Investment) -> Values:
    kind = str(each.get_kind_display())
    told = line(each.words, f"{kind} · {_day(each.on)}", _given(each))
    return told | CONFIDENTIAL if each.worth else told


def _given(each: Investment) -> str:
    """How much, or to whom."""
    return str(each.worth) if each.worth else each.to or each.time


def _worth(credits: Iterable[Credit]) -> list[Money]:
    """What their deals are worth, in each currency."""
    return in_each((e.deal.currency, e.deal.amount) for e in credits if e.deal.amount is not None)


# --- results, deals, next ---------------------------------------------------------------------------------


def results(asked: Asked) -> Values:
    """What was won in the time, by the partner's part in it; parts are never added up."""
    rows = asked.rows(record.won)
    figures_ = []
    for role in Credit.Role:
        mine = [each for each in rows if each.role == role]
        if mine:
            part = str(role.label).lower()
            figures_.append(figure(role.value, _("Deals {part}").format(part=part), len(mine)))
            figures_ += [
                figure(f"{role}_{each.currency}", f"{role.label}, {each.currency}", str(each))
                for each in _worth(mine)
            ]
            figures_ += _in_one(asked, f"{role}_all", str(role.label), _closed(mine))
    lines = [_won_line(each) for each in rows]
    return {"figures": figures_, "lines": lines[:MOST]} if rows else {}


def _closed(credits: Iterable[Credit]) -> list[Amount]:
    """What their deals are worth, each on the day it closed."""
    found = [each.deal for each in credits]
    return [Amount(e.amount, e.currency, e.closed_on) for e in found if e.amount is not None and e.closed_on]


def _in_one(asked: Asked, key: str, name: str, amounts: list[Amount]) -> list[Values]:
    """The sum of several currencies in the one we report in, with its rates; nothing for one currency."""
    if len({each.currency for each in amounts}) < 2:
        return []
    total = asked.once(known_rates).total(amounts)
    return [figure(key, _("{name}, in all").format(name=name), str(total))]


def known_rates(asked: Asked) -> Rates:
    """The rates that amounts of the time, and of its last day, are told at."""
    return rates.ours(asked.since)


def _won_line(credit: Credit) -> Values:
    won = _("won {day}").format(day=_day(credit.deal.closed_on))
    return _deal(credit.deal, won, str(credit.get_role_display()))


def _deal(deal: Deal, note: str, pill: str) -> Values:
    worth = f" · {deal.worth}" if deal.worth else ""
    return line(f"{deal.name}, {deal.customer}", f"{note}{worth}".strip(" ·"), pill)


def deals(asked: Asked) -> Values:
    """Open deals by name, as they stand."""
    rows = asked.rows(record.open_deals)
    worth = in_each((each.currency, each.amount) for each in rows if each.amount is not None)
    sums = [figure(f"open_{each.currency}", _("Open"), str(each)) for each in worth]
    known = [Amount(e.amount, e.currency, asked.until) for e in rows if e.amount is not None]
    sums += _in_one(asked, "open_all", _("Open"), known)
    lines = [_deal(each, _closes(each), str(each.phase)) for each in rows]
    counted = figure("open", _("Open deals"), len(rows))
    return {"figures": [counted, *sums], "lines": lines[:MOST]} if rows else {}


def _closes(deal: Deal) -> str:
    on = deal.expected_close_on
    return _("closes {day}").format(day=_day(on)) if on else _("closes later")


def following(asked: Asked) -> Values:
    """What is to come in the next three months: deals to close, tasks of the plan, ends of agreements."""
    deals = asked.rows(record.open_deals)
    closing = [each for each in deals if _is_within(each.expected_close_on, *asked.after)]
    lines = [
        _deal(each, _("expected {day}").format(day=_day(each.expected_close_on)), _("deal"))
        for each in closing[:MOST]
    ]
    lines += [line(e.text, _day(e.due_on), _("task")) for e in asked.rows(record.due)[:MOST]]
    end = _("The agreement comes to its end")
    lines += [line(end, _day(e.ends_on), _("agreement")) for e in asked.rows(record.ending)[:MOST]]
    return {"lines": lines} if lines else {}


def _is_within(on: date | None, since: date, until: date) -> bool:
    return on is not None and since <= on <= until


# --- how we answer, plan and training ---------------------------------------------------------------------


def responses(asked: Asked) -> Values:
    """How we answered what you asked, and you what we wanted answered by a day."""
    share, took = _answers(asked)
    found = [figure("in_time", _("Answered in time"), _share(share.k, share.n))] if share.n else []
    if len(took) >= share.least:
        found.append(figure("median", _("Median of {n} answers").format(n=len(took)), span(median(took))))
    found += _theirs(asked)
    return {"figures": found} if found else {}


def _theirs(asked: Asked) -> list[Values]:
    """Missing where we never said by when."""
    share, took = _their_answers(asked)
    if not share.n:
        return []
    told = [figure("their_in_time", _("You answered by the day we asked for"), _share(share.k, share.n))]
    if len(took) >= share.least:
        name = _("Median of {n} answers of yours").format(n=len(took))
        told.append(figure("their_median", name, span(median(took))))
    return told


def _answers(asked: Asked) -> tuple[Share, list[float]]:
    """How many questions that fell due were answered by then, and how many seconds each answer took."""
    told = asked.rows(record.in_time)
    share = Share(told[0]["k"], told[0]["n"]) if told else Share(0, 0)
    return share, [each for each in asked.rows(record.took) if each is not None]


def _their_answers(asked: Asked) -> tuple[Share, list[float]]:
    """The same of theirs."""
    rows = asked.rows(record.their_answers)
    given = [each for each in rows if each.answered_at is not None]
    took = [(each.answered_at - each.message.occurred_at).total_seconds() for each in given]
    return Share(sum(each.answered_at < each.ends_at for each in given), len(rows)), took


def plan(asked: Asked) -> Values:
    """The plan that runs, and the certificates of their people."""
    tasks, valid = asked.rows(record.tasks), asked.rows(record.held)
    found = []
    if tasks:
        found.append(figure("done", _("Steps of the plan done"), _share(_done(tasks), len(tasks))))
    if valid:
        found.append(figure("certificates", _("Certificates held"), len(valid)))
    _until, near = asked.after
    lines = [_task(each, asked.until) for each in tasks if each.is_open]
    lines += [_ends(each) for each in valid if each.valid_until and each.valid_until <= near]
    return {"figures": found, "lines": lines[:MOST]} if found else {}


def _ends(held: Certificate) -> Values:
    until = _("until {day}").format(day=_day(held.valid_until))
    return line(f"{held.course}, {held.name}", until, _("certificate ends"), "warn")


def _done(tasks: Iterable[Task]) -> int:
    return sum(not each.is_open for each in tasks)


def _task(task: Task, on: date) -> Values:
    is_late = task.due_on is not None and task.due_on < on
    whose = _("yours") if task.is_theirs else _("ours")
    pill, tone = (_("late"), "bad") if is_late else ("", "")
    return line(task.text, f"{whose} · {_day(task.due_on)}".strip(" ·"), pill, tone)


def topics(asked: Asked) -> Values:
    """What one of us wants talked about."""
    rows = asked.rows(record.topics)
    return {"lines": [line(each.text, each.who) for each in rows]} if rows else {}


def ask(asked: Asked) -> Values:
    """Nothing but what the manager writes."""
    return {}
