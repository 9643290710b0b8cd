"""Requests to programs outside, and to no address inside.

A name is resolved once for each request; every address it has is checked, and the connection goes to
a checked one and is looked at again. No redirect is followed, the answer's body is not read, and the
whole takes no longer than LONGEST. Networks in the setting HOOKS_MAY_REACH are let through, by plain
http, too: for a chat tool of one's own.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

LONGEST = 15.0  # seconds for a whole request
CONNECT = 5.0  # seconds for reaching the other side
TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address behind a translator
Address = IPv4Address | IPv6Address


class NotReached(Exception):
    """The request could not be made, or must not be; in words."""


@dataclass(frozen=True)
class Target:
    """A checked address of another program."""

    parts: SplitResult
    host: str
    port: int
    addresses: tuple[Address, ...]

    @property
    def path(self) -> str:
        return (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")

    @property
    def authority(self) -> str:
        """The host as the request names it, with its port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.parts.port else host

    @property
    def is_secure(self) -> bool:
        return self.parts.scheme == "https"


def look_up(url: str) -> Target:
    """Where `url` leads. Raises NotReached where that is nowhere, inside, or not safe from listeners."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise NotReached(f"This is no address: {error}.") from error
    if parts.scheme not in {"https", "http"} or not host or parts.username is not None:
        raise NotReached("Write an address like https://chat.example.com/hooks/1, without a user name.")
    target = Target(parts, host, port, _addresses(host, port))
    if not target.is_secure and not all(_is_let_through(address) for address in target.addresses):
        raise NotReached("Use https://, so that nobody can read it on its way.")
    return target


def host_of(url: str) -> str:
    """The host of an address, to be shown: the rest may be a secret."""
    return urlsplit(url).hostname or url


def _addresses(host: str, port: int) -> tuple[Address, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotReached(f"No host of the name {host} was found.") from error
    addresses = tuple(dict.fromkeys(ip_address(str(each[4][0]).partition("%")[0]) for each in found))
    for address in addresses:
        _check(address, host)
    return addresses


def _check(address: Address, host: str) -> None:
    if not may_reach(address):
        where = host if host == str(address) else f"{host} ({address})"
        raise NotReached(f"{where} is an address inside, and HOOKS_MAY_REACH does not name its network.")


def may_reach(address: Address) -> bool:
    """Whether an address is outside: not private, loopback, link-local, multicast, reserved, nor one
    that carries another within; or whether the setting lets it through."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return may_reach(address.ipv4_mapped)
        if address.sixtofour or address.teredo or address in TRANSLATED:
            return False
    return _is_let_through(address) or (address.is_global and not address.is_multicast)


def _is_let_through(address: Address) -> bool:
    return any(address in network for network in settings.HOOKS_MAY_REACH)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send `body` there; the status of the answer. Raises NotReached."""
    target = look_up(url)
    try:
        with _line(target) as line:
            connection = http.client.HTTPConnection(target.host, target.port)
            connection.sock = line
            connection.request("POST", target.path, body, {**headers, "Host": target.authority})
            return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotReached(f"{target.host} did not answer: {error or type(error).__name__}.") from error


@contextmanager
def _line(target: Target) -> Iterator[socket.socket]:
    """A connection to one of the target's addresses, cut after LONGEST."""
    lines = [_connected(target)]

    def cut() -> None:
        with suppress(OSError, ValueError):
            lines[-1].shutdown(socket.SHUT_RDWR)

    watch = Timer(LONGEST, cut)
    watch.daemon = True
    watch.start()
    try:
        _check(ip_address(lines[0].getpeername()[0].partition("%")[0]), target.host)
        if target.is_secure:
            context = ssl.create_default_context()
            lines.append(context.wrap_socket(lines[0], server_hostname=target.host))
        yield lines[-1]
    finally:
        watch.cancel()
        for line in lines:
            line.close()


def _connected(target: Target) -> socket.socket:
    """The first address that answers."""
    for address in target.addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((str(address), target.port), CONNECT)
    return socket.create_connection((str(target.addresses[-1]), target.port), CONNECT)
