"""How good word vectors are: analogies, and similarities of words beside those that people gave.

Scores are those of gensim's ``evaluate_word_analogies`` and ``evaluate_word_pairs``, but all questions are asked at once. Few
words are asked about (905 in Google's 19,544 questions), so their cosines with a slab of the vocabulary are one matrix
product, and a question combines three rows of it. Slabs are small enough for the cache, and nothing as large as the
vocabulary is copied.

In float32 all that is found is a bound: no word of the slab scores more. Where that is not less than the best score so far, the
slab is scored again in float64, which happens some five times for a question. Cosines are then rounded to 10 decimals: finer than
word vectors are precise, coarser than the errors of a float64 product, which depend on its shape. So the answer does not depend
on how the vocabulary is cut, and of words with the same vector it is the first.
"""

from __future__ import annotations

import csv
import math
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glove_sklearn._embedding.word_vectors import as_word_vectors
from glove_sklearn._system.files import COMPRESSIONS, open_to_read

if TYPE_CHECKING:
    from pandas import DataFrame

#: What gensim ships.
_QUESTIONS = "questions-words.txt"
_PAIRS = "wordsim353.tsv", "simlex999.txt"

#: Words of the vocabulary, and questions, that are looked at together: what they need stays in the cache.
_SLAB = 1024
_AT_ONCE = 256
#: Cosines of a slab with all words that are asked about: no more than this, however many words these are.
_COSINES = 1 << 22
#: Of cosines in float64.
_DECIMALS = 10


@dataclass(frozen=True)
class AnalogyScore:
    """Score of one section of analogies, or of several together.

    Attributes
    ----------
    name : str
    n_correct : int
    n_asked : int
        Questions whose four words are in the vocabulary.
    n_questions : int
        Questions in the file.
    """

    name: str
    n_correct: int
    n_asked: int
    n_questions: int

    @property
    def accuracy(self) -> float:
        """Share of the questions asked that were answered correctly, 0 to 1; NaN where none was asked."""
        return self.n_correct / self.n_asked if self.n_asked else math.nan

    @property
    def coverage(self) -> float:
        """Share of the questions that were asked, 0 to 1; 0 where there are no questions."""
        return self.n_asked / self.n_questions if self.n_questions else 0.0

    @property
    def accuracy_of_all(self) -> float:
        """Share of all questions that were answered correctly: those out of vocabulary count as wrong.

        NaN where there are no questions.
        """
        return self.n_correct / self.n_questions if self.n_questions else math.nan


@dataclass(frozen=True, repr=False)
class AnalogyScores:
    """Scores of :func:`evaluate_analogies`. Printed, they are a table.

    Attributes
    ----------
    method : {"3CosAdd", "3CosMul"}
    sections : tuple of AnalogyScore
        In the order of the file. ``scores["family"]`` is the section of that name.
    semantic, syntactic, total : AnalogyScore
        Of the sections whose name does not begin with "gram", of the others, and of all.
    accuracy, coverage, accuracy_of_all : float
        Those of `total`.
    """

    method: str
    sections: tuple[AnalogyScore, ...]

    @property
    def semantic(self) -> AnalogyScore:
        """The sections whose name does not begin with "gram"."""
        return self._together("semantic", [not _is_syntactic(section) for section in self.sections])

    @property
    def syntactic(self) -> AnalogyScore:
        """The sections whose name begins with "gram"."""
        return self._together("syntactic", [_is_syntactic(section) for section in self.sections])

    @property
    def total(self) -> AnalogyScore:
        """All sections."""
        return self._together("total", [True] * len(self.sections))

    @property
    def accuracy(self) -> float:
        """Of all sections."""
        return self.total.accuracy

    @property
    def coverage(self) -> float:
        """Of all sections."""
        return self.total.coverage

    @property
    def accuracy_of_all(self) -> float:
        """Of all sections, questions out of vocabulary counted as wrong."""
        return self.total.accuracy_of_all

    def __getitem__(self, name: str) -> AnalogyScore:
        return _named(name, self.sections)

    def to_frame(self) -> DataFrame:
        """A pandas DataFrame: a row for each section, then "semantic", "syntactic" and "total".

        Raises
        ------
        ImportError
            Where pandas is not installed.
        """
        columns = ("n_correct", "n_asked", "n_questions", "accuracy", "coverage", "accuracy_of_all")
        return _frame("section", columns, self._rows())

    def __str__(self) -> str:
        cells = [[self.method, "correct", "asked", "in file", "accuracy", "of all"]]
        for score in self._rows():
            counts = (f"{count:,}" for count in (score.n_correct, score.n_asked, score.n_questions))
            cells.append([score.name, *counts, f"{score.accuracy:.4f}", f"{score.accuracy_of_all:.4f}"])
        return _table(cells)

    __repr__ = __str__

    def _rows(self) -> tuple[AnalogyScore, ...]:
        return (*self.sections, self.semantic, self.syntactic, self.total)

    def _together(self, name: str, chosen: list[bool]) -> AnalogyScore:
        sections = [section for section, is_chosen in zip(self.sections, chosen, strict=True) if is_chosen]
        return AnalogyScore(
            name,
            sum(section.n_correct for section in sections),
            sum(section.n_asked for section in sections),
            sum(section.n_questions for section in sections),
        )


@dataclass(frozen=True)
class SimilarityScore:
    """Agreement of cosines with the similarities of one file.

    Attributes
    ----------
    name : str
        Name of the file, without its extension.
    n_known : int
        Pairs whose two words are in the vocabulary.
    n_pairs : int
        Pairs in the file.
    spearman, pearson : float
        Rank and linear correlation; NaN where there is none, for fewer than two pairs or values that are all the same.
    spearman_pvalue, pearson_pvalue : float
        Two-sided p-values, as SciPy gives them.
    """

    name: str
    n_known: int
    n_pairs: int
    spearman: float
    spearman_pvalue: float
    pearson: float
    pearson_pvalue: float

    @property
    def coverage(self) -> float:
        """Share of the pairs whose words are in the vocabulary, 0 to 1; 0 where there are no pairs."""
        return self.n_known / self.n_pairs if self.n_pairs else 0.0


@dataclass(frozen=True, repr=False)
class SimilarityScores:
    """Scores of :func:`evaluate_similarities`. Printed, they are a table.

    Attributes
    ----------
    sets : tuple of SimilarityScore
        One for each file. ``scores["wordsim353"]`` is that of the file "wordsim353.tsv".
    """

    sets: tuple[SimilarityScore, ...]

    def __getitem__(self, name: str) -> SimilarityScore:
        return _named(name, self.sets)

    def to_frame(self) -> DataFrame:
        """A pandas DataFrame with a row for each file.

        Raises
        ------
        ImportError
            Where pandas is not installed.
        """
        correlations = ("spearman", "spearman_pvalue", "pearson", "pearson_pvalue")
        return _frame("set", ("n_known", "n_pairs", "coverage", *correlations), self.sets)

    def __str__(self) -> str:
        cells = [["", "known", "in file", "coverage", "Spearman", "Pearson"]]
        for score in self.sets:
            numbers = (f"{number:.4f}" for number in (score.coverage, score.spearman, score.pearson))
            cells.append([score.name, f"{score.n_known:,}", f"{score.n_pairs:,}", *numbers])
        return _table(cells)

    __repr__ = __str__


def evaluate_analogies(
    vectors: Any,
    questions: Any = None,
    *,
    method: str = "3CosAdd",
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
) -> AnalogyScores:
    r"""Share of the questions "a is to b as c is to what?" that word vectors answer correctly.

    The answer is the word x of the vocabulary, none of a, b and c, with the highest cos(x, b) - cos(x, a) + cos(x, c)
    ("3CosAdd": Mikolov, Yih and Zweig, NAACL 2013), or the highest cos(x, b) cos(x, c) / (cos(x, a) + 10⁻⁶) with cosines
    shifted to 0..1 ("3CosMul": Levy and Goldberg, CoNLL 2014, equation 4). Of words with the same score it is the first of the
    vocabulary. All questions together are a few matrix products, which BLAS spreads over as many threads as it may use.

    Parameters
    ----------
    vectors : KeyedVectors, GloVeVectorizer, or tuple of (terms, array of shape (n_words, d))
        Of gensim also a model that has `KeyedVectors` as its attribute `wv`. Terms and rows go by falling frequency; those of a
        fitted `GloVeVectorizer` are put in this order.
    questions : str or path, default=None
        A file with four words a line, the fourth being the answer, between white space as in Google's file, or between tabs,
        when words may contain spaces. ``: name`` begins a section; questions before the first belong to one with the name of
        the file. Lines that begin with ``#`` and empty lines are left out. UTF-8, plain or compressed (see
        :func:`glove_sklearn._system.files.open_to_read`). None is Google's file, ``questions-words.txt``, which gensim ships.
    method : {"3CosAdd", "3CosMul"}, default="3CosAdd"
    restrict_vocab : int or None, default=300_000
        Only the first so many words are known: questions with other words are not asked, and other words are no answers. None
        is all.
    case_insensitive : bool, default=True
        Compare words in upper case, ``str.upper``. Of words that differ in case alone, the first gives the vector of a question
        word; none of them answers a question that has one of them, and any of them is a correct answer.

    Returns
    -------
    scores : AnalogyScores

    Raises
    ------
    ValueError
        Where a line is not four words or a section, text is not UTF-8, or a vector has NaN or infinity.
    ImportError
        Where `questions` is None and gensim is not installed.

    Notes
    -----
    ``scores.accuracy`` is the score of gensim's ``evaluate_word_analogies``, and ``scores.accuracy_of_all`` that with
    ``dummy4unknown=True``. (It has no evaluation with 3CosMul; its ``most_similar_cosmul`` gives the same answers.) What differs:
    gensim skips lines that are not four words. It looks at the five best words only, so that it finds no answer where these are
    all question words in another case. It leaves to chance which of two words with the same score is the answer, and what answers
    a question that has a word with a zero vector; here such a question is asked, and not answered. In both, a word with a zero
    vector is no answer.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from glove_sklearn.evaluation import evaluate_analogies
    >>> terms = ["man", "woman", "king", "queen", "apple"]
    >>> vectors = [[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1], [-1, 0, 0]]
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "royal.txt")
    ...     _ = path.write_text(": family\nman woman king queen\nman woman uncle aunt\n")
    ...     scores = evaluate_analogies((terms, vectors), path)
    >>> scores.accuracy, scores.coverage, scores.accuracy_of_all
    (1.0, 0.5, 0.5)
    >>> print(scores)
    3CosAdd    correct  asked  in file  accuracy  of all
    family           1      1        2    1.0000  0.5000
    semantic         1      1        2    1.0000  0.5000
    syntactic        0      0        0       nan     nan
    total            1      1        2    1.0000  0.5000
    """
    if not (isinstance(method, str) and method in _METHODS):
        raise ValueError(f"method must be one of {', '.join(map(repr, _METHODS))}, got {method!r}.")
    terms, table = _words_and_vectors(vectors, restrict_vocab)
    sections = _read_analogies(_shipped(_QUESTIONS) if questions is None else _checked_path(questions, "questions"))
    fold = _fold(case_insensitive)
    keys = [fold(term) for term in terms]
    asked_about = {fold(word) for section in sections for question in section.questions for word in question}
    rows: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        if key in asked_about:
            rows.setdefault(key, []).append(row)

    asked = []
    for place, section in enumerate(sections):
        for question in section.questions:
            words = [fold(word) for word in question]
            if all(word in rows for word in words):
                asked.append((place, words))
    triples = np.array([[rows[word][0] for word in words[:3]] for _, words in asked], dtype=np.intp).reshape(-1, 3)
    excluded = [
        (question, row) for question, (_, words) in enumerate(asked) for word in set(words[:3]) for row in rows[word]
    ]
    answers = _answers(table, triples, np.array(excluded, dtype=np.intp).reshape(-1, 2), _METHODS[method])

    n_asked, n_correct = [0] * len(sections), [0] * len(sections)
    for (place, words), answer in zip(asked, answers.tolist(), strict=True):
        n_asked[place] += 1
        n_correct[place] += answer >= 0 and keys[answer] == words[3]
    return AnalogyScores(
        method,
        tuple(
            AnalogyScore(section.name, correct, asked_of_it, len(section.questions))
            for section, correct, asked_of_it in zip(sections, n_correct, n_asked, strict=True)
        ),
    )


def evaluate_similarities(
    vectors: Any,
    pairs: Any = None,
    *,
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
) -> SimilarityScores:
    r"""Correlation of the cosines of word vectors with the similarities that people gave to pairs of words.

    Parameters
    ----------
    vectors : KeyedVectors, GloVeVectorizer, or tuple of (terms, array of shape (n_words, d))
        As in :func:`evaluate_analogies`.
    pairs : str, path, or list of them, default=None
        Files with two words and their similarity a line, between tabs, when words may contain spaces, else between commas
        (CSV), else between white space; what the first line has is taken for the whole file. The similarity is the first
        column after the words that holds a number, so that the files of SimLex-999 and SimVerb-3500, with the part of speech
        in between, and those with ratings of each subject behind work as they are. A first line without a number there is
        a header. Lines that begin with ``#`` and empty lines are left out. UTF-8, plain or compressed (see
        :func:`glove_sklearn._system.files.open_to_read`). None is WordSim-353 and SimLex-999, which gensim ships.
    restrict_vocab : int or None, default=300_000
        Only the first so many words are known. None is all.
    case_insensitive : bool, default=True
        Compare words in upper case, ``str.upper``; of words that differ in case alone, the first is known.

    Returns
    -------
    scores : SimilarityScores

    Raises
    ------
    ValueError
        Where a line is not two words and a number, text is not UTF-8, or a vector has NaN or infinity.
    ImportError
        Where `pairs` is None and gensim is not installed.

    Notes
    -----
    Correlations are those of gensim's ``evaluate_word_pairs``, and ``100 * (1 - coverage)`` is its ratio of unknown words. gensim
    skips lines that it does not understand, and fails where no pair is known. In both, the cosine with a zero vector is 0.

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
    paths = _checked_paths(pairs)
    terms, table = _words_and_vectors(vectors, restrict_vocab)
    fold = _fold(case_insensitive)
    rows: dict[str, int] = {}
    for row, term in enumerate(terms):
        rows.setdefault(fold(term), row)
    return SimilarityScores(tuple(_similarity_score(path, rows, fold, table) for path in paths))


def _similarity_score(
    path: str, rows: dict[str, int], fold: Callable[[str], str], vectors: np.ndarray
) -> SimilarityScore:
    judged = _read_pairs(path)
    known = [
        (rows[fold(first)], rows[fold(second)], similarity)
        for first, second, similarity in judged
        if fold(first) in rows and fold(second) in rows
    ]
    first, second = np.array([pair[:2] for pair in known], dtype=np.intp).reshape(-1, 2).T
    cosines = _dot(_units(vectors[first]), _units(vectors[second])).round(_DECIMALS)  # ranks are not of noise
    human = np.array([similarity for *_, similarity in known])
    return SimilarityScore(_name_of(path), len(known), len(judged), *_correlations(human, cosines))


def _correlations(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float, float]:
    """Spearman and its p-value, Pearson and its p-value."""
    from scipy import stats

    if len(x) < 2:
        return math.nan, math.nan, math.nan, math.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.ConstantInputWarning)
        warnings.simplefilter("ignore", stats.NearConstantInputWarning)
        spearman, pearson = stats.spearmanr(x, y), stats.pearsonr(x, y)
    return float(spearman[0]), float(spearman[1]), float(pearson[0]), float(pearson[1])


# Answers


class _Method(NamedTuple):
    """How cosines of x with a, b and c make a score."""

    exact: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    """The score, of cosines with a, b and c in float64."""
    bounds: Callable[[np.ndarray, float], tuple[np.ndarray, np.ndarray]]
    """Upper bounds of what b or c, and of what a puts into the score, of float32 cosines and how wrong they may be."""
    combine: np.ufunc
    """Puts the three together."""


def _exact_sum(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    return b - a + c


def _bounds_of_sum(cosines: np.ndarray, slack: float) -> tuple[np.ndarray, np.ndarray]:
    return cosines + np.float32(slack), np.float32(slack) - cosines


#: Keeps gensim, and Levy and Goldberg, from dividing by zero.
_EPSILON = 1e-6


def _exact_product(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    return ((1 + b) / 2) * ((1 + c) / 2) / ((1 + a) / 2 + _EPSILON)


def _bounds_of_product(cosines: np.ndarray, slack: float) -> tuple[np.ndarray, np.ndarray]:
    shifted = (1 + cosines) / 2
    # One part in a million more than the quotient, for the rounding of products, which goes with their size.
    quotient = np.float32(1 + 1e-6) / (np.maximum(shifted - np.float32(slack), 0) + np.float32(_EPSILON))
    return np.maximum(shifted + np.float32(slack), 0), quotient


_METHODS = {
    "3CosAdd": _Method(_exact_sum, _bounds_of_sum, np.add),
    "3CosMul": _Method(_exact_product, _bounds_of_product, np.multiply),
}


def _answers(vectors: np.ndarray, triples: np.ndarray, excluded: np.ndarray, method: _Method) -> np.ndarray:
    """The row of the word that answers each question.

    Parameters
    ----------
    vectors : ndarray of shape (n_words, d)
    triples : ndarray of shape (n_questions, 3), intp
        Rows of a, b and c.
    excluded : ndarray of shape (n, 2), intp
        Questions, and rows that do not answer them.
    method : _Method

    Returns
    -------
    answers : ndarray of shape (n_questions,), intp
        -1 where there is none: no word is left, or one of a, b, c has a zero vector.
    """
    n_words, d = vectors.shape
    answers = np.full(len(triples), -1, dtype=np.intp)
    words, places = np.unique(triples, return_inverse=True)
    places = places.reshape(triples.shape)
    asked = _units(vectors[words])
    has_direction = (np.count_nonzero(asked, axis=1) > 0)[places].all(axis=1)
    if not has_direction.any():
        return answers
    best = np.where(has_direction, -np.inf, np.inf)
    asked32 = asked.astype(np.float32)
    # A float32 cosine is wrong by at most d + 2 roundings; some more for the two operations of `combine`.
    slack = (d + 8) * float(np.finfo(np.float32).eps) / 2

    slab = max(1, min(_SLAB, _COSINES // len(words)))
    of_slab = excluded[:, 1] // slab
    order = np.lexsort((excluded[:, 0], of_slab))
    excluded, of_slab = excluded[order], of_slab[order]
    bounds = np.empty((2, _AT_ONCE, slab), dtype=np.float32)

    for start in range(0, n_words, slab):
        units = _units(vectors[start : start + slab])
        of_others, of_a = method.bounds(asked32 @ units.astype(np.float32).T, slack)
        without_direction = np.flatnonzero(np.count_nonzero(units, axis=1) == 0)
        here = slice(*np.searchsorted(of_slab, [start // slab, start // slab + 1]))
        questions_here, rows_here = excluded[here].T
        cosines = (asked @ units.T).round(_DECIMALS)
        for first in range(0, len(triples), _AT_ONCE):
            chunk = slice(first, first + _AT_ONCE)
            a, b, c = places[chunk].T
            upper, more = bounds[:, : len(a), : len(units)]
            # With the default mode, take would fill a copy first.
            np.take(of_others, b, axis=0, out=upper, mode="clip")
            for table, rows in ((of_others, c), (of_a, a)):
                np.take(table, rows, axis=0, out=more, mode="clip")
                method.combine(upper, more, out=upper)
            out = slice(*np.searchsorted(questions_here, [first, first + _AT_ONCE]))
            upper[questions_here[out] - first, rows_here[out] - start] = -np.inf
            upper[:, without_direction] = -np.inf

            highest = upper.max(axis=1)
            hopeful = np.flatnonzero((highest >= best[chunk]) & (highest > -np.inf))
            scores = method.exact(*(cosines[word[hopeful]] for word in (a, b, c)))
            scores[upper[hopeful] == -np.inf] = -np.inf
            columns, scores = scores.argmax(axis=1), scores.max(axis=1)
            better = scores > best[first + hopeful]
            best[first + hopeful[better]] = scores[better]
            answers[first + hopeful[better]] = start + columns[better]
    return answers


def _units(vectors: np.ndarray) -> np.ndarray:
    """The vectors at length 1, in float64; zero vectors as they are."""
    units = np.array(vectors, dtype=np.float64, order="C")
    # By the largest number first: squares of very large or small ones do not exist.
    largest = np.abs(units).max(axis=1, initial=0)
    units /= np.where(largest > 0, largest, 1)[:, np.newaxis]
    lengths = np.sqrt(_dot(units, units))
    units /= np.where(lengths > 0, lengths, 1)[:, np.newaxis]
    return units


def _dot(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Scalar products of rows. Not by BLAS: what one row gives must not depend on which others there are."""
    return (x * y).sum(axis=1)


# Words and vectors


def _words_and_vectors(vectors: Any, restrict_vocab: int | None) -> tuple[list[str], np.ndarray]:
    """The most frequent words, as many as may be known, and their vectors."""
    if restrict_vocab is not None and (
        isinstance(restrict_vocab, bool) or not isinstance(restrict_vocab, Integral) or restrict_vocab < 1
    ):
        raise ValueError(f"restrict_vocab must be a positive integer or None, got {restrict_vocab!r}.")
    limit = None if restrict_vocab is None else int(restrict_vocab)
    terms, array, _ = as_word_vectors(vectors)
    terms, array = terms[:limit], array[:limit]
    for start in range(0, len(terms), _SLAB):
        bad = np.flatnonzero(np.isfinite(array[start : start + _SLAB]).all(axis=1) == 0)
        if len(bad):
            raise ValueError(f"the vector of {terms[start + bad[0]]!r} has NaN or infinity; leave such words out.")
    return terms, array


def _fold(case_insensitive: bool) -> Callable[[str], str]:
    return str.upper if case_insensitive else str


# Files


class _Section(NamedTuple):
    name: str
    questions: list[list[str]]


def _read_analogies(path: str) -> list[_Section]:
    sections = []
    for place, line in _lines(path):
        if line.startswith(":"):
            sections.append(_Section(line.lstrip(": ").strip(), []))
            continue
        words = [word.strip() for word in line.split("\t")]
        if len(words) != 4:
            words = line.split()
        if len(words) != 4 or not all(words):
            raise ValueError(
                f"{place}: expected four words between white space, or between tabs, or a section (': name'), got {line!r:.200}."
            )
        if not sections:
            sections.append(_Section(_name_of(path), []))
        sections[-1].questions.append(words)
    return sections


def _read_pairs(path: str) -> list[tuple[str, str, float]]:
    lines = list(_lines(path))
    if not lines:
        return []
    first = lines[0][1]
    delimiter = next((delimiter for delimiter in "\t," if delimiter in first), None)
    fields = [(place, line, _split(line, delimiter)) for place, line in lines]
    # The first line may be a header, and one with numbers for names: not it but the second shows where the similarity is.
    column = next(
        (column for column, field in enumerate(fields[min(1, len(fields) - 1)][2]) if column > 1 and _number(field)), 2
    )
    if len(fields) > 1 and len(fields[0][2]) > 2 and (column >= len(fields[0][2]) or not _number(fields[0][2][column])):
        del fields[0]
    pairs = []
    between = {"\t": "tabs", ",": "commas", None: "white space"}[delimiter]
    for place, line, words in fields:
        if len(words) <= column or not (words[0] and words[1]):
            raise ValueError(
                f"{place}: expected two words and, in column {column + 1}, their similarity, between {between} as in the first "
                f"line, got {line!r:.200}."
            )
        if not _number(words[column]):
            raise ValueError(f"{place}: expected a number in column {column + 1}, got {words[column]!r:.200}.")
        pairs.append((words[0], words[1], float(words[column])))
    return pairs


def _split(line: str, delimiter: str | None) -> list[str]:
    try:
        fields = next(csv.reader([line])) if delimiter == "," else line.split(delimiter)
    except csv.Error:  # absurdly long
        fields = line.split(delimiter)
    return [field.strip() for field in fields]


def _number(field: str) -> bool:
    try:
        return math.isfinite(float(field))
    except ValueError:
        return False


def _lines(path: str) -> Iterator[tuple[str, str]]:
    """Lines that are neither empty nor comments, stripped, each with its place for messages."""
    with open_to_read(path) as file:
        data = file.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path}, line {number}: expected text in UTF-8, got the byte 0x{data[error.start]:02x}; convert the file to UTF-8."
        ) from error
    # Not splitlines, which also divides at characters that words may contain.
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            yield f"{path}, line {number}", line


def _name_of(path: str) -> str:
    """What a file is called in tables: without folder and extensions."""
    name = Path(path)
    return Path(name.stem).stem if name.suffix.lower() in COMPRESSIONS else name.stem


def _checked_paths(pairs: Any) -> list[str]:
    if pairs is None:
        return [_shipped(name) for name in _PAIRS]
    if isinstance(pairs, (str, bytes, os.PathLike)) or not isinstance(pairs, Iterable):
        pairs = [pairs]
    paths = [_checked_path(path, "pairs") for path in pairs]
    if not paths:
        raise ValueError("pairs is empty; give a path, a list of paths, or None for the files that gensim ships.")
    return paths


def _checked_path(path: Any, argument: str) -> str:
    if not isinstance(path, (str, bytes, os.PathLike)):
        several = " or a list of paths" if argument == "pairs" else ""
        raise TypeError(f"{argument} must be the path of a file{several}, got {path!r:.200}.")
    return os.fsdecode(path)


def _shipped(name: str) -> str:
    """The path of a file that gensim ships."""
    try:
        from gensim.test.utils import datapath
    except ImportError as error:
        raise ImportError(
            f"{name} comes with gensim 4.4 or newer: pip install gensim, or give the path of a file"
        ) from error
    return datapath(name)


# Tables


def _is_syntactic(section: AnalogyScore) -> bool:
    return section.name.startswith("gram")


def _named(name: str, scores: Sequence[Any]) -> Any:
    for score in scores:
        if score.name == name:
            return score
    raise KeyError(f"no score is called {name!r}; there are {', '.join(repr(score.name) for score in scores)}")


def _table(cells: list[list[str]]) -> str:
    """Columns side by side, the first on the left, the others on the right."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *(map(str.rjust, line[1:], widths[1:]))]).rstrip() for line in cells
    )


def _frame(index: str, columns: Sequence[str], scores: Sequence[Any]) -> DataFrame:
    try:
        import pandas
    except ImportError as error:
        raise ImportError("to_frame needs pandas: pip install pandas") from error
    names = pandas.Index([score.name for score in scores], name=index)
    return pandas.DataFrame({column: [getattr(score, column) for score in scores] for column in columns}, index=names)
