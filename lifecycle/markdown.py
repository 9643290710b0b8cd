"""Words in Markdown as HTML; markup of their own comes out as words."""

from __future__ import annotations

from markdown_it import MarkdownIt

HELP = "In Markdown: # heading, **bold**, - list, [words](https://…)."
_markdown = MarkdownIt("commonmark", {"html": False}).disable("image")


def in_html(body: str) -> str:
    """The words as HTML, without pictures; headings stand below those of the page."""
    tokens = _markdown.parse(body)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    return str(_markdown.renderer.render(tokens, _markdown.options, {}))
