"""Token ids + word vectors -> document vectors."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from glove_sklearn._embedding._pooling import max_pool, sum_pool
from glove_sklearn._system.linear_algebra import eigenvectors, gram
from glove_sklearn._system.threads import ThreadTeam

#: The parameter a of smooth inverse frequency.
_SIF_A = 1e-3


def idf_weights(document_frequencies: np.ndarray, n_documents: int) -> np.ndarray:
    """Inverse document frequency of each word, smoothed as in scikit-learn: log((1 + n) / (1 + df)) + 1.

    Parameters
    ----------
    document_frequencies : ndarray of shape (n_words,), int64
    n_documents : int

    Returns
    -------
    weights : ndarray of shape (n_words,), float32
    """
    return (np.log((1 + n_documents) / (1 + document_frequencies)) + 1).astype(np.float32)


def sif_weights(counts: np.ndarray) -> np.ndarray:
    """Smooth inverse frequency of each word, a / (a + p) with p its share of all tokens and a = 0.001.

    S. Arora, Y. Liang and T. Ma, "A simple but tough-to-beat baseline for sentence embeddings", ICLR 2017.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int64

    Returns
    -------
    weights : ndarray of shape (n_words,), float32
    """
    return (_SIF_A / (_SIF_A + counts / counts.sum())).astype(np.float32)


def pool(
    ids: np.ndarray, offsets: np.ndarray, embedding: np.ndarray, pooling: str, weights: np.ndarray | None = None
) -> np.ndarray:
    """One vector for each document. The vector of a document depends on no other.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), int32
        Tokens of all documents, as rows of `embedding`.
    offsets : ndarray of shape (n_documents + 1,), int64
        Where each document begins in `ids`.
    embedding : ndarray of shape (n_words, d), float32
    pooling : {"mean", "sum", "max", "idf", "sif"}
        "idf" is the mean weighted by `weights`; "sif" the plain mean of vectors multiplied by `weights`.
    weights : ndarray of shape (n_words,), float32, or None
        For "idf" and "sif"; None for the others.

    Returns
    -------
    vectors : ndarray of shape (n_documents, d), float32
        Zeros for a document with no tokens.
    """
    if pooling == "max":
        return _maximum(ids, offsets, embedding)
    vectors = _sums(ids, offsets, embedding, weights)
    if pooling == "sum":
        return vectors
    if pooling == "idf":
        totals = _sums(ids, offsets, np.ones((len(embedding), 1), dtype=np.float32), weights)
        totals[totals == 0] = 1
    else:
        totals = np.maximum(1, offsets[1:] - offsets[:-1]).astype(np.float32)[:, np.newaxis]
    vectors /= totals
    return vectors


def _sums(ids: np.ndarray, offsets: np.ndarray, table: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Sum of the rows of a table, times their weights, over the tokens of each document."""
    sums = np.empty((len(offsets) - 1, table.shape[1]), dtype=np.float32)
    sum_pool(ids, offsets, np.ascontiguousarray(table, dtype=np.float32), weights, sums, np.empty(table.shape[1]))
    return sums


def _maximum(ids: np.ndarray, offsets: np.ndarray, embedding: np.ndarray) -> np.ndarray:
    highest = np.empty((len(offsets) - 1, embedding.shape[1]), dtype=np.float32)
    max_pool(ids, offsets, np.ascontiguousarray(embedding, dtype=np.float32), highest)
    return highest


def common_component(parts: Iterable[np.ndarray], d: int, team: ThreadTeam) -> np.ndarray:
    """The direction that document vectors share most: their first right singular vector.

    Parameters
    ----------
    parts : iterable of ndarray of shape (n_documents, d), float32
        All document vectors, some at a time.
    d : int
    team : ThreadTeam

    Returns
    -------
    component : ndarray of shape (d,), float32
        Of length 1; zeros where all vectors are.
    """
    total = np.zeros((d, d))
    for part in parts:
        total += gram(part, team)
    return eigenvectors(total)[1][:, 0].astype(np.float32)


def remove_component(vectors: np.ndarray, component: np.ndarray) -> np.ndarray:
    """Each vector without its projection on `component`."""
    # einsum and not @: BLAS may add in another order for another number of documents.
    return vectors - np.einsum("ij,j->i", vectors, component)[:, np.newaxis] * component
