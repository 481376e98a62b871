"""What a cluster computes: functions of their arguments alone, which change nothing, so that Dask may call them again."""

from __future__ import annotations

import copy
import math
from collections import Counter
from collections.abc import Callable, Sized
from typing import Any, NamedTuple

import numpy as np

from glove_sklearn._counting.row_counting import PartCounter
from glove_sklearn._counting.row_store import RowBlock, cumulative_offsets
from glove_sklearn._counting.weights import FixedPointWeights
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._text._term_table import TermTable
from glove_sklearn._text._tokens import document_frequencies, renumber
from glove_sklearn._text.corpus import Corpus
from glove_sklearn._text.encoder import Encoder, make_count_vectorizer
from glove_sklearn._text.vocabulary import TermFilter, clauses_among, order_of_terms

#: Documents whose vectors are in memory at the same time.
_DOCUMENTS_PER_BATCH = 1 << 12


class Terms(NamedTuple):
    """Different terms, as `TermTable.contents` returns them, and how often they occur."""

    characters: np.ndarray
    """(n_bytes,), uint8."""
    starts: np.ndarray
    """(n_terms + 1,), int64."""
    counts: np.ndarray
    """(n_terms,), int64: occurrences of each."""
    frequencies: np.ndarray
    """(n_terms,), int64: documents that contain it; empty unless that matters."""

    @classmethod
    def of(cls, terms: list[str], counts: np.ndarray) -> Terms:
        """Pack terms and their counts."""
        return cls(*TermTable(terms).contents(), counts, np.zeros(0, dtype=np.int64))

    def table(self) -> TermTable:
        """Return a table in which the terms have their indices as ids."""
        table = TermTable()
        table.absorb(self.characters, self.starts, 1, 0)
        return table

    def names(self) -> list[str]:
        """Return the terms as strings."""
        return self.table().terms(np.arange(len(self.starts) - 1))


class Tokens(NamedTuple):
    """The tokens of the documents of a partition."""

    ids: np.ndarray
    """(n_tokens,), int32."""
    lengths: np.ndarray
    """(n_documents,), int64."""


class Encoded(NamedTuple):
    """The tokens of a partition, as ids of its own terms."""

    tokens: Tokens
    terms: Terms
    clauses: Counter[str]
    """Of a sample, as :func:`~glove_sklearn._text.scripts.count_clauses` counts them."""


def encode_partition(documents: Any, partition: int, parameters: dict[str, Any], counts_documents: bool) -> Encoded:
    """Encode the documents of a partition, learning all terms.

    Parameters
    ----------
    documents : iterable
    partition : int
        For errors.
    parameters : dict
        Those of the text.
    counts_documents : bool
        Whether it matters how many documents contain a term.
    """
    text = make_count_vectorizer(parameters)
    encoder, table = Encoder(text), TermTable()
    ids, lengths = [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.int64)]
    clauses: Counter[str] = Counter()
    try:
        for position, batch in encoder.batches(documents):
            more_ids, more_lengths = encoder.encode(position, batch, table)
            ids.append(more_ids)
            lengths.append(more_lengths)
            clauses.update(clauses_among(more_ids, table, text))
    except ValueError as error:
        raise ValueError(f"partition {partition} of the documents: {error}") from error
    except Exception as error:
        error.add_note(f"glove_sklearn: in partition {partition} of the documents")
        raise
    tokens = Tokens(np.concatenate(ids), np.concatenate(lengths))
    frequencies = np.zeros(len(table) if counts_documents else 0, dtype=np.int64)
    if counts_documents:
        document_frequencies(*tokens, 0, frequencies, np.full(len(table), -1, dtype=np.int64))
    return Encoded(tokens, Terms(*table.contents(), table.counts(), frequencies), clauses)


def describe(encoded: Encoded) -> tuple[int, Counter[str]]:
    """Return the number of documents of a partition, and its clauses."""
    return len(encoded.tokens.lengths), encoded.clauses


def cut_terms(encoded: Encoded, n_parts: int, part: int) -> Terms:
    """Return the terms of a partition whose hashes are in one of several ranges."""
    return _merged([encoded.terms], n_parts, part)


def merge_terms(parts: list[Terms]) -> Terms:
    """Add up the counts of terms."""
    return _merged(parts, 1, 0)


def _merged(parts: list[Terms], n_parts: int, part: int) -> Terms:
    table = TermTable()
    ids_of = [table.absorb(terms.characters, terms.starts, n_parts, part) for terms in parts]
    counts = np.zeros(len(table), dtype=np.int64)
    frequencies = np.zeros(len(table) if any(len(terms.frequencies) for terms in parts) else 0, dtype=np.int64)
    for terms, ids in zip(parts, ids_of, strict=True):
        here = ids >= 0
        counts[ids[here]] += terms.counts[here]
        if len(terms.frequencies):
            frequencies[ids[here]] += terms.frequencies[here]
    return Terms(*table.contents(), counts, frequencies)


def choose_terms(
    terms: Terms, stop_words: frozenset[str], parameters: dict[str, Any], n_documents: int
) -> tuple[Terms, TermFilter]:
    """Choose among the terms whose hashes are in one range.

    Parameters
    ----------
    terms : Terms
        With their counts in all documents.
    stop_words : frozenset of str
    parameters : dict
        Those of the vocabulary.
    n_documents : int
        Number of all documents.

    Returns
    -------
    terms : Terms
        The candidates for the vocabulary.
    term_filter : TermFilter
        What the choice has seen.
    """
    term_filter, table = TermFilter(stop_words, parameters, n_documents), terms.table()
    ids = term_filter.kept(table, terms.counts, terms.frequencies)
    return _ordered(table.terms(ids), terms.counts[ids], parameters["max_features"]), term_filter


def make_vocabulary(chosen: list[tuple[Terms, TermFilter]], max_features: int | None) -> tuple[Terms, TermFilter]:
    """Join the candidates of all ranges of hashes, in the order of the rows of X."""
    (_, term_filter), *others = chosen
    total = copy.copy(term_filter)
    for _, other in others:
        total.add(other)
    names = [name for terms, _ in chosen for name in terms.names()]
    return _ordered(names, np.concatenate([terms.counts for terms, _ in chosen]), max_features), total


def _ordered(names: list[str], counts: np.ndarray, max_features: int | None) -> Terms:
    order = order_of_terms(names, counts, max_features)
    return Terms.of([names[i] for i in order.tolist()], counts[order])


def first_of(pair: tuple[Terms, TermFilter]) -> Terms:
    """Return the vocabulary that :func:`make_vocabulary` made."""
    return pair[0]


def identity(terms: Terms) -> Terms:
    """Return a vocabulary that the client has sent, as what a task returns, which can be sent again."""
    return terms


def renumber_tokens(encoded: Encoded, vocabulary: Terms, stop_words: frozenset[str]) -> Tokens:
    """Turn the tokens of a partition into rows of X, and drop those that are not in the vocabulary."""
    table, n_words = vocabulary.table(), len(vocabulary.starts) - 1
    rows = table.absorb(encoded.terms.characters, encoded.terms.starts, 1, 0)
    rows[rows >= n_words] = -1
    rows[np.isin(rows, [table.find_term(word) for word in stop_words])] = -1
    ids, lengths = (array.copy() for array in encoded.tokens)
    return Tokens(ids[: renumber(ids, lengths, rows)].copy(), lengths)


def measure(tokens: Tokens) -> tuple[int, int]:
    """Return the number of tokens, and the length of the longest document."""
    return len(tokens.ids), int(tokens.lengths.max(initial=0))


def count_tokens(tokens: Tokens, n_terms: int) -> np.ndarray:
    """Count the tokens of each term; int64."""
    return np.bincount(tokens.ids, minlength=n_terms).astype(np.int64, copy=False)


def count_documents(tokens: Tokens, n_terms: int) -> np.ndarray:
    """Count the documents that contain each term; int64."""
    frequencies = np.zeros(n_terms, dtype=np.int64)
    document_frequencies(*tokens, 0, frequencies, np.full(n_terms, -1, dtype=np.int64))
    return frequencies


def add_up(arrays: list[np.ndarray]) -> np.ndarray:
    """Return the sum of arrays."""
    return np.sum(arrays, axis=0)


def total_of_tokens(tokens: Tokens, function: Callable) -> Any:
    """Add up ``function(ids, lengths, team)`` over batches of the documents of a partition."""
    ends = cumulative_offsets(tokens.lengths)
    with ThreadTeam(1) as team:
        return sum(
            function(tokens.ids[ends[first] : ends[first + len(lengths)]], lengths, team)
            for first in range(0, len(tokens.lengths), _DOCUMENTS_PER_BATCH)
            for lengths in [tokens.lengths[first : first + _DOCUMENTS_PER_BATCH]]
        )


def list_positions(partitions: list[Tokens], weights: FixedPointWeights, shape: tuple[int, int]) -> PartCounter:
    """List the positions of each word in the documents of some partitions."""
    tokens = Corpus(Storage(math.inf), 1, 1)
    for ids, lengths in partitions:
        tokens.append(ids, lengths)
    return PartCounter(tokens, range(len(tokens)), weights, shape)


def count_rows(counter: PartCounter, first_row: int, last_row: int, dtype: type) -> RowBlock:
    """Count some rows of X in the documents of some partitions; values are int64, fixed-point numbers, or float32."""
    with ThreadTeam(1) as team:
        return counter.rows(first_row, last_row, dtype, team)


def count_entries(block: RowBlock) -> int:
    """Return the number of entries of some rows."""
    return len(block.columns)


def count_elements(documents: Any) -> int:
    """Return the number of documents of a partition."""
    return len(documents) if isinstance(documents, Sized) else sum(1 for _ in documents)


def transform_partition(documents: Any, model: Any, partition: int) -> np.ndarray:
    """Compute the vectors of the documents of a partition."""
    try:
        return model.transform(documents)
    except ValueError as error:
        raise ValueError(f"partition {partition} of the documents: {error}") from error
