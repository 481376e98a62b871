"""Truncated SVD of positive pointwise mutual information: what GloVe is to be better than.

O. Levy, Y. Goldberg and I. Dagan, "Improving distributional similarity with lessons learned from word embeddings", TACL 2015;
no shift, no smoothing, and the square roots of the singular values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy import sparse


def fit(
    documents: Iterable, n_components: int, seed: int, n_jobs: int, **counting: Any
) -> tuple[list[str], np.ndarray]:
    """Words, the most frequent first, and their vectors of shape (n_words, d), of the counts of the defaults.

    Parameters
    ----------
    documents : iterable
    n_components, seed, n_jobs : int
    **counting
        What differs from the defaults.
    """
    from glove_sklearn import CooccurrenceCounter

    counter = CooccurrenceCounter(**counting, n_jobs=n_jobs).fit(documents)
    return list(counter.vocabulary_), factorise(positive_information(counter.cooccurrence_), n_components, seed)


def about(terms: list[str]) -> dict[str, Any]:
    """What rows say of it."""
    from glove_sklearn import CooccurrenceCounter

    return {"n_words": len(terms), "window_size": CooccurrenceCounter().window_size}


def positive_information(X: sparse.csr_array) -> sparse.csr_array:
    """The positive log(X_ij sum(X) / (sum of row i * sum of column j)), float32; X is not changed."""
    rows = np.log(X.sum(axis=1, dtype=np.float64))
    columns = np.log(X.sum(axis=0, dtype=np.float64))
    total = np.log(X.sum(dtype=np.float64))
    information = np.log(X.data)
    information += np.repeat((total - rows).astype(np.float32), np.diff(X.indptr))
    information -= columns.astype(np.float32)[X.indices]
    # New arrays for all that is left: eliminate_zeros works in place, and the indices may be those of X.
    positive = information > 0
    indptr = np.concatenate([[0], np.cumsum(positive)])[X.indptr]
    return sparse.csr_array((information[positive], X.indices[positive], indptr), shape=X.shape)


def factorise(matrix: sparse.csr_array, n_components: int, seed: int) -> np.ndarray:
    """U sqrt(S), of shape (n_rows, d)."""
    from sklearn.utils.extmath import randomized_svd

    U, S, _ = randomized_svd(matrix, n_components, n_iter=5, random_state=seed)
    return U * np.sqrt(S)
