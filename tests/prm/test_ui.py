"""The template words every screen uses."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.template import Context, Template
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from prm import clock
from prm.templatetags import ui

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=BERLIN)


@pytest.fixture
def in_berlin() -> Iterator[None]:
    with clock.fixed(NOW), timezone.override(BERLIN):
        yield


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_an_icon_is_its_line_and_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui, "drawings", lambda: {"sun": "M8 12a4 4"})
    svg = ui.icon.__wrapped__("sun", "icon-sm")
    line = '<path d="M8 12a4 4"/>'
    assert svg == f'<svg class="icon icon-sm" viewBox="0 0 24 24" aria-hidden="true">{line}</svg>'


def test_an_icon_the_build_did_not_draw_is_a_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui, "drawings", dict)
    svg = ui.icon.__wrapped__("sun", "")
    assert svg == '<svg class="icon" aria-hidden="true"><use href="/static/dist/icons.svg#sun"/></svg>'


def test_an_icon_name_cannot_carry_markup() -> None:
    assert "<script>" not in drawn("{% icon name %}", name='"><script>')


@pytest.mark.parametrize(
    ("thing", "size", "classes"),
    [
        (SimpleNamespace(initials="HC", colour=2), "", "av c2"),
        (SimpleNamespace(initials="HC", colour=7), "l", "av l c7"),
        (SimpleNamespace(initials="TR", colour=0, is_person=True), "s", "av p s c0"),
    ],
)
def test_a_partner_is_square_and_a_person_round(thing: object, size: str, classes: str) -> None:
    face = drawn("{% avatar thing size %}", thing=thing, size=size)
    assert f'class="{classes}"' in face
    assert 'aria-hidden="true"' in face


def test_an_avatar_escapes_initials_and_stands_for_nobody() -> None:
    assert "<b" not in drawn("{% avatar thing %}", thing=SimpleNamespace(initials="<b", colour=0))
    assert "?" in drawn("{% avatar thing %}", thing=None)


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 23, 8, 48, tzinfo=BERLIN), "Today 08:48"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("UTC")), "Tomorrow 00:30"),
        (datetime(2026, 11, 22, 14, 0, tzinfo=BERLIN), "Yesterday 14:00"),
        (datetime(2026, 11, 19, 14, 0, tzinfo=BERLIN), "Thu 19 Nov"),
        (datetime(2025, 3, 2, 14, 0, tzinfo=BERLIN), "2 Mar 2025"),
        (date(2026, 11, 23), "Today"),
        (date(2026, 11, 27), "Fri 27 Nov"),
        (date(2028, 1, 1), "1 Jan 2028"),
    ],
)
def test_a_moment_reads_as_a_person_says_it(at: date, words: str) -> None:
    assert f">{words}<" in drawn("{% moment at %}", at=at)


@pytest.mark.usefixtures("in_berlin")
def test_a_moment_keeps_the_full_time_and_its_zone() -> None:
    tag = drawn("{% moment at %}", at=datetime(2026, 11, 19, 13, 0, tzinfo=ZoneInfo("UTC")))
    assert 'datetime="2026-11-19T13:00:00+00:00"' in tag
    assert 'title="Thursday 19 November 2026, 14:00 CET"' in tag


@pytest.mark.usefixtures("in_berlin")
def test_below_its_day_a_moment_is_a_time_of_day() -> None:
    tag = drawn("{% hour at %}", at=datetime(2026, 11, 19, 13, 5, tzinfo=ZoneInfo("UTC")))
    assert 'title="Thursday 19 November 2026, 14:05 CET"' in tag
    assert ">14:05<" in tag


def test_no_moment_is_a_dash() -> None:
    assert drawn("{% moment at %}", at=None) == "–"
    assert drawn('{% moment at "never" %}', at=None) == "never"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "under 1 min"),
        (59, "under 1 min"),
        (38 * 60, "38 min"),
        (4320, "1 h 12 min"),
        (7200, "2 h"),
        (3 * 86400 + 4 * 3600 + 59 * 60, "3 d 4 h"),
        (86400 + 5 * 60, "1 d"),
        (-4320, "1 h 12 min"),
        (timedelta(hours=9), "9 h"),
        (None, ""),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert ui.span(seconds) == words


@given(st.integers(min_value=60, max_value=10**9))
def test_a_span_never_claims_more_than_there_is(seconds: int) -> None:
    worth = {"d": 86400, "h": 3600, "min": 60}
    words = ui.span(seconds).split()
    told = sum(int(count) * worth[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    assert told <= seconds < told + worth[words[1]]


@pytest.mark.parametrize(("share", "width"), [(0, 0), (41.6, 42), (100, 100), (140, 100), (-3, 0), (None, 0)])
def test_a_track_is_filled_to_its_share(share: float, width: int) -> None:
    bar = drawn('{% track share "warn" %}', share=share)
    assert f'<rect width="{width}"' in bar
    assert "t-warn" in bar


def test_a_track_refuses_a_tone_nobody_drew() -> None:
    with pytest.raises(ValueError, match="no tone"):
        drawn('{% track 10 "pink" %}')


def test_only_what_the_front_end_build_made_is_collected() -> None:
    assert {storage.prefix for finder in get_finders() for _, storage in finder.list([])} <= {"dist"}
