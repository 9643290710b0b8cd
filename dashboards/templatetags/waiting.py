"""A row of the queue as markup. Today holds 25, and by a template they cost more than all that is read for
them."""

from collections.abc import Iterator
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboards.queue import Queue, Row
from prm.templatetags.ui import avatar, icon, track

register = template.Library()


@register.simple_tag
def waiting(row: Row, queue: Queue) -> SafeString:
    """Who waits, since what, how long there still is, and the button that answers: the first is the one to
    press."""
    is_first = row is queue.rows[0] and not queue.has_open
    return SafeString("".join(_parts(row, queue, is_first)))


def _parts(row: Row, queue: Queue, is_first: bool) -> Iterator[str]:
    name, clock = escape(row.name), row.clock
    left = escape(clock.words)
    yield f'<div class="row-i q{" sel" if row.is_open else ""}" id="wait-{row.key}" data-row>'
    yield f'{avatar(row.partner)}<div class="one nm"><a class="b6" href="{escape(row.url)}">{name}</a>'
    yield from (f' <span class="faint who">{escape(who)}</span>' for who in (row.who, row.whose) if who)
    yield f'</div><div class="one muted sb">{icon(row.icon, "icon-sm")} '
    yield f'<a class="plain" href="{escape(row.thread_url)}">{escape(row.subject)}</a>'
    if row.reply_reported:
        yield f' <span class="pill warn">{escape(_("reply reported, not confirmed"))}</span>'
    yield f'</div><div class="clk t-{clock.tone}"><span class="small num">{icon(clock.icon, "icon-sm")} '
    yield f'{left}</span>{track(clock.percent, clock.tone)}</div><div class="act keep-m">'
    if row.is_open:
        yield f'<a class="btn btn-q btn-s" {_loads(queue.url)}>{escape(_("Close"))}</a>'
    else:
        to = escape(_("to {name}, {left}")).format(name=name, left=left)
        said = f'{escape(_("Reply"))}<span class="visually-hidden"> {to}</span>'
        worn = "btn-primary" if is_first else "btn-q"
        yield f'<a class="btn {worn} btn-s" {_loads(row.reply_url)} data-key="r">{said}</a>'
    yield "</div></div>"


def _loads(url: str) -> str:
    """The queue as this address has it, in its place."""
    to = escape(url)
    return f'href="{to}" hx-get="{to}" hx-target="#queue" hx-swap="outerHTML"'
