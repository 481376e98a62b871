"""X to word vectors: nanoseconds of one core for each entry of X and pass, loss, and accuracy of the vectors.

Peak memory is that of the whole process, which counts first. The C program prints half the mean loss, and so do we here.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from benchmarks.competitors.stanford_glove import CProgram
from benchmarks.harness.accuracy import evaluate, evaluate_text_file
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, in_own_process
from benchmarks.harness.results import ANALOGIES, CPU, ENTRIES, METHOD, PEAK, THREADS, WALL, Column, D, Results
from benchmarks.harness.settings import COUNTING, MIN_COUNT, MODEL, WINDOW_SIZE, X_MAX, Setting

COLUMNS = (
    METHOD,
    D,
    Column("passes", "max_iter", "d"),
    Column("seed", "seed", "d"),
    THREADS,
    CPU,
    WALL,
    Column("ns an entry and pass", "nanoseconds", ",.1f"),
    Column("loss / 2", "half_loss", ".5f"),
    ANALOGIES,
    PEAK,
    ENTRIES,
)
COMPETITORS = ("c-program",)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--n-components", type=int, nargs="+", default=[50, 100, 300], metavar="D")
    parser.add_argument("--max-iter", type=int, default=15, metavar="N", help="passes; default: 15")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], metavar="SEED")
    parser.add_argument("--n-jobs", type=int, default=2, metavar="N", help="threads; default: 2")


def run(
    results: Results, setting: Setting, n_components: list[int], max_iter: int, seeds: list[int], n_jobs: int
) -> None:
    parameters = {"min_count": MIN_COUNT, "window_size": WINDOW_SIZE, "x_max": X_MAX}
    cases = [
        {"n_components": d, "max_iter": max_iter, "seed": seed, "n_jobs": n_jobs}
        for d in n_components
        for seed in seeds
    ]
    if "glove-sklearn" in setting.methods:
        for case in cases:
            results.add(
                "glove-sklearn", {**parameters, **case}, in_own_process(train, text=str(setting.corpus.path), **case)
            )
    if "c-program" in setting.methods:
        program = CProgram(setting.glove_c, setting.corpus.path, setting.folder)
        counted = program.count()
        program.shuffle()
        for case in cases:
            numbers = program.train(**case)
            visits = counted["n_entries"] * max_iter
            numbers |= {
                "nanoseconds": 1e9 * numbers["cpu_seconds"] / visits,
                "n_words": counted["n_words"],
                "n_entries": counted["n_entries"],
                **in_own_process(evaluate_text_file, path=program.vectors),
            }
            results.add("c-program", {**parameters, **case}, numbers)


def train(text: str, n_components: int, max_iter: int, seed: int, n_jobs: int) -> dict[str, Any]:
    """GloVe, after CooccurrenceCounter."""
    from glove_sklearn import CooccurrenceCounter, GloVe

    with Stopwatch() as counting:
        counter = CooccurrenceCounter(**COUNTING, n_jobs=n_jobs).fit(iterate_documents(text))
    X = counter.cooccurrence_
    model = GloVe(n_components, **MODEL, max_iter=max_iter, n_jobs=n_jobs, random_state=seed)
    with Stopwatch() as stopwatch:
        model.fit(X)
    return {
        **stopwatch.numbers(),
        "counting_cpu_seconds": counting.cpu,
        "counting_wall_seconds": counting.wall,
        "nanoseconds": 1e9 * stopwatch.cpu / X.nnz / max_iter,
        "half_loss": model.loss_curve_[-1] / 2,
        "n_words": len(counter.counts_),
        "n_entries": X.nnz,
        **evaluate(list(counter.vocabulary_), model.embedding_),
    }
