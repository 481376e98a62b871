"""Encode documents as rows of a vocabulary, which is learnt from them or given."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sized
from numbers import Integral
from typing import Any, NamedTuple, Protocol

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from glove_sklearn._system import budget
from glove_sklearn._system.progress import progress_bar
from glove_sklearn._system.storage import Spool, Storage
from glove_sklearn._system.threads import ThreadTeam, n_threads
from glove_sklearn._system.warning import warn_caller
from glove_sklearn._system.wording import number_of
from glove_sklearn._text._term_table import TermTable
from glove_sklearn._text._tokens import renumber
from glove_sklearn._text.corpus import Corpus
from glove_sklearn._text.encoder import Encoder
from glove_sklearn._text.scripts import count_clauses, warn_of_clauses

#: Bytes of a term in a table, besides its characters: its slots in a hash table that is at most half full, its start, its count.
_TERM = 4 * 16 + 16

#: Tokens of each batch among which clauses are looked for: about a thousandth of them.
_SAMPLE = 256
#: Parameters of :func:`encode` by which every term is learnt.
ALL_TERMS: dict[str, Any] = {"min_count": 1, "min_df": 1, "max_df": 1.0, "max_features": None}

#: The fewest bytes of terms in a part: each part takes a pass over all terms.
_MIN_PART = 1 << 20


class Vocabulary(NamedTuple):
    """The terms that are kept, in the order of their rows."""

    terms: list[str]
    counts: np.ndarray
    """(n_terms,), int64: occurrences of each."""


def encode(
    documents: Iterable,
    text: CountVectorizer,
    terms: list[str] | None,
    parameters: dict[str, Any],
    storage: Storage,
    n_jobs: int | None,
    verbose: int,
) -> tuple[Corpus, Vocabulary]:
    """Encode documents as rows of a vocabulary, which is learnt from them or given.

    Parameters
    ----------
    documents : iterable
        Read once.
    text : CountVectorizer
        Defines how a document becomes tokens.
    terms : list of str or None
        The vocabulary, if it is given.
    parameters : dict
        `min_count`, `min_df`, `max_df` and `max_features`, for a vocabulary that is learnt.
    storage : Storage
    n_jobs : int or None
    verbose : int

    Returns
    -------
    tokens : Corpus
        Without the tokens that are not in the vocabulary.
    vocabulary : Vocabulary
        If it is learnt: by falling count, ties in the order of code points.
    """
    tokens = Corpus(storage, budget.TOKENS, budget.DOCUMENT_LENGTHS)
    tables, batches_of = read(documents, text, terms, tokens, storage, n_jobs, verbose)
    if tables is None:
        assert terms is not None
        return tokens, count_given(tokens, terms)
    with ThreadTeam(n_jobs) as team:
        vocabulary = choose_vocabulary(tables, tokens, batches_of, Encoder(text).stop_words, parameters, storage, team)
    tables.close()
    return tokens, vocabulary


def read(
    documents: Iterable,
    text: CountVectorizer,
    terms: list[str] | None,
    tokens: Corpus,
    storage: Storage,
    n_jobs: int | None,
    verbose: int,
) -> tuple[TermTablePool | None, dict[int, list[int]]]:
    """Encode documents, and append their tokens to a corpus.

    Parameters
    ----------
    documents, text, terms, storage, n_jobs, verbose
        As for :func:`encode`.
    tokens : Corpus
        Gets the tokens: as rows of `terms`, or as numbers of the terms that were learnt.

    Returns
    -------
    tables : TermTablePool or None
        The terms that were learnt; None if they are given.
    batches_of : dict
        For each table, the indices of the batches whose ids refer to it.
    """
    encoder = Encoder(text, terms)
    tables = TermTablePool(storage, n_jobs) if terms is None else None
    total = len(documents) if isinstance(documents, Sized) else None
    n_before = len(tokens)

    def encode_batch(position: int, batch: list) -> tuple[int, np.ndarray, np.ndarray, Counter[str]]:
        if tables is None:
            return 0, *encoder.encode(position, batch), Counter()
        table_index, table = tables.acquire()
        ids, lengths = encoder.encode(position, batch, table)
        characters = clauses_among(ids, table, text)
        tables.release(table_index, table)
        return table_index, ids, lengths, characters

    batches_of: dict[int, list[int]] = {}
    characters: Counter[str] = Counter()
    with (
        ThreadTeam(n_jobs) as team,
        progress_bar("reading", "documents", verbose, total, unit_scale=False) as bar,
    ):
        for table_index, ids, lengths, more_characters in team.stream(encode_batch, encoder.batches(documents)):
            batches_of.setdefault(table_index, []).append(len(tokens))
            tokens.append(ids, lengths)
            characters.update(more_characters)
            bar.update(len(lengths))
    if len(tokens) == n_before:
        hint = "; a generator can be read only once" if isinstance(documents, Iterator) else ""
        raise ValueError(f"no documents: X is empty{hint}.")
    warn_of_clauses(characters)
    if tables is not None:
        tables.flush()
    return tables, batches_of


def clauses_among(ids: np.ndarray, table: TermTable, text: CountVectorizer) -> Counter[str]:
    """Count the clauses among a sample of the tokens of a batch, if the words are found by the package itself."""
    if text.analyzer != "word" or text.tokenizer is not None:
        return Counter()
    return count_clauses(table.terms(ids[:: max(1, len(ids) // _SAMPLE)]))


def renumber_batches(tokens: Corpus, indices: Iterable[int], row_of: np.ndarray, team: ThreadTeam) -> None:
    """Replace the ids of some batches by ``row_of[id]``, and drop the tokens for which this is -1."""

    def renumber_batch(index: int) -> None:
        ids, lengths = tokens.batch(index)
        tokens.replace(index, ids[: renumber(ids, lengths, row_of)], lengths)

    team.run(renumber_batch, [(index,) for index in indices])


def count_given(tokens: Corpus, terms: list[str]) -> Vocabulary:
    """Return a given vocabulary with its counts."""
    counts = np.zeros(len(terms), dtype=np.int64)
    for ids, _ in tokens:
        counts += np.bincount(ids, minlength=len(counts))
    raise_if_unused(counts)
    return Vocabulary(terms, counts)


def raise_if_unused(counts: np.ndarray) -> None:
    """Raise an error if no term of a given vocabulary occurs."""
    if not counts.any():
        raise ValueError(f"none of {number_of(len(counts), 'term')} of vocabulary occurs in the documents.")


def choose_vocabulary(
    tables: Tables,
    tokens: Corpus,
    batches_of: dict[int, list[int]],
    stop_words: Iterable[str],
    parameters: dict[str, Any],
    storage: Storage,
    team: ThreadTeam,
) -> Vocabulary:
    """Choose the vocabulary of tokens that are numbers of the terms of tables, and renumber them.

    Parameters
    ----------
    tables : Tables
        The terms.
    tokens : Corpus
        Changed in place.
    batches_of : dict
        For each table, the indices of the batches whose ids refer to it.
    stop_words : iterable of str
    parameters : dict
        As for :func:`encode`.
    storage : Storage
    team : ThreadTeam

    Returns
    -------
    Vocabulary
    """
    with storage.scratch() as scratch:
        builder = _VocabularyBuilder(tables, tokens, batches_of, stop_words, parameters, scratch)
        vocabulary, rows = builder.vocabulary(parameters["max_features"])
        for table_index, indices in batches_of.items():
            # The number -1 reads the -1 at the end of `rows`.
            renumber_batches(tokens, indices, rows[builder.numbers.read(table_index)], team)
    return vocabulary


class Tables(Protocol):
    """Terms that were learnt, in tables."""

    def __len__(self) -> int: ...

    def terms(self, table_index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the characters and starts of the terms of a table, and their counts."""


class OneTable:
    """The terms of one table: their characters and starts, as `TermTable.contents` returns them, and their counts."""

    def __init__(self, characters: np.ndarray, starts: np.ndarray, counts: np.ndarray) -> None:
        self._arrays = characters, starts, counts

    def __len__(self) -> int:
        return 1

    def terms(self, table_index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self._arrays


class TermTablePool:
    """Tables that learn terms, one for each thread; a table that has grown large is put away, and a new one started.

    So neither threads nor rare terms need more memory than the limit: a table that was put away is a list of terms with their
    counts, and the lists are merged in the end.
    """

    def __init__(self, storage: Storage, n_jobs: int | None) -> None:
        self.characters, self.starts, self.counts = (storage.spool(budget.LEARNT_TERMS / 3) for _ in range(3))
        self._idle: list[tuple[int, TermTable]] = []
        self._indices: dict[int, int] = {}
        self._largest = budget.LEARNING_TABLES * storage.limit / n_threads(n_jobs)
        self._lock = threading.Lock()
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def acquire(self) -> tuple[int, TermTable]:
        """Return an idle or a new table, and its index."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
            self._n += 1
            return self._n - 1, TermTable()

    def release(self, table_index: int, table: TermTable) -> None:
        """Return a table to the pool, or put it away if it is large."""
        if table.nbytes > self._largest:
            self._put_away(table_index, table)
        else:
            self._idle.append((table_index, table))

    def flush(self) -> None:
        """Put all tables away."""
        while self._idle:
            self._put_away(*self._idle.pop())

    def _put_away(self, table_index: int, table: TermTable) -> None:
        characters, starts = table.contents()
        with self._lock:
            self._keep(table_index, characters, starts, table.counts())

    def add(self, characters: np.ndarray, starts: np.ndarray, counts: np.ndarray) -> int:
        """Add the terms of a table of somebody else, and return its index."""
        with self._lock:
            self._n += 1
            self._keep(self._n - 1, characters, starts, counts)
            return self._n - 1

    def _keep(self, table_index: int, characters: np.ndarray, starts: np.ndarray, counts: np.ndarray) -> None:
        self._indices[table_index] = self.characters.append(characters)
        self.starts.append(starts)
        self.counts.append(counts)

    def close(self) -> None:
        """Release everything."""
        for spool in (self.characters, self.starts, self.counts):
            spool.close()

    def terms(self, table_index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the characters and starts of the terms of a table, and their counts."""
        index = self._indices[table_index]
        return self.characters.read(index), self.starts.read(index), self.counts.read(index)


class TermFilter:
    """Tells which terms are kept. It may see them part by part; in the end it says why none is left.

    Parameters
    ----------
    stop_words : iterable of str
    parameters : dict
        `min_count`, `min_df` and `max_df`.
    n_documents : int
        Number of all documents.
    """

    def __init__(self, stop_words: Iterable[str], parameters: dict[str, Any], n_documents: int) -> None:
        self._stop_words, self._n_documents = stop_words, n_documents
        self._min_count, self._min_df, self._max_df = (parameters[name] for name in ("min_count", "min_df", "max_df"))
        self._least, self._most = (
            float(df if isinstance(df, Integral) else df * n_documents) for df in (self._min_df, self._max_df)
        )
        if self._most < self._least:
            raise ValueError(f"max_df={self._max_df} corresponds to fewer documents than min_df={self._min_df}.")
        #: Whether it matters how many documents contain a term.
        self.counts_documents = self._least > 1 or self._most < n_documents
        #: Numbers of terms: all, those that are not stop words, those that are also frequent, and those that are kept.
        self._n_terms = self._n_words = self._n_frequent = self._n_kept = 0
        self._most_frequent = 0

    def kept(self, table: TermTable, counts: np.ndarray, frequencies: np.ndarray) -> np.ndarray:
        """Return the ids of the terms of a table that are kept.

        Parameters
        ----------
        table : TermTable
            Terms that no other call of this method sees.
        counts, frequencies : ndarray of shape (n_terms,), int64
            Occurrences of each, and, if `counts_documents`, documents that contain it.
        """
        kept = np.ones(len(table), dtype=bool)
        kept[[id for id in map(table.find_term, self._stop_words) if id >= 0]] = False
        self._n_terms += len(table)
        self._n_words += int(np.count_nonzero(kept))
        self._most_frequent = max(self._most_frequent, int(counts[kept].max(initial=0)))
        kept &= counts >= self._min_count
        self._n_frequent += int(np.count_nonzero(kept))
        if self.counts_documents:
            kept &= (frequencies >= self._least) & (frequencies <= self._most)
        self._n_kept += int(np.count_nonzero(kept))
        return np.flatnonzero(kept)

    def add(self, other: TermFilter) -> None:
        """Remember what another filter has seen, too."""
        self._n_terms += other._n_terms
        self._n_words += other._n_words
        self._n_frequent += other._n_frequent
        self._n_kept += other._n_kept
        self._most_frequent = max(self._most_frequent, other._most_frequent)

    def raise_if_empty(self) -> None:
        """Raise an error that says why no term is left."""
        if self._n_terms == 0:
            raise ValueError(
                f"empty vocabulary; no tokens in {number_of(self._n_documents, 'document')}: nothing at all, or only stop words "
                "and characters that are in no token (see stop_words, token_pattern)."
            )
        if self._n_words == 0:
            raise ValueError("empty vocabulary; perhaps the documents only contain stop words")
        if self._n_frequent == 0:
            raise ValueError(
                f"empty vocabulary; none of {number_of(self._n_words, 'term')} occurs min_count={self._min_count} times (the "
                f"most frequent: {self._most_frequent}); lower min_count."
            )
        if self._n_kept == 0:
            raise ValueError(
                f"empty vocabulary; no term that occurs min_count={self._min_count} times is in at least min_df={self._min_df} "
                f"and at most max_df={self._max_df} of {number_of(self._n_documents, 'document')}; lower min_df or raise max_df."
            )


class _VocabularyBuilder:
    """Chooses the terms that are kept.

    If the terms of all tables together do not fit in memory, they are merged part by part, a part being the terms whose hashes
    are in a certain range.

    Attributes
    ----------
    numbers : Spool
        For each table, (n_terms,) int32: the number of each of its terms among the kept ones, or -1.
    """

    def __init__(
        self,
        tables: Tables,
        tokens: Corpus,
        batches_of: dict[int, list[int]],
        stop_words: Iterable[str],
        parameters: dict[str, Any],
        storage: Storage,
    ) -> None:
        self._tables, self._storage = tables, storage
        self._filter = TermFilter(stop_words, parameters, tokens.n_documents)
        self._frequencies = storage.spool(budget.LEARNT_TERMS) if self._filter.counts_documents else None
        self.numbers: Spool = storage.spool(budget.LEARNT_TERMS)
        self._terms: list[str] = []
        self._counts: list[np.ndarray] = []

        n_bytes = 0
        for table_index in range(len(tables)):
            characters, _, counts = tables.terms(table_index)
            n_bytes += len(characters) + _TERM * len(counts)
            self.numbers.append(np.full(len(counts), -1, dtype=np.int32))
            if self._frequencies is not None:
                self._frequencies.append(tokens.document_frequencies(len(counts), batches_of[table_index]))
        n_parts = max(1, math.ceil(n_bytes / max(storage.limit * budget.LEARNING_TABLES, _MIN_PART)))
        for part in range(n_parts):
            self._merge_part(part, n_parts)
        self._filter.raise_if_empty()

    def _merge_part(self, part: int, n_parts: int) -> None:
        """Merge the terms of a part, and choose among them."""
        table = TermTable()
        with self._storage.scratch() as scratch:
            ids_of = scratch.spool(budget.LEARNT_TERMS)
            for table_index in range(len(self._tables)):
                characters, starts, _ = self._tables.terms(table_index)
                ids_of.append(table.absorb(characters, starts, n_parts, part))
            counts, frequencies = np.zeros(len(table), dtype=np.int64), np.zeros(len(table), dtype=np.int64)
            for table_index in range(len(self._tables)):
                ids = ids_of.read(table_index)
                here = ids >= 0
                counts[ids[here]] += self._tables.terms(table_index)[2][here]
                if self._frequencies is not None:
                    frequencies[ids[here]] += self._frequencies.read(table_index)[here]

            kept_ids = self._filter.kept(table, counts, frequencies)
            number_of = np.full(len(table), -1, dtype=np.int32)
            number_of[kept_ids] = len(self._terms) + np.arange(len(kept_ids))
            self._terms += table.terms(kept_ids)
            self._counts.append(counts[kept_ids])
            for table_index in range(len(self._tables)):
                ids, numbers = ids_of.read(table_index), self.numbers.read(table_index)
                numbers[ids >= 0] = number_of[ids[ids >= 0]]
                self.numbers.replace(table_index, numbers)

    def vocabulary(self, max_features: int | None) -> tuple[Vocabulary, np.ndarray]:
        """Return the kept terms in order, and the row of each number, or -1, followed by a -1."""
        counts = np.concatenate(self._counts)
        order = order_of_terms(self._terms, counts, max_features)
        rows = np.full(len(counts) + 1, -1, dtype=np.int32)
        rows[order] = np.arange(len(order))
        return Vocabulary([self._terms[i] for i in order.tolist()], counts[order]), rows


def order_of_terms(terms: list[str], counts: np.ndarray, max_features: int | None) -> np.ndarray:
    """Return the indices of the most frequent terms: by falling count, ties in the order of code points; int64."""
    by_term = sorted(range(len(terms)), key=terms.__getitem__)
    return np.array(by_term, dtype=np.int64)[np.argsort(-counts[by_term], kind="stable")][:max_features]


def terms_by_row(vocabulary: Mapping[str, int]) -> list[str]:
    """Return the words of a vocabulary in the order of their rows."""
    return sorted(vocabulary, key=vocabulary.__getitem__)


def given_terms(text: CountVectorizer) -> list[str] | None:
    """Return the terms of the parameter `vocabulary` in the order of their rows, or None if it is not given."""
    if text.vocabulary is None:
        return None
    terms = text.get_feature_names_out().tolist()  # raises the errors of CountVectorizer
    for term in terms:
        if not isinstance(term, str):
            raise ValueError(f"the terms of vocabulary must be str, got {term!r} ({type(term).__name__}).")
    if text.lowercase and text.analyzer in ("word", "char", "char_wb") and any(term != term.lower() for term in terms):
        warn_caller(
            "vocabulary has terms with upper-case characters, which no document has while lowercase is True",
        )
    return terms
