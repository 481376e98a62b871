"""Word vectors from whatever a parameter may be: a file, or an object that holds words and vectors."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._system.wording import number_of
from glove_sklearn._vector_files._parser import not_finite
from glove_sklearn._vector_files.messages import shown
from glove_sklearn._vector_files.vectors import read_vectors


def is_path(vectors: Any) -> bool:
    """Return whether a parameter that stands for word vectors is the path of a file."""
    return isinstance(vectors, (str, bytes, os.PathLike))


def resolve_vectors(vectors: Any, *, limit: int | None = None) -> WordVectors:
    """Return the words and vectors that a parameter stands for, ready to compute with.

    Parameters
    ----------
    vectors : str, path, KeyedVectors, fitted estimator, WordVectors, or tuple of (terms, array of shape (n_words, d))
        A file of any of the formats, which is detected, also inside a zip; or what
        :func:`~glove_sklearn._embedding.word_vectors.as_word_vectors` takes.
    limit : int or None, default=None
        Use only this many words, from the beginning.

    Returns
    -------
    words : WordVectors
        At least one word, none of them twice. The vectors are C-contiguous float32 and finite; an array that is so already is
        not copied.

    Raises
    ------
    TypeError
        If `vectors` is none of these, or the vectors are not real numbers.
    ValueError
        If a file does not hold word vectors, there is no word, a word occurs twice, or a vector has NaN or infinite values, also
        where a value is too large for float32.
    OSError
        If a file cannot be read.
    NotFittedError
        If an estimator is not fitted.
    """
    if is_path(vectors):
        name, words = os.fsdecode(vectors), read_vectors(vectors, limit=limit)
    else:
        name, words = "vectors", as_word_vectors(vectors, also="the path of a file, ")
        some = slice(limit)
        words = WordVectors(
            words.terms[some], words.vectors[some], None if words.counts is None else words.counts[some]
        )
    if not words.terms:
        raise ValueError(f"{name}: expected at least one word with a vector, got none.")
    if len(set(words.terms)) < len(words.terms):
        seen: set[str] = set()
        repeated = next(term for term in words.terms if term in seen or seen.add(term))  # type: ignore[func-returns-value]
        raise ValueError(f"{name}: the word {shown(repeated)} occurs twice; keep one vector of each word.")
    with np.errstate(over="ignore"):
        rows = np.ascontiguousarray(words.vectors, dtype=np.float32)
    n_bad, first = not_finite(rows)
    if n_bad:
        raise ValueError(
            f"{name}: NaN or infinite values in {number_of(n_bad, 'vector')}, first in that of "
            f"{shown(words.terms[first])}; leave these words out."
        )
    return words._replace(vectors=rows)
