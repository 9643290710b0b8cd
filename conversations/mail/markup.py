"""HTML of mails: its words, and a safe form of it to show. Mail is hostile; nh3 takes it apart."""

from __future__ import annotations

import re
from html import unescape

import nh3
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

LONGEST = 2_000_000  # letters that are looked at
MOST_TAGS = 15_000  # taking nested tags apart takes the square of their number

_BLOCKS = {
    "blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "table", "tr", "ul",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "b", "code", "em", "i", "s", "small", "span", "strong", "sub", "sup", "u",
    "caption", "tbody", "td", "tfoot", "th", "thead",
}  # fmt: skip
_SILENT = {"script", "style", "head", "title", "template", "noscript", "svg", "math", "iframe", "object"}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_TAG = re.compile(r"<[^<>]*>")


def words(html: str) -> str:
    """The words of an HTML text: no scripts or styles, a line for each block."""
    plain = nh3.clean(_beginning(html), tags=_BLOCKS, attributes={}, clean_content_tags=_SILENT)
    lines = (" ".join(line.split()) for line in unescape(_TAG.sub("\n", plain)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def safe(html: str, pictures: bool = False) -> SafeString:
    """What may be shown of an HTML text: no scripts, styles, forms or frames; links lead out without a
    trace of us. Pictures of other servers only where `pictures` are asked for."""
    tags = _BLOCKS | _INLINE | ({"img"} if pictures else set())
    cleaned = nh3.clean(
        _beginning(html),
        tags=tags,
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        clean_content_tags=_SILENT,
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(cleaned)  # noqa: S308 — nh3 let nothing else through


def _beginning(html: str) -> str:
    """As much of the text as can be taken apart in a second."""
    start = -1
    for _ in range(MOST_TAGS):
        start = html.find("<", start + 1, LONGEST)
        if start < 0:
            return html[:LONGEST]
    return html[:start]


def has_pictures(html: str) -> bool:
    """Whether pictures of other servers stand in it."""
    return "<img" in safe(html, pictures=True)


def of_text(text: str) -> str:
    """A typed text as HTML for a mail: escaped, its paragraphs kept, its links to be followed."""
    body = linebreaks(urlize(text, autoescape=True), autoescape=False)
    return f"<!doctype html>\n<html><body>\n{body}\n</body></html>\n"
