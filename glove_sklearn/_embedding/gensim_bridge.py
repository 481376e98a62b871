"""gensim's `KeyedVectors`: the only module that knows how they are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


def make_keyed_vectors(
    terms: list[str], vectors: np.ndarray, counts: np.ndarray | None = None, key_to_index: dict[str, int] | None = None
) -> KeyedVectors:
    """Make a `KeyedVectors` that holds its arguments, without copying them.

    Parameters
    ----------
    terms : list of str
        No word may occur twice.
    vectors : ndarray of shape (n_words, d), float32
    counts : ndarray of shape (n_words,), int64, or None
        Occurrences of each word, the attribute "count"; the result lacks the attribute if None.
    key_to_index : dict or None
        The row of each word, where the caller has it already.

    Returns
    -------
    keyed_vectors : gensim.models.KeyedVectors

    Raises
    ------
    ImportError
        If gensim is not installed.
    """
    try:
        from gensim.models import KeyedVectors
    except ImportError as error:
        raise ImportError("KeyedVectors are gensim's, which is not installed: pip install gensim") from error
    result = KeyedVectors(vector_size=vectors.shape[1], dtype=np.float32)
    result.index_to_key = terms
    result.key_to_index = {term: row for row, term in enumerate(terms)} if key_to_index is None else key_to_index
    result.vectors = vectors
    if counts is not None:
        # `add_vectors(extras=...)` fails on a dict, and `set_vecattr` sets one word per call.
        result.allocate_vecattrs(attrs=["count"], types=[np.int64])
        result.expandos["count"][:] = counts
    return result


def counts_of(keyed_vectors: Any) -> np.ndarray | None:
    """Return the attribute "count" of all words, or None if there is none; `get_vecattr` returns one word's per call."""
    return getattr(keyed_vectors, "expandos", {}).get("count")
