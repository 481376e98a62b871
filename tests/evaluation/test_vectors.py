"""The words that take part in an evaluation, and their vectors."""

import numpy as np
import pytest

from glove_sklearn.evaluation.vectors import SLAB, case_folding, dot, unit_vectors, words_and_vectors


def test_unit_vectors_of_any_length():
    vectors = np.array([[3, 4], [0, 0], [3e30, -4e30], [3e-42, 4e-42]], dtype=np.float32)
    units = unit_vectors(vectors)
    assert units.dtype == np.float64
    np.testing.assert_allclose(units[:3], [[0.6, 0.8], [0, 0], [0.6, -0.8]], rtol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(units[3]), 1)
    huge = unit_vectors(np.array([[3e300, 4e300], [3e-300, 4e-300]]))
    np.testing.assert_allclose(huge, [[0.6, 0.8], [0.6, 0.8]])


def test_a_dot_product_does_not_depend_on_other_rows():
    rng = np.random.RandomState(0)
    x, y = rng.standard_normal((2, 100, 37))
    whole = dot(x, y)
    np.testing.assert_array_equal(whole, [dot(x[i : i + 1], y[i : i + 1])[0] for i in range(100)])
    np.testing.assert_allclose(whole, np.einsum("ij,ij->i", x, y))


def test_the_most_frequent_words():
    terms, vectors = [f"w{i}" for i in range(5)], np.arange(10.0).reshape(5, 2)
    for limit, n_words in ((None, 5), (3, 3), (np.int64(2), 2), (99, 5)):
        found, rows = words_and_vectors((terms, vectors), limit)
        assert found == terms[:n_words]
        np.testing.assert_array_equal(rows, vectors[:n_words])
    for limit in (0, -1, True, 2.0, "3"):
        with pytest.raises(ValueError, match="restrict_vocab must be a positive integer or None"):
            words_and_vectors((terms, vectors), limit)


@pytest.mark.parametrize("index", [0, SLAB - 1, SLAB, 2 * SLAB])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_the_word_whose_vector_is_not_finite_is_named(index, value):
    vectors = np.ones((2 * SLAB + 1, 2))
    vectors[index, 1] = value
    with pytest.raises(ValueError, match=f"the vector of 'w{index}' has NaN or infinity"):
        words_and_vectors(([f"w{i}" for i in range(len(vectors))], vectors), None)


def test_case():
    assert case_folding(True)("Straße") == "STRASSE"
    assert case_folding(False)("Straße") == "Straße"
