"""Numbers and lists of things in messages."""

import pytest

from glove_sklearn._system.wording import all_or_some, number_of, perhaps


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0, "word"), "0 words"),
        ((1, "word"), "1 word"),
        ((2, "entry", "entries"), "2 entries"),
        ((1, "entry", "entries"), "1 entry"),
    ],
)
def test_nouns_agree_with_numbers(arguments, expected):
    assert number_of(*arguments) == expected


def test_long_lists_are_cut():
    assert all_or_some(map(str, range(20))) == ", ".join(map(str, range(20)))
    assert all_or_some(map(str, range(22))) == ", ".join(map(str, range(20))) + " and 2 more"


@pytest.mark.parametrize(
    ("word", "hint"), [("Police", "; perhaps: police"), ("polize", "; perhaps: police"), (7, ""), ("zzz", "")]
)
def test_similar_words_are_suggested(word, hint):
    assert perhaps(word, ["the", "minister", "police"]) == hint


def test_the_word_in_lower_case_comes_first():
    assert perhaps("US", ["USA", "USB", "us"]).startswith("; perhaps: us, ")
