"""What is said of a day, and which day it means: "next Friday", "in zwei Wochen", "12.6.", "KW 24".

The end of a week, month, quarter or year is its last working day. What "next" and a day without a year
mean stands with each meaning.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from conversations.catching import words
from conversations.catching.weeks import ONE, Here

SLIPPED = 92  # days; a day without a year that passed since is meant as past, an older one as next year's

Found = dict[str, str]
Meaning = Callable[[Here, Found], date]


def _numbered(name: str) -> dict[str, int]:
    return {word: int(number) for number, listed in words.meant(name).items() for word in listed}


WEEKDAYS, MONTHS, NUMBERS = _numbered("weekdays"), _numbered("months"), _numbered("numbers")
UNITS = {word: unit for unit, listed in words.meant("units").items() for word in listed}
SPANS = {"month": 1, "quarter": 3, "year": 12}
EARLY, DOUBTFUL = set(words.listed("early")), set(words.listed("doubtful"))


# --- what the phrases mean ------------------------------------------------------------------------


def _date(here: Here, found: Found) -> date:
    month = int(found["month_no"]) if found.get("month_no") else MONTHS[found["month"].lower()]
    dom, year = int(found["dom"]), found.get("year")
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, dom)
    return _coming(here, lambda of_year: date(of_year, month, dom))


def _slashed(here: Here, found: Found) -> date:
    """Day first, unless only the other can be the month."""
    if int(found["month_no"]) > 12:
        found = {**found, "month_no": found["dom"], "dom": found["month_no"]}
    return _date(here, found)


def _coming(here: Here, of_year: Callable[[int], date]) -> date:
    """The day of this year; next year's where it passed so long ago that nobody means it."""
    day = of_year(here.today.year)
    return of_year(here.today.year + 1) if (here.today - day).days > SLIPPED else day


def _day_of_month(here: Here, found: Found) -> date:
    """The next day of that number."""
    month = here.today.replace(day=1)
    for ahead in range(12):
        first = _months_on(month, ahead)
        if int(found["dom"]) <= _length(first) and first.replace(day=int(found["dom"])) >= here.today:
            return first.replace(day=int(found["dom"]))
    raise ValueError("no month has this day")


def _weekday(here: Here, found: Found) -> date:
    """The coming one; said on that weekday, the one in a week."""
    return here.today + ((WEEKDAYS[found["weekday"].lower()] - here.today.weekday() - 1) % 7 + 1) * ONE


def _next_weekday(here: Here, found: Found) -> date:
    """That of the next week, also where one of this week still lies ahead."""
    first = here.week(1)
    return first + (WEEKDAYS[found["weekday"].lower()] - first.weekday()) % 7 * ONE


def _end(here: Here, found: Found) -> date:
    return _end_of(here, found["unit"])


def _end_of_next(here: Here, found: Found) -> date:
    return _end_of(here, found["unit"], ahead=1)


def _end_of(here: Here, name: str, ahead: int = 0) -> date:
    unit = UNITS[name.lower()]
    if unit == "week":
        return here.end_of_week(here.week(ahead))
    if unit not in SPANS:
        return here.today + ahead * ONE
    this = here.today.replace(day=1, month=here.today.month - (here.today.month - 1) % SPANS[unit])
    first = _months_on(this, ahead * SPANS[unit])
    return here.last_worked(first, _months_on(first, SPANS[unit]) - ONE)


def _months_on(first: date, count: int) -> date:
    years, month = divmod(first.month - 1 + count, 12)
    return first.replace(year=first.year + years, month=month + 1)


def _length(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def _end_of_month(here: Here, found: Found) -> date:
    """The last working day of a month by its name, or of a quarter by its number."""
    month = 3 * int(found["quarter"]) if found.get("quarter") else MONTHS[found["month"].lower()]

    def last(year: int) -> date:
        return date(year, month, _length(date(year, month, 1)))

    day = last(int(found["year"])) if found.get("year") else _coming(here, last)
    return here.last_worked(day.replace(day=1), day)


def _part_of_month(here: Here, found: Found) -> date:
    """Early is until its tenth day, the middle its fifteenth."""
    return _date(here, {**found, "dom": "10" if _is_early(found) else "15"})


def _part_of_next_week(here: Here, found: Found) -> date:
    """Early is until its second day, the middle its third."""
    return here.week(1) + (1 if _is_early(found) else 2) * ONE


def _is_early(found: Found) -> bool:
    return " ".join(found["part"].lower().split()) in EARLY


def _numbered_week(here: Here, found: Found) -> date:
    sunday = _coming(here, lambda year: date.fromisocalendar(year, int(found["week"]), 7))
    return here.end_of_week(sunday - 6 * ONE)


def _span(here: Here, found: Found) -> date:
    """After so many hours, days, working days, weeks, months, quarters or years."""
    count = int(found["count"]) if found["count"].isdecimal() else NUMBERS[found["count"].lower()]
    unit = UNITS[found["unit"].lower()]
    if found.get("working"):
        return here.worked_after(count)
    if unit == "hour":
        return (here.now + timedelta(hours=count)).date()
    if unit not in SPANS:
        return here.today + count * (7 if unit == "week" else 1) * ONE
    month = _months_on(here.today.replace(day=1), count * SPANS[unit])
    return month.replace(day=min(here.today.day, _length(month)))


def _weekend(here: Here, found: Found) -> date:
    """Until it: the last working day before; over it: its last day."""
    return here.week(1) - ONE if found.get("over") else here.end_of_week(here.week())


# --- the table: what is said | what it means ------------------------------------------------------
# The first that fits wins; behind "… " it needs a word that leads to it.

PATTERNS = {
    "dom": r"(?P<dom>3[01]|[12]\d|0?[1-9])",
    "year": r"(?P<year>20\d\d)",
    "short_year": r"(?P<year>20\d\d|\d\d)",
    "month_no": r"(?P<month_no>1[0-2]|0?[1-9])",
    "day_or_month": r"(?P<month_no>3[01]|[12]\d|0?[1-9])",
    "month": f"(?P<month>{words.any_of(MONTHS)})",
    "weekday": f"(?P<weekday>{words.any_of(WEEKDAYS)})(?:morgen|vormittag|mittag|nachmittag|abend)?",
    "a_weekday": rf"(?:(?:{words.any_of(WEEKDAYS)})\.?,? (?:the |den |dem )?)?",
    "unit": f"(?P<unit>{words.any_of(UNITS)})",
    "count": rf"(?P<count>\d{{1,3}}|{words.any_of(NUMBERS)})",
    "working": r"(?P<working>working |business |werk-?|arbeits-?)?",
    "in": r"(?:in|within|innerhalb|binnen)(?: von| the next| den nächsten| der nächsten)?",
    "week": r"(?P<week>5[0-3]|[1-4]\d|0?[1-9])",
    "quarter": r"q(?P<quarter>[1-4])",
    "part": "(?P<part>{early}|{middle})",
    "next": r"(?:next|nächste[rn]?|kommende[rn]?|folgende[rn]?)",
    "this": r"(?:der|des|dieser|dieses|diesen|diese|this|the)",
    "coming": r"(?:this|coming|diesen|dieser|kommenden|kommender)",
}
PHRASES: list[tuple[str, Meaning]] = [
    (r"{a_weekday}{year}-{month_no}-{dom}", _date),
    (r"{a_weekday}{dom}\. ?{month_no}\. ?{short_year}", _date),
    (r"{dom}/{day_or_month}/{short_year}", _slashed),
    (r"{a_weekday}{dom}(?:st|nd|rd|th|\.)? (?:of )?{month}(?:,? {year})?", _date),
    (r"{a_weekday}{month} (?:the )?{dom}(?:st|nd|rd|th)?(?:,? {year})?", _date),
    (r"… {a_weekday}{dom}\. ?{month_no}\.", _date),
    (r"… {dom}(?:st|nd|rd|th)", _day_of_month),
    (r"… {dom}\.(?!\d|\s(?-i:[A-ZÄÖÜ]))", _day_of_month),
    (r"(?:end of |ende )?(?:kw|cw|kalenderwoche|calendar week|week) ?{week}(?! of)", _numbered_week),
    (r"{weekday} (?:of )?{next} (?:week|woche)", _next_weekday),
    (r"{next} (?:week|woche),? (?:on |am )?{weekday}", _next_weekday),
    (r"{part} {next} (?:week|woche)", _part_of_next_week),
    (r"{part} {month}(?: {year})?", _part_of_month),
    (r"(?:(?:end of|ende|in|im) )?{quarter}(?: {year})?", _end_of_month),
    (r"(?:end of|ende|in|im) {month}(?: {year})?", _end_of_month),
    (r"(?:before|by|until|vor|bis)(?: zum| dem| the)? (?:weekend|wochenende)", _weekend),
    (r"(?P<over>over|at|on|am|übers)(?: the)? (?:weekend|wochenende)", _weekend),
    (r"(?:end of |ende )?(?:der |des |the )?{next} {unit}", _end_of_next),
    (r"(?:end of|ende) (?:{this} )?{unit}", _end),
    (r"(?:this|diese[rsnm]?) {unit}", _end),
    (r"{unit}(?:[\s-]end|s?ende)", _end),
    (r"eow", lambda here, found: _end_of(here, "week")),
    (r"eom", lambda here, found: _end_of(here, "month")),
    (r"eoq", lambda here, found: _end_of(here, "quarter")),
    (r"eoy", lambda here, found: _end_of(here, "year")),
    (r"{in} {count} {working}{unit}", _span),
    (r"(?:heute )?in {count} {unit}", _span),
    (r"{count} {working}{unit} from (?:now|today)", _span),
    (r"in a fortnight", lambda here, found: here.today + 14 * ONE),
    (r"(?:the )?day after tomorrow|übermorgen", lambda here, found: here.today + 2 * ONE),
    (r"tomorrow|(?<!guten\s)(?<!am\s)(?<!jeden\s)(?<!heute\s)morgen", lambda here, found: here.today + ONE),
    (r"today|tonight|this (?:morning|afternoon|evening)|heute", lambda here, found: here.today),
    (r"eod|cob|close of business|feierabend", lambda here, found: here.today),
    (r"{coming} {weekday}", _weekday),
    (r"{next} {weekday}", _next_weekday),
    (r"{weekday}", _weekday),
]
ENDS = {_end, _end_of_next, _end_of_month, _numbered_week, _span, _weekend}  # "before" them is by them
