"""How many tokens have a vector, and what is said if they are few."""

import numpy as np
import pytest

from glove_sklearn._embedding.coverage import measure_coverage
from glove_sklearn._text.known_words import KnownWords, WordFinder
from tests._text.test_known_words import DEFAULTS


def measured(words, counts, **parameters):
    known = KnownWords(words)
    finder = WordFinder(known, {**DEFAULTS, **parameters})
    return measure_coverage(list(counts), np.array(list(counts.values())), finder, known)


def test_fractions_are_those_of_tokens_and_of_types():
    found = measured(["ice", "steam", "water"], {"ice": 6, "x": 3, "steam": 2, "y": 1})
    assert found.rows.tolist() == [0, -1, 1, -1]
    assert found.of_tokens == 8 / 12
    assert found.of_types == 1 / 2
    assert found.missing == {"x": 3, "y": 1}
    assert found.advice == ""


def test_stop_words_count_neither_way():
    found = measured(["ice", "the"], {"the": 90, "ice": 1, "of": 50, "x": 1}, stop_words=["the", "of"])
    assert found.of_tokens == found.of_types == 1 / 2
    assert found.missing == {"x": 1}


def test_only_the_most_frequent_are_kept():
    counts = {f"x{i}": 2000 - i for i in range(1500)}
    found = measured(["ice"], {"ice": 9000, **counts})
    assert list(found.missing.items()) == list(counts.items())[:1000]
    assert found.of_tokens == 9000 / (9000 + sum(counts.values()))


@pytest.mark.parametrize(
    ("words", "counts", "parameters", "advice"),
    [
        (
            ["ice", "steam"],
            {"ICE": 5, "Steam": 3, "ice": 1, "x": 1},
            {"lowercase": False},
            "90.0% would: set lowercase",
        ),
        (["cafe", "ete"], {"café": 5, "été": 3, "x": 2}, {}, "80.0% would: set strip_accents"),
        (
            ["ice", "steam"],
            {"ice,": 5, "(steam)": 3, "x": 2},
            {"analyzer": str.split},
            "80.0% would: see token_pattern",
        ),
        (["ice", "steam"], {"вода": 5, "лёд": 3}, {}, "in Cyrillic script, and the words of the vectors in Latin"),
        (["ice", "steam"], {"wasser": 5, "eis": 3}, {}, "of the same language"),
        (["123"], {"456": 5}, {}, "of the same language"),
    ],
)
def test_advice_follows_from_the_data(words, counts, parameters, advice):
    found = measured(words, counts, **parameters)
    assert advice in found.advice
    assert repr(next(term for term in counts if found.rows[list(counts).index(term)] < 0)) in found.advice


def test_a_third_is_enough():
    assert measured(["ice"], {"x": 2, "ice": 1}).advice == ""
    advice = measured(["ice"], {"x": 201, "ice": 100}).advice
    assert advice.startswith("100 of the 301 tokens of the documents have a vector (33.2%); the most frequent")
