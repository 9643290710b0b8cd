"""What somebody wrote, told from what they quote and how they sign."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.mail import folding


def kinds(body: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in folding.fold(body)]


@pytest.mark.parametrize(
    "history",
    [
        "On Wed, 3 Jun 2026 at 10:00, Alice <alice@acme.example> wrote:\n> What about\n> it?",
        "On Wed, 3 Jun 2026 at 10:00, Alice Long Name\n<alice@acme.example> wrote:\n\n> What about it?",
        "Am Mi., 3. Juni 2026 um 10:00 Uhr schrieb Alice <alice@acme.example>:\n\n> Geht das?",
        "Le 3 juin 2026 à 10:00, Alice <alice@acme.example> a écrit :\n> Bien ?",
        "-----Original Message-----\nFrom: Alice\nSubject: It\n\nWhat about it?",
        "From: Alice <alice@acme.example>\nSent: Wednesday, 3 June 2026 10:00\nTo: Nora\n\nWhat about it?",
        "Von: Alice <alice@acme.example>\nGesendet: Mittwoch, 3. Juni 2026 10:00\nAn: Nora\n\nGeht das?",
        "> What about it?",
    ],
)
def test_history_is_folded(history: str) -> None:
    assert kinds(f"Yes, gladly.\n\n{history}\n") == [("words", "Yes, gladly."), ("quote", history)]


def test_answers_between_the_lines_stay_open() -> None:
    body = (
        "See below.\n\nOn Wed, 3 Jun 2026 at 10:00, Alice wrote:\n"
        "> When?\n> And where?\nOn Friday.\n\n> With whom?\nWith Omar."
    )
    assert [kind for kind, _ in kinds(body)] == ["words", "quote", "words", "quote", "words"]
    assert ("words", "On Friday.\n") in kinds(body) or ("words", "On Friday.") in kinds(body)


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nNora Berg\nNorthwind",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Gesendet von Mail für Windows",
    ],
)
def test_a_signature_is_folded(signature: str) -> None:
    assert kinds(f"Yes.\n\n{signature}") == [("words", "Yes."), ("signature", signature)]


def test_greeting_and_name_stay_and_what_follows_is_folded() -> None:
    body = "Yes.\n\nMit freundlichen Grüßen\nNora Berg\n\nNorthwind Ltd\n+44 20 7946 0000"
    assert kinds(body) == [
        ("words", "Yes.\n\nMit freundlichen Grüßen\nNora Berg"),
        ("signature", "Northwind Ltd\n+44 20 7946 0000"),
    ]
    assert kinds("Yes.\n\nBest regards\nNora") == [("words", "Yes.\n\nBest regards\nNora")]


@pytest.mark.parametrize(
    "body",
    [
        "We need:\n- two logos\n- one date\nOn Monday I am away: please write to Ove.",
        "From: the start\nwe liked it.",
        "Am Montag schreibe ich wieder.\nAm Freitag: nichts.",
        "On reflection he wrote it well.",
    ],
)
def test_plain_words_stay_open(body: str) -> None:
    assert kinds(body) == [("words", body)]


def test_a_mail_that_only_passes_something_on_stands_open() -> None:
    body = "---------- Forwarded message ---------\nFrom: Omar\nDate: today\n\nHello"
    assert kinds(body) == [("words", body)]


@pytest.mark.parametrize(
    "piece", ["\n", " \n", "> a\n", "On Mon, 1", "On Mon, 1\n", "From: x\n", "-", "Am 1\n", ">\n\nx"]
)
def test_no_text_takes_long(piece: str) -> None:
    began = time.monotonic()
    folding.fold(piece * (200_000 // len(piece)))
    assert time.monotonic() - began < 5


@given(
    st.lists(
        st.sampled_from(["", "> q", "words", "On 1 Jun, A wrote:", "--", "Regards", "Von: x", "Datum: y"])
    )
)
def test_no_line_is_lost(lines: list[str]) -> None:
    shown = "\n".join(piece.text for piece in folding.fold("\n".join(lines)))
    assert [line for line in shown.splitlines() if line.strip()] == [line for line in lines if line.strip()]
