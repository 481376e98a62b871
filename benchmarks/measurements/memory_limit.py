"""GloVeVectorizer with and without `memory_limit`: time and peak memory; fails unless the vectors are bit-identical.

Several copies of the corpus come from a generator. Each limit is measured in a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, digest
from benchmarks.harness.results import Row
from benchmarks.harness.settings import COUNTING_PARAMETERS, STANFORD_GLOVE, TEXT, Setting

COMPETITORS = ()
OPTIONS = {
    "limits": {"metavar": "LIMIT", "help": "values of memory_limit"},
    "repeat": {"type": int, "metavar": "N", "help": "number of copies of the corpus"},
}


def run(
    setting: Setting,
    *,
    limits: tuple[str, ...] = ("none", "1GB"),
    repeat: int = 1,
    n_components: int = 50,
    max_iter: int = 3,
    n_jobs: int = 2,
) -> Iterator[Row]:
    case = {"repeat": repeat, "n_components": n_components, "n_epochs": max_iter, "n_jobs": n_jobs}
    first: dict[str, Any] = {}
    for limit in limits:
        numbers = processes.in_own_process(fit, text=str(setting.corpus.path), limit=limit, **case)
        first = first or numbers
        if numbers["digest"] != first["digest"]:
            raise AssertionError(f"vectors with memory_limit {limits[0]} and {limit} differ")
        numbers["same_bits"] = True
        yield Row("glove-sklearn", {"memory_limit": limit, **COUNTING_PARAMETERS, **case}, numbers)


def fit(text: str, limit: str, repeat: int, n_components: int, n_epochs: int, n_jobs: int) -> dict[str, Any]:
    """Fit GloVeVectorizer to the copies, and make a digest of the vectors."""
    from glove_sklearn import GloVeVectorizer

    settings = {**TEXT, **STANFORD_GLOVE, "max_iter": n_epochs, "memory_limit": None if limit == "none" else limit}
    vectorizer = GloVeVectorizer(n_components, **settings, n_jobs=n_jobs, random_state=0)
    with Stopwatch() as stopwatch:
        vectorizer.fit(document for _ in range(repeat) for document in iterate_documents(text))
    return {**stopwatch.numbers(), "digest": digest(vectorizer.embedding_)}
