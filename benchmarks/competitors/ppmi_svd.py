"""Truncated SVD of positive pointwise mutual information (PPMI): the baseline that a trained model has to beat.

O. Levy, Y. Goldberg and I. Dagan, "Improving distributional similarity with lessons learned from word embeddings", TACL 2015;
without shift and smoothing, and with the square roots of the singular values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy import sparse

from glove_sklearn import CooccurrenceCounter


def fit(
    documents: Iterable[str], n_components: int, seed: int, n_jobs: int, **counting: Any
) -> tuple[list[str], np.ndarray]:
    """Return the words, by falling count, and their vectors of shape (n_words, d), from the counts of the defaults.

    Parameters
    ----------
    documents : iterable of str
    n_components, seed, n_jobs : int
    **counting
        Parameters of CooccurrenceCounter that differ from the defaults.
    """
    counter = CooccurrenceCounter(**counting, n_jobs=n_jobs).fit(documents)
    return list(counter.vocabulary_), factorise(positive_information(counter.cooccurrence_), n_components, seed)


def positive_information(X: sparse.csr_array) -> sparse.csr_array:
    """Return max(0, log(X_ij sum(X) / (sum of row i * sum of column j))) as float32; X does not change."""
    rows = np.log(X.sum(axis=1, dtype=np.float64))
    columns = np.log(X.sum(axis=0, dtype=np.float64))
    total = np.log(X.sum(dtype=np.float64))
    information = np.log(X.data)
    information += np.repeat((total - rows).astype(np.float32), np.diff(X.indptr))
    information -= columns.astype(np.float32)[X.indices]
    # eliminate_zeros would work in place, on indices that may be shared with X.
    positive = information > 0
    indptr = np.concatenate([[0], np.cumsum(positive)])[X.indptr]
    return sparse.csr_array((information[positive], X.indices[positive], indptr), shape=X.shape)


def factorise(matrix: sparse.csr_array, n_components: int, seed: int) -> np.ndarray:
    """Return U sqrt(S), of shape (n_rows, d)."""
    from sklearn.utils.extmath import randomized_svd

    U, S, _ = randomized_svd(matrix, n_components, n_iter=5, random_state=seed)
    return U * np.sqrt(S)
