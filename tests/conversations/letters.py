"""Raw mails for tests."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from zoneinfo import ZoneInfo

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


def raw(
    sender: str = "Nora Berg <nora@NORTHWIND.co.uk>",
    subject: str = "Margins",
    id: str = "<one@northwind.co.uk>",
    at: datetime | None = NOW,
    body: str = "What about the margins?",
    html: str = "",
    files: dict[str, bytes] | None = None,
    **headers: str,
) -> bytes:
    """A mail to us. `files` are its attachments by name; further headers with "_" for "-"."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, headers.pop("To", "partners@localhost"), subject
    if id:
        mail["Message-ID"] = id
    if at:
        mail["Date"] = format_datetime(at)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, data in (files or {}).items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()
