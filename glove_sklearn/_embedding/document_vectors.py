"""From token ids to document vectors: pooling, post-processing, and removing what all documents share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any, Protocol

import numpy as np

from glove_sklearn._embedding.pooling import Pooling, Statistics, common_component, pool, remove_component
from glove_sklearn._embedding.postprocessing import Postprocessing
from glove_sklearn._system.linear_algebra import gram
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._text.corpus import Corpus


class BatchEncoder(Protocol):
    """What turns documents into rows of the embedding, such as :class:`~glove_sklearn._text.encoder.Encoder`."""

    def batches(self, documents: Iterable) -> Iterator[tuple[int, list]]:
        """Yield batches of documents, each with the position of its first."""

    def encode(self, position: int, batch: list) -> tuple[np.ndarray, np.ndarray]:
        """Return the ids of the tokens of a batch, and the lengths of its documents."""


@dataclass(frozen=True)
class DocumentPooler:
    """All that it takes to make a vector of the tokens of a document."""

    embedding: np.ndarray
    """(n_words, d), float32."""
    pooling: Pooling
    weights: np.ndarray | None = None
    """(n_words,), float32: weight of each word, for the poolings that have weights."""
    component: np.ndarray | None = None
    """(d,), float32: what is removed from each document, for the poolings that do so."""
    postprocessing: Postprocessing | None = None
    """What is yet to be done to the embedding. It is done to the documents, so that large embeddings are not copied."""

    def vectors(self, ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Compute the vectors of documents, each independently of the others.

        Parameters
        ----------
        ids : ndarray of shape (n_tokens,), int32
            Rows of the embedding.
        lengths : ndarray of shape (n_documents,), int64
            Number of tokens of each document.

        Returns
        -------
        vectors : ndarray of shape (n_documents, d), float32
            Zeros for a document without tokens, before its component is removed.
        """
        vectors = self.pooled(ids, lengths)
        return vectors if self.component is None else remove_component(vectors, self.component)

    def pooled(self, ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Compute the vectors of documents before the common component is removed."""
        offsets = np.append(0, np.cumsum(lengths))
        if self.postprocessing is None:
            return pool(ids, offsets, self.embedding, self.pooling, self.weights)
        if self.pooling.kind == "max":
            rows, local = np.unique(ids, return_inverse=True)
            words = self.postprocessing.apply(self.embedding[rows])
            return pool(local.astype(np.int32), offsets, words, self.pooling)
        vectors = pool(ids, offsets, self.embedding, self.pooling, self.weights)
        # Pooling ones as if they were words gives the sum of the weights.
        ones, weights = np.ones((len(ids), 1), dtype=np.float32), None if self.weights is None else self.weights[ids]
        n_words = pool(np.arange(len(ids), dtype=np.int32), offsets, ones, self.pooling, weights)
        return self.postprocessing.apply(vectors, n_words[:, 0])

    def terms(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Split the vector of a document into terms of its words, which add up to it.

        Parameters
        ----------
        ids : ndarray of shape (n_tokens,), int32

        Returns
        -------
        rows : ndarray of shape (n_words,), int32
            The different words of the document.
        counts : ndarray of shape (n_words,), int64
            How often each of them occurs.
        terms : ndarray of shape (n_words, d), float64

        Raises
        ------
        ValueError
            If the vector is not a sum over words, but their maximum.
        """
        if self.pooling.kind == "max":
            raise ValueError('with pooling="max" the vector of a document is not a sum over its words.')
        rows, counts = np.unique(ids, return_counts=True)
        shares = counts.astype(np.float64)
        if self.pooling.divisor == "weights" and self.weights is not None:
            shares *= self.weights[rows]
        if self.pooling.divisor is not None and shares.any():
            shares /= shares.sum()
        # The vector of a document of one word is that word's, times its weight unless that is divided out.
        words = self.vectors(rows, np.ones(len(rows), dtype=np.int64))
        return rows, counts, shares[:, np.newaxis] * words


class EncodedDocuments(Protocol):
    """What a fit has read, such as :class:`~glove_sklearn._text.corpus.Corpus`."""

    @property
    def n_documents(self) -> int:
        """Number of documents."""

    def document_frequencies(self, n_terms: int) -> np.ndarray:
        """Count the documents that contain each term; int64."""

    def total(self, function: Callable[[np.ndarray, np.ndarray, ThreadTeam], np.ndarray], team: ThreadTeam) -> Any:
        """Add up ``function(ids, lengths, team)`` over batches of documents, in their order."""


def fit_pooler(
    tokens: EncodedDocuments,
    counts: np.ndarray,
    embedding: np.ndarray,
    pooling: Pooling,
    team: ThreadTeam,
    postprocessing: Postprocessing | None = None,
) -> DocumentPooler:
    """Learn from documents what a pooling needs.

    Parameters
    ----------
    tokens : EncodedDocuments
        The documents as rows of `embedding`; read only if ``pooling.needs_tokens``.
    counts : ndarray of shape (n_words,), int64
        Occurrences of each word in them.
    embedding : ndarray of shape (n_words, d), float32
    pooling : Pooling
    team : ThreadTeam
    postprocessing : Postprocessing or None, default=None

    Returns
    -------
    pooler : DocumentPooler
    """
    weights = None
    if pooling.weights is not None:
        frequencies = tokens.document_frequencies(len(counts)) if pooling.needs_document_frequencies else None
        weights = pooling.weights(Statistics(counts, frequencies, tokens.n_documents))
    pooler = DocumentPooler(embedding, pooling, weights, postprocessing=postprocessing)
    if not pooling.removes_common_component:
        return pooler
    moments = tokens.total(partial(_second_moment, pooler), team)
    return replace(pooler, component=common_component(moments, team))


def _second_moment(pooler: DocumentPooler, ids: np.ndarray, lengths: np.ndarray, team: ThreadTeam) -> np.ndarray:
    """Add up the products of the vectors of documents with themselves; (d, d), float64."""
    return gram(pooler.pooled(ids, lengths), team)


def vectors_of_corpus(tokens: Corpus, pooler: DocumentPooler, team: ThreadTeam) -> np.ndarray:
    """Compute the vectors of encoded documents; (n_documents, d), float32."""
    features = np.empty((tokens.n_documents, pooler.embedding.shape[1]), dtype=np.float32)
    ends = np.cumsum([n_documents for _, n_documents in tokens.batch_sizes])

    def fill(index: int) -> None:
        vectors = pooler.vectors(*tokens.batch(index))
        features[ends[index] - len(vectors) : ends[index]] = vectors

    team.run(fill, [(index,) for index in range(len(tokens))])
    return features


def vectors_of_documents(
    documents: Iterable, encoder: BatchEncoder, pooler: DocumentPooler, n_jobs: int | None
) -> np.ndarray:
    """Compute the vectors of documents, which are read once; (n_documents, d), float32."""
    parts = [np.zeros((0, pooler.embedding.shape[1]), dtype=np.float32)]
    parts += iterate_vectors(documents, encoder, pooler, n_jobs)
    return np.concatenate(parts) if len(parts) > 2 else parts[-1]


def iterate_vectors(
    documents: Iterable, encoder: BatchEncoder, pooler: DocumentPooler, n_jobs: int | None
) -> Iterator[np.ndarray]:
    """Yield the vectors of documents batch by batch, reading a few batches ahead."""

    def vectors_of(position: int, batch: list) -> np.ndarray:
        return pooler.vectors(*encoder.encode(position, batch))

    batches = encoder.batches(documents)
    first = list(islice(batches, 2))
    if len(first) == 1:
        yield vectors_of(*first[0])  # too little to be worth threads
        return
    with ThreadTeam(n_jobs) as team:
        yield from team.stream(vectors_of, chain(first, batches))
