"""Weights by distance, exact and in fixed-point numbers."""

import numpy as np
import pytest

from glove_sklearn._counting import row_counting
from glove_sklearn._counting.weights import FixedPointWeights
from glove_sklearn._system.storage import Storage
from glove_sklearn._text.corpus import Corpus
from tests.assertions import count


@pytest.mark.parametrize("power", [0, 0.25, 0.3, 0.5, 0.6, 0.75, 0.9, 1, 1.5, 2.75, 10])
def test_weights_are_powers_of_the_distance(power):
    """One word among others that all differ: its row of X is the weight of each distance."""
    words = [f"w{i:03}" for i in range(200)]
    counter = count([words], window_size=150, weighting=power)
    row = counter.cooccurrence_.toarray()[0, 1:]
    distances = np.arange(1.0, 200)
    # What is less than 2**-40 of the largest weight is nothing.
    expected = np.where((distances <= 150) & (distances**-power >= 2.0**-40), distances**-power, 0)
    np.testing.assert_allclose(row, expected, rtol=1e-6, atol=2.0**-40)
    np.testing.assert_array_equal(row > 0, expected > 0)


def test_weights_of_each_distance_need_a_window():
    with pytest.raises(ValueError, match="needs a window_size, got window_size=None"):
        count([list("abc")], window_size=None, weighting=[1, 2])


@pytest.mark.parametrize("weighting", [-0.1, 10.5, np.nan, np.inf, "linear"])
def test_other_powers_are_refused(weighting):
    with pytest.raises(ValueError, match="weighting"):
        count([list("abc")], weighting=weighting)


def test_weights_are_made_smaller_where_sums_could_overflow():
    tokens = Corpus(Storage(), 1.0, 1.0)
    tokens.append(np.array([0, 1, 0, 1], dtype=np.int32), np.array([4]))
    for most_frequent in (2, 1 << 40, 1 << 58):  # 2**58 times 2**41 is more than 2**63
        weights = FixedPointWeights.of(np.array([1.0, 0.5]), "symmetric", most_frequent)
        assert most_frequent * int(weights.left.sum() + weights.right.sum()) < 1 << 63
        X = row_counting.count_rows(tokens, np.array([2, 2]), weights, Storage(), 1, 0).to_csr()
        assert X.toarray().tolist() == [[1, 3], [3, 1]]


@pytest.mark.parametrize("weighting", [[1e39, 1], [1e-310, 1e-310], [1, 1e-13]])
def test_weights_that_would_be_lost_are_refused(weighting):
    with pytest.raises(ValueError, match=r"between 2\*\*-60 and 2\*\*60"):
        count([list("abc")], window_size=2, weighting=weighting)


def test_large_and_small_weights_keep_their_ratios():
    X = count([list("abc")], window_size=2, weighting=[3e15, 1e15]).cooccurrence_.toarray()
    np.testing.assert_allclose(X, [[0, 3e15, 1e15], [3e15, 0, 3e15], [1e15, 3e15, 0]], rtol=1e-6)
    X = count([list("abc")], window_size=2, weighting=[3e-15, 1e-15]).cooccurrence_.toarray()
    np.testing.assert_allclose(X, [[0, 3e-15, 1e-15], [3e-15, 0, 3e-15], [1e-15, 3e-15, 0]], rtol=1e-6)
