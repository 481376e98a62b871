"""How good word vectors are, among the 30,000 most frequent words: Google's analogies, WordSim-353 and SimLex-999."""

from __future__ import annotations

import math

import numpy as np

from glove_sklearn.evaluation import evaluate_analogies, evaluate_similarities

N_WORDS = 30_000
#: A correlation of fewer pairs says nothing.
_FEWEST_PAIRS = 10


def evaluate(terms: list[str], vectors: np.ndarray) -> dict[str, float | None]:
    """All three, by the names that rows use: percentage of the questions answered, rank correlations.

    Parameters
    ----------
    terms : list of str
        The most frequent first.
    vectors : ndarray of shape (n_words, d)
    """
    accuracy = evaluate_analogies((terms, vectors), restrict_vocab=N_WORDS).accuracy
    similarities = evaluate_similarities((terms, vectors), restrict_vocab=N_WORDS)
    return {
        "analogies": None if math.isnan(accuracy) else 100 * accuracy,
        **{
            score.name: None if score.n_known < _FEWEST_PAIRS or math.isnan(score.spearman) else score.spearman
            for score in similarities.sets
        },
    }


def evaluate_text_file(path: str) -> dict[str, float | None]:
    """The same for a file of a word and its vector a line, as the C program writes it."""
    terms, vectors = [], []
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            term, *numbers = line.rstrip("\n").split(" ")
            if term != "<unk>":
                terms.append(term)
                vectors.append(np.array(numbers, dtype=np.float32))
    return evaluate(terms, np.stack(vectors))
