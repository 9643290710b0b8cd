"""What may be uploaded: the type is told by the content, not by the name alone."""

import secrets
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile

from prm.refusals import Refused

LIMIT = 10 * 1024 * 1024

_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument."
ALLOWED: dict[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".docx": (f"{_OFFICE}wordprocessingml.document", _ZIP),
    ".xlsx": (f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    ".pptx": (f"{_OFFICE}presentationml.presentation", _ZIP),
    ".odt": ("application/vnd.oasis.opendocument.text", _ZIP),
    ".odp": ("application/vnd.oasis.opendocument.presentation", _ZIP),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", _ZIP),
    ".gif": ("image/gif", b"GIF8"),
    ".txt": ("text/plain; charset=utf-8", b""),
    ".csv": ("text/csv; charset=utf-8", b""),
    ".ics": ("text/calendar; charset=utf-8", b""),
}


class UploadRefused(Refused):
    """The file is of no allowed type, or too large."""


def check(file: UploadedFile) -> None:
    """Refuse a file over 10 MB, of a type not allowed, or whose content is not what its name says."""
    name = file.name or ""
    suffix = PurePath(name).suffix.lower()
    if suffix not in ALLOWED:
        raise UploadRefused(f"“{name}” is of no allowed type. Use one of: {', '.join(ALLOWED)}.")
    if (file.size or 0) > LIMIT:
        raise UploadRefused(f"“{name}” is larger than {LIMIT // 1024 // 1024} MB.")
    if not file.size:
        raise UploadRefused(f"“{name}” is empty.")
    if not _is_what_it_says(file, suffix):
        raise UploadRefused(f"The content of “{name}” is not that of a {suffix} file.")


def _is_what_it_says(file: UploadedFile, suffix: str) -> bool:
    file.seek(0)
    begins = ALLOWED[suffix][1]
    head = file.read(16) if begins else file.read()
    file.seek(0)
    if begins:
        return head.startswith(begins)
    try:
        return "\x00" not in head.decode("utf-8")
    except UnicodeDecodeError:
        return False


def stored_name(name: str) -> str:
    """A name nobody can guess, with the suffix of the given one."""
    return secrets.token_urlsafe(24) + PurePath(name).suffix.lower()


def shown_name(name: str) -> str:
    """The given name without folders and control characters, for a download; at most 200 characters."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[-200:] or "file"


def content_type(name: str) -> str:
    """The type to serve a stored file with; never one that a browser runs."""
    return ALLOWED.get(PurePath(name).suffix.lower(), ("application/octet-stream", b""))[0]
