"""Variances of word vectors: CPU time of a pass over all words, beside an epoch of training, and of single words.

Training is on one thread, with near contexts unless they are turned off; its epochs visit the sampled negative pairs, too.
Documents are counted again, as for a fitted estimator. The single words are the first, tenth, hundredth, ... by frequency.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np

from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting
from glove_sklearn import GloVeVectorizer
from glove_sklearn.uncertainty import WordUncertainty

COMPETITORS = ()
OPTIONS: dict[str, dict[str, Any]] = {
    "near_size": {"type": int, "metavar": "N", "help": "0 for one context vector of each word"},
    "sample": {"type": float, "metavar": "F", "help": "0 for X as it is counted"},
}


def run(
    setting: Setting, *, n_components: tuple[int, ...] = (50, 100), near_size: int = 2, sample: float = 3e-4
) -> Iterator[Row]:
    if "glove-sklearn" in setting.methods:
        for d in n_components:
            parameters = {"n_components": d, "near_size": near_size, "sample": sample}
            numbers = processes.in_own_process(measure, text=str(setting.corpus.path), **parameters)
            yield Row("glove-sklearn", {**parameters, "n_jobs": 1}, numbers)


def measure(text: str, n_components: int, near_size: int, sample: float) -> dict[str, Any]:
    """Fit, count again, and compute the variances of all words and of some."""
    ends: list[float] = []
    vectorizer = GloVeVectorizer(
        n_components, near_size=near_size, sample=sample or None, warm_start=True, random_state=0, n_jobs=1,
        callback=lambda *_: ends.append(time.process_time()),
    )  # fmt: skip
    vectorizer.fit(iterate_documents(text))
    with Stopwatch() as counting:
        uncertainty = WordUncertainty.from_estimator(vectorizer, iterate_documents(text), n_jobs=1)
    with Stopwatch() as all_words:
        variances = uncertainty.variances()
    milliseconds = []
    rank = 1
    while rank <= len(uncertainty.terms):
        with Stopwatch() as word:
            uncertainty.covariance(uncertainty.terms[rank - 1])
        milliseconds.append(1e3 * word.cpu)
        rank *= 10
    epoch = median(np.diff(ends))
    return {
        "n_words": len(uncertainty.terms),
        "n_entries": int(variances.n_entries.sum()),
        **all_words.numbers(),
        "counting_cpu_seconds": counting.cpu,
        "epoch_cpu_seconds": epoch,
        "ratio_to_epoch": all_words.cpu / epoch,
        "most_frequent_milliseconds": milliseconds[0],
        "word_milliseconds": median(milliseconds),
    }
