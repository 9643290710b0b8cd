"""A real mail server that keeps what it is sent."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Sink:
    """The mails that arrived, in order."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []

    @property
    def bodies(self) -> list[str]:
        """The plain text of each."""
        return [mail.get_body(("plain",)).get_content() for mail in self.mails]  # type: ignore[union-attr]

    @property
    def message_ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]


class Door:
    """What the mail server hands mails to. It has no property: at each connection all of them are read."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.sink.mails.append(mail)
        return "250 OK"


@contextmanager
def running() -> Iterator[Sink]:
    """A mail server on a free port of this machine, while the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sink = Sink(probe.getsockname()[1])
    server = Controller(Door(sink), hostname="127.0.0.1", port=sink.port)
    server.start()
    try:
        yield sink
    finally:
        server.stop()
