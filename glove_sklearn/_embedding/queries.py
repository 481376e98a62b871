"""Questions that a fitted estimator answers about its words, and those that it leaves to gensim."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from glove_sklearn._system.linear_algebra import matmul
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._text.encoder import as_term

#: What gensim's KeyedVectors can do, and our estimators cannot.
_OF_KEYED_VECTORS = frozenset(
    [
        "closer_than",
        "distance",
        "distances",
        "doesnt_match",
        "evaluate_word_analogies",
        "evaluate_word_pairs",
        "get_mean_vector",
        "get_vector",
        "index_to_key",
        "intersect_word2vec_format",
        "key_to_index",
        "most_similar",
        "most_similar_cosmul",
        "most_similar_to_given",
        "n_similarity",
        "rank",
        "relative_cosine_similarity",
        "save_word2vec_format",
        "similar_by_key",
        "similar_by_vector",
        "similar_by_word",
        "similarity",
        "vectors",
        "wmdistance",
        "wv",
    ]
)


class KeyedVectorsHint:
    """Mixin whose missing attributes name `to_keyed_vectors`, where gensim's object has them."""

    #: Without this, Python would iterate over the words 0, 1, ... because of `__getitem__`.
    __iter__ = None

    def __getattr__(self, name: str) -> Any:
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        if name in _OF_KEYED_VECTORS:
            message += f"; to_keyed_vectors() returns gensim's KeyedVectors, which has: to_keyed_vectors().{name}"
        raise AttributeError(message, name=name, obj=self)


def indices_of(items: Any, row_of: dict[Any, int] | None, n: int, what: str) -> np.ndarray:
    """Convert words or indices to indices.

    Parameters
    ----------
    items : str, int, iterable of str or int, or None
        Names, or indices if there are none; None for all.
    row_of : dict or None
        The index of each name; None if there are no names.
    n : int
        Number of rows.
    what : str
        What the items are, in messages: "row", for instance.

    Returns
    -------
    indices : ndarray of shape (n_items,), int64

    Raises
    ------
    KeyError
        If an item has no row.
    """
    if items is None:
        return np.arange(n)
    if isinstance(items, (str, Integral)) or not isinstance(items, Iterable):
        items = [items]
    indices = []
    for item in items:
        item = item.item() if isinstance(item, np.generic) else item
        if row_of is not None and isinstance(item, Hashable) and item in row_of:
            indices.append(row_of[item])
        elif row_of is not None and isinstance(item, int) and as_term(item) in row_of:
            indices.append(row_of[as_term(item)])
        elif row_of is None and isinstance(item, int) and 0 <= item < n:
            indices.append(item)
        else:
            known = f"the {n} names" if row_of is not None else f"the indices 0 to {n - 1}"
            raise KeyError(f"there is no {what} {item!r} among {known}")
    return np.array(indices, dtype=np.int64)


def log_cooccurrence(estimator: Any, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Compute the model's estimate w . c + b + b' of the logarithm of X for pairs of rows and columns.

    Parameters
    ----------
    estimator : GloVe or GloVeVectorizer
        Fitted.
    rows : ndarray of shape (n_rows,), int64
    columns : ndarray of shape (n_columns,), int64

    Returns
    -------
    estimates : ndarray of shape (n_rows, n_columns), float32

    Raises
    ------
    ValueError
        If the estimator did not keep its parameters, or has none for a word that it inferred.
    """
    check_is_fitted(estimator)
    if not hasattr(estimator, "word_vectors_"):
        raise ValueError(
            f"{type(estimator).__name__} keeps the parameters of the model only with warm_start=True: set it and fit again."
        )
    untrained = np.isnan(estimator.word_biases_[rows]).sum() + np.isnan(estimator.context_biases_[columns]).sum()
    if untrained:
        raise ValueError(
            f"{untrained} of the words or contexts asked for were added by infer_vectors(extend=True), which makes no parameters "
            "of the model: name others, or fit on texts with these words."
        )
    contexts = estimator.context_vectors_[columns].astype(np.float64)
    with ThreadTeam(estimator.n_jobs) as team:
        products = matmul(estimator.word_vectors_[rows], np.ascontiguousarray(contexts.T), team)
    products += estimator.word_biases_[rows, None]
    products += estimator.context_biases_[columns]
    return products
