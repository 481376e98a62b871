"""Compare the cosines of word vectors with the similarities that people gave to pairs of words."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from glove_sklearn._system.warning import warn_caller
from glove_sklearn.evaluation.question_files import checked_paths, name_of, read_pairs
from glove_sklearn.evaluation.scores import SimilarityScore, SimilarityScores
from glove_sklearn.evaluation.vectors import DECIMALS, case_folding, dot, unit_vectors, words_and_vectors

#: Fewer pairs than these are on a line, or nearly so, by chance.
_FEW_PAIRS = 3


def evaluate_similarities(
    vectors: Any,
    pairs: Any = None,
    *,
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
) -> SimilarityScores:
    r"""Correlate the cosines of word vectors with the similarities that people gave to pairs of words.

    Parameters
    ----------
    vectors : KeyedVectors, GloVeVectorizer, or tuple of (terms, array of shape (n_words, d))
        As in :func:`evaluate_analogies`.
    pairs : str, path, or list of them, default=None
        Files with two words and their similarity on each line, separated by tabs, if words contain spaces, or else by commas
        (CSV), or else by white space; the first line decides for the whole file. The similarity is the first column after the
        words that holds a number, so that the files of SimLex-999 and SimVerb-3500, with the part of speech in between, can be
        used unchanged, and so can those with the ratings of each subject at the end. A first line without a number there is a
        header. Empty lines, and lines that start with ``#``, are skipped. UTF-8, plain or compressed (.gz, .bz2, .xz, .zip). None
        stands for WordSim-353 and SimLex-999, which gensim ships.
    restrict_vocab : int or None, default=300_000
        Use only this many words, from the beginning; None uses all.
    case_insensitive : bool, default=True
        Compare words in upper case, by ``str.upper``; of words that differ only in case, the first is used.

    Returns
    -------
    scores : SimilarityScores

    Raises
    ------
    ValueError
        If a line is not two words and a number, or there is no line; if the second words are numbers, as in a file of word
        vectors; if text is not UTF-8, or a vector has NaN or infinity.
    ImportError
        If `pairs` is None and gensim is not installed.

    Warns
    -----
    UserWarning
        If fewer than three pairs of a file are known.

    Notes
    -----
    Correlations are those of gensim's ``evaluate_word_pairs``, and ``100 * (1 - coverage)`` is its ratio of unknown words. gensim
    skips lines that it cannot parse, and fails if no pair is known. In both, the cosine with a zero vector is 0.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from glove_sklearn.evaluation import evaluate_similarities
    >>> terms, vectors = ["sun", "moon", "star", "spoon"], [[2, 1], [1, 1], [2, 2], [-1, 1]]
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "sky.csv")
    ...     _ = path.write_text("word 1,word 2,mean\nmoon,star,8.1\nsun,star,7.5\nsun,spoon,0.4\nsun,sky,7\n")
    ...     scores = evaluate_similarities((terms, vectors), path)
    >>> print(scores)
         known  in file  coverage  Spearman  Pearson
    sky      3        4    0.7500    1.0000   0.9994
    """
    paths = checked_paths(pairs)
    terms, table = words_and_vectors(vectors, restrict_vocab)
    fold = case_folding(case_insensitive)
    rows: dict[str, int] = {}
    for row, term in enumerate(terms):
        rows.setdefault(fold(term), row)
    return SimilarityScores(tuple(_similarity_score(path, rows, fold, table) for path in paths))


def _similarity_score(
    path: str, rows: dict[str, int], fold: Callable[[str], str], vectors: np.ndarray
) -> SimilarityScore:
    judged = read_pairs(path)
    known = [
        (rows[fold(first)], rows[fold(second)], similarity)
        for first, second, similarity in judged
        if fold(first) in rows and fold(second) in rows
    ]
    first, second = np.array([pair[:2] for pair in known], dtype=np.intp).reshape(-1, 2).T
    cosines = dot(unit_vectors(vectors[first]), unit_vectors(vectors[second])).round(
        DECIMALS
    )  # so that noise does not rank them
    if len(known) < _FEW_PAIRS:
        what = ["no pair has", "1 pair has", "2 pairs have"][len(known)]
        warn_caller(
            f"{path}: {what} vectors for both words, of {len(judged)}; so few have no correlation that says anything"
        )
    human = np.array([similarity for *_, similarity in known])
    return SimilarityScore(name_of(path), len(known), len(judged), *_correlations(human, cosines))


def _correlations(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float, float]:
    """Return Spearman's correlation and its p-value, and Pearson's."""
    from scipy import stats

    if len(x) < 2:
        return math.nan, math.nan, math.nan, math.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.ConstantInputWarning)
        warnings.simplefilter("ignore", stats.NearConstantInputWarning)
        spearman, pearson = stats.spearmanr(x, y), stats.pearsonr(x, y)
    return float(spearman[0]), float(spearman[1]), float(pearson[0]), float(pearson[1])
