"""Given vectors: how they are aligned and checked, where training begins, and the step of the anchor."""

import numpy as np
import pytest

from glove_sklearn import GloVe
from glove_sklearn._embedding.word_vectors import WordVectors
from glove_sklearn._training.given_vectors import GivenVectors, align, check_dimension, digest
from glove_sklearn._training.packed_parameters import PackedParameters
from glove_sklearn._training.settings import TrainingSettings


def settings(**parameters):
    return TrainingSettings.of(GloVe(**{"n_components": 3, "init": np.zeros((1, 3)), **parameters}))


def test_vectors_are_aligned_with_the_rows_and_unknown_words_get_nan():
    words = WordVectors(["a", "b"], np.array([[1, 2], [3, 4]], dtype=np.float32))
    np.testing.assert_array_equal(align(words, ["c", "b", "a"]), [[np.nan, np.nan], [3, 4], [1, 2]])


def test_vectors_without_a_common_word_are_refused_and_the_message_shows_some():
    words = WordVectors(["Paris", "Rome"], np.ones((2, 2), dtype=np.float32))
    with pytest.raises(
        ValueError, match=r"2 words \('Paris', 'Rome', \.\.\.\), but no word of X is among them \('paris'"
    ):
        align(words, ["paris"])


@pytest.mark.parametrize(("combine", "d"), [("sum", 3), ("word", 3), ("context", 3), ("concat", 6)])
def test_the_dimension_is_that_of_the_embedding(combine, d):
    check_dimension(np.ones((1, d)), settings(combine=combine))
    with pytest.raises(ValueError, match=f"init has vectors of {d + 1} values, but n_components=3"):
        check_dimension(np.ones((1, d + 1)), settings(combine=combine))


def test_the_digest_depends_on_vectors_and_on_words():
    vectors = np.arange(4, dtype=np.float32).reshape(2, 2)
    digests = {digest(vectors), digest(vectors + 1), digest(vectors, ["a", "b"]), digest(vectors, ["b", "a"])}
    assert len(digests) == 4


def packed(n, d, seed):
    """The two sides, with random vectors and accumulators, and rows in another order than those of X."""
    generator = np.random.RandomState(seed)
    sides = []
    for bias_first in (True, False):
        side = PackedParameters(generator.permutation(n), d, bias_first, 0.05)
        side.initialize(generator)
        side.set_vectors(np.arange(n), generator.standard_normal((n, d)).astype(np.float32))
        side.rows[side._positions[:, np.newaxis], side._accumulators] = 1 + 99 * generator.random_sample((n, d + 1))
        sides.append(side)
    return sides


@pytest.mark.parametrize("anchor", [0.01, 1.0, 1e4])
@pytest.mark.parametrize("combine", ["sum", "word", "context", "concat"])
def test_the_step_minimises_the_penalty_and_the_distance_in_the_metric_of_adagrad(combine, anchor, seed):
    """By a linear system for each component, in float64."""
    n, d = 5, 4
    words, contexts = packed(n, d, seed)
    before = words.vectors().astype(float), contexts.vectors().astype(float)
    roots = [np.sqrt(side.accumulators()[:, :-1].astype(float)) for side in (words, contexts)]
    r = np.random.RandomState(seed).standard_normal((n, d * (1 + (combine == "concat")))).astype(np.float32)
    r[2] = np.nan
    GivenVectors(r, combine, True).pull(words, contexts, anchor)
    # The rows of the system: how the combined vector depends on (w, c).
    rows = {"sum": [(1, 1)], "word": [(1, 0)], "context": [(0, 1)], "concat": [(1, 0), (0, 1)]}[combine]
    A = np.array(rows, dtype=float)
    for i in range(n):
        for k in range(d):
            start = np.array([before[0][i, k], before[1][i, k]])
            if i != 2:
                metric = np.diag([roots[0][i, k], roots[1][i, k]])
                target = r[i, [k]] if len(rows) == 1 else r[i, [k, d + k]]
                start = np.linalg.solve(anchor * A.T @ A + metric, anchor * A.T @ target + metric @ start)
            found = words.vectors()[i, k], contexts.vectors()[i, k]
            np.testing.assert_allclose(found, start, rtol=2e-4, atol=2e-4)


def test_the_step_leaves_biases_and_accumulators_alone():
    words, contexts = packed(4, 3, 0)
    before = [(side.biases(), side.accumulators()) for side in (words, contexts)]
    GivenVectors(np.ones((4, 3), dtype=np.float32), "sum", True).pull(words, contexts, 10.0)
    for side, (biases, accumulators) in zip((words, contexts), before, strict=True):
        np.testing.assert_array_equal(side.biases(), biases)
        np.testing.assert_array_equal(side.accumulators(), accumulators)


def test_words_of_an_earlier_fit_keep_their_state_and_others_begin_at_their_vectors():
    X = np.ones((3, 3))
    model = GloVe(3, warm_start=True, max_iter=1, random_state=0).fit(X)
    from glove_sklearn._training.state import warm_start_state

    origin = warm_start_state(model).take(np.array([0, -1, -1]))
    given = np.full((3, 3), np.nan, dtype=np.float32)
    given[:2] = [[1, 2, 3], [4, 5, 6]]
    biases = np.array([1, 2, -np.inf], dtype=np.float32)
    state = GivenVectors(given, "sum", True).begin((3, 3), (biases, biases), settings(), origin)
    np.testing.assert_array_equal(state.words.vectors[0], model.word_vectors_[0])
    np.testing.assert_array_equal(state.words.vectors[1], [2, 2.5, 3])
    np.testing.assert_array_equal(state.contexts.vectors[1], [2, 2.5, 3])
    assert state.words.biases[1] == 2
    np.testing.assert_allclose(state.words.accumulators[1], [400, 400, 400, 1])
    assert state.words.is_new.tolist() == [False, False, True]
    assert origin.words.is_new.tolist() == [False, True, True], "the state of the earlier fit has changed"
