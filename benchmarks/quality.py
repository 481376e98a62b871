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

from benchmarks import seeds as seeds_
from benchmarks import variants as variants_
from benchmarks.measure import in_own_process
from benchmarks.results import (
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
    D,
    Results,
)
from benchmarks.settings import EPOCHS, MIN_COUNT, WORD2VEC_WINDOW, Setting
from benchmarks.word_vectors import ACCURACIES, measure

COLUMNS = (
    METHOD,
    SETTINGS,
    WINDOW,
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
    windows = [WORD2VEC_WINDOW, 10]
    parser.add_argument("--word2vec-windows", type=int, nargs="+", default=windows, metavar="N", help="default: 5 10")
    parser.add_argument("--epochs", type=int, default=EPOCHS, metavar="N", help=f"of Word2Vec; default: {EPOCHS}")


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
    word2vec = [{"window_size": window, "n_passes": epochs} for window in word2vec_windows]
    cases: dict[str, list[dict[str, Any]]] = {
        "glove-sklearn": [{"settings": variant} for variant in variants or [""]],
        "c-settings": [{}],
        "skip-gram": word2vec,
        "cbow": word2vec,
        "ppmi-svd": [{}],
    }
    alike = {"n_components": n_components, "n_jobs": n_jobs}
    for method in setting.methods:
        for case in cases[method]:
            each = [
                in_own_process(measure, method=method, text=str(setting.corpus.path), seed=seed, **alike, **case)
                for seed in seeds
            ]
            parameters = {"min_count": MIN_COUNT, "seeds": seeds, **alike, **case}
            results.add(method, parameters, seeds_.summary(each, ACCURACIES))
