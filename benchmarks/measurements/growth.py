"""Cost of a token and of an entry of X on 1, 2, 4, ... million tokens, up to the whole corpus: should stay flat.

Of a token: CPU time to encode and count it (reading the file is not included), and peak memory when X is there. Of an
entry: CPU time of each pass, and peak memory of it all. From memory what the process has before it starts is taken off.
Each size is measured in a process of its own.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, in_own_process, peak_memory
from benchmarks.harness.results import CPU, ENTRIES, PEAK, WALL, WORDS, Column, D, Results
from benchmarks.harness.settings import COUNTING, MIN_COUNT, MODEL, WINDOW_SIZE, Setting

COLUMNS = (
    Column("tokens", "n_tokens", ",d"),
    WORDS,
    ENTRIES,
    D,
    CPU,
    WALL,
    PEAK,
    Column("CPU ns a token", "nanoseconds_per_token", ",.0f"),
    Column("bytes a token", "bytes_per_token", ",.1f"),
    Column("CPU ns an entry and pass", "nanoseconds_per_entry", ",.1f"),
    Column("bytes an entry", "bytes_per_entry", ",.1f"),
)
COMPETITORS = ()


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--smallest", type=int, default=1_000_000, metavar="N", help="tokens of the smallest part; default: 1,000,000"
    )
    parser.add_argument("--n-components", type=int, default=50, metavar="D")
    parser.add_argument("--max-iter", type=int, default=3, metavar="N", help="passes; default: 3")
    parser.add_argument("--n-jobs", type=int, default=2, metavar="N", help="threads; default: 2")


def run(results: Results, setting: Setting, smallest: int, n_components: int, max_iter: int, n_jobs: int) -> None:
    case = {"n_components": n_components, "max_iter": max_iter, "n_jobs": n_jobs}
    for n_tokens in sizes(smallest, setting.corpus.n_tokens):
        numbers = in_own_process(count_and_train, text=str(setting.corpus.path), n_tokens=n_tokens, **case)
        parameters = {"at_least_tokens": n_tokens, "min_count": MIN_COUNT, "window_size": WINDOW_SIZE, **case}
        results.add("glove-sklearn", parameters, numbers)


def sizes(smallest: int, whole: int) -> list[int]:
    """The smallest, doubled again and again, and the whole; none between that is nearly the whole."""
    result = []
    while 3 * smallest <= 2 * whole:
        result.append(smallest)
        smallest *= 2
    return [*result, whole]


def count_and_train(text: str, n_tokens: int, n_components: int, max_iter: int, n_jobs: int) -> dict[str, Any]:
    """Measure on the first documents, as many as have `n_tokens` tokens."""
    from glove_sklearn import CooccurrenceCounter, GloVe

    read = 0

    def documents() -> Iterator[str]:
        nonlocal read
        for document in iterate_documents(text):
            if read >= n_tokens:
                return
            read += len(document.split())
            yield document

    before = peak_memory()
    with Stopwatch() as reading:
        for _ in documents():
            pass
    read = 0
    with Stopwatch() as counting:
        counter = CooccurrenceCounter(**COUNTING, n_jobs=n_jobs).fit(documents())
    X = counter.cooccurrence_
    model = GloVe(n_components, **MODEL, max_iter=max_iter, n_jobs=n_jobs, random_state=0)
    with Stopwatch() as training:
        model.fit(X)
    return {
        "cpu_seconds": counting.cpu + training.cpu,
        "wall_seconds": counting.wall + training.wall,
        "peak_memory": training.peak,
        "n_tokens": read,
        "n_words": len(counter.counts_),
        "n_entries": X.nnz,
        "nanoseconds_per_token": 1e9 * (counting.cpu - reading.cpu) / read,
        "bytes_per_token": (counting.peak - before) / read,
        "nanoseconds_per_entry": 1e9 * training.cpu / X.nnz / max_iter,
        "bytes_per_entry": (training.peak - before) / X.nnz,
    }
