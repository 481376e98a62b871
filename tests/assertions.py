"""What several modules of tests share: a quick count, a sparse matrix, and assertions."""

import sys

import numpy as np
from scipy import sparse

from glove_sklearn import CooccurrenceCounter


def count(documents, **parameters):
    return CooccurrenceCounter(**{"analyzer": list, "min_count": 1, **parameters}).fit(documents)


def random_sparse(shape, density, random_state):
    """A matrix of which about this fraction is not 0: float32 between 0 and 1. (scipy.sparse.random_array is too new.)"""
    values, chosen = random_state.random_sample(shape), random_state.random_sample(shape) < density
    return sparse.csr_array(np.where(chosen, values, 0).astype(np.float32))


def assert_same_matrix(X, expected):
    for name in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(X, name), getattr(expected, name), strict=True)


def watch(monkeypatch, name, calls):
    """Note each call of the function of this name."""
    module, *path = name.removeprefix("glove_sklearn.").split(".")
    holder = sys.modules[f"glove_sklearn.{module}"]
    for part in path[:-1]:
        holder = getattr(holder, part)
    original = getattr(holder, path[-1])
    monkeypatch.setattr(holder, path[-1], lambda *args, **kwargs: calls.append(args) or original(*args, **kwargs))
