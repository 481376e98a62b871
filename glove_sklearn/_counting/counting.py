"""Count co-occurrences: documents in, a vocabulary and the rows of X out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from glove_sklearn._counting.row_counting import count_rows
from glove_sklearn._counting.row_store import RowSource
from glove_sklearn._counting.weights import FixedPointWeights, check_weighting, near_size_of, weights_of
from glove_sklearn._system.storage import Storage, readable_size
from glove_sklearn._system.threads import n_threads
from glove_sklearn._text.corpus import Corpus
from glove_sklearn._text.encoder import TEXT_PARAMETERS, check_documents, make_count_vectorizer, warn_for_parameters
from glove_sklearn._text.token_store import TokenStore
from glove_sklearn._text.vocabulary import Vocabulary, encode, given_terms

#: Parameters of the text that may change from one text to the next.
_HOW_TEXT_IS_READ = ("input", "encoding", "decode_error")


class CountResult(NamedTuple):
    """What counting returns; `vocabulary` and `counts` are those of :class:`~glove_sklearn.CooccurrenceCounter`."""

    tokens: Corpus
    """The tokens of all documents, as rows of the vocabulary."""
    vocabulary: dict[str, int]
    counts: np.ndarray
    rows: RowSource
    """X."""
    near_size: int
    """What the parameter of this name stood for."""


def count_cooccurrences(
    documents: Iterable, parameters: dict[str, Any], storage: Storage, n_jobs: int | None, verbose: int
) -> CountResult:
    """Encode documents, choose or look up their vocabulary, and count.

    Parameters
    ----------
    documents : iterable
        Read once.
    parameters : dict
        The parameters of the text, the vocabulary and the context, by name.
    storage : Storage
        Holds the tokens and the rows; it must be closed after them.
    n_jobs : int or None
    verbose : int

    Returns
    -------
    CountResult
    """
    check_documents(documents)
    text, terms = check_counting(parameters, storage, n_jobs, verbose)
    tokens, vocabulary = encode(documents, text, terms, parameters, storage, n_jobs, verbose)
    return count_corpus(tokens, vocabulary, parameters, storage, n_jobs, verbose)


def read_tokens(
    documents: Iterable,
    parameters: dict[str, Any],
    store: TokenStore | None,
    storage: Storage,
    n_jobs: int | None,
    verbose: int,
) -> TokenStore:
    """Add the tokens of documents to a store, or to a new one; if that fails, the store stays as it was.

    Parameters
    ----------
    documents, parameters, storage, n_jobs, verbose
        As for :func:`count_cooccurrences`.
    store : TokenStore or None

    Returns
    -------
    store : TokenStore
    """
    check_documents(documents)
    text, terms = check_counting(parameters, storage, n_jobs, verbose)
    making_tokens = {name: parameters[name] for name in TEXT_PARAMETERS if name not in _HOW_TEXT_IS_READ}
    if store is None:
        store = TokenStore(terms, parameters["memory_limit"], parameters["temp_dir"], making_tokens)
    changed = [name for name, value in making_tokens.items() if store.text_parameters[name] != value]
    if terms != store.terms:
        changed.append("vocabulary")
    if changed:
        raise ValueError(
            f"partial_fit continues to count, but the parameter {changed[0]} has changed since the first text; fit a clone."
        )
    store.read(documents, text, storage, n_jobs, verbose)
    return store


def count_stored(
    store: TokenStore, parameters: dict[str, Any], storage: Storage, n_jobs: int | None, verbose: int
) -> CountResult:
    """Count what a store holds, with the same bits as :func:`count_cooccurrences` of all documents at once."""
    tokens, vocabulary = store.choose(make_count_vectorizer(parameters), parameters, storage, n_jobs)
    return count_corpus(tokens, vocabulary, parameters, storage, n_jobs, verbose)


def check_counting(
    parameters: dict[str, Any], storage: Storage, n_jobs: int | None, verbose: int
) -> tuple[CountVectorizer, list[str] | None]:
    """Check parameters, and return what makes tokens of documents, and the vocabulary if it is given."""
    n_threads(n_jobs)  # raises for 0
    check_weighting(parameters["weighting"], parameters["window_size"])
    if verbose and storage.limit < math.inf:
        print(
            f"memory_limit: {readable_size(storage.limit)}; what does not fit goes to {storage.folder} "
            f"({readable_size(storage.free_disk)} free): 4 bytes for a token, 16 for an entry of X, 12 more while parts are "
            "counted"
        )
    text = make_count_vectorizer(parameters)
    warn_for_parameters(text)
    return text, given_terms(text)


def count_corpus(
    tokens: Corpus,
    vocabulary: Vocabulary,
    parameters: dict[str, Any],
    storage: Storage,
    n_jobs: int | None,
    verbose: int,
) -> CountResult:
    """Count the co-occurrences of documents that have been encoded, and refuse those that have none."""
    near_size = near_size_of(parameters["near_size"], parameters["weighting"], int(vocabulary.counts.sum()))
    rows = count_tokens(tokens, vocabulary.counts, {**parameters, "near_size": near_size}, storage, n_jobs, verbose)
    if rows.n_entries == 0:
        raise no_cooccurrences()
    row_of = {term: row for row, term in enumerate(vocabulary.terms)}
    return CountResult(tokens, row_of, vocabulary.counts, rows, near_size)


def no_cooccurrences() -> ValueError:
    """Return the error of documents without co-occurrences."""
    return ValueError(
        "no co-occurrences: no two words of the vocabulary stand in the same document within the window; are the documents "
        "single words?"
    )


def count_tokens(
    tokens: Corpus,
    counts: np.ndarray,
    parameters: dict[str, Any],
    storage: Storage,
    n_jobs: int | None,
    verbose: int,
) -> RowSource:
    """Count the co-occurrences of documents that have been encoded.

    Parameters
    ----------
    tokens : Corpus
    counts : ndarray of shape (n_terms,), int64
        Occurrences of each term.
    parameters : dict
        `weighting`, `window_size`, `context` and `near_size`.
    storage : Storage
    n_jobs : int or None
    verbose : int

    Returns
    -------
    RowSource
    """
    longest = max(int(tokens.lengths(index).max(initial=0)) for index in range(len(tokens)))
    return count_rows(tokens, counts, choose_weights(longest, counts, parameters), storage, n_jobs, verbose)


def choose_weights(longest: int, counts: np.ndarray, parameters: dict[str, Any]) -> FixedPointWeights:
    """Return the weights of neighbours.

    Parameters
    ----------
    longest : int
        Tokens of the longest document.
    counts, parameters
        As for :func:`count_tokens`.
    """
    # No neighbour is further away than the longest document is long.
    window_size = parameters["window_size"]
    max_distance = max(0, longest - 1 if window_size is None else min(int(window_size), longest - 1))
    return FixedPointWeights.of(
        weights_of(parameters["weighting"], window_size, max_distance),
        parameters["context"],
        int(counts.max()),
        near_size_of(parameters["near_size"], parameters["weighting"], int(counts.sum())),
    )
