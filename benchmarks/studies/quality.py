"""How good word vectors are, over several seeds: GloVeVectorizer at its defaults, or as you set it, beside other methods.

Google's analogies, WordSim-353 and SimLex-999 among the 30,000 most frequent words, means and standard deviations over the
seeds; seconds from the text to the vectors. Beside it the same package with the settings of the C program's demonstration,
gensim's Word2Vec, and the truncated SVD of positive pointwise mutual information (PPMI) of the counts that
GloVeVectorizer trains on. --variants sets GloVeVectorizer otherwise, each string one configuration: no other method is then
run but those of --only.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from benchmarks.competitors import word2vec
from benchmarks.harness.results import (
    ANALOGIES,
    CPU,
    METHOD,
    PASSES,
    PEAK,
    SEEDS,
    SETTINGS,
    SIMILARITIES,
    THREADS,
    WALL,
    WINDOW,
    X_MAX,
    D,
    Results,
)
from benchmarks.harness.settings import WORD2VEC_WINDOW, Setting
from benchmarks.studies import seeds as seeds_
from benchmarks.studies import variants as variants_
from benchmarks.studies.word_vectors import add_rows

COLUMNS = (
    METHOD,
    SETTINGS,
    WINDOW,
    X_MAX,
    D,
    PASSES,
    SEEDS,
    THREADS,
    CPU,
    WALL,
    PEAK,
    ANALOGIES,
    *SIMILARITIES,
)
COMPETITORS = ("c-settings", "skip-gram", "cbow", "ppmi-svd")


def add_arguments(parser: ArgumentParser) -> None:
    variants_.add_argument(parser, [""])
    seeds_.add_argument(parser, [0, 1, 2])
    parser.add_argument("--n-components", type=int, default=100, metavar="D")
    parser.add_argument("--n-jobs", type=int, default=2, metavar="N", help="threads; default: 2")
    word2vec.add_arguments(parser, [WORD2VEC_WINDOW, 10])


def run(
    results: Results,
    setting: Setting,
    variants: list[str] | None,
    seeds: list[int],
    n_components: int,
    n_jobs: int,
    word2vec_windows: list[int],
    epochs: int,
) -> None:
    of_word2vec = [{"window_size": window, "n_passes": epochs} for window in word2vec_windows]
    cases: dict[str, list[dict[str, Any]]] = {
        "glove-sklearn": [{"settings": variant} for variant in variants or [""]],
        "c-settings": [{}],
        "skip-gram": of_word2vec,
        "cbow": of_word2vec,
        "ppmi-svd": [{}],
    }
    add_rows(results, setting, cases, seeds, n_components=n_components, n_jobs=n_jobs)
