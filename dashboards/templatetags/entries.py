"""The entries of a timeline as markup. A partner's page holds twenty, and by templates they cost more than
all that is read for them."""

from collections.abc import Iterator

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import escape
from django.utils.safestring import SafeString

from dashboards.timeline import Item, Pill
from prm.templatetags.ui import hour, icon

register = template.Library()


@register.simple_tag
def entry(item: Item) -> SafeString:
    """Who said or did what, at which hour, its marks, and how it begins."""
    return SafeString("".join(_parts(item)))


def _parts(item: Item) -> Iterator[str]:
    yield f'<div><b class="b6">{escape(item.who)}</b> '
    if item.url:
        if item.beside:
            yield f'<span class="muted">{escape(item.beside)}</span> '
        minutes = f" · {item.minutes} min" if item.minutes else ""
        yield f'<a href="{escape(item.url)}">{escape(item.title)}</a> '
        yield f'<span class="faint xs">{escape(item.kind)} · {hour(item.at)}{minutes}</span>'
    else:
        yield f'{escape(item.title)} <span class="faint xs">{hour(item.at)}</span>'
    yield from map(_pill, item.pills)
    yield "</div>"
    if item.text:
        yield f'<p class="small">{linebreaksbr(escape(item.text))}</p>'


def _pill(pill: Pill) -> str:
    drawn = f"{icon(pill.icon, 'icon-sm')} " if pill.icon else ""
    return f' <span class="pill {pill.tone}">{drawn}{escape(pill.words)}</span>'
