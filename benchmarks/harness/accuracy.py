"""Accuracy of word vectors, among the 30,000 most frequent words: Google's analogies, WordSim-353, SimLex-999, and tagging.

Analogies are answered, in percent, and similarities are rank correlations. SimLex-999 is also taken apart by part of speech: the
file that gensim ships has no tags, but keeps the order of the authors' file, which begins with 111 pairs of adjectives and ends
with 222 of verbs. WordSim-353 is also taken apart into similar and into related words, each with the pairs that are neither.
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
#: Of each pair of WordSim-353 in the order of the file: "s" for similar words (those that are the same, or of a kind, or kinds of
#: each other), "r" for others that are related, and "u" for the rest. The classes are those of E. Agirre et al., "A study on
#: similarity and relatedness using distributional and WordNet-based approaches", NAACL 2009, whose two sets both have the rest.
_WORDSIM_CLASSES = (
    "rssrrrssrssrsssssusrruuuuruurrssuusssrrusrsssrrrsrrrrrrsurssuursrussssssssssssrruursusuuu"
    "uuuuuuusssrrrrrrrusssssssrsrrrrrrrrssrsrssrrrsuuruusrsusssrsurssurrrrrruurrrurruusuruurrs"
    "suuursuuuruuururrsurrrrusrruurrssrrrsuuuuruursruuuurrrrrrusrrruurusssuursuuuusrsrrrurusss"
    "rrrrsrruursrrrsrrurssssrruurrsrurrrrrrrsssrsrurrruuuuusrrruuuurrrruuussurrssurrrsrrrru"
)
_WORDSIM_PARTS = {"wordsim_similarity": "su", "wordsim_relatedness": "ru"}
#: Sections of Google's analogies.
SECTIONS = (
    *("capital-common-countries", "capital-world", "currency", "city-in-state", "family", "gram1-adjective-to-adverb"),
    *("gram2-opposite", "gram3-comparative", "gram4-superlative", "gram5-present-participle"),
    *("gram6-nationality-adjective", "gram7-past-tense", "gram8-plural", "gram9-plural-verbs"),
)
#: Names of the scores in rows.
ACCURACIES = (
    *("analogies", "semantic", "syntactic", "wordsim353", *_WORDSIM_PARTS),
    *("simlex999", *_SIMLEX_PARTS),
)
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
        paths = [_datapath("wordsim353.tsv"), _datapath("simlex999.txt"), *_write_parts(Path(folder))]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".* vectors for both words", UserWarning)  # None says so
            scores = evaluate_similarities((terms, vectors), paths, restrict_vocab=N_WORDS)
    return {
        score.name: None if score.n_known < _MIN_PAIRS or math.isnan(score.spearman) else score.spearman
        for score in scores.sets
    }


def _write_parts(folder: Path) -> list[Path]:
    """Write the parts of both sets of pairs."""
    pairs = _pairs("simlex999.txt", sum(_SIMLEX_PARTS.values()))
    parts = {}
    for name, n_pairs in _SIMLEX_PARTS.items():
        parts[name], pairs = pairs[:n_pairs], pairs[n_pairs:]
    pairs = _pairs("wordsim353.tsv", len(_WORDSIM_CLASSES))
    for name, classes in _WORDSIM_PARTS.items():
        parts[name] = [pair for pair, its in zip(pairs, _WORDSIM_CLASSES, strict=True) if its in classes]
    paths = [folder / f"{name}.tsv" for name in parts]
    for path, lines in zip(paths, parts.values(), strict=True):
        path.write_text("\n".join(lines), encoding="utf-8")
    return paths


def _pairs(name: str, n_pairs: int) -> list[str]:
    lines = Path(_datapath(name)).read_text(encoding="utf-8").splitlines()
    pairs = [line for line in lines if line and not line.startswith("#")]
    assert len(pairs) == n_pairs, "gensim ships another file than it did"
    return pairs


def _datapath(name: str) -> str:
    from gensim.test.utils import datapath

    return datapath(name)


def evaluate_file(path: str) -> dict[str, float | None]:
    """Evaluate the vectors in a text file that Stanford GloVe wrote."""
    vectors = load_vectors(path, format="glove")
    return evaluate(vectors.index_to_key, vectors.vectors)
