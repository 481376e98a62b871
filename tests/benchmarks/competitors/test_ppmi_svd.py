"""Positive pointwise mutual information and its factors are those of their definitions."""

import numpy as np
from scipy import sparse

from benchmarks.competitors.ppmi_svd import factorise, fit, positive_information
from glove_sklearn import CooccurrenceCounter


def test_information_is_that_of_the_counts_of_the_defaults(lee):
    terms, vectors = fit(lee, 5, 0, 1)
    counter = CooccurrenceCounter().fit(lee)
    assert terms == list(counter.vocabulary_)
    expected = factorise(positive_information(counter.cooccurrence_), 5, 0)
    np.testing.assert_allclose(vectors, expected, rtol=1e-4, atol=1e-4)


def test_positive_information_is_that_of_its_definition_and_leaves_x_alone(seed):
    rng = np.random.RandomState(seed)
    dense = rng.randint(0, 4, (12, 12)).astype(np.float32) + np.eye(12, dtype=np.float32)
    X = sparse.csr_array(dense)
    expected = np.zeros_like(dense)
    for i, j in zip(*dense.nonzero(), strict=True):
        ratio = dense[i, j] * dense.sum() / (dense[i].sum() * dense[:, j].sum())
        expected[i, j] = max(0, np.log(ratio))
    information = positive_information(X)
    np.testing.assert_allclose(information.toarray(), expected, atol=1e-6)
    assert (information.data > 0).all()
    np.testing.assert_array_equal(X.toarray(), dense)
    assert X.has_canonical_format


def test_factors_are_left_singular_vectors_times_roots_of_singular_values(seed):
    matrix = np.random.RandomState(seed).random_sample((20, 20)).astype(np.float32)
    U, S, _ = np.linalg.svd(matrix)
    found = factorise(sparse.csr_array(matrix), 20, seed)
    # Each column up to its sign.
    np.testing.assert_allclose(np.abs(found), np.abs(U * np.sqrt(S)), atol=1e-4)
