"""The words that take part in an evaluation, and their vectors."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np

from glove_sklearn._embedding.word_vectors import as_word_vectors

#: Words whose vectors are looked at together, so that they stay in the cache.
SLAB = 1024
#: Decimals of cosines in float64: finer than word vectors are precise, coarser than the rounding errors of a product.
DECIMALS = 10


def unit_vectors(vectors: np.ndarray) -> np.ndarray:
    """Scale vectors to length 1, in float64; zero vectors stay zero."""
    units = np.array(vectors, dtype=np.float64, order="C")
    # First divide by the largest number: squares of very large or small numbers overflow or vanish.
    largest = np.abs(units).max(axis=1, initial=0)
    units /= np.where(largest > 0, largest, 1)[:, np.newaxis]
    lengths = np.sqrt(dot(units, units))
    units /= np.where(lengths > 0, lengths, 1)[:, np.newaxis]
    return units


def dot(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Compute dot products of rows. Not by BLAS: the result of a row must not depend on the other rows."""
    return (x * y).sum(axis=1)


def words_and_vectors(vectors: Any, restrict_vocab: int | None) -> tuple[list[str], np.ndarray]:
    """Return the `restrict_vocab` most frequent words and their vectors."""
    if restrict_vocab is not None and (
        isinstance(restrict_vocab, bool) or not isinstance(restrict_vocab, Integral) or restrict_vocab < 1
    ):
        raise ValueError(f"restrict_vocab must be a positive integer or None, got {restrict_vocab!r}.")
    limit = None if restrict_vocab is None else int(restrict_vocab)
    terms, array, _ = as_word_vectors(vectors)
    terms, array = terms[:limit], array[:limit]
    for start in range(0, len(terms), SLAB):
        bad = np.flatnonzero(np.isfinite(array[start : start + SLAB]).all(axis=1) == 0)
        if len(bad):
            raise ValueError(f"the vector of {terms[start + bad[0]]!r} has NaN or infinity; leave such words out.")
    return terms, array


def case_folding(case_insensitive: bool) -> Callable[[str], str]:
    """Return the function by which words are compared."""
    return str.upper if case_insensitive else str
