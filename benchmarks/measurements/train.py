"""X to word vectors: CPU time for each nonzero entry and epoch, loss, and accuracy of the vectors.

Peak memory is that of the whole process, which counts first. Stanford GloVe prints half the mean loss; rows hold the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from benchmarks.competitors.stanford_glove import StanfordGlove
from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.results import Row
from benchmarks.harness.settings import COUNTING_PARAMETERS, STANFORD_GLOVE, Setting

COMPETITORS = ("stanford-glove",)


def run(
    setting: Setting,
    *,
    n_components: tuple[int, ...] = (50, 100, 300),
    max_iter: int = 15,
    seeds: tuple[int, ...] = (0,),
    n_jobs: int = 2,
) -> Iterator[Row]:
    parameters = {**COUNTING_PARAMETERS, "x_max": STANFORD_GLOVE["x_max"]}
    cases = [
        {"n_components": d, "n_epochs": max_iter, "n_jobs": n_jobs, "seed": seed}
        for d, seed in product(n_components, seeds)
    ]
    if "glove-sklearn" in setting.methods:
        for case in cases:
            numbers = processes.in_own_process(train, text=str(setting.corpus.path), **case)
            yield Row("glove-sklearn", {**parameters, **case}, numbers)
    if "stanford-glove" in setting.methods:
        stanford = StanfordGlove(setting)
        stanford.count()
        stanford.shuffle()
        for case in cases:
            numbers = stanford.train(**case)
            numbers["nanoseconds"] = 1e9 * numbers["cpu_seconds"] / numbers["n_entries"] / max_iter
            yield Row("stanford-glove", {**parameters, **case}, numbers)


def train(text: str, **case: int) -> dict[str, Any]:
    """Count and train; seconds are those of training."""
    from benchmarks.harness.accuracy import evaluate
    from benchmarks.measurements import counting_and_training

    fitted = counting_and_training.fit(iterate_documents(text), **case)
    return {
        **fitted.numbers(),
        "cpu_seconds": fitted.training.cpu,
        "wall_seconds": fitted.training.wall,
        "counting_cpu_seconds": fitted.counting.cpu,
        "half_loss": fitted.model.loss_curve_[-1] / 2,
        **evaluate(list(fitted.counter.vocabulary_), fitted.model.embedding_),
    }
