"""Word vectors -> gensim KeyedVectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


def terms_by_row(vocabulary: Mapping[str, int]) -> list[str]:
    """The words of a vocabulary, in the order of their rows."""
    return sorted(vocabulary, key=vocabulary.__getitem__)


def keyed_vectors(terms: list[str], vectors: np.ndarray, counts: np.ndarray) -> KeyedVectors:
    """The gensim object for these vectors, the most frequent word first.

    Parameters
    ----------
    terms : list of str
    vectors : ndarray of shape (n_words, d), float32
        Copied.
    counts : ndarray of shape (n_words,), int64
        Occurrences of each word; the attribute "count" of the result.

    Returns
    -------
    keyed_vectors : gensim.models.KeyedVectors

    Raises
    ------
    ImportError
        Where gensim is not installed.
    """
    order = np.argsort(-counts, kind="stable")
    return in_this_order([terms[row] for row in order], vectors[order].astype(np.float32, copy=False), counts[order])


def in_this_order(
    terms: list[str], vectors: np.ndarray, counts: np.ndarray | None = None, row_of: dict[str, int] | None = None
) -> KeyedVectors:
    """The gensim object for these vectors, in their order; it holds what it is given, and no copy.

    Parameters
    ----------
    terms : list of str
        No term twice.
    vectors : ndarray of shape (n_words, d), float32
    counts : ndarray of shape (n_words,), int64, or None
        The attribute "count" of the result, which has none without.
    row_of : dict or None
        The row of each term, if it is there already.

    Returns
    -------
    keyed_vectors : gensim.models.KeyedVectors

    Raises
    ------
    ImportError
        Where gensim is not installed.
    """
    try:
        from gensim.models import KeyedVectors
    except ImportError as error:
        raise ImportError("KeyedVectors are gensim's: pip install gensim, 4.4 or newer") from error
    result = KeyedVectors(vector_size=vectors.shape[1], dtype=np.float32)
    result.index_to_key = terms
    result.key_to_index = {term: row for row, term in enumerate(terms)} if row_of is None else row_of
    result.vectors = vectors
    if counts is not None:
        result.allocate_vecattrs(attrs=["count"], types=[np.int64])
        result.expandos["count"][:] = counts
    return result
