"""A text of a message with what was looked for marked in it; a page of results holds a hundred."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from conversations.phrases import Part

register = template.Library()


@register.simple_tag
def found(parts: Iterable[Part]) -> SafeString:
    """The parts in a row, those that were looked for marked."""
    return SafeString("".join(map(_part, parts)))


def _part(part: Part) -> str:
    text = escape(part.text)
    return f"<mark>{text}</mark>" if part.is_found else text
