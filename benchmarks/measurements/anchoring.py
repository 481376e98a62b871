"""The objective of Mittens that glove_sklearn and mittens reach, on the matrix of the most frequent words of the corpus.

The objective is the sum of f(X) (w.c + b + b' - log X)^2 over the nonzero entries, with x_max = 10, and the anchor times the sum
of ||w + c - r||^2; the given vectors r are random. Each method has its own default learning rate and --max-iter epochs. mittens
takes part where it is installed (it is on the package index), unless it is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting

COMPETITORS = ("mittens",)
OPTIONS: dict[str, dict[str, Any]] = {
    "anchors": {"type": float, "metavar": "A", "help": "values of anchor"},
    "n_words": {"type": int, "metavar": "N", "help": "rows and columns of the matrix"},
}
_X_MAX, _ALPHA = 10.0, 0.75
_LEARNING_RATE_OF_MITTENS = 0.05


def run(
    setting: Setting,
    *,
    anchors: tuple[float, ...] = (0.2, 2, 20),
    n_words: int = 500,
    n_components: int = 50,
    max_iter: int = 1000,
) -> Iterator[Row]:
    for anchor in anchors:
        for method in setting.methods:
            if method == "mittens" and find_spec("mittens") is None:
                continue
            case = {"anchor": anchor, "n_words": n_words, "n_components": n_components, "n_epochs": max_iter}
            numbers = processes.in_own_process(measure, method=method, text=str(setting.corpus.path), **case)
            yield Row(method, case, numbers)


def measure(method: str, text: str, anchor: float, n_words: int, n_components: int, n_epochs: int) -> dict[str, Any]:
    """Train by one method, and evaluate the objective."""
    from benchmarks.competitors import mittens
    from glove_sklearn import CooccurrenceCounter, GloVe

    counter = CooccurrenceCounter(max_features=n_words, min_count=1, window_size=10, analyzer=str.split)
    X = counter.fit(iterate_documents(text)).cooccurrence_.toarray()
    given = np.random.RandomState(0).standard_normal((len(X), n_components)).astype(np.float32) / 2
    shared = {"anchor": anchor, "x_max": _X_MAX, "max_iter": n_epochs}
    with Stopwatch() as stopwatch:
        if method == "mittens":
            parameters = mittens.fit(X, given, seed=0, learning_rate=_LEARNING_RATE_OF_MITTENS, **shared)
        else:
            glove = GloVe(n_components, init=given, negative_ratio=0, alpha=_ALPHA, random_state=0, **shared).fit(X)
            parameters = glove.word_vectors_, glove.context_vectors_, glove.word_biases_, glove.context_biases_
    return {
        **stopwatch.numbers(),
        "n_entries": int(np.count_nonzero(X)),
        "objective": objective(X, given, anchor, *parameters),
    }


def objective(
    X: np.ndarray, given: np.ndarray, anchor: float, w: np.ndarray, c: np.ndarray, b: np.ndarray, b2: np.ndarray
) -> float:
    """Evaluate the objective, in float64."""
    w, c = w.astype(np.float64), c.astype(np.float64)
    difference = w @ c.T + b[:, np.newaxis] + b2 - np.log(np.where(X > 0, X, 1))
    weights = np.where(X > 0, np.minimum(1, X / _X_MAX) ** _ALPHA, 0)
    return float((weights * difference**2).sum() + anchor * ((w + c - given) ** 2).sum())
