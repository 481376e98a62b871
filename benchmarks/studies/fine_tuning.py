"""Vectors of a large text, fine-tuned on posts on a few subjects: accuracy of a classifier of the posts, and neighbours of words.

The corpus is the large text. The posts are those of 20 Newsgroups in four groups (medicine, space, electronics, encryption),
without headers, footers and quotes, split by date. The vectors are: "general", of the large text; "scratch", of the posts for
training; and "fine-tuned", which begin at the general ones and are trained on the posts for training, with each of --anchors.
They know the words of the large text and those of the posts. --posts says how many posts the text has from which vectors are
learnt (0 for all); labels are those of 100, 1,000 and all posts. Features are means of vectors; LogisticRegression has its
defaults.

"Neighbours of the subject" are, among the ten nearest of the 200 words that are most typical of the posts (by the ratio of
frequencies, of those that occur at least 50 times), those that are at least ten times as frequent in the posts as in the large
text. The means are over seeds, each of which draws the initial vectors, the pairs, and the labelled posts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.harness import processes
from benchmarks.harness.corpora import describe, iterate_documents
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting
from benchmarks.studies.seeds import summarise

COMPETITORS = ()
OPTIONS: dict[str, dict[str, Any]] = {
    "anchors": {"type": float, "metavar": "A", "help": "values of anchor"},
    "posts": {"type": int, "metavar": "N", "help": "numbers of posts to learn vectors from; 0 for all"},
}
GROUPS = ("sci.med", "sci.space", "sci.electronics", "sci.crypt")
LABELS = {"accuracy_of_100": 100, "accuracy_of_1000": 1000, "accuracy_of_all": None}
_MEASURES = (*LABELS, "typical_neighbours")
_N_TYPICAL, _MIN_OCCURRENCES, _RATIO, _N_NEIGHBOURS = 200, 50, 10, 10


def run(
    setting: Setting,
    *,
    seeds: tuple[int, ...] = (0, 1, 2),
    posts: tuple[int, ...] = (300, 0),
    anchors: tuple[float, ...] = (0, 0.1, 1, 10, 100),
    n_components: int = 100,
    data_home: str | None = None,
    n_jobs: int = 2,
) -> Iterator[Row]:
    arguments = {
        "text": str(setting.corpus.path), "posts": posts, "anchors": anchors, "n_components": n_components,
        "data_home": data_home, "n_jobs": n_jobs,
    }  # fmt: skip
    of_seeds = [processes.in_own_process(measure, seed=seed, **arguments) for seed in seeds]
    for cases in zip(*of_seeds, strict=True):
        parameters = {**cases[0]["parameters"], "n_components": n_components, "n_jobs": n_jobs, "seeds": list(seeds)}
        numbers = summarise([case["numbers"] for case in cases], _MEASURES)
        yield Row("glove-sklearn", parameters, numbers, cases[0]["corpus"])


def measure(
    text: str, posts: list[int], anchors: list[float], n_components: int, data_home: str | None, n_jobs: int, seed: int
) -> list[dict[str, Any]]:
    """Learn and evaluate all vectors with one seed."""
    from glove_sklearn import CooccurrenceCounter, GloVeVectorizer

    train, test = (_posts(subset, data_home) for subset in ("train", "test"))
    corpus = describe("posts on four subjects", train[0])
    given = {"n_components": n_components, "random_state": seed, "n_jobs": n_jobs}
    results = []

    def evaluated(vectorizer: Any, stopwatch: Stopwatch, **parameters: Any) -> None:
        numbers = {**stopwatch.numbers(), "n_words": len(vectorizer.vocabulary_)}
        numbers |= _accuracies(vectorizer, train, test, seed) | {"typical_neighbours": _of_subject(vectorizer, counts)}
        results.append({"parameters": parameters, "numbers": numbers, "corpus": corpus})

    # The vectors as trained are what others begin at; their post-processed form is what is compared.
    with Stopwatch() as stopwatch:
        general = GloVeVectorizer(**given).fit(iterate_documents(text))
    counts = [
        dict(zip(fitted.vocabulary_, fitted.counts_, strict=True))
        for fitted in (general, CooccurrenceCounter(min_count=1).fit(train[0]))
    ]
    evaluated(general, stopwatch, vectors="general")
    for n_posts in posts:
        chosen = np.random.RandomState(seed).permutation(len(train[0]))[: n_posts or None]
        documents = [train[0][index] for index in chosen]
        with Stopwatch() as stopwatch:
            scratch = GloVeVectorizer(**given).fit(documents)
        evaluated(scratch, stopwatch, vectors="scratch", n_posts=len(documents))
        vocabulary = list(dict.fromkeys([*general.vocabulary_, *scratch.vocabulary_]))
        for anchor in anchors:
            with Stopwatch() as stopwatch:
                tuned = GloVeVectorizer(**given, vocabulary=vocabulary, init=general, anchor=anchor).fit(documents)
            evaluated(tuned, stopwatch, vectors="fine-tuned", anchor=anchor, n_posts=len(documents))
    return results


def _posts(subset: str, data_home: str | None) -> tuple[list[str], np.ndarray]:
    """Return the posts of the groups that there are, and their labels."""
    from sklearn.datasets import fetch_20newsgroups

    bunch = fetch_20newsgroups(data_home=data_home, subset=subset, remove=("headers", "footers", "quotes"))
    labels = [label for label, name in enumerate(bunch.target_names) if name in GROUPS]
    chosen = np.flatnonzero(np.isin(bunch.target, labels or bunch.target))
    return [bunch.data[index] for index in chosen], bunch.target[chosen]


def _accuracies(vectorizer: Any, train: Any, test: Any, seed: int) -> dict[str, float]:
    """Return the percentage of the posts for the test that is right, for each number of labels."""
    from sklearn.linear_model import LogisticRegression

    X, X_test = (vectorizer.transform(documents) for documents, _ in (train, test))
    order = np.random.RandomState(100 + seed).permutation(len(X))
    found = {}
    for name, n_labels in LABELS.items():
        chosen = order[:n_labels]
        classifier = LogisticRegression(max_iter=1000).fit(X[chosen], train[1][chosen])
        found[name] = 100 * float(classifier.score(X_test, test[1]))
    return found


def _of_subject(vectorizer: Any, counts: list[dict[str, int]]) -> float:
    """Return the percentage of the nearest words of typical words that are typical, too."""
    general, subject = counts
    total, total_subject = sum(general.values()), sum(subject.values())
    known = [word for word in subject if word in vectorizer.vocabulary_]
    ratios = {word: (subject[word] / total_subject) / ((general.get(word, 0) + 1) / total) for word in known}
    frequent = [word for word in ratios if subject[word] >= _MIN_OCCURRENCES]
    typical = sorted(frequent or ratios, key=lambda word: -ratios[word])[:_N_TYPICAL]
    vectors = vectorizer.embedding_ / np.maximum(1e-30, np.linalg.norm(vectorizer.embedding_, axis=1, keepdims=True))
    rows = [vectorizer.vocabulary_[word] for word in typical]
    cosines = vectors[rows] @ vectors.T
    cosines[np.arange(len(rows)), rows] = -2
    words = list(vectorizer.vocabulary_)
    nearest = np.argsort(-cosines, axis=1)[:, :_N_NEIGHBOURS]
    return 100 * float(np.mean([[ratios.get(words[row], 0) >= _RATIO for row in some] for some in nearest]))
