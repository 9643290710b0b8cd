"""What our own mail server found out about who sent a mail (RFC 8601). Only the header that it wrote itself
is believed: the topmost, and only where it carries the server's name, which AUTHSERV_ID tells."""

from __future__ import annotations

import re
from email.message import Message

from django.conf import settings

from conversations.mail import headers

PASS, FAIL = "pass", "fail"
LONGEST = 5000  # letters
_COMMENT = re.compile(r"\([^()]*\)")
_DMARC = re.compile(r"dmarc\s*=\s*([a-z]+)", re.IGNORECASE)


def dmarc(mail: Message) -> str:
    """The result for the sender's domain, as "pass" or "fail"; "" where our server said nothing."""
    ours = settings.AUTHSERV_ID.strip().casefold()
    if not ours:
        return ""
    said = headers.value(mail, "Authentication-Results")[:LONGEST]
    server, *results = _COMMENT.sub(" ", said).split(";")
    if server.casefold().split()[:1] != [ours]:
        return ""
    found = (_DMARC.match(result.strip()) for result in results)
    return next((match[1].lower() for match in found if match), "")
