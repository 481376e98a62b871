"""Accuracy of word vectors, among the 30,000 most frequent words: Google's analogies, WordSim-353, SimLex-999, and tagging.

Analogies are answered, in percent, and similarities are rank correlations. SimLex-999 is also taken apart by part of speech: the
file that gensim ships has no tags, but keeps the order of the authors' file, which begins with 111 pairs of adjectives and ends
with 222 of verbs. WordSim-353 is not taken apart into similar and related words: that takes the authors' files.
"""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.harness.tagging import tagging_accuracy
from glove_sklearn.evaluation import AnalogyScore, evaluate_analogies, evaluate_similarities
from glove_sklearn.formats import load_vectors

#: Pairs of SimLex-999 by part of speech, in the order of the file.
_SIMLEX_PARTS = {"simlex_adjectives": 111, "simlex_nouns": 666, "simlex_verbs": 222}
#: Sections of Google's analogies.
SECTIONS = (
    *("capital-common-countries", "capital-world", "currency", "city-in-state", "family", "gram1-adjective-to-adverb"),
    *("gram2-opposite", "gram3-comparative", "gram4-superlative", "gram5-present-participle"),
    *("gram6-nationality-adjective", "gram7-past-tense", "gram8-plural", "gram9-plural-verbs"),
)
#: Names of the scores in rows.
ACCURACIES = ("analogies", "semantic", "syntactic", "wordsim353", "simlex999", *_SIMLEX_PARTS)
N_WORDS = 30_000
#: A correlation of fewer pairs means nothing.
_MIN_PAIRS = 10


def evaluate(
    terms: list[str], vectors: np.ndarray, *, sections: bool = False, tagged: str | None = None
) -> dict[str, float | None]:
    """Return all scores by their names in rows; None where the vocabulary has too few of the words.

    Parameters
    ----------
    terms : list of str
        By falling count.
    vectors : ndarray of shape (n_words, d)
    sections : bool, default=False
        Whether to return the score of each section of the analogies, too.
    tagged : str or None, default=None
        A file of tagged text; with it, "tagging" is returned, too.
    """
    analogies = evaluate_analogies((terms, vectors), restrict_vocab=N_WORDS)
    scores = {"analogies": analogies.total, "semantic": analogies.semantic, "syntactic": analogies.syntactic}
    if sections:
        scores |= {name: analogies[name] for name in SECTIONS}
    found = {name: _percent(score) for name, score in scores.items()} | _similarities(terms, vectors)
    if tagged is not None:
        found["tagging"] = 100 * tagging_accuracy(tagged, terms, vectors)
    return found


def names_of(numbers: dict[str, Any]) -> list[str]:
    """Return the names of the scores that a row has."""
    return [name for name in (*ACCURACIES, *SECTIONS, "tagging") if name in numbers]


def _percent(score: AnalogyScore) -> float | None:
    return None if math.isnan(score.accuracy) else 100 * score.accuracy


def _similarities(terms: list[str], vectors: np.ndarray) -> dict[str, float | None]:
    with TemporaryDirectory() as folder:
        paths = [_datapath("wordsim353.tsv"), _datapath("simlex999.txt"), *_write_parts_of_simlex(Path(folder))]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".* vectors for both words", UserWarning)  # None says so
            scores = evaluate_similarities((terms, vectors), paths, restrict_vocab=N_WORDS)
    return {
        score.name: None if score.n_known < _MIN_PAIRS or math.isnan(score.spearman) else score.spearman
        for score in scores.sets
    }


def _write_parts_of_simlex(folder: Path) -> list[Path]:
    lines = Path(_datapath("simlex999.txt")).read_text(encoding="utf-8").splitlines()
    pairs = [line for line in lines if line and not line.startswith("#")]
    assert len(pairs) == sum(_SIMLEX_PARTS.values()), "gensim ships another file than it did"
    paths = []
    for name, n_pairs in _SIMLEX_PARTS.items():
        paths.append(folder / f"{name}.txt")
        paths[-1].write_text("\n".join(pairs[:n_pairs]), encoding="utf-8")
        del pairs[:n_pairs]
    return paths


def _datapath(name: str) -> str:
    from gensim.test.utils import datapath

    return datapath(name)


def evaluate_file(path: str) -> dict[str, float | None]:
    """Evaluate the vectors in a text file that Stanford GloVe wrote."""
    vectors = load_vectors(path, format="glove")
    return evaluate(vectors.index_to_key, vectors.vectors)
