"""The promise catcher against what people type: how many promises it finds, and how many it makes up."""

import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.catching import Caught, catch
from prm.calendars import WorkCalendar
from tests.conftest import BERLIN

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=BERLIN)
OFFICE = WorkCalendar(
    "Europe/Berlin", {day: [("09:00", "17:00")] for day in range(5)}, {date(2026, 6, 4): []}
)
WRITTEN = Path(__file__).with_name("sentences.txt")


@dataclass(frozen=True)
class Sentence:
    kind: str  # "tuned" or "held"
    expected: frozenset[str]
    text: str


def written() -> list[Sentence]:
    rows = [line.split(" | ", 3) for line in WRITTEN.read_text().splitlines() if not line.startswith("#")]
    return [
        Sentence(kind, frozenset() if said == "-" else frozenset(said.split(", ")), text.replace("\\n", "\n"))
        for kind, _, said, text in rows
    ]


def caught(text: str) -> list[Caught]:
    return catch(text, NOW, OFFICE)


def found(text: str) -> frozenset[str]:
    return frozenset(f"{promise.side} {promise.on}" for promise in caught(text))


def test_there_are_enough_sentences_and_half_of_them_promise_nothing() -> None:
    sentences = written()
    silent = sum(not sentence.expected for sentence in sentences)
    assert len(sentences) >= 120
    assert 0.45 <= silent / len(sentences) <= 0.55


@pytest.mark.parametrize("kind", ["tuned", "held"])
def test_it_makes_up_next_to_none_and_finds_most(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    right = made_up = missed = 0
    for sentence in (row for row in written() if row.kind == kind):
        got = found(sentence.text)
        right += len(got & sentence.expected)
        made_up += len(got - sentence.expected)
        missed += len(sentence.expected - got)
    precision, recall = right / (right + made_up), right / (right + missed)
    with capsys.disabled():
        print(f"\npromises, {kind} sentences: precision {precision:.3f}, recall {recall:.3f}", end=" ")
    assert precision >= 0.95
    assert recall >= 0.85


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We'll send you the signed agreement by Friday, as discussed.", "Send the signed agreement"),
        ("I'm sending the samples tomorrow.", "Send the samples"),
        ("Thanks! I will get back to you by Tuesday at the latest.", "Get back to you"),
        ("The pack will be ready by Friday 5pm.", "The pack will be ready"),
        ("Nora will send the numbers by Friday.", "Nora: send the numbers"),
        ("Ich schicke Ihnen das Paket bis Freitag.", "Das Paket schicken"),
        ("In zwei Wochen bereite ich die Schulung vor.", "Die Schulung vorbereiten"),
        ("Ich melde mich am Montag bei Ihnen.", "Sich bei Ihnen melden"),
        ("Wir haben zugesagt, das Paket bis Freitag zu schicken.", "Das Paket schicken"),
        ("Wir werden den Zugang bis Freitag einrichten.", "Den Zugang einrichten"),
    ],
)
def test_it_says_what_is_promised_without_who_and_when(text: str, words: str) -> None:
    assert [promise.words for promise in caught(text)] == [words]


def test_it_says_where_the_text_makes_the_promise() -> None:
    text = "Hi Nora,\n\nthanks. By Friday I'll send the pack, and more."
    (promise,) = caught(text)
    assert text[promise.start : promise.end] == "By Friday I'll send the pack"


def test_a_sentence_may_be_wrapped_over_lines() -> None:
    text = "After all that we discussed on the phone this morning I will send\nthe pack by Friday."
    assert [promise.words for promise in caught(text)] == ["Send the pack"]


def test_what_was_quoted_below_an_answer_is_not_ours() -> None:
    text = "Thank you!\n\nOn Monday, Nora Berg wrote:\nI will send the figures by Friday."
    assert caught(text) == []


def test_one_of_us_owes_what_is_promised_to_you() -> None:
    assert found("Bob will call you on Friday.") == {"ours 2026-06-05"}
    assert found("Bob will call us on Friday.") == {"theirs 2026-06-05"}


def test_if_may_mean_whether() -> None:
    assert found("I'll let you know by Friday if the slot is free.") == {"ours 2026-06-05"}
    assert found("I'll send it by Friday if you sign.") == set()


def test_a_demand_is_no_promise() -> None:
    assert found("Schicken Sie uns bis Freitag die Liste.") == set()
    assert found("Send us the list by Friday.") == set()


def test_a_long_text_is_read_to_its_limit_only() -> None:
    assert len(caught("I will send the pack by Friday. " * 50)) == 5
    assert caught("x " * 10_000 + "I will send the pack by Friday.") == []


def holds(text: str) -> None:
    """What must be so whatever was typed."""
    for promise in caught(text):
        assert promise.on >= NOW.date()
        assert 0 <= promise.start < promise.end <= len(text)
        assert promise.side in {"ours", "theirs"}
        assert promise.words.strip()


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    holds(text)


PIECES = (
    "I we will 'll send promise promised have schicke wir Sie schicken Ihnen Nora you the pack das Paket by "
    "on bis am before vor Friday Freitag morgen tomorrow next nächsten 12.6. 31. Juni KW 53 in 999 ſix days "
    "Tagen end of month ? . , und and if wenn nicht not \n > : · ’ 2026-02-30 29 February week 0 zum every"
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES.split(" ")), max_size=30).map(" ".join))
def test_any_order_of_its_words_is_read(text: str) -> None:
    holds(text)


@pytest.mark.real_data
def test_naughty_strings_are_read() -> None:
    for text in json.loads((Path(os.environ["REAL_DATA"]) / "naughty_strings.json").read_text()):
        holds(text)
        holds(f"I will send {text} by Friday.")
        holds(f"Wir schicken {text} bis Freitag.")
