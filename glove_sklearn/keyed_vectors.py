"""Word vectors -> gensim KeyedVectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


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
    try:
        from gensim.models import KeyedVectors
    except ImportError as error:
        raise ImportError("to_keyed_vectors needs gensim 4.4 or newer: pip install gensim") from error
    order = np.argsort(-counts, kind="stable")
    result = KeyedVectors(vector_size=vectors.shape[1], dtype=np.float32)
    result.index_to_key = [terms[row] for row in order]
    result.key_to_index = {term: row for row, term in enumerate(result.index_to_key)}
    result.vectors = vectors[order].astype(np.float32, copy=False)
    result.allocate_vecattrs(attrs=["count"], types=[np.int64])
    result.expandos["count"][:] = counts[order]
    return result
