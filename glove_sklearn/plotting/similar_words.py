"""Words that are asked for by name, and the words nearest to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from glove_sklearn._system.wording import perhaps

#: Words whose cosines with all others are in memory together.
_SLAB = 256


def rows_of(words: Iterable[str], terms: Sequence[str]) -> np.ndarray:
    """Return the rows of words.

    Raises
    ------
    TypeError
        If a word is not a str.
    KeyError
        If a word has no vector; the message names similar ones.
    """
    row_of = {term: row for row, term in enumerate(terms)}
    rows = []
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"words must be str, got {word!r:.200}.")
        if word not in row_of:
            raise KeyError(f"there is no vector for {word!r}{perhaps(word, terms)}")
        rows.append(row_of[word])
    return np.array(rows, dtype=np.intp)


def nearest(units: np.ndarray, rows: np.ndarray, topn: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the vectors with the largest cosines.

    Parameters
    ----------
    units : ndarray of shape (n_words, d), float64
        Vectors of length 1.
    rows : ndarray of shape (n_asked,), int64
        Of which neighbours are asked for.
    topn : int
        How many of each.

    Returns
    -------
    neighbors : ndarray of shape (n_asked, min(topn, n_words - 1)), int64
        The nearest first, ties in the order of rows; never the row itself.
    cosines : ndarray of the same shape, float64
    """
    found, scores = [], []
    n = min(topn, len(units) - 1)
    for start in range(0, len(rows), _SLAB):
        some = rows[start : start + _SLAB]
        cosines = units[some] @ units.T
        cosines[np.arange(len(some)), some] = -np.inf
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :n]
        found.append(order)
        scores.append(np.take_along_axis(cosines, order, axis=1))
    if not found:
        return np.empty((0, n), dtype=np.intp), np.empty((0, n))
    return np.concatenate(found), np.clip(np.concatenate(scores), -1, 1)
