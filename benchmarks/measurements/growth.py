"""The cost of a token and of a nonzero entry on 1, 2, 4, ... million tokens, up to the whole corpus: it should stay flat.

For a token: CPU time to encode and count it (reading the file is not included), and peak memory after counting. For an entry:
CPU time of an epoch, and peak memory after training. Memory that the process has before it starts is subtracted. Each size is
measured in a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, peak_memory
from benchmarks.harness.results import Row
from benchmarks.harness.settings import COUNTING_PARAMETERS, Setting

COMPETITORS = ()
OPTIONS = {"smallest": {"type": int, "metavar": "N", "help": "tokens of the smallest part"}}


def run(
    setting: Setting, *, smallest: int = 1_000_000, n_components: int = 50, max_iter: int = 3, n_jobs: int = 2
) -> Iterator[Row]:
    case = {"n_components": n_components, "n_epochs": max_iter, "n_jobs": n_jobs}
    for n_tokens in sizes(smallest, setting.corpus.description["n_tokens"]):
        numbers = processes.in_own_process(count_and_train, text=str(setting.corpus.path), n_tokens=n_tokens, **case)
        yield Row("glove-sklearn", {"at_least_tokens": n_tokens, **COUNTING_PARAMETERS, **case}, numbers)


def sizes(smallest: int, whole: int) -> list[int]:
    """Return the smallest size, doubled again and again, and the whole; none between is more than two thirds of the whole."""
    result = []
    while 3 * smallest <= 2 * whole:
        result.append(smallest)
        smallest *= 2
    return [*result, whole]


def first_documents(text: str, n_tokens: int) -> Iterator[str]:
    """Yield the first documents of a file, as many as have `n_tokens` tokens."""
    n = 0
    for document in iterate_documents(text):
        if n >= n_tokens:
            return
        n += len(document.split())
        yield document


def count_and_train(text: str, n_tokens: int, **case: int) -> dict[str, Any]:
    """Count and train on the first documents."""
    from benchmarks.measurements import counting_and_training

    before = peak_memory()
    with Stopwatch() as reading:
        n_tokens = sum(len(document.split()) for document in first_documents(text, n_tokens))
    fitted = counting_and_training.fit(first_documents(text, n_tokens), **case)
    numbers = fitted.numbers()
    return {
        **numbers,
        "n_tokens": n_tokens,
        "nanoseconds_per_token": 1e9 * (fitted.counting.cpu - reading.cpu) / n_tokens,
        "bytes_per_token": (fitted.counting.peak - before) / n_tokens,
        "bytes_per_entry": (fitted.training.peak - before) / numbers["n_entries"],
    }
