"""Accuracy against time: analogies, WordSim-353 and SimLex-999 after 1, 2, 3, ... passes.

Among the 30,000 most frequent words. Beside GloVe gensim's Word2Vec with 1, 2, ... epochs. Each number of passes or epochs
is a fit of its own, because the learning rate of Word2Vec depends on how many there will be; times are from the text to
the vectors. (GloVe counts once for all its fits; the time is added to each.)
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from benchmarks.corpora import iterate_documents
from benchmarks.end_to_end import fit_word2vec
from benchmarks.evaluation import evaluate
from benchmarks.measure import Stopwatch, in_own_process
from benchmarks.results import ANALOGIES, CPU, METHOD, PASSES, PEAK, SIMILARITIES, THREADS, WALL, D, Results
from benchmarks.settings import COUNTING, MIN_COUNT, WINDOW_SIZE, WORD2VEC_WINDOW, X_MAX, Setting

COLUMNS = (
    METHOD,
    D,
    PASSES,
    THREADS,
    CPU,
    WALL,
    PEAK,
    ANALOGIES,
    *SIMILARITIES,
)
COMPETITORS = ("skip-gram", "cbow")


def add_arguments(parser: ArgumentParser) -> None:
    passes = [1, 2, 3, 5, 8, 12, 15, 20, 25]
    parser.add_argument("--max-iter", type=int, nargs="+", default=passes, metavar="N", help="passes of GloVe")
    parser.add_argument("--epochs", type=int, nargs="+", default=[1, 2, 3, 4, 5], metavar="N", help="of Word2Vec")
    parser.add_argument("--n-components", type=int, default=100, metavar="D")
    parser.add_argument("--n-jobs", type=int, default=2, metavar="N", help="threads; default: 2")


def run(
    results: Results, setting: Setting, max_iter: list[int], epochs: list[int], n_components: int, n_jobs: int
) -> None:
    text = str(setting.corpus.path)
    case = {"n_components": n_components, "n_jobs": n_jobs}
    if "glove-sklearn" in setting.methods:
        parameters = {"min_count": MIN_COUNT, "window_size": WINDOW_SIZE, "x_max": X_MAX, **case}
        curve = in_own_process(glove_curve, text=text, max_iter=sorted(max_iter), **case)
        for n_passes, numbers in zip(sorted(max_iter), curve, strict=True):
            results.add("glove-sklearn", {**parameters, "n_passes": n_passes}, numbers)
    for method in ("skip-gram", "cbow"):
        if method in setting.methods:
            parameters = {"min_count": MIN_COUNT, "window_size": WORD2VEC_WINDOW, **case}
            for n in sorted(epochs):
                numbers = in_own_process(fit_word2vec, text=text, method=method, epochs=n, **case)
                results.add(method, {**parameters, "n_passes": n}, numbers)


def glove_curve(text: str, max_iter: list[int], n_components: int, n_jobs: int) -> list[dict[str, Any]]:
    """Count, then fit for each number of passes."""
    from glove_sklearn import CooccurrenceCounter, GloVe

    with Stopwatch() as counting:
        counter = CooccurrenceCounter(**COUNTING, n_jobs=n_jobs).fit(iterate_documents(text))
    terms, X = list(counter.vocabulary_), counter.cooccurrence_
    fits = []
    for n_passes in max_iter:
        model = GloVe(n_components, x_max=X_MAX, max_iter=n_passes, n_jobs=n_jobs, random_state=0)
        with Stopwatch() as training:
            model.fit(X)
        fits.append((training, model.embedding_))
    return [
        {
            "cpu_seconds": counting.cpu + training.cpu,
            "wall_seconds": counting.wall + training.wall,
            "peak_memory": training.peak,
            **evaluate(terms, embedding),
        }
        for training, embedding in fits
    ]
