"""Files that we keep, given out: saved, never shown in the browser, and nothing in them runs."""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.http import FileResponse

from prm import uploads


def of(file: File[Any], name: str, kind: str = "") -> FileResponse:
    """A kept file as a download, of a type that no browser runs."""
    response = FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=kind or uploads.content_type(name),
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
