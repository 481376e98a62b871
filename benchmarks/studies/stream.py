"""20 Newsgroups, arriving in parts: partial_fit beside fitting anew on all posts so far.

The posts for training, without headers, footers and quotes, in the order of their numbers in each group, which is that of
their arrival, are cut into --n-parts. After each part, vectors are trained by partial_fit on that part ("partial_fit"), and by
fit on all posts so far ("fit"). Accuracy is that of LogisticRegression on means of vectors, trained on all posts so far, on the
posts for the test; time is that of the call alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.harness import processes
from benchmarks.harness.corpora import describe
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting
from benchmarks.studies.seeds import summarise

COMPETITORS = ()
OPTIONS: dict[str, dict[str, Any]] = {"n_parts": {"type": int, "metavar": "N", "help": "number of parts"}}


def run(
    setting: Setting,
    *,
    seeds: tuple[int, ...] = (0, 1, 2),
    n_parts: int = 5,
    n_components: int = 100,
    data_home: str | None = None,
    n_jobs: int = 2,
) -> Iterator[Row]:
    arguments = {"n_parts": n_parts, "n_components": n_components, "data_home": data_home, "n_jobs": n_jobs}
    of_seeds = [processes.in_own_process(measure, seed=seed, **arguments) for seed in seeds]
    for cases in zip(*of_seeds, strict=True):
        parameters = {**cases[0]["parameters"], "n_components": n_components, "n_jobs": n_jobs, "seeds": list(seeds)}
        numbers = summarise([case["numbers"] for case in cases], ("accuracy",))
        yield Row("glove-sklearn", parameters, numbers, cases[0]["corpus"])


def measure(n_parts: int, n_components: int, data_home: str | None, n_jobs: int, seed: int) -> list[dict[str, Any]]:
    """Learn from all parts, one after another, in both ways."""
    from sklearn.datasets import fetch_20newsgroups
    from sklearn.linear_model import LogisticRegression

    from glove_sklearn import GloVeVectorizer

    train, test = (
        fetch_20newsgroups(data_home=data_home, subset=subset, remove=("headers", "footers", "quotes"))
        for subset in ("train", "test")
    )
    parts = np.array_split(_by_arrival(train.filenames, train.target), n_parts)
    given = {"n_components": n_components, "random_state": seed, "n_jobs": n_jobs}
    corpus = describe("20 Newsgroups, in parts, without headers, footers and quotes", train.data)
    results, growing = [], GloVeVectorizer(**given)
    for part in range(n_parts):
        documents, so_far = ([train.data[i] for i in np.concatenate(parts[k : part + 1])] for k in (part, 0))
        labels = train.target[np.concatenate(parts[: part + 1])]
        for way in ("partial_fit", "fit"):
            with Stopwatch() as stopwatch:
                vectorizer = (
                    growing.partial_fit(documents) if way == "partial_fit" else GloVeVectorizer(**given).fit(so_far)
                )
            classifier = LogisticRegression(max_iter=300).fit(vectorizer.transform(so_far), labels)
            accuracy = 100 * float(classifier.score(vectorizer.transform(test.data), test.target))
            numbers = {**stopwatch.numbers(), "n_words": len(vectorizer.vocabulary_), "accuracy": accuracy}
            parameters = {"settings": way, "part_of_stream": part + 1, "n_posts": len(so_far)}
            results.append({"parameters": parameters, "numbers": numbers, "corpus": corpus})
    return results


def _by_arrival(filenames: Any, labels: np.ndarray) -> np.ndarray:
    """Sort posts by their rank in their group, as a fraction of the group: groups are not numbered together."""
    numbers = np.array([int(str(name).replace("\\", "/").rsplit("/", 1)[-1]) for name in filenames])
    fractions = np.empty(len(numbers))
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        fractions[rows[np.argsort(numbers[rows], kind="stable")]] = np.arange(len(rows)) / len(rows)
    return np.argsort(fractions, kind="stable")
