"""The tokens of texts that arrive one after another, from which a vocabulary can be chosen at any time."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from glove_sklearn._system import budget
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._text._term_table import TermTable
from glove_sklearn._text.corpus import Corpus
from glove_sklearn._text.encoder import Encoder
from glove_sklearn._text.vocabulary import (
    OneTable,
    TermTablePool,
    Vocabulary,
    choose_vocabulary,
    count_given,
    read,
    renumber_batches,
)


class TokenStore:
    """All tokens of all texts, 4 bytes each, and 8 bytes for each document; no term is dropped.

    Sums of co-occurrences could not be kept instead. Words that a vocabulary lacks are removed before distances are measured, so
    that distances depend on which words are frequent enough in the end; so do the unit of the fixed-point weights, and the
    farthest distance. With the windows of practice, X also has several entries for each token, of 12 bytes.

    Parameters
    ----------
    terms : list of str or None
        The vocabulary, if it is given; other tokens are not kept.
    memory_limit, temp_dir
        As for :class:`~glove_sklearn._system.storage.Storage`: what exceeds the share of the tokens goes to files.
    text_parameters : dict or None, default=None
        The parameters by which a document becomes tokens, the same for all texts.
    """

    def __init__(
        self,
        terms: list[str] | None,
        memory_limit: Any = None,
        temp_dir: Any = None,
        text_parameters: dict[str, Any] | None = None,
    ) -> None:
        self.terms = terms
        self.text_parameters = text_parameters or {}
        self._places = {"memory_limit": memory_limit, "temp_dir": temp_dir}
        self._tokens = Corpus(Storage(memory_limit, temp_dir), budget.KEPT_TOKENS, budget.KEPT_LENGTHS)
        weakref.finalize(self, self._tokens.close)
        self._table = TermTable()
        self._counts = np.zeros(0, dtype=np.int64)

    @property
    def n_documents(self) -> int:
        """Number of documents of all texts."""
        return self._tokens.n_documents

    def read(
        self, documents: Iterable, text: CountVectorizer, storage: Storage, n_jobs: int | None, verbose: int
    ) -> None:
        """Add the tokens of a text; if that fails or is interrupted, the store stays as it was.

        Parameters
        ----------
        documents : iterable
            Read once.
        text : CountVectorizer
            Defines how a document becomes tokens.
        storage : Storage
            Holds what is needed meanwhile.
        n_jobs : int or None
        verbose : int
        """
        before = self.mark()
        try:
            with storage.scratch() as scratch, ThreadTeam(n_jobs) as team:
                tables, batches_of = read(documents, text, self.terms, self._tokens, scratch, n_jobs, verbose)
                if tables is not None:
                    self._counts = self._merged(tables, batches_of, team)
        except BaseException:
            self.restore(before)
            raise

    def _merged(self, tables: TermTablePool, batches_of: dict[int, list[int]], team: ThreadTeam) -> np.ndarray:
        """Number the terms of new batches as those of all texts, and return the new counts."""
        counts = self._counts
        for table_index, indices in batches_of.items():
            characters, starts, of_table = tables.terms(table_index)
            numbers = self._table.absorb(characters, starts, 1, 0)
            counts = np.append(counts, np.zeros(len(self._table) - len(counts), dtype=np.int64))
            counts[numbers] += of_table
            renumber_batches(self._tokens, indices, numbers, team)
        return counts

    def mark(self) -> tuple[int, np.ndarray]:
        """Return what `restore` needs to undo later readings."""
        return len(self._tokens), self._counts.copy()

    def restore(self, mark: tuple[int, np.ndarray]) -> None:
        """Undo what was read since a mark was taken. Terms that were new stay in the table; they do not occur."""
        n_batches, counts = mark
        self._tokens.truncate(n_batches)
        self._counts = np.append(counts, np.zeros(len(self._table) - len(counts), dtype=np.int64))

    def choose(
        self, text: CountVectorizer, parameters: dict[str, Any], storage: Storage, n_jobs: int | None
    ) -> tuple[Corpus, Vocabulary]:
        """Choose a vocabulary, as :func:`~glove_sklearn._text.vocabulary.encode` does for all documents at once.

        Parameters
        ----------
        text : CountVectorizer
            Has the stop words.
        parameters : dict
            `min_count`, `min_df`, `max_df` and `max_features`, for a vocabulary that is not given.
        storage : Storage
            Holds the tokens that are returned.
        n_jobs : int or None

        Returns
        -------
        tokens : Corpus
            Copies, without the tokens that are not in the vocabulary.
        vocabulary : Vocabulary
        """
        tokens = Corpus(storage, budget.TOKENS, budget.DOCUMENT_LENGTHS)
        for ids, lengths in self._tokens:
            tokens.append(ids.copy(), lengths.copy())
        if self.terms is not None:
            return tokens, count_given(tokens, self.terms)
        characters, starts = self._table.contents()
        with ThreadTeam(n_jobs) as team:
            stop_words = Encoder(text).stop_words
            table, batches_of = OneTable(characters, starts, self._counts), {0: list(range(len(tokens)))}
            vocabulary = choose_vocabulary(table, tokens, batches_of, stop_words, parameters, storage, team)
        return tokens, vocabulary

    def state(self) -> dict[str, Any]:
        """Return everything as plain objects and arrays, in memory, for pickles."""
        batches = list(self._tokens)
        characters, starts = self._table.contents()
        return {
            "terms": self.terms,
            "places": self._places,
            "text_parameters": self.text_parameters,
            "sizes": np.array(self._tokens.batch_sizes, dtype=np.int64).reshape(-1, 2),
            "ids": np.concatenate([np.zeros(0, dtype=np.int32), *(ids for ids, _ in batches)]),
            "lengths": np.concatenate([np.zeros(0, dtype=np.int64), *(lengths for _, lengths in batches)]),
            "characters": characters,
            "starts": starts,
            "counts": self._counts,
        }

    @classmethod
    def of_state(cls, state: dict[str, Any]) -> TokenStore:
        """Make a store from what `state` returned."""
        store = cls(state["terms"], **state["places"], text_parameters=state["text_parameters"])
        ends = np.cumsum(state["sizes"], axis=0)[:-1]
        for ids, lengths in zip(
            np.split(state["ids"], ends[:, 0]), np.split(state["lengths"], ends[:, 1]), strict=True
        ):
            store._tokens.append(ids.copy(), lengths.copy())
        store._table.absorb(state["characters"], state["starts"], 1, 0)
        store._counts = state["counts"].copy()
        return store
