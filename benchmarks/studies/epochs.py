"""Accuracy against time: the tests of `quality` after 1, 2, 3, ... passes of GloVeVectorizer, or epochs of Word2Vec.

Each number of passes or epochs is a fit of its own, from the text to the vectors, because the learning rate of Word2Vec
depends on how many there will be. GloVeVectorizer is at its defaults, from either start, or as --variants sets it (each string is
one curve, and no other method is then run but those of --only).
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from benchmarks.harness.results import Results
from benchmarks.harness.settings import WORD2VEC_WINDOW, Setting
from benchmarks.studies import seeds as seeds_
from benchmarks.studies import variants as variants_
from benchmarks.studies.quality import COLUMNS as COLUMNS
from benchmarks.studies.word_vectors import add_rows

COMPETITORS = ("skip-gram", "cbow")
_VARIANTS = ["init=svd", "init=random"]


def add_arguments(parser: ArgumentParser) -> None:
    variants_.add_argument(parser, _VARIANTS)
    seeds_.add_argument(parser, [0])
    passes = [1, 2, 3, 5, 8, 12, 15, 20, 25]
    parser.add_argument("--max-iter", type=int, nargs="+", default=passes, metavar="N", help="passes of GloVe")
    parser.add_argument("--epochs", type=int, nargs="+", default=[1, 2, 3, 4, 5], metavar="N", help="of Word2Vec")
    parser.add_argument("--word2vec-windows", type=int, nargs="+", default=[WORD2VEC_WINDOW], metavar="N")
    parser.add_argument("--n-components", type=int, default=100, metavar="D")
    parser.add_argument("--n-jobs", type=int, default=2, metavar="N", help="threads; default: 2")


def run(
    results: Results,
    setting: Setting,
    variants: list[str] | None,
    seeds: list[int],
    max_iter: list[int],
    epochs: list[int],
    word2vec_windows: list[int],
    n_components: int,
    n_jobs: int,
) -> None:
    word2vec = [{"window_size": window, "n_passes": n} for window in word2vec_windows for n in sorted(epochs)]
    cases: dict[str, list[dict[str, Any]]] = {
        "glove-sklearn": [
            {"settings": variant, "max_iter": n} for variant in variants or _VARIANTS for n in sorted(max_iter)
        ],
        "skip-gram": word2vec,
        "cbow": word2vec,
    }
    add_rows(results, setting, cases, seeds, n_components=n_components, n_jobs=n_jobs)
