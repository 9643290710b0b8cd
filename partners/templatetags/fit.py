"""The criteria of a fit as markup; by a template they cost more than all that is read for them."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from partners.fit_panel import PanelLine
from prm.templatetags.ui import track

register = template.Library()


@register.simple_tag
def fit_lines(lines: Iterable[PanelLine]) -> SafeString:
    """Each criterion: its answer on the name, its bar, what it earned of its weight."""
    return SafeString("".join(map(_line, lines)))


def _line(line: PanelLine) -> str:
    name = escape(line.name)
    answer = f": {escape(line.answer)}" if line.answer else ""
    tone = "t-bad" if line.has_failed else "muted"
    return (
        f'<li><span class="one" title="{name}{answer}">{name}</span>{track(line.percent, line.tone, "lg")}'
        f'<span class="num {tone}">{escape(line.words)}</span></li>'
    )
