"""Pool the word vectors of a document into one vector."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from glove_sklearn._embedding._pooling import max_pool, sum_pool
from glove_sklearn._system.linear_algebra import eigenvectors
from glove_sklearn._system.threads import ThreadTeam

#: The parameter a of smooth inverse frequency.
_SIF_A = 1e-3


class Statistics(NamedTuple):
    """What a fit knows about the words of its documents."""

    counts: np.ndarray
    """(n_words,), int64: occurrences of each word."""
    document_frequencies: np.ndarray | None
    """(n_words,), int64: documents that contain each word; None unless the pooling needs them."""
    n_documents: int


def idf_weights(statistics: Statistics) -> np.ndarray:
    """Compute the inverse document frequency of each word, smoothed as in scikit-learn: log((1 + n) / (1 + df)) + 1.

    Returns
    -------
    weights : ndarray of shape (n_words,), float32
    """
    assert statistics.document_frequencies is not None
    return (np.log((1 + statistics.n_documents) / (1 + statistics.document_frequencies)) + 1).astype(np.float32)


def sif_weights(statistics: Statistics) -> np.ndarray:
    """Compute the smooth inverse frequency of each word, a / (a + p) with p its fraction of all tokens and a = 0.001.

    Unlike in the source, weights are then divided by their mean over the tokens, on which no cosine depends. In a small
    vocabulary every p is large, and vectors would be so small that a penalty in a classifier leaves nothing of them.

    S. Arora, Y. Liang and T. Ma, "A simple but tough-to-beat baseline for sentence embeddings", ICLR 2017.

    Returns
    -------
    weights : ndarray of shape (n_words,), float32
    """
    frequencies = statistics.counts / statistics.counts.sum()
    weights = _SIF_A / (_SIF_A + frequencies)
    return (weights / math.fsum(frequencies * weights)).astype(np.float32)


class Pooling(NamedTuple):
    """A way to pool."""

    kind: Literal["sum", "max"] = "sum"
    """Whether the kernel sums the vectors or takes their maximum."""
    divisor: Literal["tokens", "weights"] | None = None
    """What sums are divided by: the number of tokens, or the sum of their weights."""
    weights: Callable[[Statistics], np.ndarray] | None = None
    """Computes the weight of each word."""
    needs_document_frequencies: bool = False
    removes_common_component: bool = False
    """Whether the component that the documents of `fit` share is removed from document vectors."""

    @property
    def needs_tokens(self) -> bool:
        """Whether `fit` needs the tokens of the documents once more after training."""
        return self.needs_document_frequencies or self.removes_common_component


#: What the parameter `pooling` takes.
POOLINGS = {
    "mean": Pooling(divisor="tokens"),
    "sum": Pooling(),
    "max": Pooling(kind="max"),
    "idf": Pooling(divisor="weights", weights=idf_weights, needs_document_frequencies=True),
    "sif": Pooling(divisor="tokens", weights=sif_weights, removes_common_component=True),
}


def pool(
    ids: np.ndarray, offsets: np.ndarray, embedding: np.ndarray, pooling: Pooling, weights: np.ndarray | None = None
) -> np.ndarray:
    """Compute the vector of each document, independently of the others.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), int32
        Tokens of all documents, as rows of `embedding`.
    offsets : ndarray of shape (n_documents + 1,), int64
        Where each document starts in `ids`, and where the last ends.
    embedding : ndarray of shape (n_words, d), float32
    pooling : Pooling
    weights : ndarray of shape (n_words,), float32, or None
        Factors of the vectors; None for 1.

    Returns
    -------
    vectors : ndarray of shape (n_documents, d), float32
        Zeros for a document without tokens.
    """
    if pooling.kind == "max":
        return _maximum(ids, offsets, embedding)
    vectors = _sums(ids, offsets, embedding, weights)
    if pooling.divisor == "weights":
        # Weights of tokens and not of words, of which there may be millions for a short document.
        every = np.arange(len(ids), dtype=np.int32)
        totals = _sums(
            every, offsets, np.ones((len(ids), 1), dtype=np.float32), None if weights is None else weights[ids]
        )
        totals[totals == 0] = 1
        vectors /= totals
    elif pooling.divisor == "tokens":
        vectors /= np.maximum(1, offsets[1:] - offsets[:-1]).astype(np.float32)[:, np.newaxis]
    return vectors


def _sums(ids: np.ndarray, offsets: np.ndarray, table: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Sum the rows of a table, times their weights, over the tokens of each document."""
    sums = np.empty((len(offsets) - 1, table.shape[1]), dtype=np.float32)
    sum_pool(ids, offsets, np.ascontiguousarray(table, dtype=np.float32), weights, sums, np.empty(table.shape[1]))
    return sums


def _maximum(ids: np.ndarray, offsets: np.ndarray, embedding: np.ndarray) -> np.ndarray:
    highest = np.empty((len(offsets) - 1, embedding.shape[1]), dtype=np.float32)
    max_pool(ids, offsets, np.ascontiguousarray(embedding, dtype=np.float32), highest)
    return highest


def common_component(moments: np.ndarray, team: ThreadTeam) -> np.ndarray:
    """Compute the direction that document vectors share most: their first right singular vector.

    Parameters
    ----------
    moments : ndarray of shape (d, d), float64
        The sum over all document vectors v of v vᵀ.
    team : ThreadTeam

    Returns
    -------
    component : ndarray of shape (d,), float32
        Of length 1; zeros if all vectors are.
    """
    return eigenvectors(moments, team, 1)[1][:, 0].astype(np.float32)


def remove_component(vectors: np.ndarray, component: np.ndarray) -> np.ndarray:
    """Subtract from each vector its projection on `component`."""
    # einsum and not @: BLAS may add in another order for another number of documents.
    return vectors - np.einsum("ij,j->i", vectors, component)[:, np.newaxis] * component
