"""How the word vector and the context vector of a word become one."""

from __future__ import annotations

import numpy as np

#: What `combine` takes: the sum, one of the two, or both side by side.
COMBINATIONS = ("sum", "word", "context", "concat")


def combine(words: np.ndarray, contexts: np.ndarray, how: str) -> np.ndarray:
    """Combine word and context vectors.

    Parameters
    ----------
    words : ndarray of shape (n_words, d), float32
    contexts : ndarray of shape (n_contexts, d), float32
        If they are not as many as the words, "sum" means the word vectors. The others need the context vectors of the words to
        be the first.
    how : str
        One of `COMBINATIONS`.

    Returns
    -------
    vectors : ndarray of shape (n_words, d) or (n_words, 2 d), float32
        May be one of the arguments.
    """
    if how == "word" or (how == "sum" and len(words) != len(contexts)):
        return words
    contexts = contexts[: len(words)]
    if how == "context":
        return contexts
    return combine_into(words, contexts, how, np.empty((len(words), words.shape[1] * width_factor(how)), np.float32))


def width_factor(how: str) -> int:
    """Return how many times as many columns as its arguments a combination has."""
    return 2 if how == "concat" else 1


def combine_into(words: np.ndarray, contexts: np.ndarray, how: str, vectors: np.ndarray) -> np.ndarray:
    """Combine the two vectors of each word into float32 `vectors`; the sum is computed in the dtype of the arguments."""
    with np.errstate(over="ignore"):
        if how == "sum":
            np.add(words, contexts, out=vectors, casting="same_kind", dtype=words.dtype)
        elif how == "concat":
            vectors[:, : words.shape[1]], vectors[:, words.shape[1] :] = words, contexts
        else:
            vectors[:] = words if how == "word" else contexts
    return vectors
