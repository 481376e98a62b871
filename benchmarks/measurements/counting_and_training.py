"""CooccurrenceCounter, then GloVe, with Stanford GloVe's settings: what several benchmarks measure from different sides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.settings import COUNTING, MODEL
from glove_sklearn import CooccurrenceCounter, GloVe


class Fitted(NamedTuple):
    """The two estimators, and what it cost to fit them."""

    counter: CooccurrenceCounter
    model: GloVe
    counting: Stopwatch
    training: Stopwatch

    def numbers(self) -> dict[str, Any]:
        """Return what rows say of both steps together."""
        n_entries = self.counter.cooccurrence_.nnz
        return {
            "cpu_seconds": self.counting.cpu + self.training.cpu,
            "wall_seconds": self.counting.wall + self.training.wall,
            "peak_memory": self.training.peak,
            "nanoseconds": 1e9 * self.training.cpu / n_entries / self.model.n_iter_,
            "n_words": len(self.counter.counts_),
            "n_entries": n_entries,
        }


def fit(documents: Iterable[str], n_components: int, n_epochs: int, n_jobs: int, seed: int = 0) -> Fitted:
    """Fit both, with a stopwatch for each."""
    with Stopwatch() as counting:
        counter = CooccurrenceCounter(**COUNTING, n_jobs=n_jobs).fit(documents)
    X = counter.cooccurrence_
    model = GloVe(n_components, **MODEL, max_iter=n_epochs, n_jobs=n_jobs, random_state=seed)
    with Stopwatch() as training:
        model.fit(X)
    return Fitted(counter, model, counting, training)
