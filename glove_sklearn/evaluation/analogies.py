"""Answer analogy questions by word vectors: "a is to b as c is to what?"

All questions are asked together. Few words are asked about (905 in Google's 19,544 questions), so their cosines with a slab of
the vocabulary are one matrix product, and a question combines three rows of it. Slabs are small enough for the cache, and nothing
as large as the vocabulary is copied.

The float32 product only yields an upper bound of the scores of a slab. If it is not less than the best score so far, which
happens some five times for a question, the slab is scored again in float64. Cosines are then rounded to 10 decimals: finer than
word vectors are precise, coarser than the errors of a float64 product, which depend on its shape. So the answer does not depend
on how the vocabulary is cut into slabs, and of words with the same vector it is the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from glove_sklearn.evaluation.question_files import GOOGLE_QUESTIONS, checked_path, read_questions, shipped_file
from glove_sklearn.evaluation.scores import AnalogyScore, AnalogyScores
from glove_sklearn.evaluation.vectors import DECIMALS, SLAB, case_folding, unit_vectors, words_and_vectors

#: Questions that are answered together, so that what they need stays in the cache.
_QUESTIONS_TOGETHER = 256
#: The most cosines of a slab with all words that are asked about, however many these are.
_MAX_COSINES = 1 << 22
#: Keeps gensim, and Levy and Goldberg, from dividing by zero.
_EPSILON = 1e-6


def evaluate_analogies(
    vectors: Any,
    questions: Any = None,
    *,
    method: str = "3CosAdd",
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
) -> AnalogyScores:
    r"""Compute the fraction of the questions "a is to b as c is to what?" that word vectors answer correctly.

    The answer is the word x of the vocabulary, none of a, b and c, with the highest cos(x, b) - cos(x, a) + cos(x, c)
    ("3CosAdd": Mikolov, Yih and Zweig, NAACL 2013), or the highest cos(x, b) cos(x, c) / (cos(x, a) + 10⁻⁶) with cosines
    shifted to 0..1 ("3CosMul": Levy and Goldberg, CoNLL 2014, equation 4). Of words with the same score it is the first of the
    vocabulary. All questions together take a few matrix products, which BLAS spreads over the threads that it may use.

    Parameters
    ----------
    vectors : KeyedVectors, GloVeVectorizer, or tuple of (terms, array of shape (n_words, d))
        Also a gensim model whose attribute `wv` is a `KeyedVectors`. Terms and rows must be sorted by falling frequency; those of
        a fitted `GloVeVectorizer` are sorted here.
    questions : str or path, default=None
        A file with four words on each line, the last of which is the answer, separated by white space as in Google's file, or by
        tabs, if words contain spaces. ``: name`` starts a section; questions before the first belong to one with the name of the
        file. Empty lines, and lines that start with ``#``, are skipped. UTF-8, plain or compressed (.gz, .bz2, .xz, .zip). None
        is Google's file, ``questions-words.txt``, which gensim ships.
    method : {"3CosAdd", "3CosMul"}, default="3CosAdd"
    restrict_vocab : int or None, default=300_000
        Use only this many words, from the beginning: questions with other words are not asked, and other words are no answers.
        None uses all.
    case_insensitive : bool, default=True
        Compare words in upper case, by ``str.upper``. Of words that differ only in case, the first one's vector is that of a
        question word; none of them answers a question that contains one of them, and any of them is a correct answer.

    Returns
    -------
    scores : AnalogyScores

    Raises
    ------
    ValueError
        If a line is neither four words nor a section, text is not UTF-8, or a vector has NaN or infinity.
    ImportError
        If `questions` is None and gensim is not installed.

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
    terms, table = words_and_vectors(vectors, restrict_vocab)
    sections = read_questions(
        shipped_file(GOOGLE_QUESTIONS) if questions is None else checked_path(questions, "questions")
    )
    fold = case_folding(case_insensitive)
    keys = [fold(term) for term in terms]
    asked_about = {fold(word) for section in sections for question in section.questions for word in question}
    rows: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        if key in asked_about:
            rows.setdefault(key, []).append(row)

    asked = []
    for index, section in enumerate(sections):
        for question in section.questions:
            words = [fold(word) for word in question]
            if all(word in rows for word in words):
                asked.append((index, words))
    triples = np.array([[rows[word][0] for word in words[:3]] for _, words in asked], dtype=np.intp).reshape(-1, 3)
    excluded = [
        (question, row) for question, (_, words) in enumerate(asked) for word in set(words[:3]) for row in rows[word]
    ]
    answers = _answers(table, triples, np.array(excluded, dtype=np.intp).reshape(-1, 2), _METHODS[method])

    n_asked, n_correct = [0] * len(sections), [0] * len(sections)
    for (index, words), answer in zip(asked, answers.tolist(), strict=True):
        n_asked[index] += 1
        n_correct[index] += answer >= 0 and keys[answer] == words[3]
    return AnalogyScores(
        method,
        tuple(
            AnalogyScore(section.name, correct, asked_of_it, len(section.questions))
            for section, correct, asked_of_it in zip(sections, n_correct, n_asked, strict=True)
        ),
    )


class _Method(NamedTuple):
    """How the cosines of x with a, b and c make a score."""

    exact: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    """Computes the score from the cosines with a, b and c, in float64."""
    bounds: Callable[[np.ndarray, float], tuple[np.ndarray, np.ndarray]]
    """Computes upper bounds of the contributions of b or c, and of a, from float32 cosines and their largest error."""
    combine: np.ufunc
    """Combines the three contributions."""


def _exact_sum(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    return b - a + c


def _bounds_of_sum(cosines: np.ndarray, slack: float) -> tuple[np.ndarray, np.ndarray]:
    return cosines + np.float32(slack), np.float32(slack) - cosines


def _exact_product(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    return ((1 + b) / 2) * ((1 + c) / 2) / ((1 + a) / 2 + _EPSILON)


def _bounds_of_product(cosines: np.ndarray, slack: float) -> tuple[np.ndarray, np.ndarray]:
    shifted = (1 + cosines) / 2
    # A millionth more than the quotient, because the rounding error of products is relative.
    quotient = np.float32(1 + 1e-6) / (np.maximum(shifted - np.float32(slack), 0) + np.float32(_EPSILON))
    return np.maximum(shifted + np.float32(slack), 0), quotient


_METHODS = {
    "3CosAdd": _Method(_exact_sum, _bounds_of_sum, np.add),
    "3CosMul": _Method(_exact_product, _bounds_of_product, np.multiply),
}


def _answers(vectors: np.ndarray, triples: np.ndarray, excluded: np.ndarray, method: _Method) -> np.ndarray:
    """Find the row of the word that answers each question.

    Parameters
    ----------
    vectors : ndarray of shape (n_words, d)
    triples : ndarray of shape (n_questions, 3), intp
        Rows of a, b and c.
    excluded : ndarray of shape (n, 2), intp
        Pairs of a question and a row that must not answer it.
    method : _Method

    Returns
    -------
    answers : ndarray of shape (n_questions,), intp
        -1 if there is no answer: no word is left, or one of a, b, c has a zero vector.
    """
    n_words, d = vectors.shape
    answers = np.full(len(triples), -1, dtype=np.intp)
    words, indices = np.unique(triples, return_inverse=True)
    indices = indices.reshape(triples.shape)
    asked = unit_vectors(vectors[words])
    has_direction = (np.count_nonzero(asked, axis=1) > 0)[indices].all(axis=1)
    if not has_direction.any():
        return answers
    best = np.where(has_direction, -np.inf, np.inf)
    asked32 = asked.astype(np.float32)
    # The error of a float32 cosine is at most d + 2 roundings; a few more for the two operations of `combine`.
    slack = (d + 8) * float(np.finfo(np.float32).eps) / 2

    slab = max(1, min(SLAB, _MAX_COSINES // len(words)))
    of_slab = excluded[:, 1] // slab
    order = np.lexsort((excluded[:, 0], of_slab))
    excluded, of_slab = excluded[order], of_slab[order]
    bounds = np.empty((2, _QUESTIONS_TOGETHER, slab), dtype=np.float32)

    for start in range(0, n_words, slab):
        units = unit_vectors(vectors[start : start + slab])
        of_others, of_a = method.bounds(asked32 @ units.astype(np.float32).T, slack)
        without_direction = np.flatnonzero(np.count_nonzero(units, axis=1) == 0)
        here = slice(*np.searchsorted(of_slab, [start // slab, start // slab + 1]))
        questions_here, rows_here = excluded[here].T
        cosines = (asked @ units.T).round(DECIMALS)
        for first in range(0, len(triples), _QUESTIONS_TOGETHER):
            chunk = slice(first, first + _QUESTIONS_TOGETHER)
            a, b, c = indices[chunk].T
            upper, more = bounds[:, : len(a), : len(units)]
            # In its default mode, take would fill a copy first.
            np.take(of_others, b, axis=0, out=upper, mode="clip")
            for table, rows in ((of_others, c), (of_a, a)):
                np.take(table, rows, axis=0, out=more, mode="clip")
                method.combine(upper, more, out=upper)
            out = slice(*np.searchsorted(questions_here, [first, first + _QUESTIONS_TOGETHER]))
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
