"""The rows of the list as markup. A page holds 25, and by a template they cost more than all that is read for
them."""

from collections.abc import Iterable, Iterator
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partners.rows import Row
from prm.templatetags.ui import avatar, moment

register = template.Library()


@register.simple_tag
def partner_rows(rows: Iterable[Row]) -> SafeString:
    """Each partner: a box to tick, who and where it is, type and tier, place and health, fit, owner, region,
    last touch."""
    return SafeString("".join(part for row in rows for part in _row(row)))


def _row(row: Row) -> Iterator[str]:
    name = escape(row.name)
    yield '<tr data-row><td class="tick"><input type="checkbox" class="chk" form="bulk" name="ids"'
    yield f' value="{row.key}" aria-label="{escape(row.tick_words)}"></td>'
    yield f'<td class="lead"><span class="who">{avatar(row)}'
    yield f'<span class="pile"><a class="b6 one" href="{escape(row.url)}" title="{name}">{name}</a>'
    yield f'<span class="xs muted one">{escape(row.based)}</span></span></span></td>'
    tier = f" {_pill(row.tier)}" if row.tier else ""
    yield f'<td class="fact">{escape(row.kind)}{tier}</td><td class="fact">'
    yield _pill(row.place, "warn") if row.is_aside else f"<span>{escape(row.place)}</span>"
    yield f' <span class="muted num small">{escape(row.days_words)}</span>'
    if row.health:
        yield f" {_pill(row.health, row.health_tone)}"
    yield f'</td><td class="num">{"".join(_fit(row))}</td><td class="fact">'
    if row.owner:
        whose = escape(str(row.owner))
        yield f'<span class="who">{avatar(row.owner, "s")}<span class="one">{whose}</span></span>'
    else:
        yield f'<span class="t-warn">{escape(_("Unassigned"))}</span>'
    yield f'</td><td class="fact one">{escape(row.region)}</td><td class="num small muted">'
    yield f'<span class="only-m">{escape(_("Last touch"))} </span>{moment(row.touched_at)}</td></tr>'


def _fit(row: Row) -> Iterator[str]:
    if not row.fit:
        yield f'<span class="muted">{escape(_("no score"))}</span>'
        return
    yield f"<b>{row.fit}</b> {_pill(row.verdict, row.tone)}"
    if row.provisional:
        words = escape(_("provisional"))
        yield f' <span class="xs muted" title="{escape(row.provisional)}">{words}</span>'


def _pill(words: str, tone: str = "") -> str:
    return f'<span class="{f"pill {tone}".strip()}">{escape(words)}</span>'
