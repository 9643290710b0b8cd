"""Reading raw mail: real ones, broken ones, hostile ones. Reading never fails."""

import base64
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.mail import reading
from tests.conversations.letters import raw

REAL = sorted(Path(os.environ.get("REAL_DATA", "."), "mail").glob("*.eml"))


@pytest.mark.real_data
def test_there_are_real_mails() -> None:
    assert len(REAL) >= 16


@pytest.mark.real_data
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_automatic_replies_and_bounces_are_automatic(path: Path) -> None:
    read = reading.read(path.read_bytes())
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
        ("X-PRM-Generator: person", False),
        ("X-Anything: else", False),
    ],
)
def test_what_is_automatic(headers: str, automatic: bool) -> None:
    raw = f"From: nora@northwind.co.uk\r\n{headers}\r\n\r\nHello".encode()
    assert reading.read(raw).is_automatic is automatic


def test_the_plain_part_is_read_and_attachments_are_not() -> None:
    read = reading.read(
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
    read = reading.read(
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>no</title>"
        b"<style>p{}</style></head><body><p>Dear <b>Alice</b>,</p>"
        b"<script>alert(1)</script><p>5 &lt; 6 &amp; more</p></body></html>"
    )
    assert read.body == "Dear Alice,\n\n5 < 6 & more"


def nested(depth: int) -> bytes:
    """Parts within parts within parts."""
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    return f"From: nora@northwind.co.uk\r\nSubject: Deep\r\n{head}Content-Type: text/plain\r\n\r\nhi".encode()


def test_parts_within_parts_are_read_as_far_as_that_is_quick() -> None:
    assert reading.read(nested(40)).body == "hi"
    deep = reading.read(nested(1000))
    assert deep.body == reading.TOO_DEEP
    assert (deep.subject, deep.sender) == ("Deep", "nora@northwind.co.uk")
    passed_on = b"Content-Type: message/rfc822\r\n\r\n" * 1000
    assert reading.read(b"Subject: Deep\r\n" + passed_on + b"hi").subject == "Deep"


def test_of_50_mb_the_beginning_is_read() -> None:
    read = reading.read(b"From: nora@northwind.co.uk\r\nSubject: Large\r\n\r\n" + b"abcdefgh\r\n" * 5_242_880)
    assert (read.subject, read.sender) == ("Large", "nora@northwind.co.uk")
    assert read.body.startswith(reading.TOO_LARGE)
    assert len(read.body) < 2 * reading.BEGINNING


@pytest.mark.parametrize(
    "letter", ["(", '"', "<", ";", "a ", "=?utf-8?q?a?= ", "\\", "[", "a.", "a@b.c, ", "Group:"]
)
def test_no_header_takes_long(letter: str) -> None:
    line = letter * (500_000 // len(letter))
    names = [
        "From",
        "To",
        "Cc",
        "Date",
        "Subject",
        "Message-ID",
        "References",
        "Content-Type",
        "Auto-Submitted",
    ]
    began = time.monotonic()
    reading.read("".join(f"{name}: {line}\r\n" for name in names).encode() + b"\r\nx")
    assert time.monotonic() - began < 10


def test_files_are_told_from_words() -> None:
    read = reading.read(
        raw(
            html="<p>Hello</p>",
            files={"plan.pdf": b"%PDF-1", "../../etc/passwd": b"x", "Größe.txt": b"y"},
        )
    )
    assert read.body.strip() == "What about the margins?"
    assert read.has_html
    assert [(each.name, each.data) for each in read.attached] == [
        ("plan.pdf", b"%PDF-1"), ("passwd", b"x"), ("Größe.txt", b"y"),
    ]  # fmt: skip


def test_a_picture_in_the_text_and_a_mail_passed_on_are_files() -> None:
    read = reading.read(
        b'Content-Type: multipart/related; boundary="a"\r\n\r\n'
        b"--a\r\nContent-Type: text/html\r\n\r\n<img src=cid:1>Hello\r\n"
        b"--a\r\nContent-Type: image/png\r\nContent-ID: <1>\r\n\r\n\x89PNG\r\n"
        b"--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\nWords\r\n--a--\r\n"
    )
    assert [each.name for each in read.attached] == ["attachment.png", "attachment.eml"]
    assert read.body.strip() == "Hello"
    assert b"Subject: inside" in read.attached[1].data


def test_letters_sent_bare_are_read() -> None:
    text = "From: Jürgen Größe <j@x.example>\r\nSubject: Grüße\r\n\r\nSchön"
    for charset in ("utf-8", "cp1252"):
        read = reading.read(text.encode(charset))
        assert (read.sender_name, read.subject, read.body) == ("Jürgen Größe", "Grüße", "Schön")


@pytest.mark.parametrize(
    ("charset", "sent", "said"),
    [
        ("iso-8859-1", "“Größe” – 5 €".encode("cp1252"), "“Größe” – 5 €"),
        ("gb2312", "伙伴镕".encode("gb18030"), "伙伴镕"),
        ("shift_jis", "パートナー①".encode("cp932"), "パートナー①"),
        ("koi8-r", "партнёр".encode("koi8-r"), "партнёр"),
        ("utf-16", "partner".encode("utf-16"), "partner"),
        ("utf-8", "Größe".encode("cp1252"), "Größe"),
        ("", "Größe".encode(), "Größe"),
    ],
)
def test_what_charsets_mean(charset: str, sent: bytes, said: str) -> None:
    head = f'Content-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    assert reading.read(head.encode() + base64.b64encode(sent)).body == said


def test_headers_that_want_to_be_more() -> None:
    read = reading.read(
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
    assert "gr" in reading.read(raw).body


def test_a_mail_without_an_id_gets_the_same_one_twice() -> None:
    raw = b"From: nora@northwind.co.uk\r\nDate: Wed, 3 Jun 2026 10:00:00 +0200\r\n\r\nHello"
    assert reading.read(raw).message_id == reading.read(b"Received: by x\r\n" + raw).message_id
    assert reading.read(raw).message_id != reading.read(raw + b"!").message_id


@pytest.mark.parametrize(
    "date",
    ["", "yesterday", "Wed, 99 Jun 2026", "Wed, 3 Jun 99999 10:00:00 +0200", "0", "3 Jun 2026 10:00 +9999"],
)
def test_an_unreadable_date_is_none(date: str) -> None:
    assert reading.read(f"Date: {date}\r\n\r\nx".encode()).dated is None


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
    read = reading.read(raw)
    (read.body + read.subject + read.message_id + read.sender).encode("utf-8")
    assert "\0" not in read.body + read.subject + read.sender
