"""The tokens of all documents, as ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from glove_sklearn._system.storage import Storage
from glove_sklearn._text import _tokens


class Corpus:
    """Batches of documents, in order: the ids of their tokens, and the length of each document.

    Parameters
    ----------
    storage : Storage
    share : float
        Share of the limit that they may take in memory.
    """

    def __init__(self, storage: Storage, share: float) -> None:
        self._ids, self._lengths = storage.spool(share), storage.spool(share)
        #: Number of tokens, and of documents, of each batch.
        self.batch_sizes: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self.batch_sizes)

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for place in range(len(self)):
            yield self.batch(place)

    @property
    def n_tokens(self) -> int:
        """Number of tokens of all documents."""
        return sum(n_tokens for n_tokens, _ in self.batch_sizes)

    @property
    def n_documents(self) -> int:
        """Number of documents."""
        return sum(n_documents for _, n_documents in self.batch_sizes)

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

    def batch(self, place: int) -> tuple[np.ndarray, np.ndarray]:
        """Ids and lengths of a batch."""
        return self._ids.read(place), self._lengths.read(place)

    def lengths(self, place: int) -> np.ndarray:
        """Lengths of the documents of a batch."""
        return self._lengths.read(place)

    def replace(self, place: int, ids: np.ndarray, lengths: np.ndarray) -> None:
        """Put other tokens, not more, in the place of those of a batch; of as many documents."""
        self._ids.replace(place, ids)
        self._lengths.replace(place, lengths)
        self.batch_sizes[place] = len(ids), len(lengths)

    def document_frequencies(self, n_terms: int, places: Iterable[int] | None = None) -> np.ndarray:
        """Number of documents, of all or of some batches, that hold each term; int64."""
        frequencies, last = np.zeros(n_terms, dtype=np.int64), np.full(n_terms, -1, dtype=np.int64)
        n_documents = 0
        for place in range(len(self)) if places is None else places:
            ids, lengths = self.batch(place)
            _tokens.document_frequencies(ids, lengths, n_documents, frequencies, last)
            n_documents += len(lengths)
        return frequencies

    def close(self) -> None:
        """Forget them."""
        self._ids.close()
        self._lengths.close()
