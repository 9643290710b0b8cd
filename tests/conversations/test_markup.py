"""HTML of mails: words are read from it, and nothing of it runs, fetches or looks like us."""

import time

import pytest

from conversations.mail import markup

HOSTILE = """
<html><head><title>t</title><style>p{background:url(https://spy.example/a)}</style>
<link rel=stylesheet href=https://spy.example/b><base href=https://spy.example></head>
<body onload=alert(1) background=https://spy.example/c><script>alert(2)</script>
<p style="background:url(https://spy.example/d)" onclick=alert(3) class=btn id=main>Dear <b>Alice</b></p>
<img src=https://spy.example/pixel.gif alt="A chart" onerror=alert(4)><img src="data:image/png;base64,x">
<a href="javascript:alert(5)">one</a> <a href="https://shop.example/?a=1&b=2" target=_top>two</a>
<a href="/settings/">three</a> <form action=https://spy.example><input name=pass><button>Go</button></form>
<iframe src=https://spy.example></iframe><svg onload=alert(6)></svg><object data=x></object>
<table><tr><td bgcolor=red colspan=2>cell</td></tr></table>
"""


def test_nothing_runs_and_nothing_is_fetched() -> None:
    safe = markup.safe(HOSTILE)
    for gone in (
        "spy.example",
        "alert",
        "style",
        "class",
        "id=",
        "<form",
        "<input",
        "<img",
        "<iframe",
        "bgcolor",
    ):
        assert gone not in safe
    assert "Dear <b>Alice</b>" in safe
    assert '<a href="https://shop.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow">two</a>' in safe
    assert 'href="/settings/"' not in safe
    assert '<td colspan="2">cell</td>' in safe


def test_pictures_are_there_only_when_asked_for() -> None:
    assert markup.has_pictures(HOSTILE)
    assert not markup.has_pictures("<p>None</p>")
    assert '<img src="https://spy.example/pixel.gif" alt="A chart">' in markup.safe(HOSTILE, pictures=True)
    assert "data:" not in markup.safe(HOSTILE, pictures=True)


def test_words_of_html() -> None:
    html = "<p>Dear <b>Alice</b>,</p><script>alert(1)</script><p>5 &lt; 6 &amp; more<br>next</p><ul><li>one"
    assert markup.words(html).split() == ["Dear", "Alice,", "5", "<", "6", "&", "more", "next", "one"]
    assert markup.words("a<b>b</b>c") == "abc"


@pytest.mark.parametrize(
    "piece", ["<div>", "<b><p>", "<table>", "<!--", "<", "&", "<a href='", "</p>", "<![CDATA["]
)
def test_no_html_takes_long(piece: str) -> None:
    began = time.monotonic()
    markup.words(piece * 200_000)
    markup.safe(piece * 200_000)
    assert time.monotonic() - began < 20


def test_a_typed_text_becomes_html_in_which_nothing_runs() -> None:
    html = markup.of_text("Hello <script>alert(1)</script> & bye\nsee https://acme.example/a\n\nAlice")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; bye<br>see" in html
    assert '<a href="https://acme.example/a"' in html
    assert "<p>Alice</p>" in html
