"""The entries of a timeline as markup. A partner's page holds twenty, and by templates they cost more than
all that is read for them."""

from collections.abc import Iterable, Iterator
from html import escape

from django import template
from django.template.defaultfilters import linebreaksbr
from django.template.defaulttags import CsrfTokenNode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboards.timeline import Item, Pill
from prm.templatetags.ui import hour, icon

register = template.Library()


@register.simple_tag(takes_context=True)
def entries(context: template.Context, items: Iterable[Item]) -> SafeString:
    """Who said or did what, at which hour, its marks, how it begins, and the button that takes it back."""
    return SafeString("".join(part for item in items for part in _entry(item, context)))


def _entry(item: Item, context: template.Context) -> Iterator[str]:
    withdrawn = ' class="withdrawn"' if item.is_withdrawn else ""
    yield f'<li><span class="k {item.tone}">{icon(item.icon)}</span>\n<div{withdrawn}>'
    yield from _said(item)
    if item.undo_url:
        yield _undo(item.undo_url, context)
    yield "</div></li>"


def _undo(url: str, context: template.Context) -> str:
    return (
        f'<form method="post" action="{escape(url)}">{CsrfTokenNode().render(context)}'
        f'<input type="hidden" name="next" value="{escape(context["request"].path)}">'
        f'<button class="btn btn-g btn-s">{escape(_("Undo"))}</button></form>'
    )


def _said(item: Item) -> Iterator[str]:
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
        yield f'<p class="small">{linebreaksbr(SafeString(escape(item.text)))}</p>'


def _pill(pill: Pill) -> str:
    drawn = f"{icon(pill.icon, 'icon-sm')} " if pill.icon else ""
    return f' <span class="pill {pill.tone}">{drawn}{escape(pill.words)}</span>'
