"""Text to vectors: vocabulary, entries of X, CPU and wall seconds, loss, analogies, peak memory.

Window 15, words of 5 occurrences, tokens between white space, x_max 10: the settings of the C program's demonstration.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np
from gensim.test.utils import datapath

from benchmarks import machine
from benchmarks.corpora import iterate_documents, lee_background, wikipedia_excerpt
from glove_sklearn import CooccurrenceCounter, GloVe
from glove_sklearn.keyed_vectors import keyed_vectors


class Stopwatch:
    """Wall and CPU seconds of a ``with`` block."""

    def __enter__(self) -> Stopwatch:
        self._start = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *exception: object) -> None:
        self.wall = time.perf_counter() - self._start[0]
        self.cpu = time.process_time() - self._start[1]


def peak_memory() -> float:
    """The most memory this process has had, in GB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def analogies(terms: list[str], embedding: np.ndarray, counts: np.ndarray) -> float:
    """Share of Google's analogy questions answered, among those of the 30,000 most frequent words."""
    vectors = keyed_vectors(terms, embedding, counts)
    return vectors.evaluate_word_analogies(datapath("questions-words.txt"), restrict_vocab=30_000)[0]


def run(
    corpus: Path | None, n_components: list[int], seeds: list[int], n_jobs: int, max_iter: int
) -> list[dict[str, float]]:
    """Print a row for each dimension and seed, and return what was printed."""
    documents = iterate_documents(corpus) if corpus else wikipedia_excerpt() + lee_background()
    print(machine.describe())
    with Stopwatch() as counting:
        counter = CooccurrenceCounter(analyzer=str.split, window_size=15, n_jobs=n_jobs).fit(documents)
    X = counter.cooccurrence_
    print(
        f"text to X: {len(counter.counts_):,} words, {X.nnz:,} entries, {counting.cpu:.2f} CPU s, {counting.wall:.2f} s "
        f"on {n_jobs} threads, peak memory {peak_memory():.2f} GB"
    )
    terms = list(counter.vocabulary_)
    rows = []
    print("   d  seed  CPU s  wall s  ns/entry/pass  half the loss  analogies %  peak GB")
    for d in n_components:
        for seed in seeds:
            model = GloVe(d, max_iter=max_iter, n_jobs=n_jobs, random_state=seed)
            with Stopwatch() as training:
                model.fit(X)
            row = {
                "n_words": len(counter.counts_),
                "n_entries": X.nnz,
                "counting_cpu": counting.cpu,
                "d": d,
                "seed": seed,
                "cpu": training.cpu,
                "wall": training.wall,
                "nanoseconds": 1e9 * training.cpu / X.nnz / max_iter,
                "half_loss": model.loss_curve_[-1] / 2,
                "analogies": 100 * analogies(terms, model.embedding_, counter.counts_),
                "peak": peak_memory(),
            }
            rows.append(row)
            print(
                f"{d:4} {seed:5} {row['cpu']:6.1f} {row['wall']:7.1f} {row['nanoseconds']:14.1f} {row['half_loss']:14.5f} "
                f"{row['analogies']:12.1f} {row['peak']:8.2f}"
            )
    return rows
