"""Words and their vectors as one small type, made from whatever a caller has."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral
from typing import Any, Literal, NamedTuple

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from glove_sklearn._embedding.frames import is_frame, make_frame, split_frame
from glove_sklearn._embedding.gensim_bridge import counts_of
from glove_sklearn._text.vocabulary import terms_by_row


class WordVectors(NamedTuple):
    """Words and their vectors, without gensim."""

    terms: list[str]
    vectors: np.ndarray
    """float32, shape (n_words, d)."""
    counts: np.ndarray | None = None
    """Occurrences of each word, int64, shape (n_words,); None where they are not known."""

    def by_frequency(self) -> WordVectors:
        """Sort by falling count, ties in their present order; without counts the order stays."""
        if self.counts is None or not np.any(self.counts[1:] > self.counts[:-1]):
            return self
        order = np.argsort(-self.counts, kind="stable")
        return WordVectors([self.terms[row] for row in order], self.vectors[order], self.counts[order])

    def to_frame(self, library: Literal["pandas", "polars"] = "pandas") -> Any:
        """Return a data frame with a row for each word, and a column for each value.

        Parameters
        ----------
        library : {"pandas", "polars"}, default="pandas"

        Returns
        -------
        frame : pandas.DataFrame or polars.DataFrame
            Columns "0", "1", ..., float32. The words are the index, named "word", of a frame of pandas, and the first column,
            "word", of one of polars.

        Raises
        ------
        ImportError
            If the library is not installed.

        Examples
        --------
        >>> import numpy as np
        >>> from glove_sklearn.formats import WordVectors
        >>> WordVectors(["ice", "steam"], np.array([[0.5, -1], [0.25, 2]], dtype=np.float32)).to_frame().loc["steam"].tolist()
        [0.25, 2.0]
        """
        return make_frame(self.terms, self.vectors, library)


def as_word_vectors(vectors: Any, *, also: str = "") -> WordVectors:
    """Convert anything that holds words and vectors.

    Parameters
    ----------
    vectors : KeyedVectors, fitted estimator, WordVectors, data frame, or tuple of (terms, array of shape (n_words, d))
        An estimator is a `GloVeVectorizer`, an `EmbeddingVectorizer` or a `GloVe`. Also a gensim model whose attribute `wv` is a
        `KeyedVectors`. A frame of pandas or polars has one column of words, or an index of words, and numbers in all other
        columns. Words may also be integers, such as the ids of items: 7 becomes "7".
    also : str, default=""
        What else the caller takes, for the error message.

    Returns
    -------
    words : WordVectors
        In the order of `vectors`; the words of a fitted vectorizer by falling count. Arrays are not copied where they need
        not be reordered, and keep their dtype.

    Raises
    ------
    TypeError
        If `vectors` is none of these, a word is not a str, or the vectors are not real numbers.
    ValueError
        If there is not one vector, of at least one value, for each word, or not one count.
    NotFittedError
        If the vectorizer is not fitted.

    Examples
    --------
    >>> from glove_sklearn.formats import as_word_vectors
    >>> words = as_word_vectors((["ice", "steam"], [[0.5, -1.0], [0.25, 2.0]]))
    >>> words.terms, words.vectors.shape
    (['ice', 'steam'], (2, 2))
    """
    words = _unchecked(vectors, also)
    terms, rows, counts = words
    if isinstance(terms, (str, bytes)) or not isinstance(terms, Iterable):
        raise TypeError(f"the words of vectors must be a list of str, got {terms!r:.200}.")
    terms = [str(term) if isinstance(term, Integral) and not isinstance(term, bool) else term for term in terms]
    for index, term in enumerate(terms):
        if not isinstance(term, str):
            raise TypeError(f"the words of vectors must be str, but the one at index {index} is {term!r:.200}.")
    rows = np.asarray(rows)
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise ValueError(
            f"the vectors must be an array of shape (n_words, d) with d at least 1, got shape {rows.shape}."
        )
    if rows.dtype.kind not in "fiu":
        raise TypeError(f"the vectors must be an array of real numbers, got dtype {rows.dtype}.")
    if len(terms) != len(rows):
        raise ValueError(f"expected a vector for each word, got {len(terms)} words and {len(rows)} vectors.")
    if counts is not None and len(counts) != len(terms):
        raise ValueError(f"expected a count for each word, got {len(terms)} words and {len(counts)} counts.")
    return WordVectors(terms, rows, counts)


def row_names(glove: Any) -> list[Any]:
    """Return the names of the rows of the X that a `GloVe` was fitted on, str or int.

    Raises
    ------
    NotFittedError
        Before `fit`.
    ValueError
        If the rows had no names.
    """
    check_is_fitted(glove)
    names = getattr(glove, "row_names_in_", None)
    if names is None and len(glove.word_vectors_) == len(glove.context_vectors_):
        names = getattr(glove, "feature_names_in_", None)
    if names is None:
        raise ValueError(
            "the rows of X had no names: give a name for each of them, or fit GloVe on a DataFrame with names."
        )
    return list(names)


def _unchecked(vectors: Any, also: str) -> WordVectors:
    if isinstance(vectors, WordVectors):
        return vectors
    if isinstance(vectors, BaseEstimator) and hasattr(vectors, "to_keyed_vectors"):
        check_is_fitted(vectors)
        if not hasattr(vectors, "vocabulary_"):
            return WordVectors(row_names(vectors), vectors.embedding_)
        fitted = vars(vectors)  # all of one fit, even if another thread refits meanwhile
        names = ("vocabulary_", "embedding_", "counts_")
        vocabulary, rows, counts = (fitted.get(name, getattr(vectors, name, None)) for name in names)
        return WordVectors(terms_by_row(vocabulary), rows, counts).by_frequency()
    keyed_vectors = getattr(vectors, "wv", vectors)
    if hasattr(keyed_vectors, "index_to_key") and hasattr(keyed_vectors, "vectors"):
        return WordVectors(keyed_vectors.index_to_key, keyed_vectors.vectors, counts_of(keyed_vectors))
    if is_frame(vectors):
        return WordVectors(*split_frame(vectors))
    if isinstance(vectors, (tuple, list)) and len(vectors) == 2:
        return WordVectors(*vectors)
    raise TypeError(
        f"vectors must be {also}a gensim KeyedVectors, a fitted GloVeVectorizer, WordVectors, a data frame, or a tuple of words "
        f"and an array with a row for each, got {type(vectors).__name__}."
    )
