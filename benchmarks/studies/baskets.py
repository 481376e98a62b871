"""Recommend an item for a basket: hits among ten, by predicted co-occurrence, by cosine and by popularity.

The corpus has a basket on each line, its items separated by --separator. One item is hidden in each of a fifth of the baskets,
chosen at random; vectors are trained on the other baskets, with whole baskets as windows. All items that are not in what is left
of a basket are ranked by their mean score over its items: ``predict_log_cooccurrence``, the cosine of their vectors, or,
whatever the basket, the number of baskets that they are in. A hit is a hidden item among the first ten. Baskets with a hidden
item that is not among the training baskets count as misses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, peak_memory
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting
from benchmarks.studies.seeds import summarise

COMPETITORS: tuple[str, ...] = ()
OPTIONS = {"separator": {"metavar": "CHAR", "help": "what stands between the items of a basket"}}
_N_BEST = 10


def run(
    setting: Setting,
    *,
    n_components: int = 20,
    separator: str = ",",
    max_iter: int = 15,
    seeds: tuple[int, ...] = (0, 1, 2),
) -> Iterator[Row]:
    case = {"n_components": n_components, "max_iter": max_iter}
    measured = [
        processes.in_own_process(recommend, path=setting.corpus.path, separator=separator, seed=seed, **case)
        for seed in seeds
    ]
    parameters = {"n_components": n_components, "n_epochs": max_iter}
    yield Row(
        "glove-sklearn",
        parameters,
        summarise(measured, [name for name in measured[0] if name.startswith("hits_")]),
    )


def recommend(path: str, separator: str, seed: int, n_components: int, max_iter: int) -> dict[str, float]:
    """Return the fraction of hidden items that each score finds."""
    from glove_sklearn import GloVeVectorizer

    baskets = [list(dict.fromkeys(line.split(separator))) for line in iterate_documents(path)]
    baskets = [basket for basket in baskets if len(basket) >= 2]
    random_state = np.random.default_rng(seed)
    order = random_state.permutation(len(baskets))
    tested = [baskets[i] for i in order[: len(baskets) // 5]]
    training = [baskets[i] for i in order[len(baskets) // 5 :]]
    with Stopwatch() as stopwatch:
        vectorizer = GloVeVectorizer(
            n_components,
            analyzer=list,
            min_count=2,
            window_size=None,
            weighting="flat",
            sample=None,  # popular items count for what they are
            max_iter=max_iter,
            warm_start=True,
            random_state=seed,
        ).fit(training)
    rows = vectorizer.vocabulary_
    unit = vectorizer.embedding_ / np.linalg.norm(vectorizer.embedding_, axis=1, keepdims=True)
    scores: dict[str, Any] = {
        "predicted": vectorizer.predict_log_cooccurrence(),
        "cosine": unit @ unit.T,
        "popularity": np.broadcast_to(np.log(vectorizer.counts_), (len(rows), len(rows))),
    }
    hits = dict.fromkeys(scores, 0)
    for basket in tested:
        hidden = basket[random_state.integers(len(basket))]
        left = [rows[item] for item in basket if item != hidden and item in rows]
        for name, score in scores.items():
            ranking = score[left].mean(axis=0) if left else scores["popularity"][0].copy()
            ranking[left] = -np.inf
            hits[name] += rows.get(hidden, -1) in np.argsort(-ranking, kind="stable")[:_N_BEST]
    found = {f"hits_{name}": 100 * n / len(tested) for name, n in hits.items()}
    return {**stopwatch.numbers(), "peak_memory": peak_memory(), **found}
