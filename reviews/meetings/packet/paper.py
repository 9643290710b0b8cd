"""A page as a PDF, by WeasyPrint: an extra that is not on every machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from prm.refusals import Refused

SHEET = "dist/paper.css"


class NoPaper(Refused):
    """No PDF can be made here."""


@cache
def _writer() -> Any:
    """WeasyPrint; None where it or its Pango is not installed."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    return weasyprint


def is_there() -> bool:
    """Whether PDFs can be made on this machine."""
    return _writer() is not None


def made(html: str) -> bytes:
    """The page as a PDF; it reads our style sheet and its font, and no other address."""
    writer, sheet = _writer(), finders.find(SHEET)
    if writer is None or not isinstance(sheet, str):
        raise NoPaper(_("PDFs are not set up on this machine. Print the packet to a file instead."))
    fetch, fonts = _fetcher(writer, Path(sheet).parent), writer.text.fonts.FontConfiguration()
    styles = writer.CSS(filename=sheet, url_fetcher=fetch, font_config=fonts)
    document = writer.HTML(string=html, url_fetcher=fetch)
    return bytes(document.write_pdf(stylesheets=[styles], font_config=fonts, pdf_tags=True))


def _fetcher(writer: Any, folder: Path) -> Any:
    """Opens the files of one folder and nothing else."""
    ours = folder.resolve().as_uri() + "/"

    class Fetcher(writer.urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(ours) or ".." in url:
                raise ValueError(f"{url} is not opened")
            return super().fetch(url, headers)

    return Fetcher(allowed_protocols=["file"])
