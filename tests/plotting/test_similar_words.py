"""The nearest words."""

import numpy as np

from glove_sklearn.evaluation.vectors import unit_vectors
from glove_sklearn.plotting.similar_words import nearest


def test_nearest_words_are_those_of_a_full_sort(seed):
    units = unit_vectors(np.random.RandomState(seed).normal(size=(700, 5)))
    rows = np.arange(0, 700, 2)
    neighbors, cosines = nearest(units, rows, 7)
    for row, found, values in zip(rows, neighbors, cosines, strict=True):
        expected = [other for other in np.argsort(-(units @ units[row])) if other != row][:7]
        assert found.tolist() == expected
        np.testing.assert_allclose(values, units[found] @ units[row])


def test_there_are_no_more_neighbors_than_other_words():
    neighbors, _ = nearest(np.eye(3), np.arange(3), 10)
    assert neighbors.tolist() == [[1, 2], [0, 2], [0, 1]]
