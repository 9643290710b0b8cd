"""A connection to a mailbox: signing in, folders, and mails by UID. Faults come as words."""

from __future__ import annotations

import imaplib
import json
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from conversations.mail import reading
from conversations.models import Mailbox
from prm.refusals import Refused

PATIENCE = 20  # seconds for each answer of the server
HERE = {"localhost", "127.0.0.1", "::1"}
TOKENS = {
    Mailbox.SignIn.GOOGLE: "https://oauth2.googleapis.com/token",
    Mailbox.SignIn.MICROSOFT: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
}
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")
_ARRIVED = re.compile(rb'INTERNALDATE "([^"]+)"')


class MailboxFault(Refused):
    """The mailbox could not be read; the words say what is wrong."""


@dataclass(frozen=True)
class Found:
    """A mail in a folder: its UID, bytes, and when the server got it."""

    uid: int
    size: int
    arrived_at: datetime


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """The mailbox, signed in to. Every fault inside the block becomes a MailboxFault."""
    try:
        client = _connected(mailbox)
        try:
            _signed_in(client, mailbox)
            yield client
        finally:
            with suppress(Exception):
                client.logout()
    except ssl.SSLCertVerificationError as error:
        raise MailboxFault(f"The certificate of {mailbox.host} cannot be trusted: {error.verify_message}.")
    except ssl.SSLError:
        raise MailboxFault(f"{mailbox.host} speaks no TLS on port {mailbox.port}. Check port and security.")
    except TimeoutError:
        raise MailboxFault(f"{mailbox.host} does not answer on port {mailbox.port}.")
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise MailboxFault(f"{mailbox.host}: {_plain(error)}")


def _connected(mailbox: Mailbox) -> BaseMailBox:
    if mailbox.security == Mailbox.Security.NONE:
        if mailbox.host not in HERE:
            raise MailboxFault("Without TLS only this machine is read. Choose TLS or STARTTLS.")
        return MailBoxUnencrypted(mailbox.host, mailbox.port, timeout=PATIENCE)
    trust = ssl.create_default_context()
    kind = MailBox if mailbox.security == Mailbox.Security.TLS else MailBoxStartTls
    return kind(mailbox.host, mailbox.port, timeout=PATIENCE, ssl_context=trust)


def _signed_in(client: BaseMailBox, mailbox: Mailbox) -> None:
    secret = mailbox.secret
    try:
        if mailbox.sign_in == Mailbox.SignIn.PASSWORD:
            client.login_utf8(mailbox.username, secret, initial_folder=None)
        else:
            client.xoauth2(mailbox.username, access_token(mailbox, secret), initial_folder=None)
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise MailboxFault(f"{mailbox.host} refuses to sign {mailbox.username} in: {_plain(error)}")


def access_token(mailbox: Mailbox, secret: str) -> str:
    """A token for an hour, for the refresh token that is kept."""
    kept = json.loads(secret)
    asked = {
        "grant_type": "refresh_token",
        "client_id": mailbox.client_id,
        "client_secret": kept["client_secret"],
        "refresh_token": kept["refresh_token"],
    }
    where, body = TOKENS[Mailbox.SignIn(mailbox.sign_in)], urllib.parse.urlencode(asked).encode()
    try:
        with urllib.request.urlopen(where, body, timeout=PATIENCE) as answer:  # noqa: S310 — from TOKENS
            return str(json.load(answer)["access_token"])
    except urllib.error.HTTPError as error:
        raise MailboxFault(
            f"{mailbox.get_sign_in_display()} gives no token ({error.code}). Sign in there anew."
        )
    except (OSError, ValueError, KeyError):
        raise MailboxFault(f"{mailbox.get_sign_in_display()} does not answer as it should.")


def chosen(client: BaseMailBox, folder: str) -> int:
    """Choose a folder, for reading only; its UIDVALIDITY."""
    try:
        client.folder.set(folder, readonly=True)
        return client.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"]
    except (ImapToolsError, KeyError):
        names = ", ".join(sorted(each.name for each in client.folder.list())[:20])
        raise MailboxFault(f"There is no folder “{folder}”. There are: {names}.")


def mails(client: BaseMailBox, after: int, since: datetime) -> list[Found]:
    """The mails of the chosen folder with a UID over `after`, the oldest first; of a folder that was
    never read (`after` 0) those that arrived `since`."""
    day = (since - timedelta(days=1)).strftime("%d-%b-%Y")
    asked = f"UID {after + 1}:*" if after else f"SINCE {day}"
    uids = [int(uid) for uid in client.uids(asked) if int(uid) > after]
    found: list[Found] = []
    for start in range(0, len(uids), 500):
        numbers = ",".join(str(uid) for uid in uids[start : start + 500])
        for line in _asked(client, numbers, "(UID RFC822.SIZE INTERNALDATE)"):
            if (each := _found(line)) is not None:
                found.append(each)
    return sorted((each for each in found if after or each.arrived_at >= since), key=lambda each: each.uid)


def content(client: BaseMailBox, mail: Found, largest: int) -> bytes:
    """The mail as it stands there; of one over `largest` bytes the beginning. It stays unread there."""
    part = "BODY.PEEK[]" if mail.size <= largest else f"BODY.PEEK[]<0.{reading.BEGINNING}>"
    for line in _asked(client, str(mail.uid), f"({part})"):
        if isinstance(line, tuple):
            return bytes(line[1])
    return b""  # somebody deleted it meanwhile


def _asked(client: BaseMailBox, uids: str, what: str) -> list[Any]:
    state, data = client.client.uid("FETCH", uids, what)
    if state != "OK":
        raise MailboxFault(f"The server does not hand out its mails ({state}).")
    return [line for line in data or [] if line]


def _found(line: Any) -> Found | None:
    text = line[0] if isinstance(line, tuple) else line
    uid, size, arrived = _UID.search(text), _SIZE.search(text), _ARRIVED.search(text)
    if uid is None or size is None:
        return None
    return Found(int(uid[1]), int(size[1]), _moment(arrived[1].decode() if arrived else ""))


def _moment(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text.strip().replace("-", " ", 2)).astimezone(UTC)
    except (ValueError, TypeError):
        return datetime.max.replace(tzinfo=UTC)


def _plain(error: Exception) -> str:
    """What the server said, without what surrounds it."""
    text = str(getattr(error, "command_result", None) or error)
    return re.sub(r"[\[\]()b']+", " ", " ".join(text.split()))[:300].strip() or type(error).__name__
