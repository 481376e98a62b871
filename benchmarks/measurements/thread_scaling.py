"""Counting and training on 1, 2, ... threads; fails unless X and the vectors are the same bits."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, digest, in_own_process, peak_memory
from benchmarks.harness.results import PEAK, THREADS, Column, D, Results
from benchmarks.harness.settings import COUNTING, MIN_COUNT, MODEL, WINDOW_SIZE, Setting

COLUMNS = (
    THREADS,
    D,
    Column("passes", "max_iter", "d"),
    Column("counting CPU s", "counting_cpu_seconds"),
    Column("counting wall s", "counting_wall_seconds"),
    Column("counting speed-up", "counting_speedup"),
    Column("training CPU s", "training_cpu_seconds"),
    Column("training wall s", "training_wall_seconds"),
    Column("training speed-up", "training_speedup"),
    PEAK,
    Column("same bits", "same_bits"),
)
COMPETITORS = ()


def add_arguments(parser: ArgumentParser) -> None:
    cores = os.cpu_count() or 1
    powers = [1 << i for i in range(cores.bit_length()) if 1 << i < cores]
    parser.add_argument("--n-jobs", type=int, nargs="+", default=[*powers, cores], metavar="N", help="1 2 4 ... cores")
    parser.add_argument("--n-components", type=int, default=100, metavar="D")
    parser.add_argument("--max-iter", type=int, default=5, metavar="N", help="passes; default: 5")


def run(results: Results, setting: Setting, n_jobs: list[int], n_components: int, max_iter: int) -> None:
    first: dict[str, Any] = {}
    for n in n_jobs:
        case = {"n_components": n_components, "max_iter": max_iter, "n_jobs": n}
        numbers = in_own_process(count_and_train, text=str(setting.corpus.path), **case)
        first = first or numbers
        if numbers["digest"] != first["digest"]:
            raise AssertionError(f"not the same bits on {n_jobs[0]} and on {n} threads")
        numbers["same_bits"] = True
        for step in ("counting", "training"):
            numbers[f"{step}_speedup"] = first[f"{step}_wall_seconds"] / numbers[f"{step}_wall_seconds"]
        results.add("glove-sklearn", {"min_count": MIN_COUNT, "window_size": WINDOW_SIZE, **case}, numbers)
    print(f"X and the vectors are the same bits on {', '.join(map(str, n_jobs))} threads.")


def count_and_train(text: str, n_components: int, max_iter: int, n_jobs: int) -> dict[str, Any]:
    """One after the other, and a digest of what came out."""
    from glove_sklearn import CooccurrenceCounter, GloVe

    with Stopwatch() as counting:
        counter = CooccurrenceCounter(**COUNTING, n_jobs=n_jobs).fit(iterate_documents(text))
    X = counter.cooccurrence_
    model = GloVe(n_components, **MODEL, max_iter=max_iter, n_jobs=n_jobs, random_state=0)
    with Stopwatch() as training:
        model.fit(X)
    peak = peak_memory()
    return {
        "cpu_seconds": counting.cpu + training.cpu,
        "wall_seconds": counting.wall + training.wall,
        "peak_memory": peak,
        "counting_cpu_seconds": counting.cpu,
        "counting_wall_seconds": counting.wall,
        "training_cpu_seconds": training.cpu,
        "training_wall_seconds": training.wall,
        "digest": digest(X.indptr, X.indices, X.data, model.embedding_),
    }
