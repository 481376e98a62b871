"""The contexts of words that a vocabulary lacks."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral
from typing import Any

import numpy as np

from glove_sklearn._counting.counting import count_cooccurrences
from glove_sklearn._system.storage import Storage
from glove_sklearn._text.encoder import make_count_vectorizer
from glove_sklearn._text.vocabulary import encode


def contexts_of_new_words(
    documents: list,
    known: list[str],
    words: Iterable[str] | None,
    min_count: int,
    parameters: dict[str, Any],
    storage: Storage,
    n_jobs: int | None,
) -> tuple[list[str], np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """Count the known neighbours of new words.

    Known and new words take up distance, and no others, as if the vocabulary had both.

    Parameters
    ----------
    documents : list
    known : list of str
        The vocabulary.
    words : iterable of str or None
        The new words; None for all that occur.
    min_count : int
        Without `words`: leave out words that occur less often.
    parameters : dict
        Those of the text and of the context, by name; without a vocabulary.
    storage : Storage
    n_jobs : int or None

    Returns
    -------
    new : list of str
        By falling count, ties in the order of code points.
    counts : ndarray of shape (n_new,), int64
    contexts : list of (ndarray of int32, ndarray of float32)
        For each new word: its known neighbours, as rows of the vocabulary, and the sum of the weights of each.

    Raises
    ------
    ValueError
        If there is no new word; or if one of `words` is known, does not occur, or has no known neighbour. New words without a
        known neighbour are left out where `words` are not given.
    """
    if isinstance(words, str):
        raise ValueError(f"words must be a list of str, got the str {words!r}; write [{words!r}].")
    if not isinstance(min_count, Integral) or min_count < 1:
        raise ValueError(f"min_count must be an integer of at least 1, got {min_count!r}.")
    everything = {**parameters, "min_count": 1, "min_df": 1, "max_df": 1.0, "max_features": None}
    with storage.scratch() as scratch:
        tokens, vocabulary = encode(
            documents, make_count_vectorizer(everything), None, everything, scratch, n_jobs, verbose=0
        )
        tokens.close()
    count_of = dict(zip(vocabulary.terms, vocabulary.counts.tolist(), strict=True))
    is_known = set(known)
    if words is None:
        new = [term for term, count in count_of.items() if count >= min_count and term not in is_known]
        if not new:
            raise ValueError(
                f"no new words: the vocabulary has all words that occur at least min_count={min_count} times."
            )
    else:
        wanted = list(dict.fromkeys(words))
        for term in wanted:
            if term in is_known:
                raise ValueError(f"words must not be in the vocabulary yet, but {term!r} is.")
            if term not in count_of:
                raise ValueError(
                    f"{term!r} does not occur in the documents: there is nothing to infer its vector from."
                )
        new = sorted(wanted, key=lambda term: (-count_of[term], term))
        if not new:
            raise ValueError("words is empty; give None for all new words.")
    terms = [*known, *new]
    counted = count_cooccurrences(
        documents, {**everything, "vocabulary": terms, "near_size": 0}, storage, n_jobs, verbose=0
    )
    counted.tokens.close()
    block = counted.rows.read(len(known), len(terms))
    contexts, rows = [], []
    for row, term in enumerate(new):
        entries = slice(block.indptr[row], block.indptr[row + 1])
        columns, values = block.columns[entries], block.values[entries]
        neighbours = columns < len(known)
        if neighbours.any():
            contexts.append((columns[neighbours], values[neighbours]))
            rows.append(row)
        elif words is not None:
            raise ValueError(
                f"{term!r} has no neighbour that the vocabulary knows: there is nothing to infer its vector from."
            )
    if not rows:
        raise ValueError("no new word has a neighbour that the vocabulary knows.")
    new = [new[row] for row in rows]
    return new, np.array([count_of[term] for term in new], dtype=np.int64), contexts
