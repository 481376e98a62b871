"""GloVeVectorizer with and without `memory_limit`: time and peak memory; fails unless the vectors are the same bits.

The corpus, several times over, comes from a generator. Each setting in a process of its own.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, digest, in_own_process
from benchmarks.harness.results import CPU, PEAK, THREADS, WALL, Column, D, Results
from benchmarks.harness.settings import C_PROGRAM, MIN_COUNT, TEXT, WINDOW_SIZE, Setting

COLUMNS = (
    Column("memory_limit", "memory_limit"),
    Column("copies", "repeat", "d"),
    D,
    Column("passes", "max_iter", "d"),
    THREADS,
    CPU,
    WALL,
    PEAK,
    Column("same bits", "same_bits"),
)
COMPETITORS = ()


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--limits", nargs="+", default=["none", "1GB"], metavar="LIMIT", help="of memory; default: none 1GB"
    )
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="copies of the corpus; default: 1")
    parser.add_argument("--n-components", type=int, default=50, metavar="D")
    parser.add_argument("--max-iter", type=int, default=3, metavar="N", help="passes; default: 3")
    parser.add_argument("--n-jobs", type=int, default=2, metavar="N", help="threads; default: 2")


def run(
    results: Results, setting: Setting, limits: list[str], repeat: int, n_components: int, max_iter: int, n_jobs: int
) -> None:
    case = {"repeat": repeat, "n_components": n_components, "max_iter": max_iter, "n_jobs": n_jobs}
    first: dict[str, Any] = {}
    for limit in limits:
        numbers = in_own_process(fit, text=str(setting.corpus.path), limit=limit, **case)
        first = first or numbers
        if numbers["digest"] != first["digest"]:
            raise AssertionError(f"not the same bits with memory_limit {limits[0]} and {limit}")
        numbers["same_bits"] = True
        parameters = {"memory_limit": limit, "min_count": MIN_COUNT, "window_size": WINDOW_SIZE, **case}
        results.add("glove-sklearn", parameters, numbers)


def fit(text: str, limit: str, repeat: int, n_components: int, max_iter: int, n_jobs: int) -> dict[str, Any]:
    """Text to vectors, and a digest of the vectors."""
    from glove_sklearn import GloVeVectorizer

    limited = {} if limit == "none" else {"memory_limit": limit}
    settings = {**TEXT, **C_PROGRAM, "max_iter": max_iter}
    vectorizer = GloVeVectorizer(n_components, **settings, n_jobs=n_jobs, random_state=0, **limited)
    with Stopwatch() as stopwatch:
        vectorizer.fit(document for _ in range(repeat) for document in iterate_documents(text))
    return {**stopwatch.numbers(), "digest": digest(vectorizer.embedding_)}
