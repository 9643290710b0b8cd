"""Template words that know nothing of partners: icons, faces, moments, spans and bars."""

import functools
import re
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

from django import forms, template
from django.conf import settings
from django.template.base import FilterExpression, Parser, TextNode, Token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from prm import addresses, clock

register = template.Library()

TONES = {"ok", "warn", "bad", "info", "muted", "s1", "s2", "s3", "s4"}


class IconNode(template.Node):
    """`{% icon "name" %}` or `{% icon "name" "icon-sm" %}`; a page has a hundred of them."""

    def __init__(self, name: FilterExpression, size: FilterExpression | None) -> None:
        self.name, self.size = name, size

    def render(self, context: template.Context) -> SafeString:
        return icon(str(self.name.resolve(context)), str(self.size.resolve(context)) if self.size else "")


@register.tag("icon")
def read_icon(parser: Parser, token: Token) -> template.Node:
    """The outline icon of a name, and its size: "icon-sm", "icon-lg" or nothing. Where the template says
    which, it is drawn as the template is read."""
    said = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    if all(isinstance(each.var, str) and not each.filters for each in said):
        return TextNode(icon(*(str(each.var) for each in said)))
    return IconNode(said[0], said[1] if len(said) > 1 else None)


class AddressNode(template.Node):
    """`{% address "partners:contact" contact.pk %}`, `{% address "partners:list" %}`: as `url` with ids or
    none, at a third of its cost, for pages that hold dozens."""

    def __init__(self, name: FilterExpression, keys: list[FilterExpression]) -> None:
        self.name, self.keys = name, keys

    def render(self, context: template.Context) -> str:
        name, keys = self.name.resolve(context), [key.resolve(context) for key in self.keys]
        return addresses.of(name, *keys) if keys else addresses.at(name)


@register.tag("address")
def read_address(parser: Parser, token: Token) -> AddressNode:
    """The address called so, of the thing with this id."""
    name, *keys = map(parser.compile_filter, token.split_contents()[1:])
    return AddressNode(name, keys)


@functools.cache
def drawings() -> dict[str, str]:
    """The line of each icon by name, from the sprite; empty where the front end is not built."""
    try:
        sprite = (settings.BASE_DIR / "static" / "dist" / "icons.svg").read_text()
    except FileNotFoundError:
        return {}
    return dict(re.findall(r'<symbol id="([^"]+)" viewBox="0 0 24 24"><path d="([^"]+)"/></symbol>', sprite))


@functools.cache
def icon(name: str, size: str = "") -> SafeString:
    """The icon as markup, drawn for the eye only: its line in the page, which then asks for no sprite."""
    classes = f"icon {size}".strip()
    if line := drawings().get(name):
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', classes, line
        )
    address = f"{static('dist/icons.svg')}#{name}"
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, address)


@register.simple_tag
def avatar(thing: Any, size: str = "") -> SafeString:
    """The initials of `thing` in its colour: round for a person, square for an organisation.

    `thing` has `initials` and `colour` (0–7) and, when it is someone, `is_person`; `size` is "s" or "l".
    """
    if not thing:
        return _face("?", "p", size)
    return _face(thing.initials, "p" if getattr(thing, "is_person", False) else "", size, f"c{thing.colour}")


@functools.lru_cache(maxsize=4096)
def _face(initials: str, *classes: str) -> SafeString:
    worn = " ".join(filter(None, ["av", *classes]))
    return format_html('<span class="{}" aria-hidden="true">{}</span>', worn, initials)


@register.simple_tag
def options(field: forms.BoundField) -> SafeString:
    """What a field offers to choose among. By hand, since Django draws each of hundreds by a template."""
    chosen = str(field.value() or "")
    choosing: Any = field.field
    offered = ((str(value), str(name)) for value, name in choosing.choices)
    drawn = (
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(name)}</option>'
        for value, name in offered
    )
    return SafeString("".join(drawn))


@register.simple_tag
def moment(at: datetime | date | None, otherwise: str = "–") -> SafeString | str:
    """When, in the reader's zone: "Today 08:48", "Thu 19 Nov"; the title has all of it.

    A date is a day by itself and has no zone.
    """
    if at is None:
        return otherwise
    today = timezone.localdate(clock.now())
    if not isinstance(at, datetime):
        return _time(at.isoformat(), _day_in_full(at, get_language()), day_words(at, today))
    local = timezone.localtime(at)
    words = day_words(local.date(), today)
    if abs(local.date() - today) <= timedelta(days=1):
        words = f"{words} {_clock(local)}"
    return _time(at.isoformat(), _in_full(local), words)


@register.simple_tag
def hour(at: datetime) -> SafeString:
    """The time of day alone, in the reader's zone, where the day stands above; the title has all of it."""
    local = timezone.localtime(at)
    return _time(at.isoformat(), _in_full(local), _clock(local))


@register.simple_tag
def since(at: datetime) -> SafeString:
    """A moment after the word "since", in the reader's zone: "14:05", "yesterday 14:05" or with its day."""
    local, today = timezone.localtime(at), timezone.localdate(clock.now())
    day = day_words(local.date(), today)
    near = {0: "", -1: day.lower()}.get((local.date() - today).days, day)
    return _time(at.isoformat(), _in_full(local), f"{near} {_clock(local)}".strip())


@register.simple_tag
def due(day: date | None) -> SafeString | str:
    """A day by which something is owed, as a pill: red when it is today or has passed, amber when near."""
    if day is None:
        return ""
    today = timezone.localdate(clock.now())
    left = (day - today).days
    tone = "bad" if left <= 0 else "warn" if left <= 2 else ""
    words = day_words(day, today)
    if left < 0:
        words = _("since yesterday") if left == -1 else _("since {day}").format(day=words)
    machine, title = day.isoformat(), _day_in_full(day, get_language())
    return format_html('<span class="{}">{}</span>', f"pill {tone}".strip(), _time(machine, title, words))


def day_words(day: date, today: date) -> str:
    """ "Today", "Yesterday", "Tomorrow", "Thu 19 Nov", or with its year when that is another."""
    return _day_words(day, today, get_language())


@functools.lru_cache(maxsize=4096)
def _day_words(day: date, today: date, language: str | None) -> str:
    near = {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}.get((day - today).days)
    return near or date_format(day, "D j M" if day.year == today.year else "j M Y")


@functools.lru_cache(maxsize=4096)
def _day_in_full(day: date, language: str | None) -> str:
    return date_format(day, "l j F Y")


def _clock(local: datetime) -> str:
    """The time of day; by hand, since a page has dozens and `strftime` is slow."""
    return f"{local.hour:02}:{local.minute:02}"


def _in_full(local: datetime) -> str:
    return f"{_day_in_full(local.date(), get_language())}, {_clock(local)} {local.tzname()}"


def _time(machine: str, title: str, words: str) -> SafeString:
    """A page has two dozen of these. Moments and days in words, which hold nothing to escape."""
    return SafeString(f'<time datetime="{machine}" title="{title}">{words}</time>')


@register.filter
def span(length: float | timedelta | None) -> str:
    """A span in its two largest units: 4320 (seconds) → "1 h 12 min". Direction is dropped."""
    if length is None:
        return ""
    seconds = length.total_seconds() if isinstance(length, timedelta) else float(length)
    minutes = int(abs(seconds) // 60)
    if not minutes:
        return _("under 1 min")
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min")]
    largest = next(place for place, (count, _unit) in enumerate(parts) if count)
    return " ".join(f"{count} {unit}" for count, unit in parts[largest : largest + 2] if count)


@register.simple_tag
def track(share: float | None, tone: str = "muted", size: str = "") -> SafeString:
    """A bar filled to `share` of 100, in the colour of `tone`; beside it stand the words it repeats."""
    return _bar(max(0, min(100, round(share or 0))), tone, size)


@functools.cache
def _bar(share: int, tone: str, size: str) -> SafeString:
    if tone not in TONES:
        raise ValueError(f"{tone!r} is no tone; one of {', '.join(sorted(TONES))}")
    return format_html(
        '<svg class="{}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="4"/></svg>',
        f"track t-{tone} {size}".strip(),
        share,
    )
