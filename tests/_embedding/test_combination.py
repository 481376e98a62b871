"""The word vector and the context vector of a word become one."""

import numpy as np
import pytest

from glove_sklearn._embedding.combination import COMBINATIONS, combine, combine_into, width_factor

WORDS = np.array([[1, 2], [3, 4]], dtype=np.float32)
CONTEXTS = np.array([[10, 20], [30, 40]], dtype=np.float32)
EXPECTED = {
    "sum": [[11, 22], [33, 44]],
    "word": [[1, 2], [3, 4]],
    "context": [[10, 20], [30, 40]],
    "concat": [[1, 2, 10, 20], [3, 4, 30, 40]],
}


def test_every_combination_is_tested():
    assert tuple(EXPECTED) == COMBINATIONS


@pytest.mark.parametrize("how", COMBINATIONS)
def test_values_and_shapes(how):
    combined = combine(WORDS, CONTEXTS, how)
    assert combined.dtype == np.float32
    assert combined.tolist() == EXPECTED[how]
    target = np.full((2, 2 * width_factor(how)), np.nan, dtype=np.float32)
    assert combine_into(WORDS, CONTEXTS, how, target) is target
    assert target.tolist() == EXPECTED[how]


def test_sums_are_rounded_once():
    """In float64, as files hold them, the sum is exact before it is stored as float32."""
    words, contexts = np.array([[1.0]]), np.array([[2.0**-25 + 2.0**-24]])
    assert combine_into(words, contexts, "sum", np.empty((1, 1), np.float32))[0, 0] == np.float32(1 + 2.0**-23)


def test_words_without_contexts_are_alone():
    assert combine(WORDS, CONTEXTS[:1], "sum") is WORDS
