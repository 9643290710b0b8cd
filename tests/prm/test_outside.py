"""Requests leave for addresses outside only, and end in time whatever the other side does."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from prm import outside
from prm.outside import NotReached

INSIDE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_goes_to_an_address_inside(address: str) -> None:
    assert not outside.may_reach(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "8.8.8.8"])
def test_addresses_outside_may_be_reached(address: str) -> None:
    assert outside.may_reach(ip_address(address))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://localhost/hook", "an address inside"),
        ("https://127.0.0.1/hook", "an address inside"),
        ("https://[::1]/hook", "an address inside"),
        ("https://2130706433/hook", "an address inside"),  # 127.0.0.1 as one number
        ("https://0x7f.1/hook", "an address inside"),
        ("https://169.254.169.254/latest/meta-data/", "an address inside"),
        ("http://93.184.215.14/hook", "Use https://"),
        ("https://user:secret@93.184.215.14/", "without a user name"),
        ("ftp://93.184.215.14/", "Write an address like"),
        ("file:///etc/passwd", "Write an address like"),
        ("chat.example.com/hook", "Write an address like"),
        ("https://", "Write an address like"),
        ("https://a..b/", "no address"),
        ("https://93.184.215.14:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("https://no-such-host.invalid/", "No host of the name"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_words(url: str, words: str) -> None:
    with pytest.raises(NotReached, match=words):
        outside.look_up(url)


class Other(BaseHTTPRequestHandler):
    """The other side; what it answers stands in the path."""

    asked: list[tuple[str, dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, dict(self.headers), body))
        if self.path == "/slow":
            time.sleep(2)
        self.send_response(int(self.path.strip("/")) if self.path.strip("/").isdigit() else 200)
        self.send_header("Location", "/moved")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def other(settings: Any) -> Iterator[str]:
    """A program on this machine that may be reached; its address."""
    settings.HOOKS_MAY_REACH = [ip_network("127.0.0.1/32")]
    Other.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_what_is_sent_arrives_as_it_is(other: str) -> None:
    assert outside.post(f"{other}/hook?x=1", b'{"a": 1}', {"webhook-id": "msg_1"}) == 200
    ((path, headers, body),) = Other.asked
    assert (path, headers["webhook-id"], body) == ("/hook?x=1", "msg_1", b'{"a": 1}')
    assert headers["Host"] == other.removeprefix("http://")


def test_no_redirect_is_followed(other: str) -> None:
    assert outside.post(f"{other}/302", b"{}", {}) == 302
    assert [path for path, _, _ in Other.asked] == ["/302"]


def test_a_name_for_a_network_that_is_let_through_may_be_reached(other: str, settings: Any) -> None:
    settings.HOOKS_MAY_REACH = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    assert outside.post(other.replace("127.0.0.1", "localhost"), b"{}", {}) == 200


def test_nobody_listening_is_said(other: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(NotReached, match=r"127\.0\.0\.1 did not answer"):
        outside.post(f"http://127.0.0.1:{port}/", b"{}", {})


def test_one_that_takes_its_time_is_cut_off(other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "LONGEST", 0.3)
    began = time.monotonic()
    with pytest.raises(NotReached):
        outside.post(f"{other}/slow", b"{}", {})
    assert time.monotonic() - began < 1.5


@contextmanager
def talking(words: bytes, pause: float = 0.0) -> Iterator[str]:
    """Something that answers whoever comes with these bytes, again and again."""
    server = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        line, _ = server.accept()
        with line:
            try:
                while True:
                    line.sendall(words)
                    time.sleep(pause)
            except OSError:
                pass

    threading.Thread(target=talk, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        server.close()


@pytest.mark.parametrize(
    ("words", "pause"),
    [(b"H", 0.05), (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 50, 0.05), (b"\0\xff garbage\r\n", 0.0)],
)
def test_endless_and_broken_answers_end_in_time(
    other: str, monkeypatch: pytest.MonkeyPatch, words: bytes, pause: float
) -> None:
    monkeypatch.setattr(outside, "LONGEST", 0.5)
    began = time.monotonic()
    with talking(words, pause) as url, pytest.raises(NotReached):
        outside.post(url, b"{}", {})
    assert time.monotonic() - began < 2


def test_a_certificate_of_nobody_is_not_trusted(other: str) -> None:
    with pytest.raises(NotReached, match="did not answer"):
        outside.post(other.replace("http://", "https://"), b"{}", {})
