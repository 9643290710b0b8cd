"""Reading raw mail: real ones, broken ones, hostile ones. Reading never fails."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import mail

REAL = sorted(Path(os.environ.get("REAL_DATA", "."), "mail").glob("*.eml"))


@pytest.mark.real_data
def test_there_are_real_mails() -> None:
    assert len(REAL) >= 16


@pytest.mark.real_data
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_automatic_replies_and_bounces_are_automatic(path: Path) -> None:
    read = mail.read(path.read_bytes())
    assert read.is_automatic
    assert read.message_id.startswith("<")
    assert "\0" not in read.body + read.subject


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ("Auto-Submitted: auto-replied", True),
        ("Auto-Submitted: auto-generated (failure)", True),
        ("Auto-Submitted: no", False),
        ("Auto-Submitted: No (a person)", False),
        ("X-Autoreply: yes", True),
        ("X-Autorespond: holiday", True),
        ("Precedence: bulk", True),
        ("Precedence: List", True),
        ("Precedence: first-class", False),
        ("Return-Path: <>", True),
        ("Return-Path: <nora@northwind.co.uk>", False),
        ("Content-Type: multipart/report; boundary=x", True),
        ("X-PRM-Generator: notices", True),
        ("X-Anything: else", False),
    ],
)
def test_what_is_automatic(headers: str, automatic: bool) -> None:
    raw = f"From: nora@northwind.co.uk\r\n{headers}\r\n\r\nHello".encode()
    assert mail.read(raw).is_automatic is automatic


def test_the_plain_part_is_read_and_attachments_are_not() -> None:
    read = mail.read(
        b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n'
        b'--a\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\nSch=F6n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>Nicht dies</p>\r\n--b--\r\n"
        b"--a\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=x.txt\r\n\r\nno\r\n"
        b"--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\nnor this\r\n--a--\r\n"
    )
    assert read.body.strip() == "Schön"


def test_html_alone_is_read_as_words() -> None:
    read = mail.read(
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>no</title>"
        b"<style>p{}</style></head><body><p>Dear <b>Alice</b>,</p>"
        b"<script>alert(1)</script><p>5 &lt; 6 &amp; more</p></body></html>"
    )
    assert read.body == "Dear Alice,\n\n5 < 6 & more"


def test_headers_that_want_to_be_more() -> None:
    read = mail.read(
        b"From: Nora <nora@northwind.co.uk>\r\nSubject: =?utf-8?q?a=0D=0ABcc:_x@y.example?=\r\n"
        b"Message-ID: <a b@x>\r\nIn-Reply-To: <one@x> (that)\r\nReferences: <zero@x>\r\n <one@x>"
        b"\r\n\r\n\0body\0"
    )
    assert read.subject == "a Bcc: x@y.example"
    assert read.message_id.endswith("@without-id.invalid>")
    assert read.references == ("<one@x>", "<zero@x>")
    assert read.body == "body"


@pytest.mark.parametrize("charset", ["x-unknown", "utf-7", "iso-2022-jp", "\xff", "rot13", "base64", "idna"])
def test_any_charset_is_read_somehow(charset: str) -> None:
    raw = f'Content-Type: text/plain; charset="{charset}"\r\n\r\n'.encode("latin-1") + b"gr\xc3\xbc\xdfe\xff"
    assert "gr" in mail.read(raw).body


def test_a_mail_without_an_id_gets_the_same_one_twice() -> None:
    raw = b"From: nora@northwind.co.uk\r\nDate: Wed, 3 Jun 2026 10:00:00 +0200\r\n\r\nHello"
    assert mail.read(raw).message_id == mail.read(b"Received: by x\r\n" + raw).message_id
    assert mail.read(raw).message_id != mail.read(raw + b"!").message_id


@pytest.mark.parametrize(
    "date",
    ["", "yesterday", "Wed, 99 Jun 2026", "Wed, 3 Jun 99999 10:00:00 +0200", "0", "3 Jun 2026 10:00 +9999"],
)
def test_an_unreadable_date_is_none(date: str) -> None:
    assert mail.read(f"Date: {date}\r\n\r\nx".encode()).dated is None


header = st.sampled_from(
    ["From", "To", "Cc", "Date", "Subject", "Message-ID", "References", "Content-Type", "Return-Path",
     "Content-Transfer-Encoding", "Content-Disposition", "Auto-Submitted", "MIME-Version"]
)  # fmt: skip
HOSTILE = [
    b"multipart/mixed; boundary=x", b"multipart/report", b"text/html; charset=", b"base64", b"(((",
    b"message/rfc822", b"=?utf-8?b?//8=?=", b"<a@b>, <c@d", b"a@[", b'"', b"@", b";", b"quoted-printable",
    b"text/plain; charset*=x''%ff", b"attachment; filename*0*=utf-8''%", b"Group: a@b, c@d;",
    b"Mon, 1 Jan 1 0:0:0 -9",
]  # fmt: skip
value = st.one_of(st.binary(max_size=60), st.sampled_from(HOSTILE))


@given(st.lists(st.tuples(header, value), max_size=8), st.binary(max_size=200), st.booleans())
def test_reading_never_fails(headers: list[tuple[str, bytes]], body: bytes, parted: bool) -> None:
    raw = b"".join(name.encode() + b": " + text + b"\r\n" for name, text in headers) + b"\r\n"
    raw += b"--x\r\n" + body + b"\r\n--x\r\n\r\n" + body if parted else body
    read = mail.read(raw)
    (read.body + read.subject + read.message_id + read.sender).encode("utf-8")
    assert "\0" not in read.body + read.subject + read.sender
