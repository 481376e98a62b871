"""The token ids of all documents, in batches that need not be in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._text import _tokens


class Corpus:
    """Batches of documents, in order: the ids of their tokens, and the length of each document.

    Parameters
    ----------
    storage : Storage
    ids_share, lengths_share : float
        Fractions of the limit that the ids, and the lengths of documents, may take in memory.
    """

    def __init__(self, storage: Storage, ids_share: float, lengths_share: float) -> None:
        self._ids, self._lengths = storage.spool(ids_share), storage.spool(lengths_share)
        #: Number of tokens, and of documents, of each batch.
        self.batch_sizes: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self.batch_sizes)

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for index in range(len(self)):
            yield self.batch(index)

    @property
    def n_tokens(self) -> int:
        """Number of tokens of all documents."""
        return sum(n_tokens for n_tokens, _ in self.batch_sizes)

    @property
    def sizes(self) -> list[int]:
        """Number of documents of each batch."""
        return [n_documents for _, n_documents in self.batch_sizes]

    @property
    def n_documents(self) -> int:
        """Number of documents."""
        return sum(self.sizes)

    def append(self, ids: np.ndarray, lengths: np.ndarray) -> None:
        """Add a batch.

        Parameters
        ----------
        ids : ndarray of shape (n_tokens,), int32
        lengths : ndarray of shape (n_documents,), int64
        """
        self._ids.append(ids)
        self._lengths.append(lengths)
        self.batch_sizes.append((len(ids), len(lengths)))

    def batch(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the ids and the lengths of a batch."""
        return self._ids.read(index), self._lengths.read(index)

    def lengths(self, index: int) -> np.ndarray:
        """Return the lengths of the documents of a batch."""
        return self._lengths.read(index)

    def replace(self, index: int, ids: np.ndarray, lengths: np.ndarray) -> None:
        """Replace the tokens of a batch by others, no more of them, of the same number of documents."""
        self._ids.replace(index, ids)
        self._lengths.replace(index, lengths)
        self.batch_sizes[index] = len(ids), len(lengths)

    def truncate(self, n: int) -> None:
        """Keep only the first `n` batches."""
        self._ids.truncate(n)
        self._lengths.truncate(n)
        del self.batch_sizes[n:]

    def document_frequencies(self, n_terms: int, indices: Iterable[int] | None = None) -> np.ndarray:
        """Count the documents, of all or of some batches, that contain each term; int64."""
        frequencies, last = np.zeros(n_terms, dtype=np.int64), np.full(n_terms, -1, dtype=np.int64)
        n_documents = 0
        for index in range(len(self)) if indices is None else indices:
            ids, lengths = self.batch(index)
            _tokens.document_frequencies(ids, lengths, n_documents, frequencies, last)
            n_documents += len(lengths)
        return frequencies

    def total(self, function: Callable[[np.ndarray, np.ndarray, ThreadTeam], np.ndarray], team: ThreadTeam) -> Any:
        """Add up ``function(ids, lengths, team)`` over the batches, in their order; 0 if there are none."""
        return sum(function(*batch, team) for batch in self)

    def close(self) -> None:
        """Release the ids and lengths."""
        self._ids.close()
        self._lengths.close()
