"""Accuracy of word vectors, among the 30,000 most frequent words: Google's analogies, WordSim-353 and SimLex-999."""

from __future__ import annotations

import math

import numpy as np

from glove_sklearn.evaluation import evaluate_analogies, evaluate_similarities
from glove_sklearn.formats import load_vectors

#: Names of the scores in rows: percentage of the questions answered, rank correlations.
ACCURACIES = ("analogies", "wordsim353", "simlex999")
N_WORDS = 30_000
#: A correlation of fewer pairs means nothing.
_MIN_PAIRS = 10


def evaluate(terms: list[str], vectors: np.ndarray) -> dict[str, float | None]:
    """Return all three scores by their names in rows; None where the vocabulary has too few of the words.

    Parameters
    ----------
    terms : list of str
        By falling count.
    vectors : ndarray of shape (n_words, d)
    """
    accuracy = evaluate_analogies((terms, vectors), restrict_vocab=N_WORDS).accuracy
    similarities = evaluate_similarities((terms, vectors), restrict_vocab=N_WORDS)
    return {
        "analogies": None if math.isnan(accuracy) else 100 * accuracy,
        **{
            score.name: None if score.n_known < _MIN_PAIRS or math.isnan(score.spearman) else score.spearman
            for score in similarities.sets
        },
    }


def evaluate_file(path: str) -> dict[str, float | None]:
    """Evaluate the vectors in a text file that Stanford GloVe wrote."""
    vectors = load_vectors(path, format="glove")
    return evaluate(vectors.index_to_key, vectors.vectors)
