"""Part-of-speech tagging with word vectors as the only features: do the vectors know how words are used?

A token is described by the vectors of itself and of its two neighbours on either side, each in columns of its own, in lower case;
a word without a vector is described by zeros. `LogisticRegression` predicts the tag. It is fitted on one half of the lines and
tested on the other, both ways, so that every token is tested once.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

#: Neighbours on each side.
_REACH = 2


def tagging_accuracy(path: str, terms: list[str], vectors: np.ndarray) -> float:
    """Return the fraction of the tokens that get the right tag.

    Vectors are scaled so that the columns have a standard deviation of 1 on average, over the tokens of the text: methods differ
    in scale, and the penalty of the classifier does not.

    Parameters
    ----------
    path : str
        Text in which each line is a sentence or a paragraph of ``word/TAG``, separated by spaces.
    terms : list of str
    vectors : ndarray of shape (n_words, d)
    """
    lines = read_tagged(path)
    rows = {term: row for row, term in enumerate(terms)}
    table = np.vstack([vectors, np.zeros(vectors.shape[1])]).astype(np.float32)  # the last row: no vector
    tokens = [np.array([rows.get(word.lower(), -1) for word, _ in line]) for line in lines]
    table /= table[np.concatenate(tokens)].std(axis=0).mean() or 1
    features = [_with_neighbours(table, ids) for ids in tokens]
    tags = [np.array([tag for _, tag in line]) for line in lines]
    n_correct = 0
    for tested in (0, 1):
        classifier = LogisticRegression(max_iter=200)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # 200 iterations for all methods
            classifier.fit(np.concatenate(features[1 - tested :: 2]), np.concatenate(tags[1 - tested :: 2]))
        predicted = classifier.predict(np.concatenate(features[tested::2]))
        n_correct += int((predicted == np.concatenate(tags[tested::2])).sum())
    return n_correct / sum(map(len, tags))


def read_tagged(path: str) -> list[list[tuple[str, str]]]:
    """Return the words and tags of each line that has some."""
    lines = []
    for number, text in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), start=1):
        pairs = [token.rpartition("/") for token in text.split()]
        if not all(word and tag for word, _, tag in pairs):
            raise ValueError(f"{path}: line {number} is not word/TAG word/TAG ...: {text[:60]!r}")
        if pairs:
            lines.append([(word, tag) for word, _, tag in pairs])
    return lines


def _with_neighbours(table: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Put the vectors of each token and of its neighbours side by side; zeros beyond the ends of the line."""
    padded = np.pad(ids, _REACH, constant_values=-1)
    return np.hstack([table[padded[shift : shift + len(ids)]] for shift in range(2 * _REACH + 1)])
