"""What was typed, read as terms, and the texts in which they are marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import phrases


def shown(parts: list[phrases.Part]) -> str:
    return "".join(f"[{part.text}]" if part.is_found else part.text for part in parts)


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("budg", "The Budgets, a budget", "The [Budgets], a [budget]"),
        ("budget the", "The Budgets, a budget", "[The] Budgets, a [budget]"),
        ('"a budget"', "The Budgets, a budget", "The Budgets, [a budget]"),
        ("cafe", "Café CAFÉ cafe\u0301", "[Café] [CAFÉ] [cafe\u0301]"),
        ("müller", "Mueller, Müller, Muller", "[Mueller], [Müller], [Muller]"),
        ("mueller", "Mueller, Müller", "[Mueller], [Müller]"),
        ("strasse", "Straße", "[Straße]"),
        ("co-sell", "The co-sell rules, a co", "The [co-sell] rules, a co"),
        ("BLUE", "blue blu blut", "[blue] [blu] blut"),
        ("<bold>", "a <bold> b", "a <[bold]> b"),
        ("nothing", "The text", "The text"),
    ],
)
def test_it_marks(typed: str, text: str, expected: str) -> None:
    assert shown(phrases.marked(text, phrases.read(typed))) == expected


@pytest.mark.parametrize("typed", ["", " ", "a", "é", "!?", '"', '""', "- a -", "\0"])
def test_under_two_letters_are_no_question(typed: str) -> None:
    assert phrases.read(typed) == []


def test_the_last_word_may_go_on_unless_it_is_one_letter_or_quoted() -> None:
    opens = [term.spellings[0].opens for term in phrases.read("plan bud")]
    assert opens == [False, True]
    assert not phrases.read("plan b")[-1].spellings[0].opens
    assert not phrases.read('plan "bud"')[-1].spellings[0].opens


def test_an_excerpt_begins_a_little_before_the_first_find() -> None:
    text = "word " * 200 + "the budget of the year " + "word " * 200
    cut = shown(phrases.excerpt(text, phrases.read("budget")))
    assert cut.startswith("…word ")
    assert "the [budget] of the year word" in cut
    assert cut.endswith(" word…")
    assert len(cut) < 260


def test_an_excerpt_of_a_text_that_does_not_say_it_is_its_beginning() -> None:
    assert shown(phrases.excerpt("First words. " + "word " * 99, phrases.read("budget"))).startswith("First")


@given(st.text(max_size=400), st.text(max_size=60))
def test_no_letter_is_lost_and_none_added(text: str, typed: str) -> None:
    terms = phrases.read(typed)
    assert "".join(part.text for part in phrases.marked(text, terms)) == text
    cut = "".join(part.text for part in phrases.excerpt(text, terms))
    assert cut.removeprefix("…").removesuffix("…") in text or cut in text


@given(st.lists(st.from_regex(r"[a-zäöüß]{2,9}", fullmatch=True), min_size=1, max_size=8))
def test_each_word_of_a_text_is_found_in_it(words: list[str]) -> None:
    text = " ".join(words)
    for word in words:
        assert phrases.says(text, phrases.read(word)[0])
        assert phrases.says(text.upper(), phrases.read(word)[0])
