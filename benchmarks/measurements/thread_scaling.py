"""Counting and training on 1, 2, 4, ... threads; fails unless X and the vectors are bit-identical."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import digest
from benchmarks.harness.results import Row
from benchmarks.harness.settings import COUNTING_PARAMETERS, Setting

COMPETITORS = ()

_CORES = os.cpu_count() or 1
#: Powers of two below the number of cores, and that.
_THREADS = (*(1 << i for i in range(_CORES.bit_length()) if 1 << i < _CORES), _CORES)


def run(
    setting: Setting, *, n_jobs: tuple[int, ...] = _THREADS, n_components: int = 100, max_iter: int = 5
) -> Iterator[Row]:
    first: dict[str, Any] = {}
    for n in n_jobs:
        case = {"n_components": n_components, "n_epochs": max_iter, "n_jobs": n}
        numbers = processes.in_own_process(count_and_train, text=str(setting.corpus.path), **case)
        first = first or numbers
        if numbers["digest"] != first["digest"]:
            raise AssertionError(f"results on {n_jobs[0]} and on {n} threads differ")
        numbers["same_bits"] = True
        for step in ("counting", "training"):
            numbers[f"{step}_speedup"] = first[f"{step}_wall_seconds"] / numbers[f"{step}_wall_seconds"]
        yield Row("glove-sklearn", {**COUNTING_PARAMETERS, **case}, numbers)
    print(f"X and the vectors are bit-identical on {', '.join(map(str, n_jobs))} threads.")


def count_and_train(text: str, **case: int) -> dict[str, Any]:
    """Count and train, and make a digest of the results."""
    from benchmarks.measurements import counting_and_training

    fitted = counting_and_training.fit(iterate_documents(text), **case)
    X = fitted.counter.cooccurrence_
    return {
        **fitted.numbers(),
        "counting_cpu_seconds": fitted.counting.cpu,
        "counting_wall_seconds": fitted.counting.wall,
        "training_cpu_seconds": fitted.training.cpu,
        "training_wall_seconds": fitted.training.wall,
        "digest": digest(X.indptr, X.indices, X.data, fitted.model.embedding_),
    }
