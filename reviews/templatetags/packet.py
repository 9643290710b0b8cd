"""The figures and lines of a packet as markup. A full one holds hundreds, and by templates they cost more
than all that is read for them."""

from collections.abc import Iterable, Iterator

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from prm.templatetags.ui import icon
from reviews.meetings.packet.sections import Values

register = template.Library()


@register.simple_tag
def packet_lines(lines: Iterable[Values] | None, press: bool = False) -> SafeString:
    """Each line with its note and its state; with `press` it becomes an action or an issue by a press."""
    return SafeString("".join(part for each in lines or () for part in _line(each, press)))


@register.simple_tag
def packet_figures(figures: Iterable[Values] | None) -> SafeString:
    """Each figure of a section with its value; nothing where there is none."""
    rows = "".join(map(_figure, figures or ()))
    return SafeString(f'<dl class="cb kv">{rows}</dl>' if rows else "")


def _figure(each: Values) -> str:
    return f'<dt>{escape(each["name"])}</dt><dd class="num b6">{escape(each["value"])}</dd>'


def _line(each: Values, press: bool) -> Iterator[str]:
    row = " data-row" if press else ""
    yield f'<div class="pl"{row}><div><span class="small">{escape(each["text"])}</span>'
    if each["note"]:
        yield f' <span class="xs muted">{escape(each["note"])}</span>'
    yield "</div><span>"
    if each["pill"]:
        yield f'<span class="pill {escape(each["tone"])}">{escape(each["pill"])}</span>'
    if press:
        yield _button(each, "line", "p", icon("flag", "icon-sm"), _("Action"))
        yield _button(each, "issue", "i", icon("alert-circle", "icon-sm"), _("Issue"))
    yield "</span></div>"


def _button(each: Values, name: str, key: str, picture: str, words: str) -> str:
    """Pressed, or by its key in the walked line, it hands in the text of the line under `name`."""
    text = escape(each["text"])
    begin = f' <button class="btn btn-g btn-s" name="{name}" value="{text}" data-key="{key}">'
    return f'{begin}{picture}{words}<span class="visually-hidden"> {text}</span></button>'
