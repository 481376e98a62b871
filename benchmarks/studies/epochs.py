"""Accuracy against time: the tests of `quality` after 1, 2, 3, ... epochs of GloVeVectorizer and of Word2Vec.

Each number of epochs is a fit of its own, from the text to the vectors, because the learning rate of Word2Vec depends on how
many there will be. GloVeVectorizer is at its defaults, with either initialisation, or set by --variants: each string is then one
curve, and of the other methods only those of --only are run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.harness.results import Row
from benchmarks.harness.settings import WORD2VEC_WINDOW, Setting
from benchmarks.studies import variants as configurations
from benchmarks.studies import word_vectors

COMPETITORS = ("skip-gram", "cbow")
OPTIONS = configurations.OPTIONS


def run(
    setting: Setting,
    *,
    variants: list[str] | None = None,
    seeds: tuple[int, ...] = (0,),
    max_iter: tuple[int, ...] = (1, 2, 3, 5, 8, 12, 15, 20, 25),
    epochs: tuple[int, ...] = (1, 2, 3, 4, 5),
    word2vec_windows: tuple[int, ...] = (WORD2VEC_WINDOW,),
    n_components: int = 100,
    n_jobs: int = 2,
) -> Iterator[Row]:
    word2vec = [{"window_size": window, "n_epochs": n} for window in word2vec_windows for n in sorted(epochs)]
    cases: dict[str, list[dict[str, Any]]] = {
        "glove-sklearn": [
            {"settings": variant, "n_epochs": n}
            for variant in variants or ["init=svd", "init=random"]
            for n in sorted(max_iter)
        ],
        "skip-gram": word2vec,
        "cbow": word2vec,
    }
    yield from word_vectors.rows(setting, cases, seeds, n_components=n_components, n_jobs=n_jobs)
